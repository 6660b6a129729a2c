"""From checked transcripts to what is told of a student: stored, compared, fused, explained."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.assessment import inferring, populations, talking
from learntrace.student_records import erasing
from learntrace.transcription_sessions import segments
from learntrace.transcription_sessions.heard import Heard
from learntrace.transcription_sessions.states import Role

from ..classroom.conftest import SchoolDay, day
from ..skills.conftest import ask
from ..skills.lessons import infer_all
from ..transcription_sessions.given import add_audio_consent, add_talk, check
from ..world import add_student, now

__all__ = ["ask", "day"]

WORDS = ("we", "built", "a", "long", "bridge", "from", "paper", "and", "it", "did", "hold")
ENOUGH = 60
STORED = "select count(*) from transcript_features"


def said(
    words: int = ENOUGH, *, questions: int = 1, others: int = 40, confidence: float | None = None
) -> list[Heard]:
    """Two turns of the student, so many words in all, around one of the teacher."""
    own = [WORDS[number % len(WORDS)] for number in range(words)]
    first, second = " ".join(own[: words // 2]), " ".join(own[words // 2 :])
    asked = " Why?" * questions
    return [
        Heard(0, 20, f"{first}.", confidence, role=Role.STUDENT),
        Heard(20, 40, " ".join(["yes"] * others), role=Role.TEACHER),
        Heard(40, 70, f"{second}.{asked}", confidence, role=Role.STUDENT),
    ]


async def talk(day: SchoolDay, student_id: UUID, told: list[Heard], **options) -> UUID:
    school_id = options.pop("school_id", day.world.school_id)
    async with day.world.database.transaction() as db:
        return await add_talk(db, school_id, day.users["teacher"], student_id, told, **options)


async def classmates(day: SchoolDay, count: int = 20) -> list[UUID]:
    """Others who talked, each differently; and their population."""
    pupils = [uuid4() for _ in range(count)]
    async with day.world.database.transaction() as db:
        for number, pupil in enumerate(pupils):
            await add_student(db, day.world.school_id, pupil, f"Pupil {number}", f"TALKS{number}")
    for number, pupil in enumerate(pupils):
        told = said(ENOUGH + 2 * number, questions=number % 5, others=30 + 7 * (number % 6))
        await talk(day, pupil, told, at=now() - timedelta(days=30 - number))
    await infer_all(day.world.database)
    assert await populations.refit(day.world.database) == 1
    await infer_all(day.world.database)
    return pupils


async def mark_of(db: AsyncSession) -> int:
    return await db.scalar(text("select count(*) from refits_due")) or 0


async def test_checked_talk_becomes_evidence(day: SchoolDay, ask) -> None:
    await classmates(day)
    made = [
        await talk(day, day.ada, said(120, questions=4), at=now() - timedelta(days=days))
        for days in (9, 2)
    ]
    answer = (await ask("teacher", "GET", f"/assessments/{day.ada}")).json()
    lines = {
        one["evidence_id"]: one for one in answer["evidence"] if one["source"] == "transcripts"
    }
    kinds = ("mean_turn_words", "question_rate", "talk_ratio")
    assert sorted(lines) == sorted(f"{one}:{kind}" for one in made for kind in kinds)
    for one in lines.values():
        shown = await ask("teacher", "GET", f"/sessions/{one['transcription_session_id']}/features")
        assert shown.json()["features"][one["kind"]]["value"] == one["value"]
    [spoken] = [one for one in answer["skills"] if one["skill"] == "communication"]
    assert {one["evidence_id"] for one in spoken["evidence"]} == set(lines)
    assert all(one["x"] > 0 for one in spoken["evidence"] if "turn_words" in one["evidence_id"])
    assert answer["versions"]["talk"] == {"en": {"features": "1.1", "population": 1}}
    assert any("talk" in one["text"] for one in answer["reasoning"])

    page = (await ask("teacher", "GET", f"/students/{day.ada}/timeline")).json()
    told = [one for one in page["items"] if one["kind"] == "talk"]
    assert [one["id"] for one in told] == [str(one) for one in reversed(made)]
    assert told[0]["words"] == "Said 124 words in a recorded talk."


async def test_uncertain_hearing_weighs_less(day: SchoolDay, ask) -> None:
    await classmates(day)
    weights = []
    for pupil, confidence in ((day.ada, 1.0), (day.ben, 0.5)):
        await talk(day, pupil, said(120, confidence=confidence))
        async with day.world.database.transaction() as db:
            found = (await inferring.infer(db, day.world.school_id, pupil)).assessment.body
        weights.append(sum(one["weight"] for one in found["uses"]["communication"]))
    assert 0 < weights[1] < weights[0]


@pytest.mark.parametrize(
    "told",
    [
        said(30),
        [Heard(one.start_s, one.end_s, one.text) for one in said()],
        [Heard(one.start_s, one.end_s, one.text, role=Role.TEACHER) for one in said()],
    ],
    ids=["too few words", "no roles", "no student"],
)
async def test_what_tells_nothing_is_not_stored(day: SchoolDay, told: list[Heard]) -> None:
    await talk(day, day.ada, told)
    await infer_all(day.world.database)
    assert await day.world.one(STORED) == 0


async def test_nothing_counts_before_it_is_checked_or_after_it_is_changed(day: SchoolDay) -> None:
    school_id, teacher = day.world.school_id, day.users["teacher"]
    made = await talk(day, day.ada, said(100))
    await infer_all(day.world.database)
    words = "select words from transcript_features"
    assert await day.world.one(words) == 101
    async with day.world.database.transaction() as db:  # another transcript, checked by nobody
        await segments.replace(db, school_id, made, said(70))
    await infer_all(day.world.database)
    assert await day.world.one(STORED) == 0
    async with day.world.database.transaction() as db:
        await check(db, made, teacher)
        await inferring.infer(db, school_id, day.ada)
    assert await day.world.one(words) == 71


async def test_nothing_new_is_no_new_assessment(day: SchoolDay) -> None:
    await talk(day, day.ada, said())
    async with day.world.database.transaction() as db:
        first = await inferring.infer(db, day.world.school_id, day.ada)
        again = await inferring.infer(db, day.world.school_id, day.ada)
    assert (first.is_new, again.is_new) == (True, False)
    assert first.assessment.id == again.assessment.id


async def test_what_goes_is_in_no_population_any_more(day: SchoolDay, ask) -> None:
    pupils = await classmates(day)
    made = await day.world.one(
        "select transcription_session_id from transcript_features where student_id = :id",
        id=pupils[0],
    )
    versions = "select array_agg(version) from populations"
    assert await day.world.one(versions) == [1]
    assert (await ask("school_admin", "DELETE", f"/sessions/{made}")).status_code == 204
    async with day.world.database.transaction() as db:
        await erasing.erase(db, erasing.BY_COMMAND, day.world.school_id, pupils[1])
        # Once for what went with its recording, and once more with its student.
        assert await mark_of(db) == 1
    assert await populations.refit(day.world.database) == 1
    assert await day.world.one(versions) == [2]
    body = await day.world.one("select body from populations")
    assert body["talk_ratio"]["students"] == len(pupils) - 2
    assert await day.world.one("select count(*) from refits_due") == 0
    assert await day.world.one(STORED) == len(pupils) - 2


async def test_each_tenant_and_language_has_a_population_of_its_own(day: SchoolDay) -> None:
    world = day.world
    await talk(day, day.ada, said())
    await talk(day, day.ada, said(), language="en-GB")
    await talk(day, day.ada, said(), language="de")
    await talk(day, day.tess, said(), school_id=world.sandbox_id)
    await infer_all(world.database)
    async with world.database.transaction() as db:
        found = await talking.counts(db)
    english, german = talking.population_id("en"), talking.population_id("de")
    assert sorted(found) == sorted(
        [
            (world.school_id, english, 2),
            (world.school_id, german, 1),
            (world.sandbox_id, english, 1),
        ]
    )


async def test_who_was_read_by_another_version_is_assessed_anew(day: SchoolDay) -> None:
    for pupil in (day.ada, day.ben):
        await talk(day, pupil, said())
    await infer_all(day.world.database)
    async with day.world.database.transaction() as db:
        assert await talking.mark_outdated(db) == 0
        await db.execute(
            text("update transcript_features set versions = '0.1' where student_id = :id"),
            {"id": day.ada},
        )
        await db.execute(
            text("delete from transcript_features where student_id = :id"), {"id": day.ben}
        )
        assert await talking.mark_outdated(db) == 2
    await infer_all(day.world.database)
    assert (
        await day.world.one("select count(*) from transcript_features where versions = '1.1'") == 2
    )


async def test_game_developers_are_told_nothing_that_talk_counts_for(day: SchoolDay, ask) -> None:
    async with day.world.database.transaction() as db:
        for number in range(20):
            await add_student(db, day.world.sandbox_id, pupil := uuid4(), "Test", f"SANDY{number}")
            told = said(ENOUGH + 2 * number, questions=number % 4, others=20 + number)
            await add_talk(db, day.world.sandbox_id, day.users["teacher"], pupil, told)
        await add_talk(
            db, day.world.sandbox_id, day.users["teacher"], day.tess, said(120, questions=5)
        )
    await infer_all(day.world.database)
    await populations.refit(day.world.database)
    await infer_all(day.world.database)
    for who, is_told in (("school_admin", True), ("developer", False)):
        query = {"sandbox": "true"} if who == "school_admin" else {}
        answer = (await ask(who, "GET", f"/assessments/{day.tess}", **query)).json()
        assert any(one["source"] == "transcripts" for one in answer["evidence"]) == is_told
        assert any("talk" in one["text"] for one in answer["reasoning"]) == is_told
        page = (await ask(who, "GET", f"/students/{day.tess}/timeline", **query)).json()
        assert any(one["kind"] == "talk" for one in page["items"]) == is_told


async def test_a_recording_that_goes_while_it_is_read_stops_nobody(day: SchoolDay) -> None:
    made = await talk(day, day.ada, said())
    async with day.world.database.transaction() as db:
        await db.execute(text("delete from transcription_sessions where id = :id"), {"id": made})
        inferring_now = asyncio.create_task(infer_all(day.world.database))
        await asyncio.sleep(0.3)
    await inferring_now
    assert await day.world.one(STORED) == 0
    assert await day.world.one("select count(*) from assessments_due") == 0


async def test_features_are_null_with_a_reason_until_checked(
    day: SchoolDay, ask, api: httpx.AsyncClient
) -> None:
    made = await talk(day, day.ada, said())
    path = f"/sessions/{made}/features"
    answer = (await ask("teacher", "GET", path)).json()
    assert answer["words"] == 61
    assert answer["features"]["talk_ratio"]["value"] == pytest.approx(61 / 101)
    assert answer["features"]["question_rate"] == {
        "value": pytest.approx(1 / 3),
        "unit": "share",
        "minimum": 0,
        "maximum": 1,
        "reason": None,
        "reason_text": None,
        "title": "Questions",
        "meaning": "How many of the student's sentences were questions.",
    }
    async with day.world.database.transaction() as db:
        await check(db, made, None)
    answer = (await ask("teacher", "GET", path)).json()
    assert {one["value"] for one in answer["features"].values()} == {None}
    assert {one["reason"] for one in answer["features"].values()} == {"not_reviewed"}
    assert all(one["reason_text"] for one in answer["features"].values())
    assert (await ask("school_admin", "GET", path)).status_code == 200
    assert (await ask("system_admin", "GET", path)).status_code == 403
    unknown = await ask("teacher", "GET", f"/sessions/{uuid4()}/features")
    assert (unknown.status_code, unknown.json()["detail"]) == (404, "Session not found")


async def test_a_transcript_that_a_teacher_uploads_counts_once_it_is_checked(
    day: SchoolDay, ask, api: httpx.AsyncClient
) -> None:
    async with day.world.database.transaction() as db:
        await add_audio_consent(db, day.world.school_id, day.ada)
    about = {"title": "Bridges", "language": "en", "student_id": str(day.ada)}
    made = (await ask("teacher", "POST", "/sessions", about)).json()["id"]
    file = f"WEBVTT\n\n00:00.000 --> 00:30.000\n<v Ada>{(' '.join(WORDS) + '? ') * 6}\n"
    file += "\n00:30.000 --> 00:40.000\n<v Teacher>Well done.\n"
    path = f"/api/v1/sessions/{made}/transcript"
    upload = {"file": ("talk.vtt", file.encode())}
    answer = await api.post(path, files=upload, headers=day.headers("teacher"))
    assert answer.is_success, answer.text

    async def reasons() -> set[str | None]:
        told = (await ask("teacher", "GET", f"/sessions/{made}/features")).json()["features"]
        return {one["reason"] for one in told.values()}

    assert await reasons() == {"not_reviewed"}
    roles = {"roles": {"Ada": "student", "Teacher": "teacher"}}
    await ask("teacher", "PATCH", f"/sessions/{made}/speaker-roles", roles)
    await ask("teacher", "PUT", f"/sessions/{made}/checked", {"checked": True})
    assert await reasons() == {None}
    assert (await ask("teacher", "POST", f"/assessments/{day.ada}")).status_code == 201
    assert await day.world.one("select words from transcript_features") == 66
    await ask("teacher", "PATCH", f"/sessions/{made}/speaker-roles", {"roles": {"Ada": "peer"}})
    assert await reasons() == {"no_student"}
    await infer_all(day.world.database)
    assert await day.world.one(STORED) == 0
