"""What counts millions of steps is not traced line by line: it would take four times as long."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import coverage

UNTRACED: Final = {"COVERAGE_PROCESS_CONFIG": ""}
"""The environment of a process in which no coverage is measured."""


@contextmanager
def untraced() -> Iterator[None]:
    """Measure no coverage in the block.

    For results alone: some other test has to run the same lines. As a decorator it is for what is
    not async.
    """
    measuring = coverage.Coverage.current()
    if measuring is not None:
        measuring.stop()
    try:
        yield
    finally:
        if measuring is not None:
            measuring.start()
