"""A school's teachers and administrators, as JSON."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from learntrace.accounts.callers import Role
from learntrace.accounts.resets import NewReset
from learntrace.accounts.schemas import DisplayName, Typed
from learntrace.accounts.staff import Change
from learntrace.kit.paging import NextCursor
from learntrace.roster.staff import Listed

SchoolRole = Literal[Role.TEACHER, Role.SCHOOL_ADMIN]


class TaughtClass(BaseModel):
    """A class that somebody teaches now."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str


class StaffOut(BaseModel):
    """A teacher or administrator of the school."""

    id: UUID
    username: str
    display_name: str
    role: SchoolRole
    disabled: Annotated[bool, Field(description="May not sign in.")]
    last_signed_in_at: Annotated[datetime | None, Field(description="Null before the first time.")]
    classes: list[TaughtClass]

    @classmethod
    def of(cls, listed: Listed) -> Self:
        classes = [TaughtClass.model_validate(one) for one in listed.classes]
        return cls(**asdict(listed.member), classes=classes)


class StaffPage(BaseModel):
    """The people of the school by name, the disabled too."""

    items: list[StaffOut]
    next_cursor: NextCursor


class ResetOut(BaseModel):
    """A one-time link's token, shown this once: good for one new password, until `expires_at`."""

    model_config = ConfigDict(from_attributes=True)

    token: Annotated[str, Field(examples=["lt_reset_…"])]
    expires_at: datetime


class StaffIn(BaseModel):
    """Somebody new at the school."""

    model_config = ConfigDict(extra="forbid")

    username: Typed
    display_name: DisplayName
    role: SchoolRole


class StaffAdded(BaseModel):
    """Somebody new, who chooses a password with `reset`."""

    user: StaffOut
    reset: ResetOut

    @classmethod
    def of(cls, listed: Listed, reset: NewReset) -> Self:
        return cls(user=StaffOut.of(listed), reset=ResetOut.model_validate(reset))


class StaffChange(BaseModel):
    """What is to change; what is left out, or null, stays."""

    model_config = ConfigDict(extra="forbid")

    display_name: DisplayName | None = None
    role: SchoolRole | None = None
    disabled: bool | None = None

    def change(self) -> Change:
        return Change(self.display_name, self.role, self.disabled)
