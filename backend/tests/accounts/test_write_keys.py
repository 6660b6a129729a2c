"""Write keys: making, rotating, revoking, and when they were last used."""

from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text

from learntrace.accounts import repository, write_keys
from learntrace.accounts.credentials import RememberedCallers, look_up
from learntrace.accounts.secrets import token_hash
from learntrace.kit.clock import now
from learntrace.kit.db import Database
from learntrace.kit.errors import ConflictError, InvalidError, NotFoundError

from ..world import ACT, World, bearer


async def create(
    database: Database, world: World, environment: str = "live", name: str = "server"
) -> write_keys.NewKey:
    async with database.transaction() as db:
        return await write_keys.create_key(
            db,
            ACT,
            school_id=world.school_id,
            game_id=world.game_id,
            environment=environment,
            name=name,
        )


async def stands(database: Database, token: str) -> bool:
    return await look_up(database, RememberedCallers(), token) is not None


async def test_a_school_is_made_with_its_sandbox_and_its_first_key(database: Database) -> None:
    async with database.transaction() as db:
        school = await repository.create_school(db, name="New School", timezone="Asia/Tokyo")
        twin = await repository.find_sandbox(db, school.id)
        assert twin is not None
        assert (twin.name, twin.timezone) == ("New School (sandbox)", "Asia/Tokyo")
        assert await repository.find_sandbox(db, twin.id) is None
        assert [one.id for one in await repository.list_schools(db)] == [school.id]


@pytest.mark.parametrize(
    ("environment", "prefix"), [("live", "lt_live_"), ("sandbox", "lt_sandbox_")]
)
async def test_a_key_writes_to_its_own_tenant(
    database: Database, world: World, environment: str, prefix: str
) -> None:
    async with database.transaction() as db:
        await db.execute(text("delete from school_games"))
    made = await create(database, world, environment)
    assert made.plain.startswith(prefix)
    caller = await look_up(database, RememberedCallers(), made.plain)
    assert caller is not None
    tenant = world.school_id if environment == "live" else world.sandbox_id
    assert (caller.school_id, caller.may_enrol) == (tenant, environment == "sandbox")
    used = await world.rows("select school_id from school_games")
    assert [row.school_id for row in used] == [tenant]
    stored = await world.one("select secret_hash from write_keys where id = :id", id=made.id)
    assert stored == token_hash(made.plain)


async def test_a_key_names_what_exists(database: Database, world: World) -> None:
    for changes, error in (
        ({"school_id": uuid4()}, NotFoundError),
        ({"school_id": world.sandbox_id}, NotFoundError),
        ({"game_id": uuid4()}, NotFoundError),
        ({"environment": "staging"}, InvalidError),
        ({"name": " "}, InvalidError),
        ({"name": "a" * 101}, InvalidError),
        ({"name": "a\x00"}, InvalidError),
    ):
        good = {
            "school_id": world.school_id,
            "game_id": world.game_id,
            "environment": "live",
            "name": "server",
        }
        async with database.transaction() as db:
            with pytest.raises(error):
                await write_keys.create_key(db, ACT, **(good | changes))  # type: ignore[arg-type]


async def test_rotation_overlaps(database: Database, world: World) -> None:
    old = await create(database, world)
    async with database.transaction() as db:
        new = await write_keys.rotate_key(db, ACT, old.id, overlap_h=2)
    assert await stands(database, old.plain)
    assert await stands(database, new.plain)
    ends = await world.one("select expires_at from write_keys where id = :id", id=old.id)
    assert timedelta(minutes=119) < ends - now() < timedelta(minutes=121)
    # Rotating again never prolongs the old key.
    async with database.transaction() as db:
        await write_keys.rotate_key(db, ACT, old.id, overlap_h=100)
    assert await world.one("select expires_at from write_keys where id = :id", id=old.id) == ends


async def test_rotation_without_overlap_ends_the_old_key_at_once(
    database: Database, world: World
) -> None:
    old = await create(database, world)
    async with database.transaction() as db:
        new = await write_keys.rotate_key(db, ACT, old.id, overlap_h=0)
    assert not await stands(database, old.plain)
    assert await stands(database, new.plain)
    async with database.transaction() as db:
        with pytest.raises(ConflictError):
            await write_keys.rotate_key(db, ACT, old.id, overlap_h=1)


@pytest.mark.parametrize("overlap_h", [-1, 24 * 90 + 1, float("nan")])
async def test_overlap_has_a_range(database: Database, world: World, overlap_h: float) -> None:
    old = await create(database, world)
    async with database.transaction() as db:
        with pytest.raises(InvalidError):
            await write_keys.rotate_key(db, ACT, old.id, overlap_h=overlap_h)


async def test_a_revoked_key_stands_no_more(
    api: httpx.AsyncClient, database: Database, world: World
) -> None:
    made = await create(database, world)
    status = f"/api/v1/telemetry/status/{uuid4()}"
    assert await stands(database, made.plain)
    async with database.transaction() as db:
        await write_keys.revoke_key(db, ACT, made.id)
    assert (await api.get(status, headers=bearer(made.plain))).status_code == 401
    revoked = await world.one("select revoked_at from write_keys where id = :id", id=made.id)
    async with database.transaction() as db:
        await write_keys.revoke_key(db, ACT, made.id)
        with pytest.raises(ConflictError):
            await write_keys.rotate_key(db, ACT, made.id, overlap_h=1)
    assert (
        await world.one("select revoked_at from write_keys where id = :id", id=made.id) == revoked
    )


async def test_an_unknown_key_is_not_found(database: Database) -> None:
    async with database.transaction() as db:
        with pytest.raises(NotFoundError):
            await write_keys.revoke_key(db, ACT, uuid4())


async def test_the_list_names_school_game_and_state(database: Database, world: World) -> None:
    async with database.transaction() as db:
        await db.execute(text("delete from write_keys"))
    made = [await create(database, world, name=name) for name in ("a", "b", "c", "d")]
    sandbox = await create(database, world, "sandbox", "e")
    async with database.transaction() as db:
        await write_keys.revoke_key(db, ACT, made[1].id)
        await write_keys.rotate_key(db, ACT, made[2].id, overlap_h=0)
        await write_keys.rotate_key(db, ACT, made[3].id, overlap_h=1)
        listed = await write_keys.list_keys(db)
    states = {one.key.id: one.state(now()) for one in listed}
    assert [states[one.id] for one in made] == ["valid", "revoked", "expired", "expiring"]
    schools: dict[UUID, str] = {one.key.id: one.school for one in listed}
    assert schools[sandbox.id] == "Hill School (sandbox)"
    assert {one.game for one in listed} == {"Waves"}


async def test_last_use_is_stored_at_most_once_a_minute(
    api: httpx.AsyncClient, database: Database, world: World
) -> None:
    key = {"hash": token_hash(world.write_key)}
    used = "select last_used_at from write_keys where secret_hash = :hash"
    assert await world.one(used, **key) is None
    status = f"/api/v1/telemetry/status/{uuid4()}"
    await api.get(status, headers=bearer(world.write_key))
    first = await world.one(used, **key)
    assert abs(first - now()) < timedelta(seconds=30)
    assert await stands(database, world.write_key)
    assert await world.one(used, **key) == first
    async with database.transaction() as db:
        await db.execute(text("update write_keys set last_used_at = now() - interval '2 minutes'"))
    assert await stands(database, world.write_key)
    assert await world.one(used, **key) > first


async def test_a_process_notes_a_key_once_a_minute(database: Database, world: World) -> None:
    remembered = RememberedCallers()
    for _ in range(2):
        await look_up(database, remembered, world.write_key)
        async with database.transaction() as db:
            await db.execute(text("update write_keys set last_used_at = null"))
    await look_up(database, remembered, world.write_key)
    assert await world.one("select max(last_used_at) from write_keys") is None


async def test_noting_the_use_waits_for_nobody(database: Database, world: World) -> None:
    async with database.transaction() as db:
        await db.execute(text("select id from write_keys for update"))
        assert await stands(database, world.write_key)


async def test_a_request_goes_on_where_the_use_cannot_be_stored(
    database: Database, world: World
) -> None:
    async with database.transaction() as db:
        await db.execute(
            text("alter table write_keys add constraint never check (last_used_at is null)")
        )
    assert await stands(database, world.write_key)


async def test_no_more_tokens_are_kept_in_mind_than_fit(
    monkeypatch: pytest.MonkeyPatch, database: Database, world: World
) -> None:
    monkeypatch.setattr("learntrace.accounts.credentials.REMEMBERED_MOST", 1)
    remembered = RememberedCallers()
    for token in (world.write_key, world.sandbox_key):
        assert await look_up(database, remembered, token) is not None
    assert remembered.recall(world.write_key) is None
    assert not remembered.trusts(world.write_key)
    caller = remembered.recall(world.sandbox_key)
    assert caller is not None
    assert remembered.trusts(world.sandbox_key)
    remembered.forget(caller)
    assert remembered.recall(world.sandbox_key) is None


async def test_a_caller_is_remembered_for_a_while_only(
    monkeypatch: pytest.MonkeyPatch, database: Database, world: World
) -> None:
    monkeypatch.setattr("learntrace.accounts.credentials.REMEMBERED_S", -1.0)
    remembered = RememberedCallers()
    assert await look_up(database, remembered, world.write_key) is not None
    assert remembered.recall(world.write_key) is None
    assert remembered.trusts(world.write_key)


@pytest.mark.parametrize("token", ["lt_live_no", "lt_player_no", "lt_access_no", "x"])
async def test_a_forged_credential_is_nobody(database: Database, token: str) -> None:
    assert not await stands(database, token)
