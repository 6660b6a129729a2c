"""`learntrace import`: play logs from a file, through the API or straight into the database."""

import asyncio
import json
import math
import os
import socket
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

from learntrace.cli.import_report import print_report, print_table
from learntrace.interchange.api_sink import ApiSink, Waiter
from learntrace.interchange.importer import ImportReport, import_events
from learntrace.interchange.sink import ImportStoppedError, Sink
from learntrace.interchange.sources import Source, UnreadableFileError
from learntrace.kit import addresses
from learntrace.kit.config import load_settings

TABLE_BY_DEFAULT_UP_TO = 50
INTERRUPTED = 130

OpenSink = Callable[[Waiter], AbstractAsyncContextManager[Sink]]
"""Opens where events go, given how to wait in sight of the person."""

OpenDatabaseSink = Callable[[str, str, bool], AbstractAsyncContextManager[Sink]]
"""Opens a sink into the database: school, game (ids or names), and whether it is the sandbox."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where to, and the words for it."""

    description: str
    open: OpenSink


def build_import_command(open_database_sink: OpenDatabaseSink) -> click.Command:
    """The command, told how to reach the database."""

    @click.command("import")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--api-url", help="Address of the API, such as http://127.0.0.1:8000.")
    @click.option("--key", envvar="LEARNTRACE_KEY", help="Write key; or set LEARNTRACE_KEY.")
    @click.option(
        "--demo", is_flag=True, help="Into the demo's sandbox, as $DATA_DIR/demo.json says."
    )
    @click.option("--school", help="Straight into the database: the school's id or name.")
    @click.option("--game", help="Straight into the database: the game's id or name.")
    @click.option("--sandbox", is_flag=True, help="With --school: into the school's sandbox.")
    @click.option("--keep-open", is_flag=True, help="Do not close the file's game sessions.")
    @click.option(
        "--table/--no-table",
        default=None,
        help="Print the sessions' features (default: for up to 50 sessions).",
    )
    @click.option(
        "--examples", default=5, show_default=True, type=click.IntRange(0), help="Shown per code."
    )
    def command(
        *,
        file: Path,
        api_url: str | None,
        key: str | None,
        demo: bool,
        school: str | None,
        game: str | None,
        sandbox: bool,
        keep_open: bool,
        table: bool | None,
        examples: int,
    ) -> None:
        """Import the play logs in FILE.

        FILE holds JSON lines in our event shape (.jsonl, .jsonl.gz) or an OpenGameData event
        table (.tsv, .tsv.gz, .zip). It is safe to interrupt and to repeat: events that are
        already stored count as duplicates. Exit code 0: nothing was rejected; 1: something was;
        2: wrong usage; 130: interrupted.
        """
        console = Console()
        if school or game or sandbox:
            if not (school and game) or demo or api_url:
                raise click.UsageError(
                    "into the database: give --school and --game, without --api-url and --demo"
                )
            target = Target(
                f"the database, school {school}, game {game}" + (", sandbox" if sandbox else ""),
                lambda _wait: open_database_sink(school, game, sandbox),
            )
        else:
            target = _api_target(api_url, key, demo, console)
        console.print(f"Importing {file.name} into {target.description}.", highlight=False)
        report = ImportReport(example_limit=examples)
        code = _run(file, target, report, keep_open, console)
        print_report(report, console)
        if table or (table is None and len(report.closed) <= TABLE_BY_DEFAULT_UP_TO):
            print_table(report, console)
        sys.exit(code)

    return command


def _run(
    file: Path, target: Target, report: ImportReport, keep_open: bool, console: Console
) -> int:
    """Imports and returns the exit code; what happened is in the report in every case."""
    try:
        asyncio.run(_import(file, target, report, keep_open, console))
    except KeyboardInterrupt:
        console.print("\n[bold]Interrupted.[/] It is safe to run the same import again.")
        return INTERRUPTED
    except (UnreadableFileError, ImportStoppedError) as error:
        console.print(Text.assemble(("Stopped: ", "bold red"), str(error)))
        return 1
    return 1 if report.rejected else 0


async def _import(
    file: Path, target: Target, report: ImportReport, keep_open: bool, console: Console
) -> None:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    with Source(file) as source, Progress(*columns, console=console) as progress:
        bar = progress.add_task("starting", total=source.total_bytes or 1)

        def describe(suffix: str = "") -> None:
            text = f"{report.accepted + report.duplicates + report.rejected:,} events"
            if report.closed or report.not_stored:
                done = len(report.closed) + len(report.not_stored)
                text = f"{done} of {len(report.sessions)} sessions closed"
            progress.update(bar, completed=source.position, description=text + suffix)

        async def wait(seconds: float, reason: str) -> None:
            for left_s in range(math.ceil(seconds), 0, -1):
                describe(f", {reason}: {left_s} s")
                await asyncio.sleep(min(1.0, seconds))
            describe()

        async with target.open(wait) as sink:
            await import_events(source, sink, report, keep_open=keep_open, on_progress=describe)
        describe()


def _api_target(api_url: str | None, key: str | None, demo: bool, console: Console) -> Target:
    if demo or not (api_url or key):
        found = _demo()
        if not demo:
            console.print(
                f"No key given: using the sandbox key of the demo in {demo_file()}.",
                highlight=False,
            )
        api_url, key = found["api_url"], found["sandbox_key"]
    if not key:
        raise click.UsageError("--api-url needs --key (or LEARNTRACE_KEY)")
    if not api_url:
        api_url = _own_api()
    client_id = f"import-{socket.gethostname()}-{os.getpid()}"
    address, secret = api_url, key
    return Target(address, lambda wait: ApiSink(address, secret, client_id=client_id, wait=wait))


def _own_api() -> str:
    """The API of this machine: where the demo says it is, else where the settings put it."""
    try:
        return str(_demo()["api_url"])
    except click.UsageError:
        return addresses.api_url(load_settings())


def demo_file() -> Path:
    """Where a running demo says how to reach it."""
    return Path(os.environ.get("DATA_DIR", ".data")) / "demo.json"


def _demo() -> dict[str, Any]:
    try:
        found = json.loads(demo_file().read_text(encoding="utf-8"))
        return {"api_url": found["api_url"], "sandbox_key": found["sandbox_key"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise click.UsageError(
            f"give --api-url and --key, or --school and --game, or start the demo first: "
            f"{demo_file()} cannot be read"
        ) from error
