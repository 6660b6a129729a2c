"""What is stored of a transcript."""

from collections.abc import Iterable
from uuid import UUID

import pytest

from learntrace.kit.db import Database
from learntrace.skills import due
from learntrace.transcription_sessions import segments
from learntrace.transcription_sessions.heard import Heard
from learntrace.transcription_sessions.states import Role

from ..world import World, add_signed_in, now
from .given import add_transcription_session

HELLO = Heard(0.5, 2.0, "Hello.", confidence=0.9, speaker_id="S1", role=Role.TEACHER)
ANSWER = Heard(2.0, 4.25, "I counted twelve.", confidence=0.7, speaker_id="S2", role=Role.STUDENT)


@pytest.fixture
async def recording(world: World) -> UUID:
    """Of Ada, checked by the teacher who made it."""
    async with world.database.transaction() as db:
        teacher, _ = await add_signed_in(db, "tess", "teacher", world.school_id)
        checked = {"checked_at": now(), "checked_by": teacher}
        return await add_transcription_session(
            db, world.school_id, teacher, student_id=world.students[0], **checked
        )


async def store(world: World, recording: UUID, heard: Iterable[Heard]) -> int:
    async with world.database.transaction() as db:
        return await segments.replace(db, world.school_id, recording, heard)


async def read(world: World, recording: UUID) -> list[segments.Segment]:
    async with world.database.transaction() as db:
        return await segments.of_session(db, world.school_id, recording)


async def test_what_is_stored_is_read_in_the_order_in_which_it_was_said(
    world: World, recording: UUID
) -> None:
    assert await store(world, recording, iter([ANSWER, HELLO])) == 2
    first, second = await read(world, recording)
    assert first == segments.Segment(
        0.5, 2.0, "Hello.", confidence=0.9, speaker_id="S1", role=Role.TEACHER, id=first.id
    )
    assert second.text == ANSWER.text


async def test_new_segments_take_the_place_of_the_former(world: World, recording: UUID) -> None:
    await store(world, recording, [HELLO, ANSWER])
    await store(world, recording, [ANSWER])
    assert [one.text for one in await read(world, recording)] == [ANSWER.text]
    assert await store(world, recording, []) == 0
    assert await read(world, recording) == []


async def test_silence_is_no_segment(world: World, recording: UUID) -> None:
    assert await store(world, recording, [Heard(0, 1, " \n"), HELLO]) == 1


async def test_new_segments_are_unchecked_and_make_the_student_due(
    world: World, recording: UUID
) -> None:
    await store(world, recording, [HELLO])
    assert await world.one("select checked_at from transcription_sessions") is None
    assert await world.one("select checked_by from transcription_sessions") is None
    async with world.database.transaction() as db:
        assert await due.find(db, world.school_id, world.students[0]) is not None


async def test_segments_of_another_session_stay(
    database: Database, world: World, recording: UUID
) -> None:
    owner = await world.one("select owner_id from transcription_sessions")
    async with database.transaction() as db:
        other = await add_transcription_session(db, world.school_id, owner)
    await store(world, other, [HELLO])
    await store(world, recording, [ANSWER])
    assert [one.text for one in await read(world, other)] == [HELLO.text]
