"""`learntrace up` as people meet it: real processes, real signals."""

import asyncio
import json
import os
import re
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx
import pytest

from learntrace.cli.children import Child, StartError, end_leftovers, turn_over
from learntrace.kit import postgres
from learntrace.kit.processes import command_line

PORTS = ("API_PORT", "METRICS_PORT", "WORKER_METRICS_PORT", "DASHBOARD_PORT")


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A folder that every user may enter, as pytest's own is not."""
    folder = Path(tempfile.mkdtemp(prefix="learntrace-test-"))
    folder.chmod(0o711)
    yield folder / "data"
    shutil.rmtree(folder)


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [taken.getsockname()[1] for taken in sockets]
    for taken in sockets:
        taken.close()
    return ports


@dataclass
class Run:
    """One `learntrace up`; its output is read as it comes."""

    process: subprocess.Popen[str]
    ports: dict[str, int]
    output: str = ""

    def read_until(self, text: str) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.output += line
            if text in line:
                return
        raise AssertionError(f"{text!r} never came:\n{self.output}")

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        """Exit code after that signal."""
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        out, _ = self.process.communicate(timeout=120)
        self.output += out
        return self.process.returncode

    def url(self, variable: str) -> str:
        return f"http://127.0.0.1:{self.ports[variable]}"


@pytest.fixture
def up(data_dir, server) -> Iterator[object]:
    """Start `learntrace up`; `embedded` or on a database of the throw-away server."""
    runs: list[Run] = []
    clean = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}

    def start(*options: str, embedded: bool = False, **environment: str) -> Run:
        ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
        given = {name: str(port) for name, port in ports.items()}
        if not embedded:
            given["DATABASE_URL"] = server
        process = subprocess.Popen(
            [sys.executable, "-m", "learntrace.cli", "up", *options],
            env={**clean, "DATA_DIR": str(data_dir), **given, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        runs.append(Run(process, ports))
        return runs[-1]

    yield start
    for run in runs:
        if run.process.poll() is None:
            run.end(signal.SIGTERM)
        run.process.communicate()


def children(data_dir: Path) -> dict[str, int]:
    noted = json.loads((data_dir / ".up.json").read_text())
    return {name: int(pid) for pid, name in noted.items()}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def wait_until_gone(pids: list[int]) -> None:
    deadline = time.monotonic() + 120
    while any(command_line(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [command_line(pid) for pid in pids] == [""] * len(pids)


def wait_for_text(log: Path) -> None:
    deadline = time.monotonic() + 120
    while not log.read_text() and time.monotonic() < deadline:
        time.sleep(0.05)


@pytest.mark.timeout(400)
def test_everything_starts_with_a_demo_school_stops_and_starts_again(up, data_dir):
    run = up(embedded=True)
    run.read_until("Ctrl-C stops everything")
    demo = json.loads((data_dir / "demo.json").read_text())
    teacher = next(user for user in demo["users"] if user["role"] == "teacher")
    assert f"user {teacher['username']}, password {teacher['password']}" in run.output
    assert run.url("DASHBOARD_PORT") in run.output
    login = {name: teacher[name] for name in ("username", "password")}
    answer = httpx.post(f"{run.url('API_PORT')}/api/v1/auth/login", json=login, timeout=60)
    assert answer.status_code == 200
    assert httpx.get(run.url("DASHBOARD_PORT"), timeout=60).status_code == 200
    assert (
        "telemetry_queue_depth" in httpx.get(f"{run.url('METRICS_PORT')}/metrics", timeout=60).text
    )
    for secret in ("demo.json", "dashboard.key"):
        assert mode(data_dir / secret) == 0o600
    assert mode(data_dir / "logs") == 0o700

    second = up(embedded=True)
    assert second.wait() == 1
    assert f"already runs on {data_dir}" in second.output

    pids = list(children(data_dir).values())
    assert run.end() == 0
    assert "The data is kept" in run.output
    wait_until_gone(pids)
    assert postgres.find_running(data_dir) is None

    again = up(embedded=True)
    again.read_until("Ctrl-C stops everything")
    kept = json.loads((data_dir / "demo.json").read_text())
    assert kept["school_id"] == demo["school_id"]
    assert kept["api_url"] == again.url("API_PORT")
    answer = httpx.post(f"{again.url('API_PORT')}/api/v1/auth/login", json=login, timeout=60)
    assert answer.status_code == 200
    assert again.end(signal.SIGTERM) == 0


def test_without_a_demo_it_says_how_to_make_a_school(up, data_dir):
    run = up("--no-demo", embedded=True)
    run.read_until("Ctrl-C stops everything")
    assert "Demo school" not in run.output
    assert not (data_dir / "demo.json").exists()
    words = shlex.split(re.search(r"First school +(\S+ init .*)", run.output)[1])
    words[words.index("NAME")] = "Hill School"
    environment = {**os.environ, "DATA_DIR": str(data_dir)}
    environment.pop("DATABASE_URL", None)
    said = subprocess.run(words, env=environment, capture_output=True, text=True, check=True).stdout
    password = re.search(r"shown this once\): (\S+)", said)[1]
    login = {"username": "admin", "password": password}
    answer = httpx.post(f"{run.url('API_PORT')}/api/v1/auth/login", json=login, timeout=60)
    assert answer.status_code == 200
    assert run.end() == 0


async def test_process_that_dies_is_named_and_takes_the_rest_with_it(up, data_dir, server):
    run = up()
    run.read_until("Ctrl-C stops everything")
    running = children(data_dir)
    assert set(running) == {"worker", "API", "dashboard"}
    key = (data_dir / "dashboard.key").read_text().strip()
    for pid in running.values():
        assert key not in command_line(pid)
        assert server not in command_line(pid)
    connection = await asyncpg.connect(server)
    assert await connection.fetchval("SELECT count(*) FROM schools") == 0  # no demo in theirs
    await connection.close()
    os.kill(running["worker"], signal.SIGKILL)
    assert run.wait() == 1
    assert "The worker ended by itself (exit code -9)" in run.output
    assert "worker.log" in run.output
    wait_until_gone(list(running.values()))


def test_killed_supervisor_leaves_nothing_that_hinders_the_next(up, data_dir):
    killed = up()
    killed.read_until("Ctrl-C stops everything")
    left = children(data_dir)
    assert killed.end(signal.SIGKILL) == -signal.SIGKILL
    assert command_line(left["API"])
    again = up(**{name: str(port) for name, port in killed.ports.items()})
    again.read_until("Ctrl-C stops everything")
    assert "Ended what an interrupted run had left: API" in again.output
    wait_until_gone(list(left.values()))
    assert again.end() == 0


def test_second_signal_stops_at_once(up, data_dir):
    run = up()
    run.read_until("Ctrl-C stops everything")
    running = children(data_dir)
    os.kill(running["API"], signal.SIGSTOP)  # it cannot hear that it is asked to end
    run.process.send_signal(signal.SIGINT)
    run.read_until("Stopping")
    assert run.end() == 0
    wait_until_gone(list(running.values()))


def test_signal_while_starting_ends_cleanly(up, data_dir):
    run = up()
    run.read_until("Database")
    assert run.end(signal.SIGTERM) == 0
    assert not (data_dir / ".up.json").exists()


@pytest.mark.parametrize("variable", ["API_PORT", "DASHBOARD_PORT"])
def test_taken_port_is_named_before_anything_starts(up, data_dir, variable):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        run = up(embedded=True, **{variable: str(taken.getsockname()[1])})
        assert run.wait() == 1
    assert re.search(
        rf"Port \d+ on 127.0.0.1 cannot be used .* {variable}=\d+ make run", run.output
    )
    assert not (data_dir / "postgres").exists()


def test_port_given_twice_is_named(up):
    run = up(API_PORT="18123", DASHBOARD_PORT="18123")
    assert run.wait() == 1
    assert "API_PORT and DASHBOARD_PORT are both 18123" in run.output


def test_failed_step_shows_its_last_words(up):
    run = up(DATABASE_URL=f"postgresql://nobody@127.0.0.1:{free_ports(1)[0]}/nothing")
    assert run.wait() == 1
    assert "`learntrace migrate` failed (exit code 1)" in run.output
    assert "does not answer" in run.output
    assert "Traceback" not in run.output


def test_unusable_data_folder_is_named(up, tmp_path):
    (tmp_path / "file").write_text("")
    run = up(DATA_DIR=str(tmp_path / "file"))
    assert run.wait() == 1
    assert "Choose another folder with DATA_DIR" in run.output


async def test_command_that_fails_is_told_with_its_end_only(tmp_path):
    log = tmp_path / "log"
    log.write_text("from an earlier run\n")
    script = "import sys; print(*range(100), sep='\\n'); sys.exit(3)"
    command = [sys.executable, "-c", script]
    child = Child("migrate", command, environment=os.environ, log=log)
    await child.start()
    with pytest.raises(StartError, match="exit code 3") as caught:
        await child.finish()
    assert "99" in str(caught.value)
    assert "  84" not in str(caught.value)
    assert "earlier" not in str(caught.value)


async def test_stopping_ends_grandchildren_too(tmp_path):
    script = (
        "import subprocess, sys, time\n"
        "print(subprocess.Popen(['sleep', '60']).pid, flush=True)\n"
        "time.sleep(60)"
    )
    log = tmp_path / "log"
    child = Child("x", [sys.executable, "-c", script], environment=os.environ, log=log)
    await child.start()
    await asyncio.to_thread(wait_for_text, log)
    await child.stop(asyncio.Event())
    wait_until_gone([int(log.read_text())])


async def test_who_is_deaf_is_killed_once_there_is_hurry(tmp_path):
    script = (
        "import signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print('deaf', flush=True)\n"
        "time.sleep(3600)"
    )
    log = tmp_path / "log"
    command = [sys.executable, "-c", script]
    child = Child("x", command, environment=os.environ, log=log, grace_s=3600)
    await child.start()
    await asyncio.to_thread(wait_for_text, log)
    hurry = asyncio.Event()
    stopping = asyncio.create_task(child.stop(hurry))
    await asyncio.sleep(0)
    assert not stopping.done()
    hurry.set()
    async with asyncio.timeout(120):
        await stopping
    assert await child.ended() == -signal.SIGKILL


def test_long_log_is_set_aside(tmp_path):
    log = tmp_path / "api.log"
    log.write_bytes(b"x" * 10_000_001)
    turn_over(log)
    assert [path.name for path in tmp_path.iterdir()] == ["api.log.1"]


def test_leftovers_that_are_not_ours_are_left_alone(tmp_path):
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (tmp_path / "book").write_text(json.dumps({stranger.pid: "API", "99999999": "worker"}))
        assert end_leftovers(tmp_path / "book") == []
        assert stranger.poll() is None
        stranger.kill()
