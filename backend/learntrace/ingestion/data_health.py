"""What arrives of a game, what of it the mapping understands, and what had to be refused.

Counts only: no student and no payload is in any of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import BigInteger, Select, cast, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import games
from learntrace.accounts.callers import Person, Role
from learntrace.accounts.repository import find_sandbox
from learntrace.accounts.tenants import (
    games_developed_by,
    only,
    sandboxes,
    tenants_of_person,
    tenants_using,
)
from learntrace.events import repository as events
from learntrace.events.mapping import GameMapping
from learntrace.events.reading import TypeCount, count_types
from learntrace.events.ready import ready_mapping
from learntrace.game_sessions.reading import last_received_at
from learntrace.ingestion.models import Rejection
from learntrace.kit.clock import now

LIVE = "live"
SANDBOX = "sandbox"
SHOWN_DAYS = 30


@dataclass(frozen=True, slots=True)
class EventTypes:
    """The event names of a game. `versions` and `mappings` are those in force, by environment."""

    counts: Sequence[TypeCount]
    versions: dict[str, int]
    mappings: dict[str, GameMapping]


@dataclass(frozen=True, slots=True)
class Refused:
    """How often one UTC day's events were refused for one reason; `detail` is the latest's."""

    sandbox: bool
    day: date
    code: str
    count: int
    detail: str
    last_at: datetime


@dataclass(frozen=True, slots=True)
class DataHealth:
    """`last_at`: when the newest event of each environment arrived, by the server's clock."""

    last_at: dict[str, datetime]
    refused: Sequence[Refused]


@dataclass(frozen=True, slots=True)
class SeenGame:
    """A game as a person's list shows it; `mapping_version` is the one in force for them."""

    id: UUID
    name: str
    mapping_version: int
    latest_mapping_version: int
    last_event_at: datetime | None


def environment_of(*, sandbox: bool) -> str:
    """The environment's name."""
    return SANDBOX if sandbox else LIVE


def tenants_counted_for(person: Person) -> Select[UUID]:
    """Whose events are counted: a developer's games' wherever they are used, live play too."""
    if person.role is Role.GAME_DEVELOPER:
        return tenants_using(games_developed_by(person.user_id))
    return tenants_of_person(person)


async def seen_games(db: AsyncSession, person: Person) -> list[SeenGame]:
    """The games that `person` may know of, by name, with when any event of theirs last arrived."""
    found = []
    for game in await games.visible_games(db, person):
        last = await last_received_at(db, game.id, tenants=tenants_counted_for(person))
        latest = await events.latest_mapping_version(db, game.id)
        in_force = latest
        if person.school_id is not None:
            in_force = await games.resolve_mapping_version(db, person.school_id, game.id)
        last_at = max(last.values(), default=None)
        found.append(SeenGame(game.id, game.name, in_force, latest, last_at))
    return found


async def event_types(
    db: AsyncSession, person: Person, game_id: UUID, *, environment: str | None
) -> EventTypes:
    """What arrived of a game, in one environment or in both.

    Read through the mapping in force for the person's school, for others through the latest.
    Raises `NotFoundError` for a game that is not for `person`'s eyes.
    """
    await games.require_visible_game(db, person, game_id)
    tenants = tenants_counted_for(person)
    if environment is not None:
        tenants = only(tenants, sandbox=environment == SANDBOX)
    counts = await count_types(db, game_id, tenants=tenants, sandboxes=sandboxes())
    found = await _mappings_in_force(db, person, game_id)
    return EventTypes(
        counts,
        versions={name: version for name, (version, _) in found.items()},
        mappings={name: mapping for name, (_, mapping) in found.items()},
    )


async def _mappings_in_force(
    db: AsyncSession, person: Person, game_id: UUID
) -> dict[str, tuple[int, GameMapping]]:
    if person.school_id is None:
        latest = await events.latest_mapping_version(db, game_id)
        ready = (latest, await ready_mapping(db, game_id, latest))
        return {LIVE: ready, SANDBOX: ready}
    found = {}
    twin = await find_sandbox(db, person.school_id)
    assert twin is not None, "people belong to live schools, and each has its twin"
    for name, tenant in ((LIVE, person.school_id), (SANDBOX, twin.id)):
        found[name] = await games.ready_mapping_in_force(db, tenant, game_id)
    return found


async def data_health(db: AsyncSession, person: Person, game_id: UUID) -> DataHealth:
    """When each environment was last heard of, and what was refused in the last 30 days.

    Raises `NotFoundError` for a game that is not for `person`'s eyes.
    """
    await games.require_visible_game(db, person, game_id)
    tenants = tenants_counted_for(person)
    last = await last_received_at(db, game_id, tenants=tenants)
    return DataHealth(
        last_at={environment_of(sandbox=sandbox): at for sandbox, at in last.items()},
        refused=await _refused(db, game_id, tenants),
    )


async def _refused(db: AsyncSession, game_id: UUID, tenants: Select[UUID]) -> list[Refused]:
    sandbox = Rejection.school_id.in_(sandboxes()).label("sandbox")
    details = func.array_agg(aggregate_order_by(Rejection.detail, Rejection.last_at.desc()))
    since = now().date() - timedelta(days=SHOWN_DAYS)
    query = (
        select(
            sandbox,
            Rejection.day,
            Rejection.code,
            cast(func.sum(Rejection.count), BigInteger),
            details[1],
            func.max(Rejection.last_at),
        )
        .where(
            Rejection.school_id.in_(tenants), Rejection.game_id == game_id, Rejection.day >= since
        )
        .group_by(sandbox, Rejection.day, Rejection.code)
        .order_by(Rejection.day.desc(), sandbox, Rejection.code)
    )
    return [Refused(*row) for row in await db.execute(query)]
