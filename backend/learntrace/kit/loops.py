"""Loops that run a pass again and again, survive a failing pass and stop when asked."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)


async def repeat(
    name: str,
    one_pass: Callable[[], Awaitable[bool]],
    *,
    pause_s: float,
    stop: asyncio.Event,
) -> None:
    """Run `one_pass` until `stop`; rest `pause_s` when it had nothing to do.

    `one_pass` says whether it found work. One that raises is logged and rested from, longer
    each time in a row, at most a minute.
    """
    failures = 0
    while not stop.is_set():
        try:
            busy = await one_pass()
            failures = 0
        except Exception:  # a loop outlives any one pass; the log carries the failure
            failures += 1
            busy = False
            log.exception("pass failed", extra={"loop": name, "failures": failures})
        rest_s = 0.0 if busy else min(60.0, pause_s * 2**failures if failures else pause_s)
        try:
            await asyncio.wait_for(stop.wait(), timeout=rest_s or 0.001)
        except TimeoutError:
            continue
