"""What people and their programs send to and get from the accounts' addresses."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema

from learntrace.accounts.callers import Person, Role
from learntrace.accounts.models import School
from learntrace.accounts.passwords import LEAST_LENGTH, MOST_LENGTH
from learntrace.accounts.sign_ins import SignedIn
from learntrace.kit.wire import without_nul

Typed = Annotated[
    str,
    StringConstraints(min_length=1, max_length=100),
    AfterValidator(without_nul),
    Field(json_schema_extra={"pattern": r"^[^\x00]*$"}),
]
DisplayName = Annotated[
    str, StringConstraints(min_length=1, max_length=200), AfterValidator(without_nul)
]
Token = Annotated[str, StringConstraints(min_length=1, max_length=200)]
MOST_VERSION = 2**31 - 1


class LoginIn(BaseModel):
    """`remember` asks for a sign-in id that stays the same, for a browser with several tabs."""

    username: Typed
    password: Annotated[str, StringConstraints(min_length=1, max_length=1000)]
    remember: bool = False


class PasswordIn(BaseModel):
    """The password that somebody chose."""

    password: Annotated[str, StringConstraints(min_length=LEAST_LENGTH, max_length=MOST_LENGTH)]


class RefreshIn(BaseModel):
    """Exactly one of the two."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["refresh_token"]}, {"required": ["sign_in_id"]}]}
    )

    refresh_token: Token | SkipJsonSchema[None] = None
    sign_in_id: Token | SkipJsonSchema[None] = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        sent = self.model_fields_set & {"refresh_token", "sign_in_id"}
        if len(sent) != 1 or None in {getattr(self, name) for name in sent}:
            raise ValueError("send either refresh_token or sign_in_id")
        return self


class SchoolOut(BaseModel):
    """`timezone` is an IANA name, `language` a BCP 47 tag."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    timezone: str
    language: str


class UserOut(BaseModel):
    """Somebody signed in. `school` is null for roles that belong to no school."""

    id: UUID
    username: str
    display_name: str
    role: Role
    school: SchoolOut | None

    @classmethod
    def of(cls, person: Person, school: School | None) -> Self:
        return cls(
            id=person.user_id,
            username=person.username,
            display_name=person.display_name,
            role=person.role,
            school=None if school is None else SchoolOut.model_validate(school),
        )


class SignedInOut(BaseModel):
    """`expires_at` is the access token's end. One of the two ways to renew it is null."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - a scheme, no secret
    expires_at: datetime
    refresh_token: str | None
    sign_in_id: str | None
    user: UserOut

    @classmethod
    def of(cls, signed_in: SignedIn) -> Self:
        renewal, remembered = signed_in.renewal, signed_in.remembered
        return cls(
            access_token=signed_in.access_token,
            expires_at=signed_in.expires_at,
            refresh_token=None if remembered else renewal,
            sign_in_id=renewal if remembered else None,
            user=UserOut.of(signed_in.person, signed_in.school),
        )


class MappingOut(BaseModel):
    """One version of a game's mapping; version 0 is the built-in one, never published."""

    model_config = ConfigDict(from_attributes=True)

    game_id: UUID
    version: int
    created_at: datetime | None
    mapping: Mapping[str, Any]


class MappingChoice(BaseModel):
    """The version that a school uses; null follows the latest."""

    model_config = ConfigDict(extra="forbid")

    version: Annotated[int, Field(ge=1, le=MOST_VERSION)] | None
