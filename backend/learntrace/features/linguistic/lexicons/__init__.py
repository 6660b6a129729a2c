"""Phrases of each language that are looked for in talk, with a version."""

from collections.abc import Mapping
from typing import Final

from learntrace.features.linguistic.lexicons.en import ENGLISH
from learntrace.features.linguistic.phrases import Lexicon

LEXICONS: Final[Mapping[str, Lexicon]] = {one.language: one for one in (ENGLISH,)}
"""By the language's main subtag."""

__all__ = ["LEXICONS", "Lexicon", "lexicon_of", "main_subtag"]


def main_subtag(language: str) -> str:
    """`en` of `en-GB`."""
    return language.replace("_", "-").partition("-")[0].lower()


def lexicon_of(language: str) -> Lexicon | None:
    """The phrases of a language; `None` where there are none."""
    return LEXICONS.get(main_subtag(language))
