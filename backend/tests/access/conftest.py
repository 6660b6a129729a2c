import pytest

from tests.classroom.conftest import day

__all__ = ["day"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write", action="store_true", help="write docs/access.md anew")
