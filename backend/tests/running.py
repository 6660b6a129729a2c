"""A real `learntrace serve` and `worker`, started as an operator would, on free ports."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

STARTUP_S = 180


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


@dataclass(frozen=True)
class Running:
    api_url: str
    ops_url: str
    worker_metrics_url: str
    log: Path


def _stop(process: subprocess.Popen[bytes]) -> int:
    process.send_signal(signal.SIGTERM)
    try:
        return process.wait(120)
    except subprocess.TimeoutExpired:
        process.kill()
        raise


@contextmanager
def serving(
    database_url: str, log: Path, *, workers: int = 1, worker: bool = True, **settings: str
) -> Iterator[Running]:
    """Both processes, until the block ends; they must then stop cleanly."""
    api, ops, worker_metrics = free_port(), free_port(), free_port()
    environment = os.environ | {
        "DATABASE_URL": database_url,
        "DATA_DIR": str(log.parent / "data"),
        "API_PORT": str(api),
        "API_WORKERS": str(workers),
        "METRICS_PORT": str(ops),
        "WORKER_METRICS_PORT": str(worker_metrics),
        "QUIET_S": "0.2",
        **settings,
    }
    commands = [["serve"], ["worker"]] if worker else [["serve"]]
    with log.open("wb") as output:
        processes = [
            subprocess.Popen(
                [sys.executable, "-m", "learntrace.cli", *command],
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            for command in commands
        ]
        try:
            running = Running(
                f"http://127.0.0.1:{api}",
                f"http://127.0.0.1:{ops}",
                f"http://127.0.0.1:{worker_metrics}/metrics",
                log,
            )
            _wait_until_ready(running, processes)
            yield running
        finally:
            codes = [_stop(process) for process in processes]
    assert codes == [0] * len(processes), log.read_text()[-2000:]


def _wait_until_ready(running: Running, processes: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + STARTUP_S
    while time.monotonic() < deadline:
        assert all(process.poll() is None for process in processes), running.log.read_text()
        try:
            if httpx.get(f"{running.api_url}/readiness", timeout=10).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(running.log.read_text()[-2000:])
