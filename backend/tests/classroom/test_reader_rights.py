"""What the role that reads may not do: read a secret, change play, change another school."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from learntrace.accounts.narrowing import narrow
from learntrace.accounts.tenants import (
    every_tenant,
    tenants_of_school,
)

LETS_IN = ("access_tokens", "password_resets", "sign_ins", "write_keys")
NOT_FOR_PEOPLE = (
    *("events", "game_sessions", "session_features", "session_answers"),
    *("telemetry_batches", "rejections", "schools", "games", "users", *LETS_IN),
)


async def test_reader_reads_no_secret(day, database):
    columns = text(
        """
        select table_name, column_name from information_schema.column_privileges
        where grantee = 'learntrace_reader' and privilege_type = 'SELECT'
        """
    )
    async with database.transaction() as db:
        readable = {tuple(row) for row in await db.execute(columns)}
    assert ("students", "display_name") in readable
    assert ("users", "display_name") in readable
    secret = ("password", "secret", "hash", "token", "username")
    told = {one for one in readable if any(word in one[1] for word in secret)}
    assert told <= {("events", "content_hash")}
    assert not {table for table, _ in readable} & set(LETS_IN)
    for query in ("select password_hash from users", "select token_hash from player_tokens"):
        async with database.transaction() as db:
            await narrow(db, every_tenant())
            with pytest.raises(ProgrammingError, match="permission denied"):
                await db.execute(text(query))


async def test_reader_changes_no_play_and_nothing_that_lets_in(database):
    rights = text("select has_table_privilege('learntrace_reader', :name, :right)")
    any_column = text("select has_any_column_privilege('learntrace_reader', :name, 'update')")
    async with database.transaction() as db:
        for name in NOT_FOR_PEOPLE:
            for right in ("insert", "update", "delete", "truncate"):
                assert not await db.scalar(rights, {"name": name, "right": right}), (name, right)
            assert not await db.scalar(any_column, {"name": name}), name


async def test_reader_changes_nothing_of_another_school(day, database):
    lake, finn = day.world.other_school_id, day.world.foreign_student
    keys = {"lake": lake, "finn": finn, "by": day.users["teacher"]}
    async with database.transaction() as db:
        await narrow(db, tenants_of_school(day.world.school_id))
        changed = await db.execute(text("update students set extra_time = true"))
        assert changed.rowcount == 4
        with pytest.raises(ProgrammingError, match="row-level security"):
            await db.execute(
                text("insert into notes values (:lake, gen_random_uuid(), :finn, :by, 'x', now())"),
                keys,
            )
        await db.rollback()
    async with database.transaction() as db:
        assert not await db.scalar(
            text("select extra_time from students where id = :finn"), {"finn": finn}
        )
