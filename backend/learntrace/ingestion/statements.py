"""The writer's SQL. Parameters are parallel arrays, one for each column, unless said."""

from collections.abc import Iterable

from learntrace.accounts.credentials import STANDING_SQL
from learntrace.ingestion.verdicts import Rejected
from learntrace.privacy.policies import PLAY_REQUIRED_SQL

# `(select $2)` hides from the planner how long an array is, so that one plan serves all and is kept
# from the sixth group of a connection on: planning would cost as much as all the rest of a small
# one. `offset 0` keeps the planner from reading a whole table where it believes, on a young or
# growing one, that it is small.

# All that judging a group asks of the database, at once. $1 credential hashes, $2 school ids; for
# each school `uuids` of students ($3), game sessions ($4) and events ($5). The first column says
# what a row is of; the last is an event's hash, and 1 for a student who may play.
CREDENTIAL, STUDENT, GAME_SESSION, EVENT = range(4)
LOOK = f"""
    with credentials as ({STANDING_SQL}),
    wanted as (
        select w.*, {PLAY_REQUIRED_SQL} as play_required
        from unnest(
            (select $2::uuid[]), (select $3::text[]), (select $4::text[]), (select $5::text[])
        ) w(school_id, students, sessions, events)
    ),
    own_students as (
        select s.*, w.play_required
        from wanted w cross join unnest(w.students::uuid[]) own_id
        cross join lateral (
            select s.school_id, s.id, s.play_consent from students s
            where s.school_id = w.school_id and s.id = own_id
            offset 0
        ) s
    )
    select {CREDENTIAL}, null::uuid, null::uuid, null::uuid, null::uuid, secret_hash, null::bigint
    from credentials
    union all
    select {STUDENT}, school_id, id, null, null, null, (play_consent or not play_required)::int
    from own_students
    union all
    select {GAME_SESSION}, w.school_id, own_id, g.student_id, g.game_id, null, null
    from wanted w cross join unnest(w.sessions::uuid[]) own_id
    cross join lateral (
        select g.student_id, g.game_id from game_sessions g
        where g.school_id = w.school_id and g.id = own_id
        offset 0
    ) g
    union all
    select {EVENT}, w.school_id, e.event_id, null, null, null, e.content_hash
    from wanted w
    cross join lateral (
        select e.event_id, e.content_hash from events e
        where e.school_id = w.school_id and e.event_id = any(w.events::uuid[])
        offset 0
    ) e
"""  # noqa: S608 - put together from constants

LOCK_STUDENTS = """
    select s.school_id, s.id from students s
    join unnest($1::uuid[], $2::uuid[]) w(school_id, id) using (school_id, id)
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

STORED_EVENTS = """
    select e.* from unnest($1::uuid[], $2::uuid[]) w(school_id, event_id)
    cross join lateral (
        select * from events e where e.school_id = w.school_id and e.event_id = w.event_id
        offset 0
    ) e
"""

# All that a group writes, at once or not at all; each parameter is a JSON array of objects. It
# answers whether it did: not where one of the students ($1) is gone or, to store events of whom,
# may play no more. Students are locked first, one after the other, so that none is erased, and no
# consent revoked, before the group is stored: who takes them `for update` waits for it, and is
# waited for. Then sessions ($2) are opened and counted; for one that meanwhile became another's the
# `case` yields null, which no session's student can be, and all of it fails. Then batches ($3) are
# recorded; of one it sums what was accepted over sends and takes the rest from the last. Then
# events ($4, by submission) are stored. What is compared with a count that cannot be negative only
# waits for it: each comes after the one before, and all are in order of their ids, so that two
# processes never wait for each other.
STORE = f"""
    with held as materialized (
        select count(*) = json_array_length($1::json) as all_are
        from json_to_recordset($1::json) w(school_id uuid, student_id uuid, plays boolean)
        cross join lateral (
            select s.play_consent from students s
            where s.school_id = w.school_id and s.id = w.student_id
            for key share
        ) s
        where s.play_consent or not w.plays or not {PLAY_REQUIRED_SQL}
    ), counted as (
        insert into game_sessions as g (
            school_id, id, student_id, game_id, event_count, started_at, ended_at, last_received_at
        )
        select w.* from json_to_recordset($2::json) w(
            school_id uuid, id uuid, student_id uuid, game_id uuid, event_count int,
            started_at timestamptz, ended_at timestamptz, last_received_at timestamptz
        )
        where (select all_are from held)
        on conflict (school_id, id) do update
        set student_id = case
                when g.student_id = excluded.student_id and g.game_id = excluded.game_id
                then g.student_id
            end,
            event_count = g.event_count + excluded.event_count,
            started_at = least(g.started_at, excluded.started_at),
            ended_at = greatest(g.ended_at, excluded.ended_at),
            last_received_at = greatest(g.last_received_at, excluded.last_received_at)
        returning 1
    ), recorded as (
        insert into telemetry_batches as b (
            school_id, batch_id, owner, client_version, received_at, received_count, accepted,
            duplicates, rejected, attempts
        )
        select w.*, 1 from json_to_recordset($3::json) w(
            school_id uuid, batch_id uuid, owner text, client_version text,
            received_at timestamptz, received_count int, accepted int, duplicates int,
            rejected jsonb
        )
        where (select all_are from held) and (select count(*) >= 0 from counted)
        on conflict (school_id, batch_id) do update
        set client_version = excluded.client_version,
            received_at = excluded.received_at,
            attempts = b.attempts + 1,
            received_count = excluded.received_count,
            accepted = b.accepted + excluded.accepted,
            duplicates = excluded.duplicates,
            rejected = excluded.rejected
        where b.owner = excluded.owner
        returning 1
    ), stored as (
        insert into events (
            school_id, event_id, game_session_id, student_id, game_id, "timestamp", received_at,
            corrected_at, sequence, content_hash, event_type, mission_id, game_version, data
        )
        select w.school_id, e.event_id, e.game_session_id, e.student_id, w.game_id, e."timestamp",
               w.received_at, e.corrected_at, e.sequence, e.content_hash, e.event_type,
               e.mission_id, e.game_version, e.data_text::json
        from json_to_recordset($4::json) w(
            school_id uuid, game_id uuid, received_at timestamptz, events json
        )
        cross join lateral json_to_recordset(w.events) e(
            event_id uuid, game_session_id uuid, student_id uuid, "timestamp" timestamptz,
            corrected_at timestamptz, sequence bigint, content_hash bigint, event_type text,
            mission_id text, game_version text, data_text text
        )
        where (select all_are from held) and (select count(*) >= 0 from recorded)
        order by w.school_id, e.event_id
    )
    select all_are from held
"""  # noqa: S608 - put together from constants

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


def uuids(numbers: Iterable[int]) -> str:
    """UUIDs, given as numbers, as an array's text: asyncpg encodes arrays at 0.5 us an id."""
    return "{" + ",".join([f"{number:032x}" for number in numbers]) + "}"


def as_json(rejected: Rejected) -> dict[str, object]:
    """A verdict as every answer shows it."""
    return {
        "index": rejected.index,
        "event_id": rejected.event_id,
        "code": str(rejected.code),
        "retryable": rejected.retryable,
        "detail": rejected.detail,
    }
