"""The API's description as a file that readers and client generators find in the tree."""

import json
from pathlib import Path

from click.testing import CliRunner

from learntrace.cli import main

FILE = Path(__file__).parents[2] / "docs" / "openapi.json"


def test_openapi_document_in_the_tree_is_current() -> None:
    written = CliRunner().invoke(main, ["openapi"])
    assert written.exit_code == 0
    is_current = FILE.read_text(encoding="utf-8") == written.output
    assert is_current, "write it anew: learntrace openapi > docs/openapi.json"


def test_routes_name_the_answers_that_they_can_have() -> None:
    paths = json.loads(FILE.read_text(encoding="utf-8"))["paths"]
    for path, method, refusals in (
        ("/liveness", "get", ""),
        ("/health", "get", "503"),
        ("/api/v1/auth/login", "post", "401 413 422 429 503"),
        ("/api/v1/auth/me", "get", "401 403 429 503"),
        ("/api/v1/players/join", "post", "403 404 413 422 429 503"),
        ("/api/v1/telemetry/status/{batch_id}", "get", "401 403 404 422 429 503"),
    ):
        found = paths[path][method]["responses"]
        assert " ".join(status for status in sorted(found) if status >= "400") == refusals, path
