"""Skills, knowledge and assessments, as JSON. No estimate is validated; none is a grade."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field

from learntrace.classroom.schemas import StudentName
from learntrace.kit.paging import NextCursor
from learntrace.kit.wire import Id, In, Instant, Out
from learntrace.skills.assessments import AssessmentLine, StoredAssessment
from learntrace.skills.types import Label, Skill, Source

MOST_INFERRED = 100
Share = Annotated[float, Field(ge=0, le=1, examples=[0.62])]
Position = Annotated[
    Share | None,
    Field(description="Position in the reference population; null while `insufficient`."),
]
EvidenceId = Annotated[str, Field(examples=["rating:5b0a3e0e-6a52-4f7e-9a43-1d6a2f6f9c11"])]


class MissingOut(Out):
    what: Annotated[str, Field(examples=["closed_tasks"])]
    count: Annotated[int, Field(ge=1, examples=[2])]
    words: Annotated[str, Field(examples=["2 more finished levels"])]


class SkillLine(Out):
    """A skill as far as the evidence goes. `low` and `high` bound the 90 % interval.

    While the label is `insufficient` there is no score, and `missing` says what is wanted.
    """

    skill: Skill
    score: Position
    low: Position
    high: Position
    label: Annotated[Label, Field(description="How much evidence there is; no verdict.")]
    conflict: Annotated[bool, Field(description="The sources contradict each other.")]
    prior_weight: Annotated[
        Share, Field(description="How far this rests on knowing nothing: 1 without evidence.")
    ]
    missing: list[MissingOut]


class UseOut(Out):
    """What one piece of evidence speaks for, in trait SD, and how much rests on it."""

    evidence_id: EvidenceId
    weight: Share
    x: Annotated[float, Field(examples=[0.47])]


class SkillOut(SkillLine):
    """The weights of the evidence and `prior_weight` sum to 1."""

    evidence: list[UseOut]


class KnowledgeOut(Out):
    """What is known of a topic of a game: the chance of a right answer, with its 90 % interval."""

    game_id: Id
    skill: Annotated[str, Field(examples=["AMPLITUDE"])]
    name: Annotated[str, Field(examples=["Amplitude"])]
    value: Share
    low: Share
    high: Share
    answers: Annotated[int, Field(ge=1)]
    last_at: Instant


class SentenceOut(Out):
    """A sentence, and the evidence that it rests on."""

    text: str
    cites: list[EvidenceId]
    kind: Annotated[str, Field(examples=["strength"])]


class EvidenceOut(Out):
    """One thing that was seen; the session, rating, recording or lesson behind it can be opened."""

    evidence_id: EvidenceId
    source: Source
    kind: Annotated[str, Field(examples=["retry_rate"], description="A feature, or `rating`.")]
    value: float | int | bool | None
    unit: str | None
    words: Annotated[str, Field(examples=["tried again after 80 % of the failures"])]
    observed_at: Instant
    game_session_id: UUID | None
    rating_id: UUID | None
    transcription_session_id: UUID | None = None
    learning_session_id: UUID | None = None
    skills: list[str]


class TalkVersionsOut(Out):
    """What talk in one language was read with: of the features and of the population."""

    features: Annotated[str, Field(examples=["1.1"])]
    population: int


class VersionsOut(Out):
    """What it was made with; those of games by the game's id, of talk by its language,
    of lessons by their type.
    """

    model: str
    evidence: int
    weights: int
    mapping: dict[str, int]
    population: dict[str, int]
    item_table: dict[str, int]
    talk: dict[str, TalkVersionsOut] = Field(default_factory=dict)
    lessons: dict[str, int] = Field(default_factory=dict)


class AssessmentOut(Out):
    """All that can be said about a student, with what it rests on.

    Not validated, and no grade: do not use it for placement or discipline.
    """

    id: Id
    student_id: Id
    assessed_at: Instant
    data_until: Annotated[Instant, Field(description="What was known by then is in it.")]
    versions: VersionsOut
    skills: list[SkillOut]
    knowledge: list[KnowledgeOut]
    reasoning: list[SentenceOut]
    evidence: list[EvidenceOut]
    not_validated: Literal[True] = True

    @classmethod
    def of(cls, stored: StoredAssessment, *, data_until: datetime) -> Self:
        body = stored.body
        return cls.model_validate(
            {name: body[name] for name in ("versions", "knowledge", "reasoning", "evidence")}
            | {
                "id": stored.id,
                "student_id": stored.student_id,
                "assessed_at": stored.assessed_at,
                "data_until": data_until,
                "skills": [
                    one | {"evidence": body["uses"][one["skill"]]} for one in body["skills"]
                ],
            }
        )

    def only(self, skill: Skill) -> "AssessmentOut":
        """What of it is about one skill."""
        skills = [one for one in self.skills if one.skill == skill]
        ids = {use.evidence_id for one in skills for use in one.evidence}
        return self.model_copy(
            update={
                "skills": skills,
                "knowledge": [],
                "reasoning": [one for one in self.reasoning if ids.issuperset(one.cites)],
                "evidence": [one for one in self.evidence if one.evidence_id in ids],
            }
        )


class AssessmentLineOut(Out):
    """An assessment without evidence and reasoning."""

    id: Id
    assessed_at: Instant
    versions: VersionsOut
    skills: list[SkillLine]
    knowledge: list[KnowledgeOut]

    @classmethod
    def of(cls, line: AssessmentLine) -> Self:
        return cls.model_validate(line, from_attributes=True)


class AssessmentPage(Out):
    items: list[AssessmentLineOut]
    next_cursor: NextCursor


class SkillsOut(Out):
    """A student's skills alone."""

    student_id: Id
    assessed_at: Instant
    data_until: Instant
    skills: list[SkillOut]
    knowledge: list[KnowledgeOut]
    not_validated: Literal[True] = True


class InferredOut(Out):
    """How it went with one student.

    `unchanged`: nothing that the assessment rests on has changed since it was made. `failed`: this
    student could not be assessed, and what was stored before stands.
    """

    student_id: Id
    status: Literal["assessed", "unchanged", "not_found", "failed"]
    assessment: AssessmentOut | None


class BatchIn(In):
    student_ids: Annotated[list[Id], Field(min_length=1, max_length=MOST_INFERRED)]


class BatchOut(Out):
    """One result for each student asked for, in the order asked."""

    results: list[InferredOut]


class StudentSkills(Out):
    """`assessed_at` is null for a student of whom nothing was ever seen."""

    student_id: Id
    display_name: StudentName
    assessed_at: Instant | None
    skills: list[SkillLine]
    knowledge: list[KnowledgeOut]

    @classmethod
    def of(
        cls,
        student_id: UUID,
        display_name: str,
        line: AssessmentLine | None,
        nothing: list[dict[str, Any]],
    ) -> Self:
        """`nothing` are the skills of a student of whom nothing is known."""
        return cls.model_validate(
            {
                "student_id": student_id,
                "display_name": display_name,
                "assessed_at": line and line.assessed_at,
                "skills": line.skills if line else nothing,
                "knowledge": line.knowledge if line else [],
            }
        )


class ClassSkillsOut(Out):
    """Students by name; nobody is ranked."""

    data_until: Instant
    students: list[StudentSkills]
    not_validated: Literal[True] = True


class Point(Out):
    at: Instant
    score: Share
    low: Share
    high: Share


class Series(Out):
    skill: Skill
    points: list[Point]


class KnowledgePoint(Out):
    at: Instant
    value: Share
    low: Share
    high: Share


class KnowledgeSeries(Out):
    game_id: Id
    skill: str
    name: str
    points: list[KnowledgePoint]


class ProgressOut(Out):
    """How the estimates went on: the last of each day, oldest first; no point without a score."""

    series: list[Series]
    knowledge: list[KnowledgeSeries]


class TimelineItem(Out):
    """Something that happened: `id` is the session's, rating's, note's,
    assessment's, recording's or learning session's.
    """

    at: Instant
    kind: Literal["game_session", "rating", "note", "assessment", "talk", "learning_session"]
    id: Id
    words: Annotated[str, Field(examples=["Played Waves and finished 2 tasks."])]


class TimelinePage(Out):
    items: list[TimelineItem]
    next_cursor: NextCursor
