"""A school whose pupils can be told apart by everything but their pseudonyms."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4
from zipfile import ZipFile

import httpx
import pytest

from ..cli.conftest import Run, environment, run
from ..skills.lessons import lesson
from ..world import World, add_signed_in, add_student, batch, bearer, insert, now

__all__ = ["Archive", "Played", "Run", "environment", "exported", "played", "run"]

PUPILS = 11
TYPED = "I am Zelda Quirkfield from Elm Street"
NOTE = "Zelda tells that her parents moved."
RECIPIENT = "University of Bern, Dr. Weber"
PURPOSE = "How retrying changes over a term"
GIVEN = ("--recipient", RECIPIENT, "--purpose", PURPOSE)
Rows = list[dict[str, str]]


@dataclass(frozen=True)
class Played:
    """`pupils` by id, each two lessons; `traces` is what no file may hold."""

    pupils: list[UUID]
    traces: list[str]


@dataclass(frozen=True)
class Archive:
    """What an export wrote: its texts by name, and its tables' rows."""

    texts: Mapping[str, str]

    def rows(self, name: str) -> Rows:
        return list(csv.DictReader(io.StringIO(self.texts[f"{name}.csv"])))

    def students(self) -> set[str]:
        return {row["student"] for row in self.rows("students")}


@pytest.fixture
async def played(api: httpx.AsyncClient, world: World) -> Played:
    pupils = [uuid4() for _ in range(PUPILS)]
    traces = [TYPED, NOTE, "Hill School", "CLASS5", "Waves", "frau.keller", "topic_", "item_"]
    async with world.database.transaction() as db:
        teacher_id, teacher = await add_signed_in(db, "frau.keller", "teacher", world.school_id)
        own = {"school_id": world.school_id, "class_id": world.class_id, "started_at": now()}
        await insert(db, "teachings", user_id=teacher_id, **own)
        for number, pupil in enumerate(pupils):
            name, code = f"Zelda Quirkfield {number}", f"QZX{number}VWU"
            await add_student(db, world.school_id, pupil, name, code)
            await insert(db, "enrolments", student_id=pupil, **own)
            traces += [name, code]
    for number, pupil in enumerate(pupils):
        for day in (9, 2):
            traces.append(str(await _play(api, world, pupil, days_ago=day, tries=number % 6)))
    seen = [
        {"student_id": str(pupil), "skill": "resilience", "level": 1 + number % 4}
        for number, pupil in enumerate(pupils)
    ]
    answer = await api.post("/api/v1/ratings", json={"ratings": seen}, headers=bearer(teacher))
    assert answer.is_success, answer.text
    note = f"/api/v1/students/{pupils[0]}/notes"
    assert (await api.post(note, json={"text": NOTE}, headers=bearer(teacher))).is_success
    ids = [*pupils, teacher_id, world.school_id, world.class_id, world.game_id]
    traces += [text for one in ids for text in (str(one), one.hex)]
    return Played(pupils, traces)


async def _play(
    api: httpx.AsyncClient, world: World, pupil: UUID, *, days_ago: float, tries: int
) -> UUID:
    game_session_id = uuid4()
    began = now() - timedelta(days=days_ago)
    told = lesson(world, pupil, game_session_id, at=began, tries_again=tries)
    told[0]["data"] = {"typed": TYPED}
    key = bearer(world.write_key) | {"X-Client-Id": str(pupil)}
    sent = await api.post("/api/v1/telemetry/batch", json=batch(told), headers=key)
    assert sent.status_code == 201, sent.text
    path = f"/api/v1/telemetry/session/{game_session_id}/close"
    assert (await api.post(path, headers=key)).status_code == 200
    return game_session_id


async def exported(run: Run, out: Path, *options: str, study: str = "Waves 2026") -> Archive:
    """What the command writes, read back."""
    words = ("research", "export", "--school", "Hill School", "--study", study, "--out", out)
    await run(*words, *GIVEN, *options)
    with ZipFile(out) as archive:
        return Archive({name: archive.read(name).decode() for name in archive.namelist()})
