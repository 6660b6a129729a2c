"""What to play next, as JSON."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field

from learntrace.adaptive.policy import Action, Decision, Reason


class PredictedSuccess(BaseModel):
    """The chance that it goes well, with its 90 % interval; each above 0 and below 1."""

    value: float
    low: float
    high: float


class NextOut(BaseModel):
    """What to play next: an item of a skill, or how hard a task of it is to be.

    `difficulty` runs from 0 to 1 and 0.5 is usual for the skill; it is null where there is an
    item. `propensity` is the probability with which the policy chose just this.
    """

    decision_id: UUID
    game_id: UUID
    skill: Annotated[str, Field(examples=["amplitude"])]
    item: Annotated[str | None, Field(examples=["level_7"])]
    difficulty: Annotated[float | None, Field(ge=0, le=1)]
    predicted_success: PredictedSuccess
    reason: Reason
    reason_words: Annotated[str, Field(examples=[Reason.PRACTISE.words])]
    policy_version: str
    propensity: Annotated[float, Field(gt=0, le=1)]
    expires_at: datetime

    @classmethod
    def of(cls, decision_id: UUID, game_id: UUID, decision: Decision) -> Self:
        action: Action = decision.action
        predicted = action.predicted
        return cls(
            decision_id=decision_id,
            game_id=game_id,
            skill=action.skill,
            item=action.item,
            difficulty=action.difficulty,
            predicted_success=PredictedSuccess(
                value=predicted.p, low=predicted.low, high=predicted.high
            ),
            reason=decision.reason,
            reason_words=decision.reason.words,
            policy_version=decision.policy_version,
            propensity=decision.propensity,
            expires_at=decision.expires_at,
        )
