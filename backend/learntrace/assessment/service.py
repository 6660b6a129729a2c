"""From a closed game session to its stored features: one road for every cause.

A close, silence, a late event, a crash, a new extractor, mapping or reference all make a session
due; `assess_due` claims it in one short transaction, reads and computes without a lock, and saves
with the count of events actually read.
"""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import games
from learntrace.assessment import references, repository
from learntrace.assessment.rows import features_row
from learntrace.events import stored
from learntrace.events.mapping import GameMapping, map_events, parse_mapping
from learntrace.events.types import Event
from learntrace.features.extract import EXTRACTOR_VERSION, extract, settings_of
from learntrace.features.reference import Reference
from learntrace.game_sessions import repository as game_sessions
from learntrace.kit import clock
from learntrace.kit.config import Settings
from learntrace.kit.db import Database

log = logging.getLogger(__name__)

CLAIM_S = 300.0
FIRST_BACK_OFF_S = 5.0
LONGEST_BACK_OFF_S = 3600.0
CLAIMED_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Basis:
    """What one tenant's game is assessed with now."""

    mapping_version: int
    mapping: GameMapping
    reference: Reference | None

    @property
    def versions(self) -> str:
        """The versions as one text, stored with each assessed session."""
        reference = self.reference.version if self.reference else 0
        return f"{EXTRACTOR_VERSION}.{self.mapping_version}.{reference}"


async def read_basis(db: AsyncSession, school_id: UUID, game_id: UUID) -> Basis:
    """The mapping and the reference table in force."""
    version, raw = await games.mapping_in_force(db, school_id, game_id)
    return Basis(version, parse_mapping(raw), await references.latest(db, school_id, game_id))


async def assess_due(database: Database, settings: Settings) -> bool:
    """Assess some of the sessions that are due; whether there were any.

    One that fails is tried again later, each time after a longer rest, and stops no other.
    """
    now = clock.now()
    async with database.transaction() as db:
        claimed = await game_sessions.claim_unread(
            db, now=now, quiet_s=settings.quiet_s, claim_s=CLAIM_S, most=CLAIMED_AT_ONCE
        )
    if not claimed:
        claimed = await _claim_outdated(database, settings, now)
    for one in claimed:
        try:
            await assess(database, one.school_id, one.game_session_id)
        except Exception:  # the others are not to wait for this one
            log.exception("game session not assessed", extra={"attempts": one.attempts})
            rest_s = min(LONGEST_BACK_OFF_S, FIRST_BACK_OFF_S * 2**one.attempts)
            until = clock.now() + timedelta(seconds=rest_s)
            async with database.transaction() as db:
                await game_sessions.back_off(db, one.school_id, one.game_session_id, until=until)
    return bool(claimed)


async def _claim_outdated(
    database: Database, settings: Settings, now: datetime
) -> list[game_sessions.Claimed]:
    async with database.transaction() as db:
        for school_id, game_id in await games.used_games(db):
            basis = await read_basis(db, school_id, game_id)
            claimed = await game_sessions.claim_outdated(
                db,
                game_sessions.Basis(school_id, game_id, basis.versions),
                now=now,
                quiet_s=settings.quiet_s,
                claim_s=CLAIM_S,
                most=CLAIMED_AT_ONCE,
            )
            if claimed:
                return claimed
    return []


async def assess(database: Database, school_id: UUID, game_session_id: UUID) -> None:
    """Read one session's events, extract its features and store them."""
    async with database.transaction() as db:
        game_session = await game_sessions.find(db, school_id, game_session_id)
        if game_session is None:
            return
        basis = await read_basis(db, school_id, game_session.game_id)
        events = await stored.of_session(db, school_id, game_session_id)
        game_id, is_closed = game_session.game_id, game_session.state == "closed"
    row = await asyncio.to_thread(_extract_row, events, basis, is_closed=is_closed)
    row |= {
        "school_id": school_id,
        "game_session_id": game_session_id,
        "game_id": game_id,
        "event_count": len(events),
        "mapping_version": basis.mapping_version,
        "assessed_at": clock.now(),
    }
    async with database.transaction() as db:
        await repository.save_features(db, row)
        await game_sessions.record_assessed(
            db, school_id, game_session_id, event_count=len(events), versions=basis.versions
        )


def _extract_row(events: list[Event], basis: Basis, *, is_closed: bool) -> dict[str, Any]:
    extracted = extract(
        map_events(basis.mapping, events),
        basis.reference,
        settings_of(basis.mapping),
        session_closed=is_closed,
    )
    return features_row(extracted)
