"""Saying what a school requires and how consents stand, each in a transaction of its own."""

from collections.abc import Awaitable, Callable

import pytest

from learntrace.privacy import consents, policies
from learntrace.privacy.kinds import Kind, State
from tests.classroom.conftest import SchoolDay, day
from tests.cli.conftest import environment, run
from tests.skills.conftest import ask
from tests.world import World

__all__ = ["SchoolDay", "ask", "day", "environment", "run"]

Require = Callable[..., Awaitable[None]]
Say = Callable[..., Awaitable[int]]


@pytest.fixture
def require(world: World) -> Require:
    """Has the school require these kinds of consent and no others."""

    async def put(*kinds: Kind) -> None:
        async with world.database.transaction() as db:
            await policies.put(db, world.school_id, kinds, user_id=None)

    return put


@pytest.fixture
def say(world: World) -> Say:
    """Says how a consent of students stands, Ada's unless others are named; for how many anew."""

    async def put(state: State, *student_ids, kind: Kind = Kind.PLAY, note=None) -> int:
        async with world.database.transaction() as db:
            return await consents.put(
                db,
                world.school_id,
                student_ids or [world.students[0]],
                kind,
                state,
                user_id=None,
                note=note,
            )

    return put
