"""`learntrace export`: play out of the database, as JSON lines or CSV."""

import asyncio
from collections.abc import AsyncIterable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any, TextIO

import click

from learntrace.features.presenting import feature_columns, flat_features
from learntrace.interchange.writers import (
    EVENT_COLUMNS,
    output_file,
    write_csv,
    write_jsonl,
)

JSON_LINES = "jsonl"
CSV = "csv"
SESSION_COLUMNS = (
    "session_id",
    "student_id",
    "student",
    "game",
    "state",
    "started_at",
    "ended_at",
    "event_count",
    "extractor_version",
    "mapping_version",
    "reference_version",
)

Rows = AsyncIterable[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Choice:
    """What to export: ids or names of a school and, where given, of one game.

    `since` and `until` bound the events' or sessions' start, `until` not included; both aware.
    """

    school: str
    game: str | None
    sandbox: bool
    since: datetime | None
    until: datetime | None


OpenRows = Callable[[Choice], AbstractAsyncContextManager[Rows]]
"""Opens the chosen rows: events in the wire shape (`writers.wire_event`), or game sessions with
the cells of SESSION_COLUMNS and `features`, a mapping of names to objects with value and reason."""


def build_export_command(
    open_events: OpenRows, open_sessions: OpenRows, feature_names: Sequence[str]
) -> click.Group:
    """The command, told how to reach the database and which features there are, in order."""

    @click.group("export")
    def group() -> None:
        """Write a school's play to a file, readable by its owner only.

        Names ending in .gz are compressed; `-` is standard output.
        """

    @group.command("events")
    @_choice_options
    @click.option("--format", "file_format", type=click.Choice([JSON_LINES, CSV]), default=None)
    def events(output: str, file_format: str | None, choice: Choice) -> None:
        """Events, one a line: JSON lines that `learntrace import` takes back, or flat CSV."""
        count = asyncio.run(_write_events(open_events(choice), output, file_format))
        click.echo(f"{count:,} events written to {output}.", err=True)

    @group.command("sessions")
    @_choice_options
    def sessions(output: str, choice: Choice) -> None:
        """Game sessions with their features as CSV: each feature's value, or the reason why not."""
        count = asyncio.run(_write_sessions(open_sessions(choice), output, feature_names))
        click.echo(f"{count:,} game sessions written to {output}.", err=True)

    return group


def _choice_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that both exports share, handed on as one Choice."""

    @wraps(command)
    def chosen(
        *,
        school: str,
        game: str | None,
        sandbox: bool,
        since: datetime | None,
        until: datetime | None,
        **others: str | None,
    ) -> None:
        command(choice=Choice(school, game, sandbox, _aware(since), _aware(until)), **others)

    for option in (
        click.argument("output", type=click.Path(dir_okay=False, allow_dash=True)),
        click.option("--school", required=True, help="The school's id or name."),
        click.option("--game", help="Only this game: its id or name."),
        click.option("--sandbox", is_flag=True, help="The school's sandbox instead of live play."),
        click.option("--since", type=click.DateTime(), help="From this time on, UTC."),
        click.option("--until", type=click.DateTime(), help="Before this time, UTC."),
    ):
        chosen = option(chosen)
    return chosen


def _aware(at: datetime | None) -> datetime | None:
    return None if at is None else at.replace(tzinfo=UTC)


async def _write_events(
    opened: AbstractAsyncContextManager[Rows], output: str, file_format: str | None
) -> int:
    is_csv = (file_format or _format_of(output)) == CSV
    async with opened as rows:
        with _output(output) as file:
            if is_csv:
                return await write_csv(rows, file, EVENT_COLUMNS)
            return await write_jsonl(rows, file)


async def _write_sessions(
    opened: AbstractAsyncContextManager[Rows], output: str, feature_names: Sequence[str]
) -> int:
    columns = SESSION_COLUMNS + feature_columns(feature_names)
    async with opened as rows:
        flat = (
            {**row, **flat_features(row.get("features") or {}, feature_names)} async for row in rows
        )
        with _output(output) as file:
            return await write_csv(flat, file, columns)


@contextmanager
def _output(path: str) -> Iterator[TextIO]:
    try:
        with output_file(path) as file:
            yield file
    except BrokenPipeError:
        raise
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}.") from error


def _format_of(output: str) -> str:
    return CSV if output.removesuffix(".gz").endswith(".csv") else JSON_LINES
