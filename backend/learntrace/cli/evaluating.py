"""`learntrace evaluate`: how good the models are. Each subcommand is imported when asked for."""

from importlib import import_module

import click

# Name -> module in this folder, command object, what `learntrace evaluate --help` says.
EVALUATIONS = {
    "knowledge": (
        "evaluating_knowledge",
        "knowledge",
        "Predict every next answer in a file of answers, beside simpler models.",
    ),
    "fusion": (
        "evaluating_fusion",
        "fusion",
        "Check on simulated students that the intervals of skills keep their promise.",
    ),
    "adaptive": (
        "evaluating_adaptive",
        "adaptive",
        "Choose what simulated pupils play next, beside simpler ways of choosing.",
    ),
}


class _Evaluations(click.Group):
    def list_commands(self, _: click.Context) -> list[str]:
        return list(EVALUATIONS)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        if name not in EVALUATIONS:
            return None
        module, command, _text = EVALUATIONS[name]
        found = getattr(import_module(f"learntrace.cli.{module}"), command)
        assert isinstance(found, click.Command)
        return found

    def format_commands(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, _, text) in EVALUATIONS.items()])


@click.group(cls=_Evaluations)
def evaluate() -> None:
    """How good the models are, measured offline. No database is needed."""
