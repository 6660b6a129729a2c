"""A student's whole record over HTTP: who may have it, and have it erased."""

import io
import json
from zipfile import ZipFile

import httpx
import pytest

from ..classroom.conftest import SchoolDay, day
from ..skills.conftest import Ask, ask
from ..world import bearer
from .searching import found_in_database, traces_of

__all__ = ["ask", "day"]

NOT_SIGNED_IN = {"expired", "nobody", "forged"}
OTHER_ROLES = {"teacher", "tester", "colleague", "former_teacher", "lake_teacher"} | {
    "system_admin",
    "developer",
    "tiles_developer",
    "ada",
    "ben",
    "write_key",
}


@pytest.mark.parametrize(("method", "what"), [("GET", "export"), ("POST", "erasure")])
async def test_only_the_schools_administrators_may(
    ask: Ask, day: SchoolDay, method: str, what: str
) -> None:
    body = {"confirm": "not the name"} if method == "POST" else None
    path = f"/students/{day.ada}/{what}"
    people = NOT_SIGNED_IN | OTHER_ROLES | {"school_admin", "lake_admin"}
    found = {who: (await ask(who, method, path, body)).status_code for who in people}
    assert found == (
        dict.fromkeys(NOT_SIGNED_IN, 401)
        | dict.fromkeys(OTHER_ROLES, 403)
        | {"lake_admin": 404, "school_admin": 200 if method == "GET" else 422}
    )


async def test_administrator_gets_the_archive(ask: Ask, day: SchoolDay) -> None:
    answer = await ask("school_admin", "GET", f"/students/{day.ada}/export")
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="student.zip"'
    assert answer.headers["cache-control"] == "no-store"
    archive = ZipFile(io.BytesIO(answer.content))
    [student] = json.loads(archive.read("student.json"))
    assert student["display_name"] == "Ada"
    assert json.loads(archive.read("game_sessions.json"))
    of_sandbox = await ask("school_admin", "GET", f"/students/{day.tess}/export", sandbox=True)
    archive = ZipFile(io.BytesIO(of_sandbox.content))
    assert json.loads(archive.read("student.json"))[0]["display_name"] == "Tess"


async def test_administrator_erases_who_is_named(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay
) -> None:
    path = f"/students/{day.ada}/erasure"
    refused = await ask("school_admin", "POST", path, {"confirm": "ada"})
    assert (refused.status_code, refused.json()["detail"][:20]) == (422, "Nothing was erased: ")
    assert (await ask("school_admin", "POST", path)).status_code == 422
    receipt = await ask("school_admin", "POST", path, {"confirm": "Ada"})
    assert receipt.status_code == 200, receipt.text
    told = receipt.json()
    [stored] = await day.world.rows("select * from erasures")
    assert told["receipt_id"] == str(stored.id)
    assert told["tombstone"] == stored.tombstone.hex()
    assert told["counts"] == stored.counts
    assert told["counts"]["student"] == 1
    assert stored.erased_by == day.users["school_admin"]
    assert str(day.ada) not in receipt.text
    assert (await ask("school_admin", "POST", path, {"confirm": "Ada"})).status_code == 404
    assert (await ask("school_admin", "GET", f"/students/{day.ada}")).status_code == 404
    assert await found_in_database(day.world.database, traces_of(day.ada)) == []


async def test_a_student_of_the_sandbox_is_erased_there(ask: Ask, day: SchoolDay) -> None:
    path = f"/students/{day.tess}/erasure"
    receipt = await ask("school_admin", "POST", path, {"confirm": "Tess"})
    assert receipt.status_code == 200, receipt.text
    assert await found_in_database(day.world.database, traces_of(day.tess)) == []


async def test_who_shares_an_id_with_a_student_of_the_school_is_not_erased_alone(
    api: httpx.AsyncClient, ask: Ask, day: SchoolDay
) -> None:
    sent = await api.post(
        "/api/v1/telemetry/events",
        json=day.world.event(student_id=day.ada),
        headers=bearer(day.world.sandbox_key),
    )
    assert sent.status_code == 201
    sandbox = day.world.sandbox_id
    query = "select display_name from students where school_id = :sandbox and id = :id"
    player = await day.world.one(query, sandbox=sandbox, id=day.ada)
    path, confirm = f"/students/{day.ada}/erasure", {"confirm": player}
    refused = await ask("school_admin", "POST", path, confirm, sandbox=True)
    assert refused.status_code == 409, refused.text
    assert "Erase the student of the school" in refused.json()["detail"]
    assert await day.world.one("select count(*) from students where id = :id", id=day.ada) == 2
    for nothing in ("erasures", "erased_students", "audit_entries"):
        assert await day.world.one(f"select count(*) from {nothing}") == 0
    done = await ask("school_admin", "POST", path, {"confirm": "Ada"})
    assert done.json()["counts"]["student"] == 2
    entered = await day.world.rows("select school_id, person_id from audit_entries")
    assert {one.school_id for one in entered} == {day.world.school_id, sandbox}
    assert {one.person_id for one in entered} == {day.users["school_admin"]}
