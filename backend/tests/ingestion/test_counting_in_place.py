"""Counting a group's events changes the row of their session and no index."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest

from learntrace.accounts.callers import GameCaller
from learntrace.ingestion import statements as sql
from learntrace.ingestion.storing import COPIED_FROM, store_group
from learntrace.ingestion.submissions import Submission
from learntrace.ingestion.times import EARLIEST

from ..world import World
from .test_new_sessions import caller
from .test_writer import incoming

__all__ = ["caller"]  # a fixture

RECEIVED_AT = datetime(2026, 3, 2, 8, 15, tzinfo=UTC)
TABLES = ("students", "game_sessions", "events")
IN_TRANSACTION = """
    select pg_stat_get_xact_tuples_updated('game_sessions'::regclass),
           pg_stat_get_xact_tuples_hot_updated('game_sessions'::regclass)
"""


@pytest.mark.parametrize(
    ("after", "in_place"),
    [(timedelta(seconds=1), True), (timedelta(minutes=4), True), (timedelta(minutes=5), False)],
)
@pytest.mark.parametrize("each", [1, COPIED_FROM])
async def test_session_is_changed_where_it_stands(
    world: World,
    caller: GameCaller,
    database_url: str,
    after: timedelta,
    in_place: bool,
    each: int,
) -> None:
    """Once in five minutes an index learns when it was last heard of."""
    game_session_id = uuid4()

    def sent(received_at: datetime) -> Submission:
        told = {"game_session_id": game_session_id, "timestamp": received_at}
        events = [incoming(world, **told, corrected_at=received_at) for _ in range(each)]
        return Submission(caller, received_at, len(events), events, [])

    connection = await asyncpg.connect(database_url)
    try:
        await store_group(connection, [sent(RECEIVED_AT)], EARLIEST)
        async with connection.transaction():
            await store_group(connection, [sent(RECEIVED_AT + after)], EARLIEST)
            changed = await connection.fetchrow(IN_TRANSACTION)
    finally:
        await connection.close()
    assert tuple(changed) == (1, 1 if in_place else 0)


async def test_look_ups_go_by_keys_in_young_tables(
    world: World, caller: GameCaller, database_url: str
) -> None:
    """As after an installation: the plan that a connection keeps was made without statistics."""
    connection = await asyncpg.connect(database_url)
    try:
        sent = Submission(caller, RECEIVED_AT, 1, [incoming(world)], [])
        await store_group(connection, [sent], EARLIEST)
        await connection.execute("set plan_cache_mode = force_generic_plan")
        await connection.execute(f"prepare look as {sql.LOOK}")
        nothing = ", ".join(["'{}'"] * 5)
        plan = await connection.fetchval(f"explain (format json) execute look ({nothing})")
    finally:
        await connection.close()
    used = set(re.findall(r'"Index Name": "(\w+)"', plan))
    assert {f"{table}_pkey" for table in TABLES} == {
        name for name in used if name.startswith(TABLES)
    }
    scanned = set(re.findall(r'"Node Type": "Seq Scan"[^}]*?"Relation Name": "(\w+)"', plan))
    assert not scanned & set(TABLES)
