"""Schemathesis against a running server: what the description allows, and much that it does not."""

import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from learntrace.kit.config import Settings

from .running import serving
from .untraced import UNTRACED
from .world import World, add_signed_in, bearer

NO_LIMITS = {name.upper(): "0" for name in Settings.model_fields if name.startswith("rate_limit_")}
# Events are judged one by one and against the roster: a body that fits the description may be
# refused (an unknown student), and one with a broken event among good ones is taken. A cursor is
# an opaque text, and only the list knows which ones it gave.
CONFIG = """
[[operations]]
include-path-regex = "^/api/v1/telemetry/(batch|events|validate)$"
checks.positive_data_acceptance.enabled = false
checks.negative_data_rejection.enabled = false

[[operations]]
include-path-regex = "^/api/v1/(assessments|classes|students|game-sessions|games)"
include-method = "GET"
checks.positive_data_acceptance.enabled = false
"""
GAMES = r"^/api/v1/(telemetry|players)/"


async def signed_in(world: World, role: str) -> str:
    async with world.database.transaction() as db:
        _, token = await add_signed_in(db, role, role, lives_s=3600)
    return token


@pytest.mark.parametrize("caller", ["player", "system_admin"])
async def test_api_keeps_its_description(
    world: World, database_url: str, tmp_path: Path, caller: str
) -> None:
    is_game = caller == "player"
    token = world.player_token if is_game else await signed_in(world, caller)
    with serving(database_url, tmp_path / "log", **NO_LIMITS, **UNTRACED) as running:
        description = tmp_path / "openapi.json"
        description.write_text(
            json.dumps(httpx.get(f"{running.ops_url}/openapi.json", timeout=60).json())
        )
        (tmp_path / "schemathesis.toml").write_text(CONFIG)
        command = [
            str(Path(sys.executable).parent / "schemathesis"),
            "run",
            str(description),
            f"--url={running.api_url}",
            f"--header=Authorization: Bearer {token}",
            f"--{'include' if is_game else 'exclude'}-path-regex={GAMES}",
            # Signing out would end what the other requests stand on.
            "--exclude-path=/api/v1/auth/logout",
            "--phases=examples,coverage,fuzzing",
            "--max-examples=5",
            "--seed=1",
            "--continue-on-failure",
            "--no-color",
        ]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=os.environ | UNTRACED,
            check=False,
        )
        log = running.log.read_text()
    assert done.returncode == 0, done.stdout[-8000:]
    assert "request failed" not in log
    assert bearer(token)["Authorization"] not in log
