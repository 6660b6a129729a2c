"""`learntrace demo`: a school with two weeks of made-up play, to look around in."""

import asyncio
import sys

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from learntrace.cli.context import command_database
from learntrace.demo.demo_file import demo_path
from learntrace.demo.making import DEFAULT_SEED, Made, NotEmptyError, make_demo
from learntrace.kit.config import load_settings

INTERRUPTED = 130
_BEGINNINGS = {
    Made.ANEW: "Making the demo school.",
    Made.COMPLETED: "Completing the demo school that was interrupted.",
    Made.WAS_THERE: "The demo school is here already.",
}


@click.command("demo")
@click.option("--seed", default=DEFAULT_SEED, show_default=True, help="Same seed, same play.")
@click.option(
    "--if-empty", is_flag=True, help="Leave a database that holds something else, and end well."
)
def demo(*, seed: int, if_empty: bool) -> None:
    """Fill an empty database with a demo school: classes, pupils, a game, two weeks of play.

    $DATA_DIR/demo.json then tells its passwords, keys and codes. An interrupted demo is
    completed. Where it is complete, only the addresses in demo.json are brought up to date. A
    database that holds anything else is left as it is.
    """
    console = Console(highlight=False)
    try:
        asyncio.run(_run(seed, if_empty, console))
    except KeyboardInterrupt:
        console.print("\n[bold]Interrupted.[/] The next `learntrace demo` goes on from here.")
        sys.exit(INTERRUPTED)


async def _run(seed: int, if_empty: bool, console: Console) -> None:
    settings = load_settings()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    async with command_database() as database:
        url = database.engine.url.render_as_string(hide_password=False)
        with Progress(*columns, console=console) as bars:
            tasks: dict[str, TaskID] = {}

            def show(doing: str, done: int, total: int) -> None:
                if doing not in tasks:
                    tasks[doing] = bars.add_task(doing, total=total)
                bars.update(tasks[doing], completed=done)

            try:
                await make_demo(
                    database,
                    settings.model_copy(update={"database_url": url}),
                    seed=seed,
                    progress=show,
                    on_begin=lambda made: console.print(_BEGINNINGS[made]),
                )
            except NotEmptyError as error:
                if not if_empty:
                    raise
                console.print(error.detail)
                return
    console.print(f"Passwords, keys and codes are in {demo_path(settings)}.", soft_wrap=True)
