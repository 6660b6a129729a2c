"""`learntrace evaluate adaptive`: what to play next, on simulated pupils."""

import click

from learntrace.cli.evaluating_gates import fail_where_missed
from learntrace.evaluation.adaptive import PUPILS, STEPS, compare


@click.command()
@click.option("--pupils", default=PUPILS, show_default=True, type=click.IntRange(10, 10_000))
@click.option("--steps", default=STEPS, show_default=True, type=click.IntRange(10, 1_000))
@click.option("--seed", default=1, show_default=True, help="The same seed, the same numbers.")
def adaptive(pupils: int, steps: int, seed: int) -> None:
    """Compare the policy with simpler ways of choosing, on simulated pupils.

    The claim is that tasks are neither too easy nor too hard. It is not that pupils learn more:
    how one learns is assumed here, and what was learned is printed for information only.
    Intervals hold 95 times in 100, over pupils drawn anew.
    """
    comparison = compare(seed=seed, pupils=pupils, steps=steps)
    click.echo(comparison.table())
    click.echo()
    gates = comparison.gates()
    for gate in gates:
        click.echo(str(gate))
    fail_where_missed(gates)
