"""The main road through a running server: posted over HTTP, read back over a second connection."""

import json
import shutil
import subprocess
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import yaml
from sqlalchemy import text

from learntrace import migrating
from learntrace.kit import postgres
from learntrace.kit.db import Database

from .running import free_port, serving
from .world import World, batch, bearer

SCRAPED_WITHIN_S = 120
get, post = partial(httpx.get, timeout=60), partial(httpx.post, timeout=60)


async def test_one_batch_of_everything(world: World, database_url: str, tmp_path: Path) -> None:
    session_id = uuid4()
    known = world.event(session_id=session_id)
    good = world.event(session_id=session_id, event_type="task_complete")
    events = [
        good,
        known,
        known | {"data": {"level": 2}},
        world.event(student_id=world.foreign_student),
        world.event(timestamp="not a time"),
    ]
    with serving(database_url, tmp_path / "log", workers=2) as running:
        async with httpx.AsyncClient(base_url=running.api_url, timeout=60) as client:
            headers = bearer(world.write_key)
            path = "/api/v1/telemetry/batch"
            first = await client.post(path, json=batch([known]), headers=headers)
            assert first.status_code == 201
            envelope = batch(events)
            answer = await client.post(path, json=envelope, headers=headers)
            assert answer.status_code == 201
            assert (answer.json()["accepted"], answer.json()["duplicates"]) == (1, 1)
            assert [(r["index"], r["code"]) for r in answer.json()["rejected"]] == [
                (2, "conflict"),
                (3, "unknown_student"),
                (4, "invalid"),
            ]
            stored = await world.rows("select event_id, data from events order by event_type")
            assert {str(row.event_id) for row in stored} == {known["event_id"], good["event_id"]}
            assert all(row.data == {"level": 1} for row in stored)
            status_path = f"/api/v1/telemetry/status/{envelope['batch_id']}"
            status = (await client.get(status_path, headers=headers)).json()
            assert status["rejected"] == answer.json()["rejected"]
            close = f"/api/v1/telemetry/session/{session_id}/close"
            closed = (await client.post(close, headers=headers)).json()
            assert closed["features"]["event_count"]["value"] == 2
        log = running.log.read_text()
    for child in (str(world.students[0]), str(session_id), known["event_id"], "level_1"):
        assert child not in log


async def test_real_prometheus_counts_what_was_posted(
    world: World, database_url: str, tmp_path: Path
) -> None:
    prometheus = shutil.which("prometheus")
    if prometheus is None:
        pytest.skip("no Prometheus on this machine (Debian: apt-get install prometheus)")
    with serving(database_url, tmp_path / "log", workers=2) as running:
        port = free_port()
        targets = [running.ops_url, running.worker_metrics_url.removesuffix("/metrics")]
        config = tmp_path / "prometheus.yml"
        scrape = {
            "job_name": "learntrace",
            "scrape_interval": "1s",
            "static_configs": [{"targets": [t.removeprefix("http://") for t in targets]}],
        }
        config.write_text(yaml.safe_dump({"scrape_configs": [scrape]}))
        process = subprocess.Popen(
            [
                prometheus,
                f"--config.file={config}",
                f"--storage.tsdb.path={tmp_path / 'tsdb'}",
                f"--web.listen-address=127.0.0.1:{port}",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            known = world.event(event_type="leap")
            for events in ([known], [known, world.event(event_type="leap"), {"bad": 1}]):
                # New connections, so that both processes take part.
                post(
                    f"{running.api_url}/api/v1/telemetry/batch",
                    json=batch(events),
                    headers=bearer(world.write_key),
                )
            expected = {
                'telemetry_events_processed_total{event_type="leap",status="accepted"}': 2,
                'telemetry_events_processed_total{event_type="leap",status="duplicate"}': 1,
                "telemetry_duplicates_total": 1,
                'telemetry_rejected_total{code="invalid"}': 1,
                "telemetry_batch_size_sum": 4,
                'http_requests_total{route="/api/v1/telemetry/batch",status="201"}': 2,
                "learntrace_open_game_sessions": 2,
                "learntrace_up": 1,
            }
            found: dict[str, float] = {}
            deadline = time.monotonic() + SCRAPED_WITHIN_S
            while found != expected and time.monotonic() < deadline:
                time.sleep(0.5)
                found = {name: _value(port, name) for name in expected}
            assert found == expected
            assert _value(port, "sum(up)") == 2
        finally:
            process.terminate()
            process.wait(120)


def _value(port: int, query: str) -> float:
    try:
        answer: Any = get(f"http://127.0.0.1:{port}/api/v1/query", params={"query": query}).json()
    except (httpx.TransportError, json.JSONDecodeError):
        return -1
    results = answer.get("data", {}).get("result", [])
    return sum(float(result["value"][1]) for result in results) if results else -1


async def test_server_refuses_to_start_behind_or_ahead_of_head(
    world: World, database_url: str, tmp_path: Path
) -> None:
    for revision, words in (("0000", "newer than this program"), (None, "learntrace migrate")):
        async with world.database.transaction() as db:
            await db.execute(text("delete from alembic_version"))
            if revision:
                statement = text("insert into alembic_version values (:revision)")
                await db.execute(statement, {"revision": revision})
        log = tmp_path / "log"
        with pytest.raises(AssertionError, match=words), serving(database_url, log):
            pass


async def test_database_down_is_503_and_liveness_stays(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with ExitStack() as server:
        url = server.enter_context(postgres.running(tmp_path / "own", settings=postgres.THROWAWAY))
        database = Database.connect(url, pool_size=1)
        await migrating.migrate(database.engine)
        world = await World.build(database)
        await database.dispose()
        with serving(url, tmp_path / "log", worker=False) as running:
            detailed = get(f"{running.ops_url}/health/detailed").json()
            assert detailed["database"]["status"] == "up"
            assert detailed["worker"]["status"] == "missing"
            path = f"{running.api_url}/api/v1/telemetry/events"
            headers = bearer(world.write_key)
            assert post(path, json=world.event(), headers=headers).status_code == 201
            server.close()
            for _ in range(2):
                refused = post(path, json=world.event(), headers=headers)
                assert refused.status_code == 503
                assert refused.headers["content-type"] == "application/problem+json"
                assert refused.headers["retry-after"]
            assert get(f"{running.api_url}/liveness").status_code == 200
            for down in ("/readiness", "/health"):
                assert get(f"{running.api_url}{down}").status_code == 503
            assert get(f"{running.ops_url}/health/detailed").json()["status"] == "down"
            assert "learntrace_up 0.0" in get(f"{running.ops_url}/metrics").text


async def test_operations_port_serves_the_documentation(database_url: str, tmp_path: Path) -> None:
    with serving(database_url, tmp_path / "log", worker=False) as running:
        page = get(f"{running.ops_url}/docs").text
        assert "https://" not in page.replace(running.ops_url, "")
        assert get(f"{running.ops_url}/docs-assets/swagger-ui.css").status_code == 200
        assert "/api/v1/telemetry/batch" in get(f"{running.ops_url}/openapi.json").text
