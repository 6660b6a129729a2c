"""The import command as a person starts it, and a store of its own to import into."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import click
from click.testing import CliRunner, Result

from learntrace.cli.importing import build_import_command
from learntrace.interchange.batches import Batch
from learntrace.interchange.sink import ClosedSession, IngestAnswer, Rejection

from .fake_ingest import FakeIngest

WIDE = {"COLUMNS": "200", "LEARNTRACE_KEY": ""}


class Shelf:
    """A sink of its own, standing where the database will: keeps ids, rejects one student."""

    opened_for: tuple[str, str, bool] | None = None

    def __init__(self) -> None:
        self.event_ids: set[str] = set()

    async def send(self, batch: Batch) -> IngestAnswer:
        accepted, rejected = 0, []
        for index, event in enumerate(batch.events):
            event_id = json.loads(event.text)["event_id"]
            if event_id in self.event_ids:
                rejected.append(Rejection(index, "conflict", "event_id: stored with other content"))
            else:
                self.event_ids.add(event_id)
                accepted += 1
        return IngestAnswer(accepted, 0, tuple(rejected))

    async def close(self, session_id: str) -> ClosedSession | None:
        return ClosedSession(session_id, None, tasks_completed=1234)


def command(shelf: Shelf | None = None) -> click.Command:
    @asynccontextmanager
    async def open_shelf(school: str, game: str, sandbox: bool) -> AsyncIterator[Shelf]:
        assert shelf is not None
        shelf.opened_for = (school, game, sandbox)
        yield shelf

    return build_import_command(open_shelf)


def run(
    *args: str | Path, env: Mapping[str, str] | None = None, shelf: Shelf | None = None
) -> Result:
    return CliRunner().invoke(
        command(shelf), [str(arg) for arg in args], env={**WIDE, **(env or {})}
    )


def to_api(ingest: FakeIngest, *args: str | Path) -> Result:
    return run(*args, "--api-url", ingest.url, "--key", "lt_sandbox_x")
