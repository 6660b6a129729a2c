"""`learntrace serve`: API processes side by side, and their operations port in the parent."""

import asyncio
import os
import shutil
import socket
import tempfile
import threading
from pathlib import Path

import uvicorn
from uvicorn.supervisors import Multiprocess

from learntrace import migrating
from learntrace.app import create_app
from learntrace.kit.config import Settings
from learntrace.kit.db import Database
from learntrace.kit.processes import lives
from learntrace.ops import create_ops_app

BACKLOG = 2048
# A game that posts every few seconds keeps its connection, and its proxy need not reconnect.
KEEP_ALIVE_S = 75
METRICS_PREFIX = "learntrace-metrics-"


class PortTakenError(RuntimeError):
    """Another program listens where this one was told to."""


def listen(host: str, port: int, *, variable: str) -> socket.socket:
    """A listening socket. Raises `PortTakenError`, naming the setting that mends it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise PortTakenError(
            f"Cannot listen on {host}:{port} ({error.strerror}). Set {variable} to another port."
        ) from error
    listening.listen(BACKLOG)
    listening.set_inheritable(True)
    return listening


async def _require_head(url: str) -> None:
    database = Database.connect(url, pool_size=1)
    try:
        await migrating.require_head(database.engine)
    finally:
        await database.dispose()


def drop_leftovers() -> None:
    """Remove the metrics folders of `serve` processes that were killed; each bears its number."""
    for folder in Path(tempfile.gettempdir()).glob(f"{METRICS_PREFIX}*"):
        pid = folder.name.removeprefix(METRICS_PREFIX).partition("-")[0]
        # One with this process's own number is from an earlier process that had it.
        if pid.isdecimal() and (int(pid) == os.getpid() or not lives(int(pid))):
            shutil.rmtree(folder, ignore_errors=True)


def serve(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM; a process that dies is replaced.

    Raises `SchemaMismatchError`, `PortTakenError` before anything is served.
    """
    assert settings.database_url is not None
    asyncio.run(_require_head(settings.database_url))
    api_socket = listen(settings.api_host, settings.api_port, variable="API_PORT")
    ops_socket = listen(settings.metrics_host, settings.metrics_port, variable="METRICS_PORT")
    drop_leftovers()
    with tempfile.TemporaryDirectory(prefix=f"{METRICS_PREFIX}{os.getpid()}-") as metrics_dir:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = metrics_dir
        os.environ["DATABASE_URL"] = settings.database_url
        ops = create_ops_app(
            settings, settings.database_url, Path(metrics_dir), create_app(settings).openapi
        )
        ops_server = uvicorn.Server(uvicorn.Config(ops, log_level="warning", access_log=False))
        ops_thread = threading.Thread(
            target=ops_server.run, kwargs={"sockets": [ops_socket]}, name="operations"
        )
        config = uvicorn.Config(
            "learntrace.app:from_environment",
            factory=True,
            workers=settings.api_workers,
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=20,
            timeout_worker_healthcheck=30,
        )
        ops_thread.start()
        try:
            Multiprocess(config, sockets=[api_socket]).run()
        finally:
            ops_server.should_exit = True
            ops_thread.join()
