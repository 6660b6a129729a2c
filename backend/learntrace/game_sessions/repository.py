"""Reads and writes of game sessions; the writer opens and counts them itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import String, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.game_sessions.models import GameSession

LONGEST_CLAIM_S = 6 * 3600.0
MOST_ATTEMPTS = 2**31 - 1
"""More than any session is tried."""


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


@dataclass(frozen=True, slots=True)
class Claim:
    """Which sessions to claim, at most `most` of them, and for how long.

    Only those silent for `quiet_s` that were tried `attempts` times (from, to) since they were
    last assessed. The claim lasts `claim_s`, doubled for each attempt before.
    """

    now: datetime
    quiet_s: float
    claim_s: float
    most: int
    attempts: tuple[int, int] = (0, MOST_ATTEMPTS)


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
        where state = 'open'
          and last_received_bin < :silent_since and last_received_at < :silent_since
        order by school_id, id limit :most for update skip locked
    ) idle
    where g.school_id = idle.school_id and g.id = idle.id
    """
)
# The claim of a session that took its worker with it lasts longer each time.
_CLAIM = """
    update game_sessions g
    set attempts = g.attempts + 1, claimed_until = :now + make_interval(
        secs => least(:longest_s, :claim_s * power(2, least(g.attempts, 20)))
    )
    from ({due}) due
    where g.school_id = due.school_id and g.id = due.id
    returning g.school_id, g.id, g.game_id, g.attempts
"""
_CLAIM_UNREAD = text(
    _CLAIM.format(
        due="""
        select school_id, id from game_sessions
        where is_unread
          and last_received_bin < :quiet_since and last_received_at < :quiet_since
          and (claimed_until is null or claimed_until < :now)
          and attempts between :least_attempts and :most_attempts
        order by last_received_bin limit :most for update skip locked
        """
    )
)
# For each tenant's game two ranges of the index, before and after the versions in force. The
# order is what makes the planner take that index: it cannot know how few rows lie there.
_OUTDATED = """
    select * from (
        select g.school_id, g.id from game_sessions g
        where g.school_id = f.school_id and g.game_id = f.game_id and g.state = 'closed'
          and g.assessed_basis {} f.versions
          and g.last_received_at < :quiet_since
          and (g.claimed_until is null or g.claimed_until < :now)
          and g.attempts between :least_attempts and :most_attempts
        order by g.assessed_basis {} limit :most for update skip locked
    ) claimable
"""
_CLAIM_OUTDATED = text(
    _CLAIM.format(
        due="""
        select found.school_id, found.id
        from unnest(:school_ids, :game_ids, :versions) as f (school_id, game_id, versions)
        cross join lateral ({older} union all {newer}) found
        limit :most
        """
    ).format(older=_OUTDATED.format("<", "asc"), newer=_OUTDATED.format(">", "desc"))
).bindparams(
    bindparam("school_ids", type_=ARRAY(Uuid)),
    bindparam("game_ids", type_=ARRAY(Uuid)),
    bindparam("versions", type_=ARRAY(String)),
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
    select count(*) as due, min(greatest(last_received_at, closed_at)) as oldest
    from game_sessions where is_unread
    """
)
_OPEN = text("select count(*) from game_sessions where state = 'open'")


_HOLD = text("select 1 from game_sessions where school_id = :school_id and id = :id for key share")


async def find(db: AsyncSession, school_id: UUID, game_session_id: UUID) -> GameSession | None:
    return await db.get(GameSession, (school_id, game_session_id), populate_existing=True)


async def hold(db: AsyncSession, school_id: UUID, game_session_id: UUID) -> bool:
    """Keep it from being forgotten until the transaction ends; whether it is there."""
    keys = {"school_id": school_id, "id": game_session_id}
    return await db.scalar(_HOLD, keys) is not None


async def close(db: AsyncSession, school_id: UUID, game_session_id: UUID, *, now: datetime) -> None:
    """Close it; closed already, it keeps its first `closed_at`."""
    await db.execute(_CLOSE, {"school_id": school_id, "id": game_session_id, "now": now})


async def close_idle(db: AsyncSession, *, now: datetime, idle_s: float, most: int = 500) -> int:
    """Close up to `most` sessions of which nothing has arrived for `idle_s`; how many."""
    silent_since = now - timedelta(seconds=idle_s)
    parameters = {"now": now, "silent_since": silent_since, "most": most}
    done: Any = await db.execute(_CLOSE_IDLE, parameters)
    return int(done.rowcount)


async def claim_unread(db: AsyncSession, claim: Claim) -> list[Claimed]:
    """Claim closed, quiet sessions with events that no assessment has read."""
    return _claimed((await db.execute(_CLAIM_UNREAD, _parameters(claim))).all())


async def claim_outdated(db: AsyncSession, claim: Claim, bases: Sequence[Basis]) -> list[Claimed]:
    """Claim closed, quiet sessions that rest on other versions than their game's of `bases`."""
    parameters = _parameters(claim) | {
        "school_ids": [basis.school_id for basis in bases],
        "game_ids": [basis.game_id for basis in bases],
        "versions": [basis.versions for basis in bases],
    }
    return _claimed((await db.execute(_CLAIM_OUTDATED, parameters)).all())


def _parameters(claim: Claim) -> dict[str, Any]:
    least_attempts, most_attempts = claim.attempts
    return {
        "now": claim.now,
        "quiet_since": claim.now - timedelta(seconds=claim.quiet_s),
        "claim_s": claim.claim_s,
        "longest_s": LONGEST_CLAIM_S,
        "most": claim.most,
        "least_attempts": least_attempts,
        "most_attempts": most_attempts,
    }


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
    """How many closed sessions have unread events, and since when the oldest waits.

    A session waits from its close, or from the last event that came after it.
    """
    row = (await db.execute(_DUE)).one()
    return int(row.due), row.oldest
