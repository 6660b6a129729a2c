"""How often a game client may call: one client by itself, and all clients of a key together."""

from enum import StrEnum
from functools import cache
from typing import Final

from starlette.requests import Request

from learntrace.accounts.callers import GameCaller
from learntrace.kit.config import Settings
from learntrace.kit.http import client_address, show_limit
from learntrace.kit.rate_limit import Limit, RateLimits

MOST_CLIENT_ID = 100


class Kind(StrEnum):
    """What is counted together."""

    EVENTS = "events"
    BATCHES = "batches"
    CLOSES = "closes"
    STATUS = "status"


# The settings that hold each kind's limit for one client, and the ceiling for a key, which no
# made-up client id evades.
_SETTINGS: Final = {
    Kind.EVENTS: ("rate_limit_events", "rate_limit_key_events"),
    Kind.BATCHES: ("rate_limit_batches", "rate_limit_key_batches"),
    Kind.CLOSES: ("rate_limit_closes", "rate_limit_key_events"),
    Kind.STATUS: ("rate_limit_status", "rate_limit_key_events"),
}
_limit = cache(Limit)


def count(request: Request, caller: GameCaller, kind: Kind) -> None:
    """Count this request, and have its answer say so. Raises `TooManyRequestsError`.

    A game client is a player token, else a write key with its `X-Client-Id`, else a write key
    with the caller's address: thirty pupils behind one address do not starve each other.
    """
    settings: Settings = request.app.state.settings
    limits: RateLimits = request.app.state.rate_limits
    own = caller.credential_hash.hex()
    of_client, of_key = _SETTINGS[kind]
    per_client = _limit(str(kind), getattr(settings, of_client))
    if caller.student_id is not None:
        show_limit(request, limits.hit((per_client, own)))
        return
    client = request.headers.get("x-client-id", "")[:MOST_CLIENT_ID] or client_address(request)
    per_key = _limit(f"key_{kind}", getattr(settings, of_key))
    show_limit(request, limits.hit((per_client, f"{own}/{client}"), (per_key, own)))
