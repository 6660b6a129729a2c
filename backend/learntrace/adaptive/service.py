"""From what is stored of a pupil and the open game session to what to play next.

All that is read is bounded, and what is computed of it runs in a thread; docs/adaptive.md says
what is left out where there is more.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random, SystemRandom
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import games
from learntrace.accounts.callers import GameCaller
from learntrace.accounts.tenants import one_game
from learntrace.adaptive import repository
from learntrace.adaptive.offers import UnknownItemError, all_known, offer_of
from learntrace.adaptive.policy import Decision, Situation, decide
from learntrace.events import stored
from learntrace.events.mapping import GameMapping, in_order
from learntrace.events.types import MappedEvent
from learntrace.game_sessions.reading import open_sessions
from learntrace.kit import clock
from learntrace.kit.errors import ConflictError, InvalidError, NotFoundError
from learntrace.privacy import policies
from learntrace.skills import answers, items, states
from learntrace.skills.knowledge import Answer, ItemTable, Learner, learn, replay
from learntrace.skills.versions import ITEM_TABLES

NOT_YOURS = "This player token belongs to another pupil."
NO_SKILLS = (
    "Nothing says which skills this game has. Publish a mapping whose events name `skill`, `item` "
    "and `correct` and that lists the game's `skills`, or send `skills=`; see docs/mapping.md."
)
NOTHING_LEFT = "None of these items belongs to one of these skills."
LONGEST_OPEN = timedelta(days=1)
MOST_EVENTS = 2_000
"""So many events of the open session are read, those that came last."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the game says that it can offer now."""

    skills: Sequence[str] | None
    items: Sequence[str] | None


@dataclass(frozen=True, slots=True)
class _Found:
    """All that is stored for one decision.

    `learner` has learned from all closed sessions but `closed`, whose answers are still to be
    replayed; `shared` and `own`: skill -> items that so many, or the pupil, answered.
    """

    mapping: GameMapping
    table: ItemTable
    learner: Learner
    closed: Sequence[Answer]
    events: Sequence[MappedEvent]
    shared: dict[str, list[str]]
    own: dict[str, list[str]]


async def choose_next(
    db: AsyncSession,
    caller: GameCaller,
    student_id: UUID,
    *,
    skills: Sequence[str] | None,
    items: Sequence[str] | None,
    rng: Random | None = None,
) -> tuple[UUID, Decision]:
    """Choose what the caller's pupil plays next, and log it; the decision's id comes first.

    Raises `NotFoundError` for another pupil than the caller's, `ForbiddenError` where the school
    lacks the consent that it requires, `ConflictError` where no skill of the game is known,
    `InvalidError` for an item whose skill is not.
    """
    if caller.student_id != student_id:
        raise NotFoundError(NOT_YOURS)
    await policies.require_play(db, caller.school_id, student_id)
    now = clock.now()
    version, mapping = await games.ready_mapping_in_force(db, caller.school_id, caller.game_id)
    found = await _find(db, caller, student_id, version, mapping, now)
    situation, decision = await asyncio.to_thread(
        _decide, found, _Asked(skills, items), now, rng or SystemRandom()
    )
    decision_id = uuid4()
    repository.add_decision(
        db,
        decision_id,
        decision,
        situation,
        school_id=caller.school_id,
        student_id=student_id,
        game_id=caller.game_id,
        mapping_version=version,
    )
    return decision_id, decision


async def _find(
    db: AsyncSession,
    caller: GameCaller,
    student_id: UUID,
    version: int,
    mapping: GameMapping,
    now: datetime,
) -> _Found:
    school_id, game_id = caller.school_id, caller.game_id
    table = await ITEM_TABLES.in_force(db, school_id, game_id)
    learner, closed = await _stored_learner(db, caller, student_id, table)
    return _Found(
        mapping=mapping,
        table=table,
        learner=learner,
        closed=closed,
        events=await _open_events(db, caller, student_id, mapping, now),
        shared=await items.shared(db, school_id, game_id, mapping_version=version),
        own=await items.of_student(db, school_id, student_id, game_id),
    )


async def _open_events(
    db: AsyncSession,
    caller: GameCaller,
    student_id: UUID,
    mapping: GameMapping,
    now: datetime,
) -> list[MappedEvent]:
    """What came last in the pupil's open game session; what is stored of the pupil rests on
    closed ones.
    """
    still_open = await open_sessions(
        db,
        caller.school_id,
        [student_id],
        games=one_game(caller.game_id),
        since=now - LONGEST_OPEN,
    )
    if not still_open:
        return []
    newest = await stored.map_newest(
        db, caller.school_id, {still_open[0].id: mapping}, most=MOST_EVENTS
    )
    return newest.get(still_open[0].id, [])


async def _stored_learner(
    db: AsyncSession, caller: GameCaller, student_id: UUID, table: ItemTable
) -> tuple[Learner, Sequence[Answer]]:
    """The pupil's state in this game by `table`, and the answers that it is still to learn from.

    One left by an older table is to be made anew from all that count.
    """
    known = await states.find(db, caller.school_id, student_id, caller.game_id)
    if known is None:
        return Learner(), ()
    if known.table_version == table.version:
        return known.learner, ()
    by_game = await answers.of_student(db, caller.school_id, student_id, game_id=caller.game_id)
    return Learner(), [answer for one in by_game for answer in one.answers]


def _decide(found: _Found, asked: _Asked, now: datetime, rng: Random) -> tuple[Situation, Decision]:
    recent = answers.answers_in(in_order(found.events), found.mapping)
    offer = _offer(found, asked, recent)
    learner = replay(found.closed, found.table) if found.closed else found.learner
    for answer in recent:
        learn(learner, found.table, answer)
    situation = Situation(learner, found.table, recent, offer, now)
    return situation, decide(situation, rng)


def _offer(found: _Found, asked: _Asked, recent: Sequence[Answer]) -> dict[str, list[str]]:
    known = all_known(
        found.mapping.skills,
        found.shared,
        found.own,
        *({answer.skill: [answer.item]} for answer in recent),
    )
    if not known and not asked.skills:
        raise ConflictError(NO_SKILLS)
    try:
        offer = offer_of(known, skills=asked.skills, items=asked.items, easiness=found.table.items)
    except UnknownItemError as error:
        raise InvalidError(
            f"Nobody has played the item {error.item[:100]!r} yet, so its skill is not known. "
            "Ask for new items together with the one skill that they belong to."
        ) from None
    if not offer:
        raise InvalidError(NOTHING_LEFT)
    return offer
