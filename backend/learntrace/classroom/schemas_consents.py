"""How students' consents stand and came to, as JSON."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from learntrace.kit.paging import NextCursor
from learntrace.kit.wire import Id, In, Instant, Named, Out, without_nul
from learntrace.privacy.consents import MOST_NOTE, Change, Standing
from learntrace.privacy.kinds import Kind, State

MOST_STUDENTS = 500
Note = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_NOTE),
    AfterValidator(without_nul),
    Field(
        description="On what it rests; the school's administrators and teachers read it.",
        examples=["Form signed on 2 March, folder 5b."],
        json_schema_extra={"pattern": r"^[^\x00]*[^\x00\s][^\x00]*$"},
    ),
]


class ConsentIn(In):
    """How a consent stands from now on. Saying the same again is kept only with a `note`."""

    state: State
    note: Note | None = None


class ConsentsIn(ConsentIn):
    """The same of several students."""

    student_ids: Annotated[list[Id], Field(min_length=1, max_length=MOST_STUDENTS)]
    kind: Kind


class ConsentOut(Out):
    """`required`: by the school, now. `changed_at` is null where nothing was ever said."""

    kind: Kind
    state: State
    required: bool
    changed_at: Instant | None

    @classmethod
    def of(cls, kind: Kind, standing: Standing, required: frozenset[Kind]) -> Self:
        return cls(
            kind=kind,
            state=standing.state,
            required=kind in required,
            changed_at=standing.changed_at,
        )


class ConsentChangeOut(Out):
    """What was said once. `changed_by` is null for who did it on the server's command line."""

    id: Id
    kind: Kind
    from_state: State
    to_state: State
    note: str | None
    changed_by: Named | None
    changed_at: Instant

    @classmethod
    def of(cls, change: Change, names: dict[UUID, str]) -> Self:
        """`names` of people by id."""
        by = change.changed_by
        return cls(
            id=change.id,
            kind=change.kind,
            from_state=change.from_state,
            to_state=change.to_state,
            note=change.note,
            changed_by=by and Named(id=by, name=names[by]),
            changed_at=change.changed_at,
        )


class ConsentsOut(Out):
    """Every kind of consent of a student, and a page of what was said, newest first."""

    consents: list[ConsentOut]
    history: list[ConsentChangeOut]
    next_cursor: NextCursor


class ConsentsOfStudent(Out):
    """Every kind of consent of one student of a class."""

    student_id: Id
    display_name: str
    consents: list[ConsentOut]


class ClassConsentsOut(Out):
    """How consents stand in a class, by student's name."""

    class_id: Id
    students: list[ConsentsOfStudent]


class Changed(Out):
    changed: Annotated[int, Field(ge=0, examples=[27], description="Of how many that is new.")]
