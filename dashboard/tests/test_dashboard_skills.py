"""Class skills, a student's skills and reasons: pages run in this process."""

import pytest
from fake_skills import assessment_of, estimates_of
from fake_world import GAME
from starlette.responses import JSONResponse
from visiting import Visit, busiest, student_named

from learntrace_dashboard.texts import Texts

NOTE = Texts()("skills.not_validated")


@pytest.fixture
def teacher(visit: Visit) -> Visit:
    return visit.arrive().log_in()


def test_class_skills_bear_the_note_and_say_what_is_missing(teacher: Visit) -> None:
    teacher.open("skills")
    for words in (NOTE, "Amina Haddad", "Problem solving", "needs 2 more times of play or ratings",
                  "around the middle", "The same in words", "Height of a wave",
                  "no answers yet"):  # fmt: skip
        assert words in teacher.text


def test_class_skills_are_no_ranking(teacher: Visit) -> None:
    teacher.open("skills")
    assert '"sortable": true' not in teacher.text
    members = teacher.fake.world.members[teacher.fake.world.classes[0]["id"]]
    names = [teacher.fake.world.students[one]["display_name"] for one in members]
    places = [teacher.text.index(name) for name in sorted(names)]
    assert places == sorted(places)


def test_class_without_estimates_without_students_without_a_class(teacher: Visit) -> None:
    first = teacher.fake.world.classes[0]["id"]
    answer = {"data_until": "2026-11-03T09:00:00Z", "students": []}
    one = {"student_id": "s", "display_name": "Bo", "skills": [], "knowledge": []}
    teacher.fake.failures[f"/classes/{first}/skills"] = JSONResponse(answer | {"students": [one]})
    teacher.open("skills")
    assert "There are no estimates for this class yet" in teacher.text
    teacher.fake.failures[f"/classes/{first}/skills"] = JSONResponse(answer)
    teacher.press("Refresh")
    assert "This class has no students yet" in teacher.text
    assert "You have no class yet" in Visit(teacher.fake).arrive().log_in("newcomer").open(
        "skills"
    ).text  # fmt: skip


def test_student_has_skills_knowledge_reasons_and_evidence(teacher: Visit) -> None:
    student = busiest(teacher.fake)
    teacher.open("student", student=student)
    for words in (NOTE, "not enough evidence yet", "Knowledge of", "Height of a wave",
                  "Going well in going on after a setback", "[1–2]",
                  "finished 3 of 4 levels", "over time"):  # fmt: skip
        assert words in teacher.text
    for one in assessment_of(teacher.fake, student)["evidence"]:
        assert one["game_session_id"] in teacher.text


def test_no_skill_is_written_as_a_number(teacher: Visit) -> None:
    student = busiest(teacher.fake)
    teacher.open("student", student=student)
    scores = [one["score"] for one in estimates_of(teacher.fake, student) if one["score"]]
    assert scores
    assert not [score for score in scores if f'{round(score * 100)} %"' in teacher.text]


def test_student_without_an_assessment(teacher: Visit) -> None:
    student = student_named(teacher.fake, "Ben Oduya")
    teacher.fake.failures[f"/assessments/{student}"] = JSONResponse({"title": "no"}, 404)
    teacher.open("student", student=student)
    assert "There is no estimate for Ben Oduya yet" in teacher.text
    assert "Nothing was seen yet" in teacher.text


def test_part_that_fails_leaves_the_others_standing(teacher: Visit) -> None:
    student = student_named(teacher.fake, "Ben Oduya")
    for path in (f"/assessments/{student}", f"/students/{student}/progress"):
        teacher.fake.failures[path] = JSONResponse({"title": "no"}, 503)
    teacher.open("student", student=student)
    assert "Something went wrong on the Learntrace server" in teacher.text
    assert "Play sessions of Ben Oduya" in teacher.text
    assert "There are no notes yet" in teacher.text


def test_comparison_is_asked_for_and_needs_ten(teacher: Visit) -> None:
    student = busiest(teacher.fake)
    teacher.open("student", student=student)
    assert "the middle half of the class lies" not in teacher.text
    compare = next(one for one in teacher.app.toggle if one.label == "Compare with the class")
    compare.set_value(True).run()
    assert "the middle half of the class lies" in teacher.text
    few = student_named(teacher.fake, "Samir Aziz")
    teacher.open("student", student=few)
    compare = next(one for one in teacher.app.toggle if one.label == "Compare with the class")
    compare.set_value(True).run()
    assert "needs at least 10 students" in teacher.text


def test_growth_of_another_topic_is_chosen(teacher: Visit) -> None:
    teacher.open("student", student=busiest(teacher.fake))
    box = next(one for one in teacher.app.selectbox if one.options[-1] == "Length of a wave")
    assert "Adaptability over time" in teacher.text
    box.set_value(f"{GAME['id']}-WAVELENGTH").run()
    assert "Length of a wave over time" in teacher.text
    assert "Adaptability over time" not in teacher.text


def test_developer_sees_play_alone(visit: Visit) -> None:
    player = visit.fake.world.members[visit.fake.world.classes[2]["id"]][0]
    visit.arrive().log_in("dev").open("student", student=player, area="test")
    assert "Ratings and notes" not in visit.text
    assert not [one for one in visit.fake.requests if "assessments" in one or "notes" in one]
