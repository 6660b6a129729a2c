"""The audit log of a tenant, told in names and words; reading it is an entry, too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts.repository import find_school
from learntrace.audit import log, reading
from learntrace.audit.acts import Act
from learntrace.audit.reading import Entry, Known, Place, Wanted
from learntrace.audit.words import words_of
from learntrace.kit.errors import NotFoundError
from learntrace.kit.paging import split_page
from learntrace.roster.reading import names_of_classes

MOST_NAMED = 5
UNKNOWN = "This school has no such student."
Moment = date | datetime
"""An aware instant, or a day for its beginning at the school."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the log is asked for; of `student_id` alone, who is then the only one named."""

    student_id: UUID | None = None
    person_id: UUID | None = None
    since: Moment | None = None
    until: Moment | None = None


@dataclass(frozen=True, slots=True)
class ToldEntry:
    """An entry; `students` are the first `MOST_NAMED` by name of those who still have a row."""

    entry: Entry
    words: str
    class_name: str | None
    students: Sequence[Known]
    erased_count: int


async def tell_newest(
    db: AsyncSession, act: Act, school_id: UUID, asked: Asked, *, before: Place | None, limit: int
) -> tuple[list[ToldEntry], Place | None]:
    """A tenant's entries, newest first, and where the next page begins if more follow.

    `act` is entered with everybody who is named, or asked for. Raises `NotFoundError` where the
    tenant has no such student.
    """
    pseudonym = None
    if asked.student_id is not None:
        pseudonym = await reading.pseudonym_of(db, school_id, asked.student_id)
        if pseudonym is None:
            raise NotFoundError(UNKNOWN)
    zone = await _zone(db, school_id)
    wanted = Wanted(
        pseudonym, asked.person_id, _instant(asked.since, zone), _instant(asked.until, zone)
    )
    found = await reading.newest(db, school_id, wanted, before=before, limit=limit + 1)
    page, last = split_page(found, limit)
    known = await reading.students_behind(
        db, school_id, {one for entry in page for one in entry.students}
    )
    classes = await names_of_classes(db, school_id, {one.class_id for one in page if one.class_id})
    told = [_tell(entry, known, classes, asked.student_id) for entry in page]
    named = {one.id for entry in told for one in entry.students}
    if asked.student_id is not None:
        named.add(asked.student_id)
    await log.write(db, act, [(school_id, one) for one in named])
    return told, None if last is None else (last.at, last.id)


def _tell(
    entry: Entry, known: Mapping[UUID, Known], classes: Mapping[UUID, str], only: UUID | None
) -> ToldEntry:
    among = set(entry.students)
    there = [one for pseudonym, one in known.items() if pseudonym in among]
    erased = len(among) - len(there)
    named = [one for one in there if only in (None, one.id)][:MOST_NAMED]
    class_name = None if entry.class_id is None else classes.get(entry.class_id)
    return ToldEntry(entry, words_of(entry.action, entry.about), class_name, named, erased)


async def _zone(db: AsyncSession, school_id: UUID) -> ZoneInfo:
    school = await find_school(db, school_id)
    assert school is not None, "whoever asks belongs to it"
    return ZoneInfo(school.timezone)


def _instant(moment: Moment | None, zone: ZoneInfo) -> datetime | None:
    if moment is None or isinstance(moment, datetime):
        return moment
    return datetime.combine(moment, time(), zone)
