"""What teachers write about students, as JSON."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from learntrace.kit.paging import NextCursor
from learntrace.kit.wire import SOME_TEXT, Id, In, Instant, Named, Out, without_nul
from learntrace.skills.notes import StoredNote
from learntrace.skills.ratings import StoredRating
from learntrace.skills.types import Skill

MOST_RATINGS = 200
Level = Annotated[int, Field(ge=1, le=4, examples=[3], description="Of the skill's rubric.")]


class RatingIn(In):
    """One skill of one student, as seen on a day; today, where none is given."""

    student_id: Id
    skill: Skill
    level: Level
    observed_on: Annotated[date | None, Field(examples=["2026-03-02"])] = None


class RatingsIn(In):
    ratings: Annotated[list[RatingIn], Field(min_length=1, max_length=MOST_RATINGS)]


class Stored(Out):
    stored: Annotated[int, Field(ge=1, examples=[27])]


class RatingOut(Out):
    id: Id
    skill: Skill
    level: Level
    observed_on: Annotated[date, Field(examples=["2026-03-02"])]
    rater: Named
    created_at: Instant

    @classmethod
    def of(cls, rating: StoredRating, names: dict[UUID, str]) -> Self:
        """`names` of raters by id."""
        return cls(
            id=rating.id,
            skill=rating.skill,
            level=rating.level,
            observed_on=rating.observed_on,
            rater=Named(id=rating.rater_id, name=names[rating.rater_id]),
            created_at=rating.created_at,
        )


class RatingPage(Out):
    items: list[RatingOut]
    next_cursor: NextCursor


class NoteIn(In):
    text: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=2000),
        AfterValidator(without_nul),
        Field(
            examples=["Asked Ben for help, then explained it to Cleo."],
            json_schema_extra=SOME_TEXT,
        ),
    ]


class NoteOut(Out):
    id: Id
    text: str
    author: Named
    created_at: Instant

    @classmethod
    def of(cls, note: StoredNote, names: dict[UUID, str]) -> Self:
        """`names` of authors by id."""
        return cls(
            id=note.id,
            text=note.text,
            author=Named(id=note.author_id, name=names[note.author_id]),
            created_at=note.created_at,
        )


class NotePage(Out):
    items: list[NoteOut]
    next_cursor: NextCursor


class ExtraTime(In):
    """Whether a student has extra time or assistive tools."""

    extra_time: bool
