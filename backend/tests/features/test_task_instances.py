from datetime import timedelta

import pytest

from learntrace.features.types import FeatureSettings, Outcome

from .scripted_play import START, features_of

DEFAULT = FeatureSettings()


def goes(*lines, closed=True, settings=DEFAULT):
    """Each go as (task, outcome, attempts, failures, active seconds)."""
    found = features_of(*lines, closed=closed, settings=settings).tasks
    return [(t.task, str(t.outcome), t.attempts, t.failures, t.active_time_s) for t in found]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], []),
        (["0 task_start task=a", "9 task_complete task=a"], [("a", "completed", 0, 0, 9)]),
        (["0 task_start task=a", "9 task_abandon task=a"], [("a", "abandoned", 0, 0, 9)]),
        (["0 task_start task=a", "9 choice task=a"], [("a", "ended", 0, 0, 9)]),
        # A start of what is open already starts over: the same go.
        (
            ["0 task_start task=a", "5 task_start task=a", "9 task_complete task=a"],
            [("a", "completed", 0, 0, 9)],
        ),
        # Nested and overlapping tasks both get the time.
        (
            [
                "0 task_start task=a",
                "2 task_start task=b",
                "5 task_complete task=a",
                "9 task_complete task=b",
            ],
            [("a", "completed", 0, 0, 5), ("b", "completed", 0, 0, 7)],
        ),
        # What names no task belongs to the one opened last.
        (
            ["0 task_start task=a", "1 task_start task=b", "3 failure", "4 task_complete"],
            [("a", "ended", 0, 0, 4), ("b", "completed", 1, 1, 3)],
        ),
        (["0 task_start", "4 task_complete"], [("unnamed", "completed", 0, 0, 4)]),
        # Nothing is open and no task named: no go.
        (["0 failure", "3 attempt", "4 task_abandon"], []),
        # Doing something opens a go.
        (["0 attempt task=a", "3 failure task=a"], [("a", "ended", 1, 1, 3)]),
        (["0 hint_request task=a", "3 task_complete task=a"], [("a", "completed", 0, 0, 3)]),
        # A completion alone has no length; an abandonment alone means nothing.
        (["0 choice", "7 task_complete task=a"], [("a", "completed", 0, 0, 0)]),
        (["0 task_abandon task=a"], []),
        # After a completion a late success is no new go, a retry is.
        (
            ["0 task_start task=a", "5 task_complete task=a", "5 success task=a"],
            [("a", "completed", 0, 0, 5)],
        ),
        (
            ["0 task_start task=a", "5 task_complete task=a", "6 retry task=a"],
            [("a", "completed", 0, 0, 5), ("a", "ended", 0, 0, 0)],
        ),
        # Attempts as told, else as many as outcomes.
        (
            [
                "0 task_start task=a",
                "1 attempt",
                "2 failure",
                "3 attempt",
                "4 success+task_complete",
            ],
            [("a", "completed", 2, 1, 4)],
        ),
        (
            ["0 task_start task=a", "2 failure", "4 success", "5 task_complete"],
            [("a", "completed", 2, 1, 5)],
        ),
        # One event can be all of it.
        (["3 task_start+failure+task_complete task=a"], [("a", "completed", 1, 1, 0)]),
        # Half an hour of silence ends what is open where the silence began.
        (
            ["0 task_start task=a", "10 choice", "1810 choice task=a"],
            [("a", "timed_out", 0, 0, 10), ("a", "ended", 0, 0, 0)],
        ),
        (
            ["0 task_start task=a", "10 choice", "1809 task_complete"],
            [("a", "completed", 0, 0, 40)],
        ),
        # Heartbeats of a forgotten window are no activity.
        (
            ["0 task_start task=a", "900 heartbeat", "1800 heartbeat"],
            [("a", "timed_out", 0, 0, 0)],
        ),
    ],
)
def test_goes_at_tasks(lines, expected):
    assert goes(*lines) == expected


def test_open_session_leaves_tasks_open():
    lines = ["0 task_start task=a", "20 choice"]
    assert goes(*lines, closed=False) == [("a", "open", 0, 0, 20)]
    assert goes(*lines, closed=True) == [("a", "ended", 0, 0, 20)]


def test_times_of_a_go_are_the_clients():
    completed, ended = features_of(
        "5 task_start task=a", "8 task_complete task=a", "10 choice task=b", "12 pause"
    ).tasks
    assert (completed.started_at, completed.ended_at) == (
        START + timedelta(seconds=5),
        START + timedelta(seconds=8),
    )
    assert completed.started
    assert not ended.started
    assert ended.ended_at == START + timedelta(seconds=10)
    assert features_of("5 task_start task=a", closed=False).tasks[0].ended_at is None


def test_outcomes_within_the_opening_are_no_tries():
    lines = [
        "0 task_start task=a",
        "0 failure skill=s correct=no",
        "0.05 choice",
        "4 failure",
        "6 task_start task=a",
        "6.05 success+task_complete",
    ]
    with_opening = features_of(*lines, settings=FeatureSettings(opening_s=0.1))
    assert with_opening.failures == 1
    assert with_opening.tasks[0].attempts == 1
    assert with_opening.tasks[0].outcome is Outcome.COMPLETED
    assert with_opening.features["wheel_spinning"].evidence == 0
    assert features_of(*lines).failures == 2
