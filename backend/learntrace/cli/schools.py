"""Schools, from the command line."""

import asyncio

import click

from learntrace.accounts import repository
from learntrace.cli.context import command_database
from learntrace.cli.lookups import moment, print_table, school_named
from learntrace.plans import service as plans
from learntrace.roster import schools as roster


@click.group()
def schools() -> None:
    """Schools, each with its sandbox."""


@schools.command("add")
@click.argument("name")
@click.option("--timezone", default="UTC", show_default=True, help="Such as Europe/Zurich.")
@click.option("--language", default="en", show_default=True, help="Such as en or de-CH.")
def add(name: str, timezone: str, language: str) -> None:
    """Add a school, its sandbox and the sandbox's class for test play."""

    async def run() -> None:
        async with command_database() as database, database.transaction() as db:
            school = await roster.open_school(db, name=name, timezone=timezone, language=language)
            added = f"{school.name} {school.id}"
        click.echo(f"Added {added}")

    asyncio.run(run())


@schools.command("plan")
@click.argument("school")
@click.argument("plan", required=False)
def plan_command(school: str, plan: str | None) -> None:
    """Say which plan the school has, by its name or id; or give it PLAN from now on.

    PLAN is free, student, pro or school.
    """

    async def run() -> None:
        async with command_database() as database, database.transaction() as db:
            own = await school_named(db, school)
            if plan is not None:
                await plans.put_plan(db, own.id, plan)
            given = (await plans.plan_of(db, own.id)).plan
            click.echo(f"{own.name} has the plan {given.id}.")

    asyncio.run(run())


@schools.command("list")
def list_command() -> None:
    """Every school."""

    async def run() -> None:
        async with command_database() as database, database.transaction() as db:
            rows = [
                (str(one.id), one.name, one.timezone, one.language, moment(one.created_at))
                for one in await repository.list_schools(db)
            ]
        print_table(("ID", "NAME", "TIME ZONE", "LANGUAGE", "ADDED"), rows)

    asyncio.run(run())
