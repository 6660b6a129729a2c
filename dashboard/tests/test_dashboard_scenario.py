"""A scenario with a student: boxes, answers to words, and taking both back."""

import fake_tutoring
import pytest
from starlette.responses import JSONResponse
from visiting import Visit, student_named
from working import BEN, begun, mark, station, tick


@pytest.fixture
def teacher(visit: Visit) -> Visit:
    return visit.arrive().log_in()


@pytest.fixture
def ben(teacher: Visit) -> str:
    return student_named(teacher.fake, BEN)


def test_scenario_is_ticked_through_and_completed(teacher: Visit, ben: str) -> None:
    scenario = begun(teacher, ben)
    [run] = teacher.fake.runs.values()
    for label in ("return:", "A return to Lake", "When does it leave?", "asks for a ticket"):
        tick(teacher, label)
    assert "1 of 2 parts completed" in teacher.text
    assert "✓ At the counter: completed" in teacher.text
    mark(teacher, "single", right=False)
    mark(teacher, "single", right=True)
    assert "wrong, then right" in teacher.text
    assert run["met"]["counter"]["vocabulary"] == ["return", "single"]
    teacher.press("Go on to: At the platform")
    tick(teacher, "says thank you")
    teacher.open("tutoring", student=ben, scenario=scenario)
    assert "At the platform: 1 of 3 met" in teacher.text
    assert "Complete it although 1 part is not completed" in teacher.text
    assert next(one for one in teacher.app.button if one.label.startswith("Complete")).disabled
    tick(teacher, "Complete it although").press("Complete the scenario")
    for said in ("Parts completed", "1 of 2 right", "2 words** are due for review"):
        assert said in teacher.text
    assert "are evidence for skills" in teacher.text
    teacher.press(f"All lessons of {BEN}")
    assert "At the station" in teacher.text
    assert "1 of 2" in teacher.text
    teacher.open("tutoring", student=ben, scenario=scenario)
    assert "1 of 2 parts completed" in teacher.text
    teacher.press("Begin once more")
    assert len(teacher.fake.runs) == 2


def test_what_was_ticked_or_marked_by_mistake_is_taken_back(teacher: Visit, ben: str) -> None:
    begun(teacher, ben)
    [run] = teacher.fake.runs.values()
    tick(tick(teacher, "asks for"), "asks for", on=False)
    assert run["met"]["counter"]["objectives"] == []
    mark(teacher, "return", right=False)
    mark(teacher, "return", right=None)
    assert run["answers"] == []


def test_box_that_could_not_be_saved_says_so_and_stays_as_it_is_stored(
    teacher: Visit, ben: str
) -> None:
    scenario = begun(teacher, ben)
    [run] = teacher.fake.runs.values()
    broken = f"/scenarios/{scenario}/progress"
    before = JSONResponse({"items": [fake_tutoring.told_run(teacher.fake, run)]})
    teacher.fake.failures[broken] = before  # what is read is as it was, and nothing is stored
    tick(teacher, "asks for")
    assert "This was not saved" in teacher.text
    assert not any(one.value for one in teacher.app.checkbox)
    assert run["met"] == {}


def test_box_ticked_in_another_browser_stays_ticked(teacher: Visit, ben: str) -> None:
    begun(teacher, ben)
    [run] = teacher.fake.runs.values()
    run["met"]["counter"] = {"phrases": ["When does it leave?"]}
    tick(teacher, "A return to Lake")
    assert len(run["met"]["counter"]["phrases"]) == 2
    assert sum(one.value for one in teacher.app.checkbox) == 2


def test_tick_of_a_right_answer_is_taken_back_with_the_last_of_them(
    teacher: Visit, ben: str
) -> None:
    begun(teacher, ben)
    [run] = teacher.fake.runs.values()
    for right in (True, False, True, None):
        mark(teacher, "return", right=right)
    assert [one["correct"] for one in run["answers"]] == [True, False]
    assert run["met"]["counter"]["vocabulary"] == ["return"]
    mark(teacher, "return", right=None)
    assert run["met"]["counter"]["vocabulary"] == ["return"]
    mark(teacher, "return", right=None)
    assert run["answers"] == []
    assert run["met"]["counter"]["vocabulary"] == []


def test_word_that_was_ticked_stays_so_when_a_wrong_answer_is_taken_back(
    teacher: Visit, ben: str
) -> None:
    begun(teacher, ben)
    [run] = teacher.fake.runs.values()
    tick(teacher, "return:")
    mark(teacher, "return", right=False)
    mark(teacher, "return", right=None)
    assert run["answers"] == []
    assert run["met"]["counter"]["vocabulary"] == ["return"]


def test_word_of_two_parts_is_asked_in_each(teacher: Visit, ben: str) -> None:
    scenario = station(teacher.fake)
    counter, platform = teacher.fake.scenarios[scenario]["phases"]
    both = [counter, platform | {"vocabulary": counter["vocabulary"]}]
    teacher.fake.scenarios[scenario] |= {"phases": both}
    begun(teacher, ben)
    [run] = teacher.fake.runs.values()
    mark(teacher, "return", right=True)
    assert "in this scenario so far" not in teacher.text
    teacher.press("Go on to: At the platform")
    assert "in this scenario so far: right" in teacher.text
    mark(teacher, "return", right=True)
    assert len(run["answers"]) == 2
    assert "right, then right" in teacher.text
    mark(teacher, "return", right=None)
    assert len(run["answers"]) == 1
    assert run["met"]["platform"]["vocabulary"] == []
    assert run["met"]["counter"]["vocabulary"] == ["return"]
