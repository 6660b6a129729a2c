"""Drops what has run out and is of no more use to anybody."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_EXPIRED = (
    text("delete from access_tokens where expires_at < now()"),
    text("delete from password_resets where expires_at < now()"),
    text("delete from sign_ins where expires_at < now()"),
    text("delete from player_tokens where expires_at < now() - interval '7 days'"),
)


async def drop_expired(db: AsyncSession) -> int:
    """Delete tokens and sign-ins that no longer let anybody in; how many."""
    dropped = 0
    for statement in _EXPIRED:
        done: Any = await db.execute(statement)
        dropped += done.rowcount
    return dropped
