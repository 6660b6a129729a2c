"""The export commands as a person uses them."""

import csv
import gzip
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from learntrace.cli.exporting import Choice, Rows, build_export_command

from .conftest import make_event

EVENTS = [make_event(0), make_event(1, event_type="=cmd")]
SESSIONS: list[dict[str, Any]] = [
    {
        "session_id": "s1",
        "student": "Amara K.",
        "features": {"retry_rate": {"value": 0.5, "reason": None}},
    },
    {"session_id": "s2", "student": "@evil", "features": None},
]


class Asked:
    """Hands out rows and remembers what was chosen."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self.rows = rows
        self.choice: Choice | None = None

    @asynccontextmanager
    async def open(self, choice: Choice) -> AsyncIterator[Rows]:
        self.choice = choice
        yield self._all()

    async def _all(self) -> AsyncIterator[Mapping[str, Any]]:
        for row in self.rows:
            yield row


def export(*args: str | Path) -> tuple[Result, Asked]:
    events, sessions = Asked(EVENTS), Asked(SESSIONS)
    group = build_export_command(events.open, sessions.open, ("retry_rate", "recovery_rate"))
    result = CliRunner().invoke(group, [str(arg) for arg in args])
    return result, events if args[0] == "events" else sessions


def test_export_events_by_file_name(tmp_path: Path) -> None:
    result, asked = export("events", tmp_path / "play.jsonl.gz", "--school", "Oak")
    assert result.exit_code == 0, result.output
    assert "2 events written" in result.output
    with gzip.open(tmp_path / "play.jsonl.gz", "rt", encoding="utf-8") as file:
        assert [json.loads(line) for line in file] == EVENTS
    assert asked.choice == Choice("Oak", None, sandbox=False, since=None, until=None)
    export("events", tmp_path / "play.csv", "--school", "Oak")
    with (tmp_path / "play.csv").open(encoding="utf-8", newline="") as file:
        assert [row["event_type"] for row in csv.DictReader(file)] == ["begin", "'=cmd"]


def test_export_events_to_standard_output_in_a_chosen_format() -> None:
    options = ("--school", "Oak", "--game", "Waves", "--sandbox", "--since", "2026-11-01")
    result, asked = export("events", "-", *options, "--format", "csv")
    assert result.stdout.startswith("event_id,student_id,session_id")
    since = datetime(2026, 11, 1, tzinfo=UTC)
    assert asked.choice == Choice("Oak", "Waves", sandbox=True, since=since, until=None)


def test_export_sessions_with_values_or_reasons(tmp_path: Path) -> None:
    result, _ = export("sessions", tmp_path / "sessions.csv", "--school", "Oak")
    assert "2 game sessions written" in result.output
    with (tmp_path / "sessions.csv").open(encoding="utf-8", newline="") as file:
        first, second = csv.DictReader(file)
    assert (first["retry_rate"], first["retry_rate_reason"]) == ("0.5", "")
    assert (second["student"], second["retry_rate"]) == ("'@evil", "")


def test_export_needs_a_school(tmp_path: Path) -> None:
    assert export("events", tmp_path / "x.jsonl")[0].exit_code == 2
