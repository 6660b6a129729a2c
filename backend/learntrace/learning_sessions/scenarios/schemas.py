"""Scenarios as JSON, in files and over HTTP."""

from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from learntrace.kit.paging import NextCursor
from learntrace.kit.wire import SOME_TEXT, Id, In, Instant, Out, without_nul
from learntrace.learning_sessions.files import InFile
from learntrace.learning_sessions.scenarios import progress
from learntrace.learning_sessions.scenarios.models import Scenario, ScenarioRun
from learntrace.learning_sessions.scenarios.stored import met_in, phases_of
from learntrace.learning_sessions.scenarios.types import Aim, Difficulty
from learntrace.learning_sessions.schemas import (
    MOST_ANSWERS_AT_ONCE,
    AnswerIn,
    AnswerOut,
    ItemName,
    Language,
    TakenBack,
)

MOST_AIMS = 100
MOST_PHASES = 20

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500),
    AfterValidator(without_nul),
    Field(json_schema_extra=SOME_TEXT),
]


def _once(items: list[str]) -> list[str]:
    if len(set(items)) < len(items):
        raise ValueError("must name everything once")
    return items


Aims = Annotated[
    list[Line],
    AfterValidator(_once),
    Field(max_length=MOST_AIMS, default_factory=list),
]


class WordIn(In):
    term: ItemName
    meaning: Line


class PhaseIn(In):
    """A part of a scenario. It completes at 0.7 of its success criteria; without any, where
    vocabulary (0.3), phrases (0.3) and objectives (0.4) together come to 0.6.
    """

    key: Annotated[Name, Field(examples=["at-the-counter"])]
    title: ItemName
    vocabulary: Annotated[list[WordIn], Field(max_length=MOST_AIMS)] = Field(default_factory=list)
    phrases: Aims
    objectives: Aims
    success_criteria: Aims

    @model_validator(mode="after")
    def _has_an_aim(self) -> Self:
        _once([word.term for word in self.vocabulary])
        if not (self.vocabulary or self.phrases or self.objectives or self.success_criteria):
            raise ValueError("a phase needs vocabulary, phrases, objectives or success criteria")
        return self


class ScenarioIn(InFile):
    """A scenario as it stands in a file; the same `key` again replaces it."""

    named_by: ClassVar[str] = "key"

    key: Annotated[Name, Field(examples=["at-the-station"])]
    title: ItemName
    description: Line
    category: Annotated[Name, Field(examples=["travel"])]
    difficulty: Difficulty
    language: Language
    phases: Annotated[list[PhaseIn], Field(min_length=1, max_length=MOST_PHASES)]

    @model_validator(mode="after")
    def _keys_once(self) -> Self:
        _once([phase.key for phase in self.phases])
        return self


class ScenarioOut(Out):
    id: Id
    key: str
    title: str
    description: str
    category: str
    difficulty: Difficulty
    language: str
    phases: list[PhaseIn]

    @classmethod
    def of(cls, stored: Scenario) -> Self:
        return cls(
            id=stored.id,
            key=stored.key,
            title=stored.title,
            description=stored.description,
            category=stored.category,
            difficulty=Difficulty(stored.difficulty),
            language=stored.language,
            phases=[PhaseIn.model_validate(one) for one in stored.phases],
        )


class ScenarioPage(Out):
    items: list[ScenarioOut]
    next_cursor: NextCursor


class OfStudent(In):
    student_id: Id


class ProgressIn(OfStudent):
    """What was met in one phase, which is added to what was met before; with `unmet` it was not
    met after all.

    `answers` are those of single items, right or wrong.
    """

    phase: Name
    vocabulary: Aims
    phrases: Aims
    objectives: Aims
    success_criteria: Aims
    unmet: bool = False
    answers: list[AnswerIn] = Field(default_factory=list, max_length=MOST_ANSWERS_AT_ONCE)
    taken_back: TakenBack = Field(default_factory=list)

    def met(self) -> dict[Aim, list[str]]:
        return {
            Aim.VOCABULARY: self.vocabulary,
            Aim.PHRASES: self.phrases,
            Aim.OBJECTIVES: self.objectives,
            Aim.SUCCESS_CRITERIA: self.success_criteria,
        }


class OutcomeOut(Out):
    phases_completed: int
    total_phases: int
    vocabulary_mastered: int
    objectives_completed: int
    success_rate: Annotated[float, Field(ge=0, le=1)]
    completion_score: Annotated[float, Field(ge=0, le=100)]


class PhaseProgress(PhaseIn):
    """A phase as it was when the scenario began, and what was met of it."""

    score: Annotated[float, Field(ge=0, le=1)]
    completed: bool
    met: dict[Aim, list[str]]


class RunLine(Out):
    """One way through a scenario; `outcome` is null until it is completed.

    The learning session that completing it leaves has the same id.
    """

    id: Id
    scenario_id: Id
    student_id: Id
    assignment_id: Id | None
    title: str
    language: str
    phases_completed: int
    total_phases: int
    outcome: OutcomeOut | None
    started_at: Instant
    ended_at: Instant | None

    @classmethod
    def of(cls, run: ScenarioRun) -> Self:
        return cls(**cls._members(run))

    @classmethod
    def _members(cls, run: ScenarioRun) -> dict[str, Any]:
        so_far = progress.outcome(phases_of(run.phases), met_in(run.met))
        return {
            "id": run.id,
            "scenario_id": run.scenario_id,
            "student_id": run.student_id,
            "assignment_id": run.assignment_id,
            "title": run.title,
            "language": run.language,
            "phases_completed": so_far.phases_completed,
            "total_phases": so_far.total_phases,
            "outcome": run.outcome,
            "started_at": run.started_at,
            "ended_at": run.ended_at,
        }


class RunOut(RunLine):
    """One way through a scenario, with its phases and the answers to single items, in order."""

    phases: list[PhaseProgress]
    answers: list[AnswerOut]

    @classmethod
    def _members(cls, run: ScenarioRun) -> dict[str, Any]:
        met = met_in(run.met)
        phases = [
            {
                **stored,
                "score": progress.score(phase, met.get(phase.key, {})),
                "completed": progress.is_completed(phase, met.get(phase.key, {})),
                "met": met.get(phase.key, {}),
            }
            for stored, phase in zip(run.phases, phases_of(run.phases), strict=True)
        ]
        return super()._members(run) | {"phases": phases, "answers": AnswerOut.of(run.answers)}


class RunList(Out):
    items: list[RunOut]


class RunPage(Out):
    items: list[RunLine]
    next_cursor: NextCursor
