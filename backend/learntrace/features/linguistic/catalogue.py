"""What each feature of talk means, in words for teachers and with its exact definition."""

from collections.abc import Mapping
from typing import Final

from learntrace.features.catalogue import Feature
from learntrace.features.types import TalkReason

_SPEAKING: Final = "linguistic/speaking.py"
_EXPRESSING: Final = "linguistic/expressing.py"
PER_100: Final = "per 100 words"


def _phrases(name: str, title: str, meaning: str, definition: str) -> Feature:
    return Feature(
        name=name,
        title=title,
        unit=PER_100,
        minimum=0,
        maximum=100,
        meaning=meaning,
        definition=definition,
        reason=TalkReason.LANGUAGE,
        needs="a list of phrases in this language",
        source=_EXPRESSING,
    )


_ALL: Final = (
    Feature(
        name="talk_ratio",
        title="Part of the talk",
        unit="share",
        minimum=0,
        maximum=1,
        meaning="How many of all the words the student said.",
        definition="Words of segments with the role student / words of all segments. A segment"
        " without a role is somebody else's.",
        reason=TalkReason.NOBODY_ELSE,
        needs="1 word of somebody else",
        source=_SPEAKING,
    ),
    Feature(
        name="turns",
        title="Turns",
        unit="count",
        minimum=0,
        maximum=None,
        meaning="How often the student had the word.",
        definition="Runs of the student's segments without anybody else's between them.",
        source=_SPEAKING,
    ),
    Feature(
        name="mean_turn_words",
        title="Words at a time",
        unit="words",
        minimum=0,
        maximum=None,
        meaning="How many words the student said before somebody else spoke.",
        definition="The student's words / the student's turns.",
        reason=TalkReason.NOBODY_ELSE,
        needs="1 word of somebody else",
        source=_SPEAKING,
    ),
    Feature(
        name="speaking_rate",
        title="Words in a minute",
        unit="per minute",
        minimum=0,
        maximum=None,
        meaning="How fast the student spoke.",
        definition="The student's words / the minutes that the student's segments cover, silences"
        " inside them included.",
        reason=TalkReason.TOO_LITTLE_TIME,
        needs="10 seconds of the student's segments",
        source=_SPEAKING,
    ),
    Feature(
        name="pause_rate",
        title="Pauses",
        unit="per minute",
        minimum=0,
        maximum=None,
        meaning="How often the student fell silent for a second or more and then went on.",
        definition="Silences of at least 1 s between two segments of one turn of the student / the"
        " minutes that the student's segments cover. How often that is depends on how the"
        " transcript is cut into segments.",
        reason=TalkReason.TOO_LITTLE_TIME,
        needs="10 seconds of the student's segments",
        source=_SPEAKING,
    ),
    Feature(
        name="question_rate",
        title="Questions",
        unit="share",
        minimum=0,
        maximum=1,
        meaning="How many of the student's sentences were questions.",
        definition="Sentences that end with a question mark / sentences of the student. A sentence"
        " ends at a mark that a blank follows, or with the turn.",
        reason=TalkReason.NO_PUNCTUATION,
        needs="1 full stop, question mark or the like in 60 words",
        source=_EXPRESSING,
    ),
    Feature(
        name="vocabulary_diversity",
        title="Variety of words",
        unit="share",
        minimum=0,
        maximum=1,
        meaning="How many different words there are in 50 words of the student, on average.",
        definition="Moving-average type-token ratio: the mean, over all runs of 50 words of the"
        " student, of different words / 50. Covington and McFall (2010), Cutting the Gordian knot"
        " (Journal of Quantitative Linguistics); steady from 50 words on: Zenker and Kyle (2021),"
        " Investigating minimum text lengths for lexical diversity indices (Assessing Writing).",
        source=_EXPRESSING,
    ),
    _phrases(
        "filler_rate",
        "Fillers",
        "How often the student filled a gap, as with *um*. Machine transcripts often leave these"
        " out.",
        "Fillers of the lexicon, per 100 words of the student.",
    ),
    _phrases(
        "hedge_rate",
        "Leaving it open",
        "How often the student left something open, as with *maybe*.",
        "Hedges of the lexicon, denied ones too, per 100 words of the student.",
    ),
    _phrases(
        "empathy_markers",
        "Words about how others feel",
        "How often the student spoke of how somebody feels, or was sorry for somebody.",
        "Phrases of the lexicon that are not denied, per 100 words of the student.",
    ),
    _phrases(
        "problem_solving_markers",
        "Words about finding a way",
        "How often the student spoke of plans, ideas and trying something.",
        "As empathy_markers.",
    ),
    _phrases(
        "perseverance_markers",
        "Words about going on",
        "How often the student spoke of trying again or not giving up.",
        "As empathy_markers.",
    ),
    _phrases(
        "social_markers",
        "Words about doing it together",
        "How often the student asked others in, thanked, agreed, shared or helped.",
        "As empathy_markers.",
    ),
    _phrases(
        "cognitive_markers",
        "Words about reasons",
        "How often the student gave reasons, compared, or spoke of understanding.",
        "As empathy_markers.",
    ),
)

TALK_CATALOGUE: Final[Mapping[str, Feature]] = {feature.name: feature for feature in _ALL}
"""Every feature of talk by name, in the order in which they are shown."""

WHOLE_TALK: Final[Mapping[TalkReason, str]] = {
    TalkReason.NOT_REVIEWED: "Somebody has to read the transcript and mark it as checked first.",
    TalkReason.LANGUAGE: "Talk in this language cannot be read this way yet.",
    TalkReason.NO_ROLES: "Somebody has to say who speaks in the transcript first.",
    TalkReason.NO_STUDENT: "Nobody in the transcript has the role of the student.",
    TalkReason.TOO_FEW_WORDS: "Needs at least 50 words of the student.",
}
"""Why nothing is known of a whole conversation; every feature then has this reason."""


def reason_text(feature: Feature, reason: TalkReason) -> str:
    """Why there is no value, as one sentence."""
    own = feature.reason_text
    return own if reason is feature.reason and own is not None else WHOLE_TALK[reason]
