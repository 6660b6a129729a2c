"""How what is due is tried: at first together, after two vain attempts alone.

What was tried twice in vain may have ended the worker's process: it is claimed alone, so that it
takes nothing else with it.
"""

from dataclasses import dataclass
from typing import Final

from learntrace.game_sessions.repository import MOST_ATTEMPTS

CLAIMED_AT_ONCE: Final = 20
FIRST_REST_S: Final = 5.0
LONGEST_REST_S: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Share:
    """At most so many at once of what was tried so many times, from and to."""

    most: int
    attempts: tuple[int, int]


TOGETHER: Final = Share(CLAIMED_AT_ONCE, (0, 1))
ALONE: Final = Share(1, (2, MOST_ATTEMPTS))
SHARES: Final = (TOGETHER, ALONE)
"""What one pass claims, one after the other."""


def rest_s(attempts: int) -> float:
    """How long what failed at its `attempts`th attempt is left alone."""
    return min(LONGEST_REST_S, FIRST_REST_S * 2.0 ** min(attempts, 20))
