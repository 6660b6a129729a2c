"""Schools, games, what lets a program in, and the people who sign in.

Secrets are kept as SHA-256 of 256 random bits, passwords as Argon2id.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from learntrace.kit.db import Base, Instant


class School(Base):
    """A tenant. `sandbox_of` marks the twin that holds a school's test play."""

    __tablename__ = "schools"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    timezone: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(16))
    sandbox_of: Mapped[UUID | None] = mapped_column(ForeignKey("schools.id"), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)


class Game(Base):
    """A game. Pages at `allowed_origins` may send play with its tokens."""

    __tablename__ = "games"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    allowed_origins: Mapped[list[str]] = mapped_column(ARRAY(String(255)))
    created_at: Mapped[datetime] = mapped_column(Instant)


class SchoolGame(Base):
    """A game that a tenant uses, with the mapping version it chose; null follows the latest."""

    __tablename__ = "school_games"

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

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    school_id: Mapped[UUID]
    student_id: Mapped[UUID]
    game_id: Mapped[UUID] = mapped_column(ForeignKey("games.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    renewed_at: Mapped[datetime | None] = mapped_column(Instant)


class User(Base):
    """Somebody who signs in. `school_id` is null for those who belong to no school."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint(
            "role in ('teacher', 'school_admin', 'system_admin', 'game_developer')", name="role"
        ),
        CheckConstraint(
            "(school_id is not null) = (role in ('teacher', 'school_admin'))", name="school"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    school_id: Mapped[UUID | None] = mapped_column(ForeignKey("schools.id"))
    username: Mapped[str] = mapped_column(String(100), unique=True)
    display_name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime] = mapped_column(Instant)
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)


class GameDeveloper(Base):
    __tablename__ = "game_developers"

    game_id: Mapped[UUID] = mapped_column(ForeignKey("games.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)


class SignIn(Base):
    """One person signed in at one place.

    `secret_hash` is the hash of the refresh token in force; each use replaces it, and an older
    one coming back ends the sign-in. A browser's sign-in (`rotating` false) keeps its secret,
    because several tabs share it.
    """

    __tablename__ = "sign_ins"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary)
    rotating: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)


class AccessToken(Base):
    __tablename__ = "access_tokens"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    sign_in_id: Mapped[UUID] = mapped_column(
        ForeignKey("sign_ins.id", ondelete="CASCADE"), index=True
    )
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)
