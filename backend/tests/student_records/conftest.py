"""Commands run as an operator runs them."""

from ..cli.conftest import Run, environment, run

__all__ = ["Run", "environment", "run"]
