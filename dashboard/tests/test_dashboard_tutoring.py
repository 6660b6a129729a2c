"""Working with a student: pages run in this process, and one real browser looks at them."""

from collections.abc import Iterator
from datetime import timedelta

import fake_library
import fake_tutoring
import pytest
from browser import (
    fits,
    missing_browser,
    serious,
    settled,
    signed_in,
)
from fake_api import FakeApi, Served
from playwright.sync_api import Page
from starlette.responses import JSONResponse
from visiting import Visit, student_named
from working import BEN, begun, ferry, mark, station, tick

RETURN, SINGLE = fake_library.STATION["phases"][0]["vocabulary"]


@pytest.fixture
def teacher(visit: Visit) -> Visit:
    return visit.arrive().log_in()


@pytest.fixture
def ben(teacher: Visit) -> str:
    return student_named(teacher.fake, BEN)


@pytest.mark.parametrize("what", ["scenario", "study", "review", "conversation"])
def test_what_was_begun_by_mistake_is_taken_away(teacher: Visit, ben: str, what: str) -> None:
    fake = teacher.fake
    if what == "scenario":
        begun(teacher, ben)
    else:
        types = {"study": "content_study", "review": "vocabulary_review"}
        source_id = ferry(fake) if what == "study" else None
        one = fake_tutoring.a_lesson(fake, ben, types.get(what, what), source_id=source_id)
        teacher.open("tutoring", session=one["id"])
    button = next(one for one in teacher.app.button if one.label == "Take it away")
    assert button.disabled
    tick(teacher, "Take it away; it cannot be brought back").press("Take it away")
    assert fake.runs == fake.lessons == {}
    assert "It is taken away." in teacher.text
    assert "There is no lesson yet" in teacher.text


def test_content_is_studied(teacher: Visit, ben: str) -> None:
    content = ferry(teacher.fake)
    teacher.open("tutoring", student=ben, content=content)
    assert "2 words, 1 question" in teacher.text
    assert "None of the words and questions of this content was answered yet." in teacher.text
    teacher.press("Begin to study it")
    assert "a ship's floor" in teacher.text
    teacher.switch("Show meanings and answers", on=False)
    assert "a ship's floor" not in teacher.text
    mark(teacher, "deck", right=True)
    mark(teacher, "to land", right=False)
    assert "2 of 3 words and questions answered" in teacher.text
    mark(teacher, "Where does the ferry land?", right=True)
    teacher.press("Complete the study")
    assert "2 of 3 right" in teacher.text
    [lesson] = teacher.fake.lessons.values()
    assert lesson["ended_at"] is not None


def test_what_was_right_at_the_last_answer_is_told_over_all_studies(
    teacher: Visit, ben: str
) -> None:
    fake, content = teacher.fake, ferry(teacher.fake)
    about = {"source_id": content, "metadata": {"title": "On the ferry"}}
    first = fake_tutoring.a_lesson(fake, ben, "content_study", **about)
    first["answers"] = [{"item": item, "correct": True} for item in ("deck", "to land")]
    first["ended_at"] = first["started_at"]
    teacher.open("tutoring", student=ben, content=content)
    assert "So far 2 of 3 words and questions" in teacher.text
    teacher.press("Begin once more")
    mark(teacher, "deck", right=False)
    assert "So far 1 of 3 words and questions" in teacher.text
    assert "So far 1 of 3" in teacher.open("tutoring", session=first["id"]).text
    second = list(fake.lessons)[-1]
    assert "So far 1 of 3" in teacher.open("tutoring", session=second).text
    del fake.content[content]
    teacher.press("Refresh").open("tutoring", session=first["id"])
    assert "So far" not in teacher.text
    assert "2 of 2 right" in teacher.text


def test_content_without_words_and_questions_has_nothing_to_learn(teacher: Visit, ben: str) -> None:
    content = fake_library.named(teacher.fake.content, "In der Hütte")
    teacher.open("tutoring", student=ben, content=content)
    assert "There is nothing to learn in this content yet" in teacher.text
    assert "To learn:" not in teacher.text


def test_lesson_without_consent_is_refused_in_words_that_fit(teacher: Visit, ben: str) -> None:
    content = ferry(teacher.fake)
    teacher.open("tutoring", student=ben, content=content)
    refused = JSONResponse({"code": "consent_missing"}, 403)
    teacher.fake.failures[f"/content/{content}/start"] = refused
    teacher.press("Begin to study it")
    assert "lessons consent to play where your school requires it" in teacher.text


def test_words_are_reviewed_one_at_a_time(teacher: Visit, ben: str) -> None:
    for word in (RETURN, SINGLE):
        fake_tutoring.a_card(teacher.fake, ben, word)
    teacher.open("student", student=ben, tab="lessons").press("Review words")
    assert "**2 words** are due for review" in teacher.text
    teacher.open("tutoring", student=ben, review="yes").press("Begin the review")
    assert "2 words left" in teacher.text
    assert RETURN["meaning"] not in teacher.text
    teacher.press("Show the answer")
    assert RETURN["meaning"] in teacher.text
    teacher.press("Not remembered")
    assert "1 word left" in teacher.text
    assert SINGLE["meaning"] not in teacher.text
    teacher.press("Show the answer").press("Remembered")
    assert "No word is due any more" in teacher.text
    assert "The next one is due" in teacher.text
    teacher.press("Complete the review")
    assert "1 of 2 right" in teacher.text
    assert "Reviews and conversations count in no estimate" in teacher.text


def test_review_of_two_languages_asks_which(teacher: Visit, ben: str) -> None:
    fake_tutoring.a_card(teacher.fake, ben, RETURN)
    fake_tutoring.a_card(teacher.fake, ben, {"term": "Brot", "meaning": "bread"}, language="de")
    teacher.open("tutoring", student=ben, review="yes").choose("Language", "en")
    teacher.press("Begin the review")
    assert "1 word left" in teacher.text


def test_lesson_that_goes_on_is_gone_on_with_by_its_address(teacher: Visit, ben: str) -> None:
    fake, content = teacher.fake, ferry(teacher.fake)
    about = {"source_id": content, "metadata": {"title": "On the ferry"}}
    older = fake_tutoring.a_lesson(fake, ben, "content_study", **about)
    fake_tutoring.a_lesson(fake, ben, "content_study", **about)
    teacher.open("tutoring", session=older["id"])
    mark(teacher, "deck", right=True)
    assert [one["item"] for one in older["answers"]] == ["deck"]
    review = fake_tutoring.a_lesson(fake, ben, "vocabulary_review")
    fake_tutoring.a_lesson(fake, ben, "vocabulary_review")
    teacher.open("tutoring", session=review["id"]).press("Complete the review")
    assert review["ended_at"] is not None
    del fake.content[content]
    teacher.press("Refresh").open("tutoring", session=older["id"]).press("Complete it")
    assert older["ended_at"] is not None
    other = fake_tutoring.a_lesson(fake, ben, "scenario", metadata={"title": "In a game"})
    assert "In a game" in teacher.open("tutoring", session=other["id"]).text


def test_test_player_is_worked_with_in_the_test_area(teacher: Visit) -> None:
    fake, player = teacher.fake, student_named(teacher.fake, "Player K7QM")
    scenario = station(fake)
    teacher.open("tutoring", student=player, scenario=scenario, area="test")
    assert "Test data" in teacher.text
    teacher.press("Begin the scenario")
    for path in (f"/scenarios/{scenario}/start", f"/scenarios/{scenario}/progress"):
        assert "sandbox=true" in fake.queries[path]


def test_without_words_there_is_nothing_to_review(teacher: Visit, ben: str) -> None:
    teacher.open("tutoring", student=ben, review="yes")
    assert f"No words of {BEN} are due now" in teacher.text
    assert "Begin the review" not in teacher.text
    assert "content that was studied" in teacher.text


def test_conversation_is_noted_and_its_note_hidden_with_the_names(teacher: Visit, ben: str) -> None:
    teacher.open("student", student=ben, tab="lessons").press("Note a conversation")
    assert "with how long it took" in teacher.text
    teacher.open("tutoring", student=ben, conversation="yes").press("Begin the conversation")
    teacher.app.text_area[0].set_value("Ben told of the match.")
    teacher.press("Complete it")
    [lesson] = teacher.fake.lessons.values()
    assert lesson["metadata"] == {"note": "Ben told of the match."}
    assert "Ben told of the match." in teacher.text
    teacher.open("tutoring", session=lesson["id"]).switch("Hide names", on=True)
    assert "Ben" not in teacher.text
    assert "Student " in teacher.text


def test_students_page_lists_what_is_to_do_and_was_done(teacher: Visit, ben: str) -> None:
    fake = teacher.fake
    scenario, content = station(fake), ferry(fake)
    teacher.open("student", student=ben, tab="lessons")
    assert "There is no lesson yet" in teacher.text
    assert "Nothing is assigned." in teacher.text
    fake_library.given(fake, [ben], "scenario", scenario, due_on="2026-11-30")
    fake_library.given(fake, [ben], "review")
    fake_tutoring.a_run(fake, ben, scenario)
    about = {"source_id": content, "metadata": {"title": "On the ferry"}}
    fake_tutoring.a_lesson(fake, ben, "content_study", **about)
    done = fake_tutoring.a_lesson(fake, ben, "conversation")
    done["ended_at"] = done["started_at"]
    teacher.press("Refresh")
    for said in (
        "Mon 30 Nov",
        "On the ferry",
        "0 of 2, goes on",
        "nothing answered",
        "Review of words",
    ):
        assert said in teacher.text
    assert f"tutoring?student={ben}&scenario={scenario}" in teacher.text
    assert f"tutoring?student={ben}&review=yes" in teacher.text
    assert "Reviews and conversations count in no estimate." in teacher.text
    assert (
        f"tutoring?session={done['id']}"
        in teacher.open("student", student=ben, tab="timeline").text
    )
    assert f"tutoring?session={done['id']}" in teacher.open("student", student=ben, tab="why").text


def test_what_a_student_is_to_do_stands_by_its_day_and_is_marked_when_overdue(
    teacher: Visit, ben: str
) -> None:
    fake = teacher.fake
    past, later = ((fake.world.now + timedelta(days=days)).date() for days in (-3, 30))
    fake_library.given(fake, [ben], "review")
    fake_library.given(fake, [ben], "scenario", station(fake), due_on=later.isoformat())
    fake_library.given(fake, [ben], "content", ferry(fake), due_on=past.isoformat())
    text = teacher.open("student", student=ben, tab="lessons").text
    places = [text.index(said) for said in ("On the ferry", "At the station", "Review of words")]
    assert places == sorted(places)
    assert text.count("Overdue: ") == 1
    assert "no day set" in text


@pytest.mark.parametrize("broken", ["/learning-sessions", "/scenarios/progress", "/review-cards"])
def test_part_that_cannot_be_read_says_so_and_others_stay(
    teacher: Visit, ben: str, broken: str
) -> None:
    fake_library.given(teacher.fake, [ben], "review")
    teacher.fake.failures[broken] = JSONResponse({}, 503)
    teacher.open("student", student=ben, tab="lessons")
    assert "Something went wrong on the Learntrace server" in teacher.text
    assert f"What {BEN} is to do" in teacher.text


@pytest.mark.parametrize("kind", ["scenario", "content"])
def test_student_is_taken_along_into_the_library(teacher: Visit, ben: str, kind: str) -> None:
    teacher.open("student", student=ben, tab="lessons").press("Choose a scenario or content")
    assert f"Open what you want to work through with {BEN}." in teacher.text
    source = {"scenario": station, "content": ferry}[kind](teacher.fake)
    tab = {"scenario": "Scenarios", "content": "Content"}[kind]
    teacher.open("lessons", part=tab, student=ben)
    assert f"{kind}?{kind}={source}&student={ben}" in teacher.text
    teacher.open(kind, **{kind: source}, student=ben).press(f"Work through it with {BEN}")
    assert "Begin" in "".join(one.label for one in teacher.app.button)
    teacher.open(kind, **{kind: source}, student=ben).press(f"All {tab.lower()}")
    assert f"All lessons of {BEN}" in teacher.text


def test_student_is_chosen_for_what_the_library_shows(teacher: Visit, ben: str) -> None:
    scenario = station(teacher.fake)
    teacher.open("scenario", scenario=scenario).press("Work through it with a student")
    assert "Choose with whom." in teacher.text
    assert "At the station" in teacher.text
    teacher.open("tutoring", scenario=scenario).choose("Student", ben)
    assert "Begin the scenario" in teacher.text


@pytest.mark.parametrize("what", ["scenario", "content", "session"])
def test_what_is_not_there_is_said_in_plain_words(teacher: Visit, ben: str, what: str) -> None:
    teacher.open("tutoring", student=ben, **{what: ben})
    assert "This was not found." in teacher.text


def test_game_developer_does_not_open_it(visit: Visit) -> None:
    ben = student_named(visit.fake, BEN)
    visit.arrive().log_in("dev").open("tutoring", student=ben, review="yes")
    assert "This page is not part of your account." in visit.text


@pytest.fixture
def page() -> Iterator[Page]:
    """A teacher's browser beside a fake school of its own; `page.context.fake` is that school."""
    with Served(FakeApi()) as served, signed_in(served.url, "t.winter") as one:
        one.context.fake = served.fake
        yield one


@pytest.mark.browser
@pytest.mark.skipif(missing_browser() is not None, reason=str(missing_browser()))
def test_axe_finds_no_serious_fault_and_everything_fits(page: Page) -> None:
    fake = page.context.fake
    ben = student_named(fake, BEN)
    scenario, content = station(fake), ferry(fake)
    fake_library.given(fake, [ben], "scenario", scenario)
    done = fake_tutoring.a_run(fake, ben, scenario)
    done["answers"] = [{"item": "return", "correct": right} for right in (False, True)]
    fake_tutoring.complete(fake, done)
    fake_tutoring.a_run(fake, ben, scenario)
    fake_tutoring.a_lesson(fake, ben, "content_study", source_id=content)
    fake_tutoring.a_lesson(fake, ben, "vocabulary_review")
    fake_tutoring.a_lesson(fake, ben, "conversation")
    at = f"/tutoring?student={ben}"
    for address in (
        f"/student?student={ben}&tab=lessons",
        f"{at}&scenario={scenario}",
        f"{at}&content={content}",
        f"{at}&review=yes",
        f"{at}&conversation=yes",
        f"/tutoring?session={done['id']}",
        f"/tutoring?scenario={scenario}",
        f"/lessons?part=Content&student={ben}",
        f"/content?content={content}&student={ben}",
    ):
        page.goto(address)
        page.get_by_text("Data up to").first.wait_for()
        settled(page)
        assert serious(page) == [], address
        fits(page)
