"""Which audio is taken, and whether a file is what its name says. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

import filetype

from learntrace.kit.errors import InvalidError, UnsupportedMediaTypeError

ENOUGH_BYTES: Final = 8192
"""From the beginning of a file, to know what it is."""


@dataclass(frozen=True, slots=True)
class AudioType:
    """`media_type` is told to who listens; `sniffed` are what the first bytes may say it is."""

    media_type: str
    sniffed: frozenset[str]


# One container under two names.
_MP4 = frozenset({"audio/mp4", "video/mp4", "video/3gpp"})
TYPES: Final[Mapping[str, AudioType]] = {
    "mp3": AudioType("audio/mpeg", frozenset({"audio/mpeg"})),
    "wav": AudioType("audio/wav", frozenset({"audio/x-wav"})),
    "flac": AudioType("audio/flac", frozenset({"audio/x-flac"})),
    "ogg": AudioType("audio/ogg", frozenset({"audio/ogg"})),
    "mp4": AudioType("audio/mp4", _MP4),
    "m4a": AudioType("audio/mp4", _MP4),
}
"""By the ending of the file's name."""
_ENDINGS: Final = ", ".join(TYPES)


def of_name(filename: str) -> AudioType:
    """The type that a file's name says. Raises `InvalidError` for a name that is not taken."""
    ending = PurePosixPath(filename).suffix.lower().removeprefix(".")
    if ending not in TYPES or not filename.isprintable():
        raise InvalidError(f"The file's name has to end in one of {_ENDINGS}.")
    return TYPES[ending]


def require_type(filename: str, head: bytes) -> str:
    """The media type of a file that begins with `head`.

    Raises `UnsupportedMediaTypeError` where it is not what its name says.
    """
    expected = of_name(filename)
    found = filetype.guess_mime(head)
    if found not in expected.sniffed:
        raise UnsupportedMediaTypeError(
            f"The file is not what its name says. Send audio as one of {_ENDINGS}."
        )
    return expected.media_type
