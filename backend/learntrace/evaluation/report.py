"""How an evaluation tells what it found: a table, and the gates that hold or were missed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Interval(NamedTuple):
    """A value with the bounds that hold it 95 times in 100."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


@dataclass(frozen=True, slots=True)
class Gate:
    """What was measured, and what it must at least or at most be."""

    name: str
    value: float
    bound: float
    at_least: bool

    @property
    def holds(self) -> bool:
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    def __str__(self) -> str:
        sign = ">=" if self.at_least else "<="
        verdict = "holds" if self.holds else "MISSED"
        return f"{verdict:>6}  {self.value:6.3f} {sign} {self.bound:.3f}  {self.name}"


def markdown(headings: Sequence[str], rows: Iterable[Sequence[str]], *, names: int = 1) -> str:
    """A table whose first `names` columns are text, and the rest numbers."""
    rule = tuple("---" if n < names else "---:" for n in range(len(headings)))
    lines = [headings, rule, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        + " |"
        for line in lines
    )
