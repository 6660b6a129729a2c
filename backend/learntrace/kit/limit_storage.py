"""Where counts of rate limits are kept: in this process's memory, a fixed window for each key.

The storage of the library walks through every key, in a new thread, a hundred times a second.
"""

import time

from limits.storage import Storage

# How often the windows that have ended are dropped.
SWEPT_EVERY_S = 60.0


class _Window:
    __slots__ = ("count", "ends_at")

    def __init__(self, ends_at: float) -> None:
        self.count = 0
        self.ends_at = ends_at


class FixedWindows(Storage):
    """Counts by key; for one thread. A window starts with its key's first count."""

    STORAGE_SCHEME = ["windows"]  # noqa: RUF012 - as the base has it

    def __init__(
        self, uri: str | None = None, wrap_exceptions: bool = False, **options: float | str | bool
    ) -> None:
        super().__init__(uri, wrap_exceptions, **options)
        self._windows: dict[str, _Window] = {}
        self._swept_at = 0.0

    @property
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count `amount` in the key's window, which lasts `expiry` seconds; the new count."""
        at = time.time()
        window = self._windows.get(key)
        if window is None or window.ends_at <= at:
            self._sweep(at)
            window = self._windows[key] = _Window(at + expiry)
        window.count += amount
        return window.count

    def get(self, key: str) -> int:
        """The count of the key's window; 0 where there is none."""
        window = self._windows.get(key)
        return window.count if window is not None and window.ends_at > time.time() else 0

    def get_expiry(self, key: str) -> float:
        """When the key's window ends, seconds since 1970; now, where there is none."""
        window = self._windows.get(key)
        return time.time() if window is None else window.ends_at

    def check(self) -> bool:
        return True

    def reset(self) -> int:
        """Forget all; how many keys there were."""
        count = len(self._windows)
        self._windows.clear()
        return count

    def clear(self, key: str) -> None:
        self._windows.pop(key, None)

    def _sweep(self, at: float) -> None:
        if at - self._swept_at >= SWEPT_EVERY_S:
            self._swept_at = at
            self._windows = {key: one for key, one in self._windows.items() if one.ends_at > at}
