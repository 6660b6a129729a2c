"""Clients, meetings with them and what was seen there, as JSON."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic.json_schema import SkipJsonSchema

from learntrace.coaching_sessions.repository import Meeting, Page, SeenClient
from learntrace.kit.wire import SOME_TEXT, Id, In, Instant, Named, Out, without_nul
from learntrace.skills.ratings import StoredRating
from learntrace.skills.types import Skill
from learntrace.transcription_sessions.states import Status
from learntrace.transcription_sessions.summaries import Summary

MOST_NOTES = 10_000
MOST_PAGE = 50
MOST_PAGES = 1_000_000
ClientName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(without_nul),
    Field(examples=["Noor B."], json_schema_extra=SOME_TEXT),
]
Notes = Annotated[
    str,
    StringConstraints(max_length=MOST_NOTES),
    AfterValidator(without_nul),
    Field(json_schema_extra={"pattern": r"^[^\x00]*$"}),
]
Seen = Annotated[
    str,
    StringConstraints(max_length=2000),
    AfterValidator(without_nul),
    Field(
        examples=["Tried three ways before she asked."],
        json_schema_extra={"pattern": r"^[^\x00]*$"},
    ),
]
Day = Annotated[date, Field(examples=["2026-03-02"])]
Minutes = Annotated[int, Field(ge=0, le=1440, examples=[45])]
FeeAmount = Annotated[int, Field(ge=0, le=2**31 - 1)]
FeeCurrency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["CHF"])]


class ClientIn(In):
    """Somebody who is coached: by `name`, or a student, whose name is the roster's."""

    name: ClientName | None = None
    student_id: Id | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.name is None) == (self.student_id is None):
            raise ValueError("send a name, or a student_id: a student's name is the roster's")
        return self


class ClientChange(In):
    """How a client who is no student is called from now on."""

    name: ClientName


class ClientInBrief(Out):
    """`name` is null once it was taken away for good: `is_anonymized`."""

    id: Id
    name: Annotated[str | None, Field(examples=["Noor B."])]
    is_anonymized: bool
    student_id: Id | None

    @classmethod
    def of(cls, client: SeenClient) -> Self:
        return cls(**_brief(client))


class ClientOut(ClientInBrief):
    """`coach` is who added the client."""

    coach: Named
    created_at: Instant
    updated_at: Instant

    @classmethod
    def told(cls, client: SeenClient, names: Mapping[UUID, str]) -> Self:
        """`names` of people by id."""
        return cls(
            **_brief(client),
            coach=Named(id=client.owner_id, name=names[client.owner_id]),
            created_at=client.created_at,
            updated_at=client.updated_at,
        )


def _brief(client: SeenClient) -> dict[str, Any]:
    return {
        "id": client.id,
        "name": client.name,
        "is_anonymized": client.anonymized_at is not None,
        "student_id": client.student_id,
    }


class PageOut(Out):
    """The `page`-th of `total_pages` pages of `page_size`; `total` items are on all together."""

    total: Annotated[int, Field(ge=0)]
    page: Annotated[int, Field(ge=1)]
    page_size: Annotated[int, Field(ge=1, le=MOST_PAGE)]
    total_pages: Annotated[int, Field(ge=0)]


def paged(page: Page, total: int) -> dict[str, int]:
    """What a `PageOut` says of `page` where there are `total` items."""
    return {
        "total": total,
        "page": page.number,
        "page_size": page.size,
        "total_pages": -(-total // page.size),
    }


class ClientPage(PageOut):
    items: list[ClientOut]


class CoachingSessionIn(In):
    """A meeting with a client, and what is to be remembered of it."""

    client_id: Id
    session_date: Day
    duration_min: Minutes | None = None
    notes: Notes = ""
    fee_amount: FeeAmount = 0
    fee_currency: FeeCurrency | None = None
    transcription_session_id: Id | None = None


_MAY_BE_NULL: Final = frozenset({"duration_min", "fee_currency", "transcription_session_id"})


class CoachingSessionChange(In):
    """What is to change; what is left out stays."""

    client_id: Id | SkipJsonSchema[None] = None
    session_date: Day | SkipJsonSchema[None] = None
    duration_min: Minutes | None = None
    notes: Notes | SkipJsonSchema[None] = None
    fee_amount: FeeAmount | SkipJsonSchema[None] = None
    fee_currency: FeeCurrency | None = None
    transcription_session_id: Id | None = None

    @model_validator(mode="after")
    def _null_where_it_may_be(self) -> Self:
        null = {name for name, value in self.changes().items() if value is None} - _MAY_BE_NULL
        if null:
            raise ValueError(f"{min(null)} must not be null; leave it out")
        return self

    def changes(self) -> dict[str, Any]:
        """What was sent, by column."""
        return self.model_dump(exclude_unset=True)


class TranscriptionInBrief(Out):
    """How the meeting's transcription session stands now."""

    id: Id
    status: Status
    title: Annotated[str, Field(examples=["Fractions"])]
    segments_count: Annotated[int, Field(ge=0)]


class CoachingSessionLine(Out):
    """A meeting. `coach` is who noted it."""

    id: Id
    client: ClientInBrief
    coach: Named
    session_date: Day
    duration_min: Minutes | None
    notes: str
    fee_amount: FeeAmount
    fee_currency: FeeCurrency | None
    transcription_session: TranscriptionInBrief | None
    created_at: Instant
    updated_at: Instant

    @classmethod
    def of(
        cls, meeting: Meeting, names: Mapping[UUID, str], spoken: Mapping[UUID, Summary]
    ) -> Self:
        """`names` of people and `spoken`, the transcription sessions, by id."""
        return cls(**_line(meeting, names, spoken))


class ObservationIn(In):
    """What was seen of a skill, by the rubric; it counts as a rating of the meeting's day."""

    skill: Skill
    level: Annotated[int, Field(ge=1, le=4, examples=[3], description="Of the skill's rubric.")]
    text: Seen = ""


class ObservationOut(Out):
    """`id` is that of the rating."""

    id: Id
    skill: Skill
    level: int
    text: str
    observed_on: Day
    rater: Named
    created_at: Instant

    @classmethod
    def of(cls, rating: StoredRating, text: str, names: Mapping[UUID, str]) -> Self:
        """`names` of raters by id."""
        return cls(
            id=rating.id,
            skill=rating.skill,
            level=rating.level,
            text=text,
            observed_on=rating.observed_on,
            rater=Named(id=rating.rater_id, name=names[rating.rater_id]),
            created_at=rating.created_at,
        )


class CoachingSessionOut(CoachingSessionLine):
    """With what was seen in the meeting, the first noted first."""

    observations: Sequence[ObservationOut]

    @classmethod
    def told(
        cls,
        meeting: Meeting,
        names: Mapping[UUID, str],
        spoken: Mapping[UUID, Summary],
        observations: Sequence[ObservationOut],
    ) -> Self:
        return cls(**_line(meeting, names, spoken), observations=observations)


class CoachingSessionPage(PageOut):
    items: list[CoachingSessionLine]


def _line(
    meeting: Meeting, names: Mapping[UUID, str], spoken: Mapping[UUID, Summary]
) -> dict[str, Any]:
    linked = meeting.transcription_session_id
    transcription = None if linked is None else spoken.get(linked)
    return {
        "id": meeting.id,
        "client": ClientInBrief.of(meeting.client),
        "coach": Named(id=meeting.coach_id, name=names[meeting.coach_id]),
        "session_date": meeting.session_date,
        "duration_min": meeting.duration_min,
        "notes": meeting.notes,
        "fee_amount": meeting.fee_amount,
        "fee_currency": meeting.fee_currency,
        "transcription_session": transcription
        and TranscriptionInBrief(
            id=transcription.id,
            status=transcription.status,
            title=transcription.title,
            segments_count=transcription.segments_count,
        ),
        "created_at": meeting.created_at,
        "updated_at": meeting.updated_at,
    }
