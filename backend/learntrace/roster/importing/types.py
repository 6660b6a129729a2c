"""What a roster says, whoever wrote it, in our words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, tzinfo

MOST_NAME = 200
MOST_SOURCE_ID = 255

Place = tuple[str, str]
"""A class's source id and a person's: who is in which class."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at a line, and what to do. `text` never repeats what the file says there."""

    file: str
    line: int | None
    text: str

    def __str__(self) -> str:
        return f"{self.file}{'' if self.line is None else f', line {self.line}'}: {self.text}"


@dataclass(frozen=True, slots=True)
class Unreadable(Problem):
    """What keeps a file from being read from there on; `column` is counted from 1."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}, column {self.column}: {self.text}"


@dataclass(frozen=True, slots=True)
class Day:
    """Today at the school, and how its days become instants."""

    today: date
    zone: tzinfo

    def instant(self, day: date | None) -> datetime | None:
        """When `day` begins at the school."""
        return None if day is None else datetime.combine(day, time.min, self.zone)


@dataclass(frozen=True, slots=True)
class Span:
    """From an instant on and until before another; `None` where the roster names none."""

    begins_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A class, a student or a teacher: 1 to 200 printable characters of name."""

    source_id: str
    name: str


@dataclass(frozen=True, slots=True)
class NamedTeacher(Named):
    """`username` in lower case, empty where the roster has none; read at this line."""

    username: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Roster:
    """Everything that is now or still to come, by source id; what is over is left out.

    `teachers` and `teachings` are `None` where the source does not tell of teachers, `org`, what
    the source calls the school, where it does not tell.
    """

    classes: Mapping[str, Named] = field(default_factory=dict)
    students: Mapping[str, Named] = field(default_factory=dict)
    enrolments: Mapping[Place, Span] = field(default_factory=dict)
    teachers: Mapping[str, NamedTeacher] | None = None
    teachings: Mapping[Place, Span] | None = None
    org: str | None = None

    def without_students(self, source_ids: Collection[str]) -> "Roster":
        """The same but for these students, in no class either."""
        if not source_ids:
            return self
        return replace(
            self,
            students={one: of for one, of in self.students.items() if one not in source_ids},
            enrolments={
                place: span for place, span in self.enrolments.items() if place[1] not in source_ids
            },
        )


def one_line(*words: str) -> str:
    """`words` as one name: single spaces, at most 200 characters."""
    return " ".join(" ".join(words).split())[:MOST_NAME].rstrip()


def is_source_id(source_id: str) -> bool:
    """Whether this can be stored as what another system calls something."""
    return 1 <= len(source_id) <= MOST_SOURCE_ID and source_id.isprintable()


def is_name(name: str) -> bool:
    """Whether this can be stored as a name."""
    return bool(name) and name.isprintable()
