"""`learntrace consent`, as a person runs it."""

import re
from pathlib import Path

import pytest
from sqlalchemy import text

from learntrace.privacy.kinds import Kind

STATES = "select coalesce(max(state), 'pending') from consents where student_id = :id"
HILL = ("--school", "Hill School")


async def test_policy_is_shown_set_and_given_up(run, world):
    assert "Hill School requires no consent." in await run("consent", "policy", *HILL)
    said = await run("consent", "policy", *HILL, "--require", "play", "--require", "research")
    assert "requires play, research." in said
    assert "Students without play: 3." in said
    assert "requires play, research." in await run("consent", "policy", *HILL)
    assert "no consent" in await run("consent", "policy", *HILL, "--require-none")
    both = ("--require", "play", "--require-none")
    await run("consent", "policy", *HILL, *both, code=2)
    stored = await world.rows("select version, required from consent_policies order by version")
    assert [tuple(row) for row in stored] == [(1, ["play", "research"]), (2, [])]


async def test_a_student_or_a_class_at_once(run, world, require):
    await require(Kind.PLAY)
    ada, ben = world.students[:2]
    said = await run(
        *("consent", "set", *HILL, "--kind", "play", "--state", "verified"),
        *("--student", ada, "--note", "Letter of 2 March"),
    )
    assert "play is verified for 1 student, anew for 1." in said
    stored = await world.rows("select note, changed_by, from_state from consent_changes")
    assert [tuple(row) for row in stored] == [("Letter of 2 March", None, "pending")]
    said = await run(
        *("consent", "set", *HILL, "--kind", "play", "--state", "verified"), "--class", "cla-ss5"
    )
    assert "play is verified for 3 students, anew for 2." in said
    assert await world.one(STATES, id=ben) == "verified"
    assert "Students without play: 0." in await run("consent", "policy", *HILL)


async def test_everybody_in_a_file_or_nobody(run, world, tmp_path: Path):
    async with world.database.transaction() as db:
        for number, student_id in enumerate(world.students):
            await db.execute(
                text("update students set source_id = :source where id = :id"),
                {"source": f"N-{number}", "id": student_id},
            )
    file = tmp_path / "forms.csv"
    command = ("consent", "set", *HILL, "--kind", "research", "--state", "verified", "--file", file)
    file.write_text("name;external_id\nAda;N-0\nNobody;N-7\n")
    said = await run(*command, code=1)
    assert "names no student in line 3." in said
    assert "N-7" not in said
    assert await world.one("select count(*) from consents") == 0
    file.write_text("name;external_id\nAda;N-0\nCleo;N-2\n")
    assert "for 2 students, anew for 2." in await run(*command)
    file.write_text("student_id\n" + "".join(f"{one}\n" for one in world.students))
    assert "for 3 students, anew for 1." in await run(*command)
    file.write_text(f"student_id\n{world.foreign_student}\n")
    assert "does not have some of these students" in await run(*command, code=1)
    file.write_text("student_id\nAda\n")
    assert "names no student in line 2" in await run(*command, code=1)
    file.write_text("name\nAda\n")
    assert "external_id" in await run(*command, code=1)


@pytest.mark.parametrize(
    "more", [(), ("--class", "CLASS5", "--file", __file__), ("--class", "CLASS5", "--note", " ")]
)
async def test_set_says_for_whom_and_on_what(run, world, more):
    await run("consent", "set", *HILL, "--kind", "play", "--state", "verified", *more, code=2)


async def test_list_counts_and_names_ids_when_asked(run, world, require):
    await require(Kind.AUDIO)
    await run(
        *("consent", "set", *HILL, "--kind", "play", "--state", "revoked"),
        *("--student", world.students[1]),
    )
    said = await run("consent", "list", *HILL)
    assert re.search(r"play +no +pending +2\n", said)
    assert re.search(r"play +no +revoked +1\n", said)
    assert re.search(r"audio +yes +pending +3\n", said)
    only = await run("consent", "list", *HILL, "--kind", "play", "--state", "pending")
    assert len(only.splitlines()) == 2
    ids = await run("consent", "list", *HILL, "--kind", "play", "--state", "revoked", "--ids")
    assert ids == f"{world.students[1]}\n"
    await run("consent", "list", *HILL, "--ids", code=2)
