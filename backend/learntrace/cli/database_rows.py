"""What `learntrace export` writes, read out of the database as it goes."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import tenants
from learntrace.assessment import reading as assessment
from learntrace.audit import log
from learntrace.audit.acts import Act
from learntrace.cli.context import command_database
from learntrace.cli.exporting import Choice, Rows
from learntrace.cli.lookups import game_named, tenant_named
from learntrace.events import reading as events
from learntrace.events.reading import students_of_events
from learntrace.game_sessions import reading as game_sessions
from learntrace.game_sessions.reading import students_of_sessions
from learntrace.interchange.writers import wire_event
from learntrace.kit.db import Database
from learntrace.roster import reading as roster

Row = dict[str, Any]


@asynccontextmanager
async def open_events(choice: Choice) -> AsyncIterator[Rows]:
    """The chosen events in the wire shape, session by session."""
    async with command_database() as database:
        school_id, game_id = await _find(database, choice, "export events", students_of_events)
        async with aclosing(_events(database, school_id, game_id, choice)) as rows:
            yield rows


@asynccontextmanager
async def open_sessions(choice: Choice) -> AsyncIterator[Rows]:
    """The chosen game sessions with their features, oldest first."""
    async with command_database() as database:
        school_id, game_id = await _find(database, choice, "export sessions", students_of_sessions)
        async with aclosing(_sessions(database, school_id, game_id, choice)) as rows:
            yield rows


async def _find(
    database: Database,
    choice: Choice,
    command: str,
    students_of: Callable[..., Awaitable[list[UUID]]],
) -> tuple[UUID, UUID | None]:
    """The tenant and, where one is named, the game. Raises `InvalidError`.

    Whom the choice is about stands in the audit log before anything is handed out.
    """
    async with database.transaction() as db:
        tenant = await tenant_named(db, choice.school, sandbox=choice.sandbox)
        game = None if choice.game is None else await game_named(db, choice.game)
        game_id = None if game is None else game.id
        found = await students_of(
            db, tenant.id, game_id=game_id, since=choice.since, until=choice.until
        )
        await log.write(db, Act.of_command(command), [(tenant.id, one) for one in found])
        return tenant.id, game_id


# The transactions stand in the generators: what fails in the file that is written is then not
# taken for the database's failure.
async def _events(
    database: Database, school_id: UUID, game_id: UUID | None, choice: Choice
) -> AsyncGenerator[Row, None]:
    async with database.transaction() as db:
        chosen = events.stream_events(
            db, school_id, game_id=game_id, since=choice.since, until=choice.until
        )
        async for read in chosen:
            yield wire_event(read.event, read.data_text)


async def _sessions(
    database: Database, school_id: UUID, game_id: UUID | None, choice: Choice
) -> AsyncGenerator[Row, None]:
    async with database.transaction() as db:
        chosen = game_sessions.stream_sessions(
            db, school_id, game_id=game_id, since=choice.since, until=choice.until
        )
        async for some in chosen:
            for row in await _with_features(db, school_id, some):
                yield row


async def _with_features(
    db: AsyncSession, school_id: UUID, some: Sequence[game_sessions.PlayedSession]
) -> list[Row]:
    """The rows of these sessions; what rests on an assessment is empty until there is one."""
    assessed = await assessment.find_many_assessed(db, school_id, [one.id for one in some])
    names = await roster.names_of_students(db, school_id, {one.student_id for one in some})
    games = await tenants.named_games(db, {one.game_id for one in some})
    rows = []
    for one in some:
        found = assessed.get(one.id)
        rows.append(
            {
                "session_id": str(one.id),
                "student_id": str(one.student_id),
                "student": names[one.student_id],
                "game": games[one.game_id].name,
                "state": one.state,
                "started_at": one.started_at,
                "ended_at": one.ended_at,
                "event_count": one.event_count,
                "extractor_version": found.extractor_version if found else None,
                "mapping_version": found.mapping_version if found else None,
                "reference_version": found.reference_version if found else None,
                "features": found.features if found else None,
            }
        )
    return rows
