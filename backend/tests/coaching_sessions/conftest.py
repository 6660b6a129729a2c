"""A school day on which the teacher coaches Ada, who is a student, and Noor, who is none."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.skills.conftest import Ask, SchoolDay, ask, day

__all__ = ["Ask", "SchoolDay", "ask", "day"]

Made = Callable[..., Awaitable[dict[str, Any]]]
ADA_MET = {"session_date": "2026-03-02", "notes": "Ada is Ada; Adam is not. ADA's plan worked."}


@pytest.fixture
def make(ask: Ask) -> Made:
    """Post to a path, as the teacher unless said otherwise: what was made."""

    async def post(path: str, who: str = "teacher", **body: Any) -> dict[str, Any]:
        answer = await ask(who, "POST", path, body)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    return post


@pytest.fixture
async def ada(make: Made, day: SchoolDay) -> dict[str, Any]:
    """Ada as the teacher's client."""
    return await make("/clients", student_id=str(day.ada))


@pytest.fixture
async def noor(make: Made) -> dict[str, Any]:
    return await make("/clients", name=" Noor B. ")
