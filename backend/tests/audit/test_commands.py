"""What an operator's commands leave in the log."""

import re
from pathlib import Path

import pytest

import learntrace
from learntrace.audit.words import WORDS

from .conftest import Entries, Run, SchoolDay

HILL = ("--school", "Hill School")
ROSTER = "class,given_name,family_name,external_id\n5c,Zora,Quirk,sis-1\n5c,Yann,Plain,sis-2\n"


@pytest.mark.parametrize(
    ("command", "whom"),
    [
        ("students export --student {ada} --out {tmp}/ada.zip", "ada"),
        ("consent set --kind research --state verified --student {ada}", "ada"),
        ("consent set --kind research --state verified --class CLASS5", "ada ben cleo"),
        ("consent list --kind play --state pending --ids", "ada ben cleo"),
        ("players revoke --student {ada}", "ada"),
        ("players revoke --class CLASS5", "ada ben cleo"),
        ("players new-code --student {ada}", "ada"),
        ("export events {tmp}/events.jsonl", "ada"),
        ("export events {tmp}/none.jsonl --until 2020-01-01", ""),
        ("export sessions {tmp}/sessions.csv", "ada"),
        ("consent list", ""),
        ("consent policy", ""),
    ],
)
async def test_a_command_enters_whom_it_is_about(
    run: Run, day: SchoolDay, entries: Entries, tmp_path: Path, command: str, whom: str
) -> None:
    ids = dict(zip(("ada", "ben", "cleo"), day.world.students, strict=True))
    words = command.format(ada=day.ada, tmp=tmp_path).split(" ")
    await run(*words, *HILL)
    found = await entries()
    assert [one.students for one in found] == [{ids[one] for one in whom.split()}] * bool(whom)
    for one in found:
        assert (one.by, one.person_id, one.person_name) == ("command", None, None)
        assert one.action in WORDS
        parts = one.action.removeprefix("learntrace ").split()
        assert set(parts) <= set(words)


def test_every_act_of_a_command_or_the_program_has_words() -> None:
    package = Path(learntrace.__file__).parent
    source = "\n".join(one.read_text() for one in sorted(package.rglob("*.py")))
    commands = re.findall(r"Act\.of_command\(\s*\"([^\"]+)\"", source)
    assert len(commands) >= 9
    assert {f"learntrace {one}" for one in commands} <= set(WORDS)
    assert set(re.findall(r"Act\.of_program\(\s*\"([^\"]+)\"", source)) <= set(WORDS)


async def test_erasing_is_entered_before_the_key_goes(
    run: Run, day: SchoolDay, entries: Entries
) -> None:
    await run("students", "erase", *HILL, "--yes", "--class", "CLASS5")
    tried, *erased = await entries()
    assert tried.action == "learntrace students erase --dry-run"
    assert (tried.students, len(tried.pseudonyms)) == (frozenset(), 3)
    assert [one.action for one in erased] == ["learntrace students erase"] * 3
    assert [len(one.pseudonyms) for one in erased] == [1, 1, 1]


async def test_a_roster_enters_whom_it_changes(
    run: Run, day: SchoolDay, entries: Entries, tmp_path: Path
) -> None:
    file = tmp_path / "roster.csv"
    file.write_text(ROSTER)
    command = ("roster", "import", file, *HILL)
    await run(*command, "--dry-run")
    assert await entries() == []  # nobody of it is there yet
    await run(*command)
    [entry] = await entries()
    assert (entry.action, len(entry.students)) == ("learntrace roster import", 2)
    await run(*command)
    assert await entries() == []
    file.write_text(ROSTER.replace("Yann", "Jan"))
    for dry_run in (["--dry-run"], []):
        await run(*command, *dry_run)
        [entry] = await entries()
        assert entry.action.endswith("--dry-run") == bool(dry_run)
        assert entry.action in WORDS
        [student_id] = entry.students
        query = "select source_id from students where id = :id"
        assert await day.world.one(query, id=student_id) == "sis-2"
