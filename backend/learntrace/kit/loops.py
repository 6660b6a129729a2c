"""Loops that run a pass again and again, survive a failing pass and stop when asked."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

log = logging.getLogger(__name__)

Item = TypeVar("Item")


async def for_each(items: Iterable[Item], work: Callable[[Item], Awaitable[object]]) -> int:
    """Do `work` for each; how many were done. One that fails is logged and stops no other."""
    done = 0
    for item in items:
        try:
            await work(item)
        except Exception:  # the others are not to wait for this one
            log.exception("one of a pass failed")
        else:
            done += 1
    return done


async def repeat(
    name: str,
    one_pass: Callable[[], Awaitable[int]],
    *,
    pause_s: float,
    stop: asyncio.Event,
) -> None:
    """Run `one_pass` until `stop`; rest `pause_s` when it had nothing to do.

    `one_pass` says how many things it did; where it did any, the log says so too. One that
    raises is logged and rested from, longer each time in a row, at most a minute.
    """
    failures = 0
    while not stop.is_set():
        try:
            done = await one_pass()
            failures = 0
        except Exception:  # a loop outlives any one pass; the log carries the failure
            failures += 1
            done = 0
            log.exception("pass failed", extra={"loop": name, "failures": failures})
        if done:
            log.info("pass done", extra={"loop": name, "count": done})
        rest_s = 0.0 if done else min(60.0, pause_s * 2**failures if failures else pause_s)
        try:
            await asyncio.wait_for(stop.wait(), timeout=rest_s or 0.001)
        except TimeoutError:
            continue
