"""The keys of a school's studies: made with the first export, destroyed when it is over."""

import secrets
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts.repository import lock_school
from learntrace.kit.clock import now
from learntrace.kit.errors import NotFoundError
from learntrace.research.models import Study
from learntrace.research.pseudonyms import KEY_BYTES, Pseudonyms


async def pseudonyms_of(db: AsyncSession, school_id: UUID, name: str) -> Pseudonyms:
    """Those of a live school's study; a study that is not known yet is begun.

    Raises `NotFoundError` for a sandbox. The school is locked from then on.
    """
    await lock_school(db, school_id)
    study = {"school_id": school_id, "name": name}
    begun = insert(Study).values(**study, key=secrets.token_bytes(KEY_BYTES), created_at=now())
    await db.execute(begun.on_conflict_do_nothing())
    key = await db.scalar(select(Study.key).filter_by(**study))
    assert key is not None, "nobody forgets a study of a school that is locked"
    return Pseudonyms(key)


async def forget(db: AsyncSession, school_id: UUID, name: str) -> None:
    """Destroy the key of a study. Raises `NotFoundError`, naming the studies that there are."""
    await lock_school(db, school_id)
    names = list(
        await db.scalars(
            select(Study.name).where(Study.school_id == school_id).order_by(Study.name)
        )
    )
    if name not in names:
        known = ", ".join(names) or "none"
        raise NotFoundError(f"This school has no study {name}. Studies: {known}.")
    await db.execute(delete(Study).where(Study.school_id == school_id, Study.name == name))
