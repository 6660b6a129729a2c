"""What was proposed to one student."""

from typing import Final

from learntrace.adaptive.models import AdaptiveDecision
from learntrace.kit.held import Held, ages_by_time, by_person

HELD: Final = (
    Held(
        name="adaptive_decisions",
        says="What the student was offered to play next, why, and with which probability.",
        model=AdaptiveDecision,
        of=by_person(AdaptiveDecision.school_id, AdaptiveDecision.student_id),
        told=(
            AdaptiveDecision.id,
            AdaptiveDecision.game_id,
            AdaptiveDecision.decided_at,
            AdaptiveDecision.policy_version,
            AdaptiveDecision.propensity,
            AdaptiveDecision.body,
        ),
        order=(AdaptiveDecision.decided_at, AdaptiveDecision.id),
        aging=ages_by_time(AdaptiveDecision.school_id, AdaptiveDecision.decided_at),
    ),
)
