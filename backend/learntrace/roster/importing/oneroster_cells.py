"""What the cells of OneRoster's files may hold, whichever file it is."""

import re
from collections.abc import Container
from contextlib import suppress
from datetime import date

from learntrace.roster.importing.tables import Row
from learntrace.roster.importing.types import MOST_SOURCE_ID, Problem, is_source_id

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?=[T ]|$)", re.ASCII)


def is_ended(file: str, row: Row, problems: list[Problem]) -> bool:
    """Whether the line's status says that what it tells of is no more."""
    status = row["status"].lower()
    if status not in ("", "active", "tobedeleted", "inactive"):
        problems.append(Problem(file, row.line, "The status is active, tobedeleted or empty."))
    return status in ("tobedeleted", "inactive")


def is_new(file: str, row: Row, known: Container[str], problems: list[Problem]) -> bool:
    """Whether the line has a sourcedId, and one that is not `known` from a line above."""
    source_id = row["sourcedId"]
    if not is_source_id(source_id):
        said = f"A sourcedId has 1 to {MOST_SOURCE_ID} printable characters."
        problems.append(Problem(file, row.line, said))
        return False
    if source_id in known:
        problems.append(Problem(file, row.line, "A line above has the same sourcedId."))
        return False
    return True


def read_date(file: str, row: Row, column: str, problems: list[Problem]) -> date | None:
    """The day in a cell, which may go on with a time; `None` for an empty one."""
    written = row[column]
    if not written:
        return None
    day = _DAY.match(written)
    with suppress(ValueError):
        return date.fromisoformat(day[0] if day else "")
    problems.append(Problem(file, row.line, f"{column} is a day like 2026-08-31."))
    return None
