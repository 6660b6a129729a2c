"""Learning sessions over HTTP; what is told is read back from what is stored."""

import asyncio
from datetime import datetime
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from learntrace.app import create_app, finished
from learntrace.learning_sessions import service

from ..world import bearer
from .given import FERRY, STATION, add_assignment, add_content, add_scenario

PATH = "/learning-sessions"


@pytest.fixture
async def sources(day):
    """A scenario and a content item of the school: id and title of each."""
    async with day.world.database.transaction() as db:
        scenario = await add_scenario(db, day.world.school_id)
        item = await add_content(db, day.world.school_id, day.users["teacher"])
    return {
        "scenario": (str(scenario), STATION["title"]),
        "content": (str(item), FERRY["title"]),
    }


@pytest.mark.parametrize(
    "session_type", ["scenario", "content_study", "vocabulary_review", "conversation"]
)
async def test_each_type_begins_with_nothing_answered(begin, day, sources, session_type) -> None:
    source_id, title = sources["content" if session_type == "content_study" else "scenario"]
    told = await begin(session_type, source_id=source_id, metadata={"room": 4})
    assert told["session_type"] == session_type
    assert told["student_id"] == str(day.ada)
    assert told["source_id"] == source_id
    assert told["metadata"] == {"room": 4, "title": title}
    assert told["answers"] == []
    counts = [told[f"items_{name}"] for name in ("studied", "correct", "incorrect")]
    assert counts == [0, 0, 0]
    assert told["accuracy_rate"] is told["ended_at"] is told["duration_seconds"] is None
    assert datetime.fromisoformat(told["started_at"]).tzinfo is not None


@pytest.mark.parametrize(
    ("session_type", "wrong"),
    [
        ("content_study", "scenario"),
        ("scenario", "content"),
        *((each, None) for each in ("scenario", "content_study", "conversation")),
    ],
)
async def test_what_the_school_does_not_have_begins_nothing(
    ask, day, sources, session_type, wrong
) -> None:
    body = {"student_id": str(day.ada), "session_type": session_type, "language": "en"}
    body["source_id"] = sources[wrong][0] if wrong else str(uuid4())
    answer = await ask("teacher", "POST", PATH, body)
    assert answer.status_code == 404
    assert "at the school" in answer.json()["detail"]
    assert await day.world.one("select count(*) from learning_sessions") == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"session_type": "lecture"},
        {"language": "not a language"},
        {"metadata": {"a": "\0"}},
        {"metadata": [1]},
        {"student": "Ada"},
    ],
)
async def test_what_is_not_valid_begins_nothing(ask, day, wrong) -> None:
    body = {"student_id": str(day.ada), "session_type": "conversation", "language": "en"}
    answer = await ask("teacher", "POST", PATH, body | wrong)
    assert answer.status_code == 422
    assert await day.world.one("select count(*) from learning_sessions") == 0


@pytest.mark.parametrize(
    ("correct", "incorrect", "rate"), [(4, 0, 1.0), (0, 3, 0.0), (3, 1, 0.75), (0, 0, None)]
)
async def test_accuracy_is_computed_from_the_counts(ask, begin, correct, incorrect, rate) -> None:
    path = f"{PATH}/{(await begin())['id']}"
    counts = {"items_correct": correct, "items_incorrect": incorrect}
    assert (await ask("teacher", "PATCH", path, counts)).json()["accuracy_rate"] == rate
    assert (await ask("teacher", "POST", f"{path}/complete")).json()["accuracy_rate"] == rate


async def test_what_is_left_out_stays_as_it_is(ask, begin) -> None:
    path = f"{PATH}/{(await begin())['id']}"
    first = {"items_studied": 5, "items_correct": 3, "items_incorrect": 2}
    await ask("teacher", "PATCH", path, first)
    told = (await ask("teacher", "PATCH", path, {"items_correct": 4})).json()
    assert {name: told[name] for name in first} == first | {"items_correct": 4}


@pytest.mark.parametrize("change", [{"items_correct": -1}, {"items_studied": "many"}, {"x": 1}])
async def test_a_change_that_is_not_valid_changes_nothing(ask, begin, change) -> None:
    path = f"{PATH}/{(await begin())['id']}"
    assert (await ask("teacher", "PATCH", path, change)).status_code == 422
    assert (await ask("teacher", "GET", path)).json()["items_correct"] == 0


async def test_answers_raise_the_counts(ask, begin) -> None:
    path = f"{PATH}/{(await begin())['id']}"
    given = [("cat", False), ("cat", True), ("dog", True)]
    answers = [{"item": item, "correct": right} for item, right in given]
    told = (await ask("teacher", "PATCH", path, {"answers": answers[:2]})).json()
    assert (told["items_studied"], told["items_correct"], told["items_incorrect"]) == (1, 1, 1)
    told = (await ask("teacher", "POST", f"{path}/complete", {"answers": answers[1:]})).json()
    assert (told["items_studied"], told["items_correct"], told["items_incorrect"]) == (2, 3, 1)
    both = {"answers": answers, "items_correct": 1}
    assert (await ask("teacher", "PATCH", path, both)).status_code == 422


async def test_answers_are_told_in_order_and_the_last_one_is_taken_back(ask, begin) -> None:
    path = f"{PATH}/{(await begin())['id']}"
    given = [("cat", False), ("dog", True), ("cat", True)]
    answers = [{"item": item, "correct": right} for item, right in given]
    await ask("teacher", "PATCH", path, {"answers": answers})
    mended = {"taken_back": ["cat"], "answers": [{"item": "cat", "correct": False}]}
    told = (await ask("teacher", "PATCH", path, mended)).json()
    assert [(one["item"], one["correct"]) for one in told["answers"]] == [
        ("cat", False),
        ("dog", True),
        ("cat", False),
    ]
    assert (told["items_studied"], told["items_correct"], told["items_incorrect"]) == (2, 1, 2)
    assert (await ask("teacher", "GET", path)).json() == told
    for wrong in (["bird"], ["dog", "dog"]):
        refused = await ask("teacher", "PATCH", path, {"taken_back": wrong})
        assert refused.status_code == 422
    assert (await ask("teacher", "GET", path)).json() == told
    [line] = (await ask("teacher", "GET", PATH)).json()["items"]
    assert line == {name: value for name, value in told.items() if name != "answers"}
    lower = {"items_correct": 0, "items_incorrect": 0}
    await ask("teacher", "PATCH", path, lower)
    told = (await ask("teacher", "PATCH", path, {"taken_back": ["cat", "cat"]})).json()
    assert {name: told[name] for name in lower} == lower


async def test_a_sitting_holds_a_thousand_answers(ask, begin) -> None:
    path = f"{PATH}/{(await begin())['id']}"
    many = {"answers": [{"item": "cat", "correct": True}] * 200}
    found = [(await ask("teacher", "PATCH", path, many)).status_code for _ in range(6)]
    assert found == [200] * 5 + [422]


async def test_metadata_merges_and_is_read_back_over_another_connection(
    ask, begin, day, settings
) -> None:
    told = await begin(metadata={"mood": {"start": "tired", "marks": [1]}, "room": 4})
    path = f"{PATH}/{told['id']}"
    update = {"mood": {"end": {"words": "glad"}}}
    assert (await ask("teacher", "PATCH", path, {"metadata_update": update})).status_code == 200
    more = {"mood": {"end": {"smile": True}}, "room": 5}
    await ask("teacher", "PATCH", path, {"metadata_update": more})
    merged = {
        "mood": {"start": "tired", "marks": [1], "end": {"words": "glad", "smile": True}},
        "room": 5,
    }
    stored = await day.world.one("select details from learning_sessions")
    assert stored == merged
    again = create_app(settings)  # a process that was started later
    async with again.router.lifespan_context(again):
        transport = httpx.ASGITransport(finished(again))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as later:
            headers = bearer(day.tokens["teacher"])
            found = await later.get(f"/api/v1{path}", headers=headers)
    assert found.json() == (await ask("teacher", "GET", path)).json()
    assert found.json()["metadata"] == merged


async def test_metadata_that_grows_too_long_is_refused(ask, begin) -> None:
    path = f"{PATH}/{(await begin(metadata={'a': 'x' * 15_000}))['id']}"
    answer = await ask("teacher", "PATCH", path, {"metadata_update": {"b": "x" * 15_000}})
    assert answer.status_code == 422
    assert "20000 characters" in answer.json()["detail"]


async def test_completing_again_answers_the_same_and_changes_nothing(ask, begin) -> None:
    path = f"{PATH}/{(await begin())['id']}"
    last = {"items_correct": 3, "items_incorrect": 1, "metadata_update": {"end": "bell"}}
    first = await ask("teacher", "POST", f"{path}/complete", last)
    assert first.status_code == 200
    told = first.json()
    assert (told["accuracy_rate"], told["metadata"]) == (0.75, {"end": "bell"})
    assert told["duration_seconds"] >= 0
    again = await ask("teacher", "POST", f"{path}/complete", {"items_correct": 9})
    assert (again.status_code, again.json()) == (200, told)
    late = await ask("teacher", "PATCH", path, {"items_correct": 9})
    assert late.status_code == 409
    assert (await ask("teacher", "GET", path)).json() == told


async def test_two_completions_at_once_answer_the_same(ask, begin, day) -> None:
    path = f"{PATH}/{(await begin())['id']}/complete"
    found = await asyncio.gather(
        *(ask("teacher", "POST", path, {"items_correct": n}) for n in range(1, 5))
    )
    assert len({answer.text for answer in found}) == 1
    assert await day.world.one("select marks from assessments_due") == 1


async def test_what_was_begun_by_mistake_is_taken_away_and_stays_to_be_done(
    ask, begin, day
) -> None:
    async with day.world.database.transaction() as db:
        await add_assignment(db, day.world.school_id, day.ada, day.users["teacher"])
    told = await begin("vocabulary_review", metadata={"round": 1})
    assert told["assignment_id"] is not None
    path = f"{PATH}/{told['id']}"
    for who, status in (("ada", 403), ("colleague", 404), ("lake_admin", 404), ("teacher", 204)):
        assert (await ask(who, "DELETE", path)).status_code == status
    for method in ("GET", "DELETE"):
        assert (await ask("teacher", method, path)).status_code == 404
    [task] = (await ask("ada", "GET", f"{PATH}/assignments", open="true")).json()["items"]
    assert task["done_at"] is None
    again = await begin("vocabulary_review")
    done = (await ask("teacher", "POST", f"{PATH}/{again['id']}/complete")).json()
    assert done["assignment_id"] == task["id"]
    refused = await ask("teacher", "DELETE", f"{PATH}/{again['id']}")
    assert (refused.status_code, refused.json()["detail"]) == (409, service.COMPLETED)
    assert (await ask("teacher", "GET", f"{PATH}/{again['id']}")).json() == done


async def test_changes_at_once_are_all_there(ask, begin) -> None:
    path = f"{PATH}/{(await begin())['id']}"
    updates = [{"metadata_update": {"seen": {str(n): True}}} for n in range(6)]
    await asyncio.gather(*(ask("teacher", "PATCH", path, one) for one in updates))
    found = (await ask("teacher", "GET", path)).json()["metadata"]
    assert found == {"seen": {str(n): True for n in range(6)}}


async def test_list_has_the_newest_first_and_is_narrowed(ask, begin, day) -> None:
    made = [await begin("conversation"), await begin(language="De"), await begin()]
    ids = [one["id"] for one in reversed(made)]

    async def listed(**query):
        answer = await ask("teacher", "GET", PATH, **query)
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()["items"]]

    assert await listed() == ids == await listed(student_id=str(day.ada))
    assert await listed(student_id=str(day.ben)) == []
    assert await listed(session_type="conversation") == [made[0]["id"]]
    assert await listed(language="DE") == [made[1]["id"]]
    first = (await ask("teacher", "GET", PATH, limit=2)).json()
    assert [one["id"] for one in first["items"]] == ids[:2]
    assert await listed(limit=2, cursor=first["next_cursor"]) == ids[2:]
    assert (await ask("teacher", "GET", PATH, limit=0)).status_code == 422


@pytest.mark.parametrize("who", ["colleague", "lake_teacher", "lake_admin"])
async def test_what_is_not_to_be_seen_is_answered_like_what_is_not_there(
    ask, begin, day, who
) -> None:
    told = await begin()
    unknown = (await ask(who, "GET", f"{PATH}/{uuid4()}")).json()["detail"]
    for method, end in (("GET", ""), ("PATCH", ""), ("POST", "/complete")):
        body = None if method == "GET" else {}
        answer = await ask(who, method, f"{PATH}/{told['id']}{end}", body)
        assert (answer.status_code, answer.json()["detail"]) == (404, unknown)
    body = {"student_id": str(day.ada), "session_type": "conversation", "language": "en"}
    assert (await ask(who, "POST", PATH, body)).status_code == 404
    assert (await ask(who, "GET", PATH)).json()["items"] == []


@pytest.mark.parametrize("who", ["system_admin", "developer", "write_key"])
async def test_only_who_teaches_and_the_pupil_may(ask, begin, who) -> None:
    told = await begin()
    assert (await ask(who, "GET", PATH)).status_code == 403
    assert (await ask(who, "GET", f"{PATH}/{told['id']}")).status_code == 403


async def test_the_pupils_game_reads_its_own_and_does_only_what_is_assigned(
    ask, begin, day
) -> None:
    told = await begin()
    path = f"{PATH}/{told['id']}"
    assert (await ask("ada", "GET", path)).json() == told
    assert (await ask("ben", "GET", path)).status_code == 404
    for method, end in (("PATCH", ""), ("POST", "/complete")):
        assert (await ask("ada", method, f"{path}{end}", {})).status_code == 403
    body = {"student_id": str(day.ada), "session_type": "content_study", "language": "en"}
    refused = await ask("ada", "POST", PATH, body)
    assert refused.status_code == 403
    assert "assigned" in refused.json()["detail"]
    other = await ask("ada", "POST", PATH, body | {"student_id": str(day.ben)})
    assert other.status_code == 404


async def test_a_teachers_note_is_not_for_the_pupils_game(ask, begin, day) -> None:
    told = {"student_ids": [str(day.ada)], "kind": "review"}
    await ask("teacher", "POST", f"{PATH}/assignments", told)
    found = await begin(session_type="vocabulary_review", metadata={"note": "tired", "round": 1})
    path = f"{PATH}/{found['id']}"
    assert found["metadata"]["note"] == "tired"
    read = (await ask("ada", "GET", path)).json()
    [listed] = (await ask("ada", "GET", PATH)).json()["items"]
    changed = (await ask("ada", "PATCH", path, {"metadata_update": {"round": 2}})).json()
    assert [one["metadata"] for one in (read, listed, changed)] == [
        {"round": 1},
        {"round": 1},
        {"round": 2},
    ]
    answer = await ask("ada", "PATCH", path, {"metadata_update": {"note": "fine"}})
    assert answer.status_code == 403
    stored = (await ask("teacher", "GET", path)).json()["metadata"]
    assert stored == {"note": "tired", "round": 2}


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/learning-sessions", "language"),
        ("/scenarios", "language"),
        ("/scenarios", "category"),
        ("/content", "language"),
        ("/review-cards", "language"),
    ],
)
async def test_what_no_text_may_hold_is_not_looked_for(ask, day, path: str, name: str) -> None:
    query = {name: "\0"} | ({"student_id": str(day.ada)} if path == "/review-cards" else {})
    assert (await ask("teacher", "GET", path, **query)).status_code == 422


async def test_without_the_consent_that_is_required_nothing_is_stored(ask, begin, day) -> None:
    told = await begin()
    require = {"required": ["play"]}
    assert (await ask("school_admin", "PUT", "/schools/consent-policy", require)).status_code == 200
    body = {"student_id": str(day.ada), "session_type": "conversation", "language": "en"}
    path = f"{PATH}/{told['id']}"
    for method, where, sent in (
        ("POST", PATH, body),
        ("PATCH", path, {"items_correct": 1}),
        ("POST", f"{path}/complete", None),
    ):
        answer = await ask("teacher", method, where, sent)
        assert (answer.status_code, answer.json()["code"]) == (403, "consent_missing")
    assert (await ask("teacher", "GET", path)).json() == told


async def test_a_failing_store_is_an_error_and_leaves_nothing(ask, begin, day) -> None:
    path = f"{PATH}/{(await begin())['id']}"
    async with day.world.database.transaction() as db:
        await db.execute(text("alter table assessments_due rename to away"))
    failed = await ask("teacher", "POST", f"{path}/complete", {"items_correct": 1})
    assert failed.status_code == 500
    async with day.world.database.transaction() as db:
        await db.execute(text("alter table away rename to assessments_due"))
        await db.execute(text("alter table learning_sessions rename to away"))
    for where in (path, PATH):
        assert (await ask("teacher", "GET", where)).status_code == 500
    async with day.world.database.transaction() as db:
        await db.execute(text("alter table away rename to learning_sessions"))
    told = (await ask("teacher", "GET", path)).json()
    assert (told["items_correct"], told["ended_at"]) == (0, None)
