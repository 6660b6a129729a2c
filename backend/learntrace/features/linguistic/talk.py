"""A conversation as the features read it: in order, each segment once, the student's apart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from learntrace.features.linguistic import wording
from learntrace.features.linguistic.lexicons import Lexicon, lexicon_of

STUDENT: Final = "student"
"""The role of the segments that count; every other segment is somebody else's."""
PAUSE_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Segment:
    """What one speaker said without a break.

    `role`: `student`, another word, or `None` where none is given. Seconds are from the beginning
    of the recording. `confidence`: 0..1, how surely it was heard, `None` where nobody says so.
    """

    role: str | None
    start_s: float
    end_s: float
    text: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What was said until somebody else spoke: text and words of its segments in order."""

    is_students: bool
    text: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation. `words` are the student's, in order; the times and pauses, too.

    `speech_s`: seconds in which the student speaks, overlapping segments counted once; `pauses`:
    silences of at least 1 s between two segments of one turn. `confidence`: how surely the
    student's words were heard, mean over the words for which it is known, `None` without any.
    """

    turns: tuple[Turn, ...]
    words: tuple[str, ...]
    others_words: int
    speech_s: float
    pauses: int
    has_roles: bool
    confidence: float | None
    lexicon: Lexicon | None

    @property
    def own_turns(self) -> list[Turn]:
        """The student's turns."""
        return [turn for turn in self.turns if turn.is_students]


def read_talk(segments: Iterable[Segment], *, language: str) -> Talk:
    """The conversation in `segments`, whatever their order; one that stands twice counts once.

    Segments without words count for nothing. `language` as in BCP 47: `en`, `en-GB`.
    """
    said = [(one, wording.words(wording.spoken(one.text))) for one in _in_order(segments)]
    said = [(one, words) for one, words in said if words]
    groups = [
        (is_students, list(group))
        for is_students, group in groupby(said, key=lambda one: one[0].role == STUDENT)
    ]
    turns = tuple(_turn(is_students, group) for is_students, group in groups)
    own = [one for one, _ in said if one.role == STUDENT]
    return Talk(
        turns=turns,
        words=tuple(word for turn in turns if turn.is_students for word in turn.words),
        others_words=sum(len(turn.words) for turn in turns if not turn.is_students),
        speech_s=_covered_s(own),
        pauses=sum(_pauses(group) for is_students, group in groups if is_students),
        has_roles=any(one.role is not None for one, _ in said),
        confidence=_confidence(said),
        lexicon=lexicon_of(language),
    )


def _in_order(segments: Iterable[Segment]) -> list[Segment]:
    """By time, each once; the rest of the key makes the order the same whatever came first."""
    once = {(one.start_s, one.end_s, one.role or "", one.text): one for one in segments}
    return [once[key] for key in sorted(once)]


def _turn(is_students: bool, group: Sequence[tuple[Segment, tuple[str, ...]]]) -> Turn:
    text = " ".join(wording.spoken(one.text) for one, _ in group)
    return Turn(is_students, text, tuple(word for _, words in group for word in words))


def _covered_s(ordered: Iterable[Segment]) -> float:
    total = until = 0.0
    for one in ordered:
        total += max(0.0, one.end_s - max(one.start_s, until))
        until = max(until, one.end_s)
    return total


def _pauses(group: Sequence[tuple[Segment, tuple[str, ...]]]) -> int:
    count, until = 0, group[0][0].end_s
    for one, _ in group[1:]:
        count += one.start_s - until >= PAUSE_S
        until = max(until, one.end_s)
    return count


def _confidence(said: Iterable[tuple[Segment, tuple[str, ...]]]) -> float | None:
    known = [
        (one.confidence, len(words))
        for one, words in said
        if one.role == STUDENT and one.confidence is not None
    ]
    total = sum(count for _, count in known)
    if not total:
        return None
    mean = sum(confidence * count for confidence, count in known) / total
    return min(1.0, max(0.0, mean))
