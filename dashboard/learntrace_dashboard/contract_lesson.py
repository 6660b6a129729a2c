"""The shapes of the API's answers about a class in and after the lesson."""

from datetime import datetime

from learntrace_dashboard.contract import Answer, Named
from learntrace_dashboard.hiding import StudentName


class TaskOfGame(Answer):
    """A task by its key and in words."""

    key: str
    title: str


class PupilNow(Answer):
    """One student at this moment; everything is empty without an open play session."""

    student_id: str
    display_name: StudentName
    joined: bool
    last_event_at: datetime | None = None
    game: Named | None = None
    task: TaskOfGame | None = None
    failures_in_task: int = 0
    stuck_skills: tuple[str, ...] = ()
    state: str


class ClassNow(Answer):
    """A class at this moment."""

    data_until: datetime
    pupils: tuple[PupilNow, ...]


class StuckReason(Answer):
    """Why somebody may need help, in words, and the play session that shows it."""

    code: str
    words: str
    game_session_id: str


class StuckPupil(Answer):
    """A student whose work is stuck."""

    student_id: str
    display_name: StudentName
    reasons: tuple[StuckReason, ...]


class UnseenPupil(Answer):
    """A student who did not play; `last_played_at` is None where that was never."""

    student_id: str
    display_name: StudentName
    last_played_at: datetime | None = None


class Attention(Answer):
    """Stuck work of the last `days` days, and who was not seen in them."""

    data_until: datetime
    days: int
    stuck: tuple[StuckPupil, ...]
    not_seen: tuple[UnseenPupil, ...]
