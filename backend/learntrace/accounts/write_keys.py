"""Write keys: one for each school, game and environment that a game server writes for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import games
from learntrace.accounts.models import Game, School, WriteKey
from learntrace.accounts.repository import find_sandbox, find_school
from learntrace.accounts.secrets import LIVE_KEY, SANDBOX_KEY, new_token, token_hash
from learntrace.accounts.tenants import tenants_of_school
from learntrace.audit import log
from learntrace.audit.acts import About, Act
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
    db: AsyncSession, act: Act, *, school_id: UUID, game_id: UUID, environment: str, name: str
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
    made = await _add(db, tenant.id, game_id, environment, name.strip())
    await log.write_about(db, act, tenant.id, About(made.id, name.strip()))
    return made


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


async def list_keys(db: AsyncSession, school_id: UUID | None = None) -> list[ListedKey]:
    """Every key, or those of one school and its sandbox, oldest first."""
    query = _listed().order_by(WriteKey.created_at, WriteKey.id)
    if school_id is not None:
        query = query.where(_of_school(school_id))
    return [ListedKey(key, school, game) for key, school, game in await db.execute(query)]


async def show_key(db: AsyncSession, key_id: UUID) -> ListedKey:
    """One key that is there."""
    found = (await db.execute(_listed().where(WriteKey.id == key_id))).one()
    return ListedKey(*found)


def _listed() -> Select[WriteKey, str, str]:
    live = select(School.id, School.sandbox_of, School.name).subquery()
    return (
        select(WriteKey, live.c.name, Game.name)
        .join(live, live.c.id == WriteKey.school_id)
        .join(Game, Game.id == WriteKey.game_id)
    )


async def rotate_key(
    db: AsyncSession, act: Act, key_id: UUID, *, overlap_h: float, school_id: UUID | None = None
) -> NewKey:
    """A successor of this key; the old one stays valid for `overlap_h` hours (0 to 2,160).

    With `school_id` of a key of that school or its sandbox alone.
    Raises `NotFoundError`, `ConflictError` for a key that no longer stands.
    """
    if not 0 <= overlap_h <= MOST_OVERLAP_H:
        raise InvalidError(f"The overlap is 0 to {MOST_OVERLAP_H:,} hours.")
    old = await _locked(db, key_id, school_id)
    at = now()
    if old.revoked_at is not None or (old.expires_at is not None and old.expires_at <= at):
        raise ConflictError("This key is revoked or expired. Create a new one.")
    end = at + timedelta(hours=overlap_h)
    old.expires_at = end if old.expires_at is None else min(end, old.expires_at)
    await log.write_about(db, act, old.school_id, About(old.id, old.name))
    return await _add(db, old.school_id, old.game_id, old.environment, old.name)


async def revoke_key(
    db: AsyncSession, act: Act, key_id: UUID, *, school_id: UUID | None = None
) -> None:
    """The key writes nothing from now on; see `rotate_key`. Raises `NotFoundError`."""
    key = await _locked(db, key_id, school_id)
    key.revoked_at = key.revoked_at or now()
    await db.flush()
    await log.write_about(db, act, key.school_id, About(key.id, key.name))


def _of_school(school_id: UUID) -> ColumnElement[bool]:
    return WriteKey.school_id.in_(tenants_of_school(school_id))


async def _locked(db: AsyncSession, key_id: UUID, school_id: UUID | None) -> WriteKey:
    query = select(WriteKey).where(WriteKey.id == key_id)
    if school_id is not None:
        query = query.where(_of_school(school_id))
    key = (await db.scalars(query.with_for_update())).one_or_none()
    if key is None:
        raise NotFoundError("There is no key with this id.")
    return key
