"""Schemathesis against a running server: what the description allows, and much that it does not."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from learntrace.accounts.secrets import ACCESS_TOKEN, new_token, token_hash
from learntrace.kit.config import Settings

from .running import serving
from .world import World, bearer, insert, now

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
include-path-regex = "^/api/v1/(classes|students|game-sessions|games)"
include-method = "GET"
checks.positive_data_acceptance.enabled = false
"""
GAMES = r"^/api/v1/(telemetry|players)/"


async def sign_in(world: World, role: str) -> str:
    """An access token of somebody with `role`."""
    user_id, sign_in_id, token = uuid4(), uuid4(), new_token(ACCESS_TOKEN)
    async with world.database.transaction() as db:
        await insert(
            db,
            "users",
            id=user_id,
            school_id=world.school_id if role in ("teacher", "school_admin") else None,
            username=role,
            display_name=role,
            role=role,
            password_hash="x",
            created_at=now(),
        )
        await insert(
            db,
            "sign_ins",
            id=sign_in_id,
            user_id=user_id,
            secret_hash=token_hash("x"),
            rotating=True,
            created_at=now(),
            expires_at=now() + timedelta(hours=1),
        )
        await insert(
            db,
            "access_tokens",
            token_hash=token_hash(token),
            sign_in_id=sign_in_id,
            expires_at=now() + timedelta(hours=1),
        )
    return token


@pytest.mark.parametrize("caller", ["player", "system_admin"])
async def test_api_keeps_its_description(
    world: World, database_url: str, tmp_path: Path, caller: str
) -> None:
    is_game = caller == "player"
    token = world.player_token if is_game else await sign_in(world, caller)
    with serving(database_url, tmp_path / "log", **NO_LIMITS) as running:
        description = tmp_path / "openapi.json"
        description.write_text(json.dumps(httpx.get(f"{running.ops_url}/openapi.json").json()))
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
            "--max-examples=10",
            "--seed=1",
            "--continue-on-failure",
            "--no-color",
        ]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
        log = running.log.read_text()
    assert done.returncode == 0, done.stdout[-8000:]
    assert "request failed" not in log
    assert bearer(token)["Authorization"] not in log
