"""Who may call: the game in a pupil's hands, a game server, a person, or a password-reset link."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from learntrace.events.never_store import NeverStored


class Role(StrEnum):
    TEACHER = "teacher"
    SCHOOL_ADMIN = "school_admin"
    SYSTEM_ADMIN = "system_admin"
    GAME_DEVELOPER = "game_developer"


class Kind(StrEnum):
    """What somebody calls with, in words."""

    KEY = "a write key"
    PLAYER = "a player token"
    PERSON = "a person's access token"
    RESET = "a password-reset token"


@dataclass(frozen=True, slots=True)
class GameCaller:
    """A game, by write key or by one pupil's player token.

    `student_id` is set for a player token and is then the only student it may write.
    `may_enrol`: unknown students are enrolled as pseudonyms (sandbox keys only).
    `credential_hash` lets the writer check, each time it stores, that it still stands.
    `never_store`: what the game's mapping, as this school uses it, has taken out of every event.
    """

    school_id: UUID
    game_id: UUID
    credential_hash: bytes
    student_id: UUID | None
    may_enrol: bool
    allowed_origins: frozenset[str]
    never_store: NeverStored | None

    @property
    def kind(self) -> Kind:
        return Kind.KEY if self.student_id is None else Kind.PLAYER

    @property
    def batch_owner(self) -> str:
        """Whose a batch is: one student's, or the game's own servers'."""
        if self.student_id is not None:
            return f"student:{self.student_id}"
        return f"game:{self.game_id}"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody signed in. `school_id` is `None` for roles that belong to no school."""

    user_id: UUID
    username: str
    display_name: str
    role: Role
    school_id: UUID | None
    sign_in_id: UUID

    @property
    def kind(self) -> Kind:
        return Kind.PERSON


@dataclass(frozen=True, slots=True)
class ResetCaller:
    """Whoever holds the link with which this person may choose a new password, once."""

    user_id: UUID
    credential_hash: bytes

    @property
    def kind(self) -> Kind:
        return Kind.RESET
