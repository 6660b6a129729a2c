"""Commands run as an operator runs them, on the test's own database."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from learntrace.cli import main
from learntrace.kit.config import load_settings

Run = Callable[..., Awaitable[str]]


@pytest.fixture
def environment(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[pytest.MonkeyPatch]:
    """The settings that the commands read; changes made to it count until the first command."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "200")
    load_settings.cache_clear()
    yield monkeypatch
    load_settings.cache_clear()


@pytest.fixture
def run(environment: pytest.MonkeyPatch) -> Run:
    """Runs a command in a thread of its own and checks its exit code; what it printed."""

    async def invoke(*args: object, code: int = 0, stdin: str | None = None) -> str:
        words = [str(arg) for arg in args]
        result = await asyncio.to_thread(CliRunner().invoke, main, words, input=stdin)
        assert result.exit_code == code, result.output + repr(result.exception)
        return result.output

    return invoke
