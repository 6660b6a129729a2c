"""What a school requires, as JSON."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from learntrace.privacy.kinds import Kind, State
from learntrace.privacy.policies import Policy

Students = Annotated[int, Field(ge=0, examples=[27])]


class PolicyIn(BaseModel):
    """The kinds of consent that a school requires, and no others; none for none."""

    model_config = ConfigDict(extra="forbid")

    required: Annotated[list[Kind], Field(max_length=len(Kind), examples=[["play"]])]


class StudentsByState(BaseModel):
    """For how many of the school's students one kind of consent stands how."""

    kind: Kind
    pending: Students
    verified: Students
    revoked: Students


class PolicyOut(BaseModel):
    """`changed_at` is null where the school never set any. Who has left is not counted."""

    required: list[Kind]
    changed_at: Annotated[datetime | None, Field(examples=["2026-03-02T08:15:30.250000Z"])]
    students: list[StudentsByState]

    @classmethod
    def of(cls, policy: Policy, counts: dict[Kind, dict[State, int]]) -> Self:
        students = [
            StudentsByState(
                kind=kind,
                pending=of_kind[State.PENDING],
                verified=of_kind[State.VERIFIED],
                revoked=of_kind[State.REVOKED],
            )
            for kind, of_kind in counts.items()
        ]
        required = [kind for kind in Kind if kind in policy.required]
        return cls(required=required, changed_at=policy.changed_at, students=students)
