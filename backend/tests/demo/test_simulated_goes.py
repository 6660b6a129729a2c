"""Simulated play read through the game's mapping: what becomes of the levels that are begun."""

from collections import defaultdict
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from learntrace.demo.pupils import Pupil
from learntrace.demo.simulator import simulate_play
from learntrace.events.mapping import WAVE_COMBINATOR, map_events, packaged_mapping, parse_mapping
from learntrace.events.types import Event
from learntrace.features.extract import extract, settings_of
from learntrace.features.types import Outcome

from ..told import read_event

PUPILS = [Pupil(UUID(int=number), "7a") for number in range(24)]


@pytest.mark.parametrize("seed", [1, 2, 7])
def test_a_level_is_left_before_another_is_begun(seed: int) -> None:
    mapping = parse_mapping(packaged_mapping(WAVE_COMBINATOR))
    sessions: dict[UUID, list[Event]] = defaultdict(list)
    zone = ZoneInfo("Europe/Berlin")
    for told in simulate_play(seed, PUPILS, start=date(2026, 11, 7), days=21, zone=zone):
        event = read_event(told)
        sessions[event.game_session_id].append(event)
    outcomes: dict[Outcome, int] = defaultdict(int)
    for events in sessions.values():
        found = extract(
            map_events(mapping, events), None, settings_of(mapping), session_closed=True
        )
        for level in found.tasks:
            outcomes[level.outcome] += 1
        assert all(level.outcome is not Outcome.ENDED for level in found.tasks[:-1])
    assert min(outcomes[one] for one in (Outcome.COMPLETED, Outcome.ABANDONED, Outcome.ENDED)) > 9
