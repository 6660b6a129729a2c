"""HTTP edges shared by every room: problem documents, CORS, request ids, logs and counts."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from learntrace.kit.config import Settings
from learntrace.kit.errors import (
    BadRequestError,
    LearntraceError,
    NotJsonError,
    TooLargeError,
    TooManyRequestsError,
    TooSlowError,
)
from learntrace.kit.rate_limit import Limit, RateLimits, Verdict, address_of
from learntrace.kit.wire import in_words

log = logging.getLogger("learntrace.http")

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
NO_OBJECT = "must be a JSON object, sent with Content-Type: application/json"
HTTP_TITLES = {404: "Not found", 405: "Method not allowed"}
HTTP_DETAILS = {
    404: "There is nothing at this address.",
    405: "This address does not take that method; see the Allow header.",
}
LARGER = "The body is larger than this address takes; send less at once."
CUT_SHORT = "The connection ended before the body did."


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


def crashed() -> ProblemResponse:
    return problem(500, "Something went wrong", "The server failed on this. Try again later.")


def _place(location: Collection[Any]) -> str:
    return ".".join(str(part) for part in location if part != "body") or "body"


def _problem(error: Mapping[str, Any]) -> str:
    return NO_OBJECT if error["type"] == "model_attributes_type" else in_words(error)


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
        return _unreadable(request, _invalid(error))

    async def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        status = error.status_code
        if status == BAD_REQUEST:  # the framework's word for a body that it could not decode
            return _unreadable(request, render(NotJsonError()))
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
        return crashed()

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


def count_by_address(request: Request, limit: Limit) -> None:
    """Count a request for its address alone. Raises `TooManyRequestsError`."""
    limits: RateLimits = request.app.state.rate_limits
    show_limit(request, limits.hit((limit, client_address(request))))


def count_unreadable(request: Request) -> None:
    """Count a body that cannot be read, apart from bad credentials.

    Raises `TooManyRequestsError`.
    """
    settings: Settings = request.app.state.settings
    count_by_address(request, Limit("unreadable", settings.rate_limit_bad_credentials))


def _unreadable(request: Request, refusal: Response) -> Response:
    """The refusal of a request, which counts here where no route could count it.

    A body is read before anybody asks who calls, so one that cannot be read counts for its
    address.
    """
    if hasattr(request.state, "limit_verdict"):
        return refusal
    try:
        count_unreadable(request)
    except TooManyRequestsError as error:
        return render(error)
    return refusal


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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and header(scope, b"origin"):
            await super().__call__(scope, receive, send)
        else:  # no page of a browser; and no answer is stored that could vary by origin
            await self.app(scope, receive, send)

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


async def read_body(
    scope: Scope, receive: Receive, *, most_bytes: int, within_s: float | None = None
) -> bytes:
    """The whole body of a request.

    Raises `TooLargeError` as soon as it is known to be larger than `most_bytes`;
    `BadRequestError` where the client is gone; `TooSlowError` where it is not there `within_s`.
    """
    try:
        async with asyncio.timeout(within_s):
            return await _receive_whole(scope, receive, most_bytes)
    except TimeoutError:
        said = f"The body took longer than {within_s:g} seconds to arrive. Send it again."
        raise TooSlowError(said) from None


async def _receive_whole(scope: Scope, receive: Receive, most_bytes: int) -> bytes:
    announced = header(scope, b"content-length")
    too_large = announced.isdecimal() and int(announced[:20]) > most_bytes
    chunks: list[bytes] = []
    size, more = 0, True
    while more and not too_large:
        message = await receive()
        if message["type"] != "http.request":
            raise BadRequestError(CUT_SHORT)
        chunks.append(message.get("body", b""))
        more = message.get("more_body", False)
        size += len(chunks[-1])
        too_large = size > most_bytes
    if too_large:
        raise TooLargeError(LARGER)
    return b"".join(chunks)


async def stream_body(receive: Receive, *, idle_s: float) -> AsyncIterator[bytes]:
    """The body of a request piece by piece, as it arrives.

    Raises `BadRequestError` where the client is gone; `TooSlowError` where nothing comes `idle_s`.
    """
    more = True
    while more:
        try:
            async with asyncio.timeout(idle_s):
                message = await receive()
        except TimeoutError:
            said = f"Nothing of the body arrived for {idle_s:g} seconds. Send it again."
            raise TooSlowError(said) from None
        if message["type"] != "http.request":
            raise BadRequestError(CUT_SHORT)
        more = message.get("more_body", False)
        yield message.get("body", b"")


class BoundedBody:
    """Reads each body before its route, which may read none; refuses more than `most_bytes`.

    Too large a body is refused as soon as its size is known, and counted for its address.
    `exempt` are the paths that read and bound their own; one that ends in a slash, all below it.
    """

    def __init__(self, app: ASGIApp, *, most_bytes: int, exempt: Collection[str]) -> None:
        self.app = app
        self._most_bytes = most_bytes
        self._exempt = exempt
        self._exempt_below = tuple(path for path in exempt if path.endswith("/"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._is_exempt(scope["path"]):
            await self.app(scope, receive, send)
            return
        try:
            body = await read_body(scope, receive, most_bytes=self._most_bytes)
        except TooLargeError as error:
            await _unreadable(Request(scope), render(error))(scope, receive, send)
            return
        except BadRequestError as error:
            await render(error)(scope, receive, send)
            return

        read: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def whole() -> Message:
            return read.pop() if read else await receive()

        await self.app(scope, whole, send)

    def _is_exempt(self, path: str) -> bool:
        return path in self._exempt or path.startswith(self._exempt_below)


class Shortcut:
    """Takes posts at the paths of `hot` past the framework, at which each request spends time.

    `hot` are the endpoints by path; the framework has them too, for all other methods.
    """

    def __init__(self, app: FastAPI, hot: Mapping[str, ASGIApp]) -> None:
        self.app = app
        self._hot = hot

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        endpoint = self._hot.get(scope.get("path", ""))
        if endpoint is None or scope.get("method") != "POST":
            await self.app(scope, receive, send)
            return
        scope["app"] = self.app
        scope["endpoint"] = endpoint
        try:
            await endpoint(scope, receive, send)
        except LearntraceError as error:
            await render(error)(scope, receive, send)
        except Exception:  # answered here, logged by whoever is around this
            await crashed()(scope, receive, send)
            raise


def header(scope: Scope, name: bytes) -> str:
    """The first header of that name, in lower case; empty where there is none."""
    for key, value in scope["headers"]:
        if key == name:
            decoded: str = value.decode("latin-1")
            return decoded
    return ""
