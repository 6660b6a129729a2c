"""Write keys: one for each school, game and environment that a game server writes for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import games
from learntrace.accounts.models import Game, School, WriteKey
from learntrace.accounts.repository import find_sandbox, find_school
from learntrace.accounts.secrets import LIVE_KEY, SANDBOX_KEY, new_token, token_hash
from learntrace.kit.clock import now
from learntrace.kit.errors import ConflictError, InvalidError, NotFoundError

PREFIXES = {"live": LIVE_KEY, "sandbox": SANDBOX_KEY}
MOST_NAME = 100
MOST_OVERLAP_H = 24 * 90


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made. `plain` is shown once and stored nowhere."""

    id: UUID
    plain: str


@dataclass(frozen=True, slots=True)
class ListedKey:
    """A key as its owner may see it; `school` is the live school's name."""

    key: WriteKey
    school: str
    game: str

    def state(self, at: datetime) -> str:
        """`revoked`, `expired`, `expiring` or `valid` at that instant."""
        if self.key.revoked_at is not None:
            return "revoked"
        if self.key.expires_at is None:
            return "valid"
        return "expired" if self.key.expires_at <= at else "expiring"


async def create_key(
    db: AsyncSession, *, school_id: UUID, game_id: UUID, environment: str, name: str
) -> NewKey:
    """A new key of the live school `school_id`, `live` or `sandbox`; the school uses the game.

    A sandbox key writes to the school's sandbox twin. Raises `NotFoundError` or `InvalidError`.
    """
    if environment not in PREFIXES:
        raise InvalidError("A key's environment is live or sandbox.")
    if not 1 <= len(name.strip()) <= MOST_NAME or not name.isprintable():
        raise InvalidError(f"A key's name has 1 to {MOST_NAME} printable characters.")
    school = await find_school(db, school_id)
    if school is None or school.sandbox_of is not None:
        raise NotFoundError("There is no school with this id.")
    if await games.find_game(db, game_id) is None:
        raise NotFoundError("There is no game with this id.")
    tenant = school if environment == "live" else await find_sandbox(db, school_id)
    assert tenant is not None, "a school is made together with its twin"
    await games.use_game(db, tenant.id, game_id)
    return await _add(db, tenant.id, game_id, environment, name.strip())


async def _add(
    db: AsyncSession, tenant_id: UUID, game_id: UUID, environment: str, name: str
) -> NewKey:
    plain = new_token(PREFIXES[environment])
    key = WriteKey(
        id=uuid4(),
        school_id=tenant_id,
        game_id=game_id,
        environment=environment,
        name=name,
        secret_hash=token_hash(plain),
        created_at=now(),
    )
    db.add(key)
    await db.flush()
    return NewKey(key.id, plain)


async def list_keys(db: AsyncSession) -> list[ListedKey]:
    """Every key, oldest first."""
    live = select(School.id, School.sandbox_of, School.name).subquery()
    query = (
        select(WriteKey, live.c.name, Game.name)
        .join(live, live.c.id == WriteKey.school_id)
        .join(Game, Game.id == WriteKey.game_id)
        .order_by(WriteKey.created_at, WriteKey.id)
    )
    return [ListedKey(key, school, game) for key, school, game in await db.execute(query)]


async def rotate_key(db: AsyncSession, key_id: UUID, *, overlap_h: float) -> NewKey:
    """A successor of this key; the old one stays valid for `overlap_h` hours (0 to 2,160).

    Raises `NotFoundError`, `ConflictError` for a key that no longer stands.
    """
    if not 0 <= overlap_h <= MOST_OVERLAP_H:
        raise InvalidError(f"The overlap is 0 to {MOST_OVERLAP_H:,} hours.")
    old = await _locked(db, key_id)
    at = now()
    if old.revoked_at is not None or (old.expires_at is not None and old.expires_at <= at):
        raise ConflictError("This key is revoked or expired. Create a new one.")
    end = at + timedelta(hours=overlap_h)
    old.expires_at = end if old.expires_at is None else min(end, old.expires_at)
    return await _add(db, old.school_id, old.game_id, old.environment, old.name)


async def revoke_key(db: AsyncSession, key_id: UUID) -> None:
    """The key writes nothing from now on. Raises `NotFoundError`."""
    key = await _locked(db, key_id)
    key.revoked_at = key.revoked_at or now()
    await db.flush()


async def _locked(db: AsyncSession, key_id: UUID) -> WriteKey:
    key = (
        await db.scalars(select(WriteKey).where(WriteKey.id == key_id).with_for_update())
    ).one_or_none()
    if key is None:
        raise NotFoundError("There is no key with this id.")
    return key
