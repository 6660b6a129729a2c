"""The audit log as JSON."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from learntrace.audit.acts import By
from learntrace.classroom.audit import MOST_NAMED, ToldEntry
from learntrace.classroom.schemas import StudentName
from learntrace.kit.paging import NextCursor
from learntrace.kit.wire import Id, Instant, Named, Out

Students = Annotated[int, Field(ge=0, examples=[28])]


class AuditStudent(Out):
    student_id: Id
    display_name: StudentName


class AuditEntryOut(Out):
    """One read or change. `who` is null where it was the command line, the program itself, or
    whoever had a one-time link.

    `about` is the person of the staff, or the write key, to whom or which it was done; else null.
    `class` is the one that was read as a whole. `erased_count` of the `student_count` students are
    erased, or were to be when erasing was tried out, and nothing says who they are.
    """

    id: UUID
    at: Instant
    who: Named | None
    by: By
    action: Annotated[str, Field(examples=["GET /students/{student_id}"])]
    words: Annotated[str, Field(examples=["opened the student's page"])]
    about: Named | None
    school_class: Annotated[Named | None, Field(serialization_alias="class")]
    students: Annotated[list[AuditStudent], Field(max_length=MOST_NAMED)]
    student_count: Students
    erased_count: Students

    @classmethod
    def of(cls, told: ToldEntry) -> Self:
        entry = told.entry
        who = None
        if entry.person_id is not None and entry.person_name is not None:
            who = Named(id=entry.person_id, name=entry.person_name)
        school_class = None
        if entry.class_id is not None and told.class_name is not None:
            school_class = Named(id=entry.class_id, name=told.class_name)
        return cls(
            id=entry.id,
            at=entry.at,
            who=who,
            by=entry.by,
            action=entry.action,
            words=told.words,
            about=entry.about and Named(id=entry.about.id, name=entry.about.name),
            school_class=school_class,
            students=[
                AuditStudent(student_id=one.id, display_name=one.display_name)
                for one in told.students
            ],
            student_count=len(entry.students),
            erased_count=told.erased_count,
        )


class AuditPage(Out):
    """Newest first."""

    items: list[AuditEntryOut]
    next_cursor: NextCursor
