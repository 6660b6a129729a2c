"""What counts millions of steps is not traced line by line: it would take four times as long."""

from collections.abc import Iterator
from contextlib import contextmanager

import coverage


@contextmanager
def untraced() -> Iterator[None]:
    """Measure no coverage in the block, or in the function that this decorates.

    For results alone: some other test has to run the same lines.
    """
    measuring = coverage.Coverage.current()
    if measuring is not None:
        measuring.stop()
    try:
        yield
    finally:
        if measuring is not None:
            measuring.start()
