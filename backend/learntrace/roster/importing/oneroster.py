"""OneRoster's CSV files, read: classes, the people in them, and since and until when.

Nobody is read who is in none of the school's classes, now or later: parents, for one.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from learntrace.roster.importing.oneroster_cells import is_ended, is_new, read_date
from learntrace.roster.importing.oneroster_files import (
    CLASSES,
    ENROLMENTS,
    TERMS,
    USERS,
    choose_org,
    read_tables,
)
from learntrace.roster.importing.oneroster_people import People, read_people
from learntrace.roster.importing.tables import Row, Table
from learntrace.roster.importing.types import (
    Day,
    Named,
    NamedTeacher,
    Place,
    Problem,
    Roster,
    Span,
    is_name,
    one_line,
)

STUDENT, TEACHER = "student", "teacher"
# Of a class, and not ours: they give nobody anything to see.
_OTHER_ROLES = frozenset({"administrator", "proctor", "aide", "guardian", "parent", "relative"})


@dataclass(frozen=True, slots=True)
class _Days:
    """From the first day on, until before the second; `None` for no such day."""

    begins_on: date | None = None
    ends_on: date | None = None

    def is_over(self, today: date) -> bool:
        return self.ends_on is not None and self.ends_on <= today

    def is_now(self, today: date) -> bool:
        return not self.is_over(today) and (self.begins_on is None or self.begins_on <= today)


@dataclass(frozen=True, slots=True)
class _Classes:
    """The school's classes: those that are not over, the days of all; other schools' ids."""

    named: Mapping[str, Named]
    days: Mapping[str, _Days]
    of_others: frozenset[str]


def read_oneroster(
    files: Mapping[str, bytes],
    problems: list[Problem],
    *,
    school_name: str,
    org: str | None = None,
    known_org: str | None = None,
    day: Day,
) -> Roster:
    """What the files, named in lower case, say of one school; see `choose_org`."""
    tables = read_tables(files, problems)
    chosen = choose_org(tables, school_name, org, known_org, problems)
    if chosen is None:
        return Roster()
    classes = _read_classes(tables, chosen, day.today, problems)
    people = read_people(tables, chosen, day.today, problems)
    places: dict[str, dict[Place, list[_Days]]] = {
        STUDENT: defaultdict(list),
        TEACHER: defaultdict(list),
    }
    for role, place, days in _enrolments(
        tables[ENROLMENTS], chosen, classes, people, day.today, problems
    ):
        places[role][place].append(days)
    students = {person for _, person in places[STUDENT]}
    teachers = {person for _, person in places[TEACHER]}
    return Roster(
        classes=classes.named,
        students={one: Named(one, people.name(one, problems)) for one in sorted(students)},
        enrolments=_spans(places[STUDENT], day),
        teachers={one: _teacher(people, one, problems) for one in sorted(teachers)},
        teachings=_spans(places[TEACHER], day),
        org=chosen,
    )


def _teacher(people: People, source_id: str, problems: list[Problem]) -> NamedTeacher:
    return NamedTeacher(
        source_id,
        people.name(source_id, problems),
        people.username(source_id),
        USERS,
        people.line(source_id),
    )


def _read_classes(
    tables: Mapping[str, Table], org: str, today: date, problems: list[Problem]
) -> _Classes:
    terms = _read_terms(tables[TERMS], problems)
    named: dict[str, Named] = {}
    days: dict[str, _Days] = {}
    of_others = set()
    for row in tables[CLASSES].rows:
        source_id = row["sourcedId"]
        if row["schoolSourcedId"] != org:
            of_others.add(source_id)
            continue
        if not is_new(CLASSES, row, days, problems):
            continue
        ended = is_ended(CLASSES, row, problems)
        days[source_id] = _Days() if ended else _days_of_class(row, terms, problems)
        if ended or days[source_id].is_over(today):
            continue
        title = one_line(row["title"])
        if not is_name(title):
            said = "Give the class a title of printable characters."
            problems.append(Problem(CLASSES, row.line, said))
        named[source_id] = Named(source_id, title)
    if tables[CLASSES].rows and not days:
        problems.append(Problem(CLASSES, None, "There is no class of this school in it."))
    return _Classes(named, days, frozenset(of_others))


def _read_terms(table: Table, problems: list[Problem]) -> dict[str, _Days]:
    return {
        row["sourcedId"]: _Days(
            read_date(table.file, row, "startDate", problems),
            read_date(table.file, row, "endDate", problems),
        )
        for row in table.rows
    }


def _days_of_class(row: Row, terms: Mapping[str, _Days], problems: list[Problem]) -> _Days:
    """From the first of the class's terms to the last; of no terms, without end."""
    named = [one.strip() for one in row["termSourcedIds"].split(",") if one.strip()]
    if not terms or not named:
        return _Days()
    if any(one not in terms for one in named):
        said = f"A term of this class is not in {TERMS}."
        problems.append(Problem(CLASSES, row.line, said))
        return _Days()
    return _around([terms[one] for one in named])


def _around(several: list[_Days]) -> _Days:
    begins = [one.begins_on for one in several if one.begins_on is not None]
    ends = [one.ends_on for one in several if one.ends_on is not None]
    return _Days(
        min(begins) if len(begins) == len(several) else None,
        max(ends) if len(ends) == len(several) else None,
    )


def _enrolments(
    table: Table,
    org: str,
    classes: _Classes,
    people: People,
    today: date,
    problems: list[Problem],
) -> Iterator[tuple[str, Place, _Days]]:
    """Role, place and days of each enrolment that is not over."""
    for row in table.rows:
        place = _place(row, org, classes, problems)
        if place is None or is_ended(table.file, row, problems):
            continue
        role = row["role"].lower()
        if role not in (STUDENT, TEACHER):
            if role not in _OTHER_ROLES and not role.startswith("ext:"):
                said = "The role is student, teacher, administrator or proctor."
                problems.append(Problem(table.file, row.line, said))
            continue
        days = _Days(
            read_date(table.file, row, "beginDate", problems) or classes.days[place[0]].begins_on,
            read_date(table.file, row, "endDate", problems) or classes.days[place[0]].ends_on,
        )
        if days.is_over(today):
            continue
        said_of_person = people.unfit(place[1], as_teacher=role == TEACHER)
        if said_of_person is not None:
            problems.append(Problem(table.file, row.line, said_of_person))
        elif people.is_here(place[1], as_teacher=role == TEACHER):
            yield role, place, days


def _place(row: Row, org: str, classes: _Classes, problems: list[Problem]) -> Place | None:
    """Whose enrolment of which class it is; `None` where that does not concern the school."""
    source_id, school = row["classSourcedId"], row["schoolSourcedId"]
    if source_id in classes.named:
        return source_id, row["userSourcedId"]
    elsewhere = source_id in classes.of_others or school not in ("", org)
    if source_id not in classes.days and not elsewhere:
        said = f"The class of this line is not in {CLASSES}."
        problems.append(Problem(ENROLMENTS, row.line, said))
    return None


def _spans(places: Mapping[Place, list[_Days]], day: Day) -> dict[Place, Span]:
    """Of several enrolments in one class the ones of today, else the next."""
    spans = {}
    for place, several in places.items():
        own = [one for one in several if one.is_now(day.today)]
        own = own or [min(several, key=lambda one: one.begins_on or date.min)]
        days = _around(own)
        spans[place] = Span(day.instant(days.begins_on), day.instant(days.ends_on))
    return spans
