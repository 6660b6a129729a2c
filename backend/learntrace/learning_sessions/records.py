"""What work with a tutor tells of one student."""

from typing import Final

from sqlalchemy import ColumnElement, func

from learntrace.kit.held import Aging, Held, Old, ages_by_time, by_person
from learntrace.learning_sessions.models import Assignment, LearningSession
from learntrace.learning_sessions.review_cards.models import ReviewCard
from learntrace.learning_sessions.scenarios.models import ScenarioRun


def _not_asked_since(old: Old) -> ColumnElement[bool]:
    """Cards that were last answered, or made and never answered, before then."""
    last = func.coalesce(ReviewCard.answered_at, ReviewCard.created_at)
    return (ReviewCard.school_id == old.tenant_id) & (last < old.before)


HELD: Final = (
    # First, as everywhere: an assignment that goes reaches what was done for it.
    Held(
        name="assignments",
        says="What the student was given to do, by whom, and when it was done.",
        model=Assignment,
        of=by_person(Assignment.school_id, Assignment.student_id),
        told=(
            Assignment.id,
            Assignment.kind,
            Assignment.source_id,
            Assignment.class_id,
            Assignment.assigned_by,
            Assignment.assigned_at,
            Assignment.due_on,
            Assignment.done_at,
        ),
        order=(Assignment.assigned_at, Assignment.id),
        aging=None,
    ),
    Held(
        name="learning_sessions",
        says="Each sitting with a tutor: what on, when, and how much was right.",
        model=LearningSession,
        of=by_person(LearningSession.school_id, LearningSession.student_id),
        told=(
            LearningSession.id,
            LearningSession.session_type,
            LearningSession.language,
            LearningSession.source_id,
            LearningSession.assignment_id,
            LearningSession.started_by,
            LearningSession.items_studied,
            LearningSession.items_correct,
            LearningSession.items_incorrect,
            LearningSession.answers,
            LearningSession.details,
            LearningSession.started_at,
            LearningSession.ended_at,
        ),
        order=(LearningSession.started_at, LearningSession.id),
        aging=ages_by_time(LearningSession.school_id, LearningSession.started_at),
    ),
    Held(
        name="scenario_runs",
        says="How far the student came in each scenario, and what became of it.",
        model=ScenarioRun,
        of=by_person(ScenarioRun.school_id, ScenarioRun.student_id),
        told=(
            ScenarioRun.id,
            ScenarioRun.scenario_id,
            ScenarioRun.title,
            ScenarioRun.assignment_id,
            ScenarioRun.started_by,
            ScenarioRun.met,
            ScenarioRun.answers,
            ScenarioRun.outcome,
            ScenarioRun.started_at,
            ScenarioRun.ended_at,
        ),
        order=(ScenarioRun.started_at, ScenarioRun.id),
        aging=ages_by_time(ScenarioRun.school_id, ScenarioRun.updated_at),
    ),
    Held(
        name="review_cards",
        says="The words that the student learns, and when each is asked for next.",
        model=ReviewCard,
        of=by_person(ReviewCard.school_id, ReviewCard.student_id),
        told=(
            ReviewCard.id,
            ReviewCard.language,
            ReviewCard.front,
            ReviewCard.back,
            ReviewCard.memory,
            ReviewCard.due_at,
            ReviewCard.created_at,
            ReviewCard.answered_at,
        ),
        order=(ReviewCard.created_at, ReviewCard.id),
        aging=Aging(_not_asked_since, with_sitting=False),
    ),
)
