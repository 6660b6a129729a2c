"""The shapes of the API's answers about skills, ratings and notes."""

from datetime import date, datetime

from learntrace_dashboard.contract import Answer, Named
from learntrace_dashboard.hiding import StudentName


class Missing(Answer):
    """What is needed before there is an estimate, as in "2 more finished levels"."""

    words: str


class EvidenceWeight(Answer):
    """How much of an estimate rests on one piece of evidence, 0 to 1."""

    evidence_id: str
    weight: float


class SkillEstimate(Answer):
    """A skill as far as the evidence goes: position and 90 % interval 0 to 1, or None.

    `label` says how much evidence there is: insufficient, little, some or a_lot.
    """

    skill: str
    score: float | None = None
    low: float | None = None
    high: float | None = None
    label: str
    conflict: bool = False
    prior_weight: float | None = None
    evidence: tuple[EvidenceWeight, ...] = ()
    missing: tuple[Missing, ...] = ()


class Knowledge(Answer):
    """What a student knows of one topic of a game: mastery and 90 % interval, 0 to 1."""

    game_id: str
    skill: str
    name: str
    value: float
    low: float
    high: float
    answers: int
    last_at: datetime | None = None


class Sentence(Answer):
    """One sentence of the reasoning and the evidence it rests on."""

    text: str
    cites: tuple[str, ...] = ()


class Evidence(Answer):
    """One thing that was seen: in a play session, recording, rating or learning session."""

    evidence_id: str
    source: str
    kind: str
    value: float | bool | None = None
    unit: str | None = None
    words: str
    observed_at: datetime
    game_session_id: str | None = None
    rating_id: str | None = None
    transcription_session_id: str | None = None
    learning_session_id: str | None = None
    skills: tuple[str, ...] = ()


class Assessment(Answer):
    """All that can be said about a student now, with what it rests on."""

    id: str
    student_id: str
    assessed_at: datetime
    data_until: datetime | None = None
    skills: tuple[SkillEstimate, ...] = ()
    knowledge: tuple[Knowledge, ...] = ()
    reasoning: tuple[Sentence, ...] = ()
    evidence: tuple[Evidence, ...] = ()


class StudentSkills(Answer):
    """One line of a class."""

    student_id: str
    display_name: StudentName
    skills: tuple[SkillEstimate, ...] = ()
    knowledge: tuple[Knowledge, ...] = ()


class ClassSkills(Answer):
    """Every student of a class with the latest estimates."""

    data_until: datetime
    students: tuple[StudentSkills, ...]


class Point(Answer):
    """An estimate at one time, None where there was too little evidence for one."""

    at: datetime
    score: float | None = None
    low: float | None = None
    high: float | None = None


class Series(Answer):
    """How the estimate of one skill went on."""

    skill: str
    points: tuple[Point, ...] = ()


class MasteryPoint(Answer):
    """A mastery at one time."""

    at: datetime
    value: float
    low: float
    high: float


class KnowledgeSeries(Answer):
    """How the mastery of one topic went on."""

    game_id: str
    skill: str
    name: str
    points: tuple[MasteryPoint, ...] = ()


class Progress(Answer):
    """A student over time."""

    series: tuple[Series, ...] = ()
    knowledge: tuple[KnowledgeSeries, ...] = ()


class Level(Answer):
    """A level of the rubric and what can be seen at it."""

    level: int
    words: str


class RubricOfSkill(Answer):
    """A skill's question and its levels."""

    skill: str
    name: str
    question: str
    levels: tuple[Level, ...]


class Rubric(Answer):
    """The rubric that teachers rate by."""

    skills: tuple[RubricOfSkill, ...]


class Rating(Answer):
    """What a teacher saw, as a level of the rubric."""

    id: str
    skill: str
    level: int
    observed_on: date
    rater: Named
    created_at: datetime


class Ratings(Answer):
    """One page of a student's ratings, newest first."""

    items: tuple[Rating, ...] = ()
    next_cursor: str | None = None


class Note(Answer):
    """What a teacher wrote about a student."""

    id: str
    text: str
    author: Named
    created_at: datetime


class Notes(Answer):
    """One page of a student's notes, newest first."""

    items: tuple[Note, ...] = ()
    next_cursor: str | None = None


class TimelineItem(Answer):
    """Something that happened; `id` is the play session's, recording's, rating's, note's,
    learning session's or assessment's.
    """

    at: datetime
    kind: str
    id: str
    words: str


class Timeline(Answer):
    """One page of what happened with a student, newest first."""

    items: tuple[TimelineItem, ...] = ()
    next_cursor: str | None = None


class ExtraTime(Answer):
    """Whether a student has extra time or assistive tools."""

    extra_time: bool


class Weight(Answer):
    """How much a source counts for a skill: 0 not at all, 1 as usual, 2 twice."""

    source: str
    skill: str
    trust: float


class Weights(Answer):
    """A school's weights, every pair of source and skill; version 0: none were ever set."""

    version: int
    created_at: datetime | None = None
    weights: tuple[Weight, ...]


class Stored(Answer):
    """How many ratings were stored."""

    stored: int
