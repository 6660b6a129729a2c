"""Content over HTTP: saved, found, assigned, studied, deleted."""

import asyncio
from uuid import uuid4

import pytest
from pydantic import TypeAdapter, ValidationError

from learntrace.learning_sessions.content import repository
from learntrace.learning_sessions.content.endpoints import NO_FAVOURITES
from learntrace.learning_sessions.content.types import Tags

from .given import FERRY, FERRY_CHANGED


@pytest.fixture
def save(ask):
    """Save content: it as told."""

    async def send(who="teacher", **changes):
        answer = await ask(who, "POST", "/content", FERRY | changes)
        assert answer.status_code == 201, answer.text
        return answer.json()

    return send


async def listed(ask, who="teacher", **query):
    answer = await ask(who, "GET", "/content", **query)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["items"]]


async def test_the_same_address_again_replaces_ones_own(ask, save) -> None:
    first = await save()
    again = await save(title="A ferry", materials=[])
    assert (again["id"], again["title"], again["materials"]) == (first["id"], "A ferry", [])
    theirs = await save("school_admin")
    assert theirs["id"] != first["id"]
    assert len(await listed(ask)) == 2


async def test_saving_at_once_saves_it_once(ask, save) -> None:
    found = await asyncio.gather(*(save() for _ in range(4)))
    assert await listed(ask) == [found[0]["id"]]


async def test_two_texts_without_an_address_are_two(ask, save) -> None:
    ids = {(await save(source_url=None))["id"] for _ in range(2)}
    assert len(ids) == 2
    assert set(await listed(ask)) == ids


async def test_tags_are_trimmed_in_lower_case_and_once(ask, save) -> None:
    told = await save(tags=[" Sea ", "sea", "By  Boat"], topics=["Travel"])
    assert (told["tags"], told["topics"]) == (["by boat", "sea"], ["travel"])
    assert (await save(tags=told["tags"]))["tags"] == told["tags"]
    for wrong in ([" "], ["x" * 61], ["\0"]):
        answer = await ask("teacher", "POST", "/content", FERRY | {"tags": wrong})
        assert answer.status_code == 422


async def test_content_is_found_by_what_it_is(ask, save) -> None:
    ferry = (await save(tags=["sea"]))["id"]
    other = {"content_type": "dialogue", "language": "de", "difficulty": "advanced"}
    hut = (await save(title="In der 100%-Hütte", source_url=None, topics=["Berge"], **other))["id"]
    assert await listed(ask) == [hut, ferry]
    for query, wanted in (
        ({"title": "FERRY"}, [ferry]),
        ({"title": "0%-h"}, [hut]),
        ({"title": "%"}, [hut]),
        ({"content_type": "dialogue"}, [hut]),
        ({"language": "en"}, [ferry]),
        ({"difficulty": "advanced"}, [hut]),
        ({"topic": " berge"}, [hut]),
        ({"tag": "SEA"}, [ferry]),
        ({"tag": "se"}, []),
        ({"tag": "sea", "language": "de"}, []),
    ):
        assert await listed(ask, **query) == wanted, query
    first = (await ask("teacher", "GET", "/content", limit=1)).json()
    assert await listed(ask, limit=1, cursor=first["next_cursor"]) == [ferry]
    assert await listed(ask, "lake_teacher") == []


async def test_what_content_can_be_found_by_is_told(ask, save) -> None:
    told = await save(tags=["sea", "by boat"], topics=["travel"])
    assert told["owner_name"] == "teacher"
    await save(source_url=None, language="de", tags=["sea"])
    found = (await ask("colleague", "GET", "/content/facets")).json()
    assert found == {"languages": ["de", "en"], "topics": ["travel"], "tags": ["by boat", "sea"]}
    nothing = {"languages": [], "topics": [], "tags": []}
    assert (await ask("lake_teacher", "GET", "/content/facets")).json() == nothing


async def test_of_too_many_words_those_that_most_items_have_are_told(
    ask, save, monkeypatch
) -> None:
    monkeypatch.setattr(repository, "MOST_FACETS", 2)
    for tags in (["boat", "sea"], ["harbour", "sea"], ["harbour", "zebra"]):
        await save(source_url=None, tags=tags)
    assert (await ask("teacher", "GET", "/content/facets")).json()["tags"] == ["harbour", "sea"]


async def test_a_pupils_game_has_no_favourites(ask, save) -> None:
    await save()
    refused = await ask("ada", "GET", "/content", favourite="true")
    assert (refused.status_code, refused.json()["detail"]) == (403, NO_FAVOURITES)


async def test_favourites_are_ones_own(ask, save) -> None:
    path = f"/content/{(await save())['id']}"
    for favourite, wanted in ((True, 1), (True, 1), (False, 0), (False, 0)):
        answer = await ask("teacher", "PUT", f"{path}/favourite", {"favourite": favourite})
        assert answer.status_code == 204
        assert len(await listed(ask, favourite="true")) == wanted
        assert (await ask("teacher", "GET", path)).json()["favourite"] is favourite
        assert not (await ask("school_admin", "GET", path)).json()["favourite"]
        assert await listed(ask, "school_admin", favourite="true") == []


async def test_only_who_saved_it_and_administrators_change_content(ask, save) -> None:
    told = await save()
    path = f"/content/{told['id']}"
    assert (await ask("colleague", "PUT", path, FERRY_CHANGED)).status_code == 403
    assert (await ask("colleague", "DELETE", path)).status_code == 403
    for who in ("teacher", "school_admin"):
        changed = await ask(who, "PUT", path, FERRY_CHANGED | {"title": who})
        assert (changed.json()["title"], changed.json()["source_url"]) == (who, told["source_url"])
    assert (await ask("lake_admin", "PUT", path, FERRY_CHANGED)).status_code == 404
    assert (await ask("school_admin", "DELETE", path)).status_code == 204
    assert (await ask("teacher", "GET", path)).status_code == 404


async def test_content_goes_with_what_belongs_to_it_and_what_was_done_stays(ask, save, day) -> None:
    content_id = (await save())["id"]
    path, whose = f"/content/{content_id}", {"student_id": str(day.ada)}
    await ask("teacher", "PUT", f"{path}/favourite", {"favourite": True})
    given = {"kind": "content", "source_id": content_id, "student_ids": [str(day.ada)]}
    assert (await ask("teacher", "POST", "/learning-sessions/assignments", given)).is_success
    studied = (await ask("teacher", "POST", f"{path}/start", whose)).json()
    assert studied["assignment_id"] is not None
    assert (await ask("teacher", "DELETE", path)).status_code == 204
    for table in ("content_items", "content_favourites", "assignments"):
        assert await day.world.one(f"select count(*) from {table}") == 0
    left = (await ask("teacher", "GET", f"/learning-sessions/{studied['id']}")).json()
    assert left == studied | {"assignment_id": None}
    assert (await ask("teacher", "POST", f"{path}/start", whose)).status_code == 404


async def test_content_is_studied_and_mastered(ask, save, day) -> None:
    content_id = (await save())["id"]
    path, whose = f"/content/{content_id}", {"student_id": str(day.ada)}

    async def history():
        return (await ask("teacher", "GET", f"{path}/history", **whose)).json()

    assert await history() == {"mastery": 0.0, "items": []}
    ids = []
    for answers in (
        [("deck", True), ("to land", True), ("sail", True)],
        [("deck", False), ("Where does the ferry land?", True)],
    ):
        begun = (await ask("teacher", "POST", f"{path}/start", whose)).json()
        assert (begun["session_type"], begun["source_id"]) == ("content_study", content_id)
        ids.append(begun["id"])
        sent = {"answers": [{"item": item, "correct": right} for item, right in answers]}
        done = await ask("teacher", "POST", f"/learning-sessions/{begun['id']}/complete", sent)
        assert done.status_code == 200
    told = await history()
    assert told["mastery"] == pytest.approx(2 / 3)
    assert [one["id"] for one in told["items"]] == ids[::-1]
    cards = (await ask("teacher", "GET", "/review-cards", **whose)).json()["items"]
    assert {one["front"] for one in cards} == {"deck", "to land"}


async def test_the_answer_given_last_counts_whichever_sitting_began_last(ask, save, day) -> None:
    path = f"/content/{(await save())['id']}"
    whose = {"student_id": str(day.ada)}
    begun = [(await ask("teacher", "POST", f"{path}/start", whose)).json() for _ in range(2)]
    for sitting, right in ((begun[1], False), (begun[0], True)):
        sent = {"answers": [{"item": "deck", "correct": right}]}
        await ask("teacher", "PATCH", f"/learning-sessions/{sitting['id']}", sent)
    told = (await ask("teacher", "GET", f"{path}/history", **whose)).json()
    assert told["mastery"] == pytest.approx(1 / 3)


async def test_nothing_to_learn_is_not_mastered(ask, save, day) -> None:
    path = f"/content/{(await save(materials=[]))['id']}/history"
    answer = await ask("teacher", "GET", path, student_id=str(day.ada))
    assert answer.json() == {"mastery": None, "items": []}


async def test_the_pupils_game_studies_what_is_assigned(ask, save, day) -> None:
    content_id = (await save())["id"]
    path, whose = f"/content/{content_id}/start", {"student_id": str(day.ada)}
    assert (await ask("ada", "POST", path, whose)).status_code == 403
    assert await day.world.one("select count(*) from learning_sessions") == 0
    given = {"kind": "content", "source_id": content_id, "student_ids": [str(day.ada)]}
    await ask("teacher", "POST", "/learning-sessions/assignments", given)
    begun = (await ask("ada", "POST", path, whose)).json()
    [task] = (await ask("ada", "GET", "/learning-sessions/assignments")).json()["items"]
    assert (task["title"], task["id"]) == ("On the ferry", begun["assignment_id"])
    await ask("ada", "POST", f"/learning-sessions/{begun['id']}/complete")
    [task] = (await ask("teacher", "GET", "/learning-sessions/assignments")).json()["items"]
    assert task["done_at"] is not None
    assert (await ask("ada", "POST", "/content", FERRY)).status_code == 403


async def test_what_is_not_there_is_not_assigned(ask, day) -> None:
    given = {"kind": "content", "source_id": str(uuid4()), "student_ids": [str(day.ada)]}
    answer = await ask("teacher", "POST", "/learning-sessions/assignments", given)
    assert answer.status_code == 404


async def test_without_the_consent_that_is_required_nothing_is_begun(ask, save, day) -> None:
    path = f"/content/{(await save())['id']}/start"
    await ask("school_admin", "PUT", "/schools/consent-policy", {"required": ["play"]})
    answer = await ask("teacher", "POST", path, {"student_id": str(day.ada)})
    assert (answer.status_code, answer.json()["code"]) == (403, "consent_missing")
    assert await day.world.one("select count(*) from review_cards") == 0


def test_half_a_character_is_no_tag() -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Tags).validate_python(["\ud800"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"source_url": "javascript:alert(1)"},
        {"title": " "},
        {"content_type": "lecture"},
        {"difficulty": "easy"},
        {"text": "\0"},
        {"materials": [{"title": "x", "links": []}]},
    ],
)
async def test_what_is_not_valid_is_not_saved(ask, wrong) -> None:
    assert (await ask("teacher", "POST", "/content", FERRY | wrong)).status_code == 422
    assert await listed(ask) == []
