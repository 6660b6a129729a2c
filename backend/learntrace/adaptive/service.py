"""From what is stored of a pupil and the open game session to what to play next."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random, SystemRandom
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import games
from learntrace.accounts.callers import GameCaller
from learntrace.accounts.tenants import one_game
from learntrace.adaptive import repository
from learntrace.adaptive.offers import UnknownItemError, offer_of
from learntrace.adaptive.policy import Decision, Situation, decide
from learntrace.events import stored
from learntrace.events.mapping import GameMapping, in_order
from learntrace.game_sessions.reading import open_sessions
from learntrace.kit import clock
from learntrace.kit.errors import ConflictError, InvalidError, NotFoundError
from learntrace.skills import answers, states
from learntrace.skills.items import known_items
from learntrace.skills.knowledge import Answer, ItemTable, Learner, learn, replay
from learntrace.skills.versions import ITEM_TABLES

NOT_YOURS = "This player token belongs to another pupil."
NO_SKILLS = (
    "Nothing says which skills this game has. Publish a mapping whose events name `skill`, `item` "
    "and `correct` and that lists the game's `skills`, or send `skills=`; see docs/mapping.md."
)
NOTHING_LEFT = "None of these items belongs to one of these skills."
LONGEST_OPEN = timedelta(days=1)


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

    Raises `NotFoundError` for another pupil than the caller's, `ConflictError` where no skill of
    the game is known, `InvalidError` for an item whose skill is not.
    """
    if caller.student_id != student_id:
        raise NotFoundError(NOT_YOURS)
    school_id, game_id, now = caller.school_id, caller.game_id, clock.now()
    version, mapping = await games.ready_mapping_in_force(db, school_id, game_id)
    table = await ITEM_TABLES.in_force(db, school_id, game_id)
    offer = await _offer(db, caller, mapping, table, skills=skills, items=items)
    recent = await _answers_in_open_session(db, caller, student_id, mapping, now)
    learner = await _stored_learner(db, caller, student_id, table)
    for answer in recent:
        learn(learner, table, answer)
    situation = Situation(learner, table, recent, offer, now)
    decision = decide(situation, rng or SystemRandom())
    decision_id = uuid4()
    repository.add_decision(
        db,
        decision_id,
        decision,
        situation,
        school_id=school_id,
        student_id=student_id,
        game_id=game_id,
        mapping_version=version,
    )
    return decision_id, decision


async def _offer(
    db: AsyncSession,
    caller: GameCaller,
    mapping: GameMapping,
    table: ItemTable,
    *,
    skills: Sequence[str] | None,
    items: Sequence[str] | None,
) -> dict[str, list[str]]:
    played = await known_items(db, caller.school_id, caller.game_id, table_version=table.version)
    known: dict[str, Sequence[str]] = {**dict.fromkeys(mapping.skills, ()), **played}
    if not known and not skills:
        raise ConflictError(NO_SKILLS)
    try:
        offer = offer_of(known, skills=skills, items=items)
    except UnknownItemError as error:
        raise InvalidError(
            f"Nobody has played the item {error.item[:100]!r} yet, so its skill is not known. "
            "Ask for new items together with the one skill that they belong to."
        ) from None
    if not offer:
        raise InvalidError(NOTHING_LEFT)
    return offer


async def _answers_in_open_session(
    db: AsyncSession,
    caller: GameCaller,
    student_id: UUID,
    mapping: GameMapping,
    now: datetime,
) -> list[Answer]:
    """What the pupil has answered in the open game session, in order; what is stored of the
    pupil rests on closed ones.
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
    events = await stored.map_session(db, caller.school_id, still_open[0].id, mapping)
    return answers.answers_in(in_order(events), mapping)


async def _stored_learner(
    db: AsyncSession, caller: GameCaller, student_id: UUID, table: ItemTable
) -> Learner:
    """The pupil's state in this game by `table`; one left by an older table is made anew."""
    known = await states.find(db, caller.school_id, student_id, caller.game_id)
    if known is None:
        return Learner()
    if known.table_version == table.version:
        return known.learner
    by_game = await answers.of_student(db, caller.school_id, student_id)
    own = next((one.answers for one in by_game if one.game_id == caller.game_id), ())
    return replay(own, table)
