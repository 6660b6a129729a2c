"""Looking for somebody in everything that is stored."""

from collections.abc import Collection
from pathlib import Path
from uuid import UUID

from sqlalchemy import text

from learntrace.kit.db import Database

_TABLES = text("select tablename from pg_tables where schemaname = 'public' order by 1")


def traces_of(student_id: UUID, *words: str) -> list[str]:
    """A student's id as text, with and without hyphens, and as bytes in hex; and other words."""
    return [str(student_id), student_id.hex, *words]


async def found_in_database(database: Database, traces: Collection[str]) -> list[str]:
    """The tables in a row of which any of the traces stands, in whatever case."""
    found = []
    async with database.transaction() as db:
        for table in await db.scalars(_TABLES):
            # A row as text shows bytes in hex, arrays and documents as they are written.
            any_of = text(
                f"select count(*) from {table} t "
                "where exists (select from unnest(cast(:traces as text[])) one "
                "where strpos(lower(t::text), lower(one)) > 0)"
            )
            if await db.scalar(any_of, {"traces": list(traces)}):
                found.append(table)
    return found


def found_in_files(place: Path, traces: Collection[str]) -> list[str]:
    """The files under `place`, or that file, in which a trace stands, in text or as an id's bytes.

    In whatever case.
    """
    wanted = [one.lower().encode() for one in traces]
    ids = [UUID(one).bytes for one in traces if len(one) == 36]

    def holds_any(content: bytes) -> bool:
        text = content.lower()
        return any(one in text for one in wanted) or any(one in content for one in ids)

    files = [file for file in [place, *sorted(place.rglob("*"))] if file.is_file()]
    return [file.name for file in files if holds_any(file.read_bytes())]
