"""Who may ask and for what: one student's things in each of several places, and the callers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts.secrets import (
    LIVE_KEY,
    PLAYER_TOKEN,
    REFRESH_TOKEN,
    RESET_TOKEN,
    new_token,
    token_hash,
)
from learntrace.learning_sessions import assignments
from learntrace.learning_sessions.assignments import Task
from learntrace.learning_sessions.kinds import Assigned
from tests.classroom.conftest import SchoolDay
from tests.coaching_sessions.given import add_client, add_meeting, add_observation
from tests.learning_sessions.given import add_content, add_reviewing
from tests.transcription_sessions.given import (
    add_audio_consent,
    add_audio_file,
    add_segment,
    add_transcription_session,
)
from tests.world import add_signed_in, add_student, bearer, insert, now

PUPILS_GAME = "pupil's game"


@dataclass(frozen=True)
class Place:
    """One student's things: what the `{names}` of paths and bodies stand for there.

    `tenant` is the school or sandbox that they lie in; `None` for a game alone. `by_caller` are
    things that belong to one of the callers, by the caller's name.
    """

    tenant: UUID | None
    ids: Mapping[str, str]
    by_caller: dict[str, dict[str, str]] = field(default_factory=dict)

    def names(self, caller: str) -> dict[str, str]:
        return dict(self.ids) | self.by_caller.get(caller, {})


@dataclass(frozen=True)
class Caller:
    """Who asks, with what is the caller's `own`, and with what is `foreign`, by what it is.

    Each of `credentials` has to be answered alike. `own_games` and `foreign_games` are meant where
    a route is about a game alone. `tenants` are where the caller may leave something.
    """

    name: str
    credentials: tuple[Mapping[str, str], ...]
    own: tuple[Place, ...]
    foreign: Mapping[str, Place]
    own_games: tuple[Place, ...]
    foreign_games: Mapping[str, Place]
    tenants: frozenset[UUID]


async def settle(
    day: SchoolDay,
    db: AsyncSession,
    class_name: str,
    *,
    school_id: UUID,
    class_id: UUID,
    game_id: UUID,
    student_id: UUID | None = None,
) -> Place:
    """A student in a class, or one who is there already, with a session of a game and a batch."""
    name, code = f"Pupil {uuid4().hex[:8]}", uuid4().hex[:12].upper()
    if student_id is None:
        student_id = uuid4()
        await add_student(db, school_id, student_id, name, code)
        await day.enrolled(db, school_id, class_id, student_id)
        await add_audio_consent(db, school_id, student_id)
    game_session_id = await day.plays(db, student_id, school_id=school_id, game_id=game_id)
    class_code = await db.scalar(text("select code from classes where id = :id"), {"id": class_id})
    sandbox = await db.scalar(
        text("select sandbox_of is not null from schools where id = :id"), {"id": school_id}
    )
    ids = {
        "student_id": student_id,
        "class_id": class_id,
        "game_id": game_id,
        "game_session_id": game_session_id,
        "session_id": game_session_id,
        "batch_id": await _batch(db, school_id, f"game:{game_id}"),
        "student_name": name,
        "pupil_code": code,
        "class_code": class_code,
        "class_name": class_name,
        "sandbox": str(sandbox).lower(),
    }
    sent = await _batch(db, school_id, f"student:{student_id}")
    by_caller = {PUPILS_GAME: {"batch_id": sent}}
    for caller, user in (("teacher", "teacher"), ("school admin", "school_admin")):
        by_caller[caller] = await _written(db, school_id, student_id, day.users[user])
    ids |= await add_reviewing(db, school_id, student_id, day.users["teacher"])
    ids |= await _staff_and_key(db, school_id, game_id, sandbox=sandbox)
    named = {key: str(value) for key, value in ids.items()}
    return Place(school_id, by_caller["teacher"] | named, by_caller)


async def _staff_and_key(
    db: AsyncSession, school_id: UUID, game_id: UUID, *, sandbox: bool
) -> dict[str, UUID]:
    """Somebody who signs in at the school, who is there to be changed, and a write key."""
    user_id, _ = await add_signed_in(db, f"staff {uuid4().hex}", "teacher", school_id)
    key_id = uuid4()
    await insert(
        db,
        "write_keys",
        id=key_id,
        school_id=school_id,
        game_id=game_id,
        environment="sandbox" if sandbox else "live",
        name="test",
        secret_hash=uuid4().bytes,
        created_at=now(),
    )
    return {"user_id": user_id, "key_id": key_id}


async def _written(
    db: AsyncSession, school_id: UUID, student_id: UUID, user_id: UUID
) -> dict[str, str]:
    """A note, a rating, a request to amend, a client and a meeting of a student by somebody."""
    note_id = uuid4()
    about = {"school_id": school_id, "student_id": student_id, "created_at": now()}
    await insert(db, "notes", **about, id=note_id, author_id=user_id, text="Helped.")
    amendment_id = uuid4()
    asked = {"about": "note", "text": "It was Ben.", "asked_by": "mother", "noted_by": user_id}
    await insert(db, "amendment_requests", **about, id=amendment_id, **asked)
    transcription_session_id = await add_transcription_session(
        db, school_id, user_id, student_id=student_id
    )
    await add_audio_file(db, school_id, transcription_session_id)
    client_id = await add_client(db, school_id, user_id, student_id=student_id)
    met_id = await add_client(db, school_id, user_id, student_id=student_id)
    meeting_id = await add_meeting(db, school_id, user_id, met_id)
    rating_id = await add_observation(db, school_id, user_id, meeting_id, student_id)
    segment_id = await add_segment(db, school_id, transcription_session_id)
    content_id = await add_content(db, school_id, user_id)
    task = Task(Assigned.CONTENT, content_id, None, None)
    await assignments.add(db, school_id, [student_id], task, by=user_id)
    ids = {
        "note_id": note_id,
        "rating_id": rating_id,
        "amendment_id": amendment_id,
        "client_id": client_id,
        "coaching_session_id": meeting_id,
        "transcription_session_id": transcription_session_id,
        "segment_id": segment_id,
        "content_id": content_id,
    }
    return {name: str(one) for name, one in ids.items()}


async def _batch(db: AsyncSession, school_id: UUID, owner: str) -> str:
    """A batch that `owner` sent, as the writer notes it; its id."""
    batch_id = uuid4()
    await insert(
        db,
        "telemetry_batches",
        school_id=school_id,
        batch_id=batch_id,
        owner=owner,
        client_version="1",
        received_at=now(),
        attempts=1,
        received_count=0,
        accepted=0,
        duplicates=0,
        rejected="[]",
    )
    return str(batch_id)


async def player_token(db: AsyncSession, place: Place, **changes: Any) -> str:
    token = new_token(PLAYER_TOKEN)
    own = {
        "token_hash": token_hash(token),
        "school_id": place.tenant,
        "student_id": UUID(place.ids["student_id"]),
        "game_id": UUID(place.ids["game_id"]),
        "created_at": now(),
        "expires_at": now() + timedelta(hours=1),
    }
    await insert(db, "player_tokens", **own | changes)
    return token


async def write_key(db: AsyncSession, place: Place, **changes: Any) -> str:
    key = new_token(LIVE_KEY)
    own = {
        "id": uuid4(),
        "school_id": place.tenant,
        "game_id": UUID(place.ids["game_id"]),
        "environment": "live",
        "name": "gone",
        "secret_hash": token_hash(key),
        "created_at": now(),
    }
    await insert(db, "write_keys", **own | changes)
    return key


async def reset_link(db: AsyncSession, place: Place) -> str:
    token = new_token(RESET_TOKEN)
    user_id, _ = await add_signed_in(db, "forgetful", "teacher", place.tenant)
    own = {"user_id": user_id, "token_hash": token_hash(token)}
    await insert(db, "password_resets", **own, expires_at=now() + timedelta(hours=1))
    return token


async def strangers(db: AsyncSession, place: Place) -> tuple[Mapping[str, str], ...]:
    """Nothing, and what is no longer or never was a credential."""
    past = now() - timedelta(seconds=1)
    dead = [
        await player_token(db, place, revoked_at=past),
        await write_key(db, place, expires_at=past),
        (await add_signed_in(db, "stranger", "school_admin", place.tenant, lives_s=-1))[1],
        new_token(REFRESH_TOKEN),
        new_token(RESET_TOKEN),
    ]
    return ({}, *(bearer(token) for token in dead))
