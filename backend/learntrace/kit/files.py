"""Files that are there whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def whole_file(target: Path) -> Iterator[BinaryIO]:
    """A file that appears under its name only when all of it is written.

    When the block fails, the file of that name, if any, stays as it was. Only its owner may read
    it: it tells about children.
    """
    descriptor, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        Path(temporary).replace(target)
    except BaseException:  # also when interrupted: no half file stays
        Path(temporary).unlink(missing_ok=True)
        raise
