"""Files of answers: `user,order[,timestamp],item,skill,correct`, as csv or csv.gz."""

import csv
import gzip
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import TextIOWrapper
from pathlib import Path
from typing import NamedTuple, TextIO

from learntrace.skills.knowledge import Answer

REQUIRED = ("user", "order", "item", "skill", "correct")
TIMESTAMP = "timestamp"
SPACING = timedelta(hours=1)
"""Between a learner's answers in a file that does not say when they were given."""
LATEST_TIMESTAMP = 2**32
"""Seconds; more than that are milliseconds by mistake."""
MAX_ORDER = 10_000_000

_START = datetime(1970, 1, 1, tzinfo=UTC)


class AnswersFileError(Exception):
    """What is wrong with a file of answers, in one sentence, with the line where there is one."""


class _Row(NamedTuple):
    """Sorts as answers do: by time, then by order."""

    at: datetime
    order: int
    item: str
    skill: str
    correct: bool


def read_answers(path: Path) -> dict[str, list[Answer]]:
    """Each learner's answers by `timestamp`, then `order`; learners sorted by name.

    `order` is a whole number from 0, unique within a learner. `timestamp` is in seconds from any
    start; without that column answers count as an hour apart (`SPACING`). `skill` may be empty.
    `correct` is 0 or 1. Other columns are ignored. Raises `AnswersFileError`.
    """
    found: dict[str, dict[int, _Row]] = {}
    with _opened(path) as text:
        reader = csv.reader(text, strict=True)
        try:
            columns = _columns(next(reader, []), path)
            for cells in reader:
                if not cells:
                    continue
                user, row = _row(cells, columns)
                _add(found.setdefault(user, {}), row, user)
        except (ValueError, csv.Error) as error:
            if isinstance(error, UnicodeDecodeError):
                raise
            raise AnswersFileError(f"{path.name}, line {reader.line_num}: {error}.") from error
    if not found:
        raise AnswersFileError(f"{path.name} holds no answers.")
    return {user: _answers(found[user]) for user in sorted(found)}


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    try:
        with path.open("rb") as raw:
            packed = path.suffix == ".gz"
            data = gzip.open(raw) if packed else raw  # noqa: SIM115 - closed by the wrapper
            with TextIOWrapper(data, encoding="utf-8-sig", newline="") as text:
                yield text
    except UnicodeDecodeError as error:
        raise AnswersFileError(f"{path.name} is not UTF-8 text.") from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise AnswersFileError(f"{path.name} is not a whole gzip file.") from error
    except OSError as error:
        raise AnswersFileError(f"{path.name} cannot be read: {error.strerror}.") from error


def _columns(header: list[str], path: Path) -> Mapping[str, int]:
    names = [name.strip().lower() for name in header]
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise AnswersFileError(
            f"{path.name}, line 1: the header lacks {', '.join(missing)}; "
            f"it must name {', '.join(REQUIRED)} and may name {TIMESTAMP}."
        )
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise AnswersFileError(f"{path.name}, line 1: the header names {twice[0]!r} twice.")
    return {name: n for n, name in enumerate(names)}


def _row(cells: list[str], columns: Mapping[str, int]) -> tuple[str, _Row]:
    """The learner and the answer of one line. Raises `ValueError` with what is wrong."""
    if len(cells) != len(columns):
        raise ValueError(f"{len(cells)} fields where the header has {len(columns)}")
    values = {name: cells[n].strip() for name, n in columns.items()}
    for name in ("user", "item"):
        if not values[name]:
            raise ValueError(f"{name} is empty")
    if not (values["order"].isascii() and values["order"].isdigit()):
        raise ValueError(f"order is {values['order']!r}, not a whole number from 0")
    if values["correct"] not in {"0", "1"}:
        raise ValueError(f"correct is {values['correct']!r}, not 0 or 1")
    order = int(values["order"])
    if order > MAX_ORDER:
        raise ValueError(f"order is {order}, more than {MAX_ORDER}")
    at = _START + (
        timedelta(seconds=_seconds(values[TIMESTAMP])) if TIMESTAMP in values else order * SPACING
    )
    return values["user"], _Row(
        at, order, values["item"], values["skill"], values["correct"] == "1"
    )


def _add(rows: dict[int, _Row], row: _Row, user: str) -> None:
    if row.order in rows:
        raise ValueError(f"user {user!r} has the order {row.order} twice")
    rows[row.order] = row


def _seconds(cell: str) -> float:
    try:
        seconds = float(cell)
    except ValueError:
        raise ValueError(f"timestamp is {cell!r}, not a number of seconds") from None
    if not 0 <= seconds < LATEST_TIMESTAMP:
        raise ValueError(f"timestamp is {cell}, not seconds from 0 to {LATEST_TIMESTAMP}")
    return seconds


def _answers(rows: Mapping[int, _Row]) -> list[Answer]:
    return [Answer(row.at, row.item, row.skill, row.correct) for row in sorted(rows.values())]
