"""Content as somebody writes it in the form, and what is wrong with it. Pure."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from learntrace_dashboard.contract_library import ContentItem
from learntrace_dashboard.texts import Texts

COLUMNS: Final = ("part", "kind", "front", "back")
WORD, QUESTION = "word", "question"
LONGEST_TITLE: Final = 200
LONGEST_BACK: Final = 500
LONGEST_TEXT: Final = 50_000
MOST_WORDS: Final = 20
LONGEST_WORD: Final = 60
MOST_PARTS: Final = 20
MOST_OF_A_KIND: Final = 100
_ADDRESS: Final = re.compile(r"(https?://|urn:)[!-~]+")


@dataclass(frozen=True)
class Line:
    """A line of the table of materials; an empty `part` is that of the line above."""

    part: str
    kind: str
    front: str
    back: str


def lines_of(one: ContentItem) -> list[Line]:
    """The materials of an item, a line for each word and question; one for a part without any."""
    found = []
    for part in one.materials:
        lines = [Line(part.title, WORD, each.term, each.meaning) for each in part.vocabulary]
        lines += [Line(part.title, QUESTION, each.question, each.answer) for each in part.questions]
        found += lines or [Line(part.title, WORD, "", "")]
    return found


def called_alike(one: ContentItem) -> list[str]:
    """The titles that several parts of an item have, which its lines do not tell apart."""
    counts = Counter(part.title for part in one.materials)
    return [title for title, count in counts.items() if count > 1]


def as_lines(table: Mapping[str, Sequence[Any]]) -> list[Line]:
    """The lines of a table by its columns, in which a cell may be missing.

    What is neither word nor question is a word. Empty lines stay, so that lines are counted as
    they stand.
    """
    rows = zip(*(table[name] for name in COLUMNS), strict=True)
    cells = [[one.strip() if isinstance(one, str) else "" for one in row] for row in rows]
    return [Line(part, kind or WORD, front, back) for part, kind, front, back in cells]


def words(typed: str) -> list[str]:
    """Topics or tags between commas."""
    return [one.strip() for one in typed.split(",") if one.strip()]


def materials(lines: Sequence[Line], unnamed: str) -> list[dict[str, Any]]:
    """The materials as the API takes them, in the order in which their parts first stand.

    `unnamed` is what a part is called that nobody gave a name. A line with nothing but a part says
    that there is one.
    """
    found: dict[str, dict[str, Any]] = {}
    part = unnamed
    for line in lines:
        if not (line.part or line.front or line.back):
            continue
        part = line.part or part
        one = found.setdefault(part, {"title": part, "vocabulary": [], "questions": []})
        if not line.front and not line.back:
            continue
        if line.kind == QUESTION:
            one["questions"].append({"question": line.front, "answer": line.back})
        else:
            one["vocabulary"].append({"term": line.front, "meaning": line.back})
    return list(found.values())


def problems(texts: Texts, told: Mapping[str, Any], lines: Sequence[Line]) -> list[str]:
    """What is wrong, a sentence each; nothing where it can be saved."""
    found = []
    if not told["title"]:
        found.append(texts("content.wrong_title"))
    source = told.get("source_url")
    if source and not _ADDRESS.fullmatch(source):
        found.append(texts("content.wrong_source"))
    for name in ("topics", "tags"):
        if len(told[name]) > MOST_WORDS or any(len(one) > LONGEST_WORD for one in told[name]):
            limits = {"most": MOST_WORDS, "longest": LONGEST_WORD}
            found.append(texts(f"content.wrong_{name}", **limits))
    for at, line in enumerate(lines, 1):
        if bool(line.front) != bool(line.back):
            key = "content.wrong_line_question" if line.kind == QUESTION else "content.wrong_line"
            found.append(texts(key, at=at, what=line.front or line.back))
    parts = told["materials"]
    most = max((len(one[kind]) for one in parts for kind in ("vocabulary", "questions")), default=0)
    if len(parts) > MOST_PARTS or most > MOST_OF_A_KIND:
        found.append(texts("content.wrong_many", parts=MOST_PARTS, most=MOST_OF_A_KIND))
    return found
