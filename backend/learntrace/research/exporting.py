"""A study's archive: tables of play, answers and ratings under pseudonyms."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts.repository import find_school
from learntrace.assessment.reading import find_many_assessed
from learntrace.audit import log
from learntrace.audit.acts import Act
from learntrace.features.presenting import flat_features
from learntrace.game_sessions.reading import stream_sessions
from learntrace.kit.archive import Document, Row, as_csv, once, zipped
from learntrace.kit.db import Database
from learntrace.research import disclosures, studies
from learntrace.research.disclosures import Giving
from learntrace.research.participants import Participant, participants, require_enough
from learntrace.research.pseudonyms import Pseudonyms
from learntrace.research.tables import (
    COLUMNS,
    FEATURES,
    README,
    TABLES,
    Table,
    described,
)
from learntrace.skills import answers, ratings

# Every file shows the same instant, whatever is stored meanwhile.
_ONE_SNAPSHOT: Final = text("set transaction isolation level repeatable read, read only")
_DAY_S: Final = 86_400


@dataclass(frozen=True, slots=True)
class _Export:
    db: AsyncSession
    school_id: UUID
    timezone: ZoneInfo
    pseudonyms: Pseudonyms
    students: Sequence[Participant]

    async def documents(self) -> AsyncIterator[Document]:
        yield Document("README.txt", once(README))
        yield _document(COLUMNS, once(described()))
        for table, rows in zip(
            TABLES, (self._students, self._sessions, self._answers, self._ratings), strict=True
        ):
            yield _document(table, rows())

    async def _students(self) -> AsyncIterator[Sequence[Row]]:
        yield [
            {"student": one.pseudonym, "sessions": one.game_session_count} for one in self.students
        ]

    async def _sessions(self) -> AsyncIterator[Sequence[Row]]:
        for student in self.students:
            number = 0
            async for some in stream_sessions(self.db, self.school_id, student_id=student.id):
                ids = [one.id for one in some]
                found = await find_many_assessed(self.db, self.school_id, ids)
                rows = []
                for one in some:
                    number += 1
                    assessed = found.get(one.id)
                    rows.append(
                        {
                            "student": student.pseudonym,
                            "session": number,
                            "game": self.pseudonyms.game(one.game_id),
                            "start_s": _since(student, one.started_at),
                            "end_s": _since(student, one.ended_at),
                            "events": one.event_count,
                            "extractor_version": assessed and assessed.extractor_version,
                            "mapping_version": assessed and assessed.mapping_version,
                            "reference_version": assessed and assessed.reference_version,
                            **flat_features(assessed.features if assessed else {}, FEATURES),
                        }
                    )
                yield rows

    async def _answers(self) -> AsyncIterator[Sequence[Row]]:
        for student in self.students:
            games = await answers.of_student(self.db, self.school_id, student.id)
            given = sorted(
                ((game.game_id, answer) for game in games for answer in game.answers),
                key=lambda one: one[1].at,
            )
            yield [
                {
                    "user": student.pseudonym,
                    "order": order,
                    "timestamp": _since(student, answer.at),
                    "item": self.pseudonyms.item(game_id, answer.item),
                    "skill": self.pseudonyms.skill(game_id, answer.skill),
                    "correct": int(answer.correct),
                }
                for order, (game_id, answer) in enumerate(given)
            ]

    async def _ratings(self) -> AsyncIterator[Sequence[Row]]:
        for student in self.students:
            first_day = student.first_at.astimezone(self.timezone).date()
            yield [
                {
                    "student": student.pseudonym,
                    "rater": self.pseudonyms.rater(one.rater_id),
                    "skill": one.skill,
                    "level": one.level,
                    # Whole days: a time of day would tell when the first event was.
                    "time_s": (one.observed_on - first_day).days * _DAY_S,
                }
                for one in await ratings.of_student(self.db, self.school_id, student.id)
            ]


async def export(
    database: Database, school_id: UUID, giving: Giving, act: Act, *, allow_few: bool
) -> AsyncGenerator[bytes, None]:
    """The archive of a live school's study, piece by piece, as everything stood at one instant.

    It has transactions of its own; before the first piece it stands in the audit log, and in the
    record of each student who is in it, to whom it is handed and what for.
    Raises `InvalidError` before that where fewer than ten students would be in it, unless
    `allow_few`, and as `studies.pseudonyms_of`.
    """
    async with database.transaction() as db:
        pseudonyms = await studies.pseudonyms_of(db, school_id, giving.study)
        entered = {one.id for one in await participants(db, school_id, pseudonyms)}
        if not allow_few:
            require_enough(len(entered))
        await log.write(db, act, [(school_id, student_id) for student_id in entered])
        await disclosures.note(db, school_id, entered, giving)
    async with database.transaction() as db:
        await db.execute(_ONE_SNAPSHOT)
        school = await find_school(db, school_id)
        assert school is not None, "it was there a moment ago, and schools stay"
        still = await participants(db, school_id, pseudonyms)
        found = [one for one in still if one.id in entered]
        whole = _Export(db, school_id, ZoneInfo(school.timezone), pseudonyms, found)
        async for piece in zipped(whole.documents()):
            yield piece


def _since(student: Participant, at: datetime) -> float:
    return round((at - student.first_at).total_seconds(), 3)


def _document(table: Table, rows: AsyncIterator[Sequence[Row]]) -> Document:
    return Document(table.file, as_csv(rows, [column.name for column in table.columns]))
