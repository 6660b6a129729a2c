"""The writer's SQL. `$1` and `$2` are parallel arrays of school ids and ids unless said."""

from collections.abc import Sequence

import msgspec

from learntrace.accounts.credentials import STANDING_SQL
from learntrace.ingestion.verdicts import Rejected

STANDING_CREDENTIALS = STANDING_SQL

LOCK_STUDENTS = """
    select s.school_id, s.id
    from students s join unnest($1::uuid[], $2::uuid[]) w(school_id, id) using (school_id, id)
    order by s.school_id, s.id
    for key share of s
"""

# $3 pupil codes, $4 the name of the class for test play.
ENROL_PSEUDONYMS = """
    with test_class as (
        select c.school_id, c.id,
               (select count(*) from enrolments e
                where e.school_id = c.school_id and e.class_id = c.id) as enrolled
        from classes c where c.name = $4 and c.school_id = any($1::uuid[])
    ), pseudonyms as (
        insert into students (school_id, id, display_name, pupil_code, created_at)
        select w.school_id, w.id,
               'Player ' || coalesce(t.enrolled, 0)
                   + row_number() over (partition by w.school_id order by w.id),
               w.pupil_code, now()
        from unnest($1::uuid[], $2::uuid[], $3::text[]) w(school_id, id, pupil_code)
        left join test_class t on t.school_id = w.school_id
        order by w.school_id, w.id
        on conflict do nothing
        returning school_id, id
    )
    insert into enrolments (school_id, class_id, student_id, started_at)
    select p.school_id, t.id, p.id, now()
    from pseudonyms p join test_class t on t.school_id = p.school_id
"""

SESSION_OWNERS = """
    select g.school_id, g.id, g.student_id, g.game_id
    from game_sessions g
    join unnest($1::uuid[], $2::uuid[]) w(school_id, id) using (school_id, id)
"""

# $3 student ids, $4 game ids, $5 instants of receipt.
OPEN_SESSIONS = """
    insert into game_sessions (school_id, id, student_id, game_id, last_received_at)
    select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[])
    on conflict do nothing
    returning school_id, id
"""

INSERT_EVENTS = """
    insert into events (
        school_id, event_id, game_session_id, student_id, game_id, timestamp, received_at,
        corrected_at, sequence, content_hash, event_type, mission_id, game_version, data
    )
    select * from unnest(
        $1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::timestamptz[],
        $7::timestamptz[], $8::timestamptz[], $9::bigint[], $10::bigint[], $11::text[],
        $12::text[], $13::text[], $14::json[]
    )
    on conflict do nothing
    returning school_id, event_id
"""

STORED_HASHES = """
    select e.school_id, e.event_id, e.content_hash from events e
    join unnest($1::uuid[], $2::uuid[]) w(school_id, event_id) using (school_id, event_id)
"""

STORED_EVENTS = """
    select e.* from events e
    join unnest($1::uuid[], $2::uuid[]) w(school_id, event_id) using (school_id, event_id)
"""

LOCK_SESSIONS = """
    select 1 from game_sessions g
    join unnest($1::uuid[], $2::uuid[]) w(school_id, id) using (school_id, id)
    order by g.school_id, g.id
    for no key update of g
"""

# $3 counts, $4 earliest and $5 latest corrected times, $6 latest receipts.
COUNT_SESSIONS = """
    update game_sessions g
    set event_count = g.event_count + w.count,
        started_at = least(g.started_at, w.started_at),
        ended_at = greatest(g.ended_at, w.ended_at),
        last_received_at = greatest(g.last_received_at, w.received_at)
    from unnest(
        $1::uuid[], $2::uuid[], $3::int[], $4::timestamptz[], $5::timestamptz[],
        $6::timestamptz[]
    ) w(school_id, id, count, started_at, ended_at, received_at)
    where g.school_id = w.school_id and g.id = w.id
"""

# One batch: sums what was accepted over sends, takes the rest from the last.
RECORD_BATCH = """
    insert into telemetry_batches as b (
        school_id, batch_id, owner, client_version, received_at, attempts,
        received_count, accepted, duplicates, rejected
    )
    values ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9::jsonb)
    on conflict (school_id, batch_id) do update
    set client_version = excluded.client_version,
        received_at = excluded.received_at,
        attempts = b.attempts + 1,
        received_count = excluded.received_count,
        accepted = b.accepted + excluded.accepted,
        duplicates = excluded.duplicates,
        rejected = excluded.rejected
    where b.owner = excluded.owner
"""

# One code of one game on the UTC day of $3.
RECORD_REJECTIONS = """
    insert into rejections as r (school_id, game_id, day, code, count, detail, last_at)
    values ($1, $2, ($3::timestamptz at time zone 'UTC')::date, $4, $5, $6, $3)
    on conflict (school_id, game_id, day, code) do update
    set count = r.count + excluded.count, detail = excluded.detail, last_at = excluded.last_at
"""

FIND_BATCH = """
    select batch_id, received_at, attempts, received_count, accepted, duplicates, rejected
    from telemetry_batches
    where school_id = :school_id and batch_id = :batch_id and owner = :owner
"""


def rejections_json(rejected: Sequence[Rejected]) -> str:
    """The verdicts as the JSON array that the status shows."""
    return msgspec.json.encode([as_json(one) for one in rejected]).decode()


def as_json(rejected: Rejected) -> dict[str, object]:
    """A verdict as every answer shows it."""
    return {
        "index": rejected.index,
        "event_id": rejected.event_id,
        "code": str(rejected.code),
        "retryable": rejected.retryable,
        "detail": rejected.detail,
    }
