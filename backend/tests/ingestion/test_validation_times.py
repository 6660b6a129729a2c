"""Clock correction and the range that corrected times must lie in."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learntrace.ingestion.times import EARLIEST, correct, in_range, parse_instant

from .validation_bodies import RECEIVED_AT, decoded, event

S = timedelta(seconds=1)
instants = st.datetimes(timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("happened_s", "sent_s", "corrected_s"),
    [
        (-10, None, -10),
        (-10, 0, -10),
        (-10, -30, -10),
        (-10, 30, -10),
        (-100, -31, -69),
        (-3600, -3600, 0),
        (-3605, -3600, -5),
        (3590, 3600, -10),
        (0, -60, 0),
        (20, -10, 20),
        (86400, -60, 0),
    ],
)
def test_times_move_by_what_the_senders_clock_is_off_beyond_thirty_seconds(
    happened_s, sent_s, corrected_s
):
    sent_at = None if sent_s is None else RECEIVED_AT + sent_s * S
    corrected = correct(RECEIVED_AT + happened_s * S, RECEIVED_AT, sent_at)
    assert corrected == RECEIVED_AT + corrected_s * S


@given(instants, instants, st.none() | instants)
def test_correction_never_raises_and_never_passes_receipt(timestamp, received_at, sent_at):
    corrected = correct(timestamp, received_at, sent_at)
    assert corrected == timestamp or corrected <= received_at
    in_range(corrected, received_at)


@pytest.mark.parametrize(
    ("corrected_at", "inside"),
    [
        (EARLIEST, True),
        (EARLIEST - timedelta(microseconds=1), False),
        (RECEIVED_AT + timedelta(hours=1), True),
        (RECEIVED_AT + timedelta(hours=1, microseconds=1), False),
    ],
)
def test_the_range_includes_both_ends(corrected_at, inside):
    assert in_range(corrected_at, RECEIVED_AT) is inside


def test_sending_times_at_the_ends_of_the_calendar_do_no_harm():
    for sent_at in ("0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00"):
        batch = decoded(event(), event(timestamp="9999-12-31T23:59:59-05:00"), sent_at=sent_at)
        assert len(batch.events) + len(batch.rejected) == 2


@given(instants, st.integers(-1439, 1439))
def test_instants_read_back_from_any_offset(instant, offset_min):
    try:
        local = instant.astimezone(_zone(offset_min))
    except OverflowError:
        return
    assert parse_instant(local.isoformat()) == instant


def _zone(offset_min):
    sign, rest = ("-", -offset_min) if offset_min < 0 else ("+", offset_min)
    text = f"2000-01-01T00:00:00{sign}{rest // 60:02}:{rest % 60:02}"
    return datetime.fromisoformat(text).tzinfo
