"""The writer's SQL. Parameters are parallel arrays, one for each column, unless said."""

from collections.abc import Iterable, Sequence

import msgspec

from learntrace.accounts.credentials import STANDING_SQL
from learntrace.ingestion.verdicts import Rejected
from learntrace.privacy.policies import PLAY_REQUIRED_SQL

# A plan for any parameters, kept: planning would cost as much as all the rest of a small group.
BEGIN = "begin; set local plan_cache_mode = force_generic_plan"

# All that judging a group asks of the database, at once. $1 credential hashes, $2 school ids; for
# each school `uuids` of students ($3; in order), game sessions ($4) and events ($5). The first
# column says what a row is of; the last is an event's hash, and 1 for a student who may play.
# Students are locked one after the other, so that none is erased, and no consent revoked, before
# the group is stored: who takes them `for update` waits for it, and is waited for. `offset 0` and
# the lock keep the planner from reading a whole table where it believes, on a young or growing one,
# that it is small.
CREDENTIAL, STUDENT, GAME_SESSION, EVENT = range(4)
LOOK = f"""
    with credentials as ({STANDING_SQL}),
    wanted as (
        select w.*, {PLAY_REQUIRED_SQL} as play_required
        from unnest($2::uuid[], $3::text[], $4::text[], $5::text[])
            w(school_id, students, sessions, events)
    ),
    own_students as (
        select s.*, w.play_required
        from wanted w cross join unnest(w.students::uuid[]) own_id
        cross join lateral (
            select s.school_id, s.id, s.play_consent from students s
            where s.school_id = w.school_id and s.id = own_id
            for key share
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

# Opens the sessions that are not there and counts what all of them gain; then records the batches.
# It answers how many sessions were opened or counted: one that meanwhile became another student's
# is not among them. Of a batch it sums what was accepted over sends and takes the rest from the
# last. $1 to $8 are of the sessions, in order of their ids; $9 to $17 are of the batches, likewise.
COUNT_AND_RECORD = """
    with counted as (
        insert into game_sessions as g (
            school_id, id, student_id, game_id, event_count, started_at, ended_at, last_received_at
        )
        select * from unnest(
            $1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::int[], $6::timestamptz[],
            $7::timestamptz[], $8::timestamptz[]
        )
        on conflict (school_id, id) do update
        set event_count = g.event_count + excluded.event_count,
            started_at = least(g.started_at, excluded.started_at),
            ended_at = greatest(g.ended_at, excluded.ended_at),
            last_received_at = greatest(g.last_received_at, excluded.last_received_at)
        where g.student_id = excluded.student_id and g.game_id = excluded.game_id
        returning 1
    ), recorded as (
        insert into telemetry_batches as b (
            school_id, batch_id, owner, client_version, received_at, received_count, accepted,
            duplicates, rejected, attempts
        )
        select w.*, 1 from unnest(
            $9::uuid[], $10::uuid[], $11::text[], $12::text[], $13::timestamptz[], $14::int[],
            $15::int[], $16::int[], $17::jsonb[]
        ) w
        on conflict (school_id, batch_id) do update
        set client_version = excluded.client_version,
            received_at = excluded.received_at,
            attempts = b.attempts + 1,
            received_count = excluded.received_count,
            accepted = b.accepted + excluded.accepted,
            duplicates = excluded.duplicates,
            rejected = excluded.rejected
        where b.owner = excluded.owner
    )
    select count(*) from counted
"""

# What an event's row holds, as it is copied in.
EVENT_COLUMNS = (
    "school_id",
    "event_id",
    "game_session_id",
    "student_id",
    "game_id",
    "timestamp",
    "received_at",
    "corrected_at",
    "sequence",
    "content_hash",
    "event_type",
    "mission_id",
    "game_version",
    "data",
)

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
