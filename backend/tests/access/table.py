"""The table of docs/access.md, made of what everybody was answered."""

from collections.abc import Mapping, Sequence

from .asking import Asked
from .places import PUPILS_GAME, Caller
from .route import Route
from .routes import OPEN, SECTIONS

Answers = Mapping[tuple[str, str], Mapping[str, Asked]]

HEAD = """# Who may do what

Written by `python -m pytest backend/tests/access --write`, which asks every route of the API as
every kind of caller for what is theirs and for what is not, and notes the answers. The same run
without `--write` fails where an answer is another than this table says, where a route is missing
here, where anybody reaches what is somebody else's, and where a refused request changed anything.

| cell | means |
|---|---|
| yes | may; there is nothing foreign to ask for |
| own only | may with what is one's own; what is foreign is answered 404, like what does not exist |
| 401 | not let in |
| 403 | not for this kind of caller |

Lists hold what is one's own. An event that names somebody foreign is refused as `unknown_student`,
or as `wrong_student` where it names somebody else's session. What a role is for:
[accounts](accounts.md). Below all of it stands
[row-level security](decisions/0008-row-level-security.md).

## Who asks

"""
OPEN_TO_ALL = """
## Open to everybody

Nothing of a student is told here before a password, a token or two codes were right.

| may the caller ... | route |
|---|---|
"""
WHO = {
    "nobody": ("no credential, or one made up, expired or revoked", ""),
    "reset link": ("a link for a new password", ""),
    PUPILS_GAME: ("a player token, got with two codes", "that pupil's play in that game"),
    "live key": ("write key of a game server", "the school's students in that game"),
    "sandbox key": ("write key to try a game with", "the sandbox's test players in that game"),
    "teacher": ("signed in", "the classes taught now"),
    "school admin": ("signed in", "the school and its sandbox"),
    "system admin": ("signed in", "every school"),
    "developer": ("signed in", "the own games, and test play of them"),
}


def document(answers: Answers, callers: Sequence[Caller]) -> str:
    lines = [HEAD, "| caller | who that is | own is | foreign is |\n|---|---|---|---|\n"]
    for caller in callers:
        foreign = ", ".join(caller.foreign)
        lines.append(f"| {caller.name} | {' | '.join(WHO[caller.name])} | {foreign} |\n")
    lines.append(OPEN_TO_ALL)
    lines += [f"| {route.words} | {_route(route)} |\n" for route in OPEN]
    names = [caller.name for caller in callers]
    for section, routes in SECTIONS.items():
        lines.append(f"\n## {section}\n\n")
        lines.append(f"| may the caller ... | {' | '.join(names)} | route |\n")
        lines.append(f"|---{'|---' * len(callers)}|---|\n")
        for route in routes:
            cells = [cell(answers[route.key][name], (name, route.key)) for name in names]
            lines.append(f"| {route.words} | {' | '.join(cells)} | {_route(route)} |\n")
    return "".join(lines)


def _route(route: Route) -> str:
    return f"`{route.method.upper()} {route.path}`"


def cell(asked: Asked, what: object = None) -> str:
    """One word on what a caller got of `what`.

    Raises `AssertionError` where something foreign was reached, or only a part of the own.
    """
    reached = [name for name, refusal in asked.foreign.items() if refusal is None]
    assert not reached, (what, "reaches", reached)
    assert len(set(asked.own)) == 1, (what, "is answered differently for the own", asked.own)
    if asked.own[0] is not None:
        return str(asked.own[0])
    if not asked.foreign:
        return "yes"
    others = sorted({str(refusal) for refusal in asked.foreign.values()} - {"404"})
    return ", else ".join(["own only", *others])
