"""Decisions as they are logged."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.adaptive.models import AdaptiveDecision
from learntrace.adaptive.policy import Decision, Situation


def add_decision(
    db: AsyncSession,
    decision_id: UUID,
    decision: Decision,
    situation: Situation,
    *,
    school_id: UUID,
    student_id: UUID,
    game_id: UUID,
    mapping_version: int,
) -> None:
    """Log what was chosen, with the probability of it and all that it rests on."""
    action, predicted = decision.action, decision.action.predicted
    body = {
        "skill": action.skill,
        "item": action.item,
        "difficulty": action.difficulty,
        "predicted_success": [predicted.p, predicted.low, predicted.high],
        "reason": decision.reason.value,
        "expires_at": decision.expires_at.isoformat(),
        "item_table_version": situation.table.version,
        "mapping_version": mapping_version,
        "answers_in_session": len(situation.recent),
        "offered": {skill: len(items) for skill, items in situation.offer.items()},
    }
    db.add(
        AdaptiveDecision(
            school_id=school_id,
            id=decision_id,
            student_id=student_id,
            game_id=game_id,
            decided_at=situation.now,
            policy_version=decision.policy_version,
            propensity=decision.propensity,
            body=body,
        )
    )
