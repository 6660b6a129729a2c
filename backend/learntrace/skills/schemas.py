"""The rubric and a school's weights, as JSON."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from learntrace.kit.errors import InvalidError
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

    @property
    def factors(self) -> Factors:
        """Raises `InvalidError` where a pair of source and skill is named twice."""
        factors = {(one.source, one.skill): one.trust for one in self.weights}
        if len(factors) < len(self.weights):
            raise InvalidError("Each pair of source and skill has one weight.")
        return factors


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
