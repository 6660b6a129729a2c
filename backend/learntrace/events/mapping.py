"""A game's own event names, read as behaviours. Pure; docs/mapping.md explains the language."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, TypedDict
from uuid import UUID

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from learntrace.events.mapping_document import (
    Described,
    MappingDocument,
    RuleDocument,
    Source,
    as_rules,
)
from learntrace.events.mapping_fields import (
    JudgeReader,
    KeyReader,
    Test,
    conditions,
    judge_reader,
    key_reader,
    whole_number_reader,
)
from learntrace.events.never_store import NeverStored, never_stored
from learntrace.events.types import Behaviour, Event, MappedEvent

MAX_CHARACTERS = 500_000
MAX_PROBLEMS = 50
WAVE_COMBINATOR = "wave_combinator"
"""The example mapping: a real game's, used by the demo."""


class Problem(TypedDict):
    """What is wrong at one place of a mapping, in plain words."""

    where: str
    problem: str


class InvalidMappingError(ValueError):
    """A mapping that cannot be used; `problems` names each place, at most 50."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("; ".join(f"{p['where']}: {p['problem']}" for p in problems))


@dataclass(frozen=True, slots=True)
class Rule:
    """One reading of an event, ready to run; it applies when all `tests` hold."""

    tests: tuple[Test, ...]
    behaviours: tuple[Behaviour, ...]
    task: KeyReader
    skill: KeyReader
    item: KeyReader
    correct: JudgeReader
    opportunity: KeyReader


@dataclass(frozen=True, slots=True)
class GameMapping:
    """A mapping made ready: build it once, then map any number of events.

    `idle_threshold_s` is the longest gap that counts as activity; `opening_s`: see
    `learntrace.events.openings`. `never_store`: what is taken out of each event before it is
    stored, `None` where nothing is.
    """

    rules: Mapping[str, tuple[Rule, ...]]
    sequence: Callable[[Event], int | None]
    tasks: Mapping[str, Described]
    skills: Mapping[str, Described]
    idle_threshold_s: float
    opening_s: float
    never_store: NeverStored | None

    def knows(self, event_type: str) -> bool:
        """Whether any rule reads events of this name."""
        return event_type in self.rules

    def behaviours_of(self, event_type: str) -> tuple[Behaviour, ...]:
        """All that an event of this name can stand for, in the vocabulary's order."""
        rules = self.rules.get(event_type, ())
        named = {behaviour for rule in rules for behaviour in rule.behaviours}
        return tuple(behaviour for behaviour in Behaviour if behaviour in named)

    def task_title(self, task: str) -> str:
        """The task's name for people; without one, the key itself."""
        return self.tasks[task].name if task in self.tasks else task

    def skill_name(self, skill: str) -> str:
        """The skill's name for people; without one, the key itself."""
        return self.skills[skill].name if skill in self.skills else skill


def parse_mapping(raw: object) -> GameMapping:
    """A mapping from its JSON value.

    Raises InvalidMappingError, which names every place and what is wrong there.
    """
    document = _checked(raw)
    if document.extends is None:
        return _ready(document, {}, base=None)
    return _ready(document, default_mapping().rules, base=_packaged_document("default"))


@cache
def default_mapping() -> GameMapping:
    """The built-in vocabulary, for games that use our words or the origin system's."""
    return _ready(_packaged_document("default"), {}, base=None)


def packaged_mapping(name: str) -> dict[str, Any]:
    """A mapping that comes with Learntrace, as JSON value: `default` or `wave_combinator`."""
    text = (files(__package__) / "mappings" / f"{name}.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


@cache
def _packaged_document(name: str) -> MappingDocument:
    return _checked(packaged_mapping(name))


def map_event(mapping: GameMapping, event: Event) -> MappedEvent:
    """The event as the first rule whose conditions hold reads it. Never raises."""
    for rule in mapping.rules.get(event.event_type, ()):
        if all(test(event) for test in rule.tests):
            return MappedEvent(
                event=event,
                behaviours=rule.behaviours,
                mapped=True,
                task=rule.task(event),
                skill=rule.skill(event),
                item=rule.item(event),
                correct=rule.correct(event),
                sequence=mapping.sequence(event),
                opportunity=rule.opportunity(event),
            )
    return MappedEvent(
        event=event,
        behaviours=(),
        mapped=False,
        task=None,
        skill=None,
        item=None,
        correct=None,
        sequence=mapping.sequence(event),
    )


def map_events(mapping: GameMapping, events: Iterable[Event]) -> tuple[MappedEvent, ...]:
    """One session's events, mapped and in canonical order; a repeated id counts once.

    By sequence when every event has one and none repeats, else by `timestamp`; ties by the
    other, then by id. A missing sequence comes before any other.
    """
    return in_order(map_event(mapping, event) for event in events)


def in_order(mapped_events: Iterable[MappedEvent]) -> tuple[MappedEvent, ...]:
    """One session's mapped events in canonical order, as `map_events` says."""
    by_id: dict[UUID, MappedEvent] = {}
    for one in mapped_events:
        by_id.setdefault(one.event.event_id, one)
    mapped = list(by_id.values())
    sequences = {one.sequence for one in mapped}
    if None not in sequences and len(sequences) == len(mapped):
        return tuple(sorted(mapped, key=lambda one: one.sequence or 0))
    return tuple(sorted(mapped, key=_by_time))


def _by_time(one: MappedEvent) -> tuple[Any, ...]:
    sequence = one.sequence
    return one.event.timestamp, sequence is not None, sequence or 0, one.event.event_id.int


def _checked(raw: object) -> MappingDocument:
    try:
        text = json.dumps(raw, allow_nan=False)
    except RecursionError:
        raise InvalidMappingError([_problem("", "is nested too deeply")]) from None
    except (TypeError, ValueError) as error:
        raise InvalidMappingError([_problem("", f"is not JSON: {error}")]) from None
    if len(text) > MAX_CHARACTERS:
        raise InvalidMappingError([_problem("", f"is longer than {MAX_CHARACTERS:,} characters")])
    if "\\u0000" in text:
        raise InvalidMappingError([_problem("", "holds a NUL character, which cannot be stored")])
    try:
        return MappingDocument.model_validate_json(text)
    except ValidationError as error:
        found = error.errors(include_url=False)
        raise InvalidMappingError(_explained(found)[:MAX_PROBLEMS]) from None


def _problem(where: str, problem: str) -> Problem:
    return {"where": where or "(the mapping)", "problem": problem}


def _explained(errors: Sequence[ErrorDetails]) -> list[Problem]:
    """A list whose only entries are wrong also counts as too short: that is said only once."""
    inside = {error["loc"][:end] for error in errors for end in range(len(error["loc"]))}
    return [
        _in_words(error)
        for error in errors
        if error["type"] != "too_short" or error["loc"] not in inside
    ]


def _in_words(error: ErrorDetails) -> Problem:
    where = ""
    for part in error["loc"]:
        if isinstance(part, int):
            where += f"[{part}]"
        elif part.startswith("~") or part == "[key]":
            continue
        elif part.isidentifier() or not where:
            where += f".{part}" if where else part
        else:
            where += f"[{json.dumps(part)}]"
    if error["type"] == "extra_forbidden":
        return _problem(where, "is not a name that a mapping has here")
    if error["type"] == "too_short":
        return _problem(where, "must not be empty")
    message = error["msg"].removeprefix("Value error, ")
    return _problem(where, message[:1].lower() + message[1:])


def _ready(
    document: MappingDocument,
    inherited: Mapping[str, tuple[Rule, ...]],
    base: MappingDocument | None,
) -> GameMapping:
    def source(rule: RuleDocument | None, field: str) -> Source:
        """The rule's own field, else the mapping's, else the built-in mapping's."""
        for layer in (rule, document, base):
            if layer is not None and field in layer.model_fields_set:
                own: Source = getattr(layer, field)
                return own
        return None

    def ready(rule: RuleDocument) -> Rule:
        return Rule(
            tests=conditions(rule.when),
            behaviours=tuple(dict.fromkeys(rule.behaviours)),
            task=key_reader(source(rule, "task")),
            skill=key_reader(source(rule, "skill")),
            item=key_reader(source(rule, "item")),
            correct=judge_reader(source(rule, "correct")),
            opportunity=key_reader(source(rule, "opportunity")),
        )

    own_rules = {
        name: tuple(ready(rule) for rule in as_rules(rules))
        for name, rules in document.events.items()
    }
    sequence = source(None, "sequence")
    return GameMapping(
        rules={**inherited, **own_rules},
        sequence=whole_number_reader("sequence" if sequence is None else sequence),
        tasks=document.tasks,
        skills=document.skills,
        idle_threshold_s=document.idle_threshold_s,
        opening_s=document.opening_s,
        never_store=never_stored(document.never_store),
    )
