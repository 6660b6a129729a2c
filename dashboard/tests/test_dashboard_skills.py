"""Class skills, a student's skills and reasons, ratings and notes: pages run in this process."""

import pytest
from fake_api import FakeApi
from fake_skills import assessment_of, estimates_of
from fake_world import GAME
from starlette.responses import JSONResponse
from visiting import Visit

from learntrace_dashboard.texts import Texts

NOTE = Texts()("skills.not_validated")


def student_named(fake: FakeApi, name: str) -> str:
    return next(one["id"] for one in fake.world.students.values() if one["display_name"] == name)


def busiest(fake: FakeApi) -> str:
    return max(fake.world.students, key=lambda one: len(fake.sessions_of(one)))


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


def test_rating_a_whole_class_on_one_grid(teacher: Visit) -> None:
    teacher.open("rate")
    assert "Level 1: mostly left the task" in teacher.text.replace("\n", " ")
    levels = teacher.app.radio
    assert [one.label for one in levels][:2] == ["Amina Haddad", "Ben Oduya"]
    levels[0].set_value(3)
    levels[1].set_value(1)
    teacher.press("Save the ratings")
    assert "2 ratings are saved." in teacher.text
    given = {
        teacher.fake.world.students[student]["display_name"]: [one["level"] for one in ratings]
        for student, ratings in teacher.fake.ratings.items()
    }
    assert given == {"Amina Haddad": [3], "Ben Oduya": [1]}


def test_saving_nothing_asks_for_a_level(teacher: Visit) -> None:
    teacher.open("rate").press("Save the ratings")
    assert "Choose a level for at least one student" in teacher.text
    assert teacher.fake.ratings == {}


def test_rating_that_is_refused_says_why_and_stays(teacher: Visit) -> None:
    teacher.open("rate")
    problem = {"title": "Forbidden", "detail": "no"}
    teacher.fake.failures["/ratings"] = JSONResponse(problem, 403)
    teacher.app.radio[0].set_value(2)
    teacher.press("Save the ratings")
    assert "Your account may not see this" in teacher.text
    assert "are saved" not in teacher.text


def test_one_student_is_rated_and_the_rating_taken_back(teacher: Visit) -> None:
    student = student_named(teacher.fake, "Ben Oduya")
    teacher.open("student", student=student)
    teacher.app.radio[0].set_value(4)
    teacher.press("Save the rating")
    assert "1 rating is saved." in teacher.text
    assert "Level 4" in teacher.text
    assert f"rating={teacher.fake.ratings[student][0]['id']}" in teacher.text
    assert "Level 4: tried again, used what went wrong" in teacher.text
    teacher.press("Take it back")
    assert teacher.fake.ratings[student] == []
    assert "Nobody has rated this student yet" in teacher.text


def test_note_is_written_and_deleted(teacher: Visit) -> None:
    student = student_named(teacher.fake, "Ben Oduya")
    teacher.open("student", student=student).press("Save the note")
    assert "Write something first." in teacher.text
    teacher.app.text_area[0].set_value("  *Asked* Cleo for help.  ")
    teacher.press("Save the note")
    assert teacher.fake.notes[student][0]["text"] == "*Asked* Cleo for help."
    assert "*Asked* Cleo for help." in teacher.text
    label = next(one.label for one in teacher.app.button if one.label.startswith("Delete my"))
    teacher.press(label)
    assert teacher.fake.notes[student] == []


def test_notes_of_others_cannot_be_deleted_and_are_hidden_with_the_names(teacher: Visit) -> None:
    student = student_named(teacher.fake, "Ben Oduya")
    author = {"id": "x", "name": "Somebody Else"}
    note = {"id": "n", "text": "Ben helped.", "author": author, "created_at": "2026-11-03T09:00Z"}
    teacher.fake.notes[student] = [note]
    teacher.open("student", student=student)
    assert "Ben helped." in teacher.text
    assert not [one for one in teacher.app.button if one.label.startswith("Delete my")]
    next(one for one in teacher.app.toggle if one.label == "Hide names").set_value(True).run()
    assert "Ben helped." not in teacher.text
    assert "they are not shown while names are hidden" in teacher.text
