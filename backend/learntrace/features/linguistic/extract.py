"""From the segments of one conversation to its features. Pure: the same talk, the same answer."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from learntrace.features.linguistic import expressing, speaking
from learntrace.features.linguistic.catalogue import TALK_CATALOGUE
from learntrace.features.linguistic.lexicons import lexicon_of, main_subtag
from learntrace.features.linguistic.talk import Segment, Talk, read_talk
from learntrace.features.types import Measure, TalkReason

TALK_VERSION: Final = 1
"""Raised with every change that can change a value, beside those of a lexicon."""

WITHOUT_BLANKS: Final = frozenset(["bo", "dz", "ja", "km", "lo", "my", "th", "wuu", "yue", "zh"])
"""Languages that put no blanks between words; counting words would count something else."""

_FEATURES: Final[tuple[Callable[[Talk], Measure], ...]] = (
    speaking.talk_ratio,
    speaking.turns,
    speaking.mean_turn_words,
    speaking.speaking_rate,
    speaking.pause_rate,
    expressing.question_rate,
    expressing.vocabulary_diversity,
    expressing.filler_rate,
    expressing.hedge_rate,
    expressing.empathy_markers,
    expressing.problem_solving_markers,
    expressing.perseverance_markers,
    expressing.social_markers,
    expressing.cognitive_markers,
)


@dataclass(frozen=True, slots=True)
class TalkFeatures:
    """All that one conversation says about how the student talks.

    `features` holds every name of the catalogue of talk. `versions`: of the extraction and of the
    language's lexicon, 0 where there is none. `words`: how many the student said; `confidence`:
    how surely they were heard, 0..1, `None` where nobody says so.
    """

    versions: str
    features: Mapping[str, Measure]
    words: int
    confidence: float | None


def versions_for(language: str) -> str:
    """What a conversation in this language is read with now."""
    lexicon = lexicon_of(language)
    return f"{TALK_VERSION}.{0 if lexicon is None else lexicon.version}"


def extract_talk(segments: Iterable[Segment], *, language: str, is_reviewed: bool) -> TalkFeatures:
    """Every feature of the catalogue of talk, from segments in any order. Linear in their words.

    `is_reviewed`: a person holds the transcript to be right; else every feature is null.
    """
    talk = read_talk(segments, language=language)
    reason = _unknown(talk, language, is_reviewed=is_reviewed)
    if reason is None:
        measures = {feature.__name__: feature(talk) for feature in _FEATURES}
    else:
        unknown = Measure(None, reason, evidence=len(talk.words))
        measures = dict.fromkeys(TALK_CATALOGUE, unknown)
    return TalkFeatures(
        versions=versions_for(language),
        features={name: measures[name] for name in TALK_CATALOGUE},
        words=len(talk.words),
        confidence=talk.confidence,
    )


def _unknown(talk: Talk, language: str, *, is_reviewed: bool) -> TalkReason | None:
    """Why nothing can be said of the talk as a whole."""
    if not is_reviewed:
        return TalkReason.NOT_REVIEWED
    if main_subtag(language) in WITHOUT_BLANKS:
        return TalkReason.LANGUAGE
    if not talk.has_roles:
        return TalkReason.NO_ROLES
    if not talk.words:
        return TalkReason.NO_STUDENT
    if len(talk.words) < expressing.MIN_WORDS:
        return TalkReason.TOO_FEW_WORDS
    return None
