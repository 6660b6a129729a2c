"""How students' consents stand, and how they came to."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import String, Uuid, any_, bindparam, insert, literal, select, text, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.kit.clock import now
from learntrace.kit.errors import NotFoundError
from learntrace.privacy.kinds import Kind, State
from learntrace.privacy.models import Consent, ConsentChange

MOST_NOTE = 500
Place = tuple[datetime, UUID]
"""Where a change stands among those of a student: when it was made, id."""

# `for update`, because the writer holds `for key share` on the students whose events it stores: the
# weaker lock that the update alone takes would not wait for it, nor have it wait.
_LOCK = text(
    "select id from students where school_id = :school_id and id = any(:ids) order by id for update"
).bindparams(bindparam("school_id", type_=Uuid), bindparam("ids", type_=ARRAY(Uuid)))
_NOTE_PLAY = text(
    "update students set play_consent = :verified where school_id = :school_id and id = any(:ids)"
).bindparams(bindparam("school_id", type_=Uuid), bindparam("ids", type_=ARRAY(Uuid)))
_OF_SCHOOL = """
    from students s cross join unnest(:kinds) of_kind
    left join consents c
        on c.school_id = s.school_id and c.student_id = s.id and c.kind = of_kind
    where s.school_id = :school_id and s.left_at is null
"""
_COUNTS = text(
    f"""
    select of_kind, coalesce(c.state, :pending) as state, count(*) as students {_OF_SCHOOL}
    group by 1, 2
    """
).bindparams(
    bindparam("school_id", type_=Uuid),
    bindparam("kinds", value=list(Kind), type_=ARRAY(String)),
    bindparam("pending", value=State.PENDING, type_=String),
)
_IN_STATE = text(
    f"select s.id {_OF_SCHOOL} and coalesce(c.state, :pending) = :state order by s.id"
).bindparams(
    bindparam("school_id", type_=Uuid),
    bindparam("kinds", type_=ARRAY(String)),
    bindparam("pending", value=State.PENDING, type_=String),
    bindparam("state", type_=String),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How one kind of consent stands; `changed_at` is `None` where nothing was ever said."""

    state: State
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Change:
    """One change; `changed_by` is `None` for the command line."""

    id: UUID
    kind: Kind
    from_state: State
    to_state: State
    note: str | None
    changed_by: UUID | None
    changed_at: datetime


async def put(
    db: AsyncSession,
    school_id: UUID,
    student_ids: Collection[UUID],
    kind: Kind,
    state: State,
    *,
    user_id: UUID | None,
    note: str | None = None,
) -> int:
    """Note how one kind of consent stands for all of these students; of how many that is new.

    To say the same again without a note changes nothing. Raises `NotFoundError`, naming whom the
    tenant does not have, and then nothing is to be committed. It waits for events of theirs that
    are being stored; from its commit on none is stored but by the new state.
    """
    ids = sorted(set(student_ids))
    found = set(await db.scalars(_LOCK, {"school_id": school_id, "ids": ids}))
    if missing := [one for one in ids if one not in found]:
        raise NotFoundError(
            "The school does not have some of these students. Nothing was stored.",
            members={"student_ids": [str(one) for one in missing]},
        )
    before = await _states(db, school_id, ids, kind)
    said = [one for one in ids if note or before[one] is not state]
    if not said:
        return 0
    await _store(db, school_id, {one: before[one] for one in said}, kind, state, user_id, note)
    if kind is Kind.PLAY:
        verified = state is State.VERIFIED
        await db.execute(_NOTE_PLAY, {"school_id": school_id, "ids": said, "verified": verified})
    return len(said)


async def _states(
    db: AsyncSession, school_id: UUID, student_ids: Collection[UUID], kind: Kind
) -> dict[UUID, State]:
    query = select(Consent.student_id, Consent.state).where(
        Consent.school_id == school_id,
        Consent.student_id == any_(literal(list(student_ids), ARRAY(Uuid))),
        Consent.kind == kind,
    )
    known = {row.student_id: State(row.state) for row in await db.execute(query)}
    return {one: known.get(one, State.PENDING) for one in student_ids}


async def _store(
    db: AsyncSession,
    school_id: UUID,
    before: dict[UUID, State],
    kind: Kind,
    state: State,
    user_id: UUID | None,
    note: str | None,
) -> None:
    """Store how it stands now and what it was `before`."""
    at = now()
    statement = upsert(Consent)
    statement = statement.on_conflict_do_update(
        index_elements=["school_id", "student_id", "kind"],
        set_={"state": statement.excluded.state, "changed_at": statement.excluded.changed_at},
    )
    own = {"school_id": school_id, "kind": kind, "changed_at": at}
    await db.execute(statement, [own | {"student_id": one, "state": state} for one in before])
    changes = [
        own
        | {
            "id": uuid4(),
            "student_id": student_id,
            "from_state": from_state,
            "to_state": state,
            "note": note,
            "changed_by": user_id,
        }
        for student_id, from_state in before.items()
    ]
    await db.execute(insert(ConsentChange), changes)


async def of_student(db: AsyncSession, school_id: UUID, student_id: UUID) -> dict[Kind, Standing]:
    """How every kind of consent stands for a student."""
    return (await of_students(db, school_id, [student_id]))[student_id]


async def of_students(
    db: AsyncSession, school_id: UUID, student_ids: Collection[UUID]
) -> dict[UUID, dict[Kind, Standing]]:
    """How every kind of consent stands for each of these students of one tenant."""
    query = select(Consent.student_id, Consent.kind, Consent.state, Consent.changed_at).where(
        Consent.school_id == school_id, Consent.student_id.in_(student_ids)
    )
    found = {one: dict.fromkeys(Kind, Standing(State.PENDING, None)) for one in student_ids}
    for row in await db.execute(query):
        found[row.student_id][Kind(row.kind)] = Standing(State(row.state), row.changed_at)
    return found


async def history(
    db: AsyncSession, school_id: UUID, student_id: UUID, *, before: Place | None, limit: int
) -> list[Change]:
    """What was said of a student's consents, newest first, `limit` of those before `before`."""
    query = (
        select(ConsentChange)
        .where(ConsentChange.school_id == school_id, ConsentChange.student_id == student_id)
        .order_by(ConsentChange.changed_at.desc(), ConsentChange.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(tuple_(ConsentChange.changed_at, ConsentChange.id) < before)
    return [
        Change(
            id=row.id,
            kind=Kind(row.kind),
            from_state=State(row.from_state),
            to_state=State(row.to_state),
            note=row.note,
            changed_by=row.changed_by,
            changed_at=row.changed_at,
        )
        for row in await db.scalars(query)
    ]


async def said(db: AsyncSession, school_id: UUID, kind: Kind) -> dict[UUID, State]:
    """By student, how this consent stands where anything was ever said of it."""
    query = select(Consent.student_id, Consent.state).where(
        Consent.school_id == school_id, Consent.kind == kind
    )
    return {row.student_id: State(row.state) for row in await db.execute(query)}


async def counts(db: AsyncSession, school_id: UUID) -> dict[Kind, dict[State, int]]:
    """For how many of the tenant's students each consent stands how; who left is not counted."""
    found = {kind: dict.fromkeys(State, 0) for kind in Kind}
    for kind, state, students in await db.execute(_COUNTS, {"school_id": school_id}):
        found[Kind(kind)][State(state)] = students
    return found


async def students_in(db: AsyncSession, school_id: UUID, kind: Kind, state: State) -> list[UUID]:
    """The tenant's students for whom this consent stands so, by id; without those who left."""
    keys = {"school_id": school_id, "kinds": [kind], "state": state}
    return list(await db.scalars(_IN_STATE, keys))
