"""Rosters imported into the small world's school."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from learntrace.audit.acts import Act
from learntrace.roster.importing.files import open_files
from learntrace.roster.importing.service import Report, import_roster
from tests.world import World

from .exports import Export

Import = Callable[..., Awaitable[Report]]


@pytest.fixture
def imported(world: World) -> Import:
    """Imports an export, the files of one or what lies at a path, in a transaction of its own."""

    async def do(export: Export | dict[str, bytes] | Path, **options: object) -> Report:
        files = open_files(export) if isinstance(export, Path) else export
        files = files.files() if isinstance(files, Export) else files
        settings = {"school_id": world.school_id, "act": Act.of_command("roster import")} | options
        async with world.database.transaction() as db:
            return await import_roster(db, files, **settings)

    return do
