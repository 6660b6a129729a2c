"""What is said to be wrong in a student's record: who notes and reads it, and who decides."""

import asyncio
import csv
import io
import json
from uuid import uuid4
from zipfile import ZipFile

import pytest
from sqlalchemy import text

from learntrace.student_records import erasing

from ..world import insert, now

WRONG = {"about": "note", "text": "It was not Ada who cried.", "asked_by": "mother"}
REFUSED = {"accepted": False, "words": "Two teachers saw it.", "statement": "We do not agree."}
NOT_SIGNED_IN = {"expired", "nobody", "forged"}
NO_EDUCATORS = {"system_admin", "developer", "tiles_developer", "ada", "ben", "write_key"}
STRANGERS = {"tester", "colleague", "former_teacher", "lake_teacher", "lake_admin"}


def of(student_id):
    return f"/students/{student_id}/amendments"


def expected(who, *, may, good):
    if who in NOT_SIGNED_IN:
        return 401
    if who in may:
        return good
    return 404 if who in STRANGERS else 403


async def noted(ask, day, who="teacher", **changes):
    answer = await ask(who, "POST", of(day.ada), WRONG | changes)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_the_students_teachers_and_their_school_note_and_read(ask, day):
    people = NOT_SIGNED_IN | NO_EDUCATORS | STRANGERS | {"teacher", "school_admin"}
    may = {"teacher", "school_admin"}
    for method, body, good in (("POST", WRONG, 201), ("GET", None, 200)):
        found = {who: (await ask(who, method, of(day.ada), body)).status_code for who in people}
        assert found == {who: expected(who, may=may, good=good) for who in people}
    assert await day.world.one("select count(*) from amendment_requests") == 2


async def test_only_the_students_school_decides(ask, day):
    path = f"{of(day.ada)}/{(await noted(ask, day))['id']}/decision"
    people = NOT_SIGNED_IN | NO_EDUCATORS | {"teacher", "colleague", "tester", "lake_teacher"}
    people |= {"lake_admin"}
    found = {who: (await ask(who, "POST", path, REFUSED)).status_code for who in people}
    assert found == {
        who: 401 if who in NOT_SIGNED_IN else 404 if who == "lake_admin" else 403 for who in people
    }
    assert await day.world.one("select state from amendment_requests") == "open"
    assert (await ask("school_admin", "POST", path, REFUSED)).status_code == 200


async def test_a_request_is_read_back_as_it_was_noted(ask, day):
    told = await noted(ask, day, text="  It was Ben.  ")
    teacher = {"id": str(day.users["teacher"]), "name": "teacher"}
    assert told == {
        "id": told["id"],
        "student_id": str(day.ada),
        "about": "note",
        "text": "It was Ben.",
        "asked_by": "mother",
        "noted_by": teacher,
        "created_at": told["created_at"],
        "state": "open",
        "decision": None,
        "statement": None,
    }
    newer = await noted(ask, day, who="school_admin", about="person")
    page = (await ask("teacher", "GET", of(day.ada), limit=1)).json()
    assert page["items"] == [newer]
    rest = (await ask("teacher", "GET", of(day.ada), cursor=page["next_cursor"])).json()
    assert rest == {"items": [told], "next_cursor": None}
    assert (await ask("teacher", "GET", of(day.ben))).json()["items"] == []


async def test_a_refused_one_carries_the_parents_statement_and_is_decided_once(ask, day):
    told = await noted(ask, day)
    path = f"{of(day.ada)}/{told['id']}/decision"
    decided = (await ask("school_admin", "POST", path, REFUSED)).json()
    admin = {"id": str(day.users["school_admin"]), "name": "school_admin"}
    assert decided == told | {
        "state": "refused",
        "decision": {"words": REFUSED["words"], "at": decided["decision"]["at"], "by": admin},
        "statement": "We do not agree.",
    }
    assert (await ask("teacher", "GET", of(day.ada))).json()["items"] == [decided]
    again = await ask("school_admin", "POST", path, {"accepted": True, "words": "Yes."})
    assert (again.status_code, "decided already" in again.json()["detail"]) == (409, True)
    assert (await ask("teacher", "GET", of(day.ada))).json()["items"] == [decided]


async def test_an_accepted_one_carries_no_statement(ask, day):
    path = f"{of(day.ada)}/{(await noted(ask, day))['id']}/decision"
    accepted = {"accepted": True, "words": "The note is deleted."}
    wrong = await ask("school_admin", "POST", path, accepted | {"statement": "We do not agree."})
    assert wrong.status_code == 422
    decided = (await ask("school_admin", "POST", path, accepted)).json()
    assert (decided["state"], decided["statement"]) == ("accepted", None)
    for student_id, amendment_id in ((day.ada, uuid4()), (day.ben, decided["id"])):
        path = f"{of(student_id)}/{amendment_id}/decision"
        assert (await ask("school_admin", "POST", path, accepted)).status_code == 404


async def test_the_school_sees_who_waits_longest_first(ask, day):
    ada = [await noted(ask, day), await noted(ask, day)]
    ben = (await ask("teacher", "POST", of(day.ben), WRONG)).json()
    await ask("school_admin", "POST", f"{of(day.ada)}/{ada[0]['id']}/decision", REFUSED)
    async with day.world.database.transaction() as db:
        await insert(
            db,
            "amendment_requests",
            school_id=day.world.other_school_id,
            student_id=day.world.foreign_student,
            id=uuid4(),
            noted_by=day.users["lake_teacher"],
            created_at=now(),
            **WRONG,
        )
    waiting = (await ask("school_admin", "GET", "/schools/amendments", state="open")).json()
    named = [ada[1] | {"display_name": "Ada"}, ben | {"display_name": "Ben"}]
    assert waiting == {"items": named, "next_cursor": None}
    page = (await ask("school_admin", "GET", "/schools/amendments", limit=2)).json()
    assert [one["id"] for one in page["items"]] == [one["id"] for one in ada]
    more = {"limit": 2, "cursor": page["next_cursor"]}
    rest = (await ask("school_admin", "GET", "/schools/amendments", **more)).json()
    assert rest == {"items": named[1:], "next_cursor": None}
    people = {"teacher", "system_admin", "developer", "ada", "write_key"}
    for who in people:
        assert (await ask(who, "GET", "/schools/amendments")).status_code == 403
    [lake] = (await ask("lake_admin", "GET", "/schools/amendments")).json()["items"]
    assert lake["student_id"] == str(day.world.foreign_student)


async def test_who_is_erased_while_the_school_reads_is_left_out(ask, day):
    """The reading waits between the requests and the names of their students."""
    await noted(ask, day)
    ben = (await ask("teacher", "POST", of(day.ben), WRONG)).json()
    async with day.world.database.transaction() as db:
        await db.execute(text("lock table students in access exclusive mode"))
        reading = asyncio.create_task(ask("school_admin", "GET", "/schools/amendments"))
        await day.world.until_waiting()
        await erasing.erase(db, erasing.BY_COMMAND, day.world.school_id, day.ada)
    answer = await reading
    assert answer.status_code == 200, answer.text
    assert answer.json()["items"] == [ben | {"display_name": "Ben"}]


async def test_it_is_handed_out_with_the_record(ask, day):
    path = f"{of(day.ada)}/{(await noted(ask, day))['id']}/decision"
    await ask("school_admin", "POST", path, REFUSED)
    answer = await ask("school_admin", "GET", f"/students/{day.ada}/export")
    archive = ZipFile(io.BytesIO(answer.content))
    [told] = json.loads(archive.read("amendment_requests.json"))
    assert (told["text"], told["statement"]) == (WRONG["text"], REFUSED["statement"])
    [row] = csv.DictReader(io.StringIO(archive.read("amendment_requests.csv").decode()))
    assert (row["state"], row["decision"]) == ("refused", REFUSED["words"])


async def test_nobody_rewrites_what_was_asked(ask, day):
    for column, may in (("text", False), ("asked_by", False), ("statement", True)):
        query = (
            "select has_column_privilege('learntrace_reader', 'amendment_requests', :c, 'update')"
        )
        assert await day.world.one(query, c=column) is may
    query = "select has_table_privilege('learntrace_reader', 'amendment_requests', 'delete')"
    assert await day.world.one(query) is False


async def test_who_plays_in_the_sandbox_has_nothing_to_amend(ask, day):
    assert (await ask("school_admin", "POST", of(day.tess), WRONG)).status_code == 422
    assert (await ask("school_admin", "GET", of(day.tess))).json()["items"] == []


@pytest.mark.parametrize(
    "changes",
    [
        {"about": "grade"},
        {"text": " "},
        {"text": "a" * 2001},
        {"text": "a\x00"},
        {"asked_by": ""},
        {"asked_by": "a" * 201},
        {"state": "accepted"},
    ],
)
async def test_what_is_no_request_is_refused(ask, day, changes):
    assert (await ask("teacher", "POST", of(day.ada), WRONG | changes)).status_code == 422


@pytest.mark.parametrize("body", [{}, {"accepted": False}, REFUSED | {"words": "\n"}])
async def test_what_is_no_decision_is_refused(ask, day, body):
    path = f"{of(day.ada)}/{(await noted(ask, day))['id']}/decision"
    assert (await ask("school_admin", "POST", path, body)).status_code == 422
