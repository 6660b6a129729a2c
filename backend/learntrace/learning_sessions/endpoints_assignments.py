"""What is assigned, over HTTP."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, model_validator

from learntrace.kit.db import RequestDb
from learntrace.kit.paging import Cursor, NextCursor, PageLimit
from learntrace.kit.wire import Id, In, Instant, Out
from learntrace.learning_sessions import assigning
from learntrace.learning_sessions.assignments import AtOnce
from learntrace.learning_sessions.auth import LearningAuth, TutorAuth
from learntrace.learning_sessions.callers import LearningCaller
from learntrace.learning_sessions.endpoints import REFUSED
from learntrace.learning_sessions.kinds import Assigned
from learntrace.learning_sessions.models import Assignment
from learntrace.sights import WhichTenant

MOST_STUDENTS = 200
MOST_AT_ONCE = 500
TO_WHOM = "Name a class or students, not both."
OF_WHAT = "Name a scenario or a content item, and none for a review."

router = APIRouter(
    prefix="/learning-sessions/assignments", tags=["learning sessions"], responses=REFUSED
)
of_classes = APIRouter(prefix="/classes", tags=["learning sessions"], responses=REFUSED)


class AssignmentIn(In):
    """A scenario or content item by its `source_id`, or a review without one."""

    kind: Assigned
    source_id: Id | None = None
    class_id: Id | None = None
    student_ids: Annotated[list[Id], Field(max_length=MOST_STUDENTS)] = Field(default_factory=list)
    due_on: Annotated[date | None, Field(examples=["2026-03-09"])] = None

    @model_validator(mode="after")
    def _something_to_somebody(self) -> Self:
        if (self.class_id is None) == (not self.student_ids):
            raise ValueError(TO_WHOM)
        if (self.source_id is None) != (self.kind is Assigned.REVIEW):
            raise ValueError(OF_WHAT)
        return self


class Given(Out):
    """To how many students it was assigned, and who of them all had it to do already."""

    assigned: Annotated[int, Field(ge=0)]
    already: list[Id]


class AssignmentOut(Out):
    """`title`: of the scenario or content item; null for what is none or gone.

    `done_at`: null while it is to be done. A player token does not read who assigned it.
    """

    id: Id
    student_id: Id
    class_id: Id | None
    kind: Assigned
    source_id: Id | None
    title: str | None
    assigned_by: Id | None
    assigned_at: Instant
    due_on: date | None
    done_at: Instant | None

    @classmethod
    def of(cls, one: Assignment, titles: dict[UUID, str], caller: LearningCaller) -> Self:
        """`titles` by the id of what is assigned."""
        return cls(
            id=one.id,
            student_id=one.student_id,
            class_id=one.class_id,
            kind=Assigned(one.kind),
            source_id=one.source_id,
            title=None if one.source_id is None else titles.get(one.source_id),
            assigned_by=None if caller.person_id is None else one.assigned_by,
            assigned_at=one.assigned_at,
            due_on=one.due_on,
            done_at=one.done_at,
        )


class AssignmentPage(Out):
    items: list[AssignmentOut]
    next_cursor: NextCursor


class AssignmentIds(In):
    assignment_ids: Annotated[list[Id], Field(min_length=1, max_length=MOST_AT_ONCE)]


class Withdrawn(Out):
    """From whom it was taken back."""

    student_ids: list[Id]


class PartOut(Out):
    """What one student was given at once with others; `done_at`: null while it is to be done."""

    assignment_id: Id
    student_id: Id
    done_at: Instant | None


class TaskOut(Out):
    """What students of a class were given at once.

    `class_id`: the class to which it was given, null where single students were chosen. `title`:
    null for a review, and for what is gone.
    """

    kind: Assigned
    source_id: Id | None
    title: str | None
    class_id: Id | None
    assigned_by: Id
    assigned_at: Instant
    due_on: date | None
    students: list[PartOut]

    @classmethod
    def of(cls, task: AtOnce, titles: dict[UUID, str]) -> Self:
        """`titles` by the id of what is assigned."""
        first = task.assignments[0]
        return cls(
            kind=Assigned(first.kind),
            source_id=first.source_id,
            title=None if first.source_id is None else titles.get(first.source_id),
            class_id=first.class_id,
            assigned_by=first.assigned_by,
            assigned_at=first.assigned_at,
            due_on=first.due_on,
            students=[
                PartOut(assignment_id=one.id, student_id=one.student_id, done_at=one.done_at)
                for one in task.assignments
            ],
        )


class TaskPage(Out):
    items: list[TaskOut]
    next_cursor: NextCursor


@router.post("", status_code=201)
async def assign(told: AssignmentIn, tutor: TutorAuth, which: WhichTenant, db: RequestDb) -> Given:
    """Assign to all who are in a class now, or to some students: to all of them or to none.

    Who has the same to do already keeps it as it is.
    """
    what = (told.kind, told.source_id)
    if told.class_id is not None:
        given = await assigning.assign_to_class(
            db, tutor, which, told.class_id, *what, due_on=told.due_on
        )
    else:
        given = await assigning.assign_to_students(
            db, tutor, which, set(told.student_ids), *what, due_on=told.due_on
        )
    return Given(assigned=given.assigned, already=list(given.already))


@router.get("")
async def list_assignments(
    caller: LearningAuth,
    which: WhichTenant,
    db: RequestDb,
    student_id: UUID | None = None,
    class_id: UUID | None = None,
    open: bool | None = None,  # noqa: A002 - the word on the wire
    limit: PageLimit = 50,
    cursor: Cursor = None,
) -> AssignmentPage:
    """What is assigned to the students that the caller may see, the last first.

    `open=true` for what is still to be done.
    """
    page, next_cursor = await assigning.list_assignments(
        db,
        caller,
        which,
        student_id=student_id,
        class_id=class_id,
        is_open=open,
        limit=limit,
        cursor=cursor,
    )
    titles = await assigning.titles(db, caller, page)
    return AssignmentPage(
        items=[AssignmentOut.of(one, titles, caller) for one in page], next_cursor=next_cursor
    )


@router.post("/withdraw")
async def withdraw_all(told: AssignmentIds, tutor: TutorAuth, db: RequestDb) -> Withdrawn:
    """Take back those of these assignments that are still to be done.

    What is done stays as it is. 404 where none of them is still to be done.
    """
    found = await assigning.withdraw_all(db, tutor, set(told.assignment_ids))
    return Withdrawn(student_ids=list(found))


@router.delete("/{assignment_id}", status_code=204)
async def withdraw(assignment_id: UUID, tutor: TutorAuth, db: RequestDb) -> None:
    """Take an assignment back; what was done for it stays."""
    await assigning.withdraw(db, tutor, assignment_id)


@of_classes.get("/{class_id}/assignments")
async def list_of_class(
    class_id: UUID,
    tutor: TutorAuth,
    which: WhichTenant,
    db: RequestDb,
    open: bool | None = None,  # noqa: A002 - the word on the wire
    limit: PageLimit = 50,
    cursor: Cursor = None,
) -> TaskPage:
    """What the students who are in a class now were given to do, put together by what was
    assigned at once; the last first, `limit` times of assigning.

    `open=true` for what one of them has still to do, `open=false` for what all of them have done.
    """
    page, next_cursor = await assigning.list_of_class(
        db, tutor, which, class_id, is_open=open, limit=limit, cursor=cursor
    )
    titles = await assigning.titles(db, tutor, [one for task in page for one in task.assignments])
    return TaskPage(items=[TaskOut.of(one, titles) for one in page], next_cursor=next_cursor)
