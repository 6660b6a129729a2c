"""The import command as a person uses it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from learntrace.interchange.batches import Batch
from learntrace.interchange.importer import ImportReport, import_events
from learntrace.interchange.sink import IngestAnswer
from learntrace.interchange.sources import Source

from .conftest import MakeFile, make_event, text_of
from .fake_ingest import FakeIngest, Reply
from .importing import WIDE, Shelf, command, run, to_api


def test_import_reports_closes_and_prints_the_table(
    ingest: FakeIngest, make_file: MakeFile
) -> None:
    result = to_api(ingest, make_file(*map(make_event, range(25)), name="play.jsonl.gz"))
    assert result.exit_code == 0, result.output
    assert "25 accepted, 0 duplicates, 0 rejected" in result.output
    assert "3 game sessions closed" in result.output
    for cell in ("00000000", "12", "1.5", "75 %", "33 s"):
        assert cell in result.output
    assert "No value: –1 too few failures; –2 moon phase; –3 not measured." in result.output


def test_table_of_an_import_fits_a_narrow_terminal(ingest: FakeIngest, make_file: MakeFile) -> None:
    path = make_file(*map(make_event, range(25)))
    result = run(path, "--api-url", ingest.url, "--key", "lt_sandbox_x", env={"COLUMNS": "80"})
    assert result.exit_code == 0, result.output
    table = result.output[result.output.index("Game sessions") :]
    assert max(map(len, table.splitlines())) <= 80
    assert "…" not in table
    for word in ("Student", "Minutes", "finished", "stretch", "–2 moon phase"):
        assert word in table


def test_importing_again_makes_duplicates_under_the_same_batch_id(
    ingest: FakeIngest, make_file: MakeFile
) -> None:
    path = make_file(*map(make_event, range(5)))
    to_api(ingest, path)
    result = to_api(ingest, path)
    assert result.exit_code == 0
    assert "0 accepted, 5 duplicates, 0 rejected" in result.output
    sent = [request.body["batch_id"] for request in ingest.requests if request.body]
    assert len(sent) == 2
    assert len(set(sent)) == 1


def test_rejected_events_and_bad_lines_are_told_by_line(
    ingest: FakeIngest, make_file: MakeFile
) -> None:
    ingest.unknown_students = {make_event(10)["student_id"]}
    lines = [make_event(0), "{broken", *map(make_event, range(10, 20)), make_event(1)]
    result = to_api(ingest, make_file(*lines), "--examples", "2")
    assert result.exit_code == 1
    assert "2 accepted, 0 duplicates, 11 rejected" in result.output
    assert "unknown_student: 10" in result.output
    assert "line 3: student_id: no such student" in result.output
    assert "line 4:" in result.output
    assert "line 5:" not in result.output
    assert "unreadable_line: 1" in result.output
    assert "line 2: not JSON" in result.output
    assert "1 left out because nothing of them is stored" in result.output


def test_a_file_of_nothing_good_is_reported_not_fatal(
    ingest: FakeIngest, make_file: MakeFile
) -> None:
    ingest.unknown_students = {make_event(0)["student_id"]}
    result = to_api(ingest, make_file(*map(make_event, range(3))))
    assert result.exit_code == 1
    assert "0 accepted, 0 duplicates, 3 rejected" in result.output


def test_keep_open_closes_nothing(ingest: FakeIngest, make_file: MakeFile) -> None:
    no_session = {"event_id": "x"}
    result = to_api(ingest, make_file(make_event(0), no_session), "--keep-open")
    assert result.exit_code == 0
    assert "closed" not in result.output
    assert [request.path for request in ingest.requests] == ["/api/v1/telemetry/batch"]


def test_the_table_is_printed_for_up_to_50_sessions_or_on_demand(
    ingest: FakeIngest, make_file: MakeFile
) -> None:
    many = make_file(*(make_event(number * 10) for number in range(51)))
    assert "No value:" not in to_api(ingest, many).output
    assert "No value:" in to_api(ingest, many, "--table").output
    few = make_file(make_event(0))
    assert "No value:" in to_api(ingest, few).output
    assert "No value:" not in to_api(ingest, few, "--no-table").output


def test_the_rate_limit_shows_a_countdown(ingest: FakeIngest, make_file: MakeFile) -> None:
    ingest.script = [Reply(429, {}, {"Retry-After": "2"})]
    result = CliRunner().invoke(
        command(),
        [str(make_file(make_event(0))), "--api-url", ingest.url, "--key", "k"],
        env={**WIDE, "FORCE_COLOR": "1", "TTY_COMPATIBLE": "1", "TTY_INTERACTIVE": "1"},
    )
    assert result.exit_code == 0
    assert "rate limit is reached: 2 s" in result.output
    assert "rate limit is reached: 1 s" in result.output


def test_a_refusal_stops_with_the_report_so_far(ingest: FakeIngest, make_file: MakeFile) -> None:
    ingest.script = [Reply(401, {})]
    result = to_api(ingest, make_file(make_event(0)))
    assert result.exit_code == 1
    assert "Stopped: the key is not accepted" in result.output
    assert "0 accepted" in result.output


def test_an_unreadable_file_stops_with_the_reason(ingest: FakeIngest, make_file: MakeFile) -> None:
    result = to_api(ingest, make_file(b"a\tb", name="other.tsv"))
    assert result.exit_code == 1
    assert "not an OpenGameData event table" in result.output


def test_without_options_the_demos_sandbox_is_used_and_said(
    ingest: FakeIngest, make_file: MakeFile, tmp_path: Path
) -> None:
    demo = {"api_url": ingest.url, "sandbox_key": "lt_sandbox_demo", "write_key": "lt_live_demo"}
    (tmp_path / "demo.json").write_text(json.dumps(demo))
    path = make_file(make_event(0))
    result = run(path, env={"DATA_DIR": str(tmp_path)})
    assert result.exit_code == 0, result.output
    assert "using the sandbox key of the demo" in result.output
    asked_for = run(path, "--demo", env={"DATA_DIR": str(tmp_path)})
    assert asked_for.exit_code == 0
    assert "No key given" not in asked_for.output
    keys = {request.headers["authorization"] for request in ingest.requests}
    assert keys == {"Bearer lt_sandbox_demo"}


def test_the_key_may_come_from_the_environment(ingest: FakeIngest, make_file: MakeFile) -> None:
    path = make_file(make_event(0))
    result = run(path, "--api-url", ingest.url, env={"LEARNTRACE_KEY": "lt_live_env"})
    assert result.exit_code == 0
    assert ingest.requests[0].headers["authorization"] == "Bearer lt_live_env"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([], "start the demo first"),
        (["--demo"], "start the demo first"),
        (["--api-url", "http://x"], "--api-url needs --key"),
        (["--school", "s"], "give --school and --game"),
        (["--sandbox"], "give --school and --game"),
        (["--school", "s", "--game", "g", "--demo"], "without --api-url and --demo"),
    ],
)
def test_wrong_usage_is_told_and_exits_2(
    make_file: MakeFile, tmp_path: Path, options: list[str], told: str
) -> None:
    result = run(make_file(make_event(0)), *options, env={"DATA_DIR": str(tmp_path)})
    assert result.exit_code == 2
    assert told in " ".join(result.output.split())


def test_a_missing_file_is_wrong_usage(tmp_path: Path) -> None:
    assert run(tmp_path / "none.jsonl").exit_code == 2


def test_straight_into_the_database(make_file: MakeFile) -> None:
    shelf = Shelf()
    path = make_file(make_event(0), make_event(0), make_event(1))
    result = run(path, "--school", "Oak", "--game", "Waves", "--sandbox", shelf=shelf)
    assert shelf.opened_for == ("Oak", "Waves", True)
    assert result.exit_code == 1
    assert "the database, school Oak, game Waves, sandbox" in result.output
    assert "2 accepted, 0 duplicates, 1 rejected" in result.output
    assert "1,234" in result.output
    assert "being computed" in result.output


INTERRUPTIBLE = """
import sys
from learntrace.cli.importing import build_import_command
build_import_command(None)(sys.argv[1:])
"""


def test_an_interrupt_prints_the_report_so_far(ingest: FakeIngest, make_file: MakeFile) -> None:
    path = make_file(*(make_event(number) for number in range(1500)))
    accepted = {"accepted": 1000, "duplicates": 0, "rejected": []}
    ingest.script = [Reply(201, accepted), Reply(then="hang")]
    importing = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE, path, "--api-url", ingest.url, "--key", "k"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **WIDE},
    )
    try:
        while len(ingest.requests) < 2 and importing.poll() is None:
            time.sleep(0.05)
        importing.send_signal(signal.SIGINT)
        output, _ = importing.communicate(timeout=120)
    finally:
        importing.kill()
    assert importing.returncode == 130, output
    assert "Interrupted. It is safe to run the same import again." in output
    assert "1,000 accepted, 0 duplicates, 0 rejected" in output
    assert "Traceback" not in output


async def test_memory_stays_flat_whatever_the_file(make_file: MakeFile) -> None:
    class Counting(Shelf):
        largest = 0

        async def send(self, batch: Batch) -> IngestAnswer:
            self.largest = max(self.largest, len(batch.events))
            return IngestAnswer(len(batch.events), 0, ())

    sink, report = Counting(), ImportReport()
    line = text_of(make_event(0))
    with Source(make_file(*[line] * 5000, name="big.jsonl.gz")) as source:
        await import_events(source, sink, report)
    assert sink.largest == 1000
    assert (report.lines_read, report.accepted, len(report.sessions)) == (5000, 5000, 1)
