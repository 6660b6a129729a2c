"""Looking for phrases in what was said, and telling a phrase from its denial."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from learntrace.features.linguistic.wording import BREAK, clauses

NEGATION_WORDS: Final = 3
"""So many words before a phrase may deny it."""
_NEARBY: Final = 200
"""Characters before a phrase in which they are looked for, so that long talk is no burden."""


class Marker(StrEnum):
    """What a list of phrases is taken to show."""

    FILLER = "filler"
    HEDGE = "hedge"
    EMPATHY = "empathy"
    PROBLEM_SOLVING = "problem_solving"
    PERSEVERANCE = "perseverance"
    SOCIAL = "social"
    COGNITIVE = "cognitive"


DENIABLE: Final = frozenset(
    {
        Marker.EMPATHY,
        Marker.PROBLEM_SOLVING,
        Marker.PERSEVERANCE,
        Marker.SOCIAL,
        Marker.COGNITIVE,
    }
)
"""A phrase of these that is denied does not count; a denied hedge is still a hedge."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The phrases of one language.

    A phrase is words with blanks between them; `a/b` is either word, and `*` at a word's end any
    ending. `negators` deny what follows, as does a word that ends in one of `negating_endings`;
    a word of `turns_away` ends what is denied, as punctuation does. `version` counts up with
    every change.
    """

    language: str
    version: int
    phrases: Mapping[Marker, tuple[str, ...]]
    negators: frozenset[str]
    negating_endings: tuple[str, ...]
    turns_away: frozenset[str]

    def count(self, marker: Marker, text: str) -> int:
        """How often one of the marker's phrases is said in the text of one turn.

        Of phrases that overlap, the one that begins first counts, and of these the longest.
        """
        said = clauses(text)
        found = _pattern(self.phrases[marker]).finditer(said)
        if marker not in DENIABLE:
            return sum(1 for _ in found)
        starts = (one.start() for one in found)
        return sum(not self._is_denied(said[max(0, at - _NEARBY) : at]) for at in starts)

    def _is_denied(self, before: str) -> bool:
        """Whether the last words before a phrase deny it; two negations deny nothing."""
        negations = 0
        for word in reversed(before.rsplit(maxsplit=NEGATION_WORDS)[-NEGATION_WORDS:]):
            if word == BREAK or word in self.turns_away:
                break
            negations += word in self.negators or word.endswith(self.negating_endings)
        return negations % 2 == 1


@cache
def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """One expression for all phrases, those of more words first."""
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase.split()), phrase))
    either = "|".join(" ".join(_word(word) for word in one.split()) for one in longest_first)
    return re.compile(rf"(?<!\S)(?:{either})(?!\S)")


def _word(word: str) -> str:
    forms = (re.escape(form).replace(r"\*", r"[^\s|]*") for form in word.split("/"))
    return f"(?:{'|'.join(forms)})"
