"""Conversations written down as lines, for tests: `student: Shall we try again?`."""

from collections.abc import Sequence

from learntrace.features.linguistic.extract import TalkFeatures, extract_talk
from learntrace.features.linguistic.talk import Segment
from learntrace.features.types import Measure

WORDS_PER_S = 2.0
FIFTY = " ".join(f"word{number}" for number in range(50)) + "."
"""Fifty different words, none of them in a lexicon: enough for every feature to be known."""


def conversation(*lines: str, gap_s: float = 0.5) -> list[Segment]:
    """One segment a line, `role: text`, `?` for no role; two words take a second."""
    segments, at_s = [], 0.0
    for line in lines:
        role, _, text = line.partition(": ")
        until_s = at_s + len(text.split()) / WORDS_PER_S
        segments.append(Segment(None if role == "?" else role, at_s, until_s, text))
        at_s = until_s + gap_s
    return segments


def talk_of(
    segments: Sequence[Segment], *, language: str = "en", is_reviewed: bool = True
) -> TalkFeatures:
    return extract_talk(segments, language=language, is_reviewed=is_reviewed)


def measured(feature: str, *lines: str, **options: object) -> Measure:
    return talk_of(conversation(*lines), **options).features[feature]  # type: ignore[arg-type]
