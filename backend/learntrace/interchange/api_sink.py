"""Into a running server through its API, patiently: limits, pauses and broken lines are waited out.

Every request may safely be sent twice, so whatever gets no clear answer is sent again.
"""

import asyncio
import gzip
import random
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Self
from urllib.parse import quote

import httpx

from learntrace.interchange.batches import Batch
from learntrace.interchange.sink import (
    ClosedSession,
    ImportStoppedError,
    IngestAnswer,
    Rejection,
)

TIMEOUT_S = 30.0
ATTEMPTS = 8
FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 30.0
_DEFAULT_LIMIT_WAIT_S = 10.0
_LONGEST_LIMIT_WAIT_S = 3600.0
_LAST_PORT = 65_535
_TRY_AGAIN = frozenset({502, 503, 504})

Waiter = Callable[[float, str], Awaitable[None]]
"""Waits some seconds and tells the person why: `(seconds, reason)`."""


async def _wait_silently(seconds: float, _reason: str) -> None:
    await asyncio.sleep(seconds)


class ApiSink(AbstractAsyncContextManager["ApiSink"]):
    """A Sink over HTTP. Used as `async with ApiSink(...) as sink`.

    `api_url` is the server's address with or without /api/v1; `key` a write key; `client_id`
    tells this importer from other users of the key, for the rate limit. 429 is waited out as
    long as the server asks for it; other failures are tried `attempts` times. Raises
    ImportStoppedError when the address is none.
    """

    def __init__(
        self,
        api_url: str,
        key: str,
        *,
        client_id: str,
        wait: Waiter = _wait_silently,
        timeout_s: float = TIMEOUT_S,
        attempts: int = ATTEMPTS,
    ) -> None:
        self._wait = wait
        self._attempts = attempts
        self._jitter = random.SystemRandom()
        self._client = httpx.AsyncClient(
            base_url=_base_url(api_url),
            headers={"Authorization": f"Bearer {key}", "X-Client-Id": client_id},
            timeout=timeout_s,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def send(self, batch: Batch) -> IngestAnswer:
        body = gzip.compress(batch.body(), compresslevel=5, mtime=0)
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        response = await self._post("/telemetry/batch", content=body, headers=headers)
        answer = _json_object(response)
        if not (response.is_success or (response.status_code == 422 and "rejected" in answer)):
            raise _refused(response, answer)
        return IngestAnswer(
            accepted=int(answer.get("accepted", 0)),
            duplicates=int(answer.get("duplicates", 0)),
            rejected=tuple(_rejection(entry) for entry in answer.get("rejected", ())),
        )

    async def close(self, session_id: str) -> ClosedSession | None:
        response = await self._post(f"/telemetry/session/{quote(session_id, safe='')}/close")
        answer = _json_object(response)
        if response.status_code in (404, 422):
            return None
        if not response.is_success:
            raise _refused(response, answer)
        return ClosedSession(
            session_id=session_id,
            features=answer.get("features"),
            tasks_completed=answer.get("tasks_completed"),
        )

    async def _post(
        self, path: str, content: bytes = b"", headers: dict[str, str] | None = None
    ) -> httpx.Response:
        failures = 0
        while True:
            try:
                response = await self._client.post(path, content=content, headers=headers)
            except httpx.TransportError as error:
                problem, asked_s = _told(error), None
            else:
                if response.status_code == 429:
                    await self._wait(_limit_wait_s(response), "the server's rate limit is reached")
                    continue
                if response.status_code not in _TRY_AGAIN:
                    return response
                problem = f"the server answered {response.status_code}"
                asked_s = _retry_after_s(response)
            failures += 1
            if failures >= self._attempts:
                raise ImportStoppedError(
                    f"{problem}, {failures} times in a row, at {self._client.base_url}; "
                    "see whether the server runs, then start the same import again"
                )
            delay_s = asked_s if asked_s is not None else self._backoff_s(failures)
            await self._wait(min(delay_s, LONGEST_DELAY_S), f"{problem}, trying again")

    def _backoff_s(self, failures: int) -> float:
        """Twice as long each time, with jitter so that many clients do not come back at once."""
        longest_s = min(LONGEST_DELAY_S, FIRST_DELAY_S * 2.0 ** (failures - 1))
        return longest_s * self._jitter.uniform(0.5, 1.0)


def _base_url(api_url: str) -> httpx.URL:
    try:
        url = httpx.URL(api_url.rstrip("/").removesuffix("/api/v1") + "/api/v1")
    except httpx.InvalidURL:
        url = httpx.URL()
    if url.scheme not in ("http", "https") or not url.host or (url.port or 0) > _LAST_PORT:
        raise ImportStoppedError(
            f"{api_url} is no address of an API; it looks like http://127.0.0.1:8000"
        )
    return url


def _limit_wait_s(response: httpx.Response) -> float:
    asked_s = _retry_after_s(response)
    return _DEFAULT_LIMIT_WAIT_S if asked_s is None else min(asked_s, _LONGEST_LIMIT_WAIT_S)


def _retry_after_s(response: httpx.Response) -> float | None:
    """`Retry-After` in seconds, from a number or a date; None where there is none to be read."""
    value = str(response.headers.get("Retry-After", "")).strip()
    if value.isdigit():
        return float(value)
    try:
        at: datetime = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def _told(error: httpx.TransportError) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "the server did not answer in time"
    return "the connection to the server failed"


def _json_object(response: httpx.Response) -> dict[str, Any]:
    try:
        answer = response.json()
    except ValueError:
        answer = None
    if isinstance(answer, dict):
        return answer
    if response.is_success:
        raise ImportStoppedError(f"{response.url} answered no JSON: is it a Learntrace API?")
    return {}


def _rejection(entry: dict[str, Any]) -> Rejection:
    return Rejection(
        index=int(entry["index"]),
        code=str(entry.get("code", "invalid")),
        detail=str(entry.get("detail", "")),
    )


def _refused(response: httpx.Response, answer: dict[str, Any]) -> ImportStoppedError:
    if response.status_code in (401, 403):
        return ImportStoppedError("the key is not accepted: it is wrong, revoked, or no write key")
    told = answer.get("detail") or answer.get("title") or response.reason_phrase
    return ImportStoppedError(f"the server refused: {response.status_code} {told}")
