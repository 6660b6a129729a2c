"""Play logs out: JSON lines that can be imported again, and CSV for a spreadsheet."""

import csv
import gzip
import io
import sys
from collections.abc import AsyncIterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, TextIO, cast

import msgspec

from learntrace.events.types import Event
from learntrace.kit.cells import cell, instant, json_value
from learntrace.kit.files import whole_file

EVENT_COLUMNS = (
    "event_id",
    "student_id",
    "session_id",
    "event_type",
    "timestamp",
    "mission_id",
    "game_version",
    "sequence",
    "data",
)


def wire_event(event: Event, data_text: str | None = None) -> dict[str, Any]:
    """An event as the ingestion endpoints take it; importing it again changes nothing.

    `data_text` is its payload as JSON text and stands for `event.data`: numbers keep every digit.
    """
    return {
        "event_id": str(event.event_id),
        "student_id": str(event.student_id),
        "session_id": str(event.game_session_id),
        "event_type": event.event_type,
        "timestamp": instant(event.timestamp),
        "data": event.data if data_text is None else _on_one_line(data_text),
        "mission_id": event.mission_id,
        "game_version": event.game_version,
        "sequence": event.sequence,
    }


async def write_jsonl(rows: AsyncIterable[Mapping[str, Any]], file: TextIO) -> int:
    """One JSON object a line; returns how many."""
    written = 0
    async for row in rows:
        plain = {
            name: instant(value) if isinstance(value, datetime) else value
            for name, value in row.items()
        }
        file.write(msgspec.json.encode(plain, enc_hook=json_value).decode())
        file.write("\n")
        written += 1
    return written


async def write_csv(
    rows: AsyncIterable[Mapping[str, Any]], file: TextIO, columns: Sequence[str]
) -> int:
    """A header and one line a row, only the named columns; returns how many rows.

    Unknown is an empty cell. Text that a spreadsheet would take for a formula gets a leading
    apostrophe; numbers are left as they are.
    """
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(columns)
    written = 0
    async for row in rows:
        writer.writerow([cell(row.get(column)) for column in columns])
        written += 1
    return written


@contextmanager
def output_file(path: str) -> Iterator[TextIO]:
    """A text file that appears under its name only when all of it is written.

    `-` is standard output; a name ending in `.gz` is compressed. When the block fails, the file
    of that name, if any, stays as it was. Only its owner may read it: it tells about children.
    """
    if path == "-":
        yield sys.stdout
        sys.stdout.flush()
        return
    with ExitStack() as stack:
        target = Path(path)
        raw = stack.enter_context(whole_file(target))
        binary: io.BufferedIOBase | BinaryIO = raw
        if target.name.endswith(".gz"):
            binary = stack.enter_context(gzip.GzipFile("", "wb", 6, raw, mtime=0))
        yield stack.enter_context(_text(binary))


def _on_one_line(text: str) -> msgspec.Raw:
    """JSON without spaces and line breaks, its numbers and texts letter for letter."""
    return msgspec.Raw(msgspec.json.format(text.encode(), indent=-1))


def _text(binary: io.BufferedIOBase | BinaryIO) -> TextIO:
    return io.TextIOWrapper(cast("BinaryIO", binary), encoding="utf-8", newline="")
