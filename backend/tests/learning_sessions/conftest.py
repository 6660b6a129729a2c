"""A school day on which tutors and pupils work with each other."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from ..classroom.conftest import SchoolDay, day

__all__ = ["Ask", "day"]
API = "/api/v1"
Ask = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
async def ask(api: httpx.AsyncClient, day: SchoolDay) -> Ask:
    """Ask something as somebody: the answer."""

    async def send(who: str, method: str, path: str, body: Any = None, **query: Any) -> Any:
        return await api.request(
            method, f"{API}{path}", json=body, params=query, headers=day.headers(who)
        )

    return send


@pytest.fixture
def begin(ask: Ask, day: SchoolDay) -> Callable[..., Awaitable[dict[str, Any]]]:
    """Begin a learning session of Ada's as the teacher: it as told."""

    async def send(session_type: str = "content_study", **more: Any) -> dict[str, Any]:
        body = {"student_id": str(day.ada), "session_type": session_type, "language": "en"}
        answer = await ask("teacher", "POST", "/learning-sessions", body | more)
        assert answer.status_code == 201, answer.text
        told: dict[str, Any] = answer.json()
        return told

    return send
