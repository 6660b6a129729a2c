"""What plans allow: pure tables and judgements."""

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from learntrace.plans import judging
from learntrace.plans.judging import Kind, Used, month_of, seconds_of
from learntrace.plans.limits import DEFAULT, FORMATS, PLANS, UNLIMITED, find_plan, fits

MARCH = month_of(datetime(2026, 3, 15, tzinfo=UTC))
FREE, STUDENT, PRO, SCHOOL = PLANS.values()


def used(minutes: float) -> Used:
    return Used(recordings=3, transcriptions=2, transcribed_s=seconds_of(minutes))


def test_each_plan_allows_no_less_than_the_one_before() -> None:
    def size(limit: int) -> float:
        return float("inf") if limit == UNLIMITED else limit

    plans = list(PLANS.values())
    for less, more in pairwise(plans):
        assert set(less.export_formats) <= set(more.export_formats) <= set(FORMATS)
        for name in ("minutes_per_month", "file_mb", "concurrent_jobs", "retention_days"):
            assert size(getattr(less, name)) < size(getattr(more, name)), name


def test_plans_are_found_by_id_and_alias() -> None:
    assert [find_plan(name) for name in PLANS] == list(PLANS.values())
    assert find_plan("coaching_school") == find_plan("enterprise") == SCHOOL == PLANS[DEFAULT]
    assert find_plan("gold") is find_plan("") is None


@pytest.mark.parametrize(
    ("at", "start", "reset_date"),
    [
        ("2026-03-01T00:00Z", "2026-03-01T00:00Z", date(2026, 4, 1)),
        ("2026-03-31T23:59:59.999999Z", "2026-03-01T00:00Z", date(2026, 4, 1)),
        ("2026-12-31T23:59Z", "2026-12-01T00:00Z", date(2027, 1, 1)),
        ("2026-11-30T12:00Z", "2026-11-01T00:00Z", date(2026, 12, 1)),
        # In Zurich it is April already, and in Honolulu still March.
        ("2026-04-01T01:30+02:00", "2026-03-01T00:00Z", date(2026, 4, 1)),
        ("2026-03-31T15:00-10:00", "2026-04-01T00:00Z", date(2026, 5, 1)),
    ],
)
def test_months_are_of_utc(at: str, start: str, reset_date: date) -> None:
    month = month_of(datetime.fromisoformat(at))
    assert (month.start, month.reset_date) == (datetime.fromisoformat(start), reset_date)


@pytest.mark.parametrize(
    ("minutes", "seconds"),
    [(0, 0), (0.1, 6), (1 / 60, 1), (0.001, 1), (1.0083333, 61), (200, 12000)],
)
def test_each_begun_second_counts(minutes: float, seconds: int) -> None:
    assert seconds_of(minutes) == seconds


@pytest.mark.parametrize(
    ("before", "requested", "allowed"),
    [
        *((0, 199, True), (0, 200, True), (0, 201, False)),
        *((150, 49, True), (150, 50, True), (150, 51, False)),
        *((200, 0, True), (200, 0.01, False), (199.5, 0.5, True)),
    ],
)
def test_minutes_up_to_the_limit_are_allowed(
    before: float, requested: float, allowed: bool
) -> None:
    verdict = judging.minutes(FREE, used(before), MARCH, requested)
    assert verdict.allowed == allowed
    assert (verdict.info.kind, verdict.info.limit) == (Kind.MINUTES, 200)
    assert verdict.info.reset_date == date(2026, 4, 1)
    assert verdict.upgrade == (None if allowed else "student")
    assert allowed or "anew on 2026-04-01, UTC" in (verdict.message or "")


@pytest.mark.parametrize(
    ("plan", "requested", "upgrade"),
    [(FREE, 501, "pro"), (FREE, 3001, "school"), (PRO, 3001, "school"), (SCHOOL, 10**9, None)],
)
def test_the_smallest_plan_that_would_do_is_named(plan, requested, upgrade) -> None:
    verdict = judging.minutes(plan, used(0), MARCH, requested)
    assert (verdict.allowed, verdict.upgrade) == (plan is SCHOOL, upgrade)


@pytest.mark.parametrize(
    ("before", "requested", "warns"),
    [(0, 159, False), (0, 160, True), (160, 0, True), (159.98, 0, False), (100, 100, True)],
)
def test_from_four_fifths_on_people_are_warned(before, requested, warns) -> None:
    verdict = judging.minutes(FREE, used(before), MARCH, requested)
    assert (verdict.allowed, verdict.message is not None) == (True, warns)
    assert judging.minutes(FREE, used(before), MARCH).info.is_near == (before >= 160)
    assert judging.minutes(SCHOOL, used(10**6), MARCH).message is None


def test_transcriptions_are_limited_by_their_minutes_alone() -> None:
    free = judging.transcribing(FREE, used(10), MARCH)
    assert (free.allowed, free.info.kind, free.info.current, free.info.limit) == (
        *(True, Kind.TRANSCRIPTIONS, 2),
        UNLIMITED,
    )
    used_up = judging.transcribing(FREE, used(200), MARCH)
    assert (used_up.allowed, used_up.info.kind, used_up.upgrade) == (False, Kind.MINUTES, "student")
    assert not judging.transcribing(FREE, used(190), MARCH, 11).allowed
    assert judging.transcribing(SCHOOL, used(10**6), MARCH, 600).allowed
    assert judging.recording(used(200), MARCH).allowed


@pytest.mark.parametrize(
    ("plan", "mb", "allowed", "upgrade"),
    [
        (FREE, 59, True, None),
        (FREE, 60, True, None),
        (FREE, 60.01, False, "student"),
        (FREE, 61, False, "student"),
        (STUDENT, 201, False, "school"),
        (SCHOOL, 500, True, None),
        (SCHOOL, 501, False, None),
    ],
)
def test_files_up_to_the_limit_are_allowed(plan, mb, allowed, upgrade) -> None:
    verdict = judging.file_mb(plan, mb)
    assert (verdict.allowed, verdict.upgrade) == (allowed, upgrade)
    assert (verdict.message is None) == allowed


@pytest.mark.parametrize(
    ("plan", "wanted", "upgrade"),
    [
        *((FREE, "txt", None), (FREE, "vtt", "student"), (FREE, "xlsx", "pro")),
        *((PRO, "xlsx", None), (SCHOOL, "pdf", None), (FREE, None, None)),
    ],
)
def test_a_plan_exports_in_its_formats(plan, wanted, upgrade) -> None:
    verdict = judging.export(plan, wanted)
    assert verdict.allowed == (wanted is None or wanted in plan.export_formats)
    assert verdict.upgrade == upgrade
    assert verdict.info.limit == (UNLIMITED if verdict.allowed else 0)


@pytest.mark.parametrize("plan", PLANS.values())
def test_so_many_transcriptions_run_at_once(plan) -> None:
    most = plan.concurrent_jobs
    assert judging.job(plan, most - 1).allowed
    assert not judging.job(plan, most).allowed
    assert not judging.job(plan, most + 1).allowed


def test_no_number_of_events_is_refused() -> None:
    verdict = judging.events(10**12, MARCH)
    assert (verdict.allowed, verdict.message, verdict.info.limit) == (True, None, UNLIMITED)


@pytest.mark.parametrize(
    ("wanted", "limit", "within"), [(5, 5, True), (6, 5, False), (6, -1, True)]
)
def test_minus_one_is_no_limit(wanted, limit, within) -> None:
    assert fits(wanted, limit) == within
