"""How likely each of several uncertain quantities is to be the smallest. Pure."""

from collections.abc import Mapping, Sequence
from math import erfc, prod, sqrt
from typing import NamedTuple

CELLS = 128
REACH_SD = 5.0


class Normal(NamedTuple):
    """A normal distribution; `sd` is above 0."""

    mean: float
    sd: float

    def above(self, x: float) -> float:
        """The share of it above `x`, 0 to 1."""
        return 0.5 * erfc((x - self.mean) / (self.sd * sqrt(2)))


def chance_of_least(beliefs: Mapping[str, Normal]) -> dict[str, float]:
    """For each name the probability that a draw of it is the smallest of all draws.

    What Thompson sampling draws without ever saying how likely it was. By numeric integration on
    `CELLS` cells; the shares sum to 1.
    """
    if len(beliefs) == 1:
        return dict.fromkeys(beliefs, 1.0)
    lowest = min(one.mean - REACH_SD * one.sd for one in beliefs.values())
    # Above the smallest upper end somebody else has been smaller already.
    highest = min(one.mean + REACH_SD * one.sd for one in beliefs.values())
    width = (highest - lowest) / CELLS
    edges = [lowest + width * n for n in range(CELLS + 1)]
    above = {name: [one.above(x) for x in edges] for name, one in beliefs.items()}
    cells = [_least_in_cell([curve[n : n + 2] for curve in above.values()]) for n in range(CELLS)]
    shares = [sum(column) for column in zip(*cells, strict=True)]
    whole = sum(shares)
    return {name: share / whole for name, share in zip(beliefs, shares, strict=True)}


def _least_in_cell(curves: Sequence[Sequence[float]]) -> list[float]:
    """Of one cell, for each curve: it falls in the cell, and all others above the middle of it."""
    middles = [(before + after) / 2 for before, after in curves]
    whole = prod(middles)
    return [
        (before - after) * (whole / middle) if middle > 0 else 0.0
        for (before, after), middle in zip(curves, middles, strict=True)
    ]
