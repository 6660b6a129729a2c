"""From what somebody said to words, clauses and sentences."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

BREAK: Final = "|"
"""Stands between the clauses of a text as `clauses` gives it."""

_ASIDE: Final = re.compile(r"\[[^\[\]]*\]|\([^()]*\)|<[^<>]*>|\*[^*]*\*")
_DRAWN_OUT: Final = re.compile(r"([^\W\d_])\1{2,}")
_APOSTROPHES: Final = str.maketrans("’‘ʼ`", "''''")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?…。？！؟])[\"'”»)\]]*\s+")
_QUESTION_MARKS: Final = "?？؟"
_MARKS: Final = ".!…。！" + _QUESTION_MARKS
_CLOSING: Final = "\"'”»)] "


class _OnlyWords(dict[int, str]):
    """For `str.translate`: letters, digits and what joins them stay, all else parts words."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        if unicodedata.category(sign)[0] in "LMN" or sign in "'-":
            kept = sign
        else:
            kept = " " if sign.isspace() or sign == "_" else f" {BREAK} "
        self[code] = kept
        return kept


_ONLY_WORDS: Final = _OnlyWords()


def spoken(text: str) -> str:
    """The text without what nobody said: remarks in brackets or between asterisks, tags."""
    return " ".join(_ASIDE.sub(" ", text).split())


def clauses(text: str) -> str:
    """Lower-case words, one blank between them, and `|` where punctuation parts them.

    Drawn-out letters stand once ("sooo" is "so"), apostrophes are all the same.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES).lower()
    parts = _DRAWN_OUT.sub(r"\1", plain).translate(_ONLY_WORDS).split()
    return " ".join(part for part in _bare(parts) if part)


def words(text: str) -> tuple[str, ...]:
    """The words of the text, as `clauses` writes them."""
    return tuple(word for word in clauses(text).split() if word != BREAK)


def sentences(text: str) -> list[str]:
    """The sentences with at least one word; what comes after the last mark is one, too."""
    return [one for one in _SENTENCE_END.split(text) if words(one)]


def is_question(sentence: str) -> bool:
    """Whether a question mark is among the marks at the sentence's end."""
    return any(mark in _ending(sentence) for mark in _QUESTION_MARKS)


def is_ended(sentence: str) -> bool:
    """Whether the sentence ends with a mark at all."""
    return any(mark in _ending(sentence) for mark in _MARKS)


def _ending(sentence: str) -> str:
    return sentence[len(sentence.rstrip(_MARKS + _CLOSING)) :]


def _bare(parts: Iterable[str]) -> Iterable[str]:
    """Without apostrophes and hyphens that join nothing."""
    return (part if part == BREAK else part.strip("'-") for part in parts)
