"""What a teacher does with a student in a scenario, in a browser: all behind it is the real one."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from browser import (
    TIMEOUT_MS,
    log_in,
    missing_browser,
    open_browser,
    remembered,
    run_dashboard,
    settled,
    title,
)
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from learntrace.accounts.secrets import hash_password
from learntrace.assessment import populations
from learntrace.learning_sessions.files import read_starter
from learntrace.learning_sessions.scenarios import repository as scenarios
from learntrace.learning_sessions.scenarios.schemas import ScenarioIn
from learntrace.skills.population import MIN_STUDENTS

from .learning_sessions.given import add_assignment
from .running import serving
from .world import World, add_signed_in, add_student, insert, now

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(missing_browser() is not None, reason=str(missing_browser())),
]
PASSWORD = "a long walk in the rain"
TITLE = "At the corner shop"
WORDS = ("loaf", "slice", "jar")
TRIES = 30
expect.set_options(timeout=TIMEOUT_MS)


@pytest.fixture
async def teacher(world: World) -> str:
    """The user name of somebody who teaches Ada, who is to go through a scenario."""
    [shop] = [one for one in read_starter("scenarios", ScenarioIn) if one.title == TITLE]
    async with world.database.transaction() as db:
        user_id, _ = await add_signed_in(db, "tess", "teacher", world.school_id)
        has = text("update users set password_hash = :hash where id = :id")
        await db.execute(has, {"hash": hash_password(PASSWORD), "id": user_id})
        taught = {"school_id": world.school_id, "class_id": world.class_id}
        await insert(db, "teachings", user_id=user_id, **taught, started_at=now())
        tenants = [world.school_id]
        scenario_id = await scenarios.put(db, tenants, shop.model_dump(mode="json"))
        to_do = {"kind": "scenario", "source_id": scenario_id}
        await add_assignment(db, world.school_id, world.students[0], user_id, **to_do)
    await others_went_through_it(world, scenario_id)
    return "tess"


async def others_went_through_it(world: World, scenario_id: UUID) -> None:
    """As many as a lesson has to be compared with; they came back to their errors more or less."""
    async with world.database.transaction() as db:
        for number in range(MIN_STUDENTS):
            pupil, at = uuid4(), now() - timedelta(days=1)
            await add_student(db, world.school_id, pupil, f"Pupil {number}", f"SHOP{number}")
            told = [(word, False) for word in WORDS]
            told += [(word, True) for word in WORDS[: number % 4]] + [("change", True)] * 2
            answers = [[item, None, right, at.isoformat()] for item, right in told]
            right = sum(correct for _, correct in told)
            await insert(
                db,
                "learning_sessions",
                school_id=world.school_id,
                id=uuid4(),
                student_id=pupil,
                session_type="scenario",
                language="en",
                source_id=scenario_id,
                items_studied=4,
                items_correct=right,
                items_incorrect=len(told) - right,
                answers=json.dumps(answers),
                started_at=at - timedelta(minutes=20),
                ended_at=at,
            )
    assert await populations.refit(world.database) == 1


@pytest.mark.timeout(600)
async def test_scenario_becomes_evidence_in_a_teachers_browser(
    world: World, teacher: str, database_url: str, tmp_path: Path
) -> None:
    with (
        serving(database_url, tmp_path / "log") as running,
        run_dashboard(running.api_url) as address,
    ):
        await asyncio.to_thread(walk, address, teacher)
    ended = "select count(*) from learning_sessions where ended_at is not null"
    assert await world.one(f"{ended} and student_id = :ada", ada=world.students[0]) == 1
    done = "select count(*) from assignments where done_at is not null"
    assert await world.one(done) == 1


def walk(address: str, teacher: str) -> None:
    with open_browser() as browser:
        page = arrive(browser, address, teacher)
        title(page, "Class overview")
        begin(page, "Ada")
        ask_for_words(page)
        tick(page, "greets the shopkeeper", "asks for three things")
        expect(page.get_by_text("Asking for things: completed")).to_be_visible()
        page.reload()
        progress_is_there(page)
        elsewhere = arrive(browser, page.url, teacher)
        progress_is_there(elsewhere)
        elsewhere.close()
        page.get_by_role("button", name="Go on to: Paying").click()
        tick(page, "asks for the price", "counts the change", "How much is that?")
        tick(page, "change: the coins", "price: what something costs")
        see_outcome(page)
        lessons = see_lessons(page, "Ada")
        follow_the_timeline(page, lessons, "Ada")
        follow_the_evidence(page, lessons, "Ada")


def arrive(browser: Browser, address: str, teacher: str) -> Page:
    """A browser that knows nobody yet, once the teacher has logged in."""
    page = browser.new_context(viewport={"width": 1280, "height": 1000}).new_page()
    page.set_default_timeout(TIMEOUT_MS)
    page.goto(address)
    log_in(page, teacher, PASSWORD)
    remembered(page)
    return page


def begin(page: Page, pupil: str) -> None:
    page.get_by_role("link", name=pupil).first.click()
    title(page, pupil)
    page.get_by_role("tab", name="Lessons").click()
    to_do = page.get_by_role("region", name=f"What {pupil} is to do")
    to_do.get_by_role("link", name=TITLE).click()
    title(page, TITLE)
    page.get_by_role("button", name="Begin the scenario").click()
    expect(page.get_by_text("0 of 2 parts completed")).to_be_visible()


def ask_for_words(page: Page) -> None:
    """Each goes wrong at first and is right when it is asked for again, which ticks it."""
    told = 0
    for number, word in enumerate(WORDS):
        for answer in ("Wrong", "Right"):
            settled(page)
            page.get_by_label(f"Answer to {word}").get_by_text(answer).click()
            told += 1
            right = number + (answer == "Right")
            expect(page.get_by_text(f"Answers so far: {right} of {told} right.")).to_be_visible()
        expect(page.get_by_role("checkbox", name=word)).to_be_checked()


def tick(page: Page, *labels: str) -> None:
    """Boxes, one after the other, each once the one before is stored."""
    for label in labels:
        settled(page)
        page.get_by_test_id("stCheckbox").filter(has_text=label).locator("label").click()
        expect(page.get_by_role("checkbox", name=label)).to_be_checked()


def progress_is_there(page: Page) -> None:
    title(page, TITLE)
    expect(page.get_by_text("1 of 2 parts completed")).to_be_visible()
    for label in (*WORDS, "greets the shopkeeper", "asks for three things"):
        expect(page.get_by_role("checkbox", name=label)).to_be_checked()
    expect(page.get_by_role("checkbox", name="Do you have any honey?")).not_to_be_checked()
    expect(page.get_by_text("wrong, then right")).to_have_count(len(WORDS))


def see_outcome(page: Page) -> None:
    expect(page.get_by_text("2 of 2 parts completed")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Complete the scenario").click()
    expect(page.get_by_text("Parts completed", exact=True)).to_be_visible()
    expect(page.get_by_text("2 of 2", exact=True)).to_be_visible()
    expect(page.get_by_text("3 of 6 right", exact=True)).to_be_visible()
    expect(page.get_by_text("6 words are due for review.").first).to_be_visible()


def see_lessons(page: Page, pupil: str) -> str:
    """The address of the student's lessons, where nothing is left to do."""
    page.get_by_role("button", name=f"All lessons of {pupil}").click()
    title(page, pupil)
    expect(page.get_by_text("Nothing is assigned.")).to_be_visible()
    settled(page)
    expect(page.get_by_text("6 words are due for review.").first).to_be_visible()
    gone_through = page.get_by_role("region", name=f"Scenarios of {pupil}")
    expect(gone_through.get_by_role("cell", name="2 of 2")).to_be_visible()
    return page.url


def follow_the_timeline(page: Page, lessons: str, pupil: str) -> None:
    page.goto(lessons)
    page.get_by_role("tab", name="Timeline").click()
    happened = page.get_by_role("region", name=f"What happened with {pupil}")
    lesson = happened.get_by_role("row").filter(has_text=f"Went through a scenario “{TITLE}”")
    lesson.get_by_role("link").click()
    title(page, TITLE)
    expect(page.get_by_text("Parts completed", exact=True)).to_be_visible()


def follow_the_evidence(page: Page, lessons: str, pupil: str) -> None:
    """It is there as soon as the worker has assessed the student anew."""
    page.goto(lessons)
    title(page, pupil)
    page.get_by_role("tab", name="Why").click()
    evidence = page.get_by_role("region", name=f"Evidence on {pupil}")
    of_lesson = evidence.get_by_role("row").filter(has_text="came back to")
    for _ in range(TRIES):
        settled(page)
        if of_lesson.count():
            break
        page.get_by_role("button", name="Refresh").click()
    of_lesson.get_by_role("link").click()
    title(page, TITLE)
    expect(page.get_by_text("wrong, then right")).to_have_count(len(WORDS))
