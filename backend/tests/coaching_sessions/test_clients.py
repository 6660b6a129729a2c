"""Who is coached: by name or a student, seen by whom, and anonymized once."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from tests.transcription_sessions.given import add_transcription_session

from .conftest import ADA_MET, Ask, Made, SchoolDay

EVERY_TABLE = ("coaching_clients", "coaching_sessions", "coaching_observations")
OTHERS = ("tester", "colleague", "former_teacher", "lake_teacher", "lake_admin")


async def test_a_client_is_a_name_or_a_student(
    ask: Ask, day: SchoolDay, ada: dict[str, Any], noor: dict[str, Any]
) -> None:
    assert (ada["name"], ada["student_id"]) == ("Ada", str(day.ada))
    assert (noor["name"], noor["student_id"]) == ("Noor B.", None)
    for one in (ada, noor):
        assert (one["is_anonymized"], one["coach"]["name"]) == (False, "teacher")
        assert (await ask("teacher", "GET", f"/clients/{one['id']}")).json() == one
    listed = (await ask("teacher", "GET", "/clients")).json()
    assert listed == {
        "items": [ada, noor],
        "total": 2,
        "page": 1,
        "page_size": 20,
        "total_pages": 1,
    }
    # The name of a student stands in one place: the roster.
    assert await day.world.rows("select name from coaching_clients where name = 'Ada'") == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "Ada", "student_id": str(uuid4())},
        {"name": " "},
        {"name": "a\0"},
        {"name": "x" * 201},
        {"name": "Ada", "owner_id": str(uuid4())},
    ],
)
async def test_neither_both_nor_more_is_taken(ask: Ask, body: dict[str, Any]) -> None:
    assert (await ask("teacher", "POST", "/clients", body)).status_code == 422


async def test_pages_are_counted(ask: Ask, make: Made) -> None:
    names = ["Ann", "Bea", "Cem", "Dea", "Eva"]
    for name in reversed(names):
        await make("/clients", name=name)
    pages = [
        (await ask("teacher", "GET", "/clients", page=page, page_size=2)).json()
        for page in range(1, 5)
    ]
    assert [[one["name"] for one in page["items"]] for page in pages] == [
        ["Ann", "Bea"],
        ["Cem", "Dea"],
        ["Eva"],
        [],
    ]
    assert {(page["total"], page["total_pages"]) for page in pages} == {(5, 3)}
    assert (await ask("teacher", "GET", "/clients", page_size=51)).status_code == 422


async def test_others_find_neither(
    ask: Ask, day: SchoolDay, ada: dict[str, Any], noor: dict[str, Any]
) -> None:
    for one in (ada, noor):
        path = f"/clients/{one['id']}"
        for who in OTHERS:
            for method, address in (
                ("GET", path),
                ("PATCH", path),
                ("DELETE", path),
                ("POST", f"{path}/anonymize"),
            ):
                body = {"name": "Nora"} if method == "PATCH" else None
                answer = await ask(who, method, address, body)
                assert answer.status_code == 404, (who, method)
                assert answer.json()["detail"] == "Client not found"
            assert (await ask(who, "GET", "/clients")).json()["total"] == 0
        assert (await ask("school_admin", "GET", path)).json() == one
        for who, expected in (("system_admin", 403), ("developer", 403), ("nobody", 401)):
            assert (await ask(who, "GET", path)).status_code == expected
    assert (await ask("school_admin", "GET", "/clients")).json()["total"] == 2
    assert (await ask("teacher", "GET", f"/clients/{uuid4()}")).status_code == 404


async def test_a_student_out_of_sight_is_no_client(ask: Ask, day: SchoolDay) -> None:
    for who, student_id in (
        ("colleague", day.ada),
        ("teacher", day.world.foreign_student),
        ("teacher", uuid4()),
    ):
        answer = await ask(who, "POST", "/clients", {"student_id": str(student_id)})
        assert answer.status_code == 404


async def test_who_sees_the_student_no_more_sees_the_client_no_more(
    ask: Ask, make: Made, day: SchoolDay, ada: dict[str, Any], noor: dict[str, Any]
) -> None:
    meeting = await make("/coaching-sessions", client_id=ada["id"], **ADA_MET)
    await day.world.rows("update teachings set ended_at = now() returning 1")
    assert (await ask("teacher", "GET", f"/clients/{ada['id']}")).status_code == 404
    path = f"/coaching-sessions/{meeting['id']}"
    assert (await ask("teacher", "GET", path)).status_code == 404
    assert (await ask("teacher", "GET", "/coaching-sessions/")).json()["total"] == 0
    assert (await ask("teacher", "GET", "/clients")).json()["items"] == [noor]
    assert (await ask("school_admin", "GET", path)).json() == meeting


async def test_a_player_of_the_sandbox_is_a_client_there(ask: Ask, day: SchoolDay) -> None:
    told = {"student_id": str(day.tess)}
    client = (await ask("tester", "POST", "/clients", told)).json()
    assert client["name"] == "Tess"
    assert await day.world.one("select school_id from coaching_clients") == day.world.sandbox_id
    assert (await ask("school_admin", "GET", f"/clients/{client['id']}")).json() == client


async def test_only_who_is_no_student_is_renamed(
    ask: Ask, ada: dict[str, Any], noor: dict[str, Any]
) -> None:
    renamed = (await ask("teacher", "PATCH", f"/clients/{noor['id']}", {"name": "Nora"})).json()
    assert renamed == noor | {"name": "Nora", "updated_at": renamed["updated_at"]}
    refused = await ask("teacher", "PATCH", f"/clients/{ada['id']}", {"name": "Nora"})
    assert refused.status_code == 409


async def test_a_client_goes_only_without_meetings(
    ask: Ask, make: Made, ada: dict[str, Any], noor: dict[str, Any]
) -> None:
    meeting = await make("/coaching-sessions", client_id=noor["id"], **ADA_MET)
    path = f"/clients/{noor['id']}"
    assert (await ask("teacher", "DELETE", path)).status_code == 409
    await ask("teacher", "DELETE", f"/coaching-sessions/{meeting['id']}")
    for expected in (204, 404):
        assert (await ask("teacher", "DELETE", path)).status_code == expected
    assert (await ask("teacher", "GET", "/clients")).json()["items"] == [ada]


async def test_anonymized_once_the_name_is_gone_for_good(
    ask: Ask, make: Made, day: SchoolDay, ada: dict[str, Any]
) -> None:
    async with day.world.database.transaction() as db:
        spoken = await add_transcription_session(
            db, day.world.school_id, day.users["teacher"], student_id=day.ada, title="Ada"
        )
    told = ADA_MET | {"client_id": ada["id"], "transcription_session_id": str(spoken)}
    meeting = await make("/coaching-sessions", **told)
    path = f"/coaching-sessions/{meeting['id']}"
    await make(f"{path}/observations", skill="empathy", level=4, text="Ada asked Ben.")
    nobody = await ask("teacher", "POST", f"/clients/{ada['id']}/anonymize")
    assert nobody.status_code == 200
    found = nobody.json()
    assert (found["name"], found["student_id"], found["is_anonymized"]) == (None, None, True)
    left = (await ask("teacher", "GET", path)).json()
    assert left["notes"] == "[client] is [client]; Adam is not. [client]'s plan worked."
    assert (left["transcription_session"], left["observations"]) == (None, [])
    for table in EVERY_TABLE:
        for row in await day.world.rows(f"select to_jsonb(t)::text from {table} t"):
            for trace in ("Ada ", '"Ada"', str(day.ada), str(spoken)):
                assert trace not in row[0], (table, trace)
    # What is the student's stays the student's.
    ratings = (await ask("teacher", "GET", f"/students/{day.ada}/ratings")).json()
    assert [one["level"] for one in ratings["items"]] == [4]
    about = "select student_id from transcription_sessions"
    assert await day.world.one(about) == day.ada


async def test_an_anonymized_client_is_read_only(
    ask: Ask, make: Made, ada: dict[str, Any], noor: dict[str, Any]
) -> None:
    meeting = await make("/coaching-sessions", client_id=noor["id"], **ADA_MET)
    client, met = f"/clients/{noor['id']}", f"/coaching-sessions/{meeting['id']}"
    await ask("teacher", "POST", f"{client}/anonymize")
    before = (await ask("teacher", "GET", client)).json()
    seen = {"skill": "empathy", "level": 1}
    for method, path, body in (
        ("POST", f"{client}/anonymize", None),
        ("PATCH", client, {"name": "Noor"}),
        ("DELETE", client, None),
        ("POST", "/coaching-sessions/", ADA_MET | {"client_id": noor["id"]}),
        ("PATCH", met, {"client_id": ada["id"]}),
        ("POST", f"{met}/observations", seen),
    ):
        assert (await ask("teacher", method, path, body)).status_code == 409, (method, path)
    assert (await ask("teacher", "GET", client)).json() == before
    # What else tells who it was can be taken out of the notes.
    cleaned = await ask("teacher", "PATCH", met, {"notes": "Fractions."})
    assert cleaned.json()["notes"] == "Fractions."
    assert (await ask("teacher", "DELETE", met)).status_code == 204


async def test_of_two_who_anonymize_at_once_one_is_told_that_it_is_done(
    ask: Ask, noor: dict[str, Any]
) -> None:
    path = f"/clients/{noor['id']}/anonymize"
    answers = await asyncio.gather(*(ask("teacher", "POST", path) for _ in range(4)))
    assert sorted(one.status_code for one in answers) == [200, 409, 409, 409]


async def test_the_log_says_of_whom_it_was(ask: Ask, make: Made, day: SchoolDay, ada: Any) -> None:
    await ask("teacher", "POST", f"/clients/{ada['id']}/anonymize")
    entries = (await ask("school_admin", "GET", "/schools/audit")).json()["items"]
    acts = {one["action"] for one in entries if one["students"]}
    assert {"POST /clients", "POST /clients/{client_id}/anonymize"} <= acts
