"""HTTP edges shared by every room: problem documents, CORS, request ids, logs and counts."""

import logging
import re
import secrets
import time
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from prometheus_client import Counter, Histogram
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from learntrace.kit.config import Settings
from learntrace.kit.errors import LearntraceError, NotJsonError, TooManyRequestsError
from learntrace.kit.logging import request_id
from learntrace.kit.rate_limit import Limit, RateLimits, Verdict, address_of

log = logging.getLogger("learntrace.http")

REQUESTS = Counter("http_requests_total", "Answers by route.", ["route", "method", "status"])
DURATION = Histogram("http_request_seconds", "Time to the last byte of an answer.", ["route"])

EXPOSED_HEADERS = (
    "Retry-After",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "X-Request-Id",
)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
BAD_REQUEST = 400
METHOD_NOT_ALLOWED = 405
TOO_MANY_REQUESTS = 429
TOO_LARGE = 413
NO_OBJECT = "must be a JSON object, sent with Content-Type: application/json"
HTTP_TITLES = {404: "Not found", 405: "Method not allowed", 413: "Too large"}
HTTP_DETAILS = {
    404: "There is nothing at this address.",
    405: "This address does not take that method; see the Allow header.",
    413: "The body is larger than this address takes; send less at once.",
}
_REQUEST_ID = re.compile(r"[A-Za-z0-9_.-]{8,64}")


class ProblemResponse(JSONResponse):
    media_type = "application/problem+json"


def problem(
    status: int,
    title: str,
    detail: str,
    *,
    members: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> ProblemResponse:
    """A problem document, RFC 9457."""
    content = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return ProblemResponse({**content, **(members or {})}, status, headers)


def render(error: LearntraceError) -> ProblemResponse:
    return problem(
        error.status, error.title, error.detail, members=error.members, headers=error.headers
    )


def _place(location: Collection[Any]) -> str:
    return ".".join(str(part) for part in location if part != "body") or "body"


def _problem(error: Mapping[str, Any]) -> str:
    """What is wrong with a value, in words that echo nothing of it (`input` and `ctx` would)."""
    if error["type"] == "model_attributes_type":
        return NO_OBJECT
    words: str = error["msg"]
    return words.removeprefix("Value error, ")


def _invalid(error: RequestValidationError) -> Response:
    found = error.errors()
    if any(e["type"] == "json_invalid" for e in found):
        return render(NotJsonError())
    errors = [{"field": _place(e["loc"]), "problem": _problem(e)} for e in found]
    detail = "; ".join(f"{e['field']}: {e['problem']}" for e in errors[:5])
    return problem(422, "Not valid", detail, members={"errors": errors})


def install_error_answers(app: FastAPI) -> None:
    """Answer every error of `app` as a problem document."""

    async def on_known(_: Request, error: Exception) -> Response:
        assert isinstance(error, LearntraceError)
        return render(error)

    async def on_invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return _over_limit(request) or _invalid(error)

    async def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        status = error.status_code
        if status in (BAD_REQUEST, TOO_LARGE):
            refused = _over_limit(request)
            if refused is not None:
                return refused
        if status == BAD_REQUEST:  # the framework's word for a body that it could not decode
            return render(NotJsonError())
        headers = dict(error.headers or {})
        if status == METHOD_NOT_ALLOWED:
            # The framework names the methods of one of the path's routes, not of all.
            documented = app.openapi()["paths"].get(route_label(request.scope), {})
            headers["Allow"] = ", ".join(sorted(method.upper() for method in documented))
        return problem(
            status,
            HTTP_TITLES.get(status, "Bad request"),
            HTTP_DETAILS.get(status, "This request could not be read."),
            headers=headers,
        )

    async def on_crash(_: Request, __: Exception) -> Response:
        return problem(500, "Something went wrong", "The server failed on this. Try again later.")

    app.add_exception_handler(Exception, on_crash)
    app.add_exception_handler(LearntraceError, on_known)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)


def show_limit(request: HTTPConnection, verdict: Verdict | None) -> None:
    """Have the answer to `request`, good or bad, say how its rate limit stands."""
    request.state.limit_verdict = verdict


def client_address(request: Request) -> str:
    """What the caller's network address is counted as; see `kit.rate_limit.address_of`."""
    host = request.client.host if request.client else None
    trusted = request.app.state.settings.trusted_proxies
    return address_of(host, request.headers.getlist("x-forwarded-for"), trusted)


def stranger(request: Request) -> tuple[Limit, str]:
    """What a request is counted by while nobody knows who calls: its address."""
    settings: Settings = request.app.state.settings
    limit = Limit("bad_credentials", settings.rate_limit_bad_credentials)
    return limit, client_address(request)


def count_stranger(request: Request) -> None:
    """Count a request by its address alone. Raises `TooManyRequestsError`."""
    limits: RateLimits = request.app.state.rate_limits
    show_limit(request, limits.hit(stranger(request)))


def _over_limit(request: Request) -> Response | None:
    """Count a request that was refused before any route could count it.

    A body is read before anybody asks who calls, so one that cannot be read counts for its
    address. The refusal where that is used up, else `None`.
    """
    if hasattr(request.state, "limit_verdict"):
        return None
    try:
        count_stranger(request)
    except TooManyRequestsError as error:
        return render(error)
    return None


class OriginAwareCORS(CORSMiddleware):
    """CORS with origins that may change while the server runs.

    `allowed(origin)` says whether any game or the operator lets a browser page at `origin` in;
    whether it fits the credential is checked where the credential is known.
    """

    def __init__(self, app: ASGIApp, allowed: Callable[[str], bool]) -> None:
        super().__init__(
            app,
            allow_methods=METHODS,
            allow_headers=(
                "Authorization",
                "Content-Encoding",
                "Content-Type",
                "X-Client-Id",
                "X-Request-Id",
                "X-Sent-At",
            ),
            expose_headers=EXPOSED_HEADERS,
            max_age=3600,
        )
        self._allowed = allowed

    def is_allowed_origin(self, origin: str) -> bool:
        return self._allowed(origin)


def route_label(scope: Scope) -> str:
    """The route's template: path values give way to their names, unknown paths to one word."""
    if "endpoint" not in scope:
        return "unmatched"
    segments: list[str] = scope["path"].split("/")
    for name, value in scope.get("path_params", {}).items():
        for index in range(len(segments) - 1, -1, -1):
            if segments[index] == str(value):
                segments[index] = f"{{{name}}}"
                break
    return "/".join(segments)


class BoundedBody:
    """Refuses a body of more than `most_bytes` where it is read, as soon as its size is known.

    `exempt` are the paths that bound their own.
    """

    def __init__(self, app: ASGIApp, *, most_bytes: int, exempt: Collection[str]) -> None:
        self.app = app
        self._most_bytes = most_bytes
        self._exempt = exempt

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in self._exempt:
            await self.app(scope, receive, send)
            return
        announced = _header(scope, b"content-length")
        too_large = announced.isdecimal() and int(announced[:20]) > self._most_bytes
        size = 0

        async def bounded() -> Message:
            nonlocal size
            if too_large:
                raise HTTPException(TOO_LARGE)
            message = await receive()
            size += len(message.get("body", b""))
            if size > self._most_bytes:
                # The framework lets this error pass; any other would become 400.
                raise HTTPException(TOO_LARGE)
            return message

        await self.app(scope, bounded, send)


class Observed:
    """Gives each request an id; counts and logs its answer, and what nobody caught."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        sent_id = _header(scope, b"x-request-id")
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
            REQUESTS.labels(route, method, str(answer.status)).inc()
            DURATION.labels(route).observe(seconds)
            if log.isEnabledFor(logging.INFO):
                log.info(
                    "request",
                    extra={
                        "route": route,
                        "method": method,
                        "status": answer.status,
                        "ms": round(seconds * 1000, 2),
                    },
                )
            request_id.reset(token)


class _Answer:
    """Remembers an answer's status and adds the headers that every answer carries."""

    def __init__(self, own_id: bytes, state: Mapping[str, Any]) -> None:
        self.status = 0
        self._state = state
        self._headers = [
            (b"x-request-id", own_id),
            (b"x-content-type-options", b"nosniff"),
            (b"cache-control", b"no-store"),
        ]

    async def send(self, send: Send, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = [*message.get("headers", ()), *self._headers]
            verdict: Verdict | None = self._state.get("limit_verdict")
            if verdict is not None and self.status != TOO_MANY_REQUESTS:
                headers += [(k.lower().encode(), v.encode()) for k, v in verdict.headers().items()]
            message["headers"] = headers
        await send(message)


def _header(scope: Scope, name: bytes) -> str:
    for key, value in scope["headers"]:
        if key == name:
            decoded: str = value.decode("latin-1")
            return decoded
    return ""
