"""The school day of the classroom's tests, for those about skills."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from ..classroom.conftest import SchoolDay, day

Ask = Callable[..., Awaitable[httpx.Response]]

__all__ = ["SchoolDay", "day"]


@pytest.fixture
async def ask(api: httpx.AsyncClient, day: SchoolDay) -> Ask:
    """Send a request as somebody: the answer."""

    async def send(
        who: str, method: str, path: str, body: Any = None, **query: Any
    ) -> httpx.Response:
        return await api.request(
            method,
            f"/api/v1{path}",
            json=body,
            params=query or None,
            headers=day.headers(who),
        )

    return send
