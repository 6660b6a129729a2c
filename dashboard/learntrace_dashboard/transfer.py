"""Audio on its way between browser and API: passed on piece by piece, never held as a whole.

A browser speaks to the dashboard alone. What it uploads goes to the address that the API signed,
which is its credential; what it plays comes by a pass of `listening`.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import quote

import httpx
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive

from learntrace_dashboard.client import ApiError
from learntrace_dashboard.listening import Pass, passes

UPLOADS = "transfer/uploads"
AUDIO = "transfer/audio"
API = "/api/v1"
# Between two pieces, not for the whole: an hour of talk may take minutes on a slow line.
PIECE_TIMEOUT_S = 60.0
PASSED_OVER_S = 120.0
_HEARD = ("Content-Type", "Content-Length", "Content-Range", "Accept-Ranges")


class Transfer:
    """The two routes, over one pool of connections to the API at `api_url`."""

    def __init__(self, api_url: str) -> None:
        self._http = httpx.AsyncClient(
            base_url=f"{api_url.rstrip('/')}{API}",
            timeout=PIECE_TIMEOUT_S,
            headers={"User-Agent": "learntrace-dashboard"},
        )
        self.routes = [
            Route(f"/{UPLOADS}/{{token}}", self.upload, methods=["PUT"]),
            Route(f"/{AUDIO}/{{word}}", self.audio, methods=["GET"]),
        ]

    @asynccontextmanager
    async def lifespan(self, _: object) -> AsyncIterator[dict[str, Any]]:
        """Close the connections when the dashboard stops."""
        async with self._http:
            yield {}

    async def upload(self, request: Request) -> Response:
        """Pass a recording on as it arrives; answers what the API answers."""
        sent = {
            name: request.headers[name]
            for name in ("Content-Type", "Content-Length")
            if name in request.headers
        }
        path = f"/uploads/{quote(request.path_params['token'], safe='')}"
        body = _Body(request.receive)
        try:
            answer = await self._http.put(path, content=body, headers=sent)
        except httpx.HTTPError:
            return JSONResponse({}, 502)
        # A browser hears no answer before it has sent all; a refusal may come earlier.
        await body.pass_over()
        media_type = answer.headers.get("Content-Type")
        return Response(answer.content, answer.status_code, media_type=media_type)

    async def audio(self, request: Request) -> Response:
        """The part of a recording that the player asks for."""
        known = passes.of(request.path_params["word"])
        if known is None:
            return Response(status_code=404)
        asked = {"Range": request.headers["Range"]} if "Range" in request.headers else {}
        try:
            answer = await self._heard(known, asked)
            if answer.status_code == httpx.codes.UNAUTHORIZED:
                await answer.aclose()
                await run_in_threadpool(known.client.refresh)
                answer = await self._heard(known, asked)
        except (httpx.HTTPError, ApiError):
            return Response(status_code=502)
        headers = {name: answer.headers[name] for name in _HEARD if name in answer.headers}
        headers["Cache-Control"] = "no-store"
        return StreamingResponse(_pieces(answer), answer.status_code, headers)

    async def _heard(self, known: Pass, asked: dict[str, str]) -> httpx.Response:
        path = f"/sessions/{quote(known.recording_id, safe='')}/audio"
        headers = {**asked, **known.client.credential(), "Accept-Encoding": "identity"}
        return await self._http.send(
            self._http.build_request("GET", path, headers=headers), stream=True
        )


class _Body:
    """What a browser sends, piece by piece."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._more = True

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while self._more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                self._more = False
                raise ClientDisconnect
            self._more = message.get("more_body", False)
            yield message.get("body", b"")

    async def pass_over(self) -> None:
        """Take the rest and keep nothing of it, for a while."""
        with suppress(TimeoutError, ClientDisconnect):
            async with asyncio.timeout(PASSED_OVER_S):
                async for _ in self:
                    pass


async def _pieces(answer: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for piece in answer.aiter_raw():
            yield piece
    finally:
        await answer.aclose()
