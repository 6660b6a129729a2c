"""The alert rules, by Prometheus's own tool."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "deploy" / "prometheus"
PROMTOOL = shutil.which("promtool")

needs_promtool = pytest.mark.skipif(
    PROMTOOL is None, reason="promtool is not installed (Debian package prometheus)"
)


@needs_promtool
@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "config", "prometheus.yml"),
        ("check", "rules", "alerts.yml"),
        ("test", "rules", "alerts.test.yml"),
    ],
    ids=" ".join,
)
def test_promtool_accepts(arguments):
    done = subprocess.run(
        [PROMTOOL, *arguments], cwd=FOLDER, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def alerts() -> list[str]:
    return re.findall(r"- alert: (\w+)", (FOLDER / "alerts.yml").read_text())


@pytest.mark.parametrize("alert", alerts())
def test_alert_is_tested_and_explained(alert):
    assert alert in (FOLDER / "alerts.test.yml").read_text()
    assert alert in (ROOT / "docs" / "operations.md").read_text()


def test_alerts_ask_only_for_metrics_that_the_program_has():
    rules = (FOLDER / "alerts.yml").read_text()
    asked = set(re.findall(r"\b(?:telemetry|learntrace)_[a-z_]+\b", rules))
    sources = "".join(path.read_text() for path in (ROOT / "backend/learntrace").rglob("*.py"))
    assert asked
    assert {name for name in asked if f'"{name.removesuffix("_bucket")}"' not in sources} == set()
