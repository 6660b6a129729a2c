"""One of the things that bear the same id in several tenants."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar
from uuid import UUID

from learntrace.kit.errors import ConflictError, NotFoundError


class InTenant(Protocol):
    """A thing of one tenant."""

    @property
    def school_id(self) -> UUID: ...
    @property
    def sandbox(self) -> bool: ...


Thing = TypeVar("Thing", bound=InTenant)


@dataclass(frozen=True, slots=True)
class Which:
    """Which tenant is meant: any, or one of `school_ids`; of those the sandbox ones or the live.

    `sandbox` `None`: the live one where there is one.
    """

    sandbox: bool | None = None
    school_ids: Collection[UUID] | None = None


def choose(found: Sequence[Thing], which: Which, noun: str) -> Thing:
    """The one that is meant.

    Ids are a tenant's own: a school's sandbox, or another school, may use the same one. Raises
    `NotFoundError` when there is none, `ConflictError` naming the schools when several are left.
    """
    left = [
        one
        for one in found
        if which.sandbox in (None, one.sandbox)
        and (which.school_ids is None or one.school_id in which.school_ids)
    ]
    left = [one for one in left if not one.sandbox] or left
    if not left:
        raise NotFoundError(f"There is no {noun} with this id, or you may not see it.")
    if len(left) > 1:
        raise ConflictError(
            f"Several schools have a {noun} with this id. Add ?school_id= to say which is meant.",
            members={"school_ids": sorted(str(one.school_id) for one in left)},
        )
    return left[0]
