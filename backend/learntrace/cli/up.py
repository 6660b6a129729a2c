"""`learntrace up`: everything on one machine, started, watched and stopped together."""

import asyncio
import fcntl
import os
import secrets
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click

from learntrace.cli.children import end_leftovers
from learntrace.cli.context import database_url
from learntrace.cli.supervisor import SIGNALS, Plan, Supervisor
from learntrace.kit.config import Settings, load_settings

COOKIE_KEY = "dashboard.key"
LEFTOVERS = ".up.json"


@click.command("up")
@click.option(
    "--no-demo", is_flag=True, help="Make no demo school, and say how to make a real one."
)
def up(*, no_demo: bool) -> None:
    """Start everything on this machine: database, API, worker, dashboard. Ctrl-C stops it."""
    settings = load_settings()
    settings = settings.model_copy(update={"data_dir": settings.data_dir.absolute()})
    for number in SIGNALS:
        signal.signal(number, _interrupt)
    try:
        with _alone(settings.data_dir):
            code = _run(settings, makes_demo=not no_demo)
    except KeyboardInterrupt:
        code = 0
    if code == 0:
        click.echo("Stopped. The data is kept.")
    sys.exit(code)


def _run(settings: Settings, *, makes_demo: bool) -> int:
    leftovers = settings.data_dir / LEFTOVERS
    for name in end_leftovers(leftovers):
        click.echo(f"Ended what an interrupted run had left: {name}")
    dashboard = (os.environ.get("DASHBOARD_HOST", "127.0.0.1"), settings.dashboard_port)
    _require_free_ports(
        {
            "API_PORT": (settings.api_host, settings.api_port),
            "METRICS_PORT": (settings.metrics_host, settings.metrics_port),
            "WORKER_METRICS_PORT": (settings.metrics_host, settings.worker_metrics_port),
            "DASHBOARD_PORT": dashboard,
        }
    )
    key = _cookie_key(settings.data_dir / COOKIE_KEY)
    with database_url(settings) as url:
        plan = Plan(
            settings=settings,
            database_url=url,
            cookie_key=key,
            leftovers=leftovers,
            makes_demo=makes_demo and settings.database_url is None,
        )
        return asyncio.run(Supervisor(plan).run())


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@contextmanager
def _alone(data_dir: Path) -> Iterator[None]:
    """Hold the data folder's lock; the kernel drops it when this process dies."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        lock = (data_dir / ".up.lock").open("a")
    except OSError as error:
        raise click.ClickException(
            f"{error.filename} cannot be used ({error.strerror}). Choose another folder with "
            "DATA_DIR, or run as the owner of this one."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise click.ClickException(
                f"Learntrace already runs on {data_dir}. Stop it first (Ctrl-C where it runs), or "
                "run a second one with another DATA_DIR and other ports."
            ) from error
        yield


def _require_free_ports(wanted: dict[str, tuple[str, int]]) -> None:
    """Raise ClickException, naming the setting, where a port is taken or wanted twice."""
    claimed: dict[int, str] = {}
    for variable, (host, port) in wanted.items():
        if port in claimed:
            raise click.ClickException(
                f"{claimed[port]} and {variable} are both {port}. Set one of them to another port."
            )
        claimed[port] = variable
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise click.ClickException(
                    f"Port {port} on {host} cannot be used ({error.strerror}). Choose another one, "
                    f"for example: {variable}={port + 100} make run"
                ) from error


def _cookie_key(path: Path) -> str:
    """The key that signs the dashboard's cookies: random, made once, readable by its owner."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(f"{secrets.token_urlsafe(48)}\n")
    return path.read_text().strip()
