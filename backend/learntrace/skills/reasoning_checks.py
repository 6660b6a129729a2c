"""What every text about a pupil has to pass, whoever wrote it."""

import re
from collections.abc import Iterable, Sequence
from typing import Final, Protocol

MAX_GRADE: Final = 8.5
"""Flesch-Kincaid grade level that a text may need at most."""

_WORD: Final = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?|\d+")
_NUMBER: Final = re.compile(
    r"\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|half|twice|most) (of|times?|days?)\b",
    re.IGNORECASE,
)
_SENTENCE_END: Final = re.compile(r"[.!?]+(?=\s|$)")
_VOWELS: Final = re.compile(r"[aeiouy]+")

_DIAGNOSES: Final = (
    r"adhd|autis\w*|asperger\w*|dyslex\w*|dyscalcul\w*|dysprax\w*|ocd|disorder\w*|syndrome"
    r"|diagnos\w*|symptom\w*|patholog\w*|clinical\w*|depress\w*|anxiety|anxious|trauma\w*|deficit\w*"
    r"|disab\w*|impair\w*|therap\w*|neurotic\w*|hyperactiv\w*|retard\w*|special needs"
)
_FIXED_TRAITS: Final = (
    r"lazy|laziness|stupid|smart|clever|dumb|gifted|talent\w*|genius|intelligen\w*|iq|bright"
    r"|born|naturally|always|never|incapable|unable|hopeless|weak\w*|slow learner|bad at|good at"
    r"|low ability|high ability|is not able|cannot|personality|by nature|failure as"
)
_RANKING: Final = (
    r"rank\w*|top|bottom|best|worst|average|percentile\w*|better than|worse than|compared (to|with)"
    r"|classmates?|peers?|others in the class|behind the|ahead of|below|grade [a-f0-9]"
)
_BANNED: Final = re.compile(rf"\b({_DIAGNOSES}|{_FIXED_TRAITS}|{_RANKING})\b", re.IGNORECASE)


class Cited(Protocol):
    """A sentence and the ids of the evidence it rests on."""

    @property
    def text(self) -> str: ...

    @property
    def cites(self) -> tuple[str, ...]: ...


def uncited(sentences: Iterable[Cited], known: Iterable[str]) -> list[str]:
    """Texts with a number and no citation, or with a citation that is no known evidence id."""
    ids = frozenset(known)
    return [
        one.text
        for one in sentences
        if (_NUMBER.search(one.text) and not one.cites) or not ids.issuperset(one.cites)
    ]


def banned_words(text: str) -> list[str]:
    """Diagnoses, fixed traits and rankings in the text, in their order, lower case."""
    return [found.group().lower() for found in _BANNED.finditer(text)]


def reading_grade(texts: Sequence[str]) -> float:
    """Flesch-Kincaid grade level of the texts together; 0 without words.

    Source: Kincaid, Fishburne, Rogers and Chissom (1975). Numbers count as one syllable.
    """
    text = " ".join(texts)
    words = _WORD.findall(text)
    if not words:
        return 0.0
    sentences = max(1, len(_SENTENCE_END.findall(text)))
    syllables = sum(_syllables(word) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def _syllables(word: str) -> int:
    """Groups of vowels, without a silent e at the end; 1 or more."""
    lower = word.lower()
    count = len(_VOWELS.findall(lower))
    silent = lower.endswith(("e", "es", "ed")) and not lower.endswith(("le", "ted", "ded", "ee"))
    return max(1, count - 1 if silent and count > 1 else count)
