"""The shapes of the API's answers about meetings and who is coached in them."""

from datetime import date, datetime

from learntrace_dashboard.contract import Answer, Named
from learntrace_dashboard.hiding import StudentName
from learntrace_dashboard.texts import Texts


class ClientInBrief(Answer):
    """Who is coached; `name` is None once it was taken away for good."""

    id: str
    student_id: str | None = None
    name: StudentName | None = None
    is_anonymized: bool = False


def name_of(one: ClientInBrief, texts: Texts) -> str:
    """The name, or that there is none any more."""
    return one.name or texts("meetings.no_name")


class Coached(ClientInBrief):
    """Who is coached, and who added that one."""

    coach: Named
    created_at: datetime


class ClientsPage(Answer):
    """One page of those who are coached."""

    items: tuple[Coached, ...] = ()
    total_pages: int = 0


class LinkedRecording(Answer):
    """How the recording of a meeting stands now."""

    id: str
    status: str
    title: str
    segments_count: int = 0


class MeetingLine(Answer):
    """A meeting; `coach` is who noted it."""

    id: str
    client: ClientInBrief
    coach: Named
    session_date: date
    duration_min: int | None = None
    notes: str = ""
    transcription_session: LinkedRecording | None = None


class Observed(Answer):
    """What was seen of a skill in a meeting; `id` is that of the rating."""

    id: str
    skill: str
    level: int
    text: str = ""
    rater: Named


class Meeting(MeetingLine):
    """A meeting with what was seen in it, the first noted first."""

    observations: tuple[Observed, ...] = ()


class Meetings(Answer):
    """Meetings as the API lists them, the last first."""

    items: tuple[MeetingLine, ...] = ()
    total_pages: int = 0


class MeetingsPage(Answer):
    """One page of meetings; `next_cursor` is None on the last one."""

    items: tuple[MeetingLine, ...] = ()
    next_cursor: str | None = None
