"""Posting prepared requests over kept-alive connections, as cheaply as Python can."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = b"content-length: "
_STORED = b'"accepted":'
_ANSWER_S = 60.0


@dataclass(slots=True)
class Sent:
    """What became of a load: `accepted` events as the answers said, `latencies_s` of each request.

    `refused` counts the answers that were no 2xx, `wall_s` is from the first to the last answer.
    """

    accepted: int = 0
    refused: int = 0
    wall_s: float = 0.0
    latencies_s: list[float] = field(default_factory=list)

    def latency_ms(self, share: float) -> float:
        """The latency that `share` of the requests did not exceed."""
        ordered = sorted(self.latencies_s)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Connection(asyncio.Protocol):
    """One client's connection; one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._received = b""
        self._answer: asyncio.Future[bytes] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionResetError("the server hung up"))

    def data_received(self, data: bytes) -> None:
        self._received = received = self._received + data if self._received else data
        end = received.find(_END_OF_HEAD)
        if end < 0:
            return
        at = received.lower().find(_LENGTH, 0, end)
        length = int(received[at + len(_LENGTH) : received.find(b"\r", at)])
        if len(received) >= end + len(_END_OF_HEAD) + length:
            self._received = b""
            assert self._answer is not None
            self._answer.set_result(received)

    async def post(self, request: bytes) -> bytes:
        if self._transport is None:
            raise ConnectionResetError("the server hung up on an idle client")
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


def request_bytes(path: str, token: str, body: bytes, client: str | None = None) -> bytes:
    """A whole HTTP request."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    )
    if client is not None:
        head += f"X-Client-Id: {client}\r\n"
    return head.encode() + b"\r\n" + body


async def connect(port: int, count: int) -> list[Connection]:
    loop = asyncio.get_running_loop()
    made = []
    for _ in range(count):
        _, connection = await loop.create_connection(Connection, "127.0.0.1", port)
        made.append(connection)
    return made


async def post_all(
    connections: Sequence[Connection], requests: Sequence[bytes], *, in_flight: int
) -> Sent:
    """Post each request once; whichever connection has been idle longest sends the next.

    Where every request has a client of its own, `requests[i]` goes out on
    `connections[i % len(connections)]` as long as none is slower than the rest by a whole round.
    """
    sent = Sent()
    idle: asyncio.Queue[Connection] = asyncio.Queue()
    for connection in connections:
        idle.put_nowait(connection)
    waiting = iter(requests)

    async def keep_posting() -> None:
        for request in waiting:
            connection = await idle.get()
            started = time.perf_counter()
            async with asyncio.timeout(_ANSWER_S):
                answer = await connection.post(request)
            sent.latencies_s.append(time.perf_counter() - started)
            idle.put_nowait(connection)
            if answer.startswith(b"HTTP/1.1 20"):
                sent.accepted += _accepted(answer)
            else:
                sent.refused += 1

    started = time.perf_counter()
    await asyncio.gather(*(keep_posting() for _ in range(min(in_flight, len(connections)))))
    sent.wall_s = time.perf_counter() - started
    return sent


def _accepted(answer: bytes) -> int:
    at = answer.find(_STORED) + len(_STORED)
    return int(answer[at : answer.find(b",", at)])
