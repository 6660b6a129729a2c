"""A zip archive that is handed on while it is being written: no more of it is held than a part."""

import asyncio
import csv
import io
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from zipfile import ZIP_DEFLATED, ZipFile

import msgspec

from learntrace.kit.cells import cell, json_value

Row = Mapping[str, Any]
Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Document:
    """One file of the archive, as text in parts."""

    name: str
    parts: AsyncIterator[str]


class _Out(io.RawIOBase):
    """Takes what a zip file writes, until it is fetched; it cannot go back."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:  # noqa: ANN401 - whatever holds bytes
        self._parts.append(bytes(data))
        return len(data)

    def fetch(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


async def zipped(documents: AsyncIterator[Document]) -> AsyncGenerator[bytes, None]:
    """The archive of these documents, piece by piece; each is packed in a thread."""
    out = _Out()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        async for document in documents:
            with archive.open(document.name, "w", force_zip64=True) as file:
                async for part in document.parts:
                    await asyncio.to_thread(file.write, part.encode())
                    yield out.fetch()
    yield out.fetch()


async def once(part: Part) -> AsyncIterator[Part]:
    """All there is, in one part."""
    yield part


async def as_json(rows: AsyncIterator[Sequence[Row]]) -> AsyncIterator[str]:
    """The rows as one JSON array, an object a line."""
    opened = "[\n"
    async for some in rows:
        yield opened + await asyncio.to_thread(_objects, some)
        opened = ",\n"
    yield "[]\n" if opened == "[\n" else "\n]\n"


async def as_csv(rows: AsyncIterator[Sequence[Row]], columns: Iterable[str]) -> AsyncIterator[str]:
    """The rows as a table with a header; formulas are made harmless, unknown is an empty cell."""
    names = list(columns)
    yield _lines([names])
    async for some in rows:
        yield await asyncio.to_thread(
            _lines, [[cell(row.get(name)) for name in names] for row in some]
        )


def _objects(rows: Sequence[Row]) -> str:
    return ",\n".join(msgspec.json.encode(row, enc_hook=json_value).decode() for row in rows)


def _lines(rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()
