"""How long a school keeps what, and what would go, as JSON."""

from datetime import date
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field

from learntrace.privacy.retention import (
    LEAST_AUDIT_DAYS,
    LEAST_LEFT_DAYS,
    LEAST_PLAY_DAYS,
    MOST_DAYS,
    Retention,
)
from learntrace.student_records.forgetting import Preview
from learntrace.student_records.recordings import RecordingsKept


def _days(least: int, description: str) -> Any:  # noqa: ANN401 - pydantic's own
    """Days that `retention.require_allowed` bounds, saying why; the document names the bounds."""
    bounds: dict[str, Any] = {"type": "integer", "minimum": least, "maximum": MOST_DAYS}
    return Field(description=description, json_schema_extra={"anyOf": [bounds, {"type": "null"}]})


PlayDays = Annotated[
    int | None,
    _days(LEAST_PLAY_DAYS, "Play, and what was derived from it, goes when it is older."),
]
LeftDays = Annotated[
    int | None, _days(LEAST_LEFT_DAYS, "Whose last time in a class ended longer ago is erased.")
]


AuditDays = Annotated[
    int | None, _days(LEAST_AUDIT_DAYS, "Entries of the audit log go when they are older.")
]


class RetentionIn(BaseModel):
    """For how many days a school keeps what, counted at the school; null for good.

    `audit_days` stays as it is where it is left out.
    """

    model_config = ConfigDict(extra="forbid")

    play_days: PlayDays
    left_days: LeftDays
    audit_days: AuditDays = None


class RetentionOut(BaseModel):
    """For how many days a school keeps what; null until it is erased, the audit log for good."""

    play_days: PlayDays
    left_days: LeftDays
    audit_days: AuditDays

    @classmethod
    def of(cls, kept: Retention) -> Self:
        return cls(play_days=kept.play_days, left_days=kept.left_days, audit_days=kept.audit_days)


class PreviewOut(BaseModel):
    """What would go: play from before one day, students who left before the other.

    Days are those at the school; null where nothing would go for that reason.
    """

    play_before: Annotated[date | None, Field(examples=["2025-03-02"])]
    left_before: Annotated[date | None, Field(examples=["2025-09-01"])]
    students: Annotated[int, Field(ge=0, description="How many students would be erased.")]
    counts: Annotated[
        dict[str, int],
        Field(description="Kind of record -> how many would go.", examples=[{"events": 1200}]),
    ]

    @classmethod
    def of(cls, found: Preview) -> Self:
        play, left = found.limits.play, found.limits.left
        return cls(
            play_before=play and play.day,
            left_before=left and left.day,
            students=found.students,
            counts=dict(found.counts),
        )


class RecordingsIn(BaseModel):
    """Whether recordings go after so many days, which are the plan's; null keeps them."""

    model_config = ConfigDict(extra="forbid")

    confirmed_days: Annotated[int | None, Field(ge=1, le=MOST_DAYS, examples=[180])]


class RecordingsOut(BaseModel):
    """How long the plan keeps recordings, and what would go of them now, or goes today.

    `before` is the first day that is kept, at the school; null where the plan keeps all.
    """

    plan: Annotated[str, Field(examples=["student"])]
    days: Annotated[int, Field(description="The plan's; -1 for good.", examples=[180])]
    confirmed: Annotated[
        bool, Field(description="Whether somebody agreed to these days. Else nothing goes.")
    ]
    before: Annotated[date | None, Field(examples=["2025-09-01"])]
    counts: Annotated[
        dict[str, int],
        Field(
            description="Kind of record -> how many.",
            examples=[{"transcription_sessions": 3, "transcript_segments": 412}],
        ),
    ]

    @classmethod
    def of(cls, found: RecordingsKept) -> Self:
        return cls(
            plan=found.plan.id,
            days=found.plan.retention_days,
            confirmed=found.confirmed,
            before=found.before,
            counts=dict(found.counts),
        )
