"""The demo school's library, what its first class was given of it, and what was done of that."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts.tenants import tenants_of_school
from learntrace.kit.clock import now
from learntrace.learning_sessions import assignments
from learntrace.learning_sessions import service as sittings
from learntrace.learning_sessions.answering import Answered
from learntrace.learning_sessions.assignments import Task
from learntrace.learning_sessions.callers import LearningCaller
from learntrace.learning_sessions.content import repository as content
from learntrace.learning_sessions.content import service as studying
from learntrace.learning_sessions.content.schemas import ContentIn
from learntrace.learning_sessions.files import read_starter
from learntrace.learning_sessions.kinds import Assigned
from learntrace.learning_sessions.scenarios import repository as scenarios
from learntrace.learning_sessions.scenarios import service as going_through
from learntrace.learning_sessions.scenarios.schemas import ScenarioIn
from learntrace.learning_sessions.scenarios.stored import phases_of
from learntrace.learning_sessions.service import Change
from learntrace.roster.choice import Which
from learntrace.roster.visibility import sight_of_player

RIGHT: Final = 0.8
"""How often an answer is right and an aim met."""
STUDY_S, SCENARIO_S = (240, 600), (480, 900)
"""How long a study and a scenario take, from and to."""
_ANY: Final = Which()


@dataclass(frozen=True, slots=True)
class Class:
    """Whom lessons are given, by which teacher; `students` in the order of their names."""

    school_id: UUID
    id: UUID
    teacher_id: UUID
    game_id: UUID
    students: Sequence[UUID]

    def player(self, student_id: UUID) -> LearningCaller:
        """The game in the student's hands, which does what was assigned."""
        sight = sight_of_player(
            school_id=self.school_id, student_id=student_id, game_id=self.game_id
        )
        return LearningCaller(sight, None)


async def add_lessons(db: AsyncSession, given: Class, *, seed: int, at: datetime) -> None:
    """The starter set for the school, and for the class something done, running and overdue.

    How well and how long whom did follows from `seed`; all of it was completed just now.
    """
    chance = Random(f"{seed}:lessons")  # noqa: S311 - makes believe, guards nothing
    tenants = list(await db.scalars(tenants_of_school(given.school_id)))
    shop, *_ = [
        await scenarios.put(db, tenants, one.model_dump(mode="json"))
        for one in read_starter("scenarios", ScenarioIn)
    ]
    water, bridge, *_ = [
        (await content.put(db, tenants, given.teacher_id, one.model_dump(mode="json")), one)
        for one in read_starter("content", ContentIn)
    ]
    some, few = given.students[:4], given.students[4:7]
    for kind, source_id, to, ago, due in (
        (Assigned.CONTENT, water[0], some, 9, -3),
        (Assigned.CONTENT, bridge[0], few, 8, -2),
        (Assigned.SCENARIO, shop, given.students, 3, 4),
        (Assigned.REVIEW, None, some, 1, None),
    ):
        class_id = given.id if to is given.students else None
        due_on = None if due is None else at.date() + timedelta(days=due)
        task = Task(kind, source_id, class_id, due_on)
        when = at - timedelta(days=ago)
        await assignments.add(db, given.school_id, to, task, by=given.teacher_id, at=when)
    for (content_id, item), student_id in (*((water, one) for one in some), (bridge, few[0])):
        await _study(db, given.player(student_id), student_id, content_id, item, chance)
    for student_id in given.students[:9]:
        await _go_through(db, given.player(student_id), student_id, shop, chance)


async def _study(
    db: AsyncSession,
    player: LearningCaller,
    student_id: UUID,
    content_id: UUID,
    item: ContentIn,
    chance: Random,
) -> None:
    asked = [
        *(word.term for one in item.materials for word in one.vocabulary),
        *(question.question for one in item.materials for question in one.questions),
    ]
    begun = await studying.start(db, player, _ANY, content_id, student_id)
    begun.started_at -= timedelta(seconds=chance.randint(*STUDY_S))
    answers = _answers(asked, chance)
    await sittings.complete(db, player, begun.id, Change(answers=answers))


async def _go_through(
    db: AsyncSession, player: LearningCaller, student_id: UUID, scenario_id: UUID, chance: Random
) -> None:
    of_student = (db, player, _ANY, scenario_id, student_id)
    run = await going_through.start(*of_student)
    run.started_at -= timedelta(seconds=chance.randint(*SCENARIO_S))
    for phase in phases_of(run.phases):
        met = {
            aim: [one for one in sorted(wanted) if chance.random() < RIGHT]
            for aim, wanted in phase.aims().items()
        }
        answers = _answers([word.term for word in phase.vocabulary], chance)
        await going_through.advance(*of_student, phase=phase.key, met=met, answers=answers)
    await going_through.complete(*of_student)


def _answers(asked: Iterable[str], chance: Random) -> list[Answered]:
    return [Answered(one, None, chance.random() < RIGHT, now()) for one in asked]
