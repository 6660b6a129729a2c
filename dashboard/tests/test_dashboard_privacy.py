"""Consent and a student's whole record: pages run in this process."""

import pytest
from starlette.responses import JSONResponse
from visiting import Visit, class_named, student_named


@pytest.fixture
def admin(visit: Visit) -> Visit:
    return visit.arrive().log_in("principal")


def consent(admin: Visit) -> Visit:
    return admin.open("privacy", part="Consent", **{"class": class_named(admin.fake, "Class 6a")})


def checkbox(visit: Visit, label: str):
    return next(one for one in visit.app.checkbox if one.label.startswith(label))


def radio(visit: Visit, label: str):
    return next(one for one in visit.app.radio if one.label == label)


def puts(visit: Visit) -> list[str]:
    return [one for one in visit.fake.requests if one.split()[0] in {"PUT", "POST"}][1:]


def test_privacy_is_for_administrators_of_a_school(visit: Visit) -> None:
    visit.arrive().log_in().open("privacy")
    assert "This page is not part of your account" in visit.text
    assert "GET /schools/consent-policy" not in visit.fake.requests


def test_answers_of_a_class_are_noted_together(admin: Visit) -> None:
    consent(admin)
    assert "Samir Aziz: Not known yet" in admin.text
    checkbox(admin, "Samir Aziz").check()
    checkbox(admin, "Rosa Fuchs").check()
    radio(admin, "Their answer").set_value("verified")
    admin.field("Note").set_value(" Forms in folder 5b ")
    admin.press("Save for those who are ticked")
    assert "Saved for 2 students." in admin.text
    said = admin.fake.consents[student_named(admin.fake, "Samir Aziz")]
    assert [(one["kind"], one["to_state"], one["note"]) for one in said] == [
        ("play", "verified", "Forms in folder 5b")
    ]
    assert len(admin.fake.consents) == 2
    assert "Samir Aziz: Given" in admin.text
    assert not [one for one in admin.app.checkbox if one.value]


def test_everybody_is_ticked_at_once(admin: Visit) -> None:
    consent(admin).press("Tick everybody")
    radio(admin, "Their answer").set_value("revoked")
    admin.press("Save for those who are ticked")
    assert "Saved for 4 students." in admin.text
    assert "Quinn Baker: Refused" in admin.text


def test_nothing_is_noted_without_a_student_or_an_answer(admin: Visit) -> None:
    consent(admin)
    checkbox(admin, "Samir Aziz").check()
    admin.press("Save for those who are ticked")
    assert "Tick at least one student, and choose the answer." in admin.text
    assert puts(admin) == []


def test_answers_that_are_refused_stay_typed(admin: Visit) -> None:
    consent(admin)
    admin.fake.failures["/consents"] = JSONResponse({}, 503)
    checkbox(admin, "Samir Aziz").check()
    radio(admin, "Their answer").set_value("verified")
    admin.field("Note").set_value("Folder 5b")
    admin.press("Save for those who are ticked")
    assert "Something went wrong on the Learntrace server" in admin.text
    assert admin.field("Note").value == "Folder 5b"
    assert checkbox(admin, "Samir Aziz").value is True


def test_requiring_play_while_some_lack_it_asks_once_more(admin: Visit) -> None:
    consent(admin)
    assert "20 students have not given consent to play" in admin.text
    checkbox(admin, "Play: without it").check()
    admin.press("Save for the whole school")
    assert "Nothing was changed." in admin.text
    assert admin.fake.required == []
    checkbox(admin, "I know; require it anyway").check()
    admin.press("Save for the whole school")
    assert "It counts from now on." in admin.text
    assert admin.fake.required == ["play"]


def test_names_are_hidden_in_the_consents_of_a_class(admin: Visit) -> None:
    consent(admin).switch("Hide names", on=True)
    assert "Samir Aziz" not in admin.text


def record(visit: Visit, name: str = "Ben Oduya") -> Visit:
    return visit.open("student", student=student_named(visit.fake, name), tab="record")


def test_record_is_read_only_when_its_tab_is_open(admin: Visit) -> None:
    student = student_named(admin.fake, "Ben Oduya")
    admin.open("student", student=student)
    assert f"GET /students/{student}/consents" not in admin.fake.requests
    record(admin)
    assert f"GET /students/{student}/consents" in admin.fake.requests


def test_administrator_notes_an_answer_and_reads_who_noted_it(admin: Visit) -> None:
    record(admin)
    assert "Nobody has answered yet." in admin.text
    admin.press("Save the answer")
    assert "Choose the answer first." in admin.text
    radio(admin, "Their answer").set_value("revoked")
    admin.field("Note").set_value("Letter of 2 March")
    admin.press("Save the answer")
    assert "Not known yet → Refused" in admin.text
    assert "Letter of 2 March" in admin.text
    assert "Paul Okafor" in admin.text


def test_teachers_read_consents_and_neither_copy_nor_erase(visit: Visit) -> None:
    record(visit.arrive().log_in())
    assert "Consents" in visit.text
    labels = [one.label for one in visit.app.button]
    assert not [one for one in labels if one in {"Erase for good", "Put the copy together"}]
    assert "Save the answer" not in labels


def test_test_players_have_no_record(admin: Visit) -> None:
    record(admin, "Player K7QM")
    assert "Record" not in [one.label for one in admin.app.tabs]


def test_copy_of_everything_is_put_together_when_asked_for(admin: Visit) -> None:
    student = student_named(admin.fake, "Ben Oduya")
    record(admin)
    assert f"GET /students/{student}/export" not in admin.fake.requests
    admin.press("Put the copy together")
    assert admin.fake.requests.count(f"GET /students/{student}/export") == 1
    assert "Save the copy (zip)" in admin.text


def test_copy_of_everything_is_kept_no_longer_than_it_is_offered(admin: Visit) -> None:
    record(admin).press("Put the copy together")
    assert "Save the copy (zip)" in admin.text
    assert "lt_archive" not in admin.app.session_state
    admin.app.run()
    assert "Save the copy (zip)" not in admin.text


def test_whom_an_administrator_erased_no_colleague_opens_any_more(admin: Visit) -> None:
    ben = student_named(admin.fake, "Ben Oduya")
    colleague = Visit(admin.fake).arrive().log_in()
    colleague.open("student", student=ben)
    assert "Ben Oduya" in colleague.text
    record(admin).field("To go on, type the name").set_value("Ben Oduya")
    admin.press("Erase for good")
    colleague.open("student", student=ben)
    assert "Ben Oduya" not in colleague.text


def test_student_is_erased_once_the_name_is_typed(admin: Visit) -> None:
    student = student_named(admin.fake, "Ben Oduya")
    record(admin)
    admin.field("To go on, type the name").set_value("Ben")
    admin.press("Erase for good")
    assert "this is not the name, letter for letter" in admin.text
    assert admin.field("To go on, type the name").value == "Ben"
    admin.field("To go on, type the name").set_value("Ben Oduya")
    admin.press("Erase for good")
    assert student not in admin.fake.world.students
    assert "3e0a0000-0000-4000-8000-000000000001" in admin.text
    assert "Ben Oduya" not in admin.text


def test_record_is_not_shown_while_names_are_hidden(admin: Visit) -> None:
    record(admin).switch("Hide names", on=True)
    assert "The record is not shown while names are hidden." in admin.text
    assert "Ben Oduya" not in admin.text
