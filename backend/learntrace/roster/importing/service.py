"""Making a school's classes, students and teachers what its roster says."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import rostered
from learntrace.accounts.repository import lock_school
from learntrace.audit import log
from learntrace.audit.acts import Act
from learntrace.kit.clock import now
from learntrace.kit.errors import ConflictError, InvalidError
from learntrace.privacy import tombstones
from learntrace.roster.importing.diff import Counts, Spans, compare
from learntrace.roster.importing.files import only_file
from learntrace.roster.importing.oneroster import read_oneroster
from learntrace.roster.importing.oneroster_files import is_oneroster
from learntrace.roster.importing.plain import read_plain
from learntrace.roster.importing.reading import read_known
from learntrace.roster.importing.storing import store
from learntrace.roster.importing.telling import Told, tell
from learntrace.roster.importing.types import Day, Problem, Roster

MOST_ENDED_PERCENT = 10


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A teacher who is new, and needs a link to choose a password."""

    user_id: UUID = field(compare=False)
    username: str
    display_name: str


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did, or would do.

    `erased` students whom the files name were erased at the school, and stay out. `told` are the
    first changes, see `tell`.
    """

    classes: Counts
    students: Counts
    teachers: Counts
    enrolments: Counts
    teachings: Counts
    erased: int
    told: list[Told]
    new_people: list[NewPerson]

    def counts(self) -> dict[str, Counts]:
        """What is counted, by its name in the plural."""
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: of for name, of in found.items() if isinstance(of, Counts)}


class UnusableRosterError(InvalidError):
    """The files cannot be used as they are; `problems` say where and what to do."""

    def __init__(self, problems: list[Problem]) -> None:
        count = f"{len(problems)} problem{'' if len(problems) == 1 else 's'}"
        super().__init__(f"Nothing was stored: the files have {count}.")
        self.problems = problems


class EndsTooMuchError(ConflictError):
    """The files would end more than is believable; `report` is of what they would do.

    Whoever shows what it tells of the students `touched` enters that in the audit log.
    """

    def __init__(self, report: Report, ends: list[str], touched: Collection[UUID]) -> None:
        super().__init__(
            f"Nothing was stored: this would end {' and '.join(ends)}, more than "
            f"{MOST_ENDED_PERCENT} %. Check that the files are whole."
        )
        self.report = report
        self.touched = touched


async def import_roster(
    db: AsyncSession,
    files: Mapping[str, bytes],
    *,
    school_id: UUID,
    act: Act,
    org: str | None = None,
    dry_run: bool = False,
    force: bool = False,
) -> Report:
    """Do what the files, named in lower case, say; with `dry_run` do it and take it back.

    Imports of one school take turns. `act` stands in the audit log with all whom it touches, with
    `dry_run` as one that was only tried. `org` is the source id of the school in files that hold
    several. Raises `UnusableRosterError`, and without `force` `EndsTooMuchError`.
    """
    school = await lock_school(db, school_id)
    at = now()
    zone = ZoneInfo(school.timezone)
    day = Day(at.astimezone(zone).date(), zone)
    problems: list[Problem] = []
    roster = await asyncio.to_thread(
        _read,
        files,
        problems,
        school_name=school.name,
        org=org,
        known_org=school.source_id,
        day=day,
    )
    if problems:
        raise UnusableRosterError(problems)
    erased = await tombstones.erased_sources(db, school_id, roster.students)
    roster = roster.without_students(erased)
    known = await read_known(db, school_id, roster)
    changes = await asyncio.to_thread(
        compare, roster, known, problems, at=at, fits_username=rostered.fits_username
    )
    if problems:
        raise UnusableRosterError(problems)
    report = Report(
        classes=changes.classes.counts(),
        students=changes.students.counts(),
        teachers=changes.teachers.counts(),
        enrolments=changes.enrolments.counts(),
        teachings=changes.teachings.counts(),
        erased=len(erased),
        told=tell(changes, known, at=at, zone=zone),
        new_people=[
            NewPerson(user_id, one.username, one.name) for user_id, one in changes.teachers.added
        ],
    )
    ends = [
        *_too_many("enrolments", changes.enrolments),
        *_too_many("teachings", changes.teachings),
    ]
    if ends and not force:
        raise EndsTooMuchError(report, ends, changes.students_touched())
    savepoint = await db.begin_nested()
    await store(db, school_id, changes, at=at)
    if roster.org is not None:
        school.source_id = roster.org
        await db.flush()
    if dry_run:
        await savepoint.rollback()
        act = act.as_dry_run()
    await log.write(db, act, [(school_id, one) for one in changes.students_touched()])
    return report


def _read(
    files: Mapping[str, bytes],
    problems: list[Problem],
    *,
    school_name: str,
    org: str | None,
    known_org: str | None,
    day: Day,
) -> Roster:
    if is_oneroster(files):
        return read_oneroster(
            files, problems, school_name=school_name, org=org, known_org=known_org, day=day
        )
    name, content = only_file(files)
    return read_plain(name, content, problems)


def _too_many(noun: str, spans: Spans) -> list[str]:
    if spans.closed * 100 <= spans.open_before * MOST_ENDED_PERCENT:
        return []
    return [f"{spans.closed:,} of the {spans.open_before:,} {noun} that are open now"]
