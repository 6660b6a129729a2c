"""When a card is asked for again."""

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from learntrace.learning_sessions.review_cards.scheduling import Recall, answered, new

BEGAN = datetime(2026, 3, 2, 8, tzinfo=UTC)
STEPS = st.lists(st.tuples(st.sampled_from(Recall), st.floats(0, 200)), min_size=1, max_size=12)


def after(steps):
    """The schedule after answers, each so many days after the one before; and when the last was."""
    at, schedule = BEGAN, new(BEGAN)
    for recall, days in steps:
        at += timedelta(days=days)
        schedule = answered(schedule.memory, recall, at)
    return schedule, at


def test_a_new_card_is_due_at_once() -> None:
    assert new(BEGAN).due_at == BEGAN


@given(STEPS)
def test_an_answer_puts_the_card_off_and_can_be_stored(steps) -> None:
    schedule, at = after(steps)
    assert schedule.due_at > at
    assert schedule.due_at.tzinfo is not None
    assert json.loads(json.dumps(schedule.memory)) == schedule.memory


@given(STEPS)
def test_the_same_answers_give_the_same_days(steps) -> None:
    assert after(steps) == after(steps)


@given(STEPS, st.floats(0, 200))
def test_who_remembers_better_is_asked_no_sooner(steps, days) -> None:
    schedule, at = after(steps)
    later = at + timedelta(days=days)
    due = [answered(schedule.memory, recall, later).due_at for recall in Recall]
    assert due == sorted(due)


@given(STEPS, st.sampled_from(Recall))
def test_a_clock_that_went_back_counts_as_the_last_answer(steps, recall) -> None:
    schedule, at = after(steps)
    behind = answered(schedule.memory, recall, at - timedelta(days=3))
    assert behind == answered(schedule.memory, recall, at)


def test_what_is_remembered_each_time_is_asked_ever_more_rarely() -> None:
    schedule, at, gaps = new(BEGAN), BEGAN, []
    for _ in range(6):
        schedule = answered(schedule.memory, Recall.GOOD, at)
        gaps.append(schedule.due_at - at)
        at = schedule.due_at
    assert gaps == sorted(gaps)
    assert gaps[-1] > timedelta(days=30)
    assert answered(schedule.memory, Recall.AGAIN, at).due_at - at < gaps[-1]
