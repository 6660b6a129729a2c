"""The processes that `learntrace up` starts, watches and ends."""

import asyncio
import json
import os
import signal
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import httpx

from learntrace.kit.processes import command_line

LOG_LIMIT_BYTES = 10_000_000
READY_TIMEOUT_S = 90.0


class StartError(Exception):
    """Something did not start or ended by itself; the text is for the person who waits."""


class Child:
    """One process in a session of its own, so that Ctrl-C reaches the supervisor alone.

    What it prints is appended to `log`. `grace_s` is how long it may take to end.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        log: Path,
        grace_s: float = 10.0,
    ) -> None:
        self.name = name
        self.log = log
        self._command = command
        self._environment = environment
        self._grace_s = grace_s
        self._log_begins_at = 0
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    async def start(self) -> None:
        turn_over(self.log)
        descriptor = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._log_begins_at = os.fstat(descriptor).st_size
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=descriptor,
                stderr=descriptor,
                env=dict(self._environment),
                start_new_session=True,
            )
        finally:
            os.close(descriptor)

    async def ended(self) -> int:
        """Exit code, once it has ended."""
        assert self._process is not None
        return await self._process.wait()

    async def finish(self) -> None:
        """Wait for its end. Raises StartError when it fails."""
        code = await self.ended()
        if code != 0:
            raise StartError(
                f"`learntrace {self.name}` failed (exit code {code}). Its last words:\n"
                f"{self.last_words()}"
            )

    async def ready(self, url: str) -> None:
        """Wait until `url` answers 200. Raises StartError after READY_TIMEOUT_S."""
        deadline = time.monotonic() + READY_TIMEOUT_S
        async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
            while time.monotonic() < deadline:
                with suppress(httpx.TransportError):
                    if (await client.get(url)).status_code == 200:
                        return
                await asyncio.sleep(0.1)
        raise StartError(
            f"The {self.name} was not ready within {READY_TIMEOUT_S:g} s. Its last words:\n"
            f"{self.last_words()}"
        )

    async def stop(self, hurry: asyncio.Event) -> None:
        """End it, and whatever it started: asked first, killed when it dawdles or at `hurry`."""
        if self._process is None:
            return
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.terminate()
            waiting = [
                asyncio.create_task(self._process.wait()),
                asyncio.create_task(hurry.wait()),
            ]
            await asyncio.wait(waiting, timeout=self._grace_s, return_when=asyncio.FIRST_COMPLETED)
            waiting[1].cancel()
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()

    def last_words(self, lines: int = 15) -> str:
        """The end of what it printed since it started, and where the rest is."""
        with self.log.open(errors="replace") as log:
            log.seek(self._log_begins_at)
            said = log.read().splitlines()[-lines:]
        return "\n".join([*(f"  {line}" for line in said), f"All of it: {self.log}"])


def turn_over(log: Path) -> None:
    """Set a long log aside, so that old logs take no more than twice LOG_LIMIT_BYTES."""
    if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
        log.replace(log.with_name(f"{log.name}.1"))


def record(book: Path, children: Sequence[Child]) -> None:
    """Write down what runs, for the next start in case this process is killed."""
    running = {child.pid: child.name for child in children if child.pid is not None}
    book.write_text(json.dumps(running))


def end_leftovers(book: Path) -> list[str]:
    """End what a killed supervisor left running; the names of what that was."""
    try:
        noted = json.loads(book.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return []
    ours = {int(pid): name for pid, name in noted.items() if "learntrace" in command_line(int(pid))}
    _send(ours, signal.SIGTERM)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and any(command_line(pid) for pid in ours):
        time.sleep(0.1)
    _send(ours, signal.SIGKILL)
    book.unlink()
    return list(ours.values())


def _send(groups: Mapping[int, str], number: signal.Signals) -> None:
    for group in groups:
        with suppress(ProcessLookupError, PermissionError):
            if number == signal.SIGTERM:
                os.kill(group, number)
            else:
                os.killpg(group, number)
