"""The administrator's pages in a real browser: axe, narrow screens, a link that is told once."""

from collections.abc import Iterator

import fake_school
import pytest
from browser import (
    SIZE,
    TIMEOUT_MS,
    fits,
    log_in,
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
SCHOOL = ("People", "Classes", "Roster", "Write keys", "Plan")
PRIVACY = ("Consent", "Retention", "Recordings", "Access log", "Amendment requests")
TABS = [("school", one) for one in SCHOOL] + [("privacy", one) for one in PRIVACY]


@pytest.fixture(scope="module")
def world() -> Iterator[Served]:
    fake = FakeApi()
    fake_school.new_key(fake, fake.world.games[0], "live", "Rack 3")
    with Served(fake) as served:
        yield served


@pytest.fixture(scope="module")
def admin(world: Served) -> Iterator[Page]:
    """One administrator who stays signed in; each test opens its own page."""
    with signed_in(world.url, "principal") as page:
        yield page


def open_tab(page: Page, address: str, tab: str) -> None:
    """A tab by its address, everything in it unfolded."""
    page.goto(f"/{address}?part={tab}")
    expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
    page.get_by_text("Data up to").first.wait_for()
    settled(page)
    for fold in page.locator("summary").all():
        fold.click()
    settled(page)


@pytest.mark.parametrize(("address", "tab"), TABS)
def test_axe_finds_no_serious_fault_and_everything_fits(
    admin: Page, address: str, tab: str
) -> None:
    open_tab(admin, address, tab)
    assert serious(admin) == []
    fits(admin)


def test_person_gets_a_link_by_keyboard_and_chooses_a_password(admin: Page) -> None:
    open_tab(admin, "school", "People")
    admin.get_by_label("Name", exact=True).first.fill("Uma Stein")
    admin.get_by_label("User name", exact=True).fill("u.stein")
    admin.keyboard.press("Enter")
    link = admin.get_by_role("textbox", name="Link for Uma Stein")
    address = link.input_value()
    assert "/password#lt_reset_" in address
    button = admin.get_by_role("button", name="Copy: Link for Uma Stein")
    button.focus()
    admin.keyboard.press("Enter")
    expect(admin.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    settled(admin)
    assert serious(admin) == []
    with admin.context.browser.new_context(viewport=SIZE) as elsewhere:
        elsewhere.set_default_timeout(TIMEOUT_MS)
        asked: list[str] = []
        elsewhere.on("request", lambda request: asked.append(request.url))
        page = elsewhere.new_page()
        page.goto(address)
        page.get_by_label("New password").fill("corridor lemon bicycle")
        assert page.url == address.partition("#")[0]
        assert not [one for one in asked if "lt_reset" in one]
        settled(page)
        assert serious(page) == []
        page.get_by_label("The same once more").fill("corridor lemon bicycle")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Your new password is set.")).to_be_visible()
        log_in(page, "u.stein", "corridor lemon bicycle")
        title(page, "Class overview")
        page.goto(address)
        page.get_by_label("New password").fill("corridor lemon bicycle")
        page.get_by_label("The same once more").fill("corridor lemon bicycle")
        page.keyboard.press("Enter")
        expect(page.get_by_text("This link no longer works")).to_be_visible()
    admin.get_by_role("button", name="I have passed it on").click()
    expect(link).to_have_count(0)


def test_tab_stays_open_after_a_reload(admin: Page) -> None:
    admin.goto("/privacy")
    title(admin, "Privacy")
    admin.get_by_role("tab", name="Retention").click()
    admin.wait_for_url("**part=Retention**")
    admin.reload()
    expect(admin.get_by_role("tab", name="Retention")).to_have_attribute("aria-selected", "true")
