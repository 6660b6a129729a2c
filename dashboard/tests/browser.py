"""A real browser, and the dashboard as its own process, for browser tests and screenshots."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, ViewportSize, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
TIMEOUT_MS = 60_000
SIZE: ViewportSize = {"width": 1280, "height": 900}


def missing_browser() -> str | None:
    """Why browser tests cannot run here, None when they can."""
    return None if os.path.exists(CHROMIUM) else f"no Chromium at {CHROMIUM}"  # noqa: PTH110


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def free_port() -> int:
    """A port nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def run_dashboard(api_url: str, key: str | None = None) -> Iterator[str]:
    """`python -m learntrace_dashboard` on a free port; yields its address."""
    port = free_port()
    settings = {
        "API_URL": api_url,
        "DASHBOARD_COOKIE_KEY": key or secrets.token_urlsafe(48),
        "DASHBOARD_PORT": str(port),
        "PYTHONFAULTHANDLER": "1",
        # Its tracer holds a lock across all threads, in which a server of many can stand for good;
        # the pages' lines are measured where they run in the tests' own process.
        "COVERAGE_PROCESS_CONFIG": "",
    }
    url = f"http://127.0.0.1:{port}"
    # A file takes whatever is said; a pipe that nobody reads would hold the dashboard up.
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "learntrace_dashboard"],
            env=os.environ | settings,
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        try:
            _wait_until_up(url, process)
            yield url
        finally:
            process.terminate()
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGABRT)  # it tells where each of its threads stands
                process.wait()
            said.seek(0)
            sys.stderr.write(said.read().decode(errors="replace"))


@contextmanager
def signed_in(api_url: str, username: str) -> Iterator[Page]:
    """A page of a dashboard and a browser of its own, in which somebody is signed in."""
    with (
        run_dashboard(api_url) as url,
        open_browser() as browser,
        browser.new_context(base_url=url, viewport=SIZE) as context,
    ):
        context.set_default_timeout(TIMEOUT_MS)
        page = context.new_page()
        page.goto("/")
        log_in(page, username)
        title(page, "Class overview")
        remembered(page)
        yield page


def _wait_until_up(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(1800):
        try:
            if httpx.get(f"{url}/_stcore/health", timeout=10).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        if process.poll() is not None:
            raise RuntimeError(f"the dashboard at {url} ended with {process.returncode}")
        time.sleep(0.1)
    raise TimeoutError(f"the dashboard at {url} did not start")


def log_in(page: Page, username: str, password: str | None = None) -> None:
    """Fill in the form that is on the screen."""
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password", exact=True).fill(password or f"{username}-pass-2026")
    page.get_by_role("button", name="Log in").click()


def remembered(page: Page) -> None:
    """Wait until the browser has the cookie, so that a page opened next finds the sign-in."""
    for _ in range(TIMEOUT_MS // 100):
        if any(one["name"] == "learntrace" and one["value"] for one in page.context.cookies()):
            return
        page.wait_for_timeout(100)
    raise TimeoutError("the browser was given no cookie")


def title(page: Page, text: str) -> Locator:
    """The page's title once it is there."""
    heading = page.get_by_role("heading", name=text, level=1)
    heading.wait_for(timeout=TIMEOUT_MS)
    return heading


def settled(page: Page) -> None:
    """Wait until the app is idle, its menu is mended and its charts are drawn."""
    page.wait_for_function(
        "() => !document.querySelector('[data-testid=stStatusWidget], [data-testid=stSpinner],"
        " [data-stale=true], [data-testid=stSidebarNavItems]:not([role=group])')",
        timeout=TIMEOUT_MS,
    )
    page.wait_for_timeout(700)


def serious(page: Page) -> list[str]:
    """What axe holds for a serious or critical fault."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['html'][:300]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"][:2]
    ]


def fits(page: Page) -> None:
    """Assert that nothing is wider than a tablet or a phone; the size is as before then."""
    before = page.viewport_size
    for width in (820, 390):
        page.set_viewport_size({"width": width, "height": 1180})
        page.wait_for_timeout(400)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    if before:
        page.set_viewport_size(before)
