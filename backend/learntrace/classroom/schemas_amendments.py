"""Requests to amend a student's record, as JSON."""

from collections.abc import Mapping
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from learntrace.classroom.schemas import StudentName
from learntrace.kit.paging import NextCursor
from learntrace.kit.wire import SOME_TEXT, Id, In, Instant, Named, Out, without_nul
from learntrace.privacy.amendments import Amendment
from learntrace.privacy.kinds import About, Decision

Words = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2000),
    AfterValidator(without_nul),
    Field(json_schema_extra=SOME_TEXT),
]
AskedBy = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(without_nul),
    Field(examples=["mother"], json_schema_extra=SOME_TEXT),
]


class AmendmentIn(In):
    """What somebody says is wrong; `asked_by` says in words who."""

    about: About
    text: Words
    asked_by: AskedBy


class DecisionIn(In):
    """Why, in words for who asked. A refused one may carry a `statement` of theirs."""

    accepted: bool
    words: Words
    statement: Words | None = None


class DecisionOut(Out):
    words: str
    at: Instant
    by: Named


class AmendmentOut(Out):
    """`decision` is null while it is open; `statement` is to be shown with the record."""

    id: Id
    student_id: Id
    about: About
    text: str
    asked_by: str
    noted_by: Named
    created_at: Instant
    state: Decision
    decision: DecisionOut | None
    statement: str | None

    @classmethod
    def of(cls, one: Amendment, names: Mapping[UUID, str]) -> Self:
        """`names` of people by id."""
        return cls(**_told(one, names))


class AmendmentPage(Out):
    items: list[AmendmentOut]
    next_cursor: NextCursor


class NamedAmendmentOut(AmendmentOut):
    """With the student's name."""

    display_name: StudentName

    @classmethod
    def named(cls, one: Amendment, names: Mapping[UUID, str], display_name: str) -> Self:
        return cls(**_told(one, names), display_name=display_name)


class NamedAmendmentPage(Out):
    items: list[NamedAmendmentOut]
    next_cursor: NextCursor


def _told(one: Amendment, names: Mapping[UUID, str]) -> dict[str, Any]:
    decided = one.decided
    return {
        "id": one.id,
        "student_id": one.student_id,
        "about": one.about,
        "text": one.text,
        "asked_by": one.asked_by,
        "noted_by": Named(id=one.noted_by, name=names[one.noted_by]),
        "created_at": one.created_at,
        "state": one.state,
        "decision": decided
        and DecisionOut(
            words=decided.words, at=decided.at, by=Named(id=decided.by, name=names[decided.by])
        ),
        "statement": one.statement,
    }
