"""Game sessions that were played, put into the tables inside PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from bench.school import School

# So many go on side by side, and their events lie mixed on disk, as those of pupils who play at
# the same time do.
_SIDE_BY_SIDE = 100

_SESSIONS = """
    insert into game_sessions (school_id, id, student_id, game_id, state, started_at, ended_at,
        last_received_at, closed_at, event_count)
    select $1, uuidv7(), ($3::uuid[])[1 + (n - 1) % cardinality($3::uuid[])], $2, 'closed',
        at, at + $5 * interval '3 s', now() - interval '1 min', now() - interval '1 min', $5
    from generate_series(1, $4::int) n,
        lateral (select now() - interval '2 h' - n * $6::float8 * interval '1 s' as at) times
    returning id
"""
# Of 12 events, 11 are a go at a task, with a break in it, and 1 the mapping does not know.
_EVENTS = """
    insert into events (school_id, event_id, game_session_id, student_id, game_id, timestamp,
        received_at, corrected_at, sequence, content_hash, event_type, mission_id, game_version,
        data)
    select g.school_id, uuidv7(), g.id, g.student_id, g.game_id, at, at, at, n, 0,
        (array['task_start', 'attempt', 'failure', 'hint_request', 'retry', 'attempt', 'success',
            'choice', 'pause', 'resume', 'slide_move', 'task_complete'])[1 + n % 12],
        'level_' || n / 12 % 40, '1.4.2',
        ('{"level":' || n / 12 % 40 || ',"amplitude":' || n * 7919 % 20000 / 1000.0
            || ',"wavelength":' || n * 4729 % 40000 / 1000.0 || ',"tries":' || n % 5 || '}')::json
    from generate_series(0, $3::int - 1) n
    cross join game_sessions g
    cross join lateral (select g.started_at + n * interval '3 s' as at) times
    where g.school_id = $1 and g.id = any($2::uuid[])
    order by n
"""


@dataclass(frozen=True, slots=True)
class Played:
    """`sessions` of `events` each, played by `students` in turn, one `apart_s` before the other."""

    students: Sequence[UUID]
    sessions: int
    events: int
    apart_s: float = 0.0


async def fill_in(store: asyncpg.Connection, school: School, played: Played) -> list[UUID]:
    """Closed sessions that nobody has assessed, the latest first; their ids."""
    rows = await store.fetch(
        _SESSIONS,
        school.school_id,
        school.game_id,
        played.students,
        played.sessions,
        played.events,
        played.apart_s,
    )
    ids = [row[0] for row in rows]
    for at in range(0, len(ids), _SIDE_BY_SIDE):
        part = ids[at : at + _SIDE_BY_SIDE]
        await store.execute(_EVENTS, school.school_id, part, played.events)
    await store.execute("vacuum analyze game_sessions")
    await store.execute("vacuum analyze events")
    return ids
