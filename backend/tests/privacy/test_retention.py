"""How long a school keeps what: which days are kept, who may choose, and what is taken no more."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest

from learntrace.kit.errors import InvalidError
from learntrace.privacy import retention
from learntrace.privacy.retention import LEAST_LEFT_DAYS, LEAST_PLAY_DAYS, MOST_DAYS, boundary

from ..world import World, batch, bearer, now

PATH = "/schools/retention"
EVENTS = "/api/v1/telemetry/events"
KEPT = {"play_days": None, "left_days": None, "audit_days": None}


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("timezone", "at", "days", "day", "begins"),
    [
        # Half past midnight in Zurich is still the day before in London.
        ("Europe/Zurich", "2026-06-10T22:30Z", 30, date(2026, 5, 12), "2026-05-11T22:00Z"),
        ("Europe/London", "2026-06-10T22:30Z", 30, date(2026, 5, 11), "2026-05-10T23:00Z"),
        # Clocks went forward, and back, in between.
        ("Europe/Zurich", "2026-04-02T10:00Z", 30, date(2026, 3, 3), "2026-03-02T23:00Z"),
        ("Europe/Zurich", "2026-10-30T10:00Z", 30, date(2026, 9, 30), "2026-09-29T22:00Z"),
        # On the days themselves: before, and after the hour that is missing, or comes twice.
        ("Europe/Zurich", "2026-04-28T10:00Z", 30, date(2026, 3, 29), "2026-03-28T23:00Z"),
        ("Europe/Zurich", "2026-04-29T10:00Z", 30, date(2026, 3, 30), "2026-03-29T22:00Z"),
        ("Europe/Zurich", "2026-11-24T10:00Z", 30, date(2026, 10, 25), "2026-10-24T22:00Z"),
        ("Europe/Zurich", "2026-11-25T10:00Z", 30, date(2026, 10, 26), "2026-10-25T23:00Z"),
        # In Cairo the hour after midnight is the missing one: the day begins at one.
        ("Africa/Cairo", "2026-05-24T10:00Z", 30, date(2026, 4, 24), "2026-04-23T22:00Z"),
        ("Pacific/Kiritimati", "2026-06-10T10:30Z", 0, date(2026, 6, 11), "2026-06-10T10:00Z"),
    ],
)
def test_days_count_at_the_school(
    timezone: str, at: str, days: int, day: date, begins: str
) -> None:
    found = boundary(days, timezone, at=instant(at))
    assert (found.day, found.at) == (day, instant(begins))


@pytest.mark.parametrize("timezone", ["Europe/Zurich", "Africa/Cairo", "Pacific/Apia"])
def test_the_days_of_a_year_follow_each_other_without_gap(timezone: str) -> None:
    start = instant("2026-01-01T12:00Z")
    begins = [boundary(0, timezone, at=start + timedelta(days=n)).at for n in range(366)]
    lengths = {later - earlier for earlier, later in pairwise(begins)}
    assert lengths <= {timedelta(hours=hours) for hours in (23, 24, 25)}


def test_what_the_writer_takes_unasked_no_school_forgets() -> None:
    for hours in range(0, 366 * 24, 7):
        at = instant("2026-01-01T00:30Z") + timedelta(hours=hours)
        begins = boundary(LEAST_PLAY_DAYS, "Europe/Zurich", at=at).at
        assert begins < at - retention.NEVER_FORGOTTEN


@pytest.mark.parametrize(
    ("days", "why"),
    [
        ({"play_days": LEAST_PLAY_DAYS - 1, "left_days": None}, "refused when it arrives"),
        ({"play_days": 0, "left_days": None}, "play_days is 30 to 36,500, or null."),
        ({"play_days": MOST_DAYS + 1, "left_days": None}, "play_days is 30"),
        ({"play_days": None, "left_days": LEAST_LEFT_DAYS - 1}, "Between two school years"),
        ({"play_days": None, "left_days": 10**12}, "left_days is 90"),
    ],
)
async def test_days_that_no_school_may_choose_are_refused_with_the_reason(ask, day, days, why):
    with pytest.raises(InvalidError, match=why):
        retention.require_allowed(**days)
    answer = await ask("school_admin", "PUT", PATH, days)
    assert (answer.status_code, why in answer.json()["detail"]) == (422, True)
    query = {name: value for name, value in days.items() if value is not None}
    answer = await ask("school_admin", "GET", f"{PATH}/preview", **query)
    assert (answer.status_code, why in answer.json()["detail"]) == (422, True)
    assert (await ask("school_admin", "GET", PATH)).json() == KEPT


async def test_the_audit_log_keeps_its_days_where_they_are_left_out(ask, day):
    told = KEPT | {"audit_days": 364}
    refused = await ask("school_admin", "PUT", PATH, told)
    assert (refused.status_code, refused.json()["detail"][:22]) == (422, "audit_days is 365 to 3")
    told |= {"audit_days": 365}
    assert (await ask("school_admin", "PUT", PATH, told)).json() == told
    play = {"play_days": 30, "left_days": None}
    assert (await ask("school_admin", "PUT", PATH, play)).json() == play | {"audit_days": 365}
    assert (await ask("school_admin", "PUT", PATH, KEPT)).json() == KEPT


@pytest.mark.parametrize("body", [{}, {"play_days": 30}, KEPT | {"by": "me"}, {"play_days": "x"}])
async def test_a_choice_names_both_and_nothing_else(ask, day, body):
    assert (await ask("school_admin", "PUT", PATH, body)).status_code == 422


async def test_every_school_begins_with_keeping_and_each_choice_is_a_version(ask, day):
    assert (await ask("school_admin", "GET", PATH)).json() == KEPT
    first = KEPT | {"play_days": 400}
    for told in (first, first, first | {"left_days": 90}, KEPT):
        answer = await ask("school_admin", "PUT", PATH, told)
        assert (answer.status_code, answer.json()) == (200, told)
        assert (await ask("school_admin", "GET", PATH)).json() == told
    stored = await day.world.rows(
        "select version, play_days, left_days, changed_by, school_id from retention_policies "
        "order by version"
    )
    own = (day.users["school_admin"], day.world.school_id)
    assert [tuple(row) for row in stored] == [
        (1, 400, None, *own),
        (2, 400, 90, *own),
        (3, None, None, *own),
    ]
    assert (await ask("lake_admin", "GET", PATH)).json() == KEPT


@pytest.mark.parametrize(
    ("method", "path"), [("GET", PATH), ("PUT", PATH), ("GET", f"{PATH}/preview")]
)
async def test_only_administrators_choose_and_look(ask, day, method, path):
    body = KEPT if method == "PUT" else None
    for who, status in (
        ("nobody", 401),
        ("teacher", 403),
        ("system_admin", 403),
        ("developer", 403),
        ("ada", 403),
        ("write_key", 403),
        ("school_admin", 200),
        ("lake_admin", 200),
    ):
        assert (await ask(who, method, path, body)).status_code == status, who


async def test_two_who_choose_at_once_are_not_mixed_up(world: World) -> None:
    async with world.database.transaction() as db:
        await retention.put(
            db, world.school_id, play_days=30, left_days=90, audit_days=None, user_id=None
        )
        kept = await retention.in_force(db, world.school_id)
        assert (kept.version, kept.play_days, kept.left_days) == (1, 30, 90)


async def test_play_older_than_the_school_keeps_is_taken_no_more(api, ask, day):
    world = day.world

    def at(days: float) -> dict[str, object]:
        return world.event(timestamp=(now() - timedelta(days=days)).isoformat())

    async def sent(event: dict[str, object], key: str = world.write_key) -> tuple[int, object]:
        answer = await api.post(EVENTS, json=event, headers=bearer(key))
        refused = answer.json()["rejected"]
        return answer.status_code, refused[0]["code"] if refused else None

    stored = at(40)
    assert await sent(stored) == (201, None)
    await ask("school_admin", "PUT", PATH, {"play_days": 30, "left_days": None})
    too_old = (422, "timestamp_out_of_range")
    assert await sent(at(31.1)) == too_old
    assert await sent(at(29.9)) == (201, None)
    assert await sent(stored) == (200, None)  # a repeat, as long as it is there
    stranger = at(40) | {"student_id": str(uuid4())}
    assert await sent(stranger, world.sandbox_key) == too_old
    assert (
        await world.one("select count(*) from students where id = :id", id=stranger["student_id"])
        == 0
    )
    assert await sent(
        at(40) | {"student_id": str(world.foreign_student)}, world.other_school_key
    ) == (201, None)
    mixed = batch([at(29.9), at(31.1), at(0)])
    path = "/api/v1/telemetry/validate"
    answer = await api.post(path, json=mixed, headers=bearer(world.write_key))
    assert [one["index"] for one in answer.json()["rejected"]] == [1]
    answer = await api.post("/api/v1/telemetry/batch", json=mixed, headers=bearer(world.write_key))
    assert [one["code"] for one in answer.json()["rejected"]] == [too_old[1]]
    await ask("school_admin", "PUT", PATH, KEPT)
    assert await sent(at(31.1)) == (201, None)
