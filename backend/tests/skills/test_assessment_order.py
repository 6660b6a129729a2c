"""Which assessment is the newest, where the clocks of two hosts differ."""

from datetime import timedelta

from learntrace.assessment import inferring
from learntrace.skills import assessments

from ..classroom.conftest import SchoolDay
from ..world import now
from .conftest import Ask


async def test_a_host_whose_clock_is_ahead_hides_no_later_assessment(
    ask: Ask, day: SchoolDay
) -> None:
    database, whose = day.world.database, (day.world.school_id, day.ada)
    async with database.transaction() as db:
        ahead = await assessments.add(
            db, *whose, at=now() + timedelta(seconds=5), model="", basis="another", body={}
        )
    async with database.transaction() as db:
        made = await inferring.infer(db, *whose)
    assert made.is_new
    assert made.assessment.assessed_at > ahead.assessed_at
    async with database.transaction() as db:
        assert await assessments.latest(db, *whose) == made.assessment
    async with database.transaction() as db:
        again = await inferring.infer(db, *whose)
    assert (again.is_new, again.assessment.id) == (False, made.assessment.id)
    path = f"/assessments/{day.ada}"
    assert (await ask("teacher", "GET", path)).json()["id"] == str(made.assessment.id)
