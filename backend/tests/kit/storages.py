"""Object storage to test with: a folder, and a real server that speaks S3."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http import HTTPStatus
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ..running import free_port

KEY, SECRET, BUCKET = "testkey", "testsecret", "learntrace-test"
RCLONE = Path(sys.executable).parent / "rclone"
_OF_CONNECTION = {"connection", "transfer-encoding"}


class _Partial(BaseHTTPRequestHandler):
    """Passes everything on, and answers 206 where a part was asked for and came.

    S3 does; rclone answers 200 with the part, which clients take for the whole.
    """

    protocol_version = "HTTP/1.1"
    server_port = 0

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""

    def _pass_on(self) -> None:
        sent = self.rfile.read(int(self.headers.get("content-length", 0)))
        server = HTTPConnection("127.0.0.1", self.server_port)
        server.request(self.command, self.path, sent, dict(self.headers.items()))
        answer = server.getresponse()
        content = answer.read()
        partial = answer.getheader("content-range") is not None
        self.send_response_only(HTTPStatus.PARTIAL_CONTENT if partial else answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in {*_OF_CONNECTION, "content-length"}:
                self.send_header(name, value)
        whole = answer.getheader("content-length") if self.command == "HEAD" else len(content)
        self.send_header("Content-Length", str(whole))
        self.end_headers()
        self.wfile.write(content)
        server.close()

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _pass_on  # noqa: N815 - the base's names


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
    except OSError:
        return False
    finally:
        connection.close()
    return True


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Where the server listens, and the folder of its bucket."""
    root = tmp_path_factory.mktemp("s3")
    (root / BUCKET).mkdir()
    port = free_port()
    command = [str(RCLONE), "serve", "s3", "--addr", f"127.0.0.1:{port}"]
    command += ["--auth-key", f"{KEY},{SECRET}", str(root)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        while not _answers(port):
            assert server.poll() is None, "the S3 server did not start"
            time.sleep(0.05)
        handler = type("Handler", (_Partial,), {"server_port": port})
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as before:
            serving = threading.Thread(target=before.serve_forever)
            serving.start()
            yield f"http://127.0.0.1:{before.server_port}", root / BUCKET
            before.shutdown()
            serving.join()
        server.terminate()


@pytest.fixture(params=["folder", "s3"])
def stored_in(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Any]:
    """The settings of either."""
    folder = {"data_dir": tmp_path / "data"}
    if request.param == "folder":
        return folder
    url, _ = request.getfixturevalue("s3")
    return folder | {
        "object_storage_url": f"s3://{BUCKET}/{tmp_path.name}",
        "object_storage_endpoint": url,
        "object_storage_region": "us-east-1",
        "object_storage_key": KEY,
        "object_storage_secret": SECRET,
    }
