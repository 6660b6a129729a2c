"""Filling the table of events inside PostgreSQL, as years of play would have filled it.

Rows come in the order of time, a thousand of one school at once and in the order of their ids, with
all indexes in place; so table and indexes lie as the server's own writes would have left them. Only
the log is spared: pages are not logged whole while filling.
"""

import time
from collections.abc import Callable, Sequence

import asyncpg

from bench.bodies import TYPES
from bench.school import STUDENTS, School

_BATCH = 1000
_BATCHES_OF_SITTING = 5
_AT_ONCE = 50  # students of one school who play
_OF_SITTING = _BATCH * _BATCHES_OF_SITTING // _AT_ONCE
# Before all that is posted, which happened a day ago or later.
_ENDED_AGO_MS = 2 * 24 * 3600 * 1000

_PUPILS = """
    insert into pupils
    select w.number - 1, w.school_id, w.game_id, s.id,
           row_number() over (partition by w.school_id order by s.id) - 1
    from unnest($1::uuid[], $2::uuid[]) with ordinality w(school_id, game_id, number)
    join students s using (school_id)
"""
_ID = {
    4: "gen_random_uuid()",
    7: "(lpad(to_hex(ms), 12, '0') || '7' || substr(gen_random_uuid()::text, 16))::uuid",
}


def _step(new_id: str) -> str:
    """Insert a sitting of some students of each school.

    $1 its start, ms; $2 its number; $3 names of events; $4 how many schools there are. An event is
    a millisecond after the one before, over all schools.
    """
    return f"""
        with sittings as materialized (
            select p.*, slot, {new_id} as id
            from (select *, $1::bigint as ms from pupils) p
            join generate_series(0, {_AT_ONCE - 1}) slot
                on p.number = ($2::bigint * {_AT_ONCE} + slot) % {STUDENTS}
        ), opened as (
            insert into game_sessions (
                school_id, id, student_id, game_id, state, started_at, ended_at, last_received_at,
                closed_at, event_count, assessed_event_count, assessed_basis
            )
            select school_id, id, student_id, game_id, 'closed', at, at, at, at,
                   {_OF_SITTING}, {_OF_SITTING}, 'bench'
            from (select *, to_timestamp(ms / 1000.0) as at from sittings) s
            order by school_id, id
        ), moments as materialized (
            select school_id, id as game_session_id, student_id, game_id, school_number, part,
                   ms + (part * $4::bigint + school_number) * {_BATCH}
                       + number_in_part * {_AT_ONCE} + slot as ms
            from sittings
            cross join generate_series(0, {_BATCHES_OF_SITTING - 1}) part
            cross join generate_series(0, {_BATCH // _AT_ONCE - 1}) number_in_part
        )
        insert into events (
            school_id, event_id, game_session_id, student_id, game_id, "timestamp", received_at,
            corrected_at, sequence, content_hash, event_type, mission_id, game_version, data
        )
        select school_id, {new_id} as event_id, game_session_id, student_id, game_id, at,
               at + interval '2 s', at, ms % 100000, (random() * 9e18)::bigint,
               ($3::text[])[1 + ms % {len(TYPES)}], 'level_' || ms % 40, '1.4.2',
               json_build_object(
                   'level', ms % 40, 'amplitude', random() * 20,
                   'wavelength', random() * 40, 'tries', ms % 5
               )
        from (select *, to_timestamp(ms / 1000.0) as at from moments) m
        order by part, school_number, event_id
    """  # noqa: S608 - put together from constants


async def fill(
    store: asyncpg.Connection,
    schools: Sequence[School],
    *,
    rows: int,
    id_version: int,
    progress: Callable[[int], None],
) -> int:
    """Insert `rows` events, rounded up to whole sittings, by a superuser; how many they are.

    `progress` is told how many are in.
    """
    await store.execute("alter system set full_page_writes = off")
    await store.execute("select pg_reload_conf()")
    await store.execute(
        "create temp table pupils "
        "(school_number bigint, school_id uuid, game_id uuid, student_id uuid, number bigint)"
    )
    ids = [school.school_id for school in schools], [school.game_id for school in schools]
    await store.execute(_PUPILS, *ids)
    await store.execute("analyze pupils")
    at_once = _BATCH * _BATCHES_OF_SITTING * len(schools)
    steps = -(-rows // at_once)
    started_ms = int(time.time() * 1000) - _ENDED_AGO_MS - steps * at_once
    step = await store.prepare(_step(_ID[id_version]))
    for number in range(steps):
        await step.fetch(started_ms + number * at_once, number, TYPES, len(schools))
        progress((number + 1) * at_once)
    await store.execute("alter system reset full_page_writes")
    await store.execute("select pg_reload_conf()")
    await store.execute("vacuum (analyze) events, game_sessions")
    await store.execute("checkpoint")
    return steps * at_once
