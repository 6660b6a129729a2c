"""A student's grounds by hand: two weeks of play, answers and ratings; always the same."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from learntrace.features.types import Measure, Reason
from learntrace.skills.answers import GameAnswers
from learntrace.skills.evidence_map import LINKS, MASTERY
from learntrace.skills.grounds import Game, Grounds, Played
from learntrace.skills.knowledge import Answer, ItemTable
from learntrace.skills.population import population_of
from learntrace.skills.ratings import StoredRating
from learntrace.skills.types import Skill
from learntrace.skills.weights import Weights

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
GAME = UUID(int=1)
STUDENT = UUID(int=2)
LESSONS = 6
STEPS = [number / 40 for number in range(41)]


def grounds() -> Grounds:
    """What play, answers and ratings say of a student who never talked."""
    features = [*sorted({link.feature for link in LINKS} - {MASTERY}), MASTERY]
    values = {
        feature: [(f"{number}", step) for number, step in enumerate(STEPS)] for feature in features
    }
    game = Game(
        mapping_version=3,
        names={"waves": "Waves"},
        population=population_of(values, version=2),
        table=ItemTable(version=4, intercept=0.2),
    )
    return Grounds(
        extra_time=False,
        played=[_played(number) for number in range(LESSONS)],
        answers=[_answers()],
        ratings=[_rating(number, skill) for number, skill in enumerate(Skill)],
        games={GAME: game},
        weights=Weights(0, {}, None),
    )


def _played(number: int) -> Played:
    measures = {
        "task_completion_rate": Measure((5 + number % 3) / 10, evidence=10),
        "retry_rate": Measure(0.4 + number / 20, evidence=8),
        "recovery_rate": Measure(None, Reason.NO_FAILURES, evidence=1),
        "wheel_spinning": Measure(number % 2 == 0, evidence=12),
        "collaboration_rate": Measure(0.3 + number / 10, evidence=4),
        "leadership_rate": Measure(None, Reason.NO_OPPORTUNITY),
    }
    return Played(UUID(int=10 + number), GAME, NOW - timedelta(days=2 * number), measures)


def _answers() -> GameAnswers:
    at = NOW - timedelta(days=12)
    given = [
        Answer(at + timedelta(hours=number), f"item_{number % 5}", "waves", number % 3 > 0)
        for number in range(20)
    ]
    return GameAnswers(GAME, given, "digest", {"waves": UUID(int=10)})


def _rating(number: int, skill: Skill) -> StoredRating:
    return StoredRating(
        student_id=STUDENT,
        skill=skill,
        level=1 + number % 4,
        observed_on=date(2026, 3, 1 + number),
        id=UUID(int=100 + number),
        rater_id=UUID(int=3),
        created_at=NOW,
    )
