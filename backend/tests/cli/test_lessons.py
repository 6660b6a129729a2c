"""Scenarios and content go into a school from files, and out again the same."""

import json

import pytest

from learntrace.kit.errors import InvalidError
from learntrace.learning_sessions.content.schemas import ContentIn
from learntrace.learning_sessions.files import read, write
from learntrace.learning_sessions.scenarios.schemas import ScenarioIn
from learntrace.learning_sessions.scenarios.types import Difficulty

from ..learning_sessions.given import FERRY, STATION

SCHOOL = "Hill School"


def written(tmp_path, name, items):
    path = tmp_path / f"{name}.json"
    path.write_text(json.dumps(items, indent=1), encoding="utf-8")
    return path


@pytest.fixture
async def school(run):
    await run("schools", "add", SCHOOL)
    given = ("--role", "teacher", "--school", SCHOOL, "--password-stdin")
    await run("users", "add", "tess", *given, stdin="a long enough passphrase\n")


async def test_the_starter_set_goes_in_twice_and_is_there_once(run, school, tmp_path) -> None:
    for kind, more in (("scenarios", ()), ("content", ("--owner", "tess"))):
        for _ in range(2):
            told = await run(kind, "import", "--starter", "--school", SCHOOL, *more)
            assert "Imported" in told
        out = await run(kind, "export", "--school", SCHOOL)
        items = json.loads(out)
        assert {one["language"] for one in items} == {"en", "de"}
        if kind == "scenarios":
            every = {(one["language"], one["difficulty"]) for one in items}
            assert every == {(one, level) for one in ("en", "de") for level in Difficulty}
        assert f"Imported {len(items)} " in told
        path = written(tmp_path, kind, items)
        await run(kind, "import", path, "--school", SCHOOL, *more)
        assert await run(kind, "export", "--school", SCHOOL) == out


async def test_every_scenario_goes_out(run, school, tmp_path) -> None:
    many = [STATION | {"key": f"station-{number}"} for number in range(501)]
    await run("scenarios", "import", written(tmp_path, "many", many), "--school", SCHOOL)
    out = json.loads(await run("scenarios", "export", "--school", SCHOOL))
    assert {one["key"] for one in out} == {one["key"] for one in many}


async def test_one_that_is_wrong_keeps_all_out_and_is_named_by_its_line(
    run, school, tmp_path
) -> None:
    wrong = STATION | {"key": "b", "difficulty": "easy"}
    path = written(tmp_path, "wrong", [STATION, wrong, STATION | {"key": "c", "phases": []}])
    lines = path.read_text().split("\n")
    at = [number for number, line in enumerate(lines, 1) if line == " {"]
    told = await run("scenarios", "import", path, "--school", SCHOOL, code=1)
    assert f"line {at[1]}: difficulty: " in told
    assert f"line {at[2]}: phases: " in told
    assert f"line {at[0]}:" not in told
    assert "Nothing was imported." in told
    assert json.loads(await run("scenarios", "export", "--school", SCHOOL)) == []


async def test_what_cannot_be_imported_is_said(run, school, tmp_path) -> None:
    path = written(tmp_path, "content", [FERRY])
    to_school = ("--school", SCHOOL)
    assert "username" in await run(
        "content", "import", path, *to_school, "--owner", "nobody", code=1
    )
    await run("scenarios", "import", *to_school, code=2)
    await run("scenarios", "import", path, "--starter", *to_school, code=2)
    path.write_text(json.dumps([STATION]), encoding="utf-8-sig")
    assert "Imported 1 " in await run("scenarios", "import", path, *to_school)
    path.write_bytes(b"\xff")
    assert "UTF-8" in await run("scenarios", "import", path, *to_school, code=1)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{}", "line 1: this is no JSON list: expected ["),
        ("\n[\n{", "line 3: this is no JSON list: "),
        ("[1 2]", "line 1: this is no JSON list: expected , or ]"),
        ("[]\n[]", "line 2: this is no JSON list: expected nothing after the list"),
        ("[\n1]", "line 2: the item: "),
        ("[\n[],\n{}]", "line 3: key: "),
        ("", "line 1: this is no JSON list: expected ["),
        ("[1,\n]", "line 2: this is no JSON list: "),
        ("[\n" + "[" * 100_000, "line 2: this is no JSON list: lists stand in lists too deeply"),
        ("[\n" + "9" * 9_000 + "]", "line 2: this is no JSON list: a number has more than 100"),
        ('[\n{"key": "a", "key": "b"}]', "line 2: this is no JSON list: an object has 'key' more"),
    ],
)
def test_what_is_no_list_of_items_is_told_by_line(text, told) -> None:
    with pytest.raises(InvalidError, match=r"(?s).*") as refused:
        read(text, ScenarioIn)
    assert told in str(refused.value)


def test_a_name_that_two_items_have_is_told_by_both_lines() -> None:
    twice = json.dumps([STATION, STATION], indent=1)
    at = [number for number, line in enumerate(twice.split("\n"), 1) if line == " {"]
    with pytest.raises(InvalidError, match=f"^line {at[1]}: key: line {at[0]} has the same$"):
        read(twice, ScenarioIn)
    unnamed = FERRY | {"source_url": None}
    assert len(read(json.dumps([unnamed, unnamed]), ContentIn)) == 2


def test_many_problems_are_told_in_part() -> None:
    with pytest.raises(InvalidError) as refused:
        read(json.dumps([{}] * 30), ScenarioIn)
    told = str(refused.value).split("\n")
    assert len(told) == 21
    assert told[-1].endswith("more")


def test_what_is_written_is_read_as_the_same() -> None:
    items = [ScenarioIn.model_validate(STATION)]
    assert read(write(items), ScenarioIn) == items
    assert read(write([]), ScenarioIn) == []


async def test_what_two_people_have_of_one_source_goes_out_by_owner(run, school, tmp_path) -> None:
    given = ("--role", "teacher", "--school", SCHOOL, "--password-stdin")
    await run("users", "add", "tom", *given, stdin="a long enough passphrase\n")
    path, to_school = written(tmp_path, "content", [FERRY]), ("--school", SCHOOL)
    for owner in ("tess", "tom"):
        await run("content", "import", path, *to_school, "--owner", owner)
    told = await run("content", "export", *to_school, code=1)
    assert FERRY["source_url"] in told
    assert "--owner" in told
    [one] = json.loads(await run("content", "export", *to_school, "--owner", "tom"))
    assert one["title"] == FERRY["title"]
    assert "username" in await run("content", "export", *to_school, "--owner", "nobody", code=1)
