"""Where audio lies, and what the fixtures of others' folders bring."""

from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI

from learntrace.kit.object_storage import ObjectStorage
from tests.classroom.conftest import day
from tests.kit.storages import s3, stored_in
from tests.skills.conftest import ask

from .starting import given
from .transcripts import send

__all__ = ["ask", "day", "given", "s3", "send", "stored_in"]


@pytest.fixture
def storage(app: FastAPI) -> ObjectStorage:
    found: ObjectStorage = app.state.object_storage
    return found


@pytest.fixture
def objects(
    storage: ObjectStorage, request: pytest.FixtureRequest, tmp_path: Path
) -> Callable[[], int]:
    """How many objects lie in the store, also such as never became whole."""

    def count() -> int:
        folder = storage.folder or request.getfixturevalue("s3")[1] / tmp_path.name
        return sum(one.is_file() for one in folder.rglob("*"))

    return count
