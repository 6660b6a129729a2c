"""How an evaluation's command ends."""

from collections.abc import Iterable

from learntrace.evaluation.report import Gate


def fail_where_missed(gates: Iterable[Gate]) -> None:
    """End the command with exit code 1 where a gate is missed."""
    if not all(gate.holds for gate in gates):
        raise SystemExit(1)
