"""The files of a roster, from a folder, a zip archive, a single CSV file or an upload."""

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from learntrace.kit.errors import InvalidError, TooLargeError

MIB = 1024 * 1024
MOST_BYTES = 256 * MIB
MOST_ENTRIES = 1000
# What a server that others need, too, reads at once: 20,000 pupils are about 20 MiB.
MOST_UPLOADED_BYTES = 64 * MIB
MOST_UPLOADED_LINES = 300_000
PLAIN_UPLOAD = "roster.csv"

_UNREADABLE = (
    "This zip archive is damaged, locked with a password or packed in an unusual way. "
    "Export it again."
)
_FOR_OPERATOR = "Have the person who runs this server import it."
# An archive's directory has one of these for each entry.
_ENTRY = b"PK\x01\x02"
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What the library raises for archives that are none.
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError)


def open_files(path: Path) -> dict[str, bytes]:
    """The CSV files at `path` by name in lower case.

    Raises `InvalidError` where there are none, `TooLargeError` for too large ones.
    """
    try:
        if path.is_dir():
            return _of_folder(path)
        if zipfile.is_zipfile(path):
            _require_size([path.stat().st_size], MOST_BYTES)
            return _of_archive(path.read_bytes(), MOST_BYTES)
        _require_size([path.stat().st_size], MOST_BYTES)
        return {path.name.lower(): path.read_bytes()}
    except OSError as error:
        raise InvalidError(f"{path} cannot be read ({error.strerror}).") from error


def open_upload(content: bytes, *, is_archive: bool) -> dict[str, bytes]:
    """The CSV files of an upload by name in lower case: of an archive, or the content itself.

    Raises as `open_files`; what it may hold is less.
    """
    files = {PLAIN_UPLOAD: content}
    if is_archive:
        files = _of_archive(content, MOST_UPLOADED_BYTES)
    if sum(max(one.count(b"\n"), one.count(b"\r")) for one in files.values()) > MOST_UPLOADED_LINES:
        said = f"An uploaded roster has at most {MOST_UPLOADED_LINES:,} lines. {_FOR_OPERATOR}"
        raise TooLargeError(said)
    return files


def _of_folder(path: Path) -> dict[str, bytes]:
    found = sorted(one for one in path.iterdir() if one.suffix.lower() == ".csv" and one.is_file())
    _require_size([one.stat().st_size for one in found], MOST_BYTES)
    _require_names([one.name for one in found])
    return {one.name.lower(): one.read_bytes() for one in found}


def _of_archive(content: bytes, most_bytes: int) -> dict[str, bytes]:
    """The CSV files of an archive, wherever in it: of a path only the last part counts."""
    if content.count(_ENTRY) > MOST_ENTRIES:
        raise TooLargeError(f"A zip archive has at most {MOST_ENTRIES:,} files here.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = [one for one in archive.infolist() if _is_table(one.filename)]
            names = [one.filename.replace("\\", "/").rpartition("/")[2] for one in found]
            _require_size([one.file_size for one in found], most_bytes)
            _require_names(names)
            return {
                name.lower(): _unpacked(archive, one)
                for name, one in zip(names, found, strict=True)
            }
    except _BROKEN as error:
        raise InvalidError(_UNREADABLE) from error


def _is_table(path: str) -> bool:
    return path.lower().endswith(".csv") and not path.startswith("__MACOSX/")


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """As many bytes as the archive says, and never more in memory; else it fails its checksum."""
    if entry.compress_type not in _PACKED:  # others are unpacked whole before they are measured
        raise zipfile.BadZipFile(entry.compress_type)
    with archive.open(entry) as file:
        return file.read(entry.file_size)


def _require_size(sizes: Iterable[int], most_bytes: int) -> None:
    if sum(sizes) > most_bytes:
        more = _FOR_OPERATOR if most_bytes < MOST_BYTES else ""
        said = f"A roster's files have at most {most_bytes // MIB} MiB together. {more}"
        raise TooLargeError(said.strip())


def _require_names(names: list[str]) -> None:
    if not names:
        raise InvalidError("There is no CSV file in it.")
    if len({name.lower() for name in names}) < len(names):
        raise InvalidError("Two files in it have the same name. Leave one export in it.")


def only_file(files: Mapping[str, bytes]) -> tuple[str, bytes]:
    """The one file there is. Raises `InvalidError` where there are several."""
    if len(files) > 1:
        raise InvalidError(
            "These are several CSV files and none of OneRoster's. Give the folder of an export, "
            "its zip archive, or one file class,given_name,family_name,external_id."
        )
    return next(iter(files.items()))
