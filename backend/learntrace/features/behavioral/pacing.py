"""Features about time: how long, how fast. docs/features.md says what each means."""

from learntrace.events.types import Behaviour
from learntrace.features.behavioral.play import Play
from learntrace.features.behavioral.timeline import SECOND
from learntrace.features.reference import Reference
from learntrace.features.types import AnswerTime, Completion, Measure, Outcome, Reason

MIN_COMPLETIONS = 3
MIN_ANSWERS = 5
RAPID_AT_MOST_S = 10.0
RAPID_SHARE = 0.10


def active_time_s(play: Play) -> Measure:
    """Seconds of activity: gaps between activities, each at most the idle threshold."""
    return Measure(play.active_us / SECOND)


def wall_time_s(play: Play) -> Measure:
    """Seconds from the earliest to the latest known event."""
    return Measure(play.wall_us / SECOND)


def event_count(play: Play) -> Measure:
    """Number of events, repeated ones once."""
    return Measure(play.event_count)


def unmapped_count(play: Play) -> Measure:
    """Number of events that the game's mapping does not know."""
    return Measure(play.unmapped_count)


def time_efficiency(play: Play, reference: Reference | None) -> Measure:
    """Mean over completed tasks of 1 - the mid-rank of its active time; 0.5 is typical.

    Only completions seen from their start, of tasks with a reference, count.
    """
    ranks = []
    if reference is not None:
        known = (reference.mid_rank(completion) for completion in completions(play))
        ranks = [rank for rank in known if rank is not None]
    if len(ranks) < MIN_COMPLETIONS:
        return Measure(None, Reason.NO_REFERENCE, evidence=len(ranks))
    return Measure(1 - sum(ranks) / len(ranks), evidence=len(ranks))


def rapid_guess_rate(play: Play, reference: Reference | None) -> Measure:
    """Share of answers given faster than 10 s and than 10 % of the item's mean time, 0 to 1.

    Source: Wise and Ma (2012), the normative threshold at 10 %.
    """
    answers = rapid = 0
    if reference is not None:
        for answer in answer_times(play):
            mean_s = reference.mean_answer_s.get(answer.item)
            if mean_s is not None:
                answers += 1
                rapid += answer.answer_s < min(RAPID_AT_MOST_S, RAPID_SHARE * mean_s)
    if answers < MIN_ANSWERS:
        return Measure(None, Reason.NO_REFERENCE, evidence=answers)
    return Measure(rapid / answers, evidence=answers)


def completions(play: Play) -> tuple[Completion, ...]:
    """The completed task instances whose start was seen."""
    return tuple(
        Completion(task.task, task.active_time_s)
        for task in play.tasks
        if task.outcome is Outcome.COMPLETED and task.started
    )


def answer_times(play: Play) -> tuple[AnswerTime, ...]:
    """Answers to items with their active seconds since the task's start or its last answer.

    The first answer of a task whose start was not seen has no known time and is left out.
    """
    since_us: dict[int | None, int] = {}
    answers = []
    for step in play.steps:
        if Behaviour.TASK_START in step.behaviours:
            since_us[step.go] = step.active_us
        if step.item is None or step.correct is None:
            continue
        if step.go in since_us:
            answers.append(AnswerTime(step.item, (step.active_us - since_us[step.go]) / SECOND))
        since_us[step.go] = step.active_us
    return tuple(answers)
