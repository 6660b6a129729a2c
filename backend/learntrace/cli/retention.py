"""How long a school keeps what, on the command line."""

import asyncio
from collections.abc import Mapping
from datetime import date

import click

from learntrace.cli.context import command_database
from learntrace.cli.lookups import print_table, school_named
from learntrace.kit.clock import now
from learntrace.privacy import retention as policies
from learntrace.privacy.retention import Boundary, Retention
from learntrace.student_records import forgetting, recordings, removals
from learntrace.student_records.forgetting import Preview

MOST_SHOWN = 60

_school = click.option("--school", required=True, help="Name or id.")
_play_days = click.option("--play-days", type=int, help="Play older than so many days goes.")
_left_days = click.option(
    "--left-days", type=int, help="Who left more than so many days ago is erased."
)


@click.group()
def retention() -> None:
    """How long a school keeps play, students who left, and the audit log."""


@retention.command("show")
@_school
def show_command(school: str) -> None:
    """Show what the school chose, and what its last passes removed."""

    async def run() -> None:
        async with command_database() as database, database.transaction() as db:
            own = await school_named(db, school)
            kept = await policies.in_force(db, own.id)
            said = await recordings.kept(db, own.id)
            removed = await removals.newest(db, own.id, limit=MOST_SHOWN)
        _print_policy(own.name, kept)
        days = said.plan.retention_days if said.confirmed else None
        click.echo(f"{own.name} keeps recordings {_long(days)}.")
        if removed:
            rows = [(f"{one.day}", one.cause, one.kind, f"{one.count:,}") for one in removed]
            print_table(("DAY", "CAUSE", "KIND", "REMOVED"), rows)

    asyncio.run(run())


@retention.command("set")
@_school
@_play_days
@_left_days
@click.option("--audit-days", type=int, help="Entries of the audit log go when they are older.")
@click.option("--keep-play", is_flag=True, help="Keep play until it is erased.")
@click.option("--keep-left", is_flag=True, help="Keep who left until they are erased.")
@click.option("--keep-audit", is_flag=True, help="Keep the audit log for good.")
def set_command(
    school: str,
    play_days: int | None,
    left_days: int | None,
    audit_days: int | None,
    *,
    keep_play: bool,
    keep_left: bool,
    keep_audit: bool,
) -> None:
    """Choose how long the school keeps what; what is not named stays as it is.

    The worker removes what is older at its next pass. See first what would go: preview.
    """
    told = ((play_days, keep_play), (left_days, keep_left), (audit_days, keep_audit))
    if any(days is not None and keep for days, keep in told):
        raise click.UsageError("Give either a number of days or --keep-….")
    if not any(days is not None or keep for days, keep in told):
        raise click.UsageError("Say of what: --play-days, --left-days, --audit-days or --keep-….")

    async def run() -> None:
        async with command_database() as database, database.transaction() as db:
            own = await school_named(db, school)
            known = await policies.in_force(db, own.id)
            kept = await policies.put(
                db,
                own.id,
                play_days=_chosen(play_days, known.play_days, keep=keep_play),
                left_days=_chosen(left_days, known.left_days, keep=keep_left),
                audit_days=_chosen(audit_days, known.audit_days, keep=keep_audit),
                user_id=None,
            )
        _print_policy(own.name, kept)

    asyncio.run(run())


def _chosen(days: int | None, known: int | None, *, keep: bool) -> int | None:
    if keep:
        return None
    return known if days is None else days


@retention.command("preview")
@_school
@_play_days
@_left_days
def preview_command(school: str, play_days: int | None, left_days: int | None) -> None:
    """Say how much would go, now; by what the school chose, or by these days instead."""
    asyncio.run(_preview(school, play_days, left_days))


@retention.command("run")
@_school
@click.option("--dry-run", is_flag=True, help="Say how much would go, and remove nothing.")
def run_command(school: str, *, dry_run: bool) -> None:
    """Remove at once what the school keeps no longer, as the worker does once a day."""
    if dry_run:
        asyncio.run(_preview(school, None, None))
        return

    async def run() -> None:
        async with command_database() as database:
            async with database.transaction() as db:
                own = await school_named(db, school)
                kept = await policies.in_force(db, own.id)
                bounds = await forgetting.limits(db, own.id, kept, at=now())
            counts = await forgetting.forget(database, own.id, bounds)
        _print_counts(counts)
        click.echo("That is removed." if counts else "There was nothing to remove.")

    asyncio.run(run())


async def _preview(school: str, play_days: int | None, left_days: int | None) -> None:
    async with command_database() as database, database.transaction() as db:
        own = await school_named(db, school)
        kept = await policies.in_force(db, own.id)
        if play_days is not None or left_days is not None:
            policies.require_allowed(play_days=play_days, left_days=left_days)
            kept = Retention(kept.version, play_days, left_days, None, None)
        bounds = await forgetting.limits(db, own.id, kept, at=now())
        _print_preview(await forgetting.preview(db, own.id, bounds))


def _print_policy(name: str, kept: Retention) -> None:
    click.echo(f"{name} keeps play {_long(kept.play_days)}.")
    click.echo(f"{name} keeps who left {_long(kept.left_days)}.")
    click.echo(f"{name} keeps the audit log {_long(kept.audit_days, 'for good')}.")


def _long(days: int | None, no_end: str = "until it is erased") -> str:
    return no_end if days is None else f"for {days:,} days"


def _print_preview(found: Preview) -> None:
    click.echo(f"Play before {_day(found.limits.play)} would go.")
    click.echo(f"Recordings before {_day(found.limits.recordings)} would go.")
    click.echo(f"Who left before {_day(found.limits.left)} would be erased: {found.students:,}.")
    _print_counts(found.counts)
    click.echo("Nothing was removed.")


def _day(kept: Boundary | None) -> date | str:
    return "no day" if kept is None else kept.day


def _print_counts(counts: Mapping[str, int]) -> None:
    if counts:
        print_table(("KIND", "RECORDS"), [(kind, f"{n:,}") for kind, n in sorted(counts.items())])
