"""What a school requires, and how its students' consents stand, on the command line."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import click
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.audit import log
from learntrace.audit.acts import Act
from learntrace.cli.context import command_database
from learntrace.cli.lookups import print_table, school_named
from learntrace.kit.errors import InvalidError
from learntrace.privacy import consents, policies
from learntrace.privacy.kinds import Kind, State
from learntrace.roster import reading
from learntrace.roster.importing.tables import read_table
from learntrace.roster.importing.types import Problem

_school = click.option("--school", required=True, help="Name or id.")
_kinds = click.Choice([one.value for one in Kind])
_states = click.Choice([one.value for one in State])


@click.group()
def consent() -> None:
    """What a school requires, and how its students' consents stand."""


@consent.command("policy")
@_school
@click.option("--require", "required", type=_kinds, multiple=True, help="Repeat it for several.")
@click.option("--require-none", is_flag=True, help="Require nothing any more.")
def policy(school: str, required: tuple[str, ...], *, require_none: bool) -> None:
    """Show what the school requires; or have it require these kinds and no others.

    With play required nothing more is stored of whoever lacks it, from this moment.
    """
    if required and require_none:
        raise click.UsageError("Give either --require or --require-none.")

    async def run() -> None:
        async with command_database() as database, database.transaction() as db:
            own = await school_named(db, school)
            if required or require_none:
                now = await policies.put(db, own.id, {Kind(one) for one in required}, user_id=None)
            else:
                now = await policies.in_force(db, own.id)
            lacking = {
                kind: of_kind[State.PENDING] + of_kind[State.REVOKED]
                for kind, of_kind in (await consents.counts(db, own.id)).items()
            }
        words = ", ".join(sorted(now.required)) or "no consent"
        click.echo(f"{own.name} requires {words}.")
        for kind in sorted(now.required):
            click.echo(f"Students without {kind}: {lacking[kind]:,}.")

    asyncio.run(run())


@consent.command("set")
@_school
@click.option("--kind", type=_kinds, required=True)
@click.option("--state", type=_states, required=True)
@click.option("--class", "class_code", help="The class code: everybody in the class now.")
@click.option("--student", type=click.UUID, help="The student's id.")
@click.option(
    "--file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="CSV with a column external_id or student_id.",
)
@click.option("--note", help="On what it rests, at most 500 characters.")
def set_command(
    school: str,
    kind: str,
    state: str,
    class_code: str | None,
    student: UUID | None,
    file: Path | None,
    note: str | None,
) -> None:
    """Note how a consent stands for a class, a student or everybody in a file: for all or none."""
    if [class_code, student, file].count(None) != 2:
        raise click.UsageError("Give one of --class, --student and --file.")
    if note is not None and not 1 <= len(note.strip()) <= consents.MOST_NOTE:
        raise click.UsageError(f"A note has 1 to {consents.MOST_NOTE} characters.")
    named = _Named({}, by_id=False) if file is None else _read(file)

    async def run() -> None:
        async with command_database() as database, database.transaction() as db:
            own = await school_named(db, school)
            if student is not None:
                ids = [student]
            elif class_code is not None:
                ids = await reading.students_of_class_code(db, own.id, class_code)
            else:
                ids = await _students_named(db, own.id, named)
            changed = await consents.put(
                db,
                own.id,
                ids,
                Kind(kind),
                State(state),
                user_id=None,
                note=note and note.strip(),
            )
            await log.write(db, Act.of_command("consent set"), [(own.id, one) for one in ids])
        students = "1 student" if len(ids) == 1 else f"{len(ids):,} students"
        click.echo(f"{kind} is {state} for {students}, anew for {changed:,}.")

    asyncio.run(run())


@dataclass(frozen=True, slots=True)
class _Named:
    """Whom a file names in which line: by our ids, or by those of the school's roster."""

    lines: dict[int, str]
    by_id: bool


def _read(file: Path) -> _Named:
    content = file.read_bytes()
    by_id = b"student_id" in content.partition(b"\n")[0].lower()
    column = "student_id" if by_id else "external_id"
    problems: list[Problem] = []
    rows = read_table(file.name, content, problems, columns=[column]).rows
    if problems:
        raise click.ClickException(str(problems[0]))
    return _Named({row.line: row[column] for row in rows}, by_id=by_id)


async def _students_named(db: AsyncSession, school_id: UUID, named: _Named) -> list[UUID]:
    """All whom a file names. Raises `InvalidError`, which names lines and no student."""
    wanted = set(named.lines.values())
    known: Mapping[str, UUID | None]
    if named.by_id:
        known = {one: _as_id(one) for one in wanted}
    else:
        known = await reading.students_of_sources(db, school_id, wanted)
    unknown = [str(line) for line, one in named.lines.items() if known.get(one) is None]
    if unknown:
        lines = ", ".join(unknown[:10])
        raise InvalidError(f"Nothing was stored: the file names no student in line {lines}.")
    return sorted(one for one in known.values() if one is not None)


def _as_id(named: str) -> UUID | None:
    try:
        return UUID(named)
    except ValueError:
        return None


@consent.command("list")
@_school
@click.option("--kind", type=_kinds, help="Of this kind alone.")
@click.option("--state", type=_states, help="In this state alone.")
@click.option("--ids", is_flag=True, help="The students' ids, one a line, instead of counts.")
def list_command(school: str, kind: str | None, state: str | None, *, ids: bool) -> None:
    """For how many students each consent stands how; who has left is not counted."""
    if ids and not (kind and state):
        raise click.UsageError("--ids takes --kind and --state.")

    async def run() -> None:
        async with command_database() as database, database.transaction() as db:
            own = await school_named(db, school)
            if ids and kind and state:
                found = await consents.students_in(db, own.id, Kind(kind), State(state))
                act = Act.of_command("consent list --ids")
                await log.write(db, act, [(own.id, one) for one in found])
                click.echo("".join(f"{one}\n" for one in found), nl=False)
                return
            required = (await policies.in_force(db, own.id)).required
            counts = await consents.counts(db, own.id)
        rows = [
            (one, "yes" if one in required else "no", how, f"{count:,}")
            for one, of_kind in counts.items()
            for how, count in of_kind.items()
            if kind in (None, one) and state in (None, how)
        ]
        print_table(("KIND", "REQUIRED", "STATE", "STUDENTS"), rows)

    asyncio.run(run())
