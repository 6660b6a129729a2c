"""A roster that somebody sent, read aside and stored or refused as a whole."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from learntrace.accounts.turns import Turns
from learntrace.audit import log
from learntrace.audit.acts import Act
from learntrace.kit.db import Database
from learntrace.kit.errors import InvalidError
from learntrace.roster.importing.files import open_upload
from learntrace.roster.importing.service import (
    EndsTooMuchError,
    Report,
    UnusableRosterError,
    import_roster,
)
from learntrace.roster.importing.types import Unreadable

MEANT = 'If it is meant, tick "End more than 10 %".'

# One at a time in a process: a large school's files take hundreds of MiB while they are compared.
_READING = Turns()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an upload. `refused` says why nothing was stored, where something speaks
    against it; `report` is `None` where the files have `problems`.
    """

    stored: bool
    refused: str | None
    report: Report | None
    problems: list[str]


async def import_upload(
    database: Database,
    school_id: UUID,
    content: bytes,
    *,
    act: Act,
    is_archive: bool,
    dry_run: bool,
    force: bool,
) -> Outcome:
    """Make the school what the files say, as `import_roster` for `act`.

    Raises `InvalidError` for what cannot be read, with the place; `TooLargeError`.
    """
    async with _READING.of("any"):
        files = await asyncio.to_thread(open_upload, content, is_archive=is_archive)
        try:
            async with database.transaction() as db:
                report = await import_roster(
                    db, files, school_id=school_id, act=act, dry_run=dry_run, force=force
                )
        except UnusableRosterError as error:
            for problem in error.problems:
                if isinstance(problem, Unreadable):
                    raise InvalidError(str(problem)) from error
            return Outcome(False, error.detail, None, [str(one) for one in error.problems])
        except EndsTooMuchError as error:
            async with database.transaction() as db:
                tried = act.as_dry_run()
                await log.write(db, tried, [(school_id, one) for one in error.touched])
            return Outcome(False, f"{error.detail} {MEANT}", error.report, [])
    return Outcome(not dry_run, None, report, [])
