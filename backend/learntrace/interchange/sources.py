"""Files of play logs as lines of bytes: plain, gzip, or a table inside a zip archive."""

import gzip
import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self, cast

MAX_LINE_BYTES = 8 * 1024 * 1024
_GZIP_MAGIC = b"\x1f\x8b"
_ZIP_MAGIC = b"PK\x03\x04"


class UnreadableFileError(Exception):
    """The file is not of a kind that can be imported; the message says why in plain words."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its line break; `number` counts from 1; `text` None where it is too long."""

    number: int
    text: bytes | None


class Source(AbstractContextManager["Source"]):
    """An open log file.

    `name` is the file's own name, without `.gz`, or that of the table inside a zip archive;
    `total_bytes` and `position` measure the progress of reading, for a bar, in the same unit.
    Raises UnreadableFileError when it is opened or while it is read.
    """

    def __init__(self, path: Path, *, max_line_bytes: int = MAX_LINE_BYTES) -> None:
        self._max_line_bytes = max_line_bytes
        self._open_files = ExitStack()
        self._position: Callable[[], int]
        try:
            with path.open("rb") as probe:
                magic = probe.read(4)
            self.name = path.name.lower().removesuffix(".gz")
            self.total_bytes = path.stat().st_size
            self._lines = self._open(path, magic)
        except UnreadableFileError:
            self._open_files.close()
            raise
        except (OSError, zipfile.BadZipFile) as error:
            self._open_files.close()
            raise UnreadableFileError(f"{path.name} cannot be read: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open_files.close()

    @property
    def position(self) -> int:
        return min(self._position(), self.total_bytes)

    @property
    def is_table(self) -> bool:
        """Whether this is a table with a header line, by its name, else JSON lines."""
        return self.name.endswith(".tsv")

    def lines(self) -> Iterator[Line]:
        """Every line, the last one with or without a line break; a UTF-8 mark is taken off."""
        number = 0
        try:
            while text := self._lines.readline(self._max_line_bytes + 1):
                number += 1
                if len(text) > self._max_line_bytes:
                    self._skip_rest_of_line(text)
                    yield Line(number, None)
                    continue
                if number == 1:
                    text = text.removeprefix(b"\xef\xbb\xbf")
                yield Line(number, text.rstrip(b"\r\n"))
        except (OSError, EOFError, zipfile.BadZipFile, ValueError) as error:
            raise UnreadableFileError(f"line {number + 1} cannot be read: {error}") from error

    def _skip_rest_of_line(self, text: bytes) -> None:
        while text and not text.endswith(b"\n"):
            text = self._lines.readline(self._max_line_bytes)

    def _open(self, path: Path, magic: bytes) -> io.BufferedIOBase:
        raw = self._open_files.enter_context(path.open("rb"))
        if magic == _ZIP_MAGIC:
            return self._open_member(raw)
        self._position = raw.tell
        if magic.startswith(_GZIP_MAGIC):
            unzipped = gzip.GzipFile(fileobj=raw)
            self._open_files.callback(unzipped.close)
            return unzipped
        return raw

    def _open_member(self, raw: io.BufferedIOBase) -> io.BufferedIOBase:
        archive = self._open_files.enter_context(zipfile.ZipFile(raw))
        tables = [
            member
            for member in archive.infolist()
            if member.filename.lower().endswith((".tsv", ".jsonl"))
            and not Path(member.filename).name.startswith(".")
            and not member.filename.startswith("__MACOSX/")
        ]
        if len(tables) != 1:
            found = ", ".join(member.filename for member in tables) or "none"
            raise UnreadableFileError(
                f"the archive must hold exactly one .tsv or .jsonl file; found: {found}"
            )
        self.name = Path(tables[0].filename).name.lower()
        self.total_bytes = tables[0].file_size
        member = archive.open(tables[0])
        self._open_files.callback(member.close)
        self._position = member.tell
        return cast("io.BufferedIOBase", member)
