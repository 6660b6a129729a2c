"""The lines of an uploaded transcript, and how one says that a line cannot be read."""

import re
from typing import Final

_BREAK: Final = re.compile("\r\n|\n|\r")
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_SAVE: Final = "Save the file as UTF-8 and send it again."


class CaptionError(Exception):
    """A line, counted from 1, and one sentence about what to do; nothing of what it says."""

    def __init__(self, line: int, said: str) -> None:
        super().__init__(f"Line {line}: {said}")


def lines_of(content: bytes) -> list[str]:
    """What stands in a file of UTF-8, with or without a byte order mark, line by line.

    Raises `CaptionError` for another encoding.
    """
    if content.startswith(_UTF_16):
        raise CaptionError(1, f"This is UTF-16. {_SAVE}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = len(_BREAK.findall(content[: error.start].decode("latin-1"))) + 1
        raise CaptionError(number, f"A character is not UTF-8. {_SAVE}") from error
    lines = _BREAK.split(text)
    for number, line in enumerate(lines, 1):
        if "\0" in line:
            raise CaptionError(number, f"This is no text, or UTF-16. {_SAVE}")
    return lines
