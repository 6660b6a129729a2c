"""The knowledge model against simpler ones: on simulated learners, and on the public sets."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from learntrace.cli import main
from learntrace.evaluation.answers_file import read_answers
from learntrace.evaluation.knowledge import Result, cross, evaluate, split
from learntrace.evaluation.knowledge_report import gates
from learntrace.evaluation.simulated_answers import simulate_learners
from learntrace.skills.knowledge import Answer, Learner, fit, learn, mastery

from ..untraced import untraced

DATA = Path(__file__).parents[4] / "shared" / "data"


@pytest.fixture(scope="module")
@untraced()
def result() -> Result:
    learners = {name: one.answers for name, one in simulate_learners(300, seed=5).items()}
    return evaluate([split(learners, seed=1)], seed=1)


def test_simulated_learners_are_predicted_better_than_by_simpler_models(result: Result) -> None:
    for rival, difference in result.differences.items():
        assert difference.low > 0, rival
    assert result.ours.scores.calibration_error < 0.03
    assert all(gate.holds for gate in gates(result, "simulated") if "micro" not in gate.name)


def test_intervals_of_blocks_hold_about_what_they_state(result: Result) -> None:
    assert result.coverage.stated is not None
    assert result.coverage.achieved == pytest.approx(result.coverage.stated, abs=0.03)


@untraced()
def test_mastery_interval_holds_the_true_chance() -> None:
    """True chances are known here; the simulated learners do not follow the model's own rules."""
    simulated = simulate_learners(150, seed=5).values()
    table = fit([one.answers for one in simulated], version=1)
    held = []
    for one in simulated:
        learner = Learner()
        for answer, truth in zip(one.answers, one.mastery, strict=True):
            known = mastery(learner, table, answer.skill, at=answer.at)
            if known is not None:
                held.append(known.low <= truth <= known.high)
            learn(learner, table, answer)
    assert 0.86 <= sum(held) / len(held) <= 0.98


def test_the_split_does_not_depend_on_the_order_of_learners() -> None:
    learners = {name: one.answers for name, one in simulate_learners(20, seed=1).items()}
    turned = dict(reversed(learners.items()))
    assert split(learners, seed=3) == split(turned, seed=3)
    assert split(learners, seed=3) != split(learners, seed=4)


def test_folds_test_on_each_learner_once_and_never_on_one_trained_on() -> None:
    learners: dict[str, Sequence[Answer]] = {
        name: one.answers for name, one in simulate_learners(23, seed=1).items()
    }
    parts = cross(learners, seed=3, folds=5)
    assert [len(test) for _, test in parts] == [5, 5, 5, 4, 4]
    for train, test in parts:
        assert sorted(map(id, [*train, *test])) == sorted(map(id, learners.values()))
    tested = [id(answers) for _, test in parts for answers in test]
    assert sorted(tested) == sorted(map(id, learners.values()))
    assert parts == cross(dict(reversed(learners.items())), seed=3, folds=5)


def _write(path: Path, learners: Mapping[str, Sequence[Answer]]) -> Path:
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("user", "order", "timestamp", "item", "skill", "correct"))
        for name, answers in learners.items():
            for n, one in enumerate(answers):
                rows.writerow((name, n, one.at.timestamp(), one.item, one.skill, int(one.correct)))
    return path


@pytest.fixture
def written(tmp_path: Path) -> Path:
    learners = {name: one.answers for name, one in simulate_learners(80, seed=8).items()}
    return _write(tmp_path / "answers.csv", learners)


def test_command_prints_one_table_and_writes_json(written: Path, tmp_path: Path) -> None:
    out = tmp_path / "result.json"
    told = CliRunner().invoke(main, ["evaluate", "knowledge", str(written), "--out", str(out)])
    assert told.exit_code in {0, 1}, told.output
    for words in ("| skill mean", "| Elo", "| logistic regression", "| this model", "Intervals:"):
        assert words in told.stdout
    assert "Fitting" in told.stderr
    assert "Fitting" not in told.stdout
    found = json.loads(out.read_text())
    assert found["test"]["learners"] == 16
    assert len(found["models"]) == 4


@untraced()
def test_command_takes_two_files(written: Path) -> None:
    told = CliRunner().invoke(
        main, ["evaluate", "knowledge", "--train", str(written), "--test", str(written)]
    )
    assert "Train: 80 learners" in told.stdout
    assert "Test: 80 learners" in told.stdout


@untraced()
def test_command_predicts_every_learner_in_folds(written: Path, tmp_path: Path) -> None:
    out = tmp_path / "result.json"
    told = CliRunner().invoke(
        main, ["evaluate", "knowledge", str(written), "--folds", "3", "--out", str(out)]
    )
    assert "Train, the smallest of 3 folds: 53 learners" in told.stdout
    found = json.loads(out.read_text())
    assert found["folds"] == 3
    assert found["test"]["learners"] == 80
    assert found["coverage"]["blocks"] > 0


def test_folds_are_of_one_file(written: Path) -> None:
    told = CliRunner().invoke(
        main,
        ["evaluate", "knowledge", "--train", str(written), "--test", str(written), "--folds", "3"],
    )
    assert told.exit_code == 2
    assert "--folds splits one FILE." in told.stderr


@pytest.mark.parametrize("arguments", [[], ["--train", "{file}"], ["{file}", "--test", "{file}"]])
def test_command_says_how_it_is_called(arguments: list[str], written: Path) -> None:
    given = [one.format(file=written) for one in arguments]
    told = CliRunner().invoke(main, ["evaluate", "knowledge", *given])
    assert told.exit_code == 2
    assert "Give one FILE, or --train and --test together." in told.stderr


def test_command_names_the_bad_line(tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("user,order,item,skill,correct\na,0,i,s,yes\n")
    told = CliRunner().invoke(main, ["evaluate", "knowledge", str(bad)])
    assert told.exit_code == 1
    assert told.stderr == "Error: bad.csv, line 2: correct is 'yes', not 0 or 1.\n"


def test_too_few_answers_are_told(tmp_path: Path) -> None:
    small = tmp_path / "small.csv"
    small.write_text("user,order,item,skill,correct\na,0,i,s,1\nb,0,i,s,0\n")
    told = CliRunner().invoke(main, ["evaluate", "knowledge", str(small)])
    assert told.exit_code == 1
    assert "needs right and wrong answers" in told.stderr


@pytest.mark.parametrize("name", ["assist2009_public.csv.gz", "assist2017fa_public.csv.gz"])
@untraced()
def test_public_set_is_predicted_better_than_by_simpler_models(name: str) -> None:
    """On the first 400 learners, for time; docs/knowledge.md has the numbers of all."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not on this machine; the simulated learners take its place")
    learners = read_answers(path)
    kept = {user: learners[user] for user in sorted(learners)[:400]}
    found = evaluate([split(kept, seed=1)], seed=1)
    assert found.ours.scores.auc > 0.75
    for rival, difference in found.differences.items():
        assert difference.value > 0, rival
