"""Lessons: what is assigned, assigning, the library; pages run in this process."""

from datetime import timedelta

import fake_library
import pytest
from starlette.responses import JSONResponse
from visiting import Visit, class_named, student_named

from learntrace.learning_sessions.scenarios.progress import is_completed
from learntrace.learning_sessions.scenarios.types import Aim, Phase
from learntrace_dashboard import wire
from learntrace_dashboard.contract_library import ContentItem
from learntrace_dashboard.library_words import least_met
from learntrace_dashboard.library_writing import Line, as_lines, lines_of, materials, problems
from learntrace_dashboard.texts import Texts


@pytest.fixture
def teacher(visit: Visit) -> Visit:
    return visit.arrive().log_in()


def station(visit: Visit) -> str:
    return fake_library.named(visit.fake.scenarios, "At the station")


def ferry(visit: Visit) -> str:
    return fake_library.named(visit.fake.content, "On the ferry")


def tick(visit: Visit, label: str) -> Visit:
    next(one for one in visit.app.checkbox if label in one.label).set_value(True).run()
    return visit


def members(visit: Visit) -> list[str]:
    return visit.fake.world.members[class_named(visit.fake, "Class 5b Science")]


def test_class_without_anything_to_do_says_so(teacher: Visit) -> None:
    assert "Nothing is to be done" in teacher.open("lessons").text


def test_class_sees_what_is_open_and_what_is_done(teacher: Visit) -> None:
    fake_library.lived(teacher.fake)
    text = teacher.open("lessons").text
    assert "Overdue: " in text
    assert "12 of 16: show who" in text
    assert "Mateo Rojas, Noor van Dijk, Olga Petrenko, Priya Raman" in text
    assert "given to the class" in text
    assert "given to some" in text
    assert "Dilan Yıldız, Emil Sørensen" in text
    assert "no day set" in text
    assert "Auf dem Markt" not in text
    teacher.app.segmented_control[0].set_value("done").run()
    assert "Auf dem Markt" in teacher.text
    assert "At the station" not in teacher.text
    teacher.switch("Hide names", on=True)
    teacher.app.segmented_control[0].set_value("open").run()
    assert "Mateo" not in teacher.text


def test_what_is_still_to_do_is_taken_back_and_what_is_done_stays(teacher: Visit) -> None:
    ids = members(teacher)[:3]
    due = (teacher.fake.world.now - timedelta(days=3)).date().isoformat()
    made = fake_library.given(teacher.fake, ids, "scenario", station(teacher), due_on=due)
    made[0]["done_at"] = made[0]["assigned_at"]
    teacher.open("lessons", task=made[0]["id"])
    assert "At the station: who has done it" in teacher.text
    assert "Not yet, overdue" in teacher.text
    assert f"tutoring?student={ids[1]}&scenario={station(teacher)}" in teacher.text
    assert f"tutoring?student={ids[0]}" not in teacher.text
    tick(teacher, "Take it back from 2 students").press("Take back")
    assert "It is taken back from 2 students." in teacher.text
    assert [one["student_id"] for one in teacher.fake.assignments.values()] == ids[:1]


def test_class_is_given_a_scenario_once_each(teacher: Visit) -> None:
    teacher.open("lessons", part="Assign", scenario=station(teacher)).press("Assign")
    assert "Assigned to 16 students." in teacher.text
    assert {one["source_id"] for one in teacher.fake.assignments.values()} == {station(teacher)}
    teacher.press("Assign")
    assert "Nothing new was assigned." in teacher.text
    assert "Had it to do already, and keep it as it is: Amina Haddad, Ben Oduya" in teacher.text


def test_some_students_are_given_a_review_until_a_day(teacher: Visit) -> None:
    ben = student_named(teacher.fake, "Ben Oduya")
    teacher.open("lessons", part="Assign")
    teacher.app.radio[0].set_value("review").run()
    teacher.app.radio[1].set_value("some").run()
    teacher.press("Assign")
    assert "Choose at least one student." in teacher.text
    day = (teacher.fake.world.now + timedelta(days=7)).date()
    teacher.app.multiselect[0].set_value([ben])
    teacher.app.date_input[0].set_value(day).run()
    teacher.press("Assign")
    assert "Assigned to 1 student." in teacher.text
    [one] = teacher.fake.assignments.values()
    assert (one["student_id"], one["kind"], one["due_on"]) == (ben, "review", day.isoformat())


def test_missing_consent_is_told_with_names_and_the_others_are_chosen(teacher: Visit) -> None:
    teacher.fake.no_consent = {student_named(teacher.fake, "Ben Oduya")}
    teacher.open("lessons", part="Assign", content=ferry(teacher)).press("Assign")
    assert "there is none for Ben Oduya." in teacher.text
    assert teacher.fake.assignments == {}
    teacher.press("Assign")
    assert "Assigned to 15 students." in teacher.text
    assert "there is none for" not in teacher.text


def test_of_those_chosen_the_others_stay_chosen_where_consent_is_missing(teacher: Visit) -> None:
    ben, amina = (student_named(teacher.fake, name) for name in ("Ben Oduya", "Amina Haddad"))
    teacher.fake.no_consent = {ben}
    teacher.open("lessons", part="Assign", content=ferry(teacher))
    teacher.app.radio[1].set_value("some").run()
    teacher.app.multiselect[0].set_value([ben, amina])
    teacher.press("Assign").press("Assign")
    assert [one["student_id"] for one in teacher.fake.assignments.values()] == [amina]


@pytest.mark.parametrize("then", ["another", "away and back"])
def test_refusal_is_over_for_anything_else_and_once_the_tab_is_left(
    teacher: Visit, then: str
) -> None:
    teacher.fake.no_consent = {student_named(teacher.fake, "Ben Oduya")}
    teacher.open("lessons", part="Assign", content=ferry(teacher)).press("Assign")
    assert "there is none for Ben Oduya." in teacher.text
    teacher.fake.no_consent = set()
    if then == "another":
        hut = fake_library.named(teacher.fake.content, "In der Hütte")
        teacher.choose("Which content?", hut)
    else:
        teacher.open("privacy").open("lessons", part="Assign", content=ferry(teacher))
    assert "there is none for" not in teacher.text
    teacher.press("Assign")
    assert "Assigned to 16 students." in teacher.text


def test_scenarios_stand_from_the_easiest_and_are_filtered(teacher: Visit) -> None:
    text = teacher.open("lessons", part="Scenarios").text
    assert text.index("At the station") < text.index("Auf dem Markt")
    assert "Daily life" in text
    teacher.choose("Difficulty", "intermediate")
    assert "At the station" not in teacher.text
    teacher.choose("Language", "en")
    assert "Nothing fits" in teacher.text


def test_long_lists_of_scenarios_and_content_say_so_and_leave_nothing_out_of_reach(
    teacher: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "PAGE_LIMIT", 1)
    assert "Auf dem Markt" in teacher.open("lessons", part="Scenarios").text
    assert "Only the first" not in teacher.text
    monkeypatch.setattr(wire, "MOST_PAGES", 1)
    teacher.press("Refresh")
    assert "Auf dem Markt" not in teacher.text
    assert "Only the first 1 scenarios are in this list" in teacher.text
    hut = fake_library.named(teacher.fake.content, "In der Hütte")
    teacher.open("lessons", part="Assign", content=hut)
    assert "Only the first 1 items are in this list" in teacher.text
    teacher.press("Assign")
    assert {one["source_id"] for one in teacher.fake.assignments.values()} == {hut}


def test_scenario_shows_its_parts_as_they_are(teacher: Visit) -> None:
    text = teacher.open("scenario", scenario=station(teacher)).text
    for said in ("Part 1: At the counter", "a ticket there and back", "When does it leave?",
                 "asks for a ticket", "all 3 signs of success"):  # fmt: skip
        assert said in text
    teacher.press("Assign it")
    assert "Which scenario?" in teacher.text
    assert "Choose a scenario to begin" in teacher.open("scenario").text


def test_content_is_searched_marked_and_opened(teacher: Visit) -> None:
    teacher.open("lessons", part="Content")
    assert "In der Hütte" in teacher.text
    teacher.field("Title").set_value("FERRY").run()
    assert "In der Hütte" not in teacher.text
    teacher.choose("Topic", "mountains")
    assert "Nothing fits" in teacher.text
    teacher.open("content", content=ferry(teacher))
    for said in ("At noon we land in Lake.", "a ship's floor", "In Lake.", "saved by Tessa Winter"):
        assert said in teacher.text
    teacher.press("Mark as favourite")
    assert "It is one of your favourites." in teacher.text
    teacher.open("lessons", part="Content").switch("Only my favourites", on=True)
    assert "★ yours" in teacher.text
    assert "In der Hütte" not in teacher.text


def test_content_is_written_with_what_is_wrong_said_first(teacher: Visit) -> None:
    teacher.open("content-form").field("Where it is from").set_value("my book")
    teacher.press("Save")
    assert "Please give it a title." in teacher.text
    assert "has to be an address that begins with https://" in teacher.text
    teacher.field("Title").set_value(" The harbour ")
    teacher.field("Where it is from").set_value("https://example.org/harbour")
    teacher.field("Topics").set_value("travel, sea ,")
    teacher.press("Save")
    assert "The content is saved." in teacher.text
    made = teacher.fake.content[fake_library.named(teacher.fake.content, "The harbour")]
    assert (made["topics"], made["materials"]) == (["travel", "sea"], [])


def test_own_content_is_changed_and_deleted_and_another_s_is_not(teacher: Visit) -> None:
    own = ferry(teacher)
    before = teacher.fake.content[own]["materials"]
    teacher.open("content", content=own).press("Change")
    assert "Change content" in teacher.text
    teacher.open("content-form", content=own)
    teacher.field("Title").set_value("The ferry")
    teacher.press("Save")
    assert teacher.fake.content[own]["title"] == "The ferry"
    assert teacher.fake.content[own]["materials"] == before
    teacher.open("content", content=own)
    tick(teacher, "Delete it").press("Delete")
    assert own not in teacher.fake.content
    assert "The content is deleted." in teacher.text
    other = fake_library.named(teacher.fake.content, "In der Hütte")
    teacher.open("content", content=other)
    assert {"Change", "Delete"} & {one.label for one in teacher.app.button} == set()
    assert "Only who saved this content" in teacher.open("content-form", content=other).text


def test_library_that_cannot_be_read_says_so(teacher: Visit) -> None:
    teacher.fake.failures["/scenarios"] = JSONResponse({}, 503)
    teacher.open("lessons", part="Scenarios")
    assert "Something went wrong on the Learntrace server" in teacher.text


def test_table_of_materials_becomes_parts_in_their_order() -> None:
    table = {
        "part": ["Words", None, "At sea", "Words", None, None],
        "kind": ["word", "question", None, "word", "word", None],
        "front": ["deck", "Where?", "sail", "to land", " ", None],
        "back": ["a floor", "Here.", "a cloth", "to arrive", "", None],
    }
    lines = as_lines(table)
    words, sea = materials(lines, "Unnamed")
    assert [one["term"] for one in words["vocabulary"]] == ["deck", "to land"]
    assert words["questions"] == [{"question": "Where?", "answer": "Here."}]
    assert (sea["title"], sea["vocabulary"]) == ("At sea", [{"term": "sail", "meaning": "a cloth"}])
    assert materials([Line("", "word", "a", "b")], "Unnamed")[0]["title"] == "Unnamed"
    assert materials([Line("", "word", "", "")], "Unnamed") == []


def test_part_with_nothing_but_its_name_is_kept(teacher: Visit) -> None:
    content = ferry(teacher)
    bare = {"title": "To hear", "vocabulary": [], "questions": []}
    parts = [*teacher.fake.content[content]["materials"], bare]
    one = ContentItem.model_validate(teacher.fake.content[content] | {"materials": parts})
    assert materials(lines_of(one), "Unnamed") == parts
    told = {"title": "x", "topics": [], "tags": [], "materials": parts}
    assert problems(Texts(), told, lines_of(one)) == []


def test_parts_of_one_name_are_told_before_they_become_one(teacher: Visit) -> None:
    content = ferry(teacher)
    assert "have the same name" not in teacher.open("content-form", content=content).text
    item = teacher.fake.content[content]
    item["materials"] = item["materials"] * 2
    teacher.press("Refresh").open("content-form", content=content)
    assert "Several parts of this content have the same name: “Words”." in teacher.text


@pytest.mark.parametrize("count", range(1, 21))
def test_part_is_done_with_as_many_signs_of_success_as_the_page_says(count: int) -> None:
    signs = [str(one) for one in range(count)]
    phase = Phase("key", "Title", (), (), (), signs)
    least = least_met(count)
    assert is_completed(phase, {Aim.SUCCESS_CRITERIA: signs[:least]})
    assert not is_completed(phase, {Aim.SUCCESS_CRITERIA: signs[: least - 1]})


def test_what_is_wrong_with_a_line_names_the_line() -> None:
    empty = Line("", "word", "", "")
    lines = [Line("", "word", "deck", ""), empty, Line("", "question", "", "Here.")]
    told = {"title": "x", "topics": ["t" * 61], "tags": [], "materials": materials(lines, "x")}
    assert problems(Texts(), told, lines) == [
        "At most 20 topics, each of at most 60 letters.",
        "Line 1 (“deck”): a word needs its meaning, and a meaning its word.",
        "Line 3 (“Here.”): a question needs its answer, and an answer its question.",
    ]
