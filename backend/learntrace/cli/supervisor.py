"""The course of `learntrace up`, from migrating to the last process's end."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from learntrace.cli.children import Child, StartError, record
from learntrace.demo.demo_file import DemoFileError, refresh_demo_file
from learntrace.kit import addresses
from learntrace.kit.config import Settings

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Plan:
    """What to start: the settings, the database they lead to, and where to note what runs.

    `makes_demo` fills a database that is empty.
    """

    settings: Settings
    database_url: str
    cookie_key: str
    leftovers: Path
    makes_demo: bool

    @property
    def logs(self) -> Path:
        return self.settings.data_dir / "logs"

    @property
    def api_url(self) -> str:
        return addresses.api_url(self.settings)

    @property
    def ops_url(self) -> str:
        return addresses.ops_url(self.settings)

    @property
    def worker_url(self) -> str:
        return addresses.worker_url(self.settings)

    @property
    def dashboard_url(self) -> str:
        return addresses.dashboard_url(self.settings)

    def backend(self) -> Mapping[str, str]:
        """Environment of the API, the worker and the commands: secrets travel in it alone."""
        return {
            **os.environ,
            "DATABASE_URL": self.database_url,
            "DATA_DIR": str(self.settings.data_dir),
            "PYTHONUNBUFFERED": "1",
        }

    def dashboard(self) -> Mapping[str, str]:
        """Environment of the dashboard, which knows the API and no database."""
        inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        return {
            "DASHBOARD_COOKIE_KEY": self.cookie_key,
            **inherited,
            "API_URL": self.api_url,
            "DASHBOARD_PORT": str(self.settings.dashboard_port),
            "PYTHONUNBUFFERED": "1",
        }


class Supervisor:
    """Starts the processes, waits for a signal or the first that ends, stops them in order."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._stop = asyncio.Event()
        self._hurry = asyncio.Event()
        self._children: list[Child] = []
        self._console = Console(highlight=False, soft_wrap=True)

    async def run(self) -> int:
        """Exit code: 0 after a signal, 1 when something did not start or ended by itself."""
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            loop.add_signal_handler(number, self._on_signal)
        try:
            self._plan.logs.mkdir(mode=0o700, exist_ok=True)
            await self._unless_stopped(self._start())
            await self._unless_stopped(self._first_end())
        except StartError as error:
            click.echo(f"\n{error}", err=True)
            return 1
        else:
            return 0
        finally:
            for child in reversed(self._children):
                await child.stop(self._hurry)
            self._plan.leftovers.unlink(missing_ok=True)
            # The database is stopped next, and nothing may come between.
            for number in SIGNALS:
                loop.remove_signal_handler(number)
                signal.signal(number, signal.SIG_IGN)

    def _on_signal(self) -> None:
        if self._stop.is_set():
            self._hurry.set()
        else:
            click.echo("\nStopping ... (again: at once)")
        self._stop.set()

    async def _unless_stopped(self, work: Coroutine[Any, Any, None]) -> None:
        """Do `work`, or give it up when a signal comes. Raises what `work` raises."""
        task = asyncio.create_task(work)
        stopped = asyncio.create_task(self._stop.wait())
        await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
        elif not self._stop.is_set():
            task.result()

    async def _start(self) -> None:
        # It needs no database, and takes as long as all the rest.
        dashboard = await self._begin(
            "dashboard", ["learntrace_dashboard"], self._plan.dashboard(), grace_s=5
        )
        await self._step("migrate", doing="Preparing the database", done="Database")
        if self._plan.makes_demo:
            looking = "Looking after the demo school"
            await self._step("demo", "--if-empty", doing=looking, done="Demo school")
        else:
            _refresh_demo_file(self._plan.settings)
        backend = self._plan.backend()
        worker = await self._begin("worker", ["learntrace.cli", "worker"], backend, grace_s=20)
        api = await self._begin("API", ["learntrace.cli", "serve"], backend, grace_s=30)
        with self._console.status("Waiting for API, worker and dashboard"):
            ready = asyncio.gather(
                worker.ready(f"{self._plan.worker_url}/metrics"),
                api.ready(f"{self._plan.api_url}/readiness"),
                dashboard.ready(f"{self._plan.dashboard_url}/_stcore/health"),
            )
            ended = asyncio.create_task(self._first_end())
            first: set[asyncio.Future[Any]] = {ready, ended}
            await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
            if ended.done():
                ready.cancel()
                ended.result()
            ended.cancel()
            await ready
        self._console.print("[green]✓[/] API, worker, dashboard")
        self._say_where()

    async def _step(self, command: str, *options: str, doing: str, done: str) -> None:
        """Run one command to its end, its output kept in a log."""
        with self._console.status(doing):
            child = await self._begin(
                command,
                ["learntrace.cli", command, *options],
                self._plan.backend(),
                grace_s=20,
            )
            await child.finish()
        self._children.remove(child)
        self._console.print(f"[green]✓[/] {done}")

    async def _begin(
        self, name: str, module: list[str], environment: Mapping[str, str], *, grace_s: float
    ) -> Child:
        child = Child(
            name,
            [sys.executable, "-m", *module],
            environment=environment,
            log=self._plan.logs / f"{name.lower()}.log",
            grace_s=grace_s,
        )
        self._children.append(child)
        await child.start()
        record(self._plan.leftovers, self._children)
        return child

    async def _first_end(self) -> None:
        """Wait until one of the processes ends. Raises StartError saying which and why."""
        ends = {asyncio.create_task(child.ended()): child for child in self._children}
        try:
            done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in ends:
                task.cancel()
        first = done.pop()
        raise StartError(
            f"The {ends[first].name} ended by itself (exit code {first.result()}), so everything "
            f"is stopped. Its last words:\n{ends[first].last_words()}"
        )

    def _say_where(self) -> None:
        plan = self._plan
        rows = [
            ("Dashboard", f"[bold]{plan.dashboard_url}[/]"),
            ("API", f"{plan.api_url}/api/v1"),
            ("API docs", f"{plan.ops_url}/docs"),
            ("Metrics", f"{plan.ops_url}/metrics"),
            *(_sign_in(plan) or _first_school(plan)),
            ("Logs", _short(plan.logs)),
        ]
        self._console.print("\n[bold green]Learntrace is running[/]\n")
        for label, text in rows:
            self._console.print(f"  {label:<12} {text}")
        self._console.print("\nCtrl-C stops everything; the data is kept.")
        sys.stdout.flush()


def _sign_in(plan: Plan) -> list[tuple[str, str]]:
    """How to log in, from the demo's own file; nothing where there is no demo."""
    if plan.settings.database_url is not None:
        return []
    path = plan.settings.data_dir / "demo.json"
    try:
        users = json.loads(path.read_text())["users"]
    except FileNotFoundError:
        return []
    teacher = next(user for user in users if user["role"] == "teacher")
    username, password = escape(teacher["username"]), escape(teacher["password"])
    login = f"user [bold]{username}[/], password [bold]{password}[/]"
    return [("Log in", login), ("All logins", f"{_short(path)} (and keys and codes for games)")]


def _first_school(plan: Plan) -> list[tuple[str, str]]:
    """How to make a school, where no demo was to be made."""
    if plan.makes_demo:
        return []
    command = _short(Path(sys.executable).with_name("learntrace"))
    return [
        (
            "First school",
            f"{command} init --school NAME --timezone Europe/Zurich --language en",
        )
    ]


def _refresh_demo_file(settings: Settings) -> None:
    """Have an earlier demo's file tell where this run is reached."""
    try:
        refresh_demo_file(settings)
    except DemoFileError as error:
        raise StartError(str(error)) from error


def _short(path: Path) -> str:
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)
