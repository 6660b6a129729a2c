"""Large bodies: few at a time; what takes long is done in threads, so that all others go on."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Self, TypeVar

from learntrace.kit.errors import UnavailableError

# A larger body takes a place before it is read further.
LARGE_BYTES = 256 * 1024
PLACES = 4
MOST_WAITING = 32
THREADS = 2

Result = TypeVar("Result")


class Intake:
    """A process's places for large bodies, and its threads for decoding."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(PLACES)
        self._waiting = 0
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="decode")

    def place(self) -> "Place":
        """One request's place, not taken yet."""
        return Place(self)

    async def take(self) -> None:
        """Wait for a place. Raises `UnavailableError` where too many wait already."""
        if self._waiting >= MOST_WAITING:
            raise UnavailableError("The server is busy. Send the same again in a moment.")
        self._waiting += 1
        try:
            await self._places.acquire()
        finally:
            self._waiting -= 1

    def give_back(self) -> None:
        self._places.release()

    async def aside(self, work: Callable[[], Result]) -> Result:
        """What `work` returns or raises, done in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def close(self) -> None:
        self._threads.shutdown()


class Place:
    """What one request may take of the intake, once; given back when the block ends."""

    __slots__ = ("_intake", "_taken")

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._taken = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.give_back()

    @property
    def is_taken(self) -> bool:
        return self._taken

    async def take(self) -> None:
        """Wait for the place, unless it is taken. Raises `UnavailableError`."""
        if not self._taken:
            await self._intake.take()
            self._taken = True

    def give_back(self) -> None:
        if self._taken:
            self._taken = False
            self._intake.give_back()

    async def aside(self, work: Callable[[], Result]) -> Result:
        return await self._intake.aside(work)
