"""Every word the dashboard says, in one catalogue for each language.

A second language is a second mapping with the same keys in `CATALOGUES`; the tests hold
the catalogues to the same keys and placeholders. Plural forms are `key.one` and `key.other`.
"""

from collections.abc import Mapping

from learntrace_dashboard.english import ENGLISH

CATALOGUES: Mapping[str, Mapping[str, str]] = {"en": ENGLISH}


class Texts:
    """The catalogue of one language; an unknown language gets English."""

    def __init__(self, language: str = "en") -> None:
        self._catalogue = CATALOGUES.get(language.partition("-")[0], ENGLISH)

    def __call__(self, key: str, **values: object) -> str:
        """The text of `key` with its placeholders filled; an unknown key is a KeyError."""
        return self._catalogue[key].format(**values)

    def has(self, key: str) -> bool:
        """Whether the catalogue knows `key`, for names that the API may add to."""
        return key in self._catalogue

    def count(self, key: str, number: int) -> str:
        """`key.one` or `key.other` with the number, grouped by thousands."""
        return self(f"{key}.{'one' if number == 1 else 'other'}", count=f"{number:,}")
