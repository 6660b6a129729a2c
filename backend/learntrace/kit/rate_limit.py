"""Rate limits: slowapi's Limiter owns the storage, every route asks it here.

One fixed window of a minute that starts with a caller's first request. Counted in this process's
memory; several processes each count for themselves, which detailed health says.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

from limits import RateLimitItemPerMinute
from slowapi import Limiter

from learntrace.kit.errors import TooManyRequestsError


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


def _no_key() -> str:
    raise AssertionError("every limit names its own key")


class RateLimits:
    """Counts requests by limit and key."""

    def __init__(self) -> None:
        self._limiter = Limiter(key_func=_no_key, strategy="fixed-window", storage_uri="memory://")
        self._items: dict[Limit, RateLimitItemPerMinute] = {}

    def _item(self, limit: Limit) -> RateLimitItemPerMinute:
        item = self._items.get(limit)
        if item is None:
            item = self._items[limit] = RateLimitItemPerMinute(
                limit.per_minute, namespace=limit.name
            )
        return item

    def _verdict(self, limit: Limit, key: str) -> Verdict:
        stats = self._limiter.limiter.get_window_stats(self._item(limit), key)
        reset_s = max(1, math.ceil(stats.reset_time - time.time()))
        return Verdict(limit.per_minute, max(0, stats.remaining), reset_s)

    def hit(self, *counted: tuple[Limit, str]) -> Verdict | None:
        """Count one request against each limit in turn; the tightest verdict, None if all are off.

        Raises `TooManyRequestsError` with `Retry-After` at the first one that is used up; the
        ones before it stay counted.
        """
        tightest: Verdict | None = None
        for limit, key in counted:
            if not limit.per_minute:
                continue
            allowed = self._limiter.limiter.hit(self._item(limit), key)
            verdict = self._verdict(limit, key)
            if not allowed:
                raise refusal(verdict)
            if tightest is None or verdict.remaining < tightest.remaining:
                tightest = verdict
        return tightest

    def require_left(self, limit: Limit, key: str) -> None:
        """Raise `TooManyRequestsError` if `key` has used `limit` up; counts nothing."""
        if limit.per_minute and not self._limiter.limiter.test(self._item(limit), key):
            raise refusal(self._verdict(limit, key))

    def reset(self) -> None:
        """Forget every count (tests start from zero)."""
        self._limiter.reset()


def refusal(verdict: Verdict) -> TooManyRequestsError:
    return TooManyRequestsError(
        f"That was more than {verdict.limit} requests in a minute. "
        f"Wait {verdict.reset_s} s and send the rest; nothing of this request was stored.",
        headers={"Retry-After": str(verdict.reset_s)} | verdict.headers(),
    )


def address_of(client_host: str | None, forwarded_for: str | None, trusted: Sequence[str]) -> str:
    """The caller's network address.

    `X-Forwarded-For` counts only where the peer is a trusted proxy; then it is the last address
    in the list that is not itself trusted, because anything further left can be made up.
    """
    address = client_host or "unknown"
    if forwarded_for is None or address not in trusted:
        return address
    hops = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()]
    for hop in reversed(hops):
        address = hop
        if hop not in trusted:
            break
    return address
