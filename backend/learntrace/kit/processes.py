"""What other processes are; used to tell a program of ours from one that got its number since."""

import os
import subprocess
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")


def lives(pid: int) -> bool:
    """Whether that process of this user runs; another user's is not one of ours."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def program_name(pid: int) -> str:
    """Name of the program that process runs; empty when there is no such process."""
    with suppress(FileNotFoundError, ProcessLookupError):
        if (_PROC / "self").exists():
            return (_PROC / str(pid) / "comm").read_text().strip()
        return _listed(pid, "comm=")
    return ""


def command_line(pid: int) -> str:
    """Program and arguments of that process, joined by spaces; empty when there is none."""
    with suppress(FileNotFoundError, ProcessLookupError):
        if (_PROC / "self").exists():
            return (_PROC / str(pid) / "cmdline").read_text().replace("\0", " ").strip()
        return _listed(pid, "command=")
    return ""


def _listed(pid: int, column: str) -> str:
    asked = ["/bin/ps", "-p", str(pid), "-o", column]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
