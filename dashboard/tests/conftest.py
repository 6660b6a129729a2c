"""A fake school behind a real HTTP server, and the app run in this process."""

import secrets
from collections.abc import Iterator

import pytest
import streamlit as st
from fake_api import FakeApi, Served
from visiting import Visit

from learntrace_dashboard import config


@pytest.fixture
def fake() -> FakeApi:
    return FakeApi()


@pytest.fixture
def api(fake: FakeApi) -> Iterator[Served]:
    with Served(fake) as served:
        yield served


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """No answer, connection or setting of one test reaches another."""
    yield
    st.cache_data.clear()
    st.cache_resource.clear()
    config.load_settings.cache_clear()


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, api: Served) -> None:
    monkeypatch.setenv("API_URL", api.url)
    monkeypatch.setenv("DASHBOARD_COOKIE_KEY", secrets.token_urlsafe(48))


@pytest.fixture
def visit(settings: None, fake: FakeApi) -> Visit:
    return Visit(fake)
