"""From a closed game session to its stored features: one road for every cause.

A close, silence, a late event, a crash, a new extractor, mapping or reference all make a session
due; `assess_unread` and `assess_outdated` claim it in one short transaction, read and compute
without a lock, and save with the count of events actually read. `trying` says how many at a time.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import games
from learntrace.assessment import references, repository, trying
from learntrace.assessment.rows import features_row
from learntrace.events import stored
from learntrace.events.mapping import GameMapping, in_order
from learntrace.events.types import MappedEvent
from learntrace.features.extract import EXTRACTOR_VERSION, extract, settings_of
from learntrace.features.reference import Reference
from learntrace.game_sessions import repository as game_sessions
from learntrace.game_sessions.repository import Claim, Claimed
from learntrace.kit import clock
from learntrace.kit.config import Settings
from learntrace.kit.db import Database
from learntrace.roster.records import hold_student
from learntrace.skills import answers, due, items
from learntrace.skills.knowledge import Answer

log = logging.getLogger(__name__)

CLAIM_S = 300.0


@dataclass(frozen=True, slots=True)
class Basis:
    """What one tenant's game is assessed with now."""

    mapping_version: int
    mapping: GameMapping
    reference: Reference | None

    @property
    def versions(self) -> str:
        """The versions as one text, stored with each assessed session."""
        return _versions(self.mapping_version, self.reference.version if self.reference else 0)


def _versions(mapping_version: int, reference_version: int) -> str:
    """`reference_version` is 0 where there is no table yet."""
    return f"{EXTRACTOR_VERSION}.{mapping_version}.{reference_version}"


async def read_basis(db: AsyncSession, school_id: UUID, game_id: UUID) -> Basis:
    """The mapping and the reference table in force."""
    version, mapping = await games.ready_mapping_in_force(db, school_id, game_id)
    return Basis(version, mapping, await references.latest(db, school_id, game_id))


async def assess_unread(database: Database, settings: Settings) -> int:
    """Assess some of the sessions with events that no assessment has read; how many.

    One that fails is tried again later, each time after a longer rest, and stops no other.
    """
    return await _assess_some(database, settings, game_sessions.claim_unread)


async def assess_outdated(database: Database, settings: Settings) -> int:
    """Assess some of the sessions that rest on other versions than those in force, likewise."""
    async with database.transaction() as db:
        mappings = await games.versions_in_force(db)
        tables = await repository.reference_versions(db)
    bases = [
        game_sessions.Basis(*pair, _versions(version, tables.get(pair, 0)))
        for pair, version in mappings.items()
    ]
    return await _assess_some(
        database, settings, partial(game_sessions.claim_outdated, bases=bases)
    )


async def _assess_some(
    database: Database,
    settings: Settings,
    claim_due: Callable[[AsyncSession, Claim], Awaitable[list[Claimed]]],
) -> int:
    done = 0
    for share in trying.SHARES:
        claim = Claim(clock.now(), settings.quiet_s, CLAIM_S, share.most, share.attempts)
        async with database.transaction() as db:
            claimed = await claim_due(db, claim)
        for one in claimed:
            done += await _try_to_assess(database, one)
    return done


async def _try_to_assess(database: Database, one: Claimed) -> bool:
    try:
        await assess(database, one.school_id, one.game_session_id)
    except Exception:  # the others are not to wait for this one
        log.exception("game session not assessed", extra={"attempts": one.attempts})
        until = clock.now() + timedelta(seconds=trying.rest_s(one.attempts))
        async with database.transaction() as db:
            await game_sessions.back_off(db, one.school_id, one.game_session_id, until=until)
        return False
    return True


async def assess(database: Database, school_id: UUID, game_session_id: UUID) -> None:
    """Read one session's events, extract its features and answers and store them.

    The student is to be assessed anew then. Payloads are mapped as they are read, in a thread;
    see `learntrace.events.stored`.
    """
    async with database.transaction() as db:
        game_session = await game_sessions.find(db, school_id, game_session_id)
        if game_session is None:
            return
        game_id, is_closed = game_session.game_id, game_session.state == "closed"
        student_id = game_session.student_id
        basis = await read_basis(db, school_id, game_id)
        events = await stored.map_session(db, school_id, game_session_id, basis.mapping)
    row, given = await asyncio.to_thread(_extract, events, basis, is_closed=is_closed)
    row |= {
        "school_id": school_id,
        "game_session_id": game_session_id,
        "game_id": game_id,
        "event_count": len(events),
        "mapping_version": basis.mapping_version,
        "assessed_at": clock.now(),
    }
    async with database.transaction() as db:
        if not await hold_student(db, school_id, student_id):
            return
        # First, for it may wait until the student is assessed: nothing that a game needs is held.
        await due.mark(db, school_id, [student_id])
        if not await game_sessions.hold(db, school_id, game_session_id):
            return
        await repository.save_features(db, row)
        await answers.save(
            db,
            school_id=school_id,
            game_session_id=game_session_id,
            student_id=student_id,
            game_id=game_id,
            event_count=len(events),
            answers=given,
        )
        await items.note(
            db,
            school_id=school_id,
            game_id=game_id,
            student_id=student_id,
            mapping_version=basis.mapping_version,
            answers=given,
        )
        await game_sessions.record_assessed(
            db, school_id, game_session_id, event_count=len(events), versions=basis.versions
        )


def _extract(
    events: list[MappedEvent], basis: Basis, *, is_closed: bool
) -> tuple[dict[str, Any], list[Answer]]:
    """The columns of the features, and the answers."""
    ordered = in_order(events)
    extracted = extract(
        ordered, basis.reference, settings_of(basis.mapping), session_closed=is_closed
    )
    return features_row(extracted), answers.answers_in(ordered, basis.mapping)
