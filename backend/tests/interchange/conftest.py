"""A scripted server and files of made-up events."""

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from .fake_ingest import FakeIngest, serving

MakeFile = Callable[..., Path]


@pytest.fixture
def ingest() -> Iterator[FakeIngest]:
    with serving() as fake:
        yield fake


def make_event(number: int, **changes: Any) -> dict[str, Any]:
    """Event `number`; every ten events share a game session, and a student of their own."""
    return {
        "event_id": str(UUID(int=number + 1)),
        "student_id": str(UUID(int=(number // 10 + 1) << 64)),
        "session_id": str(UUID(int=(number // 10 + 1) << 96)),
        "event_type": "begin",
        "timestamp": f"2026-11-20T10:{number // 60 % 60:02}:{number % 60:02}.000Z",
        "data": {"level": number % 5, "sequence": number % 10},
        "mission_id": f"level_{number % 5}",
        "game_version": "1.0.0",
        "sequence": number % 10,
    } | changes


@pytest.fixture
def make_file(tmp_path: Path) -> MakeFile:
    """Writes lines (events or raw text) to a JSON lines file and returns its path."""

    def write(*lines: dict[str, Any] | str | bytes, name: str = "play.jsonl") -> Path:
        content = b"".join(
            (line if isinstance(line, bytes) else _text(line).encode()) + b"\n" for line in lines
        )
        path = tmp_path / name
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        return path

    return write


def text_of(event: dict[str, Any]) -> bytes:
    """An event as a line of a file."""
    return json.dumps(event).encode()


def _text(line: dict[str, Any] | str) -> str:
    return line if isinstance(line, str) else json.dumps(line)
