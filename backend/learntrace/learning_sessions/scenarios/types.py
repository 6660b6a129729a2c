"""What a scenario is: phases in which words, phrases and objectives are to be met. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Difficulty(StrEnum):
    """How hard a scenario is, easiest first."""

    BEGINNER = "beginner"
    INTERMEDIATE = "intermediate"
    ADVANCED = "advanced"
    NATIVE = "native"


RANK: Final[Mapping[Difficulty, int]] = {one: rank for rank, one in enumerate(Difficulty)}
"""The order of difficulties: that of the words would be by alphabet."""


class Aim(StrEnum):
    """What of a phase can be met; the words on the wire."""

    VOCABULARY = "vocabulary"
    PHRASES = "phrases"
    OBJECTIVES = "objectives"
    SUCCESS_CRITERIA = "success_criteria"


@dataclass(frozen=True, slots=True)
class Word:
    """A word to learn, and what it means."""

    term: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of a scenario; `key` is its name within it. At least one of its aims is not empty."""

    key: str
    title: str
    vocabulary: Sequence[Word]
    phrases: Sequence[str]
    objectives: Sequence[str]
    success_criteria: Sequence[str]

    def aims(self) -> dict[Aim, frozenset[str]]:
        """What there is to be met, by aim; words by their term."""
        return {
            Aim.VOCABULARY: frozenset(word.term for word in self.vocabulary),
            Aim.PHRASES: frozenset(self.phrases),
            Aim.OBJECTIVES: frozenset(self.objectives),
            Aim.SUCCESS_CRITERIA: frozenset(self.success_criteria),
        }
