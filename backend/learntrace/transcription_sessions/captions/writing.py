"""A transcript as a file: WebVTT, SubRip, plain text, and a table."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Final

import xlsxwriter

from learntrace.transcription_sessions.captions.markup import (
    ARROW,
    escaped,
    escaped_where_needed,
    one_line,
)
from learntrace.transcription_sessions.heard import Heard

COLUMNS: Final = ("start_sec", "end_sec", "speaker_id", "role", "content", "confidence")
# A cell whose text begins with = is text.
_TABLE: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def vtt(heard: Iterable[Heard]) -> str:
    """WebVTT, speakers as voices: all that `captions.reading` reads."""
    cues = (f"{_times(one, '.')}\n{_voice(one)}{escaped(one.text)}\n" for one in heard)
    return "\n".join(("WEBVTT\n", *cues))


def srt(heard: Iterable[Heard]) -> str:
    """SubRip; it knows no speakers, so that their names stand before what they say."""
    return "\n".join(
        f"{number}\n{_times(one, ',')}\n{escaped_where_needed(_said(one))}\n"
        for number, one in enumerate(heard, 1)
    )


def txt(heard: Iterable[Heard]) -> str:
    """For people: a line for each segment, with when it begins."""
    return "".join(f"[{_time(one.start_s, '.')[:8]}] {_said(one)}\n" for one in heard)


def xlsx(heard: Iterable[Heard]) -> bytes:
    """A workbook with one sheet, a row for each segment below the names of `COLUMNS`."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, _TABLE) as book:
        sheet = book.add_worksheet("Transcript")
        sheet.write_row(0, 0, COLUMNS, book.add_format({"bold": True}))
        sheet.freeze_panes(1, 0)
        sheet.set_column(4, 4, 80, book.add_format({"text_wrap": True}))
        for row, one in enumerate(heard, 1):
            sheet.write_row(row, 0, _cells(one))
    return file.getvalue()


def _cells(one: Heard) -> Sequence[str | float | None]:
    return (one.start_s, one.end_s, one.speaker_id, one.role, one.text, one.confidence)


def _times(one: Heard, point: str) -> str:
    return f"{_time(one.start_s, point)} {ARROW} {_time(one.end_s, point)}"


def _time(s: float, point: str) -> str:
    """HH:MM:SS and milliseconds behind `point`."""
    whole_s, ms = divmod(round(s * 1000), 1000)
    minutes, seconds = divmod(whole_s, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{ms:03}"


def _voice(one: Heard) -> str:
    return "" if one.speaker_id is None else f"<v {escaped(one.speaker_id)}>"


def _said(one: Heard) -> str:
    text = one_line(one.text)
    return text if one.speaker_id is None else f"{one.speaker_id}: {text}"
