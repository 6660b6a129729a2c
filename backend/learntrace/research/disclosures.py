"""Noting in students' records to whom their play is handed, and what for (34 CFR 99.32(a))."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.kit.clock import now
from learntrace.kit.errors import InvalidError
from learntrace.research.models import Disclosure

_MOST: Final = {"study": 100, "recipient": 200, "purpose": 500}


@dataclass(frozen=True, slots=True)
class Giving:
    """What data is handed out for: the name of a study, who gets it, and what for.

    Each is one line. Raises `InvalidError`.
    """

    study: str
    recipient: str
    purpose: str

    def __post_init__(self) -> None:
        for name, words in asdict(self).items():
            if not (words.strip() and words.isprintable() and len(words) <= _MOST[name]):
                what = "A study's name" if name == "study" else f"The {name}"
                raise InvalidError(f"{what} has 1 to {_MOST[name]} characters, on one line.")


async def note(
    db: AsyncSession, school_id: UUID, student_ids: Collection[UUID], giving: Giving
) -> None:
    """Note that play of these students is handed out now; the school is locked."""
    same = {"school_id": school_id, "at": now(), **asdict(giving)}
    rows = [{**same, "student_id": one} for one in sorted(student_ids)]
    if rows:
        await db.execute(insert(Disclosure), rows)
