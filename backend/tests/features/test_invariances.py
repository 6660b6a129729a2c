"""What must never change a feature, or only in one direction, on any play."""

from dataclasses import replace
from datetime import timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learntrace.events.mapping import default_mapping, map_events
from learntrace.events.types import Behaviour, Event
from learntrace.features.catalogue import CATALOGUE
from learntrace.features.extract import extract
from learntrace.features.reference import Times
from learntrace.features.types import AnswerTime, Completion, FeatureSettings

from .scripted_play import START, mapped_event

SETTINGS = FeatureSettings()
TASKS = ["a", "b", None]
REFERENCE = Times(
    [Completion(task, float(seconds)) for task in "ab" for seconds in range(25)],
    [AnswerTime("q", 20.0)] * 20,
).reference(1)
COUNTS = {"event_count", "unmapped_count"}

steps = st.tuples(
    st.one_of(
        st.integers(0, 20_000), st.integers(20_000, 60_000), st.sampled_from([700_000, 2_000_000])
    ),
    st.lists(st.sampled_from(list(Behaviour)), max_size=2, unique=True),
    st.sampled_from(TASKS),
    st.sampled_from(["s", None]),
    st.sampled_from(["q", None]),
    st.sampled_from([True, False, None]),
    st.sampled_from(["x", "y", None]),
)


@st.composite
def plays(draw, min_size=0):
    """A session in canonical order, times in milliseconds that never fall."""
    events, at_ms = [], 0
    for number, (gap_ms, behaviours, *fields) in enumerate(
        draw(st.lists(steps, min_size=min_size, max_size=40))
    ):
        at_ms += gap_ms
        task, skill, item, correct, opportunity = fields
        events.append(
            mapped_event(
                at_ms / 1000,
                tuple(behaviours),
                number=number,
                task=task,
                skill=skill,
                item=item,
                correct=correct,
                opportunity=opportunity,
            )
        )
    return events


def read(events, *, closed=True, settings=SETTINGS):
    return extract(events, REFERENCE, settings, session_closed=closed)


def values(events, **options):
    return {name: found.value for name, found in read(events, **options).features.items()}


def moved(event, to):
    return replace(event, event=replace(event.event, timestamp=to))


@given(plays(), st.booleans())
def test_value_or_reason_and_within_its_range(events, closed):
    found = read(events, closed=closed)
    assert list(found.features) == list(CATALOGUE)
    for name, measured in found.features.items():
        feature = CATALOGUE[name]
        assert (measured.value is None) == (measured.reason is not None)
        assert measured.reason in {None, feature.reason}
        if measured.value is not None and feature.minimum is not None:
            assert measured.value >= feature.minimum
        if measured.value is not None and feature.maximum is not None:
            assert measured.value <= feature.maximum
    assert found.features["active_time_s"].value <= found.features["wall_time_s"].value
    for task in found.tasks:
        assert task.active_time_s >= 0
        assert task.ended_at is None or task.ended_at >= task.started_at


@given(plays(), st.booleans())
def test_reading_again_gives_the_same(events, closed):
    assert read(events, closed=closed) == read(events, closed=closed)


@given(plays(min_size=1), st.data())
def test_duplicates_change_nothing(events, data):
    repeated = data.draw(st.lists(st.sampled_from(events), max_size=10))
    assert read([*events, *repeated]) == read(events)


@given(plays(), st.timedeltas(timedelta(days=-3000), timedelta(days=3000)))
def test_another_day_gives_the_same(events, shift):
    shifted = [moved(event, event.event.timestamp + shift) for event in events]
    assert values(shifted) == values(events)


@given(plays(), st.integers(-12, 12))
def test_another_time_zone_gives_the_same(events, hours):
    zone = timezone(timedelta(hours=hours))
    elsewhere = [moved(event, event.event.timestamp.astimezone(zone)) for event in events]
    assert values(elsewhere) == values(events)


@given(plays(), st.integers(2, 60))
def test_another_unit_of_time_scales_times_and_no_rate(events, factor):
    """All times and all thresholds in another unit; what is fixed in seconds is left out."""
    scaled = [moved(event, START + (event.event.timestamp - START) * factor) for event in events]
    settings = FeatureSettings(
        idle_threshold_s=SETTINGS.idle_threshold_s * factor, silence_s=SETTINGS.silence_s * factor
    )
    before, after = values(events), values(scaled, settings=settings)
    for name in ("active_time_s", "wall_time_s", "focus_duration_s"):
        expected = None if before[name] is None else pytest.approx(before[name] * factor)
        assert after.pop(name) == expected
        before.pop(name)
    for name in ("time_efficiency", "rapid_guess_rate", "distraction_resistance"):
        now, then = after.pop(name), before.pop(name)
        if name == "distraction_resistance" and then is not None:
            assert now == pytest.approx(then)
    assert after == before


@given(plays(), st.lists(st.integers(0, 5_000_000), max_size=10))
def test_unknown_events_are_counted_and_ignored(events, when_ms):
    unknown = [
        mapped_event(at_ms / 1000, number=1000 + number, mapped=False)
        for number, at_ms in enumerate(when_ms)
    ]
    mixed = sorted([*events, *unknown], key=lambda one: one.event.timestamp)
    before, after = values(events), values(mixed)
    for name in COUNTS:
        assert after.pop(name) == before.pop(name) + len(unknown)
    assert after == before
    assert read(mixed).tasks == read(events).tasks


@given(plays(min_size=2), st.integers(0, 100_000), st.data())
def test_stretching_an_idle_gap_changes_no_active_time(events, by_ms, data):
    gaps = [
        index
        for index, (one, other) in enumerate(pairwise(events))
        if other.event.timestamp - one.event.timestamp >= timedelta(seconds=30)
    ]
    if not gaps:
        return
    index = data.draw(st.sampled_from(gaps))
    later = [
        moved(event, event.event.timestamp + timedelta(milliseconds=by_ms))
        for event in events[index + 1 :]
    ]
    stretched = [*events[: index + 1], *later]
    assert values(stretched)["active_time_s"] == values(events)["active_time_s"]


@given(plays(), st.integers(0, 3600), st.booleans())
def test_heartbeats_and_pauses_are_no_activity(events, gap_s, closed):
    end = max((event.event.timestamp for event in events), default=START)
    at_s = (end - START).total_seconds() + gap_s
    for signal in (Behaviour.HEARTBEAT, Behaviour.PAUSE, Behaviour.FOCUS_LOST):
        longer = [*events, mapped_event(at_s, (signal,), number=999)]
        assert (
            values(longer, closed=closed)["active_time_s"]
            == values(events, closed=closed)["active_time_s"]
        )


@given(plays(min_size=1), st.sampled_from(["a", "b", "new"]), st.integers(0, 1000), st.booleans())
def test_completing_a_task_never_lowers_completion(events, task, gap_s, closed):
    def rate(found):
        closed_tasks = [one for one in found.tasks if one.outcome != "open"]
        return (
            sum(one.outcome == "completed" for one in closed_tasks) / len(closed_tasks)
            if closed_tasks
            else 0
        )

    at_s = (events[-1].event.timestamp - START).total_seconds() + gap_s
    completion = mapped_event(at_s, (Behaviour.TASK_COMPLETE,), number=999, task=task)
    before, after = read(events, closed=closed), read([*events, completion], closed=closed)
    assert rate(after) >= rate(before)
    assert after.tasks_completed > before.tasks_completed
    was = before.features["task_completion_rate"].value
    now = after.features["task_completion_rate"].value
    assert was is None or now >= was


NAMES = [behaviour.value for behaviour in Behaviour] + ["unheard_of"]


@st.composite
def raw_sessions(draw):
    """Events as a game sends them, with or without a counter of its own."""
    counted = draw(st.sampled_from(["all", "some", "repeating"]))
    events = []
    for number, (name, at_ms, task) in enumerate(
        draw(
            st.lists(
                st.tuples(st.sampled_from(NAMES), st.integers(0, 100_000), st.sampled_from(TASKS)),
                max_size=20,
            )
        )
    ):
        one = mapped_event(at_ms / 1000, number=number).event
        sequence = {
            "all": number,
            "some": number if number % 3 else None,
            "repeating": number // 2,
        }[counted]
        events.append(replace(one, event_type=name, mission_id=task, sequence=sequence))
    return events


def from_raw(events: list[Event]):
    return extract(map_events(default_mapping(), events), None, SETTINGS, session_closed=True)


@given(raw_sessions(), st.randoms(use_true_random=False), st.data())
def test_order_and_repetition_of_arrival_change_nothing(events, random, data):
    arrived = [*events, *data.draw(st.lists(st.sampled_from(events), max_size=5))] if events else []
    random.shuffle(arrived)
    assert from_raw(arrived) == from_raw(events)


@given(raw_sessions(), st.lists(st.integers(0, 20), max_size=4))
def test_batches_and_late_events_change_nothing(events, cuts):
    """Whatever the cuts into batches, and whichever of them comes last."""
    edges = [0, *sorted(min(cut, len(events)) for cut in cuts), len(events)]
    batches = [events[start:end] for start, end in pairwise(edges)]
    arrived = [event for batch in reversed(batches) for event in batch]
    assert from_raw(arrived) == from_raw(events)


@pytest.mark.timeout(120)
def test_nothing_in_reading_a_session_goes_by_squares():
    """By squares, so many events would take minutes; as it is, a second."""
    events = [
        mapped_event(number / 10, (list(Behaviour)[number % 20],), number=number, task="a")
        for number in range(100_000)
    ]
    assert read(events).features["event_count"].value == 100_000
