"""Transcripts that are taken away, when there is one, and for whom."""

from io import BytesIO
from urllib.parse import unquote

import openpyxl
import pytest

from learntrace.plans.limits import FORMATS
from learntrace.transcription_sessions.exporting import Format, disposition
from learntrace.transcription_sessions.states import Status
from tests.classroom.conftest import SchoolDay
from tests.skills.conftest import Ask

from .starting import put_on_plan
from .transcripts import Send, given, segments, with_segments


@pytest.mark.parametrize("wanted", list(Format))
async def test_each_format(ask: Ask, send: Send, day: SchoolDay, wanted: Format) -> None:
    recording = await given(day)
    await send(recording)
    answer = await ask("teacher", "GET", f"/sessions/{recording}/transcript", format=wanted)
    assert answer.status_code == 200, answer.text
    if wanted is Format.JSON:
        told = answer.json()
        assert told["segments"] == await segments(ask, recording)
        assert told["session_id"] == str(recording)
    elif wanted is Format.XLSX:
        sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
        assert sheet["E3"].value == "Twelve."
    else:
        assert "Twelve." in answer.text
    assert answer.headers["content-disposition"].startswith("attachment")


async def test_what_was_exported_is_read_again(ask: Ask, send: Send, day: SchoolDay) -> None:
    recording = await given(day)
    await send(recording)
    path = f"/sessions/{recording}/transcript"
    exported = (await ask("teacher", "GET", path, format="vtt")).content
    await send(recording, exported)
    assert (await ask("teacher", "GET", path, format="vtt")).content == exported


def test_a_plan_knows_every_format_there_is() -> None:
    assert set(FORMATS) == set(Format)


async def test_a_plan_without_the_format_refuses(ask: Ask, day: SchoolDay) -> None:
    recording = await with_segments(day, "S1")
    await put_on_plan(day, "free")
    answer = await ask("teacher", "GET", f"/sessions/{recording}/transcript", format="xlsx")
    assert answer.status_code == 403
    assert answer.json()["plan"] == "free"


async def test_an_unknown_format_is_refused(ask: Ask, day: SchoolDay) -> None:
    recording = await with_segments(day, "S1")
    answer = await ask("teacher", "GET", f"/sessions/{recording}/transcript", format="pdf")
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "title", ["Übung mit Łukasz 算数", 'a"b\r\nSet-Cookie: x=1', "../../etc", "算数", " . "]
)
async def test_the_title_survives_in_the_files_name(ask: Ask, day: SchoolDay, title: str) -> None:
    recording = await with_segments(day, "S1", title=title)
    answer = await ask("teacher", "GET", f"/sessions/{recording}/transcript", format="txt")
    header = answer.headers["content-disposition"]
    assert header == disposition(title, Format.TXT)
    assert "set-cookie" not in answer.headers
    plain, _, name = header.partition("; filename*=UTF-8''")
    assert plain.isascii()
    assert plain.count('"') == 2
    assert not set(unquote(name)) & set('"/\\\r\n')
    if "算数" in title:
        assert unquote(name) == f"{title}.txt"


@pytest.mark.parametrize("status", [one for one in Status if one is not Status.COMPLETED], ids=str)
async def test_there_is_no_transcript_before_it_is_completed(
    ask: Ask, day: SchoolDay, status: Status
) -> None:
    recording = await with_segments(day, "S1", status=status)
    some = str(await day.world.one("select id from transcript_segments"))
    for method, part, body in (
        ("GET", "transcript", None),
        ("GET", "segments", None),
        ("PATCH", "speaker-roles", {"roles": {"S1": "student"}}),
        ("PATCH", "segment-roles", {"roles": {some: "student"}}),
        ("PATCH", "segment-content", {"contents": {some: "Thirteen."}}),
        ("PUT", "checked", {"checked": True}),
        ("PUT", "checked", {"checked": False}),
    ):
        answer = await ask("teacher", method, f"/sessions/{recording}/{part}", body)
        assert answer.status_code == 409, part


async def test_others_transcripts_are_unknown(ask: Ask, send: Send, day: SchoolDay) -> None:
    recording = await with_segments(day, "S1")
    for who in ("colleague", "lake_teacher", "lake_admin"):
        answers = [
            await ask(who, "GET", f"/sessions/{recording}/segments"),
            await ask(who, "PUT", f"/sessions/{recording}/checked", {"checked": True}),
            await send(recording, who=who),
        ]
        for answer in answers:
            assert (answer.status_code, answer.json()["detail"]) == (404, "Session not found")
