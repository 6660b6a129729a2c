"""Who may call: the game in a pupil's hands, a game server, or a person."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


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


@dataclass(frozen=True, slots=True)
class GameCaller:
    """A game, by write key or by one pupil's player token.

    `student_id` is set for a player token and is then the only student it may write.
    `may_enrol`: unknown students are enrolled as pseudonyms (sandbox keys only).
    `credential_hash` lets the writer check in its own transaction that it still stands.
    """

    school_id: UUID
    game_id: UUID
    credential_hash: bytes
    student_id: UUID | None
    may_enrol: bool
    allowed_origins: frozenset[str]

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
