"""What people and a pupil's own game read, as JSON. Times are ISO 8601 in UTC."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field

from learntrace.features.presenting import to_milliseconds
from learntrace.kit.paging import NextCursor
from learntrace.kit.wire import Id, Instant, Name, Named, Out

StudentName = Annotated[str, Field(examples=["Mila K."])]
LastEventAt = Annotated[
    Instant | None,
    Field(description="Time of the newest event, by the corrected clock; null before any."),
]
State = Annotated[
    Literal["open", "closed"],
    Field(description="`open` until the game closes it or nothing has arrived for 30 minutes."),
]
Seconds = Annotated[float, AfterValidator(to_milliseconds)]
ActiveTime = Annotated[
    Seconds | None,
    Field(
        ge=0,
        examples=[754.2],
        description="Seconds of activity, long gaps left out; null until assessed.",
    ),
]
Count = Annotated[int | None, Field(ge=0, examples=[4], description="Null until assessed.")]


class NamedStudent(Out):
    id: Id
    display_name: StudentName


class ClassLine(Named):
    """A class. A sandbox class holds the players of the school's test environment."""

    sandbox: bool
    ended: Annotated[bool, Field(description="The school's roster has it no more.")]
    student_count: Annotated[int, Field(ge=0, examples=[27], description="Enrolled now.")]
    last_event_at: LastEventAt


class ClassPage(Out):
    items: list[ClassLine]
    next_cursor: NextCursor


class ClassOut(Named):
    sandbox: bool


class OverviewLine(NamedStudent):
    """One student's play over the days of the overview.

    The three sums are over the sessions that have been assessed, `assessed_count` of them; null
    when there are sessions but none has been assessed yet.
    """

    game_session_count: Annotated[int, Field(ge=0, examples=[6])]
    assessed_count: Annotated[int, Field(ge=0, examples=[6])]
    active_time_s: ActiveTime
    tasks_completed: Count
    failures: Count
    last_event_at: LastEventAt
    open_game_session_id: Annotated[
        Id | None, Field(description="The session being played now, the newest of them.")
    ]


class OverviewOut(Out):
    """A class over the last `days` times 24 hours, counting sessions by their start."""

    school_class: Annotated[ClassOut, Field(alias="class")]
    days: Annotated[int, Field(examples=[14])]
    data_until: Annotated[
        Instant, Field(description="Everything that had arrived by then is counted.")
    ]
    students: list[OverviewLine]

    model_config = ConfigDict(frozen=True, validate_by_name=True, serialize_by_alias=True)


class CodeLine(NamedStudent):
    pupil_code: Annotated[str, Field(examples=["K7M2QX"])]


class CodesOut(Out):
    """What a pupil types to join: the class code, then the pupil's own."""

    class_id: Id
    class_name: Name
    class_code: Annotated[str, Field(examples=["H4R9TB"])]
    students: list[CodeLine]


class StudentOut(NamedStudent):
    """A student; `classes` are those that the caller may see."""

    classes: list[Named]
    extra_time: Annotated[
        bool,
        Field(description="Has extra time or assistive tools: no measure of speed counts."),
    ]
    game_session_count: Annotated[int, Field(ge=0, examples=[31])]
    last_event_at: LastEventAt


class StudentPage(Out):
    items: list[StudentOut]
    next_cursor: NextCursor


class SessionLine(Out):
    """One sitting with a game."""

    id: Id
    game: Named
    state: State
    started_at: Instant
    ended_at: Instant
    event_count: Annotated[int, Field(ge=1, examples=[212])]
    assessed: Annotated[bool, Field(description="Whether features have been extracted.")]
    active_time_s: ActiveTime
    tasks_completed: Count
    failures: Count


class SessionPage(Out):
    items: list[SessionLine]
    next_cursor: NextCursor


class FeatureOut(Out):
    """A feature: a value, or the reason why there is none; always exactly one of the two."""

    value: Annotated[float | int | bool | None, Field(examples=[0.75])]
    unit: Annotated[str | None, Field(examples=["s"])]
    minimum: Annotated[float | None, Field(examples=[0.0])]
    maximum: Annotated[float | None, Field(examples=[1.0])]
    reason: Annotated[str | None, Field(examples=["no_failures"])]
    title: Annotated[str, Field(description="Its name in words for teachers.")]
    meaning: Annotated[str, Field(description="One sentence on what it says.")]
    reason_text: Annotated[str | None, Field(description="The reason in words for teachers.")]
    cut_off: Annotated[
        bool, Field(description="The value would be larger had the play gone on for longer.")
    ]


class TaskOut(Out):
    """One go at a task."""

    task: Annotated[str, Field(examples=["level_3"])]
    title: Annotated[str, Field(examples=["Level 3: two waves"])]
    started_at: Instant
    ended_at: Annotated[Instant | None, Field(description="Null while open.")]
    outcome: Literal["completed", "abandoned", "ended", "timed_out", "open"]
    attempts: Annotated[int, Field(ge=0)]
    failures: Annotated[int, Field(ge=0)]
    active_time_s: Annotated[Seconds, Field(ge=0)]


class SessionOut(Out):
    """One sitting with what was extracted from it.

    `features` and what follows from it are null until the session has been assessed, which
    happens when it has closed. `assessed_event_count` below `event_count`: events came later, and
    the session is about to be assessed again.
    """

    id: Id
    student: NamedStudent
    game: Named
    state: State
    started_at: Instant
    ended_at: Instant
    closed_at: Instant | None
    event_count: Annotated[int, Field(ge=1, examples=[212])]
    assessed_at: Instant | None
    assessed_event_count: Annotated[int | None, Field(examples=[212])]
    extractor_version: Annotated[int | None, Field(examples=[1])]
    mapping_version: Annotated[int | None, Field(examples=[3])]
    reference_version: Annotated[
        int | None, Field(description="Null where no reference table was there yet.")
    ]
    features: dict[str, FeatureOut] | None
    tasks: list[TaskOut]


class EventLine(Out):
    """One event, and how the game's mapping in force now reads it.

    Outcomes that only announce how a task opens (the mapping's `opening_s`) are left out of
    `behaviours`, and `correct` is null then: they are no tries and are not counted as such.
    """

    event_id: Id
    event_type: Annotated[str, Field(examples=["LEVEL_COMPLETE"])]
    behaviours: Annotated[list[str], Field(examples=[["task_complete"]])]
    mapped: bool
    task: str | None
    task_title: Annotated[
        str | None,
        Field(
            examples=["Level 3: two waves"],
            description="The task in words; its key where the mapping has none; null without task.",
        ),
    ]
    skill: str | None
    item: str | None
    correct: bool | None
    timestamp: Annotated[Instant, Field(description="The client's clock.")]
    corrected_at: Annotated[Instant, Field(description="The same instant, by the server's clock.")]
    received_at: Instant
    sequence: int | None
    mission_id: str | None
    game_version: Annotated[str, Field(examples=["1.0.0"])]
    data: Annotated[dict[str, Any], Field(description="As the game sent it.")]


class EventPage(Out):
    items: list[EventLine]
    next_cursor: NextCursor
