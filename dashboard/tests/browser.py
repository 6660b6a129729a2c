"""A real browser, and the dashboard as its own process, for browser tests and screenshots."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from playwright.sync_api import Browser, Locator, Page, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TIMEOUT_MS = 20_000


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
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "learntrace_dashboard"],
        env=os.environ | settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_up(url, process)
        yield url
    finally:
        process.terminate()
        try:
            process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def _wait_until_up(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            if httpx.get(f"{url}/_stcore/health", timeout=1).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        if process.poll() is not None:
            raise RuntimeError(process.communicate()[1].decode())
        time.sleep(0.1)
    raise TimeoutError(f"the dashboard at {url} did not start")


def log_in(page: Page, username: str, password: str | None = None) -> None:
    """Fill in the form that is on the screen."""
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password", exact=True).fill(password or f"{username}-pass-2026")
    page.get_by_role("button", name="Log in").click()


def title(page: Page, text: str) -> Locator:
    """The page's title once it is there."""
    heading = page.get_by_role("heading", name=text, level=1)
    heading.wait_for(timeout=TIMEOUT_MS)
    return heading


def settled(page: Page) -> None:
    """Wait until the app is idle and its charts are drawn."""
    page.wait_for_function(
        "() => !document.querySelector('[data-testid=stStatusWidget], [data-testid=stSpinner]')",
        timeout=TIMEOUT_MS,
    )
    page.wait_for_timeout(700)
