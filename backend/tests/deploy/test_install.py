"""What the two commands install, and from what."""

import re
import subprocess
from pathlib import Path

import pytest

from learntrace.kit.config import Settings

ROOT = Path(__file__).resolve().parents[3]
LOCKS = [
    "requirements.lock",
    "requirements-dev.lock",
    "requirements-uv.lock",
    "backend/requirements.lock",
    "backend/requirements-stt.lock",
    "dashboard/requirements.lock",
]


def pins(lock: str) -> dict[str, str]:
    """Version by package."""
    return dict(
        re.findall(
            r"^([a-z0-9._-]+)==([^ \\]+)", (ROOT / lock).read_text(), re.MULTILINE | re.IGNORECASE
        )
    )


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_pins_by_hash_and_names_no_address(lock):
    text = (ROOT / lock).read_text()
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE | re.IGNORECASE)[1:]
    assert entries
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text
    assert "index" not in re.sub(r"^[a-z0-9._-]+==.*$", "", text, flags=re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS[1:2] + LOCKS[3:])
def test_locks_agree_on_versions(lock):
    runtime = pins("requirements.lock")
    assert {
        name: version
        for name, version in pins(lock).items()
        if runtime.get(name, version) != version
    } == {}


def test_make_help_lists_the_commands():
    said = subprocess.check_output(["make", "help"], cwd=ROOT, text=True)
    for command in ("run", "stt", "test", "check", "format", "lock", "clean", "help"):
        assert f"make {command} " in said


def test_ci_runs_the_checks_and_the_tests():
    script = ROOT / ".ci" / "run"
    subprocess.check_call(["bash", "-n", script])
    assert script.stat().st_mode & 0o100
    assert re.findall(r"make (\w+)$", script.read_text(), re.MULTILINE) == ["check", "test"]


def test_operations_page_lists_every_setting_with_its_default():
    page = (ROOT / "docs" / "operations.md").read_text()
    page = page[page.index("## Settings") : page.index("## Ports")]
    listed: dict[str, str] = {}
    for names, defaults in re.findall(r"^\| (`[A-Z][^|]*) \|([^|]*)\|", page, re.MULTILINE):
        given = re.findall(r"`([^`]*)`", defaults)
        for name in re.findall(r"`([A-Z_]+)`", names):
            listed[name] = given.pop(0) if given else ""
    for name, field in Settings.model_fields.items():
        default = field.default if field.default not in (None, ()) else ""
        if isinstance(default, float):
            default = f"{default:g}"
        assert listed.get(name.upper()) == str(default), name
