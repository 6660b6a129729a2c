"""The shapes of the API's answers about keeping records, who read them, and having them changed."""

from collections.abc import Mapping
from datetime import date, datetime

from pydantic import Field

from learntrace_dashboard.contract import Answer, Named
from learntrace_dashboard.hiding import StudentName


class Retention(Answer):
    """For how many days what is kept; None without end."""

    play_days: int | None
    left_days: int | None
    audit_days: int | None


class RetentionPreview(Answer):
    """What would go now; a day is None where nothing would go for that reason."""

    play_before: date | None
    left_before: date | None
    students: int
    counts: Mapping[str, int]


class StudentOfEntry(Answer):
    """A student whom an entry of the access log is about."""

    student_id: str
    display_name: StudentName


class AccessEntry(Answer):
    """Who did what with which students' records; of the students at most 5 are named.

    `by`: person, pupil, link, program or command; `who` is None for all but the first.
    """

    id: str
    at: datetime
    who: Named | None = None
    by: str
    words: str
    school_class: Named | None = Field(default=None, alias="class")
    students: tuple[StudentOfEntry, ...] = ()
    student_count: int
    erased_count: int


class AccessLog(Answer):
    """A page of the access log, newest first."""

    items: tuple[AccessEntry, ...] = ()
    next_cursor: str | None = None


class Decision(Answer):
    """What was decided about a wish, by whom."""

    words: str
    at: datetime
    by: Named


class Amendment(Answer):
    """Somebody's wish to have a record changed; `statement` goes with the record if refused."""

    id: str
    student_id: str
    display_name: StudentName | None = None
    about: str
    text: str
    asked_by: str
    noted_by: Named
    created_at: datetime
    state: str
    decision: Decision | None = None
    statement: str | None = None
