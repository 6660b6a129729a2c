"""Player tokens: what lets the game in one pupil's hands write that pupil's play."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, Uuid, any_, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts.callers import GameCaller
from learntrace.accounts.models import PlayerToken
from learntrace.accounts.secrets import PLAYER_TOKEN, new_token, token_hash
from learntrace.kit.clock import now
from learntrace.kit.errors import ConflictError, UnauthorizedError

ENDED = "This player token is no longer valid. Join again with the codes on the card."
RENEWED = (
    "This player token was renewed before; that can be done once. "
    "It stays valid until it expires; then join again with the codes on the card."
)


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A player token, shown once, and when it ends."""

    plain: str
    expires_at: datetime


async def issue_token(
    db: AsyncSession, *, school_id: UUID, student_id: UUID, game_id: UUID, valid_s: int
) -> IssuedToken:
    """A new token for one pupil in one game; who may have it is checked by the caller."""
    plain = new_token(PLAYER_TOKEN)
    at = now()
    expires_at = at + timedelta(seconds=valid_s)
    db.add(
        PlayerToken(
            token_hash=token_hash(plain),
            school_id=school_id,
            student_id=student_id,
            game_id=game_id,
            created_at=at,
            expires_at=expires_at,
        )
    )
    await db.flush()
    return IssuedToken(plain, expires_at)


async def renew_token(db: AsyncSession, caller: GameCaller, *, valid_s: int) -> datetime:
    """Let the caller's own token live on for `valid_s` from now; its new end.

    Raises `ConflictError` the second time, `UnauthorizedError` once it no longer stands.
    """
    at = now()
    standing = (
        PlayerToken.token_hash == caller.credential_hash,
        PlayerToken.revoked_at.is_(None),
        PlayerToken.expires_at > at,
    )
    expires_at = at + timedelta(seconds=valid_s)
    renewed = await db.scalar(
        update(PlayerToken)
        .where(*standing, PlayerToken.renewed_at.is_(None))
        .values(renewed_at=at, expires_at=expires_at)
        .returning(PlayerToken.token_hash)
    )
    if renewed is not None:
        return expires_at
    if await db.scalar(select(PlayerToken.token_hash).where(*standing)) is not None:
        raise ConflictError(RENEWED)
    raise UnauthorizedError(ENDED)


async def holders_of_tokens(
    db: AsyncSession,
    school_id: UUID,
    student_ids: Collection[UUID],
    *,
    games: Select[UUID] | None,
) -> set[UUID]:
    """Which of these pupils hold a token that stands now: for one of `games`, or for any."""
    query = select(PlayerToken.student_id).where(
        PlayerToken.school_id == school_id,
        PlayerToken.student_id == any_(literal(list(student_ids), ARRAY(Uuid))),
        PlayerToken.revoked_at.is_(None),
        PlayerToken.expires_at > now(),
    )
    if games is not None:
        query = query.where(PlayerToken.game_id.in_(games))
    return set(await db.scalars(query))


async def revoke_tokens(db: AsyncSession, *, school_id: UUID, student_ids: Collection[UUID]) -> int:
    """End every token of these pupils; how many there were."""
    ended = await db.scalars(
        update(PlayerToken)
        .where(
            PlayerToken.school_id == school_id,
            PlayerToken.student_id == any_(literal(list(student_ids), ARRAY(Uuid))),
            PlayerToken.revoked_at.is_(None),
        )
        .values(revoked_at=now())
        .returning(PlayerToken.token_hash)
    )
    return len(ended.all())
