"""Whether intervals hold what they say they hold.

A learner's true chance is never seen in real answers. So the belief just before a block of five
answers on one skill is turned into chances of 0 to 5 right ones, and the block counts as covered
when what happened lies in the central 90 % of them. Counts are whole, so that range holds more
than 90 %: `stated` is what it holds on average, and what `achieved` is to be compared with.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, sqrt, tau

from learntrace.skills.knowledge import Answer, ItemTable, Learner, learn
from learntrace.skills.knowledge.model import PROBIT_MATCH, believe, probability

BLOCK = 5
TAIL = 0.05
_GRID = [n / 4 for n in range(-14, 15)]
_NORMAL = [exp(-x * x / 2) / sqrt(tau) / 4 for x in _GRID]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Shares of blocks; None without any block of five answers."""

    blocks: int
    stated: float | None
    achieved: float | None


def block_coverage(learners: Sequence[Sequence[Answer]], table: ItemTable) -> Coverage:
    """Over every learner's successive blocks of `BLOCK` answers on a skill."""
    stated, achieved, blocks = 0.0, 0, 0
    for answers in learners:
        opens = _blocks(answers)
        learner = Learner()
        for n, answer in enumerate(answers):
            if n in opens:
                block = opens[n]
                chances = counts_right(learner, table, block)
                low, high = central(chances)
                stated += sum(chances[low : high + 1])
                achieved += low <= sum(one.correct for one in block) <= high
                blocks += 1
            learn(learner, table, answer)
    if not blocks:
        return Coverage(0, None, None)
    return Coverage(blocks, stated / blocks, achieved / blocks)


def together(parts: Sequence[Coverage]) -> Coverage:
    """The coverage of all blocks of several parts."""
    blocks = sum(part.blocks for part in parts)
    if not blocks:
        return Coverage(0, None, None)
    return Coverage(
        blocks,
        sum(part.blocks * (part.stated or 0.0) for part in parts) / blocks,
        sum(part.blocks * (part.achieved or 0.0) for part in parts) / blocks,
    )


def counts_right(learner: Learner, table: ItemTable, block: Sequence[Answer]) -> list[float]:
    """The chances of 0, 1, .. right answers among those to come on one skill, as believed now."""
    beliefs = [believe(learner, table, answer.skill, answer.item, block[0].at) for answer in block]
    spread = sqrt(beliefs[0].ability_variance + beliefs[0].deviation_variance)
    total = [0.0] * (len(block) + 1)
    for x, weight in zip(_GRID, _NORMAL, strict=True):
        chances = [1.0]
        for belief in beliefs:
            widening = sqrt(1 + PROBIT_MATCH * belief.easiness_variance)
            p = probability((belief.z + x * belief.discrimination * spread) / widening)
            chances = [
                right * p + wrong * (1 - p)
                for right, wrong in zip([0.0, *chances], [*chances, 0.0], strict=True)
            ]
        total = [sum_ + weight * chance for sum_, chance in zip(total, chances, strict=True)]
    scale = sum(total)
    return [chance / scale for chance in total]


def central(chances: Sequence[float]) -> tuple[int, int]:
    """The least range of counts that leaves no more than 5 % below it and 5 % above it."""
    low, below = 0, chances[0]
    while below <= TAIL:
        low += 1
        below += chances[low]
    high, above = len(chances) - 1, chances[-1]
    while above <= TAIL:
        high -= 1
        above += chances[high]
    return low, high


def _blocks(answers: Sequence[Answer]) -> dict[int, list[Answer]]:
    """Blocks of answers by the place of their first answer; an incomplete one is none."""
    places: dict[str, list[int]] = defaultdict(list)
    for n, answer in enumerate(answers):
        places[answer.skill].append(n)
    return {
        where[start]: [answers[n] for n in where[start : start + BLOCK]]
        for where in places.values()
        for start in range(0, len(where) - BLOCK + 1, BLOCK)
    }
