"""Play logs out: JSON lines that can be imported again, and CSV for a spreadsheet."""

import csv
import gzip
import io
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, TextIO, cast

import msgspec

from learntrace.events.types import Event

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
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def wire_event(event: Event, data_text: str | None = None) -> dict[str, Any]:
    """An event as the ingestion endpoints take it; importing it again changes nothing.

    `data_text` is its payload as JSON text and stands for `event.data`: numbers keep every digit.
    """
    return {
        "event_id": str(event.event_id),
        "student_id": str(event.student_id),
        "session_id": str(event.game_session_id),
        "event_type": event.event_type,
        "timestamp": _instant(event.timestamp),
        "data": event.data if data_text is None else _on_one_line(data_text),
        "mission_id": event.mission_id,
        "game_version": event.game_version,
        "sequence": event.sequence,
    }


def flat_features(features: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Two cells a feature, `<name>` and `<name>_reason`: one of them is always empty."""
    cells: dict[str, Any] = {}
    for name in names:
        feature = features.get(name) or {}
        cells[name] = feature.get("value")
        cells[f"{name}_reason"] = feature.get("reason")
    return cells


def feature_columns(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(column for name in names for column in (name, f"{name}_reason"))


async def write_jsonl(rows: AsyncIterable[Mapping[str, Any]], file: TextIO) -> int:
    """One JSON object a line; returns how many."""
    written = 0
    async for row in rows:
        plain = {
            name: _instant(value) if isinstance(value, datetime) else value
            for name, value in row.items()
        }
        file.write(msgspec.json.encode(plain, enc_hook=_json_value).decode())
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
        writer.writerow([_cell(row.get(column)) for column in columns])
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
    target = Path(path)
    descriptor, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with ExitStack() as stack:
            raw = stack.enter_context(os.fdopen(descriptor, "wb"))
            binary: io.BufferedIOBase = raw
            if target.name.endswith(".gz"):
                binary = gzip.GzipFile("", "wb", 6, raw, mtime=0)
                stack.callback(binary.close)
            yield stack.enter_context(_text(binary))
        Path(temporary).replace(target)
    except BaseException:  # also when interrupted: no half file stays
        Path(temporary).unlink(missing_ok=True)
        raise


def _on_one_line(text: str) -> msgspec.Raw:
    """JSON without spaces and line breaks, its numbers and texts letter for letter."""
    return msgspec.Raw(msgspec.json.format(text.encode(), indent=-1))


def _text(binary: io.BufferedIOBase) -> TextIO:
    return io.TextIOWrapper(cast("BinaryIO", binary), encoding="utf-8", newline="")


def _cell(value: object) -> object:
    """A value for a spreadsheet: objects as JSON, instants in ISO 8601, formulas made harmless."""
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, str):
        text = value
    elif isinstance(value, datetime):
        text = _instant(value)
    elif isinstance(value, msgspec.Raw):
        text = bytes(value).decode()
    else:
        text = json.dumps(value, ensure_ascii=False, default=_json_value)
    return f"'{text}" if text.startswith(_STARTS_FORMULA) else text


def _json_value(value: object) -> object:
    """What JSON has no word for: instants, ids and read-only mappings."""
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
