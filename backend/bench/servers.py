"""Contenders as servers of their own, started for a measurement and stopped after it."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.processes import Tree
from bench.school import School
from learntrace.kit import postgres
from learntrace.serving import KEEP_ALIVE_S

_STARTUP_S = 60
BACKEND = Path(__file__).parents[1]
# Counted as always, and out of reach.
_OUT_OF_REACH = str(10**9)
LIMITS = (
    "EVENTS",
    "BATCHES",
    "KEY_EVENTS",
    "KEY_BATCHES",
    "CLOSES",
    "STATUS",
    "PEOPLE",
)


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    tree: Tree


@contextmanager
def database_server() -> Iterator[tuple[str, Tree]]:
    """A PostgreSQL as `make run` starts it, on disk and with fsync: its DSN and its processes."""
    with tempfile.TemporaryDirectory(prefix="learntrace-bench-") as folder:
        home = Path(folder)
        home.chmod(0o711)
        with postgres.running(home) as dsn:
            cluster = next(home.rglob("postmaster.pid")).parent
            pid = int((cluster / "postmaster.pid").read_text().split()[0])
            with (cluster / "pg_hba.conf").open("a") as access:
                access.write("host all postgres 127.0.0.1/32 trust\n")
            os.kill(pid, signal.SIGHUP)
            yield dsn, Tree(pid)


def as_superuser(dsn: str) -> str:
    """The same database for the superuser, who may look at how its tables lie on disk."""
    _, _, address = dsn.rpartition("@")
    return f"postgresql://postgres@{address}"


@contextmanager
def learntrace(database_url: str, *, processes: int) -> Iterator[Server]:
    """`learntrace serve` with its defaults, and limits that count but are out of reach."""
    port = free_port()
    settings = {f"RATE_LIMIT_{name}": _OUT_OF_REACH for name in LIMITS} | {
        "DATABASE_URL": database_url,
        "API_PORT": str(port),
        "METRICS_PORT": str(free_port()),
        "API_WORKERS": str(processes),
    }
    with _started(["learntrace.cli", "serve"], port, settings) as server:
        yield server


@contextmanager
def usual(database_url: str, school: School) -> Iterator[Server]:
    with _uvicorn("bench.usual:app", _of_school(database_url, school)) as server:
        yield server


@contextmanager
def durable(database_url: str, school: School) -> Iterator[Server]:
    with _uvicorn("bench.durable:app", _of_school(database_url, school)) as server:
        yield server


@contextmanager
def bare() -> Iterator[Server]:
    with _uvicorn("bench.bare:app", {}) as server:
        yield server


def _of_school(database_url: str, school: School) -> dict[str, str]:
    return {
        "DATABASE_URL": database_url,
        "BENCH_SCHOOL_ID": str(school.school_id),
        "BENCH_GAME_ID": str(school.game_id),
    }


@contextmanager
def _uvicorn(app: str, settings: Mapping[str, str]) -> Iterator[Server]:
    port = free_port()
    command = ["uvicorn", app, "--port", str(port), "--no-access-log", "--log-level", "warning"]
    command += ["--timeout-keep-alive", str(KEEP_ALIVE_S)]
    with _started(command, port, settings) as server:
        yield server


@contextmanager
def _started(command: list[str], port: int, settings: Mapping[str, str]) -> Iterator[Server]:
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=BACKEND,
            env={**os.environ, **settings},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_open(process, port)
            yield Server(port, Tree(process.pid))
        except BaseException:
            output.seek(0)
            sys.stderr.write(output.read()[-2000:].decode(errors="replace"))
            raise
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _wait_until_open(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + _STARTUP_S
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode} before it listened")
        with socket.socket() as trying:
            if trying.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on port {port} after {_STARTUP_S} s")


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port
