"""How much the event loop does at once, counted in calls, which are the same on every machine."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any


@dataclass
class Turns:
    """`most_calls`: how many functions the loop's thread called in its longest turn.

    What another thread does meanwhile is not counted: it holds up nobody.
    """

    most_calls: int = 0
    _calls: int = 0

    def count(self, frame: FrameType, what: str, of: Any) -> None:
        if what in ("call", "c_call"):
            self._calls += 1
            self.most_calls = max(self.most_calls, self._calls)

    async def begin_each(self) -> None:
        while True:
            self._calls = 0
            await asyncio.sleep(0)


@contextmanager
def counted_turns() -> Iterator[Turns]:
    """Counts while it is open, inside a running loop, what is called in this thread."""
    turns = Turns()
    beginning = asyncio.ensure_future(turns.begin_each())
    sys.setprofile(turns.count)
    try:
        yield turns
    finally:
        sys.setprofile(None)
        beginning.cancel()
