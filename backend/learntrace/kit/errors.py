"""Errors that a caller can act on: each carries its HTTP status and one helpful sentence."""

from collections.abc import Mapping
from typing import Any


class LearntraceError(Exception):
    """Base of every error that is the caller's to read.

    `detail` says what to do and nothing about our insides; `members` are added to the problem
    document (RFC 9457 extension members), `headers` to the answer.
    """

    status = 500
    title = "Something went wrong"

    def __init__(
        self,
        detail: str,
        *,
        members: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.members = dict(members or {})
        self.headers = dict(headers or {})


class BadRequestError(LearntraceError):
    status = 400
    title = "Bad request"


class UnauthorizedError(LearntraceError):
    status = 401
    title = "Not signed in"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"})


class ForbiddenError(LearntraceError):
    status = 403
    title = "Not allowed"


class NotFoundError(LearntraceError):
    status = 404
    title = "Not found"


class TooSlowError(LearntraceError):
    """What is still on its way is not waited for: the connection ends with the answer."""

    status = 408
    title = "Too slow"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, headers={"Connection": "close"})


class ConflictError(LearntraceError):
    status = 409
    title = "Conflict"


class TooLargeError(LearntraceError):
    status = 413
    title = "Too large"


class UnsupportedMediaTypeError(LearntraceError):
    status = 415
    title = "Unsupported media type"


class NoSuchPartError(LearntraceError):
    """None of the bytes asked for is there: there are `size_bytes`."""

    status = 416
    title = "No such part"

    def __init__(self, size_bytes: int) -> None:
        detail = f"Ask for bytes 0 to {size_bytes - 1}."
        super().__init__(detail, headers={"Content-Range": f"bytes */{size_bytes}"})


class InvalidError(LearntraceError):
    status = 422
    title = "Not valid"


class NotJsonError(InvalidError):
    def __init__(self) -> None:
        super().__init__("This is not JSON in UTF-8, or it is nested too deeply.")


class TooManyRequestsError(LearntraceError):
    status = 429
    title = "Too many requests"


class UnavailableError(LearntraceError):
    """The request may be sent again unchanged; nothing is stored twice."""

    status = 503
    title = "Not available at the moment"

    def __init__(self, detail: str, *, retry_after_s: int = 2) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after_s)})
