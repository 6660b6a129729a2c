"""Files written: complete or not at all, harmless in a spreadsheet, and fit to be read again."""

import csv
import gzip
import io
import json
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest

from learntrace.events.types import Event
from learntrace.features.presenting import feature_columns, flat_features
from learntrace.interchange.readers import ReadEvent, read_events
from learntrace.interchange.sources import Source
from learntrace.interchange.writers import (
    EVENT_COLUMNS,
    output_file,
    wire_event,
    write_csv,
    write_jsonl,
)

EVENT = Event(
    event_id=UUID(int=1),
    student_id=UUID(int=2),
    game_session_id=UUID(int=3),
    event_type="begin",
    timestamp=datetime(2026, 11, 20, 12, 0, 0, 1500, tzinfo=timezone(timedelta(hours=1))),
    received_at=datetime(2026, 11, 20, 11, 0, 1, tzinfo=UTC),
    corrected_at=datetime(2026, 11, 20, 11, 0, 1, tzinfo=UTC),
    data=MappingProxyType({"level": 1, "größe": "½", "big": 2**70}),
    mission_id=None,
    game_version="1.0.0",
    sequence=4,
)


async def rows(*items: Mapping[str, Any]) -> AsyncIterator[Mapping[str, Any]]:
    for item in items:
        yield item


@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl.gz"])
async def test_exported_events_can_be_read_again(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with output_file(str(path)) as file:
        assert await write_jsonl(rows(wire_event(EVENT), wire_event(EVENT)), file) == 2
    with Source(path) as source:
        first, second = read_events(source)
    assert isinstance(first, ReadEvent)
    assert isinstance(second, ReadEvent)
    assert first.text == second.text
    assert json.loads(first.text) == {
        "event_id": str(UUID(int=1)),
        "student_id": str(UUID(int=2)),
        "session_id": str(UUID(int=3)),
        "event_type": "begin",
        "timestamp": "2026-11-20T11:00:00.001500Z",
        "data": {"level": 1, "größe": "½", "big": 2**70},
        "mission_id": None,
        "game_version": "1.0.0",
        "sequence": 4,
    }


async def test_the_same_rows_make_the_same_compressed_file(tmp_path: Path) -> None:
    contents = []
    for name in ("a.jsonl.gz", "b.jsonl.gz"):
        with output_file(str(tmp_path / name)) as file:
            await write_jsonl(rows({"at": EVENT.timestamp, "id": EVENT.event_id}), file)
        contents.append((tmp_path / name).read_bytes())
    assert contents[0] == contents[1]
    assert json.loads(gzip.decompress(contents[0])) == {
        "at": "2026-11-20T11:00:00.001500Z",
        "id": str(UUID(int=1)),
    }


async def written(columns: tuple[str, ...], *items: Mapping[str, Any]) -> list[list[str]]:
    file = io.StringIO(newline="")
    assert await write_csv(rows(*items), file, columns) == len(items)
    return list(csv.reader(io.StringIO(file.getvalue(), newline="")))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
async def test_text_that_a_spreadsheet_would_run_is_made_harmless(start: str) -> None:
    text = f'{start}HYPERLINK("http://x")'
    assert await written(("a",), {"a": text}) == [["a"], [f"'{text}"]]


async def test_numbers_stay_numbers_and_unknown_is_empty() -> None:
    cells = (await written(("a", "b", "c", "d"), {"a": -1.5, "b": None, "d": True}))[1]
    assert cells == ["-1.5", "", "", "True"]


async def test_events_are_flat_with_their_data_as_json() -> None:
    header, cells = await written(EVENT_COLUMNS, wire_event(EVENT) | {"timestamp": EVENT.timestamp})
    found = dict(zip(header, cells, strict=True))
    assert found["timestamp"] == "2026-11-20T11:00:00.001500Z"
    assert json.loads(found["data"]) == dict(EVENT.data)
    assert found["mission_id"] == ""


def test_a_feature_has_a_value_or_a_reason() -> None:
    names = ("retry_rate", "focus_duration_s", "unheard_of")
    features = {
        "retry_rate": {"value": None, "reason": "no_failures"},
        "focus_duration_s": {"value": 3.5, "reason": None},
    }
    flat = flat_features(features, names)
    assert tuple(flat) == feature_columns(names)
    assert list(flat.values()) == [None, "no_failures", 3.5, None, None, None]


@pytest.mark.parametrize("name", ["out.csv", "out.csv.gz"])
def test_a_failing_export_leaves_the_old_file_and_nothing_else(tmp_path: Path, name: str) -> None:
    target = tmp_path / name
    target.write_text("old")

    def interrupted() -> None:
        with output_file(str(target)) as file:
            file.write("new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_finished_export_replaces_the_file_for_its_owner_only(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_text("old")
    with output_file(str(target)) as file:
        file.write("new")
        assert target.read_text() == "old"
    assert target.read_text() == "new"
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_dash_is_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    with output_file("-") as file:
        file.write("here\n")
    assert capsys.readouterr().out == "here\n"
