"""What skills are estimated with, from the command line."""

import asyncio

import click

from learntrace.assessment.inferring import infer_due
from learntrace.assessment.populations import refit_population
from learntrace.cli.context import command_database
from learntrace.cli.lookups import game_named, tenant_named
from learntrace.skills.refitting import refit_item_table


@click.group()
def skills() -> None:
    """What skills and knowledge are estimated with."""


@skills.command("refit")
@click.argument("school")
@click.argument("game")
@click.option("--sandbox", is_flag=True, help="The school's sandbox instead of itself.")
def refit(school: str, game: str, *, sandbox: bool) -> None:
    """Fit GAME's item table, its head and its population to all play at SCHOOL, now.

    The worker does so by itself whenever there is half as much play again. All who played are
    then assessed anew.
    """

    async def run() -> None:
        async with command_database() as database:
            async with database.transaction() as db:
                tenant = await tenant_named(db, school, sandbox=sandbox)
                of_game = await game_named(db, game)
            answers = await refit_item_table(database, tenant.id, of_game.id)
            sessions = await refit_population(database, tenant.id, of_game.id)
            students = 0
            while assessed := await infer_due(database):
                students += assessed
        click.echo(f"Fitted to {answers:,} answers and {sessions:,} sessions.")
        click.echo(f"Assessed anew: {students:,} students.")

    asyncio.run(run())
