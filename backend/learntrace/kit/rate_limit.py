"""Rate limits: slowapi's Limiter owns the storage, every route asks it here.

One fixed window of a minute that starts with a caller's first request. Counted in this process's
memory; several processes each count for themselves, which detailed health says.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from slowapi import Limiter

from learntrace.kit.errors import TooManyRequestsError
from learntrace.kit.limit_storage import FixedWindows

WINDOW_S = 60


@dataclass(frozen=True, slots=True)
class Limit:
    """`per_minute` requests for each key; 0 is no limit. `name` keeps its counts apart."""

    name: str
    per_minute: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a counted request stands: the tightest limit it met and what is left of it."""

    limit: int
    remaining: int
    reset_s: int

    def headers(self) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(self.reset_s),
        }

    def raw_headers(self) -> list[tuple[bytes, bytes]]:
        """The same as ASGI has them."""
        return [(key.lower().encode(), text.encode()) for key, text in self.headers().items()]


def _no_key() -> str:
    raise AssertionError("every limit names its own key")


class RateLimits:
    """Counts requests by limit and key."""

    def __init__(self) -> None:
        limiter = Limiter(
            key_func=_no_key,
            strategy="fixed-window",
            storage_uri=f"{FixedWindows.STORAGE_SCHEME[0]}://",
        )
        self._counts = limiter.limiter.storage

    def _verdict(self, limit: Limit, counted_as: str, count: int) -> Verdict:
        reset_s = max(1, math.ceil(self._counts.get_expiry(counted_as) - time.time()))
        return Verdict(limit.per_minute, max(0, limit.per_minute - count), reset_s)

    def hit(self, *counted: tuple[Limit, str]) -> Verdict | None:
        """Count one request against each limit in turn; the tightest verdict, None if all are off.

        Raises `TooManyRequestsError` with `Retry-After` at the first one that is used up; the
        ones before it stay counted.
        """
        tightest: Verdict | None = None
        for limit, key in counted:
            if not limit.per_minute:
                continue
            counted_as = _counted_as(limit, key)
            count = self._counts.incr(counted_as, WINDOW_S)
            verdict = self._verdict(limit, counted_as, count)
            if count > limit.per_minute:
                raise refusal(verdict)
            if tightest is None or verdict.remaining < tightest.remaining:
                tightest = verdict
        return tightest

    def require_left(self, limit: Limit, key: str) -> None:
        """Raise `TooManyRequestsError` if `key` has used `limit` up; counts nothing."""
        verdict = self.standing(limit, key)
        if verdict is not None and not verdict.remaining:
            raise refusal(verdict)

    def standing(self, limit: Limit, key: str) -> Verdict | None:
        """How `key` stands; counts nothing. `None` where the limit is off."""
        if not limit.per_minute:
            return None
        counted_as = _counted_as(limit, key)
        return self._verdict(limit, counted_as, self._counts.get(counted_as))

    def reset(self) -> None:
        """Forget every count (tests start from zero)."""
        self._counts.reset()


def _counted_as(limit: Limit, key: str) -> str:
    return f"{limit.name}/{key}"


def refusal(verdict: Verdict) -> TooManyRequestsError:
    return TooManyRequestsError(
        f"That was more than {verdict.limit} requests in a minute. "
        f"Wait {verdict.reset_s} s and send the rest; nothing of this request was stored.",
        headers={"Retry-After": str(verdict.reset_s)} | verdict.headers(),
    )


# Whoever has one address of IPv6 has all of its /64.
IPV6_CLIENT_BITS = 64


def address_of(
    client_host: str | None, forwarded_for: Sequence[str], trusted: Sequence[str]
) -> str:
    """What a caller is counted by: its IPv4 address, or the /64 of its IPv6 address.

    `forwarded_for` are all the `X-Forwarded-For` lines in order: a proxy may extend the line or
    add one. They count only where the peer is in `trusted` (addresses and networks); then it is
    the last address that is not itself trusted, because anything further left can be made up.
    """
    address = client_host or "unknown"
    hops = [hop.strip() for hop in ",".join(forwarded_for).split(",") if hop.strip()]
    while hops and _is_trusted(address, trusted):
        address = hops.pop()
    parsed = _parsed(address)
    if isinstance(parsed, IPv6Address):
        return str(IPv6Network((parsed, IPV6_CLIENT_BITS), strict=False))
    return address if parsed is None else str(parsed)


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    """The address; the IPv4 one where a socket for both kinds shows it as IPv6."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return mapped or parsed


@lru_cache(maxsize=256)
def _network(written: str) -> IPv4Network | IPv6Network:
    return ip_network(written)


def _is_trusted(address: str, trusted: Sequence[str]) -> bool:
    parsed = _parsed(address)
    return parsed is not None and any(parsed in _network(written) for written in trusted)
