"""Fixed windows in memory: what they count, when they end, that they are dropped."""

import pytest

from learntrace.kit import limit_storage
from learntrace.kit.limit_storage import SWEPT_EVERY_S, FixedWindows


class Clock:
    def __init__(self) -> None:
        self.at = 1000.0

    def time(self) -> float:
        return self.at


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(limit_storage, "time", clock)
    return clock


def test_a_window_starts_with_its_first_count_and_ends_after_its_time(clock: Clock) -> None:
    counts = FixedWindows()
    assert [counts.incr("ada", 60), counts.incr("ada", 60), counts.incr("ben", 60, 5)] == [1, 2, 5]
    assert counts.get_expiry("ada") == 1060
    clock.at = 1059.9
    assert (counts.incr("ada", 60), counts.get("ada"), counts.get_expiry("ada")) == (3, 3, 1060)
    clock.at = 1060
    assert (counts.get("ada"), counts.incr("ada", 60)) == (0, 1)
    assert counts.get_expiry("ada") == 1120


def test_unknown_keys_count_nothing(clock: Clock) -> None:
    counts = FixedWindows()
    assert (counts.get("ada"), counts.get_expiry("ada")) == (0, clock.at)
    counts.incr("ada", 60)
    counts.clear("ada")
    assert counts.get("ada") == 0


def test_windows_that_have_ended_are_dropped(clock: Clock) -> None:
    counts = FixedWindows()
    for name in range(1000):
        counts.incr(f"student {name}", 60)
    clock.at += SWEPT_EVERY_S + 1
    counts.incr("ada", 60)
    assert counts.reset() == 1
