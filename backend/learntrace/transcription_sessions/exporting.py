"""A transcript as a file to take away."""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final
from urllib.parse import quote

from learntrace.transcription_sessions.captions import writing
from learntrace.transcription_sessions.schemas_transcripts import TranscriptOut
from learntrace.transcription_sessions.transcripts import Transcript


class Format(StrEnum):
    """Each is a file's ending, too; plans say which a school has."""

    JSON = "json"
    TXT = "txt"
    VTT = "vtt"
    SRT = "srt"
    XLSX = "xlsx"


MEDIA_TYPES: Final[Mapping[Format, str]] = {
    Format.JSON: "application/json",
    Format.TXT: "text/plain; charset=utf-8",
    Format.VTT: "text/vtt; charset=utf-8",
    Format.SRT: "application/x-subrip; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_WRITERS: Final[Mapping[Format, Callable[[Transcript], str | bytes]]] = {
    Format.JSON: lambda known: TranscriptOut.of(known).model_dump_json(),
    Format.TXT: lambda known: writing.txt(known.segments),
    Format.VTT: lambda known: writing.vtt(known.segments),
    Format.SRT: lambda known: writing.srt(known.segments),
    Format.XLSX: lambda known: writing.xlsx(known.segments),
}
_NOT_IN_NAMES: Final = re.compile(r'[\x00-\x1f\x7f"*/:<>?\\|]+')


def file_of(known: Transcript, wanted: Format) -> bytes:
    """The whole file; text is UTF-8."""
    written = _WRITERS[wanted](known)
    return written if isinstance(written, bytes) else written.encode()


def disposition(title: str, wanted: Format) -> str:
    """The header Content-Disposition, with `title` as the file's name, in any script (RFC 5987).

    Clients that cannot read that take the name in plain letters.
    """
    name = _NOT_IN_NAMES.sub(" ", title).strip(" .") or "transcript"
    plain = " ".join(name.encode("ascii", "ignore").decode().split()) or "transcript"
    return (
        f'attachment; filename="{plain}.{wanted}"; '
        f"filename*=UTF-8''{quote(f'{name}.{wanted}', safe='')}"
    )
