"""Everything about one student as an archive: JSON and CSV of each kind of record, side by side."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager, contextmanager
from tempfile import TemporaryFile
from typing import BinaryIO, Final
from uuid import UUID

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts.tenants import named_games
from learntrace.game_sessions.reading import games_of_student
from learntrace.kit import clock
from learntrace.kit.archive import Document, Row, as_csv, as_json, once, zipped
from learntrace.kit.cells import instant
from learntrace.kit.db import Database
from learntrace.kit.errors import UnavailableError
from learntrace.kit.held import Held, Subject
from learntrace.student_records.holdings import HOLDINGS
from learntrace.student_records.subjects import find_subject

# Both files of a kind say the same, whatever is stored meanwhile.
_ONE_SNAPSHOT: Final = text("set transaction isolation level repeatable read, read only")
# Columns that are stored as JSON text and handed on as it stands.
_VERBATIM: Final = frozenset({"data"})
_GAMES: Final = ("id", "name")
_PIECE_BYTES: Final = 256 * 1024
_NO_ROOM: Final = (
    "The archive was not written: there is no room for it, or the disk fails. Try again later; "
    "if it stays so, tell who runs this server."
)
_README: Final = """\
Everything that is stored about one student
===========================================

Made at {at}. Times are UTC.

Each kind of record stands in two files with the same content: .json, one array of objects, and
.csv, a table for a spreadsheet, in which lists and objects are JSON in a cell. In the tables, text
that a spreadsheet would take for a formula begins with an apostrophe.

{kinds}
- games: The names of the games whose ids stand in the other files.

Not in here: passwords and tokens, of which only digests are stored; and tables that hold how all
pupils of the school play a game together, from which no one pupil can be told.

Estimates of skills are not validated. Each comes with its interval and with what it rests on.
"""


async def export(database: Database, school_id: UUID, student_id: UUID, to: BinaryIO) -> None:
    """Write the archive, as everything stood at one instant, in bounded memory.

    It has a transaction of its own, which waits for no reader: `to` is a file on this machine.
    Raises `NotFoundError` before anything is written; `UnavailableError` also where the disk
    takes no more, and then what is in `to` is no archive.
    """
    async with database.transaction() as db:
        await db.execute(_ONE_SNAPSHOT)
        subject = await find_subject(db, school_id, student_id)
        async with aclosing(zipped(_documents(db, subject))) as pieces:
            async for piece in pieces:
                with _room():
                    await asyncio.to_thread(_write, to, piece)


@asynccontextmanager
async def exported(
    database: Database, school_id: UUID, student_id: UUID
) -> AsyncIterator[BinaryIO]:
    """The archive, whole, in a file at its end; no transaction is open any more.

    The file has no name, only this process can read it, and it is gone with the block, or with the
    process. Raises as `export`.
    """
    with _room():
        # Unbuffered: nothing is left for closing it to write, and to fail on.
        file = TemporaryFile(buffering=0)  # noqa: SIM115 - a failure in the block is not the disk's
    with file:
        await export(database, school_id, student_id, file)
        yield file


def from_start(file: BinaryIO) -> Iterator[bytes]:
    """All of a file, piece by piece."""
    file.seek(0)
    while piece := file.read(_PIECE_BYTES):
        yield piece


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnavailableError(_NO_ROOM) from error


def _write(to: BinaryIO, piece: bytes) -> None:
    left = memoryview(piece)
    while left:
        left = left[to.write(left) :]


async def _documents(db: AsyncSession, subject: Subject) -> AsyncIterator[Document]:
    kinds = "\n".join(f"- {held.name}: {held.says}" for held in HOLDINGS)
    yield Document("README.txt", once(_README.format(at=instant(clock.now()), kinds=kinds)))
    for held in HOLDINGS:
        yield Document(f"{held.name}.json", as_json(_rows(db, held, subject)))
        yield Document(f"{held.name}.csv", as_csv(_rows(db, held, subject), held.columns))
    [student_id] = subject.ids
    games = await _games(db, subject.tenant_id, student_id)
    yield Document("games.json", as_json(once(games)))
    yield Document("games.csv", as_csv(once(games), _GAMES))


async def _rows(db: AsyncSession, held: Held, subject: Subject) -> AsyncIterator[Sequence[Row]]:
    columns = held.columns
    raw = [name in _VERBATIM for name in columns]
    async for some in held.stream(db, subject):
        yield [
            {
                name: msgspec.Raw(value.encode()) if is_raw else value
                for name, value, is_raw in zip(columns, row, raw, strict=True)
            }
            for row in some
        ]


async def _games(db: AsyncSession, tenant_id: UUID, student_id: UUID) -> list[Row]:
    played = await games_of_student(db, tenant_id, student_id)
    named = await named_games(db, played)
    return [{"id": one.id, "name": one.name} for _, one in sorted(named.items())]
