"""Which items of each skill pupils of a tenant's game have answered, and which of them all may see.

What a pupil's game sends is the pupil's to make up, so a skill or an item is shared, that is, told
to others, only when `SHARED_BY` pupils have answered it. A game keeps at most `MOST_KEPT` of them.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Executable, Text, Uuid, bindparam, delete, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts.games import resolve_mapping_version
from learntrace.skills.assessments import AssessmentLine
from learntrace.skills.knowledge import Answer
from learntrace.skills.models import AnsweredItem

SHARED_BY: Final = 3
MOST_KEPT: Final = 5_000
MOST_ALONE: Final = 500
"""So many that are not shared yet may be of one pupil's finding, so that one fills no game."""
MOST_OWN: Final = 5_000
"""So many of a pupil's own answers are looked through, those of the newest sessions."""

Pair = tuple[str, str]
"""Skill and item; the skill itself has the item ""."""

# Who notes for a game waits for whoever is at it: the bound holds, and no two wait for each other.
_TAKE_TURNS = text("select pg_advisory_xact_lock(hashtextextended(:game, 8))")
_TAKE_TURNS_IN_GAMES = text(
    """
    select pg_advisory_xact_lock(hashtextextended(:school_id || '/' || game_id, 8)) from (
        select distinct game_id from answered_items
        where school_id = cast(:school_id as uuid)
          and cast(:student_id as uuid) = any(student_ids)
        order by game_id
    ) games
    """
)
_PAIRS = (bindparam("skills", type_=ARRAY(Text)), bindparam("items", type_=ARRAY(Text)))
_IS_SHARED = func.cardinality(AnsweredItem.student_ids) >= SHARED_BY
_FIND = text(
    """
    select known.skill, known.item,
           cardinality(student_ids) >= :shared_by or :student_id = any(student_ids)
    from unnest(:skills, :items) as asked (skill, item)
    join answered_items known on known.skill = asked.skill and known.item = asked.item
    where school_id = :school_id and game_id = :game_id and mapping_version = :mapping_version
    """
).bindparams(bindparam("student_id", type_=Uuid), *_PAIRS)
_NOTE = text(
    """
    insert into answered_items as known
    (school_id, game_id, mapping_version, skill, item, student_ids)
    select :school_id, :game_id, :mapping_version, skill, item, array[:student_id]
    from unnest(:skills, :items) as noted (skill, item)
    on conflict (school_id, game_id, mapping_version, skill, item)
    do update set student_ids = known.student_ids || excluded.student_ids
    """
).bindparams(
    bindparam("school_id", type_=Uuid),
    bindparam("game_id", type_=Uuid),
    bindparam("student_id", type_=Uuid),
    *_PAIRS,
)
_TAKE_OUT = text(
    """
    with kept as materialized (
        select distinct answer ->> 2 as skill, answer ->> 1 as item
        from session_answers, jsonb_array_elements(answers) as answer
        where school_id = :school_id and student_id = :student_id and game_id = :game_id
    )
    update answered_items known set student_ids = array_remove(student_ids, :student_id)
    where school_id = :school_id and game_id = :game_id and :student_id = any(student_ids)
      and (skill, item) not in (select skill, item from kept union select skill, '' from kept)
    """
).bindparams(
    bindparam("school_id", type_=Uuid),
    bindparam("game_id", type_=Uuid),
    bindparam("student_id", type_=Uuid),
)
_OWN = text(
    """
    select distinct skill, item
    from (
        select answer ->> 2 as skill, answer ->> 1 as item
        from (
            select answers from session_answers
            where school_id = :school_id and student_id = :student_id and game_id = :game_id
              and answer_count > 0
            order by first_at desc
        ) newest, jsonb_array_elements(answers) as answer
        limit :most
    ) looked_through
    order by skill, item
    """
)


async def note(
    db: AsyncSession,
    *,
    school_id: UUID,
    game_id: UUID,
    student_id: UUID,
    mapping_version: int,
    answers: Sequence[Answer],
) -> None:
    """Remember that the student answered these, and forget what other mappings read.

    Where another mapping than the one that read them has come into force since, nothing changes.
    Where the game is full, all that is not shared yet starts again. What then finds no room is
    left out, and so is what goes beyond `MOST_ALONE`.
    """
    pairs = _pairs(answers)
    if not pairs:
        return
    whose = {
        "school_id": school_id,
        "game_id": game_id,
        "student_id": student_id,
        "mapping_version": mapping_version,
    }
    of_game = AnsweredItem.school_id == school_id, AnsweredItem.game_id == game_id
    await db.execute(_TAKE_TURNS, {"game": f"{school_id}/{game_id}"})
    if await resolve_mapping_version(db, school_id, game_id) != mapping_version:
        return
    await db.execute(
        delete(AnsweredItem).where(*of_game, AnsweredItem.mapping_version != mapping_version)
    )
    rows = await db.execute(_FIND, whose | _columns(pairs) | {"shared_by": SHARED_BY})
    is_settled = {(skill, item): settled for skill, item, settled in rows}
    joined = [pair for pair, settled in is_settled.items() if not settled]
    new = [pair for pair in pairs if pair not in is_settled]
    if new:
        is_own = AnsweredItem.student_ids[1] == student_id
        count = select(func.count(), func.count().filter(is_own, ~_IS_SHARED)).where(*of_game)
        kept, alone = (await db.execute(count)).one()
        new = new[: max(0, MOST_ALONE - alone)]
        if kept + len(new) > MOST_KEPT:
            await db.execute(delete(AnsweredItem).where(*of_game, ~_IS_SHARED))
            kept, _ = (await db.execute(count)).one()
            joined, new = [], [*joined, *new][: max(0, MOST_KEPT - kept)]
    if joined or new:
        await db.execute(_NOTE, whose | _columns([*joined, *new]))


async def take_out_forgotten(
    db: AsyncSession, *, school_id: UUID, game_id: UUID, student_id: UUID
) -> None:
    """Take the student out of who answered what none of the student's answers is on any more."""
    keys = {"school_id": school_id, "game_id": game_id, "student_id": student_id}
    await db.execute(_TAKE_TURNS, {"game": f"{school_id}/{game_id}"})
    await db.execute(_TAKE_OUT, keys)
    nobody = func.cardinality(AnsweredItem.student_ids) == 0
    await db.execute(
        delete(AnsweredItem).where(
            AnsweredItem.school_id == school_id, AnsweredItem.game_id == game_id, nobody
        )
    )


def take_turns_in_games_of(school_id: UUID, student_id: UUID) -> Executable:
    """The statement that has whoever notes for a game that this student answered in wait."""
    return _TAKE_TURNS_IN_GAMES.bindparams(school_id=str(school_id), student_id=str(student_id))


async def noted_version(db: AsyncSession, school_id: UUID, game_id: UUID) -> int | None:
    """The mapping version that read what is noted for a tenant's game, `None` if nothing is."""
    query = select(func.max(AnsweredItem.mapping_version))
    return await db.scalar(
        query.where(AnsweredItem.school_id == school_id, AnsweredItem.game_id == game_id)
    )


async def shared(
    db: AsyncSession, school_id: UUID, game_id: UUID, *, mapping_version: int
) -> dict[str, list[str]]:
    """Skill -> its items, by name, that so many pupils have answered that all may know them."""
    query = select(AnsweredItem.skill, AnsweredItem.item).where(
        AnsweredItem.school_id == school_id,
        AnsweredItem.game_id == game_id,
        AnsweredItem.mapping_version == mapping_version,
        _IS_SHARED,
    )
    return _by_skill(await db.execute(query.order_by(AnsweredItem.skill, AnsweredItem.item)))


async def of_student(
    db: AsyncSession, school_id: UUID, student_id: UUID, game_id: UUID
) -> dict[str, list[str]]:
    """Skill -> the items, by name, that the student answered in the newest closed sessions."""
    keys = {"school_id": school_id, "student_id": student_id, "game_id": game_id}
    return _by_skill(await db.execute(_OWN, keys | {"most": MOST_OWN}))


def of_shared_skills(learners: Sequence[Sequence[Answer]]) -> list[list[Answer]]:
    """Each learner's answers without those on skills that too few learners answered."""
    counts = Counter(skill for given in learners for skill in {one.skill for one in given})
    least = min(SHARED_BY, len(learners))
    return [[answer for answer in given if counts[answer.skill] >= least] for given in learners]


def shared_only(lines: Mapping[UUID, AssessmentLine]) -> dict[UUID, AssessmentLine]:
    """A class's estimates by student, with the knowledge that is a column for all of them.

    That is each skill which the game's mapping lists or `SHARED_BY` of these students answered;
    where fewer played the game, all of those.
    """
    answered = Counter(
        (one["game_id"], one["skill"]) for line in lines.values() for one in line.knowledge
    )
    players = Counter(
        game_id for line in lines.values() for game_id in {one["game_id"] for one in line.knowledge}
    )

    def is_shared(one: Mapping[str, Any]) -> bool:
        game_id, skill = one["game_id"], one["skill"]
        return bool(one.get("listed")) or (
            answered[game_id, skill] >= min(SHARED_BY, players[game_id])
        )

    return {
        student_id: replace(line, knowledge=[one for one in line.knowledge if is_shared(one)])
        for student_id, line in lines.items()
    }


def _pairs(answers: Sequence[Answer]) -> list[Pair]:
    """The skills and the items answered, each once, skills first."""
    skills = dict.fromkeys((answer.skill, "") for answer in answers)
    return list(skills | dict.fromkeys((answer.skill, answer.item) for answer in answers))


def _columns(pairs: Collection[Pair]) -> dict[str, list[str]]:
    return {"skills": [skill for skill, _ in pairs], "items": [item for _, item in pairs]}


def _by_skill(rows: Iterable[Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for skill, item in rows:
        of_skill = found.setdefault(skill, [])
        if item:
            of_skill.append(item)
    return found
