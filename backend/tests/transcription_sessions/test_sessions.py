"""Who may make transcription sessions, and who has which."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from learntrace.transcription_sessions.states import Status, progress_percentage
from tests.classroom.conftest import SchoolDay
from tests.skills.conftest import Ask

from .given import add_audio_consent, add_transcription_session

TOLD = {
    *("id", "title", "status", "language", "stt_provider", "student_id", "student_name"),
    *("audio_filename", "duration_seconds", "duration_minutes", "segments_count"),
    *(
        "progress_percentage",
        "error_message",
        "checked_at",
        "has_audio",
        "created_at",
        "updated_at",
    ),
}


def reading(student_id: UUID | None = None) -> dict[str, str]:
    told = {"title": "Reading", "language": "en"}
    return told | ({"student_id": str(student_id)} if student_id else {})


async def consents(day: SchoolDay, student_id: UUID, state: str = "verified") -> None:
    async with day.world.database.transaction() as db:
        await add_audio_consent(db, day.world.school_id, student_id, state)


async def given(day: SchoolDay, owner: str, **changes) -> UUID:
    async with day.world.database.transaction() as db:
        return await add_transcription_session(db, day.world.school_id, day.users[owner], **changes)


async def listed(ask: Ask, who: str, **query) -> list[str]:
    answer = await ask(who, "GET", "/sessions", **query)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["items"]]


async def test_what_was_made_is_there_in_the_next_request(ask: Ask, day: SchoolDay) -> None:
    answer = await ask("teacher", "POST", "/sessions", reading())
    assert answer.status_code == 201
    made = answer.json()
    assert made.keys() == TOLD
    assert (made["status"], made["progress_percentage"]) == ("uploading", 0)
    assert (made["stt_provider"], made["has_audio"]) == ("auto", False)
    assert (made["student_id"], made["student_name"]) == (None, None)
    assert (made["duration_seconds"], made["duration_minutes"]) == (None, None)
    assert (await ask("teacher", "GET", f"/sessions/{made['id']}")).json() == made
    assert (await ask("teacher", "GET", "/sessions")).json() == {"items": [made], "total": 1}


@pytest.mark.parametrize("state", [None, "pending", "revoked"])
async def test_nothing_is_stored_of_a_student_without_consent_to_audio(
    ask: Ask, day: SchoolDay, state: str | None
) -> None:
    if state is not None:
        await consents(day, day.ada, state)
    for who in ("teacher", "school_admin"):
        answer = await ask(who, "POST", "/sessions", reading(day.ada))
        assert (answer.status_code, answer.json()["code"]) == (403, "consent_missing")
    assert await day.world.one("select count(*) from transcription_sessions") == 0


async def test_nobody_consents_for_who_plays_in_a_sandbox(ask: Ask, day: SchoolDay) -> None:
    answer = await ask("school_admin", "POST", "/sessions", reading(day.tess), sandbox=True)
    assert (answer.status_code, answer.json()["code"]) == (403, "consent_missing")


async def test_a_recording_of_a_student_lies_with_the_student(ask: Ask, day: SchoolDay) -> None:
    await consents(day, day.ada)
    made = (await ask("teacher", "POST", "/sessions", reading(day.ada))).json()
    assert (made["student_id"], made["student_name"]) == (str(day.ada), "Ada")
    found = "select school_id, owner_id, student_id from transcription_sessions where id = :id"
    [row] = await day.world.rows(found, id=made["id"])
    assert tuple(row) == (day.world.school_id, day.users["teacher"], day.ada)


async def test_list_and_detail_name_whom_it_is_about(ask: Ask, day: SchoolDay) -> None:
    for student_id in (day.ada, day.ben, day.ada, None):
        await given(day, "teacher", student_id=student_id)
    found = (await ask("teacher", "GET", "/sessions")).json()["items"]
    assert [one["student_name"] for one in found] == [None, "Ada", "Ben", "Ada"]
    assert (await ask("teacher", "GET", f"/sessions/{found[1]['id']}")).json() == found[1]


async def test_unseen_students_are_unknown(ask: Ask, day: SchoolDay) -> None:
    await consents(day, day.ada)
    for who, student_id in (
        ("colleague", day.ada),
        ("teacher", day.world.foreign_student),
        ("teacher", uuid4()),
        ("lake_admin", day.ada),
    ):
        answer = await ask(who, "POST", "/sessions", reading(student_id))
        assert answer.status_code == 404, who


@pytest.mark.parametrize("who", ["system_admin", "developer"])
async def test_only_educators_have_recordings(ask: Ask, day: SchoolDay, who: str) -> None:
    one = await given(day, "teacher")
    for method, path, body in (
        ("POST", "/sessions", reading()),
        ("GET", "/sessions", None),
        ("GET", f"/sessions/{one}", None),
    ):
        assert (await ask(who, method, path, body)).status_code == 403


async def test_a_teacher_has_her_own_an_administrator_the_schools(ask: Ask, day: SchoolDay) -> None:
    one = await given(day, "teacher")
    for who in ("teacher", "school_admin"):
        assert await listed(ask, who) == [str(one)]
    for who in ("colleague", "lake_teacher", "lake_admin"):
        answer = await ask(who, "GET", f"/sessions/{one}")
        assert (answer.status_code, answer.json()["detail"]) == (404, "Session not found")
        assert await listed(ask, who) == []


async def test_unknown_ids_are_answered_like_anothers(ask: Ask, day: SchoolDay) -> None:
    answer = await ask("teacher", "GET", f"/sessions/{uuid4()}")
    assert (answer.status_code, answer.json()["detail"]) == (404, "Session not found")


async def test_a_teacher_loses_it_with_the_student(ask: Ask, day: SchoolDay) -> None:
    one = await given(day, "teacher", student_id=day.ada)
    assert await listed(ask, "teacher") == [str(one)]
    async with day.world.database.transaction() as db:
        await db.execute(text("update enrolments set ended_at = now()"))
    assert (await ask("teacher", "GET", f"/sessions/{one}")).status_code == 404
    assert await listed(ask, "teacher") == []
    assert await listed(ask, "school_admin") == [str(one)]


@pytest.mark.parametrize("status", list(Status))
async def test_each_status_is_the_same_word_in_list_and_detail(
    ask: Ask, day: SchoolDay, status: Status
) -> None:
    one = await given(day, "teacher", status=status, share=0.5)
    await given(day, "teacher", status=next(other for other in Status if other is not status))
    assert await listed(ask, "teacher", status=status) == [str(one)]
    told = (await ask("teacher", "GET", f"/sessions/{one}")).json()
    assert told["status"] == status.value
    assert told["progress_percentage"] == progress_percentage(status, 0.5)


async def test_pages_are_the_last_made_first(ask: Ask, day: SchoolDay) -> None:
    made = [str(await given(day, "teacher")) for _ in range(3)]
    await given(day, "colleague")
    answer = await ask("teacher", "GET", "/sessions", limit=2)
    assert answer.json()["total"] == 3
    first, rest = await listed(ask, "teacher", limit=2), await listed(ask, "teacher", offset=2)
    assert first + rest == made[::-1]


async def test_one_students_are_listed(ask: Ask, day: SchoolDay) -> None:
    await given(day, "teacher", student_id=day.ben)
    one = await given(day, "teacher", student_id=day.ada)
    assert await listed(ask, "teacher", student_id=day.ada) == [str(one)]


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ""},
        {"title": "  "},
        {"title": "x" * 256},
        {"title": "a\0b"},
        {"language": "English, please"},
        {"stt_provider": "../whisper"},
        {"owner_id": "somebody"},
    ],
)
async def test_what_is_not_valid_is_refused(ask: Ask, day: SchoolDay, changes) -> None:
    answer = await ask("teacher", "POST", "/sessions", reading() | changes)
    assert answer.status_code == 422
