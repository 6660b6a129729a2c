"""Features of what the student says. docs/talk.md says what each means."""

from collections import Counter

from learntrace.features.linguistic import wording
from learntrace.features.linguistic.phrases import Marker
from learntrace.features.linguistic.talk import Talk
from learntrace.features.types import Measure, TalkReason

MIN_WORDS = 50
WINDOW_WORDS = 50
MOST_WORDS_PER_MARK = 60
"""A transcript with fewer marks than that has no sentences to count."""
PER_WORDS = 100


def question_rate(talk: Talk) -> Measure:
    """Share of the student's sentences that end with a question mark, 0 to 1."""
    said = [one for turn in talk.own_turns for one in wording.sentences(turn.text)]
    ended = sum(wording.is_ended(one) for one in said)
    if ended * MOST_WORDS_PER_MARK < len(talk.words):
        return Measure(None, TalkReason.NO_PUNCTUATION, evidence=ended)
    return Measure(sum(wording.is_question(one) for one in said) / len(said), evidence=len(said))


def vocabulary_diversity(talk: Talk) -> Measure:
    """Mean share of different words among every 50 that follow each other, 0 to 1.

    The moving-average type-token ratio of Covington and McFall (2010), which does not sink with
    the length of the text, and is steady from 50 words on (Zenker and Kyle 2021).
    """
    words = talk.words
    inside = Counter(words[:WINDOW_WORDS])
    windows, different = 1, len(inside)
    for gone, come in zip(words, words[WINDOW_WORDS:], strict=False):
        inside[come] += 1
        inside[gone] -= 1
        if not inside[gone]:
            del inside[gone]
        windows += 1
        different += len(inside)
    return Measure(different / (windows * WINDOW_WORDS), evidence=len(words))


def filler_rate(talk: Talk) -> Measure:
    """Fillers such as "um", per 100 words."""
    return _rate(talk, Marker.FILLER)


def hedge_rate(talk: Talk) -> Measure:
    """Phrases that leave something open, such as "maybe", per 100 words."""
    return _rate(talk, Marker.HEDGE)


def empathy_markers(talk: Talk) -> Measure:
    """Phrases about how others feel, per 100 words."""
    return _rate(talk, Marker.EMPATHY)


def problem_solving_markers(talk: Talk) -> Measure:
    """Phrases about finding a way, per 100 words."""
    return _rate(talk, Marker.PROBLEM_SOLVING)


def perseverance_markers(talk: Talk) -> Measure:
    """Phrases about going on, per 100 words."""
    return _rate(talk, Marker.PERSEVERANCE)


def social_markers(talk: Talk) -> Measure:
    """Phrases about doing something with others, per 100 words."""
    return _rate(talk, Marker.SOCIAL)


def cognitive_markers(talk: Talk) -> Measure:
    """Phrases about reasons and understanding, per 100 words."""
    return _rate(talk, Marker.COGNITIVE)


def _rate(talk: Talk, marker: Marker) -> Measure:
    lexicon = talk.lexicon
    if lexicon is None:
        return Measure(None, TalkReason.LANGUAGE)
    count = sum(lexicon.count(marker, turn.text) for turn in talk.own_turns)
    return Measure(PER_WORDS * count / len(talk.words), evidence=count)
