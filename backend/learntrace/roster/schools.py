"""A school as it starts: with a sandbox that test play can go to."""

import re
from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import repository as accounts
from learntrace.accounts.tenants import Named
from learntrace.kit.errors import ConflictError, InvalidError
from learntrace.roster.repository import ensure_test_class

MOST_NAME = 180
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_MOST_LANGUAGE = 16


async def open_school(db: AsyncSession, *, name: str, timezone: str, language: str) -> Named:
    """A new school, its sandbox and the class for test play in it.

    Raises `InvalidError` for a name, IANA time zone or BCP 47 language that cannot be.
    """
    if not 1 <= len(name.strip()) <= MOST_NAME or not name.isprintable():
        raise InvalidError(f"A school's name has 1 to {MOST_NAME} printable characters.")
    if timezone not in available_timezones():
        raise InvalidError(f"There is no time zone {timezone}; one is Europe/Zurich.")
    if not _LANGUAGE.fullmatch(language) or len(language) > _MOST_LANGUAGE:
        raise InvalidError("A language is written en or de-CH.")
    school = await accounts.create_school(
        db, name=name.strip(), timezone=timezone, language=language
    )
    await prepare_sandbox(db, school.id)
    return Named(school.id, school.name)


async def open_new_school(db: AsyncSession, *, name: str, timezone: str, language: str) -> Named:
    """As `open_school`; raises `ConflictError` where a school of this name is there."""
    wanted = name.strip().casefold()
    for school in await accounts.list_schools(db):
        if school.name.casefold() == wanted:
            raise ConflictError(f"There is a school {school.name} already; nothing was changed.")
    return await open_school(db, name=name, timezone=timezone, language=language)


async def prepare_sandbox(db: AsyncSession, school_id: UUID) -> None:
    """Let the unknown students of the school's sandbox keys have a class to be in."""
    sandbox = await accounts.find_sandbox(db, school_id)
    assert sandbox is not None, "a school is made together with its twin"
    await ensure_test_class(db, sandbox.id)
