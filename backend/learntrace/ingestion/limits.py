"""How often a game client may call: one client by itself, and all clients of a key together."""

from enum import StrEnum

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


def _per_client(settings: Settings, kind: Kind) -> Limit:
    return Limit(
        kind,
        {
            Kind.EVENTS: settings.rate_limit_events,
            Kind.BATCHES: settings.rate_limit_batches,
            Kind.CLOSES: settings.rate_limit_closes,
            Kind.STATUS: settings.rate_limit_status,
        }[kind],
    )


def _per_key(settings: Settings, kind: Kind) -> Limit:
    """The ceiling that no made-up client id evades."""
    of_batches = kind is Kind.BATCHES
    ceiling = settings.rate_limit_key_batches if of_batches else settings.rate_limit_key_events
    return Limit(f"key_{kind}", ceiling)


def count(request: Request, caller: GameCaller, kind: Kind) -> None:
    """Count this request, and have its answer say so. Raises `TooManyRequestsError`.

    A game client is a player token, else a write key with its `X-Client-Id`, else a write key
    with the caller's address: thirty pupils behind one address do not starve each other.
    """
    settings: Settings = request.app.state.settings
    limits: RateLimits = request.app.state.rate_limits
    own = caller.credential_hash.hex()
    counted = [(_per_client(settings, kind), own)]
    if caller.student_id is None:
        client = request.headers.get("x-client-id", "")[:MOST_CLIENT_ID] or client_address(request)
        counted = [(_per_client(settings, kind), f"{own}/{client}")]
        counted.append((_per_key(settings, kind), own))
    show_limit(request, limits.hit(*counted))
