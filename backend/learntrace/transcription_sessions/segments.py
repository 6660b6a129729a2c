"""The segments of a transcript: stored, changed and read here alone."""

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.kit.clock import now
from learntrace.kit.errors import InvalidError
from learntrace.skills import due
from learntrace.transcription_sessions.heard import Heard
from learntrace.transcription_sessions.models import TranscriptionSession, TranscriptSegment
from learntrace.transcription_sessions.states import Role

UNCHECKED: Final[Mapping[str, object]] = {"checked_at": None, "checked_by": None}
_NOTHING: Final[Mapping[str, object]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment(Heard):
    """What is stored of a `Heard`."""

    id: UUID


async def of_session(
    db: AsyncSession, school_id: UUID, transcription_session_id: UUID
) -> list[Segment]:
    """The segments of a transcript, the first said first; none where there is no transcript."""
    return [
        Segment(
            id=one.id,
            start_s=one.start_s,
            end_s=one.end_s,
            text=one.content,
            confidence=one.confidence,
            speaker_id=one.speaker_id,
            role=None if one.role is None else Role(one.role),
        )
        for one in await _rows(db, school_id, transcription_session_id)
    ]


async def replace(
    db: AsyncSession, school_id: UUID, transcription_session_id: UUID, heard: Iterable[Heard]
) -> int:
    """Make these the segments of a transcription session that exists, the first said first.

    Returns how many there are now; what holds no word is left out. The former ones go. Nobody has
    checked the new ones yet, and an assessment of whom they are about is due. How the session
    stands is the caller's to say.
    """
    await change(db, school_id, transcription_session_id, UNCHECKED)
    await db.execute(
        delete(TranscriptSegment).where(
            TranscriptSegment.school_id == school_id,
            TranscriptSegment.transcription_session_id == transcription_session_id,
        )
    )
    said = sorted((one for one in heard if one.text.strip()), key=lambda h: (h.start_s, h.end_s))
    rows = [
        {
            "school_id": school_id,
            "id": uuid4(),
            "transcription_session_id": transcription_session_id,
            "position": position,
            "speaker_id": one.speaker_id,
            "role": one.role,
            "start_s": one.start_s,
            "end_s": one.end_s,
            "content": one.text.strip(),
            "confidence": one.confidence,
        }
        for position, one in enumerate(said)
    ]
    if rows:
        await db.execute(insert(TranscriptSegment), rows)
    return len(rows)


async def give_speakers_roles(
    db: AsyncSession,
    school_id: UUID,
    transcription_session_id: UUID,
    roles: Mapping[str, Role | None],
) -> int:
    """Give all that a speaker says the speaker's role; how many segments that are.

    Raises `InvalidError` for a speaker who is not in the transcript.
    """
    rows = await _rows(db, school_id, transcription_session_id)
    _require_known(roles, {one.speaker_id for one in rows}, "speaker")
    theirs = [one for one in rows if one.speaker_id in roles]
    for one in theirs:
        assert one.speaker_id is not None, "null is nobody's id"
        one.role = roles[one.speaker_id]
    await change(db, school_id, transcription_session_id)
    return len(theirs)


async def give_roles(
    db: AsyncSession,
    school_id: UUID,
    transcription_session_id: UUID,
    roles: Mapping[UUID, Role | None],
) -> int:
    """Say who speaks in each of these segments; how many they are.

    Raises `InvalidError` for a segment that is not in the transcript.
    """
    for one in await _named(db, school_id, transcription_session_id, roles):
        one.role = roles[one.id]
    await change(db, school_id, transcription_session_id)
    return len(roles)


async def correct(
    db: AsyncSession, school_id: UUID, transcription_session_id: UUID, texts: Mapping[UUID, str]
) -> int:
    """Put what was said in each of these segments; how many they are.

    Nobody knows how surely a person heard: where the words are others, `confidence` is null.
    Raises `InvalidError` for a segment that is not in the transcript.
    """
    for one in await _named(db, school_id, transcription_session_id, texts):
        if one.content != texts[one.id]:
            one.content, one.confidence = texts[one.id], None
    await change(db, school_id, transcription_session_id)
    return len(texts)


async def change(
    db: AsyncSession,
    school_id: UUID,
    transcription_session_id: UUID,
    columns: Mapping[str, object] = _NOTHING,
) -> None:
    """Enter in its session that a transcript is another now; what rests on it is made anew.

    `columns` of the session are changed too. Holds its row until the transaction ends, so that
    changes take turns.
    """
    statement = (
        update(TranscriptionSession)
        .where(
            TranscriptionSession.school_id == school_id,
            TranscriptionSession.id == transcription_session_id,
        )
        .values(updated_at=now(), **columns)
        .returning(TranscriptionSession.student_id)
    )
    student_id = (await db.scalars(statement)).one()
    if student_id is not None:
        await due.mark(db, school_id, [student_id])


async def _rows(
    db: AsyncSession, school_id: UUID, transcription_session_id: UUID
) -> Sequence[TranscriptSegment]:
    query = (
        select(TranscriptSegment)
        .where(
            TranscriptSegment.school_id == school_id,
            TranscriptSegment.transcription_session_id == transcription_session_id,
        )
        .order_by(TranscriptSegment.position)
    )
    return (await db.scalars(query)).all()


async def _named(
    db: AsyncSession, school_id: UUID, transcription_session_id: UUID, ids: Collection[UUID]
) -> list[TranscriptSegment]:
    rows = await _rows(db, school_id, transcription_session_id)
    _require_known(ids, {one.id for one in rows}, "segment")
    return [one for one in rows if one.id in ids]


def _require_known(named: Iterable[object], known: Container[object], what: str) -> None:
    unknown = [str(one) for one in named if one not in known]
    if unknown:
        said = f"The transcript has no such {what} as are in `unknown`. Nothing was changed."
        raise InvalidError(said, members={"unknown": unknown})
