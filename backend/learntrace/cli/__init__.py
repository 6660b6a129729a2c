"""`learntrace`: the command line. Each command is imported when it is asked for."""

from importlib import import_module

import click

from learntrace import __version__

# Name -> module, command object, what `learntrace --help` says.
COMMANDS = {
    "up": ("up", "up", "Start everything on this machine: what `make run` does."),
    "serve": ("running", "serve_command", "Serve the API."),
    "worker": ("working", "worker_command", "Close idle sessions and assess what is due."),
    "migrate": ("migrating", "migrate_command", "Bring the database to this program's version."),
    "demo": ("demonstrating", "demo", "Fill an empty database with a demo school."),
    "init": ("init", "init", "Make the first school and its administrator."),
    "roster": ("roster", "roster", "Classes and people from a school's own system."),
    "schools": ("schools", "schools", "Schools, each with its sandbox."),
    "users": ("users", "users", "People who sign in."),
    "games": ("games", "games", "Games, their origins and their mappings."),
    "keys": ("keys", "keys", "Write keys for game servers."),
    "players": ("players", "players", "What lets pupils play: player tokens and codes."),
    "consent": ("consent", "consent", "Which consents are required, and how each stands."),
    "retention": ("retention", "retention", "How long what is kept."),
    "audit": ("audit", "audit", "Who read or changed what of which student."),
    "students": ("students", "students", "Everything about one student: export, erasure."),
    "research": ("research", "research", "What a school hands to researchers."),
    "skills": ("skills", "skills", "What skills and knowledge are estimated with."),
    "scenarios": ("lessons", "scenarios", "A school's scenarios, from files and to files."),
    "content": ("lessons", "content", "A school's content to study, from files and to files."),
    "simulate": ("simulating", "simulate", "Make believable play, to a file or to an API."),
    "import": ("data", "import_command", "Import events from a file."),
    "export": ("data", "export_command", "Export events or features to a file."),
    "evaluate": ("evaluating", "evaluate", "Measure how good the models are, offline."),
    "openapi": ("running", "openapi_command", "Print the API's OpenAPI document."),
}


class _Commands(click.Group):
    def list_commands(self, _: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, command, _text = COMMANDS[name]
        found = getattr(import_module(f"learntrace.cli.{module}"), command)
        assert isinstance(found, click.Command)
        return found

    def format_commands(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, _, text) in COMMANDS.items()])


@click.group(cls=_Commands)
@click.version_option(__version__, prog_name="learntrace")
def main() -> None:
    """Learntrace, an open backend for learning games.

    Settings come from the environment; docs/operations.md lists them.
    """
