"""Meetings belong to a student's record: handed out with it, erased with it."""

import asyncio
import json
from typing import Any

from tests.student_records.test_export import exported, read

from .conftest import ADA_MET, Ask, Made, SchoolDay

NAME = {"confirm": "Ada"}


async def test_meetings_are_handed_out_with_the_students_record(
    make: Made, day: SchoolDay, ada: dict[str, Any], noor: dict[str, Any]
) -> None:
    meeting = await make("/coaching-sessions", client_id=ada["id"], **ADA_MET)
    seen = {"skill": "empathy", "level": 2, "text": "Asked Ben."}
    rated = await make(f"/coaching-sessions/{meeting['id']}/observations", **seen)
    other = await make("/coaching-sessions", client_id=noor["id"], session_date="2026-03-02")
    archive = await exported(day.world.database, day.world.school_id, day.ada)
    [told] = read(archive, "coaching_sessions")
    assert (told["id"], told["notes"]) == (meeting["id"], ADA_MET["notes"])
    [client] = read(archive, "coaching_clients")
    assert client["id"] == ada["id"]
    [observation] = read(archive, "coaching_observations")
    assert (observation["rating_id"], observation["text"]) == (rated["id"], "Asked Ben.")
    whole = json.dumps([archive.read(name).decode() for name in archive.namelist()])
    assert other["id"] not in whole
    assert noor["id"] not in whole


async def test_meetings_are_erased_with_the_student_and_others_stay(
    ask: Ask, make: Made, day: SchoolDay, ada: dict[str, Any], noor: dict[str, Any]
) -> None:
    meeting = await make("/coaching-sessions", client_id=ada["id"], **ADA_MET)
    seen = {"skill": "empathy", "level": 2, "text": "Asked Ben."}
    await make(f"/coaching-sessions/{meeting['id']}/observations", **seen)
    other = await make("/coaching-sessions", client_id=noor["id"], session_date="2026-03-02")
    erased = await ask("school_admin", "POST", f"/students/{day.ada}/erasure", NAME)
    assert erased.status_code == 200
    counts = {kind: n for kind, n in erased.json()["counts"].items() if "coaching" in kind}
    assert counts == {"coaching_observations": 1, "coaching_sessions": 1, "coaching_clients": 1}
    page = (await ask("teacher", "GET", "/coaching-sessions/")).json()
    assert [one["id"] for one in page["items"]] == [other["id"]]
    assert (await ask("teacher", "GET", "/clients")).json()["items"] == [noor]
    left = "select count(*) from coaching_observations"
    assert await day.world.one(left) == 0


async def test_meetings_noted_while_the_student_is_erased_are_erased_or_refused(
    ask: Ask, day: SchoolDay, ada: dict[str, Any]
) -> None:
    told = ADA_MET | {"client_id": ada["id"]}
    erasing = ask("school_admin", "POST", f"/students/{day.ada}/erasure", NAME)
    noting = [ask("teacher", "POST", "/coaching-sessions", told) for _ in range(3)]
    answers = await asyncio.gather(*noting[:2], erasing, noting[2])
    assert {one.status_code for one in answers} <= {200, 201, 404, 409}
    assert answers[2].status_code == 200
    for table in ("coaching_sessions", "coaching_clients"):
        assert await day.world.one(f"select count(*) from {table}") == 0
