"""Every page under axe: no serious or critical fault, and the new pages with the keyboard."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urljoin

import fake_library
import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import (
    SIZE,
    TIMEOUT_MS,
    log_in,
    missing_browser,
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


@pytest.fixture(scope="module")
def world() -> Iterator[Served]:
    with Served(FakeApi()) as served:
        yield served


@pytest.fixture(scope="module")
def teacher(world: Served) -> Iterator[Page]:
    """One teacher who stays signed in; each test opens its own page."""
    with signed_in(world.url, "t.winter") as page:
        yield page


@contextmanager
def someone(teacher: Page, person: str, address: str) -> Iterator[Page]:
    """A page of the same dashboard, opened by another person."""
    url = urljoin(teacher.url, f"/{address}")
    with teacher.context.browser.new_context(viewport=SIZE) as context:
        context.set_default_timeout(TIMEOUT_MS)
        page = context.new_page()
        page.goto(url)
        log_in(page, person)
        yield page


def faults(page: Page) -> list[str]:
    """Serious and critical faults, each with the first element that has it."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['help']}: {node['html'][:300]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"][:2]
    ]


def student_of(world: Served) -> str:
    fake = world.fake
    return max(fake.world.students, key=lambda one: len(fake.sessions_of(one)))


@pytest.mark.parametrize(
    ("address", "heading"),
    [
        ("now", "Now"),
        ("class", "Class overview"),
        ("skills", "Class skills"),
        ("rate", "Rate"),
        ("codes", "Codes sheet"),
        ("lessons", "Lessons"),
        ("lessons?part=Assign", "Lessons"),
        ("lessons?part=Scenarios", "Lessons"),
        ("lessons?part=Content", "Lessons"),
        ("content-form", "Something new to study"),
        ("test-players", "Test players Test data"),
        ("data-health", "Data health"),
        ("weights", "Evidence weights"),
    ],
)
def test_axe_finds_no_serious_fault(teacher: Page, address: str, heading: str) -> None:
    teacher.goto(f"/{address}")
    title(teacher, heading)
    settled(teacher)
    assert faults(teacher) == []


@pytest.mark.parametrize(
    "tab",
    ["Play", "Skills", "Why", "Over time", "Ratings and notes", "Lessons", "Timeline", "Record"],
)
def test_axe_finds_no_serious_fault_on_a_student(teacher: Page, world: Served, tab: str) -> None:
    teacher.goto(f"/student?student={student_of(world)}")
    teacher.get_by_role("tab", name=tab).click()
    settled(teacher)
    assert faults(teacher) == []


def test_axe_finds_no_serious_fault_on_a_play_session(teacher: Page, world: Served) -> None:
    session = world.fake.sessions_of(student_of(world))[0]
    teacher.goto(f"/session?session={session['id']}")
    teacher.get_by_role("tab", name="Figures").wait_for()
    settled(teacher)
    assert faults(teacher) == []


@pytest.mark.parametrize(
    ("person", "address", "heading"),
    [
        ("root", "system", "System status"),
        ("root", "data-health", "Data health"),
        ("principal", "weights", "Evidence weights"),
        ("principal", "data-health", "Data health"),
        ("principal", "privacy", "Privacy"),
        ("dev", "test-players", "Test players Test data"),
    ],
)
def test_axe_finds_no_serious_fault_for_others(
    teacher: Page, person: str, address: str, heading: str
) -> None:
    with someone(teacher, person, address) as page:
        title(page, heading)
        settled(page)
        assert faults(page) == []


def test_weights_are_changed_with_the_keyboard(teacher: Page, world: Served) -> None:
    with someone(teacher, "principal", "weights") as page:
        title(page, "Evidence weights")
        settled(page)
        page.get_by_label("Resilience, Play").focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Save for the whole school").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("In force: version 1, saved today")).to_be_visible()
    assert world.fake.weights["trust"].keys() == {("game_play", "resilience")}


def test_scenario_is_assigned_to_a_class_listed_and_taken_back(
    teacher: Page, world: Served
) -> None:
    scenario = fake_library.named(world.fake.scenarios, "At the station")
    teacher.goto(f"/scenario?scenario={scenario}")
    title(teacher, "At the station")
    settled(teacher)
    assert faults(teacher) == []
    teacher.get_by_role("button", name="Assign it").click()
    teacher.get_by_role("button", name="Assign", exact=True).click()
    expect(teacher.get_by_text("Assigned to 16 students.")).to_be_visible()
    teacher.get_by_role("tab", name="Assigned").click()
    listed = teacher.get_by_role("region", name="still to do")
    listed.get_by_role("link", name="0 of 16: show who").click()
    expect(teacher.get_by_role("heading", name="who has done it")).to_be_visible()
    teacher.get_by_text("Take it back", exact=True).click()
    teacher.get_by_text("Take it back from 16 students").click()
    settled(teacher)
    assert faults(teacher) == []
    teacher.get_by_role("button", name="Take back").click()
    expect(teacher.get_by_text("It is taken back from 16 students.")).to_be_visible()
    expect(teacher.get_by_text("Nothing is to be done")).to_be_visible()
    assert world.fake.assignments == {}


def test_extra_time_is_switched_with_the_keyboard(teacher: Page, world: Served) -> None:
    student = student_of(world)
    teacher.goto(f"/student?student={student}&tab=people")
    switch = teacher.get_by_role("switch", name="Has extra time or assistive tools")
    switch.focus()
    teacher.keyboard.press("Space")
    expect(teacher.get_by_text("speed no longer counts")).to_be_visible()
    expect(switch).to_be_checked()
    assert world.fake.world.students[student]["extra_time"] is True


def test_axe_finds_no_serious_fault_on_the_form(teacher: Page) -> None:
    with teacher.context.browser.new_context() as other:
        page = other.new_page()
        page.goto(teacher.url)
        page.get_by_label("User name").wait_for()
        settled(page)
        assert faults(page) == []


def test_cited_sentence_leads_to_the_play_session(teacher: Page, world: Served) -> None:
    student = student_of(world)
    teacher.goto(f"/student?student={student}&tab=why")
    expect(teacher.get_by_role("tab", name="Why")).to_have_attribute("aria-selected", "true")
    expect(teacher.get_by_text("[1–2]")).to_be_visible()
    evidence = teacher.get_by_role("region", name="Evidence on")
    evidence.get_by_role("link").first.click()
    teacher.get_by_role("tab", name="Figures").wait_for()
    assert "/session?session=" in teacher.url


def test_line_of_evidence_opens_the_rating_behind_it(teacher: Page, world: Served) -> None:
    student = next(one for one in world.fake.world.students if one != student_of(world))
    world.fake.ratings[student] = [
        {
            "id": "7a7e0000-0000-4000-8000-000000000001",
            "skill": "resilience",
            "level": 3,
            "observed_on": world.fake.world.now.date().isoformat(),
            "rater": {"id": "u2", "name": "Paul Okafor"},
            "created_at": world.fake.world.now.isoformat(),
        }
    ]
    teacher.goto(f"/student?student={student}&tab=why")
    rated = teacher.get_by_role("row", name="a teacher saw")
    rated.get_by_role("link").click()
    expect(teacher.get_by_text("Resilience, level 3: often tried again")).to_be_visible()
    expect(teacher.get_by_text("Paul Okafor, for").first).to_be_visible()


def test_now_renews_itself(teacher: Page, world: Served) -> None:
    teacher.goto("/now")
    title(teacher, "Now")
    expect(teacher.get_by_text("Stuck").first).to_be_visible()
    asked = len([one for one in world.fake.requests if one.endswith("/now")])
    teacher.wait_for_timeout(11_500)
    assert len([one for one in world.fake.requests if one.endswith("/now")]) > asked


def test_names_stay_hidden_after_a_reload(teacher: Page) -> None:
    teacher.goto("/skills")
    title(teacher, "Class skills")
    teacher.get_by_text("Hide names").click()
    expect(teacher.get_by_text("Amina Haddad")).to_have_count(0)
    teacher.wait_for_url("**names=hidden**")
    teacher.reload()
    title(teacher, "Class skills")
    settled(teacher)
    expect(teacher.get_by_text("Amina Haddad")).to_have_count(0)
    teacher.get_by_role("link", name="Now").click()
    title(teacher, "Now")
    settled(teacher)
    expect(teacher.get_by_text("Amina Haddad")).to_have_count(0)
    teacher.get_by_text("Hide names").click()
    expect(teacher.get_by_text("Amina Haddad").first).to_be_visible()


@pytest.mark.parametrize("width", [820, 390])
@pytest.mark.parametrize("address", ["now", "skills", "rate", "weights"])
def test_new_pages_fit_a_tablet_and_a_phone(teacher: Page, address: str, width: int) -> None:
    teacher.set_viewport_size({"width": width, "height": 1180})
    teacher.goto(f"/{address}")
    teacher.get_by_text("Data up to").first.wait_for()
    settled(teacher)
    assert teacher.evaluate("document.scrollingElement.scrollWidth") <= width
    teacher.set_viewport_size({"width": 1280, "height": 900})


def test_files_of_a_class_are_downloaded(teacher: Page) -> None:
    teacher.goto("/skills")
    title(teacher, "Class skills")
    with teacher.expect_download() as download:
        teacher.get_by_role("button", name="Download to print (PDF)").click()
    assert download.value.suggested_filename == "learntrace-class.pdf"
    assert download.value.path().read_bytes().startswith(b"%PDF")
