"""The API's description as a file that readers and client generators find in the tree."""

from pathlib import Path

from click.testing import CliRunner

from learntrace.cli import main

FILE = Path(__file__).parents[2] / "docs" / "openapi.json"


def test_openapi_document_in_the_tree_is_current() -> None:
    written = CliRunner().invoke(main, ["openapi"])
    assert written.exit_code == 0
    is_current = FILE.read_text(encoding="utf-8") == written.output
    assert is_current, "write it anew: learntrace openapi > docs/openapi.json"
