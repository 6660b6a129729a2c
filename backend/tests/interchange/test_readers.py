"""Reading play logs: JSON lines and OpenGameData tables, as they really come."""

import gzip
import json
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from learntrace.interchange.batches import MAX_BYTES, Batch, in_batches
from learntrace.interchange.readers import BadLine, ReadEvent, read_events
from learntrace.interchange.sources import Source, UnreadableFileError

from .conftest import MakeFile, make_event

ROW = {
    "session_id": "23000213512143300",
    "app_id": "WAVES",
    "timestamp": "2023-02-01 16:16:44.589000",
    "event_name": "CUSTOM.1",
    "event_data": json.dumps(
        {
            "event_custom": "SLIDER_MOVE_RELEASE",
            "level": 3,
            "end_val": 1.5,
            "event_data_complex": None,
            "http_user_agent": "Mozilla/5.0",
            "server_time": "2023-02-01 10:16:44",
        }
    ),
    "event_source": "GAME",
    "app_version": "0",
    "app_branch": "None",
    "log_version": "4",
    "offset": "None",
    "user_id": "",
    "user_data": "{}",
    "game_state": "{}",
    "index": "7",
}


def read(path: Path, **settings: int) -> list[ReadEvent | BadLine]:
    with Source(path, **settings) as source:
        return list(read_events(source))


def table(path: Path, row: dict[str, str]) -> Path:
    """A table of one row below a header of its columns."""
    path.write_text("\t".join(row) + "\n" + "\t".join(row.values()) + "\n", encoding="utf-8")
    return path


def events_of(path: Path) -> list[dict[str, Any]]:
    readings = read(path)
    assert not [reading for reading in readings if isinstance(reading, BadLine)]
    return [json.loads(reading.text) for reading in readings if isinstance(reading, ReadEvent)]


def one_event(tmp_path: Path, **changes: str) -> dict[str, Any]:
    return events_of(table(tmp_path / "one.tsv", ROW | changes))[0]


def why_bad(tmp_path: Path, **changes: str) -> str:
    (bad,) = read(table(tmp_path / "bad.tsv", ROW | changes))
    assert isinstance(bad, BadLine)
    assert bad.line == 2
    return bad.detail


@pytest.mark.parametrize("name", ["play.jsonl", "play.jsonl.gz"])
def test_json_lines_are_taken_over_word_for_word(make_file: MakeFile, name: str) -> None:
    odd = b'  {"session_id":"s",  "student_id":7, "big":123456789012345678901234567890}  '
    path = make_file(make_event(0), odd, name=name)
    first, second = read(path)
    assert isinstance(first, ReadEvent)
    assert json.loads(first.text) == make_event(0)
    assert second == ReadEvent(2, odd.strip(), "s", None)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"{", "not JSON"),
        (b'{"a": NaN}', "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[1]", "a JSON object is needed"),
        (b"[" * 100_000, "nested too deep"),
        (b"x" * 600_000, "longer than 8 MiB"),
    ],
)
def test_a_bad_line_tells_its_number_and_stops_nothing(
    make_file: MakeFile, line: bytes, why: str
) -> None:
    path = make_file(b'{"session_id":"a"}', b"", line, b'{"session_id":"b"}')
    first, bad, last = read(path, max_line_bytes=200_000)
    assert isinstance(bad, BadLine)
    assert bad.line == 3
    assert why in bad.detail
    assert isinstance(first, ReadEvent)
    assert isinstance(last, ReadEvent)
    assert (first.session_id, last.session_id) == ("a", "b")


def test_windows_line_ends_a_byte_order_mark_and_no_last_line_break(tmp_path: Path) -> None:
    path = tmp_path / "play.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"session_id":"a"}\r\n{"session_id":"b"}')
    assert [reading.line for reading in read(path) if isinstance(reading, ReadEvent)] == [1, 2]


def test_an_empty_file_has_no_events(tmp_path: Path) -> None:
    for name in ("empty.jsonl", "empty.tsv"):
        (tmp_path / name).write_bytes(b"")
        assert read(tmp_path / name) == []


def test_position_runs_to_the_total(make_file: MakeFile, tmp_path: Path) -> None:
    for path in (make_file(*map(make_event, range(50)), name="a.jsonl.gz"), zipped(tmp_path)):
        with Source(path) as source:
            list(read_events(source))
            assert source.position == source.total_bytes > 0


def test_a_broken_gzip_file_tells_where(tmp_path: Path) -> None:
    whole = gzip.compress(b'{"session_id":"a"}\n' * 10_000)
    path = tmp_path / "cut.jsonl.gz"
    path.write_bytes(whole[:-20])
    with pytest.raises(UnreadableFileError, match=r"line \d+ cannot be read"):
        read(path)


def test_a_missing_or_broken_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="cannot be read"):
        Source(tmp_path / "none.jsonl")
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 and nothing else")
    with pytest.raises(UnreadableFileError, match="cannot be read"):
        Source(tmp_path / "broken.zip")


def zipped(folder: Path, *extra: str) -> Path:
    text = table(folder / "inner.tsv", ROW).read_text(encoding="utf-8")
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("WAVES/README.md", "read me")
        archive.writestr("WAVES/WAVES_events.tsv", text)
        archive.writestr("__MACOSX/WAVES/._WAVES_events.tsv", "noise")
        for name in extra:
            archive.writestr(name, text)
    return path


def test_a_zip_archive_is_read_through(tmp_path: Path) -> None:
    assert events_of(zipped(tmp_path))[0]["event_type"] == "slider_move_release"


def test_an_archive_of_two_tables_is_refused_naming_them(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"WAVES_events\.tsv, more\.tsv"):
        Source(zipped(tmp_path, "more.tsv"))


def test_an_archive_without_a_table_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("readme.md", "nothing here")
    with pytest.raises(UnreadableFileError, match="found: none"):
        Source(tmp_path / "x.zip")


def test_a_row_of_opengamedata_becomes_an_event(tmp_path: Path) -> None:
    event = one_event(tmp_path)
    assert event["event_type"] == "slider_move_release"
    assert event["timestamp"] == "2023-02-01T16:16:44.589000Z"
    assert event["mission_id"] == "level_3"
    assert event["game_version"] == "0"
    assert event["sequence"] == 7
    assert event["data"] == {
        "level": 3,
        "end_val": 1.5,
        "server_time": "2023-02-01 10:16:44",
        "source_event": "CUSTOM.1",
        "log_version": "4",
        "sequence": 7,
    }
    for name in ("event_id", "student_id", "session_id"):
        assert UUID(event[name]).version == 5


def test_ids_are_the_same_at_every_import_and_tell_apart_what_differs(tmp_path: Path) -> None:
    event = one_event(tmp_path)
    assert one_event(tmp_path) == event
    for changes in (
        {"index": "8"},
        {"session_id": "1"},
        {"app_id": "OTHER"},
        {"event_source": "X"},
    ):
        assert one_event(tmp_path, **changes)["event_id"] != event["event_id"]


def test_without_an_index_time_and_data_tell_events_apart(tmp_path: Path) -> None:
    plain = one_event(tmp_path, index="")
    assert plain["sequence"] is None
    assert "sequence" not in plain["data"]
    assert one_event(tmp_path, index="None")["event_id"] == plain["event_id"]
    later = one_event(tmp_path, index="", timestamp="2023-02-01 16:16:45")
    assert later["event_id"] != plain["event_id"]


def test_a_player_is_one_student_in_all_sessions(tmp_path: Path) -> None:
    first = one_event(tmp_path, user_id="GoldOwl")
    second = one_event(tmp_path, user_id="GoldOwl", session_id="2")
    assert first["student_id"] == second["student_id"]
    assert first["session_id"] != second["session_id"]
    assert one_event(tmp_path)["student_id"] != one_event(tmp_path, session_id="2")["student_id"]


def test_the_databases_own_column_names_are_read(tmp_path: Path) -> None:
    row = {
        "session_id": "1",
        "user_id": "u",
        "client_time": "2024-05-01 09:00:00.5+00:00",
        "client_offset": "-5:00:00",
        "server_time": "2024-05-01 09:00:01",
        "event_name": "begin_job",
        "event_data": '{"job": "kelp"}',
        "game_state": '{"job_name": "kelp"}',
        "user_data": '{"played": 3}',
        "app_version": "1.2.3-experimental-branch-name",
        "event_sequence_index": "12.0",
    }
    (event,) = events_of(table(tmp_path / "new.tsv", row))
    assert event["event_type"] == "begin_job"
    assert event["timestamp"] == "2024-05-01T09:00:00.500000Z"
    assert event["sequence"] == 12
    assert event["mission_id"] is None
    assert event["game_version"] == "1.2.3-experimental-b"
    assert event["data"] == {
        "job": "kelp",
        "game_state": {"job_name": "kelp"},
        "user_data": {"played": 3},
        "time_offset": "-5:00:00",
        "sequence": 12,
    }


def test_raw_logs_of_the_first_years_are_read(tmp_path: Path) -> None:
    row = {
        "app_id": "WAVES",
        "session_id": "1",
        "persistent_session_id": "99",
        "level": "12",
        "event": "CUSTOM",
        "event_custom": "MENU_BUTTON",
        "event_data_complex": "{'event_custom': 'MENU_BUTTON', 'muted': True, 'x': None}",
        "client_time": "2019-03-04 10:00:00",
        "client_time_ms": "250",
        "session_n": "3",
        "http_user_agent": "Mozilla",
        "remote_addr": "10.1.1.1",
    }
    (event,) = events_of(table(tmp_path / "raw.tsv", row))
    assert event["event_type"] == "menu_button"
    assert event["timestamp"] == "2019-03-04T10:00:00.250000Z"
    assert event["mission_id"] == "level_12"
    assert event["data"] == {
        "muted": True,
        "x": None,
        "level": 12,
        "source_event": "CUSTOM",
        "sequence": 3,
    }
    assert "Mozilla" not in json.dumps(event)
    assert "10.1.1.1" not in json.dumps(event)


@pytest.mark.parametrize(
    ("name", "data", "event_type"),
    [
        ("BEGIN.0", "{}", "begin"),
        ("BEGIN.0", '{"event_custom": "3"}', "begin"),
        ("CUSTOM.4", "{}", "CUSTOM.4"),
        ("CUSTOM", '{"event_custom": 5}', "CUSTOM"),
        ("Begin Quest", "", "Begin Quest"),
    ],
)
def test_names_are_kept_unless_they_are_only_numbers(
    tmp_path: Path, name: str, data: str, event_type: str
) -> None:
    assert one_event(tmp_path, event_name=name, event_data=data)["event_type"] == event_type


def test_cells_in_quotes_are_read(tmp_path: Path) -> None:
    quoted = '"' + ROW["event_data"].replace('"', '""') + '"'
    assert one_event(tmp_path, event_data=quoted) == one_event(tmp_path)


def test_local_times_with_an_offset_become_utc(tmp_path: Path) -> None:
    event = one_event(tmp_path, timestamp="2023-02-01 10:16:44-06:00")
    assert event["timestamp"] == "2023-02-01T16:16:44Z"
    event = one_event(tmp_path, timestamp="2023-02-01 16:16:44 UTC")
    assert event["timestamp"] == "2023-02-01T16:16:44Z"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"session_id": " "}, "session_id is empty"),
        ({"event_name": "nan"}, "event_name is empty"),
        ({"timestamp": "yesterday"}, "timestamp is no date"),
        ({"timestamp": "0001-01-01 00:00:00+14:00"}, "timestamp is no date"),
        ({"event_data": "{broken"}, "event_data is no JSON object"),
        ({"event_data": "[1]"}, "event_data is no JSON object"),
        ({"event_data": '{"a": NaN}'}, "event_data is no JSON object"),
        ({"event_data": "{'a': {1, 2}}"}, "event_data is no JSON object"),
        ({"event_data": "[" * 50_000}, "event_data is no JSON object"),
        ({"event_data": r'{"a": "\ud800"}'}, "half a character"),
        ({"game_state": "7"}, "game_state is no JSON object"),
        ({"index": "third"}, "index is no whole number"),
        ({"user_id": "a\tb"}, "15 columns where the header names 14"),
    ],
)
def test_a_bad_row_says_why(tmp_path: Path, changes: dict[str, str], why: str) -> None:
    assert why in why_bad(tmp_path, **changes)


def test_bad_bytes_and_long_rows_are_bad_rows(tmp_path: Path) -> None:
    path = table(tmp_path / "x.tsv", ROW)
    with path.open("ab") as file:
        file.write(b"\xff\tx\n" + b"y" * 2000 + b"\n")
    good, bytes_bad, too_long = read(path, max_line_bytes=1500)
    assert isinstance(good, ReadEvent)
    assert isinstance(bytes_bad, BadLine)
    assert "not UTF-8" in bytes_bad.detail
    assert too_long == BadLine(4, "the line is longer than 8 MiB")


def test_another_table_is_refused_naming_what_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "features.tsv"
    path.write_text("session_id\tscore\n1\t2\n", encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="no column event_name or event; no column"):
        read(path)


def test_batches_hold_at_most_1000_events_in_order() -> None:
    events = [ReadEvent(number, b"{}", "s", None) for number in range(1, 2502)]
    batches = list(in_batches(events))
    assert [len(batch.events) for batch in batches] == [1000, 1000, 501]
    assert [event for batch in batches for event in batch.events] == events
    assert list(in_batches([])) == []


def test_batches_hold_at_most_8_mib() -> None:
    big = b'"' + b"x" * (MAX_BYTES // 3) + b'"'
    batches = list(in_batches(ReadEvent(number, big, "s", None) for number in range(5)))
    assert [len(batch.events) for batch in batches] == [2, 2, 1]
    assert all(len(batch.body()) <= MAX_BYTES for batch in batches)


def test_a_batch_id_follows_from_the_events() -> None:
    events = [ReadEvent(1, b'{"a":1}', None, None), ReadEvent(2, b"{}", None, None)]
    assert Batch.of(events) == Batch.of(events)
    assert Batch.of(events).batch_id.version == 5
    assert Batch.of(events[:1]).batch_id != Batch.of(events).batch_id
    body = json.loads(Batch.of(events).body())
    assert body["events"] == [{"a": 1}, {}]
    assert len(body["client_version"]) <= 20
    assert set(body) == {"batch_id", "client_version", "events"}
