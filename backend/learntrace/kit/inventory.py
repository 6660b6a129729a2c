"""What each column of a table holds, of whom, what for, and until when."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields
from typing import Final

WITH_PERSON: Final = "until the student is erased."
WITH_PLAY: Final = (
    "as long as the school keeps play (retention); until the student is erased at the latest."
)
MADE_ANEW: Final = (
    "until somebody in it is erased, or play in it forgotten: it is made anew without that then, "
    "and all versions before go."
)
FOR_GOOD: Final = "no end."


@dataclass(frozen=True, slots=True, kw_only=True)
class Holds:
    """The columns of one table by their class; each stands in exactly one.

    `purpose` is what the table is for and `kept` how long a row stays, a sentence each.

    `identifiers` lead to one person, and say nothing to who does not have this database; `names`
    are known outside, as names, codes and other systems' ids are. `circumstances` are what others
    said of the person. `content` is the person's own doing, as it came in; `derived` was computed
    from it; `judgement` is what people thought of it. `staff` tells of who works here. `secrets`
    are keys and digests that let in or stand for somebody. `organisation` is of schools, classes
    and games; `technical` is the rest. The last two, and `secrets`, tell of no person.
    """

    purpose: str
    kept: str
    identifiers: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    circumstances: tuple[str, ...] = ()
    content: tuple[str, ...] = ()
    derived: tuple[str, ...] = ()
    judgement: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    organisation: tuple[str, ...] = ()
    technical: tuple[str, ...] = ()

    def classes(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Each class that any column here is of, with these columns."""
        for one in fields(self)[2:]:
            columns = getattr(self, one.name)
            if columns:
                yield one.name, columns

    def problems(self, columns: Collection[str]) -> list[str]:
        """What is wrong with this as the classes of just these columns, in words; empty if all is.

        A column without a class, one that stands in several, a name that is no column.
        """
        named = Counter(name for _, names in self.classes() for name in names)
        return [
            *(f"{name} has no class" for name in columns if not named[name]),
            *(f"{name} has several classes" for name, times in named.items() if times > 1),
            *(f"{name} is no column" for name in named if name not in columns),
        ]
