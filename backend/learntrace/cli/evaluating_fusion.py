"""`learntrace evaluate fusion`: whether the intervals of skills keep their promise."""

import click

from learntrace.cli.evaluating_gates import fail_where_missed
from learntrace.evaluation.fusion import STUDENTS, amounts_table, evaluate


@click.command()
@click.option("--students", default=STUDENTS, show_default=True, type=click.IntRange(10, 100_000))
@click.option("--seed", default=1, show_default=True, help="The same seed, the same numbers.")
def fusion(students: int, seed: int) -> None:
    """Check the fusion of evidence on simulated students.

    How often the true skill lies in the 90 % interval, beside pooling all evidence as if it were
    independent; and how many sessions and ratings a student needs for each label. The students
    are made up: no skill is validated by this. Fails where a gate is missed.
    """
    report = evaluate(seed=seed, count=students)
    click.echo(report.table())
    click.echo()
    click.echo(amounts_table())
    click.echo()
    gates = report.gates()
    for gate in gates:
        click.echo(str(gate))
    fail_where_missed(gates)
