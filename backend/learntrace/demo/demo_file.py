"""`demo.json`: what opens the demo school, in a file that only its owner may read.

While the demo is being made, the same is kept in `.demo-unfinished.json` together with what it
takes to go on: secrets are stored as hashes only and could not be made out again.
"""

import json
import os
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any, TypedDict, cast
from uuid import UUID

from learntrace.kit import addresses
from learntrace.kit.config import Settings
from learntrace.kit.errors import LearntraceError

FINISHED = "demo.json"
UNFINISHED = ".demo-unfinished.json"


class DemoFileError(LearntraceError):
    """The file cannot be read or written; the text says which and why."""


class DemoStudent(TypedDict):
    id: str
    name: str
    pupil_code: str


class DemoUser(TypedDict):
    role: str
    username: str
    password: str


class Demo(TypedDict):
    """The file's content; `students` are those of the class with `class_code`."""

    api_url: str
    dashboard_url: str
    metrics_url: str
    school_id: str
    game_id: str
    write_key: str
    sandbox_key: str
    class_code: str
    students: list[DemoStudent]
    users: list[DemoUser]


class Unfinished(TypedDict):
    """A demo in the making: its play follows from `seed`, `until` (ISO 8601) and the students.

    `student_ids` are those of all classes, in the order in which they are simulated.
    """

    seed: int
    until: str
    student_ids: list[str]
    demo: Demo


class Addresses(TypedDict):
    api_url: str
    dashboard_url: str
    metrics_url: str


def current_addresses(settings: Settings) -> Addresses:
    return {
        "api_url": addresses.api_url(settings),
        "dashboard_url": addresses.dashboard_url(settings),
        "metrics_url": addresses.metrics_url(settings),
    }


def demo_path(settings: Settings) -> Path:
    return settings.data_dir / FINISHED


def read_demo(settings: Settings) -> Demo | None:
    """`None` where there is no such file. Raises `DemoFileError`."""
    return cast("Demo | None", _read(demo_path(settings)))


def read_unfinished(settings: Settings) -> Unfinished | None:
    """`None` where no demo is in the making. Raises `DemoFileError`."""
    return cast("Unfinished | None", _read(settings.data_dir / UNFINISHED))


def write_unfinished(
    settings: Settings, demo: Demo, *, seed: int, until: datetime, student_ids: list[UUID]
) -> Unfinished:
    """Keep what it takes to finish this demo; on disk when this returns."""
    unfinished: Unfinished = {
        "seed": seed,
        "until": until.isoformat(),
        "student_ids": [str(student_id) for student_id in student_ids],
        "demo": demo,
    }
    _write(settings.data_dir / UNFINISHED, unfinished)
    return unfinished


def write_finished(settings: Settings, demo: Demo) -> None:
    """Publish the finished demo under its name."""
    _write(demo_path(settings), demo)
    (settings.data_dir / UNFINISHED).unlink(missing_ok=True)


def refresh_demo_file(settings: Settings) -> bool:
    """Bring the file's three addresses up to date; its keys and passwords stay.

    Whether there is such a file. Raises `DemoFileError`.
    """
    demo = read_demo(settings)
    if demo is None:
        return False
    fresh = cast("Demo", {**demo, **current_addresses(settings)})
    if fresh != demo or demo_path(settings).stat().st_mode & 0o077:
        _write(demo_path(settings), fresh)
    return True


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        UUID((found.get("demo") or found)["school_id"])
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DemoFileError(f"{path} cannot be read ({error.strerror}).") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DemoFileError(
            f"{path} is not as the demo wrote it. Move it away and try again."
        ) from error
    return found


def _write(path: Path, content: Demo | Unfinished) -> None:
    """All of it or nothing, mode 0600."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(content, file, indent=2, ensure_ascii=False)
                file.write("\n")
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:  # also when interrupted: no half file stays
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise DemoFileError(f"{path} cannot be written ({error.strerror}).") from error
