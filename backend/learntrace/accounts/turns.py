"""One at a time for each key, so that a count read before a look-up still holds after it."""

import asyncio
from weakref import WeakValueDictionary


class Turns:
    """A lock for each key in use; an unused one is forgotten."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def of(self, key: str) -> asyncio.Lock:
        lock = self._locks.get(key)
        if lock is None:
            lock = self._locks[key] = asyncio.Lock()
        return lock
