"""What a teacher sees of a class in the lesson and after it, as JSON. Times are ISO 8601 in UTC."""

from typing import Annotated, Literal

from pydantic import Field

from learntrace.classroom.schemas import StudentName
from learntrace.kit.wire import Id, Instant, Name, Named, Out

State = Annotated[
    Literal["playing", "quiet", "stuck", "not_started"],
    Field(
        description="`stuck`: 3 failures in the task at hand since it was started or last "
        "succeeded. `quiet`: nothing done for 2 minutes. `not_started`: no open session."
    ),
]


class TaskNow(Out):
    key: Annotated[str, Field(examples=["level_3"])]
    title: Annotated[str, Field(examples=["Level 3: two waves"])]


class PupilNow(Out):
    """One student at this moment. Without an open session all but `joined` is empty."""

    student_id: Id
    display_name: StudentName
    joined: Annotated[bool, Field(description="Has a player token that stands now.")]
    last_event_at: Annotated[
        Instant | None,
        Field(description="When something was last done, by the corrected clock."),
    ]
    game: Named | None
    task: Annotated[TaskNow | None, Field(description="The task at hand, null between tasks.")]
    failures_in_task: Annotated[
        int, Field(ge=0, description="Since the task was started or last succeeded.")
    ]
    stuck_skills: Annotated[
        list[Name],
        Field(
            description="Skills tried at least 10 times without three right in a row, as far as "
            "the events read say.",
            examples=[["Adding waves"]],
        ),
    ]
    state: State


class NowOut(Out):
    """A class at this moment, its students by name."""

    data_until: Instant
    pupils: list[PupilNow]


class StuckReason(Out):
    """Why somebody may need help, with the session that shows it."""

    code: Literal["wheel_spinning", "repeated_failure", "stopped_early"]
    words: Annotated[str, Field(description="One sentence for teachers.")]
    game_session_id: Id
    game: Name
    task: Annotated[TaskNow | None, Field(description="Null where the reason is no single task.")]


class StuckPupil(Out):
    student_id: Id
    display_name: StudentName
    reasons: list[StuckReason]


class UnseenPupil(Out):
    student_id: Id
    display_name: StudentName
    last_played_at: Annotated[Instant | None, Field(description="Null before any play.")]


class AttentionOut(Out):
    """Whose work is stuck, and who has not been seen; both by name, never by ability."""

    data_until: Instant
    days: Annotated[int, Field(description="How far back play was looked at.", examples=[7])]
    stuck: list[StuckPupil]
    not_seen: list[UnseenPupil]
