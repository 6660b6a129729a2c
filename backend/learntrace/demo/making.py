"""Making the demo: where none is, from where an interrupted one stopped, or not at all."""

from collections.abc import Callable
from enum import Enum, auto
from typing import cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import repository as schools
from learntrace.demo import demo_file, history
from learntrace.demo.demo_file import Demo, Unfinished
from learntrace.demo.school import SCHOOL, is_empty, make_school
from learntrace.kit.config import Settings
from learntrace.kit.db import Database
from learntrace.kit.errors import ConflictError

DEFAULT_SEED = 7


class NotEmptyError(ConflictError):
    """The database holds something that is not this data folder's demo."""


class Made(Enum):
    """What `make_demo` found to do."""

    ANEW = auto()
    COMPLETED = auto()
    WAS_THERE = auto()


async def make_demo(
    database: Database,
    settings: Settings,
    *,
    seed: int = DEFAULT_SEED,
    progress: history.Progress = lambda _doing, _done, _total: None,
    on_begin: Callable[[Made], None] = lambda _made: None,
) -> Made:
    """Leave a complete demo school in the database and the file that opens it.

    The school is made in one transaction; its secrets are on disk before that is committed. Its
    play follows, and can be gone on with after an interruption. A demo that is complete has its
    file's addresses brought up to date. `on_begin` hears what is to be done before it is done.
    Raises `NotEmptyError` and changes nothing where the database holds anything else,
    `DemoFileError` where the file cannot be read or written.
    """
    async with database.transaction() as db:
        unfinished = demo_file.read_unfinished(settings)
        if unfinished is not None and await _holds(db, unfinished["demo"]):
            made = Made.COMPLETED
        elif await _holds(db, demo_file.read_demo(settings)):
            made = Made.WAS_THERE
        elif await is_empty(db):
            made = Made.ANEW
        else:
            raise await _not_empty(db, settings)
        on_begin(made)
        if made is Made.ANEW:
            unfinished = await _begin(db, settings, seed)
    if made is Made.WAS_THERE:
        demo_file.refresh_demo_file(settings)
        return made
    assert unfinished is not None
    await history.write_history(database, settings, unfinished, progress)
    fresh = {**unfinished["demo"], **demo_file.current_addresses(settings)}
    demo_file.write_finished(settings, cast("Demo", fresh))
    return made


async def _begin(db: AsyncSession, settings: Settings, seed: int) -> Unfinished:
    school = await make_school(db, demo_file.current_addresses(settings), seed=seed)
    return demo_file.write_unfinished(
        settings, school.demo, seed=seed, until=school.made_at, student_ids=school.student_ids
    )


async def _holds(db: AsyncSession, demo: Demo | None) -> bool:
    return demo is not None and (await schools.find_school(db, UUID(demo["school_id"])) is not None)


async def _not_empty(db: AsyncSession, settings: Settings) -> NotEmptyError:
    if any(school.name == SCHOOL for school in await schools.list_schools(db)):
        return NotEmptyError(
            f"The database holds a demo school already, but {demo_file.demo_path(settings)} is "
            "not the file that opens it, and its passwords cannot be read back: give new ones "
            "with `learntrace users`, or make another demo in an empty database."
        )
    return NotEmptyError(
        "The database is not empty, and the demo school is made in an empty one only; "
        "nothing was changed."
    )
