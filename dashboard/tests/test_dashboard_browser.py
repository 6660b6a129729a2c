"""The dashboard as people meet it: a real browser, the real program, the fake API behind it."""

import secrets
from collections.abc import Iterator
from urllib.parse import urlsplit

import jwt
import pytest
from browser import (
    TIMEOUT_MS,
    free_port,
    log_in,
    missing_browser,
    open_browser,
    run_dashboard,
    settled,
    title,
)
from fake_api import FakeApi, Served
from playwright.sync_api import Browser, BrowserContext, Page, expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(missing_browser() is not None, reason=str(missing_browser())),
]
KEY = secrets.token_urlsafe(48)
expect.set_options(timeout=TIMEOUT_MS)


@pytest.fixture(scope="module")
def world() -> Iterator[Served]:
    with Served(FakeApi()) as served:
        yield served


@pytest.fixture(scope="module")
def dashboard(world: Served) -> Iterator[str]:
    with run_dashboard(world.url, KEY) as url:
        yield url


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture
def requested() -> list[str]:
    """Hosts that the browser asked for anything."""
    return []


@pytest.fixture
def context(chromium: Browser, requested: list[str]) -> Iterator[BrowserContext]:
    with chromium.new_context(
        viewport={"width": 1280, "height": 800}, timezone_id="America/New_York"
    ) as context:
        context.set_default_timeout(TIMEOUT_MS)
        context.on("request", lambda request: requested.append(request.url))
        yield context


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def cookie_of(context: BrowserContext) -> dict | None:
    return next((one for one in context.cookies() if one["name"] == "learntrace"), None)


def wait_for_cookie(page: Page) -> dict:
    for _ in range(TIMEOUT_MS // 100):
        cookie = cookie_of(page.context)
        if cookie and cookie["value"]:
            return cookie
        page.wait_for_timeout(100)
    pytest.fail("the browser was given no cookie")


def a_session(world: Served) -> dict:
    return max(
        (one for one in world.fake.world.sessions.values() if one["assessed"]),
        key=lambda one: one["failures"],
    )


def name_of(world: Served, session: dict) -> str:
    return world.fake.world.students[session["student_id"]]["display_name"]


def test_teacher_walks_from_the_class_to_an_event(
    dashboard: str, world: Served, page: Page
) -> None:
    session = a_session(world)
    page.goto(dashboard)
    log_in(page, "t.winter")
    title(page, "Class overview")
    page.get_by_role("link", name=name_of(world, session)).click()
    title(page, name_of(world, session))
    assert f"student={session['student_id']}" in page.url
    page.get_by_role("region", name="Play sessions of").get_by_role("link").last.click()
    page.get_by_role("tab", name="Figures").click()
    expect(page.get_by_text("Not enough to go by").first).to_be_visible()
    page.get_by_role("tab", name="All events").click()
    expect(page.get_by_role("cell", name="Task started").first).to_be_visible()
    page.get_by_role("button", name="All play of").click()
    title(page, name_of(world, session))


def test_table_is_sorted_by_its_headings_with_the_keyboard(dashboard: str, page: Page) -> None:
    page.goto(dashboard)
    log_in(page, "t.winter")
    title(page, "Class overview")
    students = page.get_by_role("region", name="Students of")
    heading = students.get_by_role("button", name="Student", exact=True)
    first = students.locator("tbody th").first
    expect(first).to_have_text("Amina Haddad")
    heading.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(first).to_have_text("Priya Raman")
    expect(students.get_by_role("columnheader", name="Student")).to_have_attribute(
        "aria-sort", "descending"
    )


@pytest.mark.parametrize(
    ("address", "heading"),
    [
        ("now", "Now"),
        ("class", "Class overview"),
        ("student", "Student"),
        ("session", "Play session"),
        ("codes", "Codes sheet"),
        ("test-players", "Test players Test data"),
        ("data-health", "Data health"),
    ],
)
def test_every_page_opens_and_asks_no_other_host(
    dashboard: str, page: Page, requested: list[str], address: str, heading: str
) -> None:
    page.goto(f"{dashboard}/{address}")
    log_in(page, "t.winter")
    title(page, heading)
    expect(page.get_by_text("Data up to").first).to_be_visible()
    settled(page)
    hosts = {urlsplit(url).netloc for url in requested if url.startswith(("http", "ws"))}
    assert hosts == {urlsplit(dashboard).netloc}


def test_administrator_sees_the_system_status(dashboard: str, page: Page) -> None:
    page.goto(dashboard)
    log_in(page, "root")
    title(page, "System status")
    expect(page.get_by_role("cell", name="Works").first).to_be_visible()
    expect(page.get_by_role("link", name="Class overview")).to_have_count(0)


def test_link_to_a_play_session_survives_logging_in(
    dashboard: str, world: Served, page: Page
) -> None:
    session = a_session(world)
    page.goto(f"{dashboard}/session?session={session['id']}")
    log_in(page, "t.winter")
    title(page, name_of(world, session))
    assert page.url.endswith(f"/session?session={session['id']}")


def test_reload_stays_signed_in_and_on_the_page(dashboard: str, world: Served, page: Page) -> None:
    session = a_session(world)
    page.goto(f"{dashboard}/student?student={session['student_id']}")
    log_in(page, "t.winter")
    title(page, name_of(world, session))
    wait_for_cookie(page)
    page.reload()
    title(page, name_of(world, session))
    assert f"student={session['student_id']}" in page.url


def test_cookie_holds_only_an_opaque_id(
    dashboard: str, world: Served, page: Page, requested: list[str]
) -> None:
    page.goto(dashboard)
    log_in(page, "t.winter")
    title(page, "Class overview")
    cookie = wait_for_cookie(page)
    content = jwt.decode(cookie["value"], KEY, algorithms=["HS256"])
    assert content.keys() == {"username", "exp_date"}
    assert content["username"] in world.fake.sign_ins
    assert cookie["sameSite"] == "Strict"
    for url in [*requested, page.url]:
        assert "pass-2026" not in url
        assert "lt_access" not in url
        assert content["username"] not in url


def test_old_cookie_is_dead_after_logging_out(
    dashboard: str, chromium: Browser, context: BrowserContext, page: Page
) -> None:
    page.goto(dashboard)
    log_in(page, "t.winter")
    title(page, "Class overview")
    stolen = wait_for_cookie(page)
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_text("You are logged out.")).to_be_visible()
    for _ in range(TIMEOUT_MS // 100):
        if cookie_of(context) is None:
            break
        page.wait_for_timeout(100)
    assert cookie_of(context) is None
    page.reload()
    expect(page.get_by_label("User name")).to_be_visible()
    with chromium.new_context() as elsewhere:
        elsewhere.add_cookies([stolen])
        thief = elsewhere.new_page()
        thief.goto(dashboard)
        expect(thief.get_by_text("Your sign-in has ended.")).to_be_visible()
        expect(thief.get_by_label("User name")).to_be_visible()


@pytest.mark.parametrize(
    "forged",
    [
        "garbage",
        jwt.encode({"username": "t.winter", "exp_date": 9e9}, secrets.token_urlsafe(48)),
        jwt.encode({"username": "t.winter"}, KEY),
        jwt.encode({"username": "t.winter", "exp_date": 9e9}, KEY),
        jwt.encode({"username": "t.winter", "exp_date": 9e9}, None, algorithm="none"),
    ],
)
def test_forged_cookies_open_nothing(
    dashboard: str, context: BrowserContext, page: Page, forged: str
) -> None:
    context.add_cookies([{"name": "learntrace", "value": forged, "url": dashboard}])
    page.goto(dashboard)
    expect(page.get_by_label("User name")).to_be_visible()
    expect(page.get_by_text("Class overview")).to_have_count(0)


def test_two_people_in_one_browser_after_another(dashboard: str, page: Page) -> None:
    page.goto(dashboard)
    log_in(page, "t.winter")
    title(page, "Class overview")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_text("You are logged out.")).to_be_visible()
    log_in(page, "newcomer")
    title(page, "Class overview")
    expect(page.get_by_text("You have no class yet")).to_be_visible()
    expect(page.get_by_text("Amina Haddad")).to_have_count(0)


@pytest.mark.parametrize("width", [820, 390])
def test_nothing_is_wider_than_a_tablet_or_a_phone(
    dashboard: str, world: Served, page: Page, width: int
) -> None:
    session = a_session(world)
    page.set_viewport_size({"width": width, "height": 1180})
    page.goto(dashboard)
    log_in(page, "t.winter")
    title(page, "Class overview")
    wait_for_cookie(page)
    for address in ("class", f"student?student={session['student_id']}",
                    f"session?session={session['id']}", "codes", "data-health"):  # fmt: skip
        page.goto(f"{dashboard}/{address}")
        page.get_by_text("Data up to").first.wait_for()
        settled(page)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_the_map_of_a_class_fits_a_tablet(dashboard: str, page: Page) -> None:
    page.set_viewport_size({"width": 820, "height": 1180})
    page.goto(dashboard)
    log_in(page, "t.winter")
    title(page, "Class overview")
    wait_for_cookie(page)
    page.goto(f"{dashboard}/skills")
    skill_map = page.get_by_role("region", name="Skills of Class 5b")
    skill_map.get_by_role("link").first.wait_for()
    assert skill_map.evaluate("map => map.scrollWidth - map.clientWidth") == 0


def test_cards_are_printed_without_the_dashboard_around_them(dashboard: str, page: Page) -> None:
    page.goto(f"{dashboard}/codes")
    log_in(page, "t.winter")
    expect(page.get_by_role("heading", name="Priya Raman")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    expect(page.get_by_role("button", name="Print the cards")).to_be_hidden()
    expect(page.get_by_role("heading", name="Priya Raman")).to_be_visible()
    clipped = page.evaluate(
        "[...document.querySelectorAll('[data-testid=stMain], .stApp')]"
        ".filter(box => getComputedStyle(box).overflow !== 'visible').length"
    )
    assert clipped == 0
    assert page.pdf().count(b"/Type /Page\n") >= 2


def test_absent_api_is_said_in_plain_words(page: Page) -> None:
    with run_dashboard(f"http://127.0.0.1:{free_port()}") as url:
        page.goto(url)
        log_in(page, "t.winter")
        expect(page.get_by_text("The Learntrace server cannot be reached.")).to_be_visible()
        assert "Traceback" not in page.content()
