"""From lines of a log file to events in our wire shape, one by one.

Readers never stop at a bad line: it comes back as a BadLine with its number and a plain reason.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from learntrace.interchange.opengamedata import BadRowError, Table
from learntrace.interchange.sources import Line, Source


@dataclass(frozen=True, slots=True)
class ReadEvent:
    """An event as JSON text, not yet judged: the server does that.

    `session_id` and `student_id` are as the line has them, None where it has none.
    """

    line: int
    text: bytes
    session_id: str | None
    student_id: str | None


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that no event could be read from."""

    line: int
    detail: str


Reading = ReadEvent | BadLine


def read_events(source: Source) -> Iterator[Reading]:
    """The source's events in file order; empty lines are passed over.

    Raises UnreadableFileError when the file breaks off or its table lacks columns.
    """
    lines = (line for line in source.lines() if line.text is None or line.text.strip())
    yield from _read_table(lines) if source.is_table else map(_read_json, lines)


def _read_json(line: Line) -> Reading:
    if line.text is None:
        return BadLine(line.number, "the line is longer than 8 MiB")
    try:
        event = msgspec.json.decode(line.text)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return BadLine(line.number, f"not JSON: {error}")
    except RecursionError:
        return BadLine(line.number, "not JSON that can be read: nested too deep")
    if not isinstance(event, dict):
        return BadLine(line.number, "not an event: a JSON object is needed")
    return ReadEvent(
        line=line.number,
        text=line.text.strip(),
        session_id=_text(event.get("session_id")),
        student_id=_text(event.get("student_id")),
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _read_table(lines: Iterator[Line]) -> Iterator[Reading]:
    header = next(lines, None)
    if header is None:
        return
    table = Table.from_header(header.text or b"")
    for line in lines:
        if line.text is None:
            yield BadLine(line.number, "the line is longer than 8 MiB")
            continue
        try:
            yield _read_row(table, line.number, line.text)
        except BadRowError as error:
            yield BadLine(line.number, str(error))


def _read_row(table: Table, number: int, text: bytes) -> ReadEvent:
    event = table.event(text)
    try:
        encoded = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError as error:
        raise BadRowError("holds half a character (a lone surrogate)") from error
    return ReadEvent(number, encoded, event["session_id"], event["student_id"])
