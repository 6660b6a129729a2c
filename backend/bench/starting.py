"""`python -m bench.starting`: how long until the program answers, and what importing it takes.

`learntrace up` on a data folder that is there already, until it says that all is running;
`learntrace serve` until it is ready; and importing what each process imports. Python keeps what
it has compiled, as it does for whoever does not forbid it.
"""

import argparse
import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import httpx

from bench.measure import database_of, prepare
from bench.report import markdown, say
from bench.servers import BACKEND, database_server, free_port

_RUNNING = b"Learntrace is running"
_LONGEST_S = 120.0
_HEAVIEST = 10
# What each process of `learntrace up` imports, by its own name.
_IMPORTED = {
    "learntrace up": "learntrace.cli.up",
    "learntrace migrate": "learntrace.cli.migrating",
    "learntrace demo": "learntrace.cli.demonstrating",
    "learntrace worker": "learntrace.cli.working",
    "learntrace serve, its parent": "learntrace.cli.running",
    "an API process": "learntrace.app",
}


def _ports(*variables: str) -> dict[str, str]:
    return {variable: str(free_port()) for variable in variables}


@contextmanager
def _started(command: str, settings: Mapping[str, str]) -> Iterator[tuple[float, Path]]:
    """A command of ours: when it began, and where what it says goes. Ended with Ctrl-C."""
    with tempfile.NamedTemporaryFile() as output:
        began_s = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "learntrace.cli", command],
            cwd=BACKEND,
            env={**os.environ, **settings},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield began_s, Path(output.name)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(_LONGEST_S)


def _until(is_so: Callable[[], bool], output: Path) -> float:
    """Wait until it is so; the time then. Raises `TimeoutError`."""
    end_s = time.perf_counter() + _LONGEST_S
    while not is_so():
        if time.perf_counter() > end_s:
            raise TimeoutError(output.read_text()[-2000:])
        time.sleep(0.01)
    return time.perf_counter()


def _up_s(settings: Mapping[str, str]) -> float:
    with _started("up", settings) as (began_s, output):
        return _until(lambda: _RUNNING in output.read_bytes(), output) - began_s


def _serve_s(url: str) -> float:
    settings = {"DATABASE_URL": url} | _ports("API_PORT", "METRICS_PORT")
    ready = f"http://127.0.0.1:{settings['API_PORT']}/readiness"

    def is_ready() -> bool:
        try:
            return httpx.get(ready, timeout=5).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    with _started("serve", settings) as (began_s, output):
        return _until(is_ready, output) - began_s


def _python(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=BACKEND, capture_output=True, text=True, check=True)


def _import_s(modules: str) -> float:
    """A whole Python process that imports `modules` and ends."""
    began_s = time.perf_counter()
    _python("-c", f"import {modules}")
    return time.perf_counter() - began_s


def _by_package(module: str) -> Counter[str]:
    """Milliseconds that importing `module` takes, by the package whose own code it is."""
    spent: Counter[str] = Counter()
    for line in _python("-X", "importtime", "-c", f"import {module}").stderr.splitlines()[1:]:
        own_us, _, name = line.removeprefix("import time:").split("|")
        if own_us.strip().isdecimal():
            spent[name.strip().partition(".")[0]] += int(own_us)
    return Counter({name: us // 1000 for name, us in spent.items()})


def _row(name: str, seconds: list[float]) -> tuple[str, ...]:
    return name, f"{median(seconds):.2f}", f"{min(seconds):.2f}-{max(seconds):.2f}"


def _measure(times: int) -> Iterator[tuple[str, ...]]:
    with tempfile.TemporaryDirectory(prefix="learntrace-bench-") as folder:
        Path(folder).chmod(0o711)
        settings = {"DATA_DIR": f"{folder}/data"} | _ports(
            "API_PORT", "METRICS_PORT", "WORKER_METRICS_PORT", "DASHBOARD_PORT"
        )
        say("learntrace up, for the first time")
        yield _row("`learntrace up`, new data folder", [_up_s(settings)])
        say("learntrace up, warm")
        yield _row("`learntrace up`, warm", [_up_s(settings) for _ in range(times)])
    with database_server() as (dsn, _):
        asyncio.run(prepare(dsn, "starting"))
        url = database_of(dsn, "starting")
        say("learntrace serve")
        yield _row("`learntrace serve`", [_serve_s(url) for _ in range(times)])
    say("imports")
    yield _row("Python itself", [_import_s("sys") for _ in range(times)])
    for name, modules in _IMPORTED.items():
        yield _row(f"imports of {name}", [_import_s(modules) for _ in range(times)])


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.starting", description=__doc__)
    parser.add_argument("--times", type=int, default=5, help="how often each is started (5)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="learntrace-bench-") as compiled:
        Path(compiled).chmod(0o711)
        os.environ |= {"PYTHONPYCACHEPREFIX": compiled, "PYTHONDONTWRITEBYTECODE": ""}
        print(markdown(("", "median s", "range"), list(_measure(arguments.times)), names=1))
        heaviest = _by_package("learntrace.app").most_common(_HEAVIEST)
    print(
        markdown(("imports of an API process", "ms"), [(n, f"{ms}") for n, ms in heaviest], names=1)
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
