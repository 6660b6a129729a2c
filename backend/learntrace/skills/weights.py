"""How much a school trusts each source: versions, of which the newest is in force.

A school's weights hold for its sandbox too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import repository as accounts
from learntrace.accounts.tenants import tenants_of_school
from learntrace.kit.clock import now
from learntrace.kit.errors import ConflictError
from learntrace.skills import due
from learntrace.skills.models import FusionWeights
from learntrace.skills.types import Skill, Source, Trust

Factors = Mapping[tuple[Source, Skill], float]
NO_WEIGHTS = 0
"""The version of a school that never set any: every factor is 1."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A version of a school's factors; those that are left out are 1."""

    version: int
    factors: Factors
    created_at: datetime | None

    @property
    def trust(self) -> Trust:
        return Trust(self.factors)


async def in_force(db: AsyncSession, tenant_id: UUID) -> Weights:
    """The weights of the tenant's live school."""
    tenant = await accounts.find_school(db, tenant_id)
    assert tenant is not None, "a tenant's row is there before anything else of it"
    query = (
        select(FusionWeights)
        .where(FusionWeights.school_id == (tenant.sandbox_of or tenant.id))
        .order_by(FusionWeights.version.desc())
        .limit(1)
    )
    found = await db.scalar(query)
    if found is None:
        return Weights(NO_WEIGHTS, {}, None)
    return Weights(found.version, _factors(found.trust), found.created_at)


async def put(db: AsyncSession, school_id: UUID, user_id: UUID, factors: Factors) -> Weights:
    """Put these factors in force, all others are 1; and have everybody assessed anew.

    The same factors again change nothing. Raises `ConflictError` where somebody else was quicker.
    """
    told = {key: factor for key, factor in factors.items() if factor != 1.0}
    known = await in_force(db, school_id)
    if known.factors == told:
        return known
    trust: dict[str, dict[str, float]] = {}
    for (source, skill), factor in sorted(told.items()):
        trust.setdefault(skill, {})[source] = factor
    made = Weights(known.version + 1, told, now())
    statement = (
        insert(FusionWeights)
        .values(
            school_id=school_id,
            version=made.version,
            trust=trust,
            created_by=user_id,
            created_at=made.created_at,
        )
        .on_conflict_do_nothing()
        .returning(FusionWeights.version)
    )
    if await db.scalar(statement) is None:
        raise ConflictError("Somebody else changed the weights just now. Read them again.")
    await due.mark_assessed(db, list(await db.scalars(tenants_of_school(school_id))))
    return made


def _factors(trust: Mapping[str, Mapping[str, float]]) -> Factors:
    return {
        (Source(source), Skill(skill)): factor
        for skill, by_source in trust.items()
        for source, factor in by_source.items()
    }
