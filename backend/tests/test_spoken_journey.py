"""What a teacher does with a voice, in a browser: every part behind it is the real one."""

import asyncio
import re
from pathlib import Path

import pytest
from browser import (
    TIMEOUT_MS,
    log_in,
    missing_browser,
    open_browser,
    remembered,
    run_dashboard,
    title,
)
from playwright.sync_api import Page, expect
from sqlalchemy import text

from learntrace.accounts.secrets import hash_password
from learntrace.transcription_sessions.transcription.engines import installed

from .running import serving
from .speech import talk, wav
from .transcription_sessions.given import add_audio_consent
from .world import World, add_signed_in, insert, now

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(missing_browser() is not None, reason=str(missing_browser())),
    pytest.mark.skipif(
        installed().default is None, reason="no speech-to-text here (extra [stt] absent)"
    ),
]
PATIENCE_MS = 4 * TIMEOUT_MS
PASSWORD = "a long walk in the rain"
TITLE = "Reading with Ada"


@pytest.fixture
async def teacher(world: World) -> str:
    """The user name of somebody who teaches Ada, whose being recorded is agreed."""
    async with world.database.transaction() as db:
        user_id, _ = await add_signed_in(db, "tess", "teacher", world.school_id)
        has = text("update users set password_hash = :hash where id = :id")
        await db.execute(has, {"hash": hash_password(PASSWORD), "id": user_id})
        taught = {"school_id": world.school_id, "class_id": world.class_id}
        await insert(db, "teachings", user_id=user_id, **taught, started_at=now())
        await add_audio_consent(db, world.school_id, world.students[0])
    return "tess"


# A real engine hears real speech, on a machine that does other things, too.
@pytest.mark.timeout(600)
async def test_voice_becomes_figures_in_a_teachers_browser(
    world: World, teacher: str, database_url: str, tmp_path: Path
) -> None:
    sound = tmp_path / "reading.wav"
    sound.write_bytes(wav(talk()))
    with (
        serving(database_url, tmp_path / "log") as running,
        run_dashboard(running.api_url) as address,
    ):
        await asyncio.to_thread(walk, address, teacher, sound)
    stored = "select count(*) from transcription_sessions where checked_at is not null"
    assert await world.one(f"{stored} and student_id = :ada", ada=world.students[0]) == 1


def walk(address: str, teacher: str, sound: Path) -> None:
    with open_browser() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(TIMEOUT_MS)
        page.goto(address)
        log_in(page, teacher, PASSWORD)
        title(page, "Class overview")
        remembered(page)
        make_recording_of(page, "Ada")
        send(page, sound)
        give_roles(page)
        mark_as_checked(page)
        see_figures(page)
        follow_the_link_of(page, "Ada")


def make_recording_of(page: Page, pupil: str) -> None:
    page.get_by_role("link", name=pupil).first.click()
    title(page, pupil)
    page.get_by_role("tab", name="Ratings and notes").click()
    page.get_by_role("button", name=f"Recordings with {pupil}").click()
    title(page, "Recordings")
    page.get_by_text("New recording", exact=True).click()
    page.get_by_role("textbox", name="Title").fill(TITLE)
    page.get_by_role("button", name="Go on to the file").click()
    title(page, TITLE)


def send(page: Page, sound: Path) -> None:
    """The upload is shown, then the transcription, then what the engine heard."""
    page.get_by_label("Sound file").set_input_files(sound)
    page.get_by_role("button", name="Upload", exact=True).click()
    said = page.get_by_role("list", name="What was said")
    said.wait_for(timeout=PATIENCE_MS)
    words = " ".join(one.input_value() for one in said.get_by_role("textbox").all())
    assert len(words.split()) > 50


def give_roles(page: Page) -> None:
    for line in page.get_by_label(re.compile("^Who speaks at")).all():
        line.select_option(label="The student")
    page.get_by_role("button", name="Save the corrections").click()
    expect(page.get_by_text("The corrections are saved.")).to_be_visible(timeout=TIMEOUT_MS)


def mark_as_checked(page: Page) -> None:
    page.get_by_role("button", name="Mark as checked").click()
    said = page.get_by_text("There is no audio to listen to any more.")
    expect(said).to_be_visible(timeout=TIMEOUT_MS)


def see_figures(page: Page) -> None:
    """Some can be told; what needs somebody else, who said nothing here, is left empty."""
    page.get_by_role("tab", name="What the talk shows").click()
    figures = page.get_by_role("region", name="Figures of the student's talk")
    told = {line.split("\t")[0]: line for line in figures.inner_text().splitlines()}
    assert re.search(r"\d per minute", told["Words in a minute"])
    assert "Not enough to go by" in told["Part of the talk"]
    expect(figures.get_by_text("Needs at least 1 word of somebody else.").first).to_be_visible()


def follow_the_link_of(page: Page, pupil: str) -> None:
    page.get_by_role("link", name="Class overview").click()
    page.get_by_role("link", name=pupil).first.click()
    title(page, pupil)
    page.get_by_role("tab", name="Timeline").click()
    happened = page.get_by_role("region", name=f"What happened with {pupil}")
    happened.get_by_role("link").first.click()
    title(page, TITLE)
