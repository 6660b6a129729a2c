"""The rubric and a school's weights, as JSON."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from learntrace.skills.rubric import RUBRIC
from learntrace.skills.types import Skill, Source
from learntrace.skills.weights import Factors, Weights


class RubricLevel(BaseModel):
    level: Annotated[int, Field(ge=1, le=4)]
    words: Annotated[str, Field(examples=["often found the steps alone and checked some of them"])]


class RubricSkill(BaseModel):
    """A skill and what each level of it looks like."""

    skill: Skill
    name: Annotated[str, Field(examples=["Problem solving"])]
    question: str
    levels: list[RubricLevel]


class RubricOut(BaseModel):
    skills: list[RubricSkill]

    @classmethod
    def whole(cls) -> Self:
        return cls(
            skills=[
                RubricSkill(
                    skill=skill,
                    name=rubric.name,
                    question=rubric.question,
                    levels=[
                        RubricLevel(level=number, words=words)
                        for number, words in enumerate(rubric.levels, 1)
                    ],
                )
                for skill, rubric in RUBRIC.items()
            ]
        )


class Weight(BaseModel):
    """How much a source counts for a skill: 0 not at all, 1 as it is, 2 twice its precision."""

    model_config = ConfigDict(extra="forbid")

    source: Source
    skill: Skill
    trust: Annotated[float, Field(ge=0, le=2, allow_inf_nan=False)]


class WeightsIn(BaseModel):
    """All that is not 1; each pair of source and skill once."""

    model_config = ConfigDict(extra="forbid")

    weights: Annotated[list[Weight], Field(max_length=len(Source) * len(Skill))]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len({(one.source, one.skill) for one in self.weights}) < len(self.weights):
            raise ValueError("names a pair of source and skill twice")
        return self

    @property
    def factors(self) -> Factors:
        return {(one.source, one.skill): one.trust for one in self.weights}


class WeightsOut(BaseModel):
    """A school's weights: every pair of source and skill. Version 0: none were ever set."""

    version: Annotated[int, Field(ge=0)]
    created_at: datetime | None
    weights: list[Weight]

    @classmethod
    def of(cls, weights: Weights) -> Self:
        return cls(
            version=weights.version,
            created_at=weights.created_at,
            weights=[
                Weight(source=source, skill=skill, trust=weights.trust.of(source, skill))
                for skill in Skill
                for source in Source
            ],
        )
