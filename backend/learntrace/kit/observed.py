"""What is known of each answer: its request's id, a count, a log line."""

import logging
import re
import secrets
import time
from collections.abc import Collection, Mapping
from functools import cache, partial
from typing import Any

from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from learntrace.kit.http import BAD_REQUEST, METHODS, TOO_MANY_REQUESTS, header, route_label
from learntrace.kit.logging import request_id
from learntrace.kit.rate_limit import Verdict

log = logging.getLogger("learntrace.http")

REQUESTS = Counter("http_requests_total", "Answers by route.", ["route", "method", "status"])
DURATION = Histogram("http_request_seconds", "Time to the last byte of an answer.", ["route"])

_REQUEST_ID = re.compile(r"[A-Za-z0-9_.-]{8,64}")


class Observed:
    """Gives each request an id; counts and logs its answer, and what nobody caught.

    Of the paths in `quiet` only what is no success is logged: games post thousands of times a
    second, and all of that is in the metrics.
    """

    def __init__(self, app: ASGIApp, *, quiet: Collection[str]) -> None:
        self.app = app
        self._quiet = quiet

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        sent_id = header(scope, b"x-request-id")
        own_id = sent_id if _REQUEST_ID.fullmatch(sent_id) else secrets.token_hex(8)
        token = request_id.set(own_id)
        answer = _Answer(own_id.encode(), scope.setdefault("state", {}))
        wrapped = partial(answer.send, send)
        try:
            await self.app(scope, receive, wrapped)
        except Exception:  # `on_crash` has answered; the log gets the place, not the values
            log.exception("request failed")
        finally:
            seconds = time.perf_counter() - started
            route = route_label(scope)
            method = scope["method"] if scope["method"] in METHODS else "other"
            _requests(route, method, answer.status).inc()
            _duration(route).observe(seconds)
            is_quiet = route in self._quiet and answer.status < BAD_REQUEST
            level = logging.DEBUG if is_quiet else logging.INFO
            if log.isEnabledFor(level):
                log.log(
                    level,
                    "request",
                    extra={
                        "route": route,
                        "method": method,
                        "status": answer.status,
                        "ms": round(seconds * 1000, 2),
                    },
                )
            request_id.reset(token)


# Looked up once: there are as many as routes and kinds of answer.
@cache
def _requests(route: str, method: str, status: int) -> Counter:
    return REQUESTS.labels(route, method, str(status))


@cache
def _duration(route: str) -> Histogram:
    return DURATION.labels(route)


_ALWAYS = ((b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store"))


class _Answer:
    """Remembers an answer's status and adds the headers that every answer carries."""

    def __init__(self, own_id: bytes, state: Mapping[str, Any]) -> None:
        self.status = 0
        self._state = state
        self._own_id = own_id

    async def send(self, send: Send, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = [*message.get("headers", ()), (b"x-request-id", self._own_id), *_ALWAYS]
            verdict: Verdict | None = self._state.get("limit_verdict")
            if verdict is not None and self.status != TOO_MANY_REQUESTS:
                headers += verdict.raw_headers()
            message["headers"] = headers
        await send(message)
