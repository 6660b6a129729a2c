"""What a shaky network does to events on their way: late, out of order, twice."""

from collections.abc import Iterable, Iterator
from random import Random
from typing import TypeVar

Item = TypeVar("Item")


def shaken(
    events: Iterable[Item],
    seed: int,
    *,
    late_share: float = 0.01,
    swapped_share: float = 0.02,
    repeated_share: float = 0.01,
    delay: int = 200,
) -> Iterator[Item]:
    """The same events as a server might see them arrive, the same for the same seed.

    Shares are 0 to 1. A late event arrives up to `delay` events after its turn; a swapped one
    after its successor; a repeated one once more right away. Nothing is lost or changed.
    """
    rng = Random(f"{seed}:noise")  # noqa: S311 - simulation
    waiting: list[tuple[int, Item]] = []
    for turn, event in enumerate(events):
        roll = rng.random()
        if roll < late_share:
            waiting.append((turn + rng.randint(2, max(2, delay)), event))
        elif roll < late_share + swapped_share:
            waiting.append((turn + 1, event))
        else:
            yield event
            if roll > 1 - repeated_share:
                yield event
        for due in [entry for entry in waiting if entry[0] <= turn]:
            waiting.remove(due)
            yield due[1]
    for _, event in waiting:
        yield event
