"""Meetings with clients: noted, listed, sorted, changed, and what was said in them."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.transcription_sessions.given import add_transcription_session
from tests.world import insert

from .conftest import Ask, Made, SchoolDay

DAY = "2026-03-02"
ADDRESSES = ("/coaching-sessions", "/coaching-sessions/")


@pytest.mark.parametrize("address", ADDRESSES)
async def test_what_is_noted_is_read_again(
    ask: Ask, make: Made, noor: dict[str, Any], address: str
) -> None:
    told = {"session_date": DAY, "duration_min": 45, "notes": "Fractions. 🎲"}
    fee = {"fee_amount": 120, "fee_currency": "CHF"}
    made = await make(address, client_id=noor["id"], **told, **fee)
    brief = {name: noor[name] for name in ("id", "name", "is_anonymized", "student_id")}
    empty = {"transcription_session": None, "observations": []}
    expected = told | fee | empty | {"client": brief, "coach": noor["coach"]}
    assert {name: made[name] for name in expected} == expected
    assert (await ask("teacher", "GET", f"/coaching-sessions/{made['id']}")).json() == made
    for listed in ADDRESSES:
        page = (await ask("teacher", "GET", listed)).json()
        del made["observations"]
        assert page == {
            "items": [made],
            "total": 1,
            "page": 1,
            "page_size": 20,
            "total_pages": 1,
        }
        made["observations"] = []


async def test_what_nobody_said_is_empty(make: Made, noor: dict[str, Any]) -> None:
    made = await make("/coaching-sessions/", client_id=noor["id"], session_date=DAY)
    assert (made["duration_min"], made["notes"]) == (None, "")
    assert (made["fee_amount"], made["fee_currency"]) == (0, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"session_date": "2026-02-30"},
        {"session_date": None},
        {"duration_min": -1},
        {"duration_min": 1441},
        {"notes": "a\0"},
        {"notes": "x" * 10_001},
        {"notes": None},
        {"fee_amount": -1},
        {"fee_currency": "francs"},
        {"client_id": None},
        {"coach_id": str(uuid4())},
    ],
)
async def test_what_cannot_be_is_refused(
    ask: Ask, make: Made, noor: dict[str, Any], wrong: dict[str, Any]
) -> None:
    good = {"client_id": noor["id"], "session_date": DAY}
    made = await make("/coaching-sessions", **good)
    assert (await ask("teacher", "POST", "/coaching-sessions", good | wrong)).status_code == 422
    path = f"/coaching-sessions/{made['id']}"
    assert (await ask("teacher", "PATCH", path, wrong)).status_code == 422
    assert (await ask("teacher", "GET", path)).json() == made


async def test_unknown_ids_are_named_as_such(ask: Ask, noor: dict[str, Any]) -> None:
    path = f"/coaching-sessions/{uuid4()}"
    for method, address in (
        ("GET", path),
        ("PATCH", path),
        ("DELETE", path),
        ("POST", f"{path}/observations"),
        ("DELETE", f"{path}/observations/{uuid4()}"),
    ):
        body = {"skill": "empathy", "level": 1} if method == "POST" else {}
        answer = await ask("teacher", method, address, body)
        assert (answer.status_code, answer.json()["detail"]) == (404, "Coaching session not found")
    told = {"client_id": str(uuid4()), "session_date": DAY}
    answer = await ask("teacher", "POST", "/coaching-sessions", told)
    assert (answer.status_code, answer.json()["detail"]) == (404, "Client not found")
    told = {"client_id": noor["id"], "transcription_session_id": str(uuid4())}
    answer = await ask("teacher", "POST", "/coaching-sessions", told | {"session_date": DAY})
    assert (answer.status_code, answer.json()["detail"]) == (404, "Session not found")


@pytest.fixture
async def march(make: Made, ada: dict[str, Any], noor: dict[str, Any]) -> None:
    """Five meetings, the first noted first; of one it is not known how long it was."""
    for day, minutes, client in (
        (4, 30, ada),
        (1, 60, noor),
        (3, None, ada),
        (2, 45, noor),
        (5, 15, ada),
    ):
        await make(
            "/coaching-sessions",
            client_id=client["id"],
            session_date=f"2026-03-0{day}",
            duration_min=minutes,
        )


@pytest.mark.usefixtures("march")
@pytest.mark.parametrize(
    ("sort", "days"),
    [
        (None, [5, 4, 3, 2, 1]),
        ("-session_date", [5, 4, 3, 2, 1]),
        ("session_date", [1, 2, 3, 4, 5]),
        ("duration_min", [5, 4, 2, 1, 3]),
        ("-duration_min", [1, 2, 4, 5, 3]),
        ("created_at", [4, 1, 3, 2, 5]),
        ("-created_at", [5, 2, 3, 1, 4]),
    ],
)
async def test_meetings_are_sorted(ask: Ask, sort: str | None, days: list[int]) -> None:
    query = {"sort": sort} if sort else {}
    listed = [
        (await ask("teacher", "GET", "/coaching-sessions/", page=page, page_size=2, **query)).json()
        for page in (1, 2, 3)
    ]
    found = [int(one["session_date"][-1]) for page in listed for one in page["items"]]
    assert found == days
    assert {(page["total"], page["total_pages"]) for page in listed} == {(5, 3)}


@pytest.mark.usefixtures("march")
async def test_meetings_of_some_days_and_of_one_client(ask: Ask, ada: dict[str, Any]) -> None:
    async def days(**query: str) -> list[int]:
        page = (await ask("teacher", "GET", "/coaching-sessions/", None, **query)).json()
        assert page["total"] == len(page["items"])
        return [int(one["session_date"][-1]) for one in page["items"]]

    assert await days(**{"from": "2026-03-02", "to": "2026-03-04"}) == [4, 3, 2]
    assert await days(**{"from": "2026-03-05"}) == [5]
    assert await days(to="2026-03-01") == [1]
    assert await days(client_id=ada["id"]) == [5, 4, 3]
    assert await days(client_id=ada["id"], to="2026-03-03") == [3]
    assert await days(client_id=str(uuid4())) == []


@pytest.mark.parametrize(
    "query",
    [
        {"from": "2026-03-02", "to": "2026-03-01"},
        {"from": "yesterday"},
        {"sort": "notes"},
        {"page": "0"},
        {"page_size": "51"},
        {"client_id": "x"},
    ],
)
async def test_a_list_that_cannot_be_is_refused(ask: Ask, query: dict[str, str]) -> None:
    assert (await ask("teacher", "GET", "/coaching-sessions/", None, **query)).status_code == 422


async def test_meetings_are_seen_with_their_clients(
    ask: Ask, make: Made, ada: dict[str, Any], noor: dict[str, Any]
) -> None:
    made = [
        await make("/coaching-sessions", client_id=one["id"], session_date=DAY)
        for one in (ada, noor)
    ]
    for one in made:
        path = f"/coaching-sessions/{one['id']}"
        for who in ("colleague", "former_teacher", "lake_teacher", "lake_admin"):
            for method, body in (("GET", None), ("PATCH", {"notes": ""}), ("DELETE", None)):
                assert (await ask(who, method, path, body)).status_code == 404
            assert (await ask(who, "GET", "/coaching-sessions/")).json()["total"] == 0
        assert (await ask("school_admin", "GET", path)).json() == one
    assert (await ask("school_admin", "GET", "/coaching-sessions/")).json()["total"] == 2
    told = {"client_id": ada["id"], "session_date": DAY}
    assert (await ask("colleague", "POST", "/coaching-sessions/", told)).status_code == 404
    by_admin = await make("/coaching-sessions/", who="school_admin", **told)
    assert by_admin["coach"]["name"] == "school_admin"
    found = (await ask("teacher", "GET", f"/coaching-sessions/{by_admin['id']}")).json()
    assert found == by_admin


async def test_what_is_left_out_stays(ask: Ask, make: Made, noor: dict[str, Any]) -> None:
    told = {"client_id": noor["id"], "session_date": DAY, "duration_min": 45, "notes": "Old."}
    made = await make("/coaching-sessions", **told)
    path = f"/coaching-sessions/{made['id']}"
    for change in ({}, {"notes": "New."}, {"duration_min": None}, {"session_date": "2026-03-03"}):
        changed = (await ask("teacher", "PATCH", path, change)).json()
        assert changed == made | change | {"updated_at": changed["updated_at"]}
        made = changed
    assert (await ask("teacher", "GET", path)).json() == made


async def test_a_meeting_can_turn_out_to_be_with_another_client(
    ask: Ask, make: Made, ada: dict[str, Any], noor: dict[str, Any]
) -> None:
    made = await make("/coaching-sessions", client_id=noor["id"], session_date=DAY)
    path = f"/coaching-sessions/{made['id']}"
    moved = (await ask("teacher", "PATCH", path, {"client_id": ada["id"]})).json()
    assert moved["client"]["name"] == "Ada"
    refused = await ask("teacher", "PATCH", path, {"client_id": str(uuid4())})
    assert refused.status_code == 404


async def spoken(day: SchoolDay, who: str, student_id: UUID | None = None, **more: Any) -> str:
    async with day.world.database.transaction() as db:
        school_id, owner_id = day.world.school_id, day.users[who]
        made = await add_transcription_session(
            db, school_id, owner_id, student_id=student_id, **more
        )
    return str(made)


async def test_a_transcription_session_is_told_as_it_stands_now(
    ask: Ask, make: Made, day: SchoolDay, ada: dict[str, Any]
) -> None:
    spoken_id = await spoken(day, "teacher", day.ada, status="pending")
    told = {"client_id": ada["id"], "session_date": DAY, "transcription_session_id": spoken_id}
    made = await make("/coaching-sessions", **told)

    async def summaries() -> list[Any]:
        one = (await ask("teacher", "GET", f"/coaching-sessions/{made['id']}")).json()
        page = (await ask("teacher", "GET", "/coaching-sessions/")).json()
        return [one["transcription_session"], page["items"][0]["transcription_session"]]

    brief = {"id": spoken_id, "title": "Fractions", "segments_count": 0}
    for status in ("uploading", "pending", "processing", "completed", "failed", "cancelled"):
        await day.world.rows(f"update transcription_sessions set status = '{status}' returning 1")
        assert await summaries() == [brief | {"status": status}] * 2
    async with day.world.database.transaction() as db:
        for position in range(3):
            await insert(
                db,
                "transcript_segments",
                school_id=day.world.school_id,
                id=uuid4(),
                transcription_session_id=UUID(spoken_id),
                position=position,
                start_s=position,
                end_s=position + 1,
                content="Yes.",
            )
    assert [one["segments_count"] for one in await summaries()] == [3, 3]
    await day.world.rows("delete from transcription_sessions returning 1")
    assert await summaries() == [None, None]


async def test_what_was_said_is_about_the_client_and_the_coachs_own(
    ask: Ask, make: Made, day: SchoolDay, ada: dict[str, Any], noor: dict[str, Any]
) -> None:
    about_ada = await spoken(day, "teacher", day.ada)
    about_ben = await spoken(day, "teacher", day.ben)
    about_none = await spoken(day, "teacher")
    colleagues = await spoken(day, "colleague", day.ada)
    for client, own, others in (
        (ada, about_ada, {about_ben: 422, about_none: 422, colleagues: 404}),
        (noor, about_none, {about_ada: 422, about_ben: 422, colleagues: 404}),
    ):
        told = {"client_id": client["id"], "session_date": DAY}
        made = await make("/coaching-sessions", **told)
        path = f"/coaching-sessions/{made['id']}"
        for other, expected in others.items():
            link = {"transcription_session_id": other}
            for method, address, body in (
                ("POST", "/coaching-sessions", told | link),
                ("PATCH", path, link),
            ):
                assert (await ask("teacher", method, address, body)).status_code == expected
        link = {"transcription_session_id": own}
        linked = (await ask("teacher", "PATCH", path, link)).json()
        assert linked["transcription_session"]["id"] == own
        # It stays with its student.
        moved_to = noor if client is ada else ada
        moved = await ask("teacher", "PATCH", path, {"client_id": moved_to["id"]})
        assert moved.status_code == 422
        unlinked = await ask("teacher", "PATCH", path, {"transcription_session_id": None})
        assert unlinked.json()["transcription_session"] is None
