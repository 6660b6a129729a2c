"""Rules of the house that no linter knows; docs/architecture.md says why."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "backend" / "learntrace"
TESTS = [ROOT / "backend" / "tests", ROOT / "dashboard" / "tests"]
SOURCES = sorted(PACKAGE.rglob("*.py"))
SIZED = [
    source
    for folder in (
        PACKAGE,
        ROOT / "backend" / "bench",
        ROOT / "dashboard" / "learntrace_dashboard",
        *TESTS,
    )
    for source in sorted(folder.rglob("*.py"))
]

# The only places that open a transaction: everything else is called inside one.
MAY_OPEN_TRANSACTIONS = {"kit/db.py", "ingestion/writer.py", "migrating.py"}
MODELS_SEEN_BY_ALL = {"kit"}


def trees() -> Iterator[tuple[str, ast.Module]]:
    for source in SOURCES:
        yield source.relative_to(PACKAGE).as_posix(), ast.parse(source.read_text())


def calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, node


def test_commits_happen_in_one_place() -> None:
    found = {
        path
        for path, tree in trees()
        for name, _ in calls(tree)
        if name in {"commit", "begin"} and path not in MAY_OPEN_TRANSACTIONS
    }
    assert not found


def test_nothing_is_called_bare_session() -> None:
    found = []
    for path, tree in trees():
        for node in ast.walk(tree):
            names = []
            if isinstance(node, ast.Name):
                names = [node.id]
            elif isinstance(node, ast.arg):
                names = [node.arg]
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                names = [node.name]
            found += [f"{path}:{node.lineno}" for name in names if name.lower() == "session"]
    assert not found


def test_models_are_private_to_their_room() -> None:
    found = []
    for path, tree in trees():
        room = path.partition("/")[0]
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                parts = node.module.split(".")
                if parts[0] == "learntrace" and parts[-1] == "models" and parts[1] != room:
                    found.append(f"{path}: {node.module}")
    assert not found


def test_no_middleware_that_halves_throughput() -> None:
    for path, tree in trees():
        text = ast.unparse(tree)
        assert "BaseHTTPMiddleware" not in text, path
        assert ".middleware(" not in text, path


def test_own_code_is_never_mocked() -> None:
    mocks = {"MagicMock", "AsyncMock", "Mock", "patch"}
    for folder in TESTS:
        for source in folder.rglob("test_*.py"):
            for node in ast.walk(ast.parse(source.read_text())):
                if isinstance(node, ast.ImportFrom) and node.module == "unittest.mock":
                    names = {alias.name for alias in node.names}
                    assert not names & mocks, source.name


@pytest.mark.parametrize("source", SIZED, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_a_file_is_one_thought(source: Path) -> None:
    assert len(source.read_text().splitlines()) <= 400
