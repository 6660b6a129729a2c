"""Recordings and uploaded transcripts, what was said in them, and where their audio lies."""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from learntrace.kit.db import Base, Instant
from learntrace.kit.inventory import FOR_GOOD, Holds
from learntrace.transcription_sessions.states import Role, Status

WITH_RECORDING: Final = (
    "as long as the school's plan keeps recordings; until the student is erased at the latest."
)


def _one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    allowed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} in ({allowed})", name=column)


class TranscriptionSession(Base):
    """A recording, or an uploaded transcript. `owner_id` made it; `student_id` is whom it is about.

    `share`: how much of the audio is transcribed, 0..1; it only grows while it is processing.
    `engine`: what wrote the transcript, with its model; null for one that was uploaded.
    `run_id`: another for each time that it is started, under which a paid engine's cost is counted.
    A worker that transcribes holds it until `claimed_until`, its `attempts`-th.
    `checked_at`, `checked_by`: who holds the transcript to be right; null before.
    """

    __tablename__ = "transcription_sessions"
    __table_args__ = (
        _one_of("status", Status),
        CheckConstraint("share between 0 and 1", name="share"),
        CheckConstraint("(checked_at is null) = (checked_by is null)", name="checked"),
        ForeignKeyConstraint(["school_id", "student_id"], ["students.school_id", "students.id"]),
        Index(None, "school_id", "owner_id", "created_at"),
        Index(None, "school_id", "student_id"),
        Index(
            "transcription_sessions_to_do_idx",
            "claimed_until",
            postgresql_where=text("status = 'processing'"),
        ),
    )
    holds = Holds(
        purpose="Recordings of talk and uploaded transcripts: of whom, by whom, how far they are.",
        kept=WITH_RECORDING,
        identifiers=("id", "student_id"),
        circumstances=("title", "language", "audio_filename", "duration_s", "checked_at"),
        staff=("owner_id", "checked_by"),
        organisation=("school_id",),
        technical=(
            *("stt_provider", "status", "share", "error_message", "engine", "run_id"),
            *("attempts", "claimed_until", "created_at", "updated_at"),
            *("started_at", "completed_at"),
        ),
    )

    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    student_id: Mapped[UUID | None]
    title: Mapped[str] = mapped_column(String(255))
    language: Mapped[str] = mapped_column(String(16))
    stt_provider: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(10))
    audio_filename: Mapped[str | None] = mapped_column(String(255))
    duration_s: Mapped[float | None]
    share: Mapped[float] = mapped_column(server_default="0")
    error_message: Mapped[str | None] = mapped_column(Text)
    engine: Mapped[str | None] = mapped_column(String(100))
    run_id: Mapped[UUID] = mapped_column(server_default=text("gen_random_uuid()"))
    attempts: Mapped[int] = mapped_column(server_default="0")
    claimed_until: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant)
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    completed_at: Mapped[datetime | None] = mapped_column(Instant)
    checked_at: Mapped[datetime | None] = mapped_column(Instant)
    checked_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))


class AudioFile(Base):
    """Where a recording's audio lies, written down before the first byte of it is.

    So nothing lies in the store that no row here tells of. The worker deletes what
    `transcription_session_id` is null for, what is `discarded_at`, and what was never confirmed
    and is past `expires_at`; then the row. Of what was ever sent for it `object_id` is the one that
    counts; that, `size_bytes` and `media_type` are null until it has arrived, `confirmed_at` until
    somebody said that it is whole.
    """

    __tablename__ = "audio_files"
    __table_args__ = (
        ForeignKeyConstraint(
            ["school_id", "transcription_session_id"],
            ["transcription_sessions.school_id", "transcription_sessions.id"],
            ondelete="SET NULL (transcription_session_id)",
        ),
        Index(None, "school_id", "transcription_session_id"),
    )
    holds = Holds(
        purpose="Where the audio of recordings lies, so that none of it is left behind.",
        kept="until the audio is deleted: once its transcript is accepted, unless the school keeps "
        "audio; with the recording at the latest.",
        identifiers=("id", "transcription_session_id"),
        circumstances=("filename", "duration_s"),
        organisation=("school_id",),
        technical=(
            *("object_id", "most_bytes", "size_bytes", "media_type", "expires_at"),
            *("uploaded_at", "confirmed_at", "discarded_at"),
        ),
    )

    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    transcription_session_id: Mapped[UUID | None]
    filename: Mapped[str] = mapped_column(String(255))
    most_bytes: Mapped[int]
    object_id: Mapped[UUID | None]
    size_bytes: Mapped[int | None]
    media_type: Mapped[str | None] = mapped_column(String(40))
    duration_s: Mapped[float | None]
    expires_at: Mapped[datetime] = mapped_column(Instant)
    uploaded_at: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    discarded_at: Mapped[datetime | None] = mapped_column(Instant)


class TranscriptSegment(Base):
    """What one speaker said without a break; seconds are from the beginning of the audio."""

    __tablename__ = "transcript_segments"
    __table_args__ = (
        _one_of("role", Role),
        CheckConstraint("start_s >= 0 and end_s >= start_s", name="times"),
        ForeignKeyConstraint(
            ["school_id", "transcription_session_id"],
            ["transcription_sessions.school_id", "transcription_sessions.id"],
            ondelete="CASCADE",
        ),
        Index(
            "transcript_segments_order_idx",
            *("school_id", "transcription_session_id", "position"),
            unique=True,
        ),
    )
    holds = Holds(
        purpose="What was said in a recording, by whom and how surely it was heard.",
        kept=WITH_RECORDING,
        identifiers=("id", "transcription_session_id"),
        circumstances=("role", "speaker_id"),
        content=("content", "start_s", "end_s"),
        organisation=("school_id",),
        technical=("position", "confidence"),
    )

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    transcription_session_id: Mapped[UUID]
    position: Mapped[int]
    speaker_id: Mapped[str | None] = mapped_column(String(64))
    role: Mapped[str | None] = mapped_column(String(7))
    start_s: Mapped[float]
    end_s: Mapped[float]
    content: Mapped[str] = mapped_column(Text)
    confidence: Mapped[float | None]


class RecordingSettings(Base):
    """What a live school decided about its recordings: whether audio stays once it is checked.

    Without a row it goes.
    """

    __tablename__ = "recording_settings"
    holds = Holds(
        purpose="Whether a school keeps the audio of recordings, and who said so.",
        kept=FOR_GOOD,
        staff=("changed_by",),
        organisation=("school_id", "keep_audio", "changed_at"),
    )

    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    keep_audio: Mapped[bool]
    changed_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    changed_at: Mapped[datetime] = mapped_column(Instant)


class UploadKey(Base):
    """What upload addresses are signed with; one for all processes."""

    __tablename__ = "upload_keys"
    holds = Holds(
        purpose="The key with which addresses for uploads are signed.",
        kept=FOR_GOOD,
        secrets=("key",),
        technical=("id", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Instant)
