"""What was said in a meeting, uploaded there: a transcription session like any other."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from tests.transcription_sessions.given import add_audio_consent

from .conftest import Ask, Made, SchoolDay

CAPTIONS = (
    "WEBVTT\n\n00:01.000 --> 00:02.500\n<v Ada>Twelve.\n\n00:03.000 --> 00:04.000\n<v T>Yes.\n"
)
ROLES = '{"Ada": "student", "T": "teacher"}'
Upload = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
def upload(api: httpx.AsyncClient, day: SchoolDay) -> Upload:
    """Send captions to a meeting, as the teacher unless said otherwise: the answer."""

    async def send(
        meeting_id: str, who: str = "teacher", content: str = CAPTIONS, **form: str
    ) -> httpx.Response:
        path = f"/api/v1/coaching-sessions/{meeting_id}/transcript"
        files = {"file": ("talk.vtt", content)}
        return await api.post(path, files=files, data=form, headers=day.headers(who))

    return send


@pytest.fixture
async def met(make: Made, day: SchoolDay, ada: dict[str, Any]) -> str:
    """The id of a meeting with Ada, of whom there is consent to audio."""
    async with day.world.database.transaction() as db:
        await add_audio_consent(db, day.world.school_id, day.ada)
    made = await make("/coaching-sessions", client_id=ada["id"], session_date="2026-03-02")
    meeting_id: str = made["id"]
    return meeting_id


async def test_what_is_answered_is_there_and_in_the_meeting(
    ask: Ask, upload: Upload, day: SchoolDay, met: str
) -> None:
    answer = await upload(met, roles=ROLES, checked="true")
    assert answer.status_code == 201, answer.text
    made = answer.json()
    expected = {
        "status": "completed",
        "title": "Meeting of 2026-03-02",
        "language": "en",
        "student_id": str(day.ada),
        "segments_count": 2,
    }
    assert {name: made[name] for name in expected} == expected
    assert made["checked_at"]
    assert (await ask("teacher", "GET", f"/sessions/{made['id']}")).json() == made
    said = (await ask("teacher", "GET", f"/sessions/{made['id']}/segments")).json()["segments"]
    assert [(one["role"], one["content"]) for one in said] == [
        ("student", "Twelve."),
        ("teacher", "Yes."),
    ]
    brief = {name: made[name] for name in ("id", "status", "title", "segments_count")}
    meeting = (await ask("teacher", "GET", f"/coaching-sessions/{met}")).json()
    assert meeting["transcription_session"] == brief


async def test_title_and_language_are_ones_own_choice(upload: Upload, met: str) -> None:
    made = (await upload(met, title="Zwölf", language="de-CH")).json()
    assert (made["title"], made["language"], made["checked_at"]) == ("Zwölf", "de-CH", None)


async def test_a_second_one_is_refused(ask: Ask, upload: Upload, met: str) -> None:
    made = (await upload(met)).json()
    assert (await upload(met)).status_code == 409
    listed = (await ask("teacher", "GET", "/sessions")).json()["items"]
    assert [one["id"] for one in listed] == [made["id"]]


async def test_without_consent_to_audio_nothing_is_stored(
    ask: Ask, upload: Upload, day: SchoolDay, met: str
) -> None:
    await day.world.rows("update consents set state = 'revoked' returning 1")
    answer = await upload(met)
    assert (answer.status_code, answer.json()["code"]) == (403, "consent_missing")
    assert await day.world.one("select count(*) from transcription_sessions") == 0
    meeting = (await ask("teacher", "GET", f"/coaching-sessions/{met}")).json()
    assert meeting["transcription_session"] is None


@pytest.mark.parametrize(
    ("content", "form"),
    [
        ("no captions", {}),
        (CAPTIONS, {"roles": "{"}),
        (CAPTIONS, {"roles": '{"Ben": "student"}'}),
        (CAPTIONS, {"language": "German"}),
        (CAPTIONS, {"title": " "}),
        (CAPTIONS, {"title": "x" * 256}),
    ],
)
async def test_what_cannot_be_read_stores_nothing(
    upload: Upload, day: SchoolDay, met: str, content: str, form: dict[str, str]
) -> None:
    assert (await upload(met, content=content, **form)).status_code == 422
    assert await day.world.one("select count(*) from transcription_sessions") == 0


async def test_others_upload_nothing(upload: Upload, met: str) -> None:
    for who, expected in (("colleague", 404), ("lake_admin", 404), ("developer", 403)):
        assert (await upload(met, who)).status_code == expected
    assert (await upload(met, "school_admin")).status_code == 201


async def test_of_who_is_no_student_nobody_has_to_consent(
    ask: Ask, upload: Upload, make: Made, noor: dict[str, Any]
) -> None:
    made = await make("/coaching-sessions", client_id=noor["id"], session_date="2026-03-02")
    spoken = (await upload(made["id"])).json()
    assert spoken["student_id"] is None
    await ask("teacher", "POST", f"/clients/{noor['id']}/anonymize")
    assert (await upload(made["id"])).status_code == 409


async def test_erased_with_the_student(ask: Ask, upload: Upload, day: SchoolDay, met: str) -> None:
    await upload(met)
    erased = await ask("school_admin", "POST", f"/students/{day.ada}/erasure", {"confirm": "Ada"})
    assert erased.status_code == 200
    for table in ("coaching_sessions", "transcription_sessions", "transcript_segments"):
        assert await day.world.one(f"select count(*) from {table}") == 0
