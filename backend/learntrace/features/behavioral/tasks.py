"""Features about tasks: finishing, failing, trying again, asking for help. docs/features.md."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from learntrace.events.types import Behaviour
from learntrace.features.behavioral.play import Play
from learntrace.features.types import Measure, Outcome, Reason

MIN_CLOSED_TASKS = 5
MIN_FAILURES = 3
MIN_OPPORTUNITIES = 10
RIGHT_IN_A_ROW = 3

_TRIES = frozenset(
    {
        Behaviour.TASK_START,
        Behaviour.TASK_COMPLETE,
        Behaviour.ATTEMPT,
        Behaviour.RETRY,
        Behaviour.FAILURE,
        Behaviour.SUCCESS,
    }
)
"""Each shows that the pupil is at the task once more."""


def task_completion_rate(play: Play) -> Measure:
    """Completed share of closed task instances, 0 to 1; open ones do not count."""
    closed = [task for task in play.tasks if task.outcome is not Outcome.OPEN]
    completed = sum(task.outcome is Outcome.COMPLETED for task in closed)
    return _rate(completed, len(closed), MIN_CLOSED_TASKS, Reason.NO_CLOSED_TASKS)


def retry_rate(play: Play) -> Measure:
    """Share of failures followed by another try at the same task, 0 to 1."""
    failures, retried = _failures(play)
    return _rate(retried, failures, MIN_FAILURES, Reason.NO_FAILURES)


def retry_count(play: Play) -> Measure:
    """Number of failures followed by another try at the same task."""
    failures, retried = _failures(play)
    if failures < MIN_FAILURES:
        return Measure(None, Reason.NO_FAILURES, evidence=failures)
    return Measure(retried, evidence=failures)


def recovery_rate(play: Play) -> Measure:
    """Share of task instances with a failure whose task was completed after all, 0 to 1.

    Completed in that go or in a later one at the same task. Goes still open are undecided and
    do not count.
    """
    completed: set[str] = set()
    failed = recovered = 0
    for task in reversed(play.tasks):
        if task.outcome is Outcome.COMPLETED:
            completed.add(task.task)
        if task.failures and task.outcome is not Outcome.OPEN:
            failed += 1
            recovered += task.task in completed
    return _rate(recovered, failed, MIN_FAILURES, Reason.NO_FAILURES)


def help_per_failure(play: Play) -> Measure:
    """Hint requests per failure, 0 or more."""
    failures, _ = _failures(play)
    hints = sum(Behaviour.HINT_REQUEST in step.behaviours for step in play.steps)
    return _rate(hints, failures, MIN_FAILURES, Reason.NO_FAILURES)


def wheel_spinning(play: Play) -> Measure:
    """Whether some skill had at least 10 opportunities and never three right in a row.

    An opportunity is an event that names a skill and was right or wrong.
    Source: Beck and Gong (2013), Wheel-spinning: students who fail to master a skill.
    """
    answers = [
        (step.skill, step.correct)
        for step in play.steps
        if step.skill is not None and step.correct is not None
    ]
    most = max(Counter(skill for skill, _ in answers).values(), default=0)
    if most < MIN_OPPORTUNITIES:
        return Measure(None, Reason.TOO_FEW_OPPORTUNITIES, evidence=most)
    return Measure(bool(stuck_skills(answers)), evidence=most)


def stuck_skills(answers: Iterable[tuple[str, bool]]) -> frozenset[str]:
    """Skills with at least 10 opportunities and never three right in a row.

    `answers` are (skill, right or wrong), in the order in which they were given.
    """
    opportunities: Counter[str] = Counter()
    row: Counter[str] = Counter()
    mastered = set()
    for skill, correct in answers:
        opportunities[skill] += 1
        row[skill] = row[skill] + 1 if correct else 0
        if row[skill] == RIGHT_IN_A_ROW:
            mastered.add(skill)
    often = {skill for skill, count in opportunities.items() if count >= MIN_OPPORTUNITIES}
    return frozenset(often - mastered)


def failure_count(play: Play) -> int:
    """Failures in the whole session, inside tasks and outside."""
    return _failures(play)[0]


def _failures(play: Play) -> tuple[int, int]:
    """Failures, and how many of them another try at the same task followed."""
    failures = retried = 0
    pending: dict[str, int] = defaultdict(int)
    for step in play.steps:
        if _TRIES.isdisjoint(step.behaviours):
            continue
        retried += pending.pop(step.task, 0)
        if Behaviour.FAILURE in step.behaviours:
            failures += 1
            pending[step.task] += 1
    return failures, retried


def _rate(part: int, whole: int, needed: int, reason: Reason) -> Measure:
    if whole < needed:
        return Measure(None, reason, evidence=whole)
    return Measure(part / whole, evidence=whole)
