"""What a learning session or an assignment is about: a scenario or a content item of the school."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts.tenants import tenant
from learntrace.kit.errors import NotFoundError
from learntrace.learning_sessions.content import repository as content
from learntrace.learning_sessions.kinds import Assigned
from learntrace.learning_sessions.scenarios import repository as scenarios

NO_SCENARIO: Final = "There is no scenario with this id at the school."
NO_CONTENT: Final = "There is no content item with this id at the school."
NEITHER: Final = "There is no scenario and no content item with this id at the school."


async def titles(
    db: AsyncSession, tenants: Select[UUID], source_ids: Collection[UUID]
) -> dict[UUID, str]:
    """What scenarios and content items are called, by their ids."""
    found = await scenarios.titles(db, tenants, source_ids)
    return found | await content.titles(db, tenants, source_ids)


async def require_title(
    db: AsyncSession,
    school_id: UUID,
    kind: Assigned | None,
    source_id: UUID,
    *,
    hold: bool = False,
) -> str:
    """What the tenant calls it; what is worked on as neither kind may be about both.

    `hold` keeps a content item from being deleted until the transaction ends; nobody deletes a
    scenario. Raises `NotFoundError`.
    """
    here = (db, tenant(school_id), {source_id})
    if kind is Assigned.SCENARIO:
        found, unknown = await scenarios.titles(*here), NO_SCENARIO
    elif kind is Assigned.CONTENT:
        found, unknown = await content.titles(*here, hold=hold), NO_CONTENT
    else:
        found, unknown = await titles(*here), NEITHER
    if source_id not in found:
        raise NotFoundError(unknown)
    return found[source_id]
