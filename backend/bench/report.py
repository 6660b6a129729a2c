"""What a run came to: a table of medians, and the gates as ratios within the run."""

import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from bench import bodies
from bench.bodies import Pattern
from bench.measure import BARE, COPY, DURABLE, LEARNTRACE, USUAL, Measured

_HEADINGS = (
    "contender",
    "load",
    "events/s",
    "app us",
    "PostgreSQL us",
    "CPU us",
    "p50 ms",
    "p99 ms",
    "peak MB",
    "dead rows",
)


@dataclass(frozen=True, slots=True)
class Gate:
    """A ratio within one run, and what it must at least or at most be."""

    name: str
    ratio: float
    bound: float
    at_least: bool

    @property
    def holds(self) -> bool:
        return self.ratio >= self.bound if self.at_least else self.ratio <= self.bound

    def worsened_by(self, reached: float) -> float:
        """How many times worse the ratio is than the one `reached` before."""
        return reached / self.ratio if self.at_least else self.ratio / reached

    def __str__(self) -> str:
        sign = ">=" if self.at_least else "<="
        verdict = "holds" if self.holds else "MISSED"
        return f"{verdict:>6}  {self.ratio:6.2f} {sign} {self.bound:.2f}  {self.name}"


class Results:
    """All that was measured; of each contender and load the median over the rounds counts."""

    def __init__(self, measured: Sequence[Measured]) -> None:
        self._measured = measured

    def _median(
        self,
        contender: str,
        shape: bodies.Shape,
        value: Callable[[Measured], float],
        pattern: Pattern = Pattern.NEW,
    ) -> float:
        return median(
            value(one)
            for one in self._measured
            if (one.contender, one.shape, one.pattern) == (contender, shape.name, pattern)
        )

    def gates(self) -> list[Gate]:
        """The gates of the hot path."""
        thousands, singles, fives = bodies.THOUSANDS, bodies.SINGLES, bodies.FIVES

        def cpu(contender: str, shape: bodies.Shape, pattern: Pattern = Pattern.NEW) -> float:
            return self._median(contender, shape, lambda one: one.cpu_us, pattern)

        floor = cpu(BARE, thousands) + cpu(COPY, thousands)
        request = {
            shape.name: self._median(LEARNTRACE, shape, lambda one: one.request_us)
            for shape in (singles, fives)
        }
        own, single = cpu(LEARNTRACE, thousands), cpu(LEARNTRACE, singles)
        gates = [
            Gate(
                "batches of 1,000: floor (bare ASGI + COPY) to Learntrace", floor / own, 0.5, True
            ),
            Gate(
                "batches of 1,000: the usual way to Learntrace",
                cpu(USUAL, thousands) / own,
                3,
                True,
            ),
            Gate("single events: bare ASGI to Learntrace", cpu(BARE, singles) / single, 0.4, True),
            Gate(
                "single events: the usual way to Learntrace", cpu(USUAL, singles) / single, 3, True
            ),
            Gate(
                "a batch of 5 to a single event, by request",
                request[fives.name] / request[singles.name],
                1.5,
                False,
            ),
        ]
        for one in self._first_round(LEARNTRACE):
            if one.pattern != Pattern.NEW:
                shape = next(shape for shape in bodies.SHAPES if shape.name == one.shape)
                ratio = cpu(LEARNTRACE, shape, Pattern(one.pattern)) / cpu(LEARNTRACE, shape)
                gates.append(Gate(f"{one.shape}: {one.pattern} to new", ratio, 1.2, False))
        return gates

    def distances(self) -> dict[str, float]:
        """CPU of the floor of a durable answer to Learntrace's, and of a bare answer to that."""

        def cpu(contender: str, shape: bodies.Shape) -> float:
            return self._median(contender, shape, lambda one: one.cpu_us)

        found = {
            f"{shape.name}: {DURABLE} to Learntrace": cpu(DURABLE, shape) / cpu(LEARNTRACE, shape)
            for shape in bodies.SHAPES
        }
        singles = bodies.SINGLES
        return found | {
            f"{singles.name}: {BARE} to {DURABLE}": cpu(BARE, singles) / cpu(DURABLE, singles)
        }

    def _first_round(self, contender: str | None = None) -> Iterable[Measured]:
        for one in self._measured:
            if one.round == 1 and contender in (None, one.contender):
                yield one

    def table(self) -> str:
        """Medians over the rounds, as Markdown."""
        rows = []
        for first in self._first_round():
            same = [
                one
                for one in self._measured
                if (one.contender, one.shape, one.pattern)
                == (first.contender, first.shape, first.pattern)
            ]
            rows.append(_row(same))
        return markdown(_HEADINGS, rows, names=2)


def markdown(headings: Sequence[str], rows: Iterable[Sequence[str]], *, names: int) -> str:
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


def say(text: str) -> None:
    """Show how far a run is; results alone go to standard output."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')}  {text}\n")


def _row(same: Sequence[Measured]) -> tuple[str, ...]:
    first = same[0]
    return (
        first.contender,
        f"{first.shape}, {first.pattern}",
        f"{median(one.events_per_s for one in same):,.0f}",
        f"{median(one.app_us for one in same):.1f}",
        f"{median(one.postgres_us for one in same):.1f}",
        f"{median(one.cpu_us for one in same):.1f}",
        f"{median(one.p50_ms for one in same):.1f}",
        f"{median(one.p99_ms for one in same):.1f}",
        f"{median(one.peak_mb for one in same):.0f}",
        f"{median(one.dead_rows for one in same):.0f}",
    )
