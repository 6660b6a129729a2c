"""The simulate command as a person uses it; what it writes is imported."""

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from learntrace.cli.simulating import simulate

from .fake_ingest import FakeIngest, Reply
from .importing import WIDE, to_api

SMALL = ["--classes", "1", "--pupils", "3", "--days", "7", "--until", "2026-11-20"]


def simulated(*args: str | Path) -> Result:
    return CliRunner().invoke(simulate, [str(arg) for arg in args], env=WIDE)


def test_simulate_writes_play_that_import_takes(ingest: FakeIngest, tmp_path: Path) -> None:
    path = tmp_path / "play.jsonl.gz"
    result = simulated(path, *SMALL)
    assert result.exit_code == 0, result.output
    assert "events written" in result.output
    assert "0 rejected" in to_api(ingest, path).output
    assert len(ingest.stored) > 100


def test_simulate_is_repeatable_and_ends_before_its_end() -> None:
    first, again = simulated(*SMALL), simulated("-", *SMALL)
    assert first.stdout == again.stdout
    times = [json.loads(line)["timestamp"] for line in first.stdout.splitlines()]
    assert times == sorted(times)
    assert "2026-11-12" < times[0] <= times[-1] < "2026-11-20"
    assert simulated(*SMALL, "--seed", "2").stdout != first.stdout
    noisy = simulated(*SMALL, "--noise").stdout.splitlines()
    assert set(noisy) == set(first.stdout.splitlines())
    assert noisy != first.stdout.splitlines()


def test_simulate_sends_at_a_rate_and_reports(ingest: FakeIngest) -> None:
    count = len(simulated(*SMALL).stdout.splitlines())
    ingest.script = [Reply(429, {}, {"Retry-After": "1"})]
    options = ("--api-url", ingest.url, "--key", "lt_sandbox_x", "--rate", "100000")
    result = simulated(*SMALL, *options)
    assert result.exit_code == 0, result.output
    assert f"{count:,} accepted, 0 duplicates" in result.output


def test_simulate_stops_with_the_report_so_far(ingest: FakeIngest) -> None:
    ingest.script = [Reply(403, {})]
    result = simulated(*SMALL, "--api-url", ingest.url, "--key", "lt_live_x")
    assert result.exit_code == 1
    assert "0 accepted" in result.output
    assert "the key is not accepted" in result.output


INTERRUPTIBLE_SIMULATION = """
import sys
from learntrace.cli.simulating import simulate
simulate(sys.argv[1:])
"""


def test_simulate_can_be_interrupted(ingest: FakeIngest) -> None:
    command_line = [sys.executable, "-c", INTERRUPTIBLE_SIMULATION, *SMALL]
    sending = subprocess.Popen(
        [*command_line, "--api-url", ingest.url, "--key", "k", "--rate", "5"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **WIDE, "TTY_COMPATIBLE": "1", "TTY_INTERACTIVE": "1"},
    )
    assert sending.stdout is not None
    output = ""
    try:
        while " 30/" not in output and (told := sending.stdout.read(1)):
            output += told
        sending.send_signal(signal.SIGINT)
        output += sending.communicate(timeout=120)[0]
    finally:
        sending.kill()
    assert sending.returncode == 130, output
    assert "30 accepted" in output


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--api-url", "http://x"], "--api-url needs --key"),
        (["--timezone", "Moon/Base"], "no time zone 'Moon/Base'"),
        (["--timezone", "../etc/passwd"], "no time zone"),
    ],
)
def test_simulate_tells_wrong_usage(options: list[str], told: str) -> None:
    result = simulated(*SMALL, *options)
    assert result.exit_code == 2
    assert told in result.output


def test_simulate_plays_up_to_now_by_default() -> None:
    result = simulated("--classes", "1", "--pupils", "4", "--days", "5")
    assert result.exit_code == 0
    last = json.loads(result.stdout.splitlines()[-1])["timestamp"]
    assert datetime.fromisoformat(last) < datetime.now(UTC)
