"""`learntrace evaluate knowledge`: how well the next answer is predicted, beside simpler models."""

import json
from pathlib import Path

import click

from learntrace.cli.evaluating_gates import fail_where_missed
from learntrace.evaluation import knowledge as evaluation
from learntrace.evaluation import knowledge_report as report
from learntrace.evaluation.answers_file import AnswersFileError, read_answers

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("knowledge")
@click.argument("file", required=False, type=_FILE)
@click.option("--train", type=_FILE, help="Fit on all learners of this file instead.")
@click.option("--test", type=_FILE, help="Test on all learners of this file.")
@click.option(
    "--folds",
    type=click.IntRange(2, 20),
    help="Hold out each of so many parts of FILE's learners in turn, not one fifth.",
)
@click.option("--seed", default=1, show_default=True, help="Draws the split and the intervals.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write JSON here.")
def knowledge(
    *,
    file: Path | None,
    train: Path | None,
    test: Path | None,
    folds: int | None,
    seed: int,
    out: Path | None,
) -> None:
    """Predict every answer of unseen learners from their past answers alone.

    FILE is csv or csv.gz with the columns user,order[,timestamp],item,skill,correct; a fifth of
    its learners is held out. With --folds every learner is predicted once, by models fitted on
    the other parts, and the gates judge all those predictions together. With --train and --test
    two files are compared instead. Exit code 1 when a gate is missed.
    """
    if (file is None) == (train is None and test is None) or (train is None) != (test is None):
        raise click.UsageError("Give one FILE, or --train and --test together.")
    if folds is not None and file is None:
        raise click.UsageError("--folds splits one FILE.")
    try:
        if file is None:
            assert train is not None
            assert test is not None
            parts: list[evaluation.Parts] = [
                (list(read_answers(train).values()), list(read_answers(test).values()))
            ]
        elif folds is None:
            parts = [evaluation.split(read_answers(file), seed=seed)]
        else:
            parts = evaluation.cross(read_answers(file), seed=seed, folds=folds)
        result = evaluation.evaluate(parts, seed=seed, say=_say)
    except (AnswersFileError, evaluation.UselessAnswersError) as error:
        raise click.ClickException(str(error)) from error
    tested_on = (file or test or Path()).name
    click.echo(report.text(result, tested_on))
    if out is not None:
        out.write_text(json.dumps(report.as_json(result, tested_on), indent=2) + "\n")
    fail_where_missed(report.gates(result, tested_on))


def _say(text: str) -> None:
    click.echo(text, err=True)
