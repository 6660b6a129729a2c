"""Checking passwords beside the event loop, a few at a time."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from learntrace.accounts import secrets
from learntrace.kit.errors import InvalidError

LEAST_LENGTH = 12
MOST_LENGTH = 1000

# Each check takes 64 MiB and a core for tens of milliseconds: two at once leave the rest to play.
_CHECKERS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="passwords")


def require_good_password(password: str) -> None:
    """Raise `InvalidError` for a password of fewer than 12 or more than 1,000 characters."""
    if not LEAST_LENGTH <= len(password) <= MOST_LENGTH:
        raise InvalidError(f"A password has {LEAST_LENGTH} to {MOST_LENGTH:,} characters.")


async def verify(stored: str | None, password: str) -> bool:
    """Whether `password` is the one behind `stored`; `None` is nobody's and takes as long."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_CHECKERS, secrets.verify_password, stored, password)


async def hashed(password: str) -> str:
    """Argon2id of `password`, salted."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_CHECKERS, secrets.hash_password, password)
