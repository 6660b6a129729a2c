"""A small ingest server that answers as scripted: for what a real one does only in trouble."""

import gzip
import json
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

FEATURES = {
    "event_count": {"value": 12, "reason": None},
    "active_time_s": {"value": 90.0, "reason": None},
    "task_completion_rate": {"value": 0.75, "reason": None},
    "retry_rate": {"value": None, "reason": "no_failures"},
    "recovery_rate": {"value": None, "reason": "moon_phase"},
    "focus_duration_s": {"value": 33.4, "reason": None},
}


@dataclass(frozen=True)
class Reply:
    """One answer; `then` does something to the connection instead of answering."""

    status: int = 201
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    then: str | None = None


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]
    body: Any


class FakeIngest:
    """Answers with `script`'s replies in turn, then as a server with an empty database would."""

    def __init__(self) -> None:
        self.script: list[Reply] = []
        self.requests: list[Request] = []
        self.stored: dict[str, Any] = {}
        self.unknown_students: set[str] = set()
        self.released = threading.Event()
        self.url = ""

    def reply(self, request: Request) -> Reply:
        self.requests.append(request)
        if self.script:
            return self.script.pop(0)
        if request.path.endswith("/batch"):
            return self._ingest(request.body)
        session_id = request.path.split("/")[-2]
        if session_id not in {event["session_id"] for event in self.stored.values()}:
            return Reply(404, {"title": "Not found"})
        return Reply(200, {"session_id": session_id, "status": "closed", "features": FEATURES})

    def _ingest(self, body: dict[str, Any]) -> Reply:
        accepted, duplicates, rejected = 0, 0, []
        for index, event in enumerate(body["events"]):
            if event.get("student_id") in self.unknown_students:
                rejected.append(
                    {
                        "index": index,
                        "event_id": event.get("event_id"),
                        "code": "unknown_student",
                        "retryable": True,
                        "detail": "student_id: no such student",
                    }
                )
            elif event["event_id"] in self.stored:
                duplicates += 1
            else:
                self.stored[event["event_id"]] = event
                accepted += 1
        answer = {
            "received_count": len(body["events"]),
            "accepted": accepted,
            "duplicates": duplicates,
            "rejected": rejected,
            "batch_id": body["batch_id"],
        }
        if len(rejected) == len(body["events"]):
            return Reply(422, {"title": "Nothing stored", **answer})
        return Reply(201 if accepted else 200, answer)


def _handler(fake: FakeIngest) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.headers.get("Content-Encoding") == "gzip":
                raw = gzip.decompress(raw)
            body = json.loads(raw) if raw else None
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = fake.reply(Request(self.path, headers, body))
            if reply.then == "hang":
                fake.released.wait(120)
                self.close_connection = True
                return
            if reply.then == "reset":
                linger = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                self.close_connection = True
                self.connection.close()
                return
            content = (
                reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            )
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def finish(self) -> None:
            if self.connection.fileno() != -1:
                super().finish()

        def log_message(self, *_: object) -> None: ...

    return Handler


@contextmanager
def serving() -> Iterator[FakeIngest]:
    fake = FakeIngest()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(fake))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    fake.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield fake
    finally:
        fake.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
