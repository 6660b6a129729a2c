"""Reads and writes of game sessions; the writer opens and counts them itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.game_sessions.models import GameSession


@dataclass(frozen=True, slots=True)
class Claimed:
    """A game session that this worker may assess until its claim runs out."""

    school_id: UUID
    game_session_id: UUID
    game_id: UUID
    attempts: int


@dataclass(frozen=True, slots=True)
class Basis:
    """The versions that one tenant's game is to be assessed with, as one comparable text."""

    school_id: UUID
    game_id: UUID
    versions: str


_CLOSE = text(
    """
    update game_sessions set state = 'closed', closed_at = coalesce(closed_at, :now)
    where school_id = :school_id and id = :id
    """
)
_CLOSE_IDLE = text(
    """
    update game_sessions g set state = 'closed', closed_at = :now
    from (
        select school_id, id from game_sessions
        where state = 'open' and last_received_at < :silent_since
        order by school_id, id limit :most for update skip locked
    ) idle
    where g.school_id = idle.school_id and g.id = idle.id
    """
)
_CLAIM = """
    update game_sessions g
    set claimed_until = :now + make_interval(secs => :claim_s), attempts = g.attempts + 1
    from ({due}) due
    where g.school_id = due.school_id and g.id = due.id
    returning g.school_id, g.id, g.game_id, g.attempts
"""
_CLAIM_UNREAD = text(
    _CLAIM.format(
        due="""
        select school_id, id from game_sessions
        where state = 'closed' and assessed_event_count is distinct from event_count
          and last_received_at < :quiet_since
          and (claimed_until is null or claimed_until < :now)
        order by last_received_at limit :most for update skip locked
        """
    )
)
# Two ranges of the index, before and after the versions in force.
_CLAIM_OUTDATED = text(
    _CLAIM.format(
        due="""
        select g.school_id, g.id from game_sessions g
        where g.school_id = :school_id and g.game_id = :game_id and g.state = 'closed'
          and (g.assessed_basis < :versions or g.assessed_basis > :versions)
          and g.last_received_at < :quiet_since
          and (g.claimed_until is null or g.claimed_until < :now)
        limit :most for update skip locked
        """
    )
)
_ASSESSED = text(
    """
    update game_sessions
    set assessed_event_count = :event_count, assessed_basis = :versions,
        claimed_until = null, attempts = 0
    where school_id = :school_id and id = :id
      and coalesce(assessed_event_count, 0) <= :event_count
    """
)
_BACK_OFF = text(
    """
    update game_sessions set claimed_until = :until
    where school_id = :school_id and id = :id
    """
)
_DUE = text(
    """
    select count(*) as due, min(last_received_at) as oldest from game_sessions
    where state = 'closed' and assessed_event_count is distinct from event_count
    """
)
_OPEN = text("select count(*) from game_sessions where state = 'open'")


async def find(db: AsyncSession, school_id: UUID, game_session_id: UUID) -> GameSession | None:
    return await db.get(GameSession, (school_id, game_session_id), populate_existing=True)


async def close(db: AsyncSession, school_id: UUID, game_session_id: UUID, *, now: datetime) -> None:
    """Close it; closed already, it keeps its first `closed_at`."""
    await db.execute(_CLOSE, {"school_id": school_id, "id": game_session_id, "now": now})


async def close_idle(db: AsyncSession, *, now: datetime, idle_s: float, most: int = 500) -> int:
    """Close up to `most` sessions of which nothing has arrived for `idle_s`; how many."""
    silent_since = now - timedelta(seconds=idle_s)
    parameters = {"now": now, "silent_since": silent_since, "most": most}
    done: Any = await db.execute(_CLOSE_IDLE, parameters)
    return int(done.rowcount)


async def claim_unread(
    db: AsyncSession, *, now: datetime, quiet_s: float, claim_s: float, most: int
) -> list[Claimed]:
    """Claim closed, quiet sessions with events that no assessment has read."""
    parameters = _claim_parameters(now, quiet_s, claim_s, most)
    return _claimed((await db.execute(_CLAIM_UNREAD, parameters)).all())


async def claim_outdated(
    db: AsyncSession, basis: Basis, *, now: datetime, quiet_s: float, claim_s: float, most: int
) -> list[Claimed]:
    """Claim closed, quiet sessions of one tenant's game that rest on other versions."""
    parameters = _claim_parameters(now, quiet_s, claim_s, most) | {
        "school_id": basis.school_id,
        "game_id": basis.game_id,
        "versions": basis.versions,
    }
    return _claimed((await db.execute(_CLAIM_OUTDATED, parameters)).all())


def _claim_parameters(now: datetime, quiet_s: float, claim_s: float, most: int) -> dict[str, Any]:
    quiet_since = now - timedelta(seconds=quiet_s)
    return {"now": now, "quiet_since": quiet_since, "claim_s": claim_s, "most": most}


def _claimed(rows: Sequence[Any]) -> list[Claimed]:
    return sorted(
        (Claimed(row.school_id, row.id, row.game_id, row.attempts) for row in rows),
        key=lambda claimed: (claimed.school_id, claimed.game_session_id),
    )


async def record_assessed(
    db: AsyncSession, school_id: UUID, game_session_id: UUID, *, event_count: int, versions: str
) -> None:
    """Note on how many events and which versions the stored features rest; ends the claim."""
    await db.execute(
        _ASSESSED,
        {
            "school_id": school_id,
            "id": game_session_id,
            "event_count": event_count,
            "versions": versions,
        },
    )


async def back_off(
    db: AsyncSession, school_id: UUID, game_session_id: UUID, *, until: datetime
) -> None:
    """Leave a session that failed alone until then."""
    await db.execute(_BACK_OFF, {"school_id": school_id, "id": game_session_id, "until": until})


async def count_open(db: AsyncSession) -> int:
    return int(await db.scalar(_OPEN) or 0)


async def count_due(db: AsyncSession) -> tuple[int, datetime | None]:
    """How many closed sessions have unread events, and since when the oldest waits."""
    row = (await db.execute(_DUE)).one()
    return int(row.due), row.oldest
