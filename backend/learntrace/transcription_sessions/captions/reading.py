"""Transcripts as found in the wild, WebVTT and SubRip, also where they break their own rules.

The libraries for these formats drop a cue whose times they cannot read without a word. Of what a
child said nothing may be lost so: here a line that cannot be read is an error with its number.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from learntrace.transcription_sessions.captions.lines import CaptionError, lines_of
from learntrace.transcription_sessions.captions.markup import ARROW, plain
from learntrace.transcription_sessions.captions.speakers import (
    Piece,
    has_voices,
    named,
    names,
    voices,
)
from learntrace.transcription_sessions.heard import MOST_CHARACTERS, Heard

MOST_CUES: Final = 20_000
_HEADER: Final = "WEBVTT"
_NO_CUE: Final = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s.*)?")
_TIME: Final = r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,9}))?"
_TIMES: Final = re.compile(rf"\s*{_TIME}\s*{ARROW}\s*{_TIME}(?:\s.*)?")
# With an arrow in speech, there are words before it and no time behind it.
_LIKE_TIMES: Final = re.compile(rf"[\s:.,-]*\d[\s\d:.,-]*{ARROW}|.*{ARROW}\s*\d+:\d")
_EXAMPLE: Final = f"00:00:01.000 {ARROW} 00:00:04.000"


@dataclass(frozen=True, slots=True)
class _Cue:
    """`line` is where its times stand, `marked` what follows them."""

    line: int
    start_ms: int
    end_ms: int
    marked: Sequence[str]


def read(content: bytes) -> list[Heard]:
    """What is said in a VTT or SRT file, in the file's order; whichever it is shows in it.

    A cue in which several speak gives several, all with the times of the cue. Raises
    `CaptionError` where a line cannot be read, or nothing is said in the file.
    """
    cues = list(_cues(lines_of(content)))
    heard = [
        Heard(cue.start_ms / 1000, cue.end_ms / 1000, said, speaker_id=speaker)
        for cue, pieces in zip(cues, _pieces(cues), strict=True)
        for speaker, said in pieces
    ]
    if not heard:
        raise CaptionError(1, f"No cue with words follows. One begins with times: {_EXAMPLE}")
    return heard


def _cues(lines: Sequence[str]) -> Iterator[_Cue]:
    is_vtt = next((line for line in lines if line.strip()), "").startswith(_HEADER)
    lines = _without_notes(lines) if is_vtt else lines
    timed = [at for at, line in enumerate(lines) if _LIKE_TIMES.match(line)]
    if len(timed) > MOST_CUES:
        said = f"A transcript has at most {MOST_CUES:,} cues. Split it."
        raise CaptionError(timed[MOST_CUES] + 1, said)
    are_numbered = bool(timed) and timed[0] > 0 and _is_number(lines[timed[0] - 1])
    for at, until in pairwise([*timed, len(lines)]):
        marked = lines[at + 1 : until]
        if until < len(lines) and _ends_with_id(marked, is_vtt=is_vtt, are_numbered=are_numbered):
            marked = marked[:-1]
        yield _cue(at + 1, lines[at], marked)


def _ends_with_id(lines: Sequence[str], *, is_vtt: bool, are_numbered: bool) -> bool:
    """Whether the last of the lines between two cues belongs to the second."""
    stands_alone = len(lines) > 1 and not lines[-2].strip()
    if is_vtt and stands_alone:
        return True
    return (stands_alone or are_numbered) and bool(lines) and _is_number(lines[-1])


def _without_notes(lines: Sequence[str]) -> list[str]:
    """The same lines, empty where the blocks NOTE, STYLE and REGION stand."""
    kept: list[str] = []
    in_block = in_note = False
    for line in lines:
        if not in_block:
            in_note = _NO_CUE.fullmatch(line) is not None
        in_block = bool(line.strip())
        kept.append("" if in_note else line)
    return kept


def _is_number(line: str) -> bool:
    return line.strip().isdigit()


def _cue(number: int, times: str, marked: Sequence[str]) -> _Cue:
    found = _TIMES.fullmatch(times)
    start_ms, end_ms = (
        (None, None) if found is None else (_ms(*found.groups()[:4]), _ms(*found.groups()[4:]))
    )
    if start_ms is None or end_ms is None:
        raise CaptionError(number, f"These are no times. Write them so: {_EXAMPLE}")
    if end_ms < start_ms:
        raise CaptionError(number, "This cue ends before it begins.")
    if sum(map(len, marked)) > MOST_CHARACTERS:
        raise CaptionError(number, f"A cue has at most {MOST_CHARACTERS:,} characters. Split it.")
    return _Cue(number, start_ms, end_ms, marked)


def _ms(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> int | None:
    """Milliseconds; null for a sixtieth minute of an hour or second of a minute."""
    if int(seconds) >= 60 or (hours is not None and int(minutes) >= 60):
        return None
    whole_s = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return whole_s * 1000 + int((fraction or "0").ljust(3, "0")[:3])


def _pieces(cues: Sequence[_Cue]) -> list[list[Piece]]:
    """Who says what in each cue. Where one names its speaker in a tag, no other word is a name."""
    whole = ["\n".join(cue.marked) for cue in cues]
    if any(map(has_voices, whole)):
        return [voices(marked) for marked in whole]
    said = [[line for marked in cue.marked if (line := plain(marked))] for cue in cues]
    known = names([lines for lines in said if lines])
    return [named(lines, known) for lines in said]
