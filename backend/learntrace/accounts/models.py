"""Schools, games, what lets a program in, and the people who sign in.

Secrets are kept as SHA-256 of 256 random bits, passwords as Argon2id.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from learntrace.kit.db import Base, Instant
from learntrace.kit.inventory import FOR_GOOD, Holds


class School(Base):
    """A tenant. `sandbox_of` marks the twin that holds a school's test play.

    `source_id` is what the school's own system calls it, null before a roster told.
    """

    __tablename__ = "schools"
    holds = Holds(
        purpose="Keeps each school's records apart, with its time zone and language.",
        kept=FOR_GOOD,
        organisation=("id", "name", "timezone", "language", "sandbox_of", "source_id"),
        technical=("created_at",),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    timezone: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(16))
    sandbox_of: Mapped[UUID | None] = mapped_column(ForeignKey("schools.id"), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    source_id: Mapped[str | None] = mapped_column(Text)


class Game(Base):
    """A game. Pages at `allowed_origins` may send play with its tokens."""

    __tablename__ = "games"
    holds = Holds(
        purpose="Which games there are, and which web pages may send play with their tokens.",
        kept=FOR_GOOD,
        organisation=("id", "name", "allowed_origins"),
        technical=("created_at",),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    allowed_origins: Mapped[list[str]] = mapped_column(ARRAY(String(255)))
    created_at: Mapped[datetime] = mapped_column(Instant)


class SchoolGame(Base):
    """A game that a tenant uses, with the mapping version it chose; null follows the latest."""

    __tablename__ = "school_games"
    holds = Holds(
        purpose="Which games a school uses, and by which version of their mapping.",
        kept=FOR_GOOD,
        organisation=("school_id", "game_id", "mapping_version"),
        technical=("added_at",),
    )

    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    game_id: Mapped[UUID] = mapped_column(ForeignKey("games.id"), primary_key=True)
    mapping_version: Mapped[int | None]
    added_at: Mapped[datetime] = mapped_column(Instant)


class WriteKey(Base):
    """Lets a game server write one school's play of one game.

    `school_id` is the tenant that it writes to: the school itself, or its sandbox twin.
    """

    __tablename__ = "write_keys"
    __table_args__ = (CheckConstraint("environment in ('live', 'sandbox')", name="environment"),)
    holds = Holds(
        purpose="Lets game servers in; the key itself is stored nowhere.",
        kept=FOR_GOOD,
        secrets=("secret_hash",),
        organisation=("id", "school_id", "game_id", "environment", "name"),
        technical=("created_at", "expires_at", "revoked_at", "last_used_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"))
    game_id: Mapped[UUID] = mapped_column(ForeignKey("games.id"))
    environment: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(100))
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    last_used_at: Mapped[datetime | None] = mapped_column(Instant)


class PlayerToken(Base):
    """Lets the game in one pupil's hands write that pupil's play."""

    __tablename__ = "player_tokens"
    __table_args__ = (Index(None, "school_id", "student_id"), Index(None, "expires_at"))
    holds = Holds(
        purpose="Lets the game in a pupil's hands in; the token itself is stored nowhere.",
        kept="until seven days after it expires; until the student is erased at the latest.",
        identifiers=("student_id",),
        content=("created_at", "renewed_at"),
        secrets=("token_hash",),
        organisation=("school_id", "game_id"),
        technical=("expires_at", "revoked_at"),
    )

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    school_id: Mapped[UUID]
    student_id: Mapped[UUID]
    game_id: Mapped[UUID] = mapped_column(ForeignKey("games.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    renewed_at: Mapped[datetime | None] = mapped_column(Instant)


class User(Base):
    """Somebody who signs in. `school_id` is null for those who belong to no school.

    `source_id` is what the school's roster calls a teacher, null where added by hand; `left_at`
    is when the roster had the teacher with no class any more.
    """

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint(
            "role in ('teacher', 'school_admin', 'system_admin', 'game_developer')", name="role"
        ),
        CheckConstraint(
            "(school_id is not null) = (role in ('teacher', 'school_admin'))", name="school"
        ),
        Index(
            None,
            "school_id",
            "source_id",
            unique=True,
            postgresql_where=text("source_id is not null"),
        ),
    )
    holds = Holds(
        purpose="Who signs in, in which role.",
        kept=FOR_GOOD,
        staff=(
            "id",
            "username",
            "display_name",
            "role",
            "created_at",
            "disabled_at",
            "last_signed_in_at",
            "source_id",
            "left_at",
        ),
        secrets=("password_hash",),
        organisation=("school_id",),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    school_id: Mapped[UUID | None] = mapped_column(ForeignKey("schools.id"))
    username: Mapped[str] = mapped_column(String(100), unique=True)
    display_name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime] = mapped_column(Instant)
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)
    last_signed_in_at: Mapped[datetime | None] = mapped_column(Instant)
    source_id: Mapped[str | None] = mapped_column(Text)
    left_at: Mapped[datetime | None] = mapped_column(Instant)


class PasswordReset(Base):
    """Lets whoever holds the token choose this person's password, once; a newer one replaces it."""

    __tablename__ = "password_resets"
    holds = Holds(
        purpose="Lets a person choose a new password, once; the token is stored nowhere.",
        kept="until it is used or replaced; until an hour after it expires.",
        staff=("user_id",),
        secrets=("token_hash",),
        technical=("expires_at",),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)


class GameDeveloper(Base):
    __tablename__ = "game_developers"
    holds = Holds(
        purpose="Who may change a game's mapping and see its test play.",
        kept=FOR_GOOD,
        staff=("user_id",),
        organisation=("game_id",),
    )

    game_id: Mapped[UUID] = mapped_column(ForeignKey("games.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)


class SignIn(Base):
    """One person signed in at one place.

    `secret_hash` is the hash of the refresh token in force; each use replaces it, and an older
    one coming back ends the sign-in. A browser's sign-in (`rotating` false) keeps its secret,
    because several tabs share it.
    """

    __tablename__ = "sign_ins"
    holds = Holds(
        purpose="Where a person is signed in, so that signing out ends it everywhere.",
        kept="until an hour after it expires; until the person signs out.",
        staff=("id", "user_id", "created_at"),
        secrets=("secret_hash",),
        technical=("rotating", "expires_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary)
    rotating: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)


class AccessToken(Base):
    __tablename__ = "access_tokens"
    holds = Holds(
        purpose="Lets a signed-in person in for some minutes; the token is stored nowhere.",
        kept="until an hour after it expires; until the person signs out.",
        staff=("sign_in_id",),
        secrets=("token_hash",),
        technical=("expires_at",),
    )

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    sign_in_id: Mapped[UUID] = mapped_column(
        ForeignKey("sign_ins.id", ondelete="CASCADE"), index=True
    )
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)
