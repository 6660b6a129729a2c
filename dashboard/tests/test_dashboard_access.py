"""Every page under axe: no serious or critical fault, and the new pages with the keyboard."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import TIMEOUT_MS, log_in, missing_browser, open_browser, run_dashboard, settled, title
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
    size = {"width": 1280, "height": 900}
    with (
        run_dashboard(world.url) as url,
        open_browser() as browser,
        browser.new_context(base_url=url, viewport=size) as context,
    ):
        context.set_default_timeout(TIMEOUT_MS)
        page = context.new_page()
        page.goto("/")
        log_in(page, "t.winter")
        title(page, "Class overview")
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
        ("test-players", "Test players Test data"),
        ("data-health", "Data health"),
    ],
)
def test_axe_finds_no_serious_fault(teacher: Page, address: str, heading: str) -> None:
    teacher.goto(f"/{address}")
    title(teacher, heading)
    settled(teacher)
    assert faults(teacher) == []


@pytest.mark.parametrize("tab", ["Play", "Skills", "Why", "Over time", "Ratings and notes"])
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
@pytest.mark.parametrize("address", ["now", "skills", "rate"])
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
