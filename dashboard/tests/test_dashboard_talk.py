"""Recordings and meetings in a real browser: a journey through each."""

from collections.abc import Iterator
from pathlib import Path

import fake_meetings
import fake_recordings
import pytest
from browser import (
    TIMEOUT_MS,
    fits,
    missing_browser,
    serious,
    settled,
    signed_in,
    title,
)
from fake_api import FakeApi, Served
from playwright.sync_api import Page, expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(missing_browser() is not None, reason=str(missing_browser())),
]
expect.set_options(timeout=TIMEOUT_MS)


@pytest.fixture(scope="module")
def world() -> Iterator[Served]:
    with Served(FakeApi()) as served:
        yield served


@pytest.fixture(scope="module")
def teacher(world: Served) -> Iterator[Page]:
    with signed_in(world.url, "t.winter") as page:
        yield page


def usable(page: Page) -> None:
    """Axe finds no serious fault, and nothing is wider than a tablet or a phone."""
    settled(page)
    assert serious(page) == []
    fits(page)


def test_recording_goes_from_a_file_to_a_checked_transcript(
    teacher: Page, world: Served, tmp_path: Path
) -> None:
    page, fake = teacher, world.fake
    page.goto("/recordings")
    title(page, "Recordings")
    page.locator("summary").first.click()
    usable(page)
    page.get_by_role("button", name="Go on to the file").click()
    file = page.get_by_label("Sound file")
    usable(page)
    file.set_input_files({"name": "notes.txt", "mimeType": "text/plain", "buffer": b"x"})
    expect(page.get_by_text("This is not a sound file that can be used")).to_be_visible()
    file.set_input_files({"name": "talk.wav", "mimeType": "audio/wav", "buffer": b"no sound"})
    upload = page.get_by_role("button", name="Upload", exact=True)
    upload.click()
    expect(page.get_by_text("Nothing was stored.")).to_be_visible()
    content = fake_recordings.sound(40)
    sound = tmp_path / "talk.wav"
    sound.write_bytes(content)
    file.set_input_files(sound)
    upload.click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    page.get_by_role("list", name="What was said").wait_for()
    [recording] = fake.recordings
    assert fake.audio[recording] == content
    usable(page)
    length = page.locator("audio").evaluate(
        "player => new Promise(done => player.duration ? done(player.duration)"
        " : player.addEventListener('loadedmetadata', () => done(player.duration)))"
    )
    assert length == 40
    page.get_by_label("What was said at 0:12").fill("So maybe you add them, I thought.")
    page.get_by_label("Who speaks at 0:22").select_option(label="Another student")
    expect(page.get_by_text("Not saved yet")).to_be_visible()
    page.get_by_role("button", name="Save the corrections").click()
    expect(page.get_by_text("The corrections are saved.")).to_be_visible()
    told = fake.segments[recording]
    assert told[2]["content"] == "So maybe you add them, I thought."
    assert [one["role"] for one in told] == [None, None, None, None, "peer"]
    page.get_by_role("button", name="Mark as checked").click()
    expect(page.get_by_text("There is no audio to listen to any more.")).to_be_visible()
    page.get_by_role("tab", name="What the talk shows").click()
    page.get_by_role("region", name="Figures of the student's talk").wait_for()
    usable(page)


def test_meeting_is_noted_and_what_was_seen_rated(teacher: Page, world: Served) -> None:
    page, fake = teacher, world.fake
    user = fake.world.users["t.winter"]
    student = next(iter(fake.world.students))
    fake_meetings.a_client(fake, user, student_id=student)
    page.goto("/meetings")
    page.get_by_role("button", name="Who is coached").click()
    page.get_by_role("region", name="Who is coached").wait_for()
    for fold in page.locator("summary").all():
        fold.click()
    usable(page)
    page.get_by_role("link", name="Show meetings").click()
    page.get_by_text("Only meetings with").wait_for()
    page.get_by_text("New meeting", exact=True).click()
    page.get_by_role("textbox", name="Notes").fill("Talked about the bridge.")
    usable(page)
    page.get_by_role("button", name="Note this meeting").click()
    expect(page.get_by_text("The meeting is noted.")).to_be_visible()
    page.get_by_text("Add what you saw").click()
    page.get_by_role("radiogroup").get_by_text("3", exact=True).click()
    page.get_by_role("button", name="Save it").click()
    expect(page.get_by_text("It is saved, and counts as evidence.")).to_be_visible()
    usable(page)
    [meeting] = fake.meetings.values()
    assert meeting["notes"] == "Talked about the bridge."
    assert [one["level"] for one in meeting["observations"]] == [3]
