"""`learntrace evaluate fusion`, as it is typed."""

import pytest
from click.testing import CliRunner

from learntrace.cli import main
from learntrace.evaluation.fusion import evaluate, naive_pooling
from learntrace.evaluation.fusion_students import SCENARIOS, students


@pytest.fixture(scope="module")
def printed() -> str:
    ran = CliRunner().invoke(main, ["evaluate", "fusion", "--students", "2000", "--seed", "3"])
    assert ran.exit_code == 0, ran.output
    return ran.output


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_each_scenario_stands_beside_naive_pooling(printed, scenario):
    (row,) = [line for line in printed.splitlines() if line.startswith(f"| {scenario.name} ")]
    coverage, naive = (float(cell) for cell in row.split("|")[2:4])
    assert naive < 0.80 < coverage


def test_every_gate_holds(printed):
    assert printed.count(" holds ") == 15
    assert "MISSED" not in printed


def test_the_table_says_how_much_each_label_takes(printed):
    assert (
        "| a little evidence | 3         | 2        | 1         | 0         | 0         |"
        in printed
    )
    assert (
        "| a lot of evidence | -         | -        | 14        | 7         | 5         |"
        in printed
    )


def test_a_missed_gate_fails_the_command():
    few = CliRunner().invoke(main, ["evaluate", "fusion", "--students", "10", "--seed", "1"])
    assert "MISSED" in few.output
    assert few.exit_code == 1


def test_the_same_seed_gives_the_same_report():
    assert evaluate(seed=5, count=50) == evaluate(seed=5, count=50)
    assert evaluate(seed=5, count=50) != evaluate(seed=6, count=50)


def test_naive_pooling_is_surer_with_each_observation():
    (student,) = students(SCENARIOS[0], count=1, seed=2)
    seen = student.observations
    halves = [naive_pooling(seen[:count])[1] for count in range(1, len(seen) + 1)]
    assert halves == sorted(halves, reverse=True)
