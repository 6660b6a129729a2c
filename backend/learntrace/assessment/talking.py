"""From checked transcripts to what an assessment reads of them.

Features are stored so that one school's talk can be compared without reading all of it again. A
row is there only while its transcript is checked and tells something; it goes with the transcript,
and a trigger of the table then has the population made anew without it.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import delete, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.assessment.models import TranscriptFeatures
from learntrace.assessment.rows import measure_of, measure_row
from learntrace.features.linguistic.extract import TalkFeatures, versions_for
from learntrace.features.linguistic.lexicons import main_subtag
from learntrace.features.types import TalkReason
from learntrace.roster.records import hold_student
from learntrace.skills import due
from learntrace.skills.grounds import Talked
from learntrace.skills.versions import POPULATIONS
from learntrace.transcription_sessions import talk
from learntrace.transcription_sessions.talk import Checked

MOST_TRANSCRIPTS = 30
"""As of play: more of one source would narrow no interval that anybody sees."""
MOST_COMPARED = 20_000
_TALK: Final = UUID("b5f7d1a4-6a5c-4f43-9a52-0d6f4f0c8e11")
_KEY: Final = ("school_id", "transcription_session_id")


def population_id(language: str) -> UUID:
    """Under what the population of talk in a language stands, as a game's stands under its id."""
    return uuid5(_TALK, main_subtag(language))


async def bring_up_to_date(db: AsyncSession, school_id: UUID, student_id: UUID) -> None:
    """Store the features of the student's transcripts that changed since, and drop the others'.

    Nobody else does so for this student meanwhile (`assessments.take_turns`).
    """
    now = {one.id: one for one in await talk.checked_of_student(db, school_id, student_id)}
    stored = {
        one.transcription_session_id: (one.versions, one.transcript_updated_at)
        for one in await _rows(db, school_id, student_id)
    }
    gone = stored.keys() - now.keys()
    changed = [
        one.id
        for one in now.values()
        if stored.get(one.id) != (versions_for(one.language), one.updated_at)
    ]
    if not (gone or changed) or not await hold_student(db, school_id, student_id):
        return
    kept = await talk.hold_checked(db, school_id, changed)
    rows = [await _row(db, school_id, student_id, one) for one in kept]
    known = [row for row in rows if row is not None]
    wordless = {one.id for one in kept} - {row["transcription_session_id"] for row in known}
    await _drop(db, school_id, gone | (wordless & stored.keys()))
    await _save(db, known)


async def of_student(db: AsyncSession, school_id: UUID, student_id: UUID) -> list[Talked]:
    """What the student's newest transcripts say, as last brought up to date; newest first."""
    rows = (await _rows(db, school_id, student_id))[:MOST_TRANSCRIPTS]
    return [
        Talked(
            transcription_session_id=one.transcription_session_id,
            language=one.language,
            at=one.said_at,
            versions=one.versions,
            measures={
                name: measure_of(stored, TalkReason) for name, stored in one.features.items()
            },
            confidence=one.confidence,
            population=await POPULATIONS.in_force(db, school_id, one.population_id),
        )
        for one in rows
    ]


async def newest(
    db: AsyncSession,
    school_id: UUID,
    student_id: UUID,
    *,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[tuple[datetime, UUID, int]]:
    """When a student talked, the transcript's id and how many words were the student's."""
    place = (TranscriptFeatures.said_at, TranscriptFeatures.transcription_session_id)
    query = (
        select(*place, TranscriptFeatures.words)
        .where(
            TranscriptFeatures.school_id == school_id, TranscriptFeatures.student_id == student_id
        )
        .order_by(place[0].desc(), place[1].desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(tuple_(*place) < before)
    return [(row[0], row[1], row[2]) for row in await db.execute(query)]


async def mark_outdated(db: AsyncSession) -> int:
    """Have all assessed anew whose transcripts no features, or older ones, are stored of; how many.

    For when the program is another than before.
    """
    keys = (TranscriptFeatures.school_id, TranscriptFeatures.transcription_session_id)
    rows = await db.execute(select(*keys, TranscriptFeatures.versions))
    stored = {(row[0], row[1]): row[2] for row in rows}
    students: dict[UUID, set[UUID]] = defaultdict(set)
    for school_id, student_id, transcript_id, language in await talk.checked_of_everybody(db):
        if stored.get((school_id, transcript_id)) != versions_for(language):
            students[school_id].add(student_id)
    for school_id, ids in sorted(students.items()):
        await due.mark(db, school_id, ids)
    return sum(map(len, students.values()))


async def counts(db: AsyncSession) -> list[tuple[UUID, UUID, int]]:
    """How many transcripts each population could be made of: tenant, population, transcripts."""
    keys = (TranscriptFeatures.school_id, TranscriptFeatures.population_id)
    query = select(*keys, func.count()).group_by(*keys).order_by(*keys)
    return [(row[0], row[1], row[2]) for row in await db.execute(query)]


async def values(
    db: AsyncSession, school_id: UUID, population_id: UUID
) -> Sequence[tuple[UUID, dict[str, Any]]]:
    """Student and features as stored, of the newest transcripts of one population."""
    query = (
        select(TranscriptFeatures.student_id, TranscriptFeatures.features)
        .where(
            TranscriptFeatures.school_id == school_id,
            TranscriptFeatures.population_id == population_id,
        )
        .order_by(TranscriptFeatures.said_at.desc())
        .limit(MOST_COMPARED)
    )
    return [(row[0], dict(row[1])) for row in await db.execute(query)]


async def _rows(
    db: AsyncSession, school_id: UUID, student_id: UUID
) -> Sequence[TranscriptFeatures]:
    """Newest first."""
    query = (
        select(TranscriptFeatures)
        .where(
            TranscriptFeatures.school_id == school_id, TranscriptFeatures.student_id == student_id
        )
        .order_by(
            TranscriptFeatures.said_at.desc(), TranscriptFeatures.transcription_session_id.desc()
        )
        .execution_options(populate_existing=True)
    )
    return (await db.scalars(query)).all()


async def _row(
    db: AsyncSession, school_id: UUID, student_id: UUID, one: Checked
) -> dict[str, Any] | None:
    """What is stored of a transcript; `None` where it tells nothing."""
    found = await talk.features_of(db, school_id, one.id, language=one.language, is_reviewed=True)
    if not _tells(found):
        return None
    return {
        "school_id": school_id,
        "transcription_session_id": one.id,
        "student_id": student_id,
        "population_id": population_id(one.language),
        "language": main_subtag(one.language),
        "versions": found.versions,
        "said_at": one.created_at,
        "transcript_updated_at": one.updated_at,
        "words": found.words,
        "confidence": found.confidence,
        "features": {name: measure_row(measure) for name, measure in found.features.items()},
    }


def _tells(found: TalkFeatures) -> bool:
    return any(measure.value is not None for measure in found.features.values())


async def _save(db: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    for row in rows:
        saving = insert(TranscriptFeatures).values(row)
        await db.execute(
            saving.on_conflict_do_update(
                index_elements=list(_KEY),
                set_={name: own for name, own in saving.excluded.items() if name not in _KEY},
            )
        )


async def _drop(db: AsyncSession, school_id: UUID, ids: set[UUID]) -> None:
    if ids:
        await db.execute(
            delete(TranscriptFeatures).where(
                TranscriptFeatures.school_id == school_id,
                TranscriptFeatures.transcription_session_id.in_(ids),
            )
        )
