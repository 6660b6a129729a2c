"""A study's archive: nobody in it can be named, and all of it can be used."""

import re
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx

from learntrace.evaluation.answers_file import read_answers
from learntrace.features.catalogue import CATALOGUE
from learntrace.features.types import Reason
from learntrace.kit.cells import cell
from learntrace.research.tables import README, TABLES, described
from learntrace.skills.types import Skill
from learntrace.student_records.inventory import models

from ..skills.lessons import lesson
from ..world import World, batch, bearer, now
from .conftest import PUPILS, Archive, Played, Run, exported

PSEUDONYM = re.compile("[a-z2-7]{16}")
# What else may stand in a cell: numbers, truth values, and words of our own.
PLAIN = re.compile(r"|-?\d+(\.\d+)?(e-\d+)?|True|False")
WORDS = {*Reason, *Skill}


async def test_no_cell_holds_anything_that_somebody_could_be_named_by(
    run: Run, played: Played, tmp_path: Path
) -> None:
    archive = await exported(run, tmp_path / "study.zip")
    assert list(archive.texts) == ["README.txt", "columns.csv", *(one.file for one in TABLES)]
    assert archive.texts["README.txt"] == README
    assert archive.rows("columns") == [
        {name: str(cell(text)) for name, text in row.items()} for row in described()
    ]
    for table in TABLES:
        rows = archive.rows(table.file.removesuffix(".csv"))
        assert rows, table.file
        assert list(rows[0]) == [column.name for column in table.columns]
        for name, value in ((name, value) for row in rows for name, value in row.items()):
            assert PSEUDONYM.fullmatch(value) or PLAIN.fullmatch(value) or value in WORDS, name


async def test_nothing_that_is_stored_as_text_or_id_stands_in_any_file(
    run: Run, world: World, played: Played, tmp_path: Path
) -> None:
    """Every text and id of every column that is not of the machinery, and what was typed."""
    archive = await exported(run, tmp_path / "study.zip")
    tables = [archive.texts[one.file].partition("\r\n")[2] for one in TABLES]
    whole = "".join(tables)
    stored = await texts_in(world) - WORDS
    assert set(played.traces) & stored
    assert [one for one in stored if re.search(rf"\b{re.escape(one)}\b", whole)] == []
    everything = "".join(archive.texts.values()).lower()
    assert [one for one in played.traces if one.lower() in everything] == []


async def texts_in(world: World) -> set[str]:
    """Texts and ids of all columns but technical ones, also those inside of documents."""
    found: set[str] = set()
    for model in models():
        columns = [
            name for one, names in model.holds.classes() if one != "technical" for name in names
        ]
        for name in columns:
            query = f"select {name}::text from {model.__tablename__} where {name} is not null"
            for (value,) in await world.rows(query):
                found.add(value)
                found.update(re.findall(r'"([^"\\]+)"', value))
                found.add(value.replace("-", ""))
    return {one for one in found if not PLAIN.fullmatch(one)}


async def test_a_row_says_what_was_played(run: Run, played: Played, tmp_path: Path) -> None:
    archive = await exported(run, tmp_path / "study.zip")
    students, sessions = archive.rows("students"), archive.rows("sessions")
    assert [row["sessions"] for row in students] == ["2"] * PUPILS
    assert [row["student"] for row in students] == sorted(row["student"] for row in students)
    assert [row["session"] for row in sessions] == ["1", "2"] * PUPILS
    assert {row["student"] for row in sessions} == archive.students()
    assert len({row["game"] for row in sessions}) == 1
    for first, second in zip(sessions[::2], sessions[1::2], strict=True):
        assert (float(first["start_s"]), float(first["end_s"]) > 0) == (0, True)
        assert 7 * 86_400 - 60 < float(second["start_s"]) < 7 * 86_400 + 60
        assert float(first["event_count"]) == float(first["events"]) >= 18
    for name, feature in CATALOGUE.items():
        for row in sessions:
            assert bool(row[name]) is not bool(row[f"{name}_reason"]), feature.name
    rated = archive.rows("ratings")
    assert {row["student"] for row in rated} == archive.students()
    assert len({row["rater"] for row in rated}) == 1
    assert {int(row["time_s"]) for row in rated} <= {days * 86_400 for days in (8, 9, 10)}


async def test_answers_can_be_read_by_evaluate(run: Run, played: Played, tmp_path: Path) -> None:
    archive = await exported(run, tmp_path / "study.zip")
    file = tmp_path / "answers.csv"
    file.write_text(archive.texts["answers.csv"])
    learners = read_answers(file)
    assert set(learners) == archive.students()
    started = datetime(1970, 1, 1, tzinfo=UTC)
    for answers in learners.values():
        assert answers[0].at >= started
        assert [one.at for one in answers] == sorted(one.at for one in answers)
        assert len({one.item for one in answers}) == 6
        assert len({one.skill for one in answers}) == 2


async def test_the_file_is_its_owners(run: Run, played: Played, tmp_path: Path) -> None:
    out = tmp_path / "study.zip"
    await exported(run, out)
    assert out.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.glob("*zip*")] == ["study.zip"]


async def test_exports_of_a_study_can_be_joined_and_of_two_cannot(
    run: Run, api: httpx.AsyncClient, world: World, played: Played, tmp_path: Path
) -> None:
    before = await exported(run, tmp_path / "study.zip")
    more = lesson(world, played.pupils[0], uuid4(), at=now(), tries_again=2)
    sent = await api.post(
        "/api/v1/telemetry/batch", json=batch(more), headers=bearer(world.write_key)
    )
    assert sent.status_code == 201
    after = await exported(run, tmp_path / "study.zip")
    assert after.students() == before.students()
    assert sorted(row["sessions"] for row in after.rows("students")) == ["2"] * 10 + ["3"]
    old = before.rows("answers")
    assert [row for row in old if row not in after.rows("answers")] == []
    other = await exported(run, tmp_path / "other.zip", study="Another")
    assert pseudonyms_in(other) & pseudonyms_in(after) == set()


def pseudonyms_in(archive: Archive) -> set[str]:
    texts = (archive.texts[one.file].partition("\r\n")[2] for one in TABLES)
    return {cell for text in texts for cell in re.split(r"[,\r\n]", text) if PSEUDONYM.match(cell)}
