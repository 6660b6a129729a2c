"""What a roster changes about what is stored."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID, uuid4

from learntrace.roster.importing.types import (
    Named,
    NamedTeacher,
    Place,
    Problem,
    Roster,
    Span,
)

Key = tuple[UUID, UUID]
"""A class's id and a student's or teacher's."""
Thing = TypeVar("Thing", bound=Named)


@dataclass(frozen=True, slots=True)
class KnownThing:
    """A class, student or teacher that a roster brought; `gone` since it had them no more."""

    id: UUID
    name: str
    gone: bool


@dataclass(frozen=True, slots=True)
class KnownSpan:
    """An enrolment or teaching that is now or still to come."""

    begins_at: datetime
    ends_at: datetime | None
    from_roster: bool


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a username; `free` where it is a person of this school whom no roster brought."""

    id: UUID
    free: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of a school, things by their source ids, people who sign in by username.

    `staying` are those of the teachers who sign in whether the roster has them or not.
    """

    classes: Mapping[str, KnownThing] = field(default_factory=dict)
    students: Mapping[str, KnownThing] = field(default_factory=dict)
    teachers: Mapping[str, KnownThing] = field(default_factory=dict)
    staying: frozenset[UUID] = frozenset()
    holders: Mapping[str, Holder] = field(default_factory=dict)
    enrolments: Mapping[Key, KnownSpan] = field(default_factory=dict)
    teachings: Mapping[Key, KnownSpan] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Counts:
    """`added` are new or back, `changed` renamed or moved in time."""

    added: int = 0
    changed: int = 0
    ended: int = 0
    unchanged: int = 0


@dataclass(slots=True)
class Things(Generic[Thing]):
    """What becomes of the classes, the students or the teachers. `ids` are of all of the roster.

    `changed` holds who is back, too, and teachers added by hand before; `back` says how many.
    """

    ids: dict[str, UUID] = field(default_factory=dict)
    added: list[tuple[UUID, Thing]] = field(default_factory=list)
    changed: list[tuple[UUID, Thing]] = field(default_factory=list)
    ended: list[UUID] = field(default_factory=list)
    back: int = 0
    unchanged: int = 0

    def counts(self) -> Counts:
        return Counts(
            added=len(self.added) + self.back,
            changed=len(self.changed) - self.back,
            ended=len(self.ended),
            unchanged=self.unchanged,
        )


@dataclass(slots=True)
class Spans:
    """What becomes of the enrolments or the teachings.

    `open_before` of those that rosters brought are open now; `closed` of them would no longer be.
    """

    added: dict[Key, KnownSpan] = field(default_factory=dict)
    changed: dict[Key, KnownSpan] = field(default_factory=dict)
    ended: list[Key] = field(default_factory=list)
    unchanged: int = 0
    open_before: int = 0
    closed: int = 0

    def counts(self) -> Counts:
        return Counts(len(self.added), len(self.changed), len(self.ended), self.unchanged)


@dataclass(slots=True)
class Changes:
    """`teachers` and `teachings` change nothing where the roster does not tell of them.

    `shut_out` are those of the teachers who have left and can sign in no more.
    """

    classes: Things[Named]
    students: Things[Named]
    enrolments: Spans
    teachers: Things[NamedTeacher] = field(default_factory=Things)
    teachings: Spans = field(default_factory=Spans)
    shut_out: list[UUID] = field(default_factory=list)

    def students_touched(self) -> set[UUID]:
        """Everybody who is added, renamed or ended, or is put into or out of a class."""
        students, spans = self.students, self.enrolments
        named = {one for one, _ in (*students.added, *students.changed)}
        moved = {one for _, one in (*spans.added, *spans.changed, *spans.ended)}
        return named | moved | set(students.ended)


def compare(
    roster: Roster,
    known: Known,
    problems: list[Problem],
    *,
    at: datetime,
    fits_username: Callable[[str], bool],
) -> Changes:
    """What to do so that what is stored is what the roster says from `at` on.

    Teachers who cannot be added for their username are added to `problems`.
    """
    classes = _compare_things(roster.classes, known.classes)
    students = _compare_things(roster.students, known.students)
    enrolments = _by_id(roster.enrolments, classes.ids, students.ids)
    changes = Changes(classes, students, _compare_spans(enrolments, known.enrolments, at))
    if roster.teachers is not None and roster.teachings is not None:
        changes.teachers = _compare_teachers(roster.teachers, known, fits_username, problems)
        changes.shut_out = [one for one in changes.teachers.ended if one not in known.staying]
        teachings = _by_id(roster.teachings, classes.ids, changes.teachers.ids)
        changes.teachings = _compare_spans(teachings, known.teachings, at)
    return changes


def _compare_things(wanted: Mapping[str, Thing], known: Mapping[str, KnownThing]) -> Things[Thing]:
    things: Things[Thing] = Things()
    for source_id, one in wanted.items():
        stored = known.get(source_id)
        things.ids[source_id] = uuid4() if stored is None else stored.id
        if stored is None:
            things.added.append((things.ids[source_id], one))
        elif stored.gone or stored.name != one.name:
            things.changed.append((stored.id, one))
            things.back += stored.gone
        else:
            things.unchanged += 1
    things.ended = [
        stored.id
        for source_id, stored in known.items()
        if source_id not in wanted and not stored.gone
    ]
    return things


def _compare_teachers(
    wanted: Mapping[str, NamedTeacher],
    known: Known,
    fits_username: Callable[[str], bool],
    problems: list[Problem],
) -> Things[NamedTeacher]:
    """As for all things; one whom somebody added by hand with this username is that person."""
    things = _compare_things(wanted, known.teachers)
    newcomers, things.added = things.added, []
    taken: set[str] = set()
    for new_id, one in newcomers:
        holder = known.holders.get(one.username)
        said = _wrong_username(one.username, holder, taken, fits_username)
        taken.add(one.username)
        if said is not None:
            problems.append(Problem(one.file, one.line, said))
        elif holder is None:
            things.added.append((new_id, one))
        else:
            things.ids[one.source_id] = holder.id
            things.changed.append((holder.id, one))
    return things


def _wrong_username(
    username: str,
    holder: Holder | None,
    taken: Collection[str],
    fits_username: Callable[[str], bool],
) -> str | None:
    if not username:
        return "A teacher needs a username or an email to sign in with."
    if not fits_username(username):
        return (
            "The teacher's username, or else email, has 2 to 100 letters a to z, digits and "
            ". _ @ + -, and starts with a letter or digit."
        )
    if username in taken:
        return "A teacher above has the same username. Give each their own."
    if holder is not None and not holder.free:
        return "Somebody else has this teacher's username already. Give the teacher another one."
    return None


def _by_id(
    wanted: Mapping[Place, Span], classes: Mapping[str, UUID], people: Mapping[str, UUID]
) -> dict[Key, Span]:
    return {(classes[group], people[one]): span for (group, one), span in wanted.items()}


def _compare_spans(
    wanted: Mapping[Key, Span], known: Mapping[Key, KnownSpan], at: datetime
) -> Spans:
    """Only what a roster brought ends; what the roster names is its own from now on."""
    spans = Spans()
    for key, span in wanted.items():
        stored = known.get(key)
        fresh = _stored(span, stored, at)
        if stored is None:
            spans.added[key] = fresh
        elif stored != fresh:
            spans.changed[key] = fresh
        else:
            spans.unchanged += 1
    for key, stored in known.items():
        if not stored.from_roster:
            continue
        is_open = stored.begins_at <= at
        spans.open_before += is_open
        if key not in wanted:
            spans.ended.append(key)
            spans.closed += is_open
        elif key in spans.changed:
            spans.closed += is_open and spans.changed[key].begins_at > at
    return spans


def _stored(span: Span, before: KnownSpan | None, at: datetime) -> KnownSpan:
    """A span as it is to be stored; one without a first day begins now, if it has not."""
    begins_at = span.begins_at
    if begins_at is None:
        begins_at = at if before is None else min(before.begins_at, at)
    return KnownSpan(begins_at, span.ends_at, from_roster=True)
