"""Ids that stand in the order in which they were made."""

import secrets
from datetime import UTC, datetime
from uuid import UUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def ordered_id(at: datetime) -> UUID:
    """A UUID version 7 (RFC 9562) of the instant `at`, in order to four microseconds."""
    since = at - _EPOCH
    us = since.days * 86_400_000_000 + since.seconds * 1_000_000 + since.microseconds
    milliseconds, rest_us = divmod(us, 1000)
    in_order = milliseconds << 80 | 7 << 76 | (rest_us << 12) // 1000 << 64
    return UUID(int=in_order | 2 << 62 | secrets.randbits(62))
