"""The worker as an operator sees it: what it does, and what its log says of it."""

import asyncio
import json
import os
import re
import signal
import sys
from datetime import timedelta
from uuid import uuid4

from learntrace.accounts.secrets import PLAYER_TOKEN, new_token, token_hash

from .assessment.playing import fill
from .world import World, insert, now

AN_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-")


async def test_worker_logs_what_it_did_in_counts_alone(
    world: World, database_url: str, unused_tcp_port: int
) -> None:
    finished, silent = uuid4(), uuid4()
    for session_id in (finished, silent):
        await fill(world, session_id, 8)
    await world.rows(
        "update game_sessions set state = 'open', last_received_at = now() - interval '1 hour'"
        " where id = :id returning 1",
        id=silent,
    )
    async with world.database.transaction() as db:
        await insert(
            db,
            "player_tokens",
            token_hash=token_hash(new_token(PLAYER_TOKEN)),
            school_id=world.school_id,
            student_id=world.students[0],
            game_id=world.game_id,
            created_at=now() - timedelta(days=9),
            expires_at=now() - timedelta(days=8),
        )
    waiting = """
        select (select count(*) from session_features) < 2
            or not exists (select from assessments) or exists (select from assessments_due)
    """
    worker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "learntrace.cli", "worker"),
        env=os.environ
        | {"DATABASE_URL": database_url, "WORKER_METRICS_PORT": str(unused_tcp_port)},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(120):
            while await world.one(waiting):
                await asyncio.sleep(0.05)
    finally:
        worker.send_signal(signal.SIGTERM)
        output, _ = await asyncio.wait_for(worker.communicate(), 120)
    assert worker.returncode == 0
    assert not AN_ID.search(output.decode())
    lines = [json.loads(line) for line in output.splitlines()]
    assert {(line["process"], line["level"]) for line in lines} == {("worker", "INFO")}
    messages = [line["message"] for line in lines]
    assert (messages[0], messages[-1]) == ("worker started", "worker stopped")
    assert set(messages[1:-1]) == {"pass done"}
    done: dict[str, int] = {}
    for line in lines[1:-1]:
        done[line["loop"]] = done.get(line["loop"], 0) + line["count"]
    # Both sessions are of one student, who is assessed once or after each.
    assert done.pop("infer due") in {1, 2}
    assert done == {"close idle": 1, "assess unread": 2, "housekeeping": 1}
