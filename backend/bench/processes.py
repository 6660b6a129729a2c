"""What processes cost: CPU of a process with all its children, and its peak memory."""

from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True, slots=True)
class Tree:
    """A process and whatever it started."""

    pid: int

    def _members(self) -> list[psutil.Process]:
        root = psutil.Process(self.pid)
        return [root, *root.children(recursive=True)]

    def cpu_s(self) -> float:
        """CPU time so far: of the living to the nanosecond, of ended children to 10 ms."""
        total = 0.0
        for process in self._members():
            try:
                times = process.cpu_times()
                total += times.children_user + times.children_system + _running_s(process.pid)
            except (psutil.NoSuchProcess, FileNotFoundError):
                continue
        return total

    def forget_peak(self) -> None:
        """Start the measurement of peak memory anew."""
        for process in self._members():
            Path(f"/proc/{process.pid}/clear_refs").write_text("5", encoding="ascii")

    def peak_mb(self) -> float:
        """The peak resident memory of the largest member since `forget_peak`, MB."""
        return max(_status_kb(process.pid, "VmHWM") for process in self._members()) / 1000

    def resident_mb(self) -> float:
        """The resident memory of all members now, MB; shared pages count in each."""
        return sum(_status_kb(process.pid, "VmRSS") for process in self._members()) / 1000


def _running_s(pid: int) -> float:
    """The time that the process's threads spent on a CPU, as the scheduler counts it."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((one / "schedstat").read_text().split()[0]) for one in threads) / 1e9


def _status_kb(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    return 0
