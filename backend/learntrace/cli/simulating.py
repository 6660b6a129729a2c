"""`learntrace simulate`: made-up play, into a file or into a running server."""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain, count, islice
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from learntrace.cli.import_report import print_report
from learntrace.demo.noise import shaken
from learntrace.demo.pupils import Pupil
from learntrace.demo.simulator import WireEvent, simulate_play
from learntrace.interchange.api_sink import ApiSink
from learntrace.interchange.batches import Batch
from learntrace.interchange.importer import ImportReport
from learntrace.interchange.readers import ReadEvent
from learntrace.interchange.sink import ImportStoppedError
from learntrace.interchange.writers import output_file

_STUDENT_IDS = UUID("3d9f2c51-7b0e-5c1d-9a51-5c8f0b1a7e44")
DEFAULT_RATE = 100.0
INTERRUPTED = 130


@click.command("simulate")
@click.argument("output", default="-", type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--seed", default=1, show_default=True, help="Same seed, same play.")
@click.option("--classes", default=2, show_default=True, type=click.IntRange(1, 1000))
@click.option("--pupils", default=24, show_default=True, type=click.IntRange(1, 100))
@click.option("--days", default=14, show_default=True, type=click.IntRange(1, 366))
@click.option(
    "--until", type=click.DateTime(), help="The play's end, UTC (default: now, to the minute)."
)
@click.option("--timezone", default="Europe/Berlin", show_default=True, help="The school's zone.")
@click.option("--noise", is_flag=True, help="Late, swapped and repeated events, as networks do.")
@click.option("--api-url", help="Send to this API instead of writing OUTPUT.")
@click.option("--key", envvar="LEARNTRACE_KEY", help="Sandbox write key; or set LEARNTRACE_KEY.")
@click.option(
    "--rate", default=DEFAULT_RATE, show_default=True, type=click.FloatRange(0.1), help="Events/s."
)
def simulate(
    *,
    output: str,
    seed: int,
    classes: int,
    pupils: int,
    days: int,
    until: datetime | None,
    timezone: str,
    noise: bool,
    api_url: str | None,
    key: str | None,
    rate: float,
) -> None:
    """Simulate pupils at the wave game and write their events to OUTPUT as JSON lines.

    With --api-url and --key the events are sent to a server instead, at --rate events a second;
    a sandbox key enrols the made-up pupils.
    """
    end = until.replace(tzinfo=UTC) if until else datetime.now(UTC).replace(second=0, microsecond=0)
    zone = _zone(timezone)
    events: Iterator[WireEvent] = simulate_play(
        seed,
        simulated_pupils(seed, classes, pupils),
        start=end.astimezone(zone).date() - timedelta(days=days),
        days=days + 1,
        zone=zone,
        until=end,
    )
    if noise:
        events = shaken(events, seed)
    if api_url is None:
        _write(events, output)
    elif key is None:
        raise click.UsageError("--api-url needs --key (or LEARNTRACE_KEY)")
    else:
        _send(list(events), api_url, key, rate)


def simulated_pupils(seed: int, classes: int, pupils: int) -> list[Pupil]:
    """Made-up pupils with ids that follow from the seed and their place."""
    return [
        Pupil(uuid5(_STUDENT_IDS, f"{seed}:{class_number}:{number}"), f"class {class_number}")
        for class_number in range(1, classes + 1)
        for number in range(pupils)
    ]


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise click.UsageError(f"there is no time zone {name!r}") from error


def _write(events: Iterator[WireEvent], output: str) -> None:
    written = 0
    with output_file(output) as file:
        for event in events:
            file.write(json.dumps(event, separators=(",", ":")) + "\n")
            written += 1
    if output != "-":
        click.echo(f"{written:,} events written to {output}.", err=True)


def _send(events: list[WireEvent], api_url: str, key: str, rate: float) -> None:
    console, report = Console(), ImportReport()
    try:
        asyncio.run(_send_all(events, api_url, key, rate, report, console))
    except KeyboardInterrupt:
        console.print("\n[bold]Interrupted.[/]")
        print_report(report, console)
        sys.exit(INTERRUPTED)
    except ImportStoppedError as error:
        print_report(report, console)
        raise click.ClickException(str(error)) from error
    print_report(report, console)


async def _send_all(
    events: list[WireEvent],
    api_url: str,
    key: str,
    rate: float,
    report: ImportReport,
    console: Console,
) -> None:
    """One batch about every six seconds, so that the usual limit of ten a minute suffices."""
    size = max(1, min(1000, round(rate * 6)))
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("events", total=len(events))

        async def wait(seconds: float, reason: str) -> None:
            progress.update(bar, description=f"events, {reason}, {seconds:.0f} s")
            await asyncio.sleep(seconds)
            progress.update(bar, description="events")

        started_s, sent = time.monotonic(), 0
        rest = map(_read, count(1), events)
        async with ApiSink(api_url, key, client_id="simulate", wait=wait) as sink:
            for first in rest:
                batch = Batch.of(chain((first,), islice(rest, size - 1)))
                report.take_answer(batch, await sink.send(batch))
                sent += len(batch.events)
                progress.update(bar, completed=sent)
                await asyncio.sleep(max(0.0, started_s + sent / rate - time.monotonic()))


def _read(number: int, event: WireEvent) -> ReadEvent:
    text = json.dumps(event, separators=(",", ":")).encode()
    return ReadEvent(number, text, event["session_id"], event["student_id"])
