"""Every feature on plays small enough to reckon by hand."""

import pytest

from learntrace.features.reference import Reference
from learntrace.features.types import Measure, Reason

from .scripted_play import features_of, measure

REFERENCE = Reference(
    version=7,
    completion_s={
        "a": tuple(float(seconds) for seconds in range(1, 21)),
        "b": (10.0,) * 20,
    },
    mean_answer_s={"q": 40.0, "long": 500.0},
)


def value(name, *lines, reference=None):
    return measure(name, *lines, reference=reference).value


def finish(task, start_s, end_s):
    return [f"{start_s} task_start task={task}", f"{end_s} task_complete task={task}"]


def test_completion_rate_counts_closed_goes():
    lines = [*finish("a", 0, 1), *finish("b", 1, 2), *finish("c", 2, 3)]
    left = ["4 task_start task=d", "5 task_abandon", "6 task_start task=e"]
    assert value("task_completion_rate", *lines, *left) == 3 / 5
    still_open = features_of(*lines, *left, closed=False).features["task_completion_rate"]
    assert still_open == Measure(None, Reason.NO_CLOSED_TASKS, evidence=4)


@pytest.mark.parametrize(
    ("lines", "rate", "count"),
    [
        (["0 failure", "1 failure"], None, None),
        (["0 failure task=a", "1 failure task=a", "2 failure task=a"], 2 / 3, 2),
        (["0 failure task=a", "1 failure task=b", "2 failure task=c"], 0, 0),
        (
            ["0 failure task=a", "1 failure task=b", "2 failure task=c", "3 attempt task=b"],
            1 / 3,
            1,
        ),
        (["0 failure", "1 retry", "2 failure", "3 choice", "4 failure", "5 success"], 1, 3),
        # Leaving and coming back to the same task is another try, a hint or a choice is none.
        (
            [
                "0 failure task=a",
                "1 task_abandon",
                "2 failure task=b",
                "3 task_start task=a",
                "4 failure",
                "5 hint_request",
                "6 choice",
            ],
            1 / 3,
            1,
        ),
        (["0 failure task=a", "1 failure task=a", "2 failure task=a", "3 task_complete"], 1, 3),
    ],
)
def test_retries(lines, rate, count):
    assert value("retry_rate", *lines) == rate
    assert value("retry_count", *lines) == count


def test_recovery_is_of_goes_and_may_come_in_a_later_one():
    lines = [
        "0 task_start task=a",
        "1 failure",
        "2 task_abandon",
        "3 task_start task=b",
        "4 failure",
        "5 task_complete",
        "6 task_start task=c",
        "7 failure",
        "8 task_abandon",
        "9 task_start task=a",
        "10 task_complete",
    ]
    assert value("recovery_rate", *lines) == 2 / 3
    undecided = features_of(*lines[:8], closed=False).features["recovery_rate"]
    assert undecided == Measure(None, Reason.NO_FAILURES, evidence=2)


def test_help_per_failure():
    failures = ["0 failure", "1 failure", "2 failure"]
    assert value("help_per_failure", *failures) == 0
    assert value("help_per_failure", *failures, "3 hint_request", "4 hint_request") == 2 / 3
    assert measure("help_per_failure", "0 hint_request").reason is Reason.NO_FAILURES


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ("no " * 9, None),
        ("no " * 10, True),
        ("yes yes no " * 4, True),
        ("yes yes yes " + "no " * 7, False),
        ("no " * 7 + "yes " * 3, False),
    ],
)
def test_wheel_spinning(answers, expected):
    lines = [
        f"{second} choice skill=s correct={answer}" for second, answer in enumerate(answers.split())
    ]
    assert value("wheel_spinning", *lines) is expected


def test_wheel_spinning_is_told_by_skill():
    lines = [f"{second} choice skill=s{second % 2} correct=no" for second in range(18)]
    assert measure("wheel_spinning", *lines) == Measure(
        None, Reason.TOO_FEW_OPPORTUNITIES, evidence=9
    )
    assert value("wheel_spinning", *lines, "18 choice skill=s0", "19 choice correct=yes") is None


@pytest.mark.parametrize(
    ("lines", "active_s"),
    [
        ([], 0),
        (["5 choice"], 0),
        (["0 choice", "10 choice", "100 choice"], 40),
        (["0 choice", "30 choice", "31 heartbeat", "60 heartbeat", "90 choice"], 60),
        # 5 s until the pause, 10 s after it.
        (["0 choice", "5 pause", "100 resume", "110 choice"], 15),
        (["0 choice", "5 focus_lost", "100 focus_gained", "110 choice"], 15),
        # Whoever acts is back.
        (["0 choice", "5 pause", "100 choice", "110 choice"], 15),
        (
            ["0 choice", "5 pause", "20 focus_lost", "50 focus_gained", "100 resume", "110 choice"],
            15,
        ),
        # After the last activity nothing is known to be active.
        (["0 choice", "5 choice", "20 pause"], 5),
        # The clock steps back a little, or is set anew.
        (["0 choice", "10 choice", "9 choice", "12 choice"], 12),
        (["100 choice", "110 choice", "20 choice", "25 choice"], 15),
        (["0 ?", "10 choice", "12 ?", "20 choice", "900 ?"], 10),
        (["0 -", "10 -"], 10),
    ],
)
def test_active_time(lines, active_s):
    assert value("active_time_s", *lines) == active_s


def test_wall_time_and_counts():
    play = features_of("0 choice", "50 ?", "10 choice", "4 pause").features
    assert play["wall_time_s"].value == 10
    assert play["event_count"].value == 4
    assert play["unmapped_count"].value == 1
    assert features_of().features["wall_time_s"].value == 0


@pytest.mark.parametrize(
    ("lines", "share"),
    [
        (["0 task_start task=a", "30 choice", "59 choice"], None),
        (["0 task_start task=a", "30 choice", "60 choice"], 1),
        (["0 task_start task=a", "120 choice"], 30 / 120),
        # 10 s here, 80 s away, 10 s here again.
        (["0 task_start task=a", "10 focus_lost", "90 focus_gained", "100 choice"], 20 / 100),
        # A pause is neither.
        (["0 task_start task=a", "30 choice", "60 pause", "500 resume", "530 choice"], 60 / 90),
        (["0 task_start task=a", "20 pause", "30 focus_lost", "900 choice", "960 choice"], 50 / 80),
        # Focus lost, and the game paused itself.
        (
            [
                "0 task_start task=a",
                "20 focus_lost",
                "21 pause",
                "60 focus_gained",
                "65 resume",
                "75 choice",
            ],
            30 / 70,
        ),
        # Outside of tasks nothing counts.
        (["0 choice", "500 task_start task=a", "530 task_complete", "900 choice"], None),
        # Never came back: known until the last event.
        (["0 task_start task=a", "30 choice", "40 focus_lost", "100 heartbeat"], 30 / 90),
        # An idle night is no task time.
        (["0 task_start task=a", "30 choice", "60 choice", "28800 choice"], 1),
    ],
)
def test_distraction_resistance(lines, share):
    assert value("distraction_resistance", *lines) == share


@pytest.mark.parametrize(
    ("lines", "seconds", "cut_off"),
    [
        (["0 choice"], None, False),
        (["0 choice", "31 choice"], None, False),
        (["0 choice", "30 choice"], 30, False),
        (
            ["0 choice", "10 choice", "50 choice", "54 choice", "100 choice", "120 choice"],
            10,
            False,
        ),
        (
            ["0 choice", "4 choice", "5 focus_lost", "6 focus_gained", "7 choice", "17 choice"],
            7,
            False,
        ),
        (["0 task_start task=a", "10 choice"], 10, True),
        (["0 task_start task=a", "10 choice", "12 focus_lost"], 10, False),
        (["0 task_start task=a", "10 choice", "90 choice"], 10, False),
        (["0 task_start task=a", "10 task_complete"], 10, False),
    ],
)
def test_focus_duration(lines, seconds, cut_off):
    found = measure("focus_duration_s", *lines)
    assert (found.value, found.cut_off) == (seconds, cut_off)


def test_last_stretch_of_an_open_session_is_cut_off():
    found = features_of("0 choice", "10 choice", closed=False).features["focus_duration_s"]
    assert found.cut_off


@pytest.mark.parametrize(
    ("lines", "rate"),
    [
        ([], None),
        (["0 collaboration_taken"] * 5, None),
        (["0 collaboration_offered"] * 3, 0),
        (["0 collaboration_offered", "1 collaboration_taken"] * 3, 1),
        (["0 collaboration_offered"] * 4 + ["1 collaboration_taken"] * 2, 1 / 2),
        (["0 collaboration_offered"] * 4 + ["1 collaboration_taken"] * 9, 1),
        (
            [
                "0 collaboration_offered opportunity=x",
                "0 collaboration_offered opportunity=x",
                "0 collaboration_offered opportunity=y",
                "0 collaboration_offered opportunity=z",
                "1 collaboration_taken opportunity=x",
                "2 collaboration_taken opportunity=x",
                "3 collaboration_taken opportunity=never",
            ],
            1 / 3,
        ),
    ],
)
def test_collaboration_and_leadership_rates(lines, rate):
    assert value("collaboration_rate", *lines) == rate
    leading = [line.replace("collaboration", "leadership") for line in lines]
    assert value("leadership_rate", *leading) == rate


def test_indicators_are_null_only_where_nothing_shows_them():
    together = ["0 collaboration_taken", "1 help_given", "2 help_received"]
    assert value("collaboration_indicators", *together) == 3
    assert value("collaboration_indicators", "0 collaboration_offered") == 0
    assert measure("collaboration_indicators", "0 choice").reason is Reason.NO_OPPORTUNITY
    assert value("leadership_indicators", "0 leadership_taken", "1 help_given") == 1


def test_time_efficiency_is_one_less_the_mid_rank():
    # a in 5 s: 4 faster, 1 equal of 20 -> mid-rank 0.225; b in 10 s: all equal -> 0.5.
    lines = [*finish("a", 0, 5), *finish("b", 5, 15)]
    assert value("time_efficiency", *lines, reference=REFERENCE) is None
    faster_than_all = finish("a", 15, 15.5)
    expected = 1 - (0.225 + 0.5 + 0) / 3
    assert value("time_efficiency", *lines, *faster_than_all, reference=REFERENCE) == pytest.approx(
        expected
    )
    unjudged = [*finish("unknown", 20, 21), "22 task_complete task=a"]
    again = measure("time_efficiency", *lines, *faster_than_all, *unjudged, reference=REFERENCE)
    assert again.value == pytest.approx(expected)
    assert again.evidence == 3
    assert measure("time_efficiency", *lines).reason is Reason.NO_REFERENCE


def test_rapid_guesses_are_faster_than_a_tenth_of_the_mean_and_than_10_s():
    start = "0 task_start task=a"
    slow = [f"{4 * number} choice item=q correct=no" for number in range(1, 5)]
    assert value("rapid_guess_rate", start, *slow, reference=REFERENCE) is None
    fast = "19.5 choice item=q correct=yes"
    assert value("rapid_guess_rate", start, *slow, fast, reference=REFERENCE) == 1 / 5
    long_item = ["20 choice item=long correct=yes", "40 choice item=long correct=yes"]
    assert value("rapid_guess_rate", start, *slow, fast, *long_item, reference=REFERENCE) == 2 / 7
    # Without a known beginning, a reference or a verdict it is no answer.
    others = ["50 choice item=new correct=yes", "51 choice item=q", "52 choice correct=no"]
    assert value("rapid_guess_rate", *slow, fast, *others, reference=REFERENCE) is None
    assert measure("rapid_guess_rate", start, *slow, fast).reason is Reason.NO_REFERENCE


def test_answer_time_starts_over_with_the_task():
    answers = features_of(
        "0 task_start task=a",
        "8 choice item=q correct=yes",
        "10 task_start task=a",
        "13 choice item=q correct=yes",
    ).answers
    assert [answer.answer_s for answer in answers] == [8, 3]


def test_session_says_what_it_rests_on():
    found = features_of("0 failure+choice", *finish("a", 1, 3), reference=REFERENCE)
    assert found.reference_version == 7
    assert found.tasks_completed == 1
    assert found.failures == 1
    assert found.behaviour_counts["choice"] == 1
    assert [(one.task, one.active_s) for one in found.completions] == [("a", 2)]


def test_measure_has_a_value_or_a_reason():
    with pytest.raises(ValueError, match="either"):
        Measure(None)
    with pytest.raises(ValueError, match="either"):
        Measure(1.0, Reason.NO_FAILURES)
