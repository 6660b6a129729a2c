"""What a roster changes, in words for whoever decides about it: what ends comes first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import chain, islice
from typing import Any
from uuid import UUID

from learntrace.roster.importing.diff import Changes, Key, Known, KnownSpan, Things

MOST_TOLD = 200
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Told:
    """One change. `kind` is class, student, teacher, enrolment or teaching; `action` is added,
    changed or ended, as it is counted.
    """

    kind: str
    action: str
    words: str


def tell(changes: Changes, known: Known, *, at: datetime, zone: tzinfo) -> list[Told]:
    """The first 200 changes as of `at`, with the days of `zone`."""
    teller = _Teller(changes, known, at, zone)
    return list(islice(chain(teller.ended(), teller.changed(), teller.added()), MOST_TOLD))


class _Teller:
    """Knows everybody's name by id, before the import and after."""

    def __init__(self, changes: Changes, known: Known, at: datetime, zone: tzinfo) -> None:
        self._shut_out = frozenset(changes.shut_out)
        self._at = at
        self._zone = zone
        self._things: Mapping[str, Things[Any]] = {
            "class": changes.classes,
            "student": changes.students,
            "teacher": changes.teachers,
        }
        self._spans = {"enrolment": changes.enrolments, "teaching": changes.teachings}
        before = [*known.classes.values(), *known.students.values(), *known.teachers.values()]
        self._old = {one.id: one.name for one in before}
        self._gone = {one.id for one in before if one.gone}
        self._name = self._old | {
            one_id: one.name
            for things in self._things.values()
            for one_id, one in chain(things.added, things.changed)
        }

    def ended(self) -> Iterator[Told]:
        for kind, things in self._things.items():
            for one in things.ended:
                yield Told(kind, "ended", f"{self._name[one]} {self._end(kind, one)}")
        for kind, spans in self._spans.items():
            for key in spans.ended:
                yield Told(kind, "ended", f"{self._place(kind, key)}, no more")

    def changed(self) -> Iterator[Told]:
        for kind, things in self._things.items():
            for one_id, one in things.changed:
                if one_id in self._gone:
                    continue
                old = self._old.get(one_id)
                said = "was added by hand before" if old is None else f"was called {old}"
                yield Told(kind, "changed", f"{one.name} {said}")
        for kind, spans in self._spans.items():
            for key, span in spans.changed.items():
                yield Told(kind, "changed", f"{self._place(kind, key)}{self._days(span)}")

    def added(self) -> Iterator[Told]:
        for kind, things in self._things.items():
            for one_id, one in things.changed:
                if one_id in self._gone:
                    yield Told(kind, "added", f"{one.name} is back")
            for _, one in things.added:
                yield Told(kind, "added", f"{one.name} is new")
        for kind, spans in self._spans.items():
            for key, span in spans.added.items():
                yield Told(kind, "added", f"{self._place(kind, key)}{self._days(span)}")

    def _end(self, kind: str, one: UUID) -> str:
        if kind == "class":
            return "is over"
        if kind == "student":
            return "is in no class any more"
        if one in self._shut_out:
            return "teaches no class of the roster any more, and can sign in no more"
        return "teaches no class of the roster any more"

    def _place(self, kind: str, key: Key) -> str:
        class_name, person = self._name[key[0]], self._name[key[1]]
        return f"{person} {'in' if kind == 'enrolment' else 'teaches'} {class_name}"

    def _days(self, span: KnownSpan) -> str:
        """From when where that lies ahead, and until when."""
        told = ""
        if span.begins_at > self._at:
            told = f" from {span.begins_at.astimezone(self._zone).date()}"
        if span.ends_at is not None:
            told += f" until {span.ends_at.astimezone(self._zone).date() - _DAY}"
        return told
