"""What is done to students' records, to staff and to a school's budget, and by whom. Pure."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol, Self
from uuid import UUID


class By(StrEnum):
    """What kind of doer it is. A pupil's own game reads that pupil's own play: no entry.

    A link is whoever has it, which need not be the person whom it was made for.
    """

    PERSON = "person"
    LINK = "link"
    PROGRAM = "program"
    COMMAND = "command"


class Doer(Protocol):
    """Whoever is signed in."""

    @property
    def user_id(self) -> UUID: ...

    @property
    def display_name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class About:
    """What but students an act concerns: a person or a write key, as called before it.

    Or the school itself: `name` is then what was chosen for it.
    """

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Act:
    """`action` is a route's method and template, or a command; never an id.

    `person` is whoever is signed in, `None` for the command line, a link and the program itself.
    """

    action: str
    by: By
    person: Doer | None = None

    @classmethod
    def of_person(cls, person: Doer, action: str) -> Self:
        return cls(action, By.PERSON, person)

    @classmethod
    def of_command(cls, command: str) -> Self:
        """`command` as it is typed, without `learntrace`: `students export`."""
        return cls(f"learntrace {command}", By.COMMAND)

    def as_dry_run(self) -> Self:
        """The same, only tried."""
        return self.only("dry-run")

    def only(self, what: str) -> Self:
        """The same, of which only this is done."""
        return replace(self, action=f"{self.action} --{what}")

    @classmethod
    def of_link(cls, action: str) -> Self:
        """What whoever has a one-time link does."""
        return cls(action, By.LINK)

    @classmethod
    def of_program(cls, action: str) -> Self:
        """What the program does by itself, such as ending what is kept no longer."""
        return cls(action, By.PROGRAM)
