"""Data health: what arrives of a game, what the mapping makes of it, what was refused."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.world import insert, now

from .conftest import NOON


@pytest.fixture
async def health(day, database, read):
    """Three live events at Hill, two in its sandbox, one at Lake; two games' refusals."""
    world = day.world
    lake = world.other_school_id
    async with database.transaction() as db:
        await day.plays(
            db, day.tess, school_id=world.sandbox_id, event_types=["LEVEL_UP", "task_start"]
        )
        await day.plays(db, world.foreign_student, school_id=lake, event_types=["LEVEL_UP"])
        for school_id, game_id, days_ago, code, count, detail in (
            (world.school_id, world.game_id, 0, "invalid", 2, "`timestamp` has no offset."),
            (world.school_id, world.game_id, 31, "invalid", 9, "too old to be shown"),
            (world.sandbox_id, world.game_id, 1, "conflict", 3, "Another event has this id."),
            (lake, world.game_id, 0, "invalid", 5, "`data` is no object."),
            (lake, world.other_game_id, 0, "invalid", 7, "another game's"),
        ):
            at = now() - timedelta(days=days_ago)
            await insert(
                db,
                "rejections",
                school_id=school_id,
                game_id=game_id,
                day=at.date(),
                code=code,
                count=count,
                detail=detail,
                last_at=at,
            )
    return read


def counted(answer):
    assert answer.status_code == 200, answer.text
    return {
        (one["environment"], one["event_type"]): (one["count"], one["mapped"])
        for one in answer.json()["event_types"]
    }


LIVE_AT_HILL = {
    ("live", "task_start"): (1, True),
    ("live", "LEVEL_UP"): (1, False),
    ("live", "task_complete"): (1, True),
}
SANDBOX_AT_HILL = {
    ("sandbox", "task_start"): (2, True),
    ("sandbox", "LEVEL_UP"): (2, False),
    ("sandbox", "task_complete"): (1, True),
}


@pytest.mark.parametrize("who", ["teacher", "school_admin", "colleague"])
async def test_school_people_see_what_their_school_sent(health, day, who):
    path = f"/games/{day.world.game_id}/event-types"
    assert counted(await health(who, path)) == LIVE_AT_HILL | SANDBOX_AT_HILL
    assert counted(await health(who, path, environment="live")) == LIVE_AT_HILL
    assert counted(await health(who, path, environment="sandbox")) == SANDBOX_AT_HILL


@pytest.mark.parametrize("who", ["developer", "system_admin"])
async def test_others_see_the_sum_over_all_schools(health, day, who):
    path = f"/games/{day.world.game_id}/event-types"
    of_all = LIVE_AT_HILL | {("live", "LEVEL_UP"): (2, False)}
    assert counted(await health(who, path)) == of_all | SANDBOX_AT_HILL
    assert counted(await health(who, path, environment="live")) == of_all


async def test_totals_and_behaviours_are_told(health, day):
    path = f"/games/{day.world.game_id}/event-types"
    answer = (await health("teacher", path, environment="sandbox")).json()
    assert (answer["total"], answer["mapped"], answer["unmapped"]) == (5, 3, 2)
    assert answer["mapping_version"] == 0
    first, second, _ = answer["event_types"]
    assert (first["event_type"], second["event_type"]) == ("LEVEL_UP", "task_start")
    assert second["behaviours"] == ["task_start"]
    assert second["last_received_at"] == "2026-03-02T12:01:05Z"


async def test_each_environment_is_read_through_its_own_mapping(health, day, database):
    world = day.world
    rule = '{"behaviours": ["task_complete"]}'
    async with database.transaction() as db:
        for version, name in ((1, "OTHER"), (2, "LEVEL_UP")):
            await insert(
                db,
                "game_mappings",
                game_id=world.game_id,
                version=version,
                mapping=f'{{"events": {{"{name}": {rule}}}}}',
                created_at=now(),
            )
        await db.connection()
    path = f"/games/{world.game_id}/event-types"
    await world.rows(
        "update school_games set mapping_version = 1 where school_id = :id returning 1",
        id=world.school_id,
    )
    both = await health("teacher", path)
    assert both.json()["mapping_version"] == 1
    assert counted(both)["live", "LEVEL_UP"] == (1, False)
    assert counted(both)["sandbox", "LEVEL_UP"] == (2, True)
    assert (await health("teacher", path, environment="sandbox")).json()["mapping_version"] == 2
    assert counted(await health("developer", path))["live", "LEVEL_UP"] == (2, True)


async def test_school_sees_its_refusals_of_the_last_thirty_days(health, day):
    found = (await health("teacher", f"/games/{day.world.game_id}/data-health")).json()
    assert found["last_event_at"] == {
        "live": "2026-03-02T12:02:05Z",
        "sandbox": "2026-03-02T12:02:05Z",
    }
    assert [
        (one["environment"], one["code"], one["count"], one["detail"])
        for one in found["rejections"]
    ] == [
        ("live", "invalid", 2, "`timestamp` has no offset."),
        ("sandbox", "conflict", 3, "Another event has this id."),
    ]


async def test_developer_sees_refusals_of_all_schools_added_up(health, day):
    found = (await health("developer", f"/games/{day.world.game_id}/data-health")).json()
    first, second = found["rejections"]
    assert (first["environment"], first["code"], first["count"]) == ("live", "invalid", 7)
    assert first["detail"] == "`data` is no object."  # the latest one's
    assert second["code"] == "conflict"
    assert str(day.world.school_id) not in str(found)


async def test_game_that_never_sent_has_nothing_to_show(health, day):
    path = f"/games/{day.world.other_game_id}"
    types = (await health("teacher", f"{path}/event-types")).json()
    assert (types["total"], types["event_types"]) == (0, [])
    found = (await health("teacher", f"{path}/data-health")).json()
    assert found["last_event_at"] == {"live": None, "sandbox": None}
    assert found["rejections"] == []


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("teacher", ["Tiles", "Waves"]),
        ("colleague", ["Tiles", "Waves"]),
        ("school_admin", ["Tiles", "Waves"]),
        ("lake_teacher", ["Waves"]),
        ("lake_admin", ["Waves"]),
        ("developer", ["Waves"]),
        ("tiles_developer", ["Tiles"]),
        ("system_admin", ["Tiles", "Unused", "Waves"]),
    ],
)
async def test_games_listed_are_those_in_sight(health, day, database, who, names):
    world = day.world
    await world.rows(
        "delete from school_games where school_id = :school and game_id = :game returning 1",
        school=world.other_school_id,
        game=world.other_game_id,
    )
    async with database.transaction() as db:
        await insert(db, "games", id=uuid4(), name="Unused", allowed_origins=[], created_at=now())
    answer = await health(who, "/games")
    assert answer.status_code == 200
    assert [game["name"] for game in answer.json()["items"]] == names
    assert answer.json()["next_cursor"] is None


async def test_games_list_tells_only_of_the_callers_own_school(health, day, database):
    world = day.world
    async with database.transaction() as db:
        await insert(
            db, "game_mappings", game_id=world.game_id, version=1, mapping="{}", created_at=now()
        )
        await insert(
            db, "game_mappings", game_id=world.game_id, version=2, mapping="{}", created_at=now()
        )
        await day.plays(
            db, world.foreign_student, school_id=world.other_school_id, at=NOON + timedelta(days=1)
        )
    await world.rows(
        "update school_games set mapping_version = 1 where school_id = :id returning 1",
        id=world.school_id,
    )
    for who, in_force, last_at in (
        ("teacher", 1, "2026-03-02T12:02:05Z"),
        ("lake_admin", 2, "2026-03-03T12:02:05Z"),
        ("developer", 2, "2026-03-03T12:02:05Z"),
        ("system_admin", 2, "2026-03-03T12:02:05Z"),
    ):
        waves = (await health(who, "/games")).json()["items"][-1]
        assert waves == {
            "id": str(world.game_id),
            "name": "Waves",
            "mapping_version": in_force,
            "latest_mapping_version": 2,
            "last_event_at": last_at,
        }, who


@pytest.mark.parametrize(
    ("who", "status"),
    [("nobody", 401), ("expired", 401), ("forged", 401), ("ada", 403), ("write_key", 403)],
)
async def test_games_are_not_listed_for_strangers(health, who, status):
    assert (await health(who, "/games")).status_code == status


@pytest.mark.parametrize("what", ["event-types", "data-health"])
async def test_games_out_of_sight_are_unknown(health, day, what):
    for who, game_id in (
        ("developer", day.world.other_game_id),
        ("tiles_developer", day.world.game_id),
        ("teacher", uuid4()),
        ("system_admin", uuid4()),
    ):
        assert (await health(who, f"/games/{game_id}/{what}")).status_code == 404
    for who, status in (("nobody", 401), ("expired", 401), ("ada", 403), ("write_key", 403)):
        found = await health(who, f"/games/{day.world.game_id}/{what}")
        assert found.status_code == status


async def test_made_up_environment_is_refused(health, day):
    path = f"/games/{day.world.game_id}/event-types"
    assert (await health("teacher", path, environment="staging")).status_code == 422
