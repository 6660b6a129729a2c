"""What a record says of the studies that it was handed to, and for how long."""

import io
import json
from datetime import timedelta
from pathlib import Path
from uuid import UUID
from zipfile import ZipFile

import pytest

from learntrace.privacy import consents
from learntrace.privacy.kinds import Kind, State
from learntrace.privacy.retention import Retention
from learntrace.student_records import erasing, forgetting
from learntrace.student_records.exporting import export

from ..world import World, now
from .conftest import GIVEN, PUPILS, PURPOSE, RECIPIENT, Played, Run, exported

HILL = ("research", "export", "--school", "Hill School", "--study", "Waves 2026")
STORED = "select student_id, study, recipient, purpose from research_disclosures"


async def stored(world: World) -> set[tuple[UUID, str, str, str]]:
    return {tuple(row) for row in await world.rows(STORED)}


async def test_each_record_says_who_got_it_for_which_study_and_why(
    run: Run, world: World, played: Played, tmp_path: Path
) -> None:
    async with world.database.transaction() as db:
        await consents.put(
            db, world.school_id, played.pupils[:1], Kind.RESEARCH, State.REVOKED, user_id=None
        )
    await exported(run, tmp_path / "study.zip")
    handed = played.pupils[1:]
    assert await stored(world) == {(one, "Waves 2026", RECIPIENT, PURPOSE) for one in handed}
    file = io.BytesIO()
    await export(world.database, world.school_id, handed[0], file)
    archive = ZipFile(file)
    [told] = json.loads(archive.read("research_disclosures.json"))
    assert told.pop("at")
    assert told == {"study": "Waves 2026", "recipient": RECIPIENT, "purpose": PURPOSE}


async def test_each_time_it_is_handed_out_stands_there(
    run: Run, world: World, played: Played, tmp_path: Path
) -> None:
    for _ in range(2):
        await exported(run, tmp_path / "study.zip")
    count = "select count(*), count(distinct at) from research_disclosures"
    assert [tuple(row) for row in await world.rows(count)] == [(2 * PUPILS, 2)]


async def test_it_outlives_the_study_and_the_play_and_goes_with_the_student(
    run: Run, world: World, played: Played, tmp_path: Path
) -> None:
    await exported(run, tmp_path / "study.zip")
    await run("research", "forget", "--school", "Hill School", "--study", "Waves 2026", "--yes")
    async with world.database.transaction() as db:
        kept = Retention(1, 30, None, 365, None)
        later = now() + timedelta(days=800)
        bounds = await forgetting.limits(db, world.school_id, kept, at=later)
    assert (await forgetting.forget(world.database, world.school_id, bounds))["game_sessions"]
    assert len(await stored(world)) == PUPILS
    async with world.database.transaction() as db:
        await erasing.erase(db, erasing.BY_COMMAND, world.school_id, played.pupils[0])
    assert {row[0] for row in await stored(world)} == set(played.pupils[1:])


async def test_what_was_refused_was_handed_to_nobody(
    run: Run, world: World, played: Played, tmp_path: Path
) -> None:
    async with world.database.transaction() as db:
        await consents.put(
            db, world.school_id, played.pupils[:2], Kind.RESEARCH, State.REVOKED, user_id=None
        )
    await run(*HILL, *GIVEN, "--out", tmp_path / "study.zip", code=1)
    assert await stored(world) == set()


async def test_nobody_gets_it_without_a_name_and_a_purpose(
    run: Run, world: World, tmp_path: Path
) -> None:
    command = (*HILL, "--out", tmp_path / "study.zip")
    assert "Missing option '--recipient'" in await run(*command, "--purpose", PURPOSE, code=2)
    assert "Missing option '--purpose'" in await run(*command, "--recipient", RECIPIENT, code=2)


@pytest.mark.parametrize(
    ("recipient", "purpose", "words"),
    [
        (" ", PURPOSE, "The recipient has 1 to 200 characters"),
        ("x" * 201, PURPOSE, "The recipient has 1 to 200 characters"),
        (RECIPIENT, "a\nb", "The purpose has 1 to 500 characters"),
    ],
)
async def test_words_that_say_nothing_are_refused(
    run: Run, world: World, tmp_path: Path, recipient: str, purpose: str, words: str
) -> None:
    given = ("--recipient", recipient, "--purpose", purpose)
    assert words in await run(*HILL, *given, "--out", tmp_path / "study.zip", code=1)
