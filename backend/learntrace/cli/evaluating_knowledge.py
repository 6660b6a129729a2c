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
@click.option("--seed", default=1, show_default=True, help="Draws the split and the intervals.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write JSON here.")
def knowledge(
    *, file: Path | None, train: Path | None, test: Path | None, seed: int, out: Path | None
) -> None:
    """Predict every answer of unseen learners from their past answers alone.

    FILE is csv or csv.gz with the columns user,order[,timestamp],item,skill,correct; a fifth of
    its learners is held out. With --train and --test two files are compared instead. Exit code 1
    when a gate is missed.
    """
    if (file is None) == (train is None and test is None) or (train is None) != (test is None):
        raise click.UsageError("Give one FILE, or --train and --test together.")
    try:
        if file is not None:
            parts = evaluation.split(read_answers(file), seed=seed)
        else:
            assert train is not None
            assert test is not None
            parts = (list(read_answers(train).values()), list(read_answers(test).values()))
        result = evaluation.evaluate(*parts, seed=seed, say=_say)
    except (AnswersFileError, evaluation.UselessAnswersError) as error:
        raise click.ClickException(str(error)) from error
    tested_on = (file or test or Path()).name
    click.echo(report.text(result, tested_on))
    if out is not None:
        out.write_text(json.dumps(report.as_json(result, tested_on), indent=2) + "\n")
    fail_where_missed(report.gates(result, tested_on))


def _say(text: str) -> None:
    click.echo(text, err=True)
