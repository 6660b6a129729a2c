"""One row of the table: a route in plain words, and how it is asked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from string import Formatter
from typing import Any

from learntrace.openapi import OPEN_PATHS

from .places import Place

Names = Mapping[str, str]

API = "/api/v1"
SANDBOX = {"sandbox": "{sandbox}"}
CAPTIONS = "WEBVTT\n\n00:01.000 --> 00:02.000\nTwelve.\n"


@dataclass(frozen=True)
class Route:
    """`words` complete "May the caller ...?".

    `body` is what is sent, or makes it of the place's names. `shows` names the id that a list holds
    where the place is in it; `unless` is the word of an answer that is good and gives nothing.
    `refused_own` is what is answered where the place was reached, and is not such that it could be.
    `of_student` names a student in the body, whatever game is played; `only_live` is what no
    sandbox has; `of_a_game` is about a game that is named in the body; `csv` is sent in place of a
    body, `captions` as a file in a form.
    """

    method: str
    path: str
    words: str
    body: Callable[[Names], Any] | dict[str, Any] | None = None
    shows: str | None = None
    unless: str | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    of_student: bool = False
    only_live: bool = False
    refused_own: int | None = None
    of_a_game: bool = False
    csv: str | None = None
    captions: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.method, self.path

    def sent(self, names: Names) -> dict[str, Any]:
        """The content and its headers, as the client of HTTP takes them."""
        if self.csv is not None:
            return {"content": self.csv, "headers": {"Content-Type": "text/csv"}}
        if self.captions is not None:
            return {"files": {"file": ("transcript.vtt", self.captions)}, "headers": {}}
        return {"json": self.body(names) if callable(self.body) else self.body, "headers": {}}

    @property
    def about_a_game(self) -> bool:
        """Whether a game alone is meant, and nobody who plays it."""
        return self.of_a_game or "{game_id}" in self.path or self.shows == "game_id"

    @property
    def about_a_place(self) -> bool:
        """Whether the caller can ask for what is not the caller's."""
        if self.path in OPEN_PATHS:
            return False
        return "{" in self.path or callable(self.body) or self.shows is not None

    def tells_apart(self, foreign: Place, own: Sequence[Place]) -> bool:
        """Whether asking for the one is another request than asking for the others.

        A pupil is the same in another game, and a class the same for whoever plays another.
        """
        named = {name for _, name, _, _ in Formatter().parse(self.path) if name}
        named |= {self.shows} if self.shows else set()
        named |= {"student_id"} if self.of_student else set()
        return (callable(self.body) and not self.of_student) or any(
            all(foreign.ids.get(name) != place.ids.get(name) for place in own) for name in named
        )
