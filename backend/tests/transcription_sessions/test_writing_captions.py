"""Transcripts as files, and what is read from them again."""

from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from learntrace.transcription_sessions.captions import reading, writing
from learntrace.transcription_sessions.captions.markup import one_line
from learntrace.transcription_sessions.heard import Heard
from learntrace.transcription_sessions.states import Role

from .test_reading_captions import WILD

TALK = [
    Heard(0.0, 1.5, "How many?", confidence=0.9, speaker_id="Mr. Smith", role=Role.TEACHER),
    Heard(3661.25, 3662.0, "3 < 4 & =SUM(A1)", speaker_id="Ada", role=Role.STUDENT),
    Heard(3662.0, 3662.0, "Twelve."),
]
MARKUP = ["<v Ada>", "</v>", "<i>", "&amp;", "&#58;", "<", ">", "&", "{\\an8}", "-->", "WEBVTT"]
MARKUP += ["0:01 --> 0:02", "NOTE", "12", "<00:01>", "STYLE", "\n", "\n\n", "<br>", "\u2028"]


def lines(alphabet: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Text in one line with single spaces, as it is stored."""
    pieces = st.lists(st.one_of(alphabet, st.sampled_from(MARKUP)), max_size=6)
    return pieces.map(lambda parts: one_line("".join(parts))).filter(bool)


ANY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
NO_COLON = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0:"), max_size=20)
SPEAKERS = st.none() | lines(ANY).map(lambda name: one_line(name[:64])).filter(bool)


@st.composite
def talk(draw: st.DrawFn, texts: st.SearchStrategy[str], speakers=SPEAKERS) -> list[Heard]:
    return [
        Heard(start / 1000, (start + length) / 1000, text, speaker_id=speaker)
        for start, length, text, speaker in draw(
            st.lists(
                st.tuples(st.integers(0, 900 * 3600_000), st.integers(0, 100_000), texts, speakers),
                min_size=1,
            )
        )
    ]


@given(talk(lines(ANY), lines(ANY).map(lambda name: one_line(name[:64]))))
def test_vtt_gives_everything_back(heard: list[Heard]) -> None:
    assert reading.read(writing.vtt(heard).encode()) == heard


@given(talk(lines(NO_COLON)))
def test_vtt_gives_back_who_is_nobody(heard: list[Heard]) -> None:
    assert reading.read(writing.vtt(heard).encode()) == heard


@given(talk(lines(NO_COLON), st.sampled_from([None, "Ada", "Mr. Smith"])))
def test_srt_gives_times_and_every_word_back(heard: list[Heard]) -> None:
    def told(some: list[Heard]) -> list[tuple[float, float, str]]:
        return [(one.start_s, one.end_s, with_name(one)) for one in some]

    assert told(reading.read(writing.srt(heard).encode())) == told(heard)


def with_name(one: Heard) -> str:
    return one.text if one.speaker_id is None else f"{one.speaker_id}: {one.text}"


@pytest.mark.parametrize("write", [writing.vtt, writing.srt])
@pytest.mark.parametrize("file", WILD.values(), ids=WILD)
def test_what_was_read_in_the_wild_is_read_again(file: str, write) -> None:
    heard = reading.read(file.encode())
    assert reading.read(write(heard).encode()) == heard


def test_srt_gives_speakers_back_whose_names_come_again() -> None:
    heard = [Heard(at, at + 1, f"{at} <i>", speaker_id=f"S{at % 2}") for at in range(6)]
    assert reading.read(writing.srt(heard).encode()) == heard


def test_vtt() -> None:
    assert writing.vtt(TALK) == (
        "WEBVTT\n\n"
        "00:00:00.000 --> 00:00:01.500\n<v Mr. Smith>How many?\n\n"
        "01:01:01.250 --> 01:01:02.000\n<v Ada>3 &lt; 4 &amp; =SUM(A1)\n\n"
        "01:01:02.000 --> 01:01:02.000\nTwelve.\n"
    )


def test_srt_is_left_as_it_is_said_where_it_can_be() -> None:
    assert writing.srt(TALK) == (
        "1\n00:00:00,000 --> 00:00:01,500\nMr. Smith: How many?\n\n"
        "2\n01:01:01,250 --> 01:01:02,000\nAda: 3 < 4 & =SUM(A1)\n\n"
        "3\n01:01:02,000 --> 01:01:02,000\nTwelve.\n"
    )


def test_txt() -> None:
    assert writing.txt(TALK) == (
        "[00:00:00] Mr. Smith: How many?\n[01:01:01] Ada: 3 < 4 & =SUM(A1)\n[01:01:02] Twelve.\n"
    )


def test_xlsx_holds_text_and_numbers_and_no_formula() -> None:
    heard = [*TALK, replace(TALK[0], text="=1+1"), replace(TALK[0], text="http://a.example")]
    sheet = openpyxl.load_workbook(BytesIO(writing.xlsx(heard))).active
    first, *rows = sheet.iter_rows(values_only=True)
    assert first == writing.COLUMNS
    assert rows[0] == (0, 1.5, "Mr. Smith", "teacher", "How many?", 0.9)
    assert rows[2] == (3662, 3662, None, None, "Twelve.", None)
    assert [row[4] for row in rows[3:]] == ["=1+1", "http://a.example"]
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row} <= {"s", "n"}


@pytest.mark.parametrize("write", [writing.vtt, writing.srt, writing.txt, writing.xlsx])
def test_an_empty_transcript_is_a_file(write) -> None:
    assert write([]) is not None
