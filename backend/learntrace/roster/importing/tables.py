"""CSV as schools' systems write it: any of three delimiters, with or without BOM, quoted lines."""

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from learntrace.roster.importing.types import Problem, Unreadable

# Of lines in quotes together, too: what has more would make as many cells in memory at once.
MOST_ROW = 65_536
_DELIMITERS = ",;\t"
_QUOTED = re.compile(r'"(?:[^"]|"")*+"')


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a line by column, in lower case; `line` is where it begins, from 1."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """The cell without spaces around it; empty where the file has no such column."""
        return self.cells.get(column.lower(), "")


@dataclass(frozen=True, slots=True)
class Table:
    file: str
    columns: frozenset[str]
    rows: list[Row]


def read_table(
    file: str,
    content: bytes,
    problems: list[Problem],
    *,
    columns: Collection[str],
    optional: Collection[str] = (),
) -> Table:
    """The rows of a file, of which `columns` must be there, with these and `optional` alone.

    What cannot be used is added to `problems`.
    """
    empty = Table(file, frozenset(), [])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        line, column = before.count(b"\n") + 1, len(before.rpartition(b"\n")[2].decode()) + 1
        said = "This is not UTF-8. Save the file as UTF-8."
        problems.append(Unreadable(file, line, said, column))
        return empty
    lines = _lines(file, text, problems, _delimiter(text, columns))
    header_line, header = next(lines, (1, []))
    names = [name.strip().lower() for name in header]
    missing = [name for name in columns if name.lower() not in names]
    if missing:
        said = f"The first line must name the columns; missing: {', '.join(missing)}."
        problems.append(Problem(file, header_line, said))
        return empty
    twice = sorted(name for name, times in Counter(names).items() if name and times > 1)
    if twice:
        said = f"Columns named twice: {', '.join(twice)}."
        problems.append(Problem(file, header_line, said))
        return empty
    kept = {names.index(name.lower()): name.lower() for name in columns}
    kept |= {names.index(name.lower()): name.lower() for name in optional if name.lower() in names}
    rows = [
        Row(line, {name: cells[place].strip() for place, name in kept.items()})
        for line, cells in _whole(file, len(names), lines, problems)
    ]
    return Table(file, frozenset(names), rows)


def _delimiter(text: str, columns: Collection[str]) -> str:
    """The one that finds most of `columns` in the first line."""
    first = text.lstrip()[:MOST_ROW].partition("\n")[0]
    wanted = {name.lower() for name in columns}

    def found(delimiter: str) -> int:
        return len(wanted & {cell.strip(' "\r').lower() for cell in first.split(delimiter)})

    return max(_DELIMITERS, key=found)


def _lines(
    file: str, text: str, problems: list[Problem], delimiter: str
) -> Iterator[tuple[int, list[str]]]:
    """Where each line that is not blank begins, and its cells."""
    taken = 0

    def bounded() -> Iterator[str]:
        nonlocal taken
        for one in io.StringIO(text, newline=""):
            taken += len(one)
            if taken > MOST_ROW:
                raise csv.Error
            yield one

    reader = csv.reader(bounded(), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        taken = 0
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            said = (
                "From here on this cannot be read as CSV. "
                'Look for a quote (") that is not closed, or not doubled inside a quoted text. '
                f"A line has at most {MOST_ROW:,} characters."
            )
            place = _fault(text, line, delimiter)
            problems.append(Unreadable(file, place[0], said, place[1]))
            return
        if any(cell.strip() for cell in cells):
            yield line, cells


def _fault(text: str, line: int, delimiter: str) -> tuple[int, int]:
    """Line and column of what keeps the row that begins at `line` from being read."""
    lines = io.StringIO(text, newline="").readlines()
    place = sum(map(len, lines[: line - 1]))
    limit = place + MOST_ROW
    plain = re.compile(rf"[^{delimiter}\r\n]*+")
    while place < len(text):
        cell = (_QUOTED if text[place] == '"' else plain).match(text, place, limit)
        if cell is None or cell.end() == limit:
            break
        place = cell.end()
        if text[place : place + 1] not in (delimiter, "\r", "\n", ""):
            break
        place += 1
    for number, one in enumerate(lines, 1):
        if place < len(one):
            return number, place + 1
        place -= len(one)
    return line, 1


def _whole(
    file: str, width: int, lines: Iterator[tuple[int, list[str]]], problems: list[Problem]
) -> Iterator[tuple[int, list[str]]]:
    """The lines that have a cell for each column; empty ones too many do no harm."""
    for line, cells in lines:
        if len(cells) < width or any(cells[width:]):
            said = (
                f"{len(cells)} cells, but the first line names {width} columns. "
                "Put a text that holds the delimiter into quotes."
            )
            problems.append(Problem(file, line, said))
            continue
        yield line, cells
