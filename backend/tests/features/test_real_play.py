"""Real play logs of Wave Combinator, read with the mapping that comes with Learntrace.

The file is not part of the repository; without it these tests are skipped. The same ground is
covered by scripted and generated play.
"""

import gzip
import json
import os
from collections import defaultdict
from pathlib import Path

import pytest

from learntrace.events.mapping import WAVE_COMBINATOR, map_events, packaged_mapping, parse_mapping
from learntrace.features.catalogue import CATALOGUE
from learntrace.features.extract import extract, settings_of
from learntrace.features.reference import Times
from learntrace.features.types import Outcome

from ..told import read_event

SHARED = Path(os.environ.get("LEARNTRACE_SHARED", Path(__file__).parents[4] / "shared"))
FILE = SHARED / "data" / "waves.jsonl.gz"

pytestmark = pytest.mark.skipif(not FILE.exists(), reason=f"real play logs not found at {FILE}")


@pytest.fixture(scope="module")
def mapping():
    return parse_mapping(packaged_mapping(WAVE_COMBINATOR))


@pytest.fixture(scope="module")
def sessions(mapping):
    """Each session's mapped events, the file read backwards."""
    by_session = defaultdict(list)
    with gzip.open(FILE, "rt", encoding="utf-8") as lines:
        for line in lines:
            event = read_event(json.loads(line))
            by_session[event.game_session_id].append(event)
    return [map_events(mapping, reversed(events)) for events in by_session.values()]


@pytest.fixture(scope="module")
def found(mapping, sessions):
    """Features of every session, judged against all sessions' times."""
    settings = settings_of(mapping)
    first = [extract(session, None, settings, session_closed=True) for session in sessions]
    times = Times()
    for one in first:
        times.add(one.completions, one.answers)
    reference = times.reference(1)
    return [extract(session, reference, settings, session_closed=True) for session in sessions]


def known(found, name):
    values = [one.features[name].value for one in found]
    return [value for value in values if value is not None]


def test_game_order_is_restored(sessions):
    assert len(sessions) == 25
    assert sum(map(len, sessions)) == 5002
    for session in sessions:
        assert [one.sequence for one in session] == sorted(one.sequence for one in session)


def test_few_events_stay_unmapped(found, sessions):
    assert sum(known(found, "unmapped_count")) == 37
    unmapped = {one.event.event_type for session in sessions for one in session if not one.mapped}
    assert unmapped == {"question_answer", "dismiss_menu_button"}


def test_every_level_has_a_name(found, mapping):
    assert {task.task for one in found for task in one.tasks} <= set(mapping.tasks)


def test_every_completed_level_counts(found):
    assert sum(one.tasks_completed for one in found) == 309


def test_opening_states_are_no_failures(found):
    """Of 717 `fail`, 242 only say that a level begins with waves that do not match."""
    assert sum(one.failures for one in found) == 475


def test_values_are_sensible(found):
    for one in found:
        for name, measured in one.features.items():
            assert measured.reason in {None, CATALOGUE[name].reason}
        assert one.features["active_time_s"].value <= one.features["wall_time_s"].value

    completion = known(found, "task_completion_rate")
    assert len(completion) == 13
    assert all(0.5 < rate <= 1 for rate in completion)
    assert len(set(completion)) > 5
    assert len(known(found, "retry_rate")) == 17
    assert all(rate >= 0.9 for rate in known(found, "retry_rate"))
    resistance = known(found, "distraction_resistance")
    assert len(resistance) == 18
    assert min(resistance) < 0.4
    assert max(resistance) == 1
    assert known(found, "collaboration_rate") == []
    # The longest sitting spans 2.5 hours, 28 minutes of them playing.
    longest = max(found, key=lambda one: one.features["wall_time_s"].value)
    assert longest.features["wall_time_s"].value == pytest.approx(8997.8, abs=0.1)
    assert longest.features["active_time_s"].value < 1800
    assert longest.features["focus_duration_s"].value < 300


def test_some_levels_are_left_and_some_just_end(found):
    outcomes = {task.outcome for one in found for task in one.tasks}
    assert outcomes == {Outcome.COMPLETED, Outcome.ABANDONED, Outcome.ENDED}
