"""Scenarios over HTTP: begun, brought on, and completed in one transaction."""

import asyncio
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from learntrace.kit.paging import BAD_CURSOR, encode_cursor
from learntrace.learning_sessions.scenarios.types import RANK

from .given import STATION, add_assignment, add_scenario


@pytest.fixture
async def scenario_id(day):
    async with day.world.database.transaction() as db:
        return await add_scenario(db, day.world.school_id)


@pytest.fixture
def go(ask, day, scenario_id):
    """Take a step in the scenario with Ada: the answer."""

    async def send(step, *, who="teacher", student=None, **more):
        body = {"student_id": str(student or day.ada)} | more
        return await ask(who, "POST", f"/scenarios/{scenario_id}/{step}", body)

    return send


async def test_scenarios_are_listed_by_difficulty_and_not_by_alphabet(ask, day) -> None:
    async with day.world.database.transaction() as db:
        for level in ("native", "advanced", "beginner", "intermediate"):
            await add_scenario(db, day.world.school_id, key=level, difficulty=level)
        await add_scenario(db, day.world.other_school_id, key="theirs")
        german = {"key": "amt", "language": "de", "category": "office"}
        await add_scenario(db, day.world.school_id, **german)

    async def listed(**query):
        found = (await ask("teacher", "GET", "/scenarios", **query)).json()["items"]
        return [one["key"] for one in found]

    assert await listed(language="en") == ["beginner", "intermediate", "advanced", "native"]
    assert await listed(category="office") == ["amt"]
    assert await listed(difficulty="native") == ["native"]
    assert len(await listed()) == 5
    assert (await ask("teacher", "GET", "/scenarios", difficulty="easy")).status_code == 422


async def test_scenarios_are_read_in_pages_and_what_the_sandbox_has_too_stands_once(
    ask, day
) -> None:
    levels = ("native", "advanced", "beginner", "intermediate")
    async with day.world.database.transaction() as db:
        for key, title in (("a", "B"), ("b", "A"), ("c", "A")):
            for level in levels:
                names = {"key": f"{level}-{key}", "title": title, "difficulty": level}
                await add_scenario(db, day.world.school_id, **names)
    assert await day.world.one("select count(*) from scenarios") == 24

    async def page(**query):
        answer = await ask("teacher", "GET", "/scenarios", **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    whole = await page()
    assert whole["next_cursor"] is None
    assert len({one["id"] for one in whole["items"]}) == len(whole["items"]) == 12
    places = [(RANK[one["difficulty"]], one["title"], one["id"]) for one in whole["items"]]
    assert places == sorted(places)
    read, cursor = [], {}
    while True:
        found = await page(limit=5, **cursor)
        read += found["items"]
        if found["next_cursor"] is None:
            break
        assert len(found["items"]) == 5
        cursor = {"cursor": found["next_cursor"]}
    assert read == whole["items"]
    hard = await page(limit=2, difficulty="native")
    rest = await page(difficulty="native", cursor=hard["next_cursor"])
    assert [one["title"] for one in (*hard["items"], *rest["items"])] == ["A", "A", "B"]


@pytest.mark.parametrize(
    "cursor",
    ["nonsense", encode_cursor("easy", "A", UUID(int=1)), encode_cursor("native", "A")],
)
async def test_a_cursor_that_no_list_of_scenarios_gave_is_refused(ask, cursor) -> None:
    answer = await ask("teacher", "GET", "/scenarios", cursor=cursor)
    assert (answer.status_code, answer.json()["detail"]) == (422, BAD_CURSOR)


async def test_the_same_key_again_replaces_a_scenario(ask, day, scenario_id) -> None:
    async with day.world.database.transaction() as db:
        assert await add_scenario(db, day.world.school_id, title="A journey") == scenario_id
    told = (await ask("teacher", "GET", f"/scenarios/{scenario_id}")).json()
    assert told["title"] == "A journey"
    assert [one["key"] for one in told["phases"]] == ["counter", "platform"]
    for who, path in (("teacher", uuid4()), ("lake_teacher", scenario_id)):
        assert (await ask(who, "GET", f"/scenarios/{path}")).status_code == 404


async def test_a_scenario_is_gone_through_and_leaves_all_that_it_should(
    ask, go, day, scenario_id
) -> None:
    begun = (await go("start")).json()
    assert (begun["outcome"], begun["ended_at"]) == (None, None)
    assert [one["score"] for one in begun["phases"]] == [0, 0]
    assert (await go("start")).json()["id"] == begun["id"]
    at_the_counter = {"phase": "counter", "vocabulary": ["ticket"]}
    answers = [{"item": "ticket", "correct": False}, {"item": "ticket", "correct": True}]
    await go("progress", **at_the_counter, answers=answers)
    told = (await go("progress", phase="counter", objectives=["asks for a ticket"])).json()
    assert told["phases"][0]["score"] == pytest.approx(0.55)
    assert not told["phases"][0]["completed"]
    told = (await go("progress", phase="counter", phrases=["A return to Lake, please."])).json()
    assert told["phases"][0]["completed"]
    done = (await go("complete")).json()
    assert done["outcome"] == {
        "phases_completed": 1,
        "total_phases": 2,
        "vocabulary_mastered": 1,
        "objectives_completed": 1,
        "success_rate": 0.5,
        "completion_score": 42.5,
    }
    left = (await ask("teacher", "GET", f"/learning-sessions/{done['id']}")).json()
    assert (left["session_type"], left["source_id"]) == ("scenario", str(scenario_id))
    assert (left["accuracy_rate"], left["items_studied"]) == (0.5, 1)
    assert left["ended_at"] == done["ended_at"]
    cards = await ask("teacher", "GET", "/review-cards", student_id=str(day.ada))
    assert {one["front"] for one in cards.json()["items"]} == {"return", "ticket"}
    assert len(cards.json()["items"]) == 2
    late = await go("progress", **at_the_counter)
    assert late.status_code == 409
    again = await go("complete")
    assert again.json() == done
    where = f"/scenarios/{scenario_id}/progress"
    runs = (await ask("teacher", "GET", where, student_id=str(day.ada))).json()["items"]
    assert runs == [done]


async def test_what_was_ticked_or_told_by_mistake_is_taken_back(go) -> None:
    await go("start")
    right = {"item": "ticket", "correct": True}
    met = {
        "phase": "counter",
        "vocabulary": ["ticket", "return"],
        "objectives": ["asks for a ticket"],
    }
    await go("progress", **met, answers=[right])
    told = (await go("progress", phase="counter", vocabulary=["ticket"], unmet=True)).json()
    assert told["phases"][0]["met"] == {
        "vocabulary": ["return"],
        "objectives": ["asks for a ticket"],
    }
    assert [one["item"] for one in told["answers"]] == ["ticket"]
    told = (await go("progress", phase="counter", taken_back=["ticket"])).json()
    assert told["answers"] == []
    assert (await go("progress", phase="counter", taken_back=["ticket"])).status_code == 422
    untouched = await go("progress", phase="platform", vocabulary=["ticket"], unmet=True)
    assert untouched.json()["phases"][1]["met"] == {}


async def test_all_ways_of_a_student_are_listed_with_how_far_they_went(
    ask, go, day, scenario_id
) -> None:
    async with day.world.database.transaction() as db:
        other = await add_scenario(db, day.world.school_id, key="harbour", title="At the harbour")
    await go("start")
    await go(
        "progress", phase="platform", success_criteria=STATION["phases"][1]["success_criteria"]
    )
    done = (await go("complete")).json()
    whose = {"student_id": str(day.ada)}
    begun = (await ask("teacher", "POST", f"/scenarios/{other}/start", whose)).json()
    first = (await ask("teacher", "GET", "/scenarios/progress", **whose, limit=1)).json()
    last = (
        await ask("ada", "GET", "/scenarios/progress", **whose, cursor=first["next_cursor"])
    ).json()
    ways = [*first["items"], *last["items"]]
    assert [one["id"] for one in ways] == [begun["id"], done["id"]]
    assert [(one["phases_completed"], one["total_phases"]) for one in ways] == [(0, 2), (1, 2)]
    assert [one["title"] for one in ways] == ["At the harbour", "At the station"]
    assert (ways[0]["outcome"], ways[1]["outcome"]) == (None, done["outcome"])
    assert last["next_cursor"] is None
    assert (await ask("ben", "GET", "/scenarios/progress", **whose)).status_code == 404


async def test_another_way_through_makes_no_card_twice(ask, go, day, scenario_id) -> None:
    ids = []
    for _ in range(2):
        ids.append((await go("start")).json()["id"])
        assert (await go("complete")).json()["id"] == ids[-1]
    assert ids[0] != ids[1]
    assert await day.world.one("select count(*) from review_cards") == 2
    assert await day.world.one("select count(*) from learning_sessions") == 2
    where = f"/scenarios/{scenario_id}/progress"
    runs = (await ask("teacher", "GET", where, student_id=str(day.ada))).json()["items"]
    assert [one["id"] for one in runs] == ids[::-1]


async def test_completions_at_once_complete_it_once(go, day) -> None:
    await go("start")
    found = await asyncio.gather(*(go("complete") for _ in range(4)))
    assert {answer.status_code for answer in found} == {200}
    assert len({answer.text for answer in found}) == 1
    assert await day.world.one("select count(*) from learning_sessions") == 1
    assert await day.world.one("select count(*) from review_cards") == 2
    assert await day.world.one("select marks from assessments_due") == 1


async def test_beginnings_at_once_begin_it_once(go, day) -> None:
    found = await asyncio.gather(*(go("start") for _ in range(4)))
    assert len({answer.json()["id"] for answer in found}) == 1
    assert await day.world.one("select count(*) from scenario_runs") == 1


@pytest.mark.parametrize("table", ["review_cards", "learning_sessions"])
async def test_a_completion_that_fails_half_way_leaves_nothing(go, day, table) -> None:
    await go("start")
    async with day.world.database.transaction() as db:
        await db.execute(text(f"alter table {table} rename to away"))
    assert (await go("complete")).status_code == 500
    async with day.world.database.transaction() as db:
        await db.execute(text(f"alter table away rename to {table}"))
    assert await day.world.one("select outcome from scenario_runs") is None
    for left in ("review_cards", "learning_sessions", "assessments_due"):
        assert await day.world.one(f"select count(*) from {left}") == 0
    assert (await go("complete")).status_code == 200


async def test_a_scenario_that_is_changed_meanwhile_stays_as_it_began(go, day) -> None:
    await go("start")
    async with day.world.database.transaction() as db:
        await add_scenario(db, day.world.school_id, phases=STATION["phases"][1:])
    told = await go("progress", phase="counter", vocabulary=["ticket"])
    assert told.status_code == 200
    phases = told.json()["phases"]
    assert [one["key"] for one in phases] == ["counter", "platform"]
    assert phases[0]["phrases"] == STATION["phases"][0]["phrases"]
    assert phases[0]["vocabulary"] == STATION["phases"][0]["vocabulary"]


@pytest.mark.parametrize(
    "step", [{"phase": "bridge"}, {"phase": "counter", "vocabulary": ["plane"]}, {"phase": "X"}]
)
async def test_what_the_scenario_does_not_have_is_refused(go, step) -> None:
    await go("start")
    assert (await go("progress", **step)).status_code == 422


async def test_nothing_goes_on_that_was_not_begun(go, day) -> None:
    for step, more in (("progress", {"phase": "counter"}), ("complete", {})):
        assert (await go(step, **more)).status_code == 404
    assert (await go("start", student=day.world.foreign_student)).status_code == 404


async def test_the_pupils_game_goes_through_what_is_assigned(ask, go, day, scenario_id) -> None:
    assert (await go("start", who="ada")).status_code == 403
    await go("start")  # with the tutor, before it is assigned
    assert (await go("complete", who="ada")).status_code == 403
    given = {"kind": "scenario", "source_id": str(scenario_id), "student_ids": [str(day.ada)]}
    answer = await ask("teacher", "POST", "/learning-sessions/assignments", given)
    assert answer.json()["assigned"] == 1
    open_ones = await ask("ada", "GET", "/learning-sessions/assignments", open="true")
    [task] = open_ones.json()["items"]
    assert (task["title"], task["done_at"]) == ("At the station", None)
    assert (await go("start", who="ada")).json()["assignment_id"] == task["id"]
    assert (await go("progress", who="ada", phase="counter")).status_code == 200
    done = (await go("complete", who="ada")).json()
    assert done["outcome"]["phases_completed"] == 0
    [told] = (await ask("teacher", "GET", "/learning-sessions/assignments")).json()["items"]
    assert told["done_at"] == done["ended_at"]
    assert (await go("start", who="ada")).status_code == 403
    assert (await go("start", who="ben", student=day.ada)).status_code == 404


async def test_without_the_consent_that_is_required_nothing_is_stored(ask, go, day) -> None:
    await go("start")
    await ask("school_admin", "PUT", "/schools/consent-policy", {"required": ["play"]})
    for step, more in (("start", {}), ("progress", {"phase": "counter"}), ("complete", {})):
        answer = await go(step, **more)
        assert (answer.status_code, answer.json()["code"]) == (403, "consent_missing")
    assert await day.world.one("select outcome from scenario_runs") is None


async def test_a_way_that_was_begun_by_mistake_is_taken_away_and_stays_to_be_done(
    ask, go, day, scenario_id
) -> None:
    async with day.world.database.transaction() as db:
        own = (day.world.school_id, day.ada, day.users["teacher"])
        task = await add_assignment(db, *own, kind="scenario", source_id=scenario_id)
    path, whose = f"/scenarios/{scenario_id}/progress", {"student_id": str(day.ada)}

    async def away(who="teacher"):
        return (await ask(who, "DELETE", path, **whose)).status_code

    assert await away() == 404
    await go("start")
    assert [await away(who) for who in ("ada", "colleague", "teacher")] == [403, 404, 204]
    assert (await ask("teacher", "GET", path, **whose)).json() == {"items": []}
    again = (await go("start", who="ada")).json()
    assert again["assignment_id"] == str(task)
    done = (await go("complete")).json()
    assert await away() == 409
    assert (await ask("teacher", "GET", path, **whose)).json() == {"items": [done]}
    await go("start")
    assert await away() == 204
    assert (await ask("teacher", "GET", path, **whose)).json() == {"items": [done]}


async def test_a_card_is_answered_and_comes_later(ask, go, day) -> None:
    await go("start")
    await go("complete")
    where = {"student_id": str(day.ada)}
    first = (await ask("ada", "GET", "/review-cards", **where, limit=1)).json()
    [card] = first["items"]
    rest = await ask("ada", "GET", "/review-cards", **where, cursor=first["next_cursor"])
    assert len(rest.json()["items"]) == 1
    path = f"/review-cards/{card['id']}/answer"
    async with day.world.database.transaction() as db:
        await add_assignment(db, day.world.school_id, day.ada, day.users["teacher"])
    told = (await ask("ada", "POST", path, {"recall": "easy"})).json()
    assert told["due_at"] > card["due_at"]
    assert len((await ask("teacher", "GET", "/review-cards", **where)).json()["items"]) == 1
    every = (await ask("teacher", "GET", "/review-cards", **where, due=False)).json()["items"]
    assert len(every) == 2
    assert (await ask("ada", "GET", "/review-cards", **where, language="de")).json()["items"] == []
    for who in ("ben", "colleague"):
        assert (await ask(who, "POST", path, {"recall": "good"})).status_code == 404
    assert (await ask("ada", "POST", path, {"recall": "maybe"})).status_code == 422


async def test_a_review_counts_what_was_remembered(ask, go, begin, day) -> None:
    await go("start")
    await go("complete")
    where = {"student_id": str(day.ada)}
    cards = (await ask("teacher", "GET", "/review-cards", **where)).json()["items"]
    async with day.world.database.transaction() as db:
        await add_assignment(db, day.world.school_id, day.ada, day.users["teacher"])
    review = {"student_id": str(day.ada), "session_type": "vocabulary_review", "language": "en"}
    session = (await ask("ada", "POST", "/learning-sessions", review)).json()
    for card, recall in zip(cards, ("again", "good"), strict=True):
        body = {"recall": recall, "learning_session_id": session["id"]}
        answer = await ask("ada", "POST", f"/review-cards/{card['id']}/answer", body)
        assert answer.status_code == 200, answer.text
    path = f"/learning-sessions/{session['id']}"
    told = (await ask("ada", "POST", f"{path}/complete")).json()
    assert (told["accuracy_rate"], told["items_studied"]) == (0.5, 2)
    other = await begin("conversation")
    body = {"recall": "good", "learning_session_id": other["id"]}
    before = await day.world.rows("select memory from review_cards order by id")
    answer = await ask("teacher", "POST", f"/review-cards/{cards[0]['id']}/answer", body)
    assert answer.status_code == 409
    assert await day.world.rows("select memory from review_cards order by id") == before
    assert (await ask("teacher", "GET", f"/learning-sessions/{other['id']}")).json()[
        "items_studied"
    ] == 0
