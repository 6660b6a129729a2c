"""The shape of a game's mapping as JSON, checked strictly; docs/mapping.md explains it."""

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    FiniteFloat,
    StringConstraints,
    Tag,
    model_validator,
)

from learntrace.events.never_store import MISSION
from learntrace.events.types import Behaviour

MAX_EVENT_NAMES = 1_000
MAX_RULES_PER_EVENT = 50
MAX_CONDITIONS = 10
MAX_CHOICES = 200
MAX_TASKS = 5_000
MAX_SKILLS = 1_000
MAX_PATHS = 5
MAX_PATH_DEPTH = 8
MAX_NEVER_STORED = 100
OWN_FIELDS = ("mission_id", "game_version", "event_type", "sequence")
"""An event's fields beside `data` that a mapping may read."""

Scalar = str | bool | int | FiniteFloat | None


def _check_path(path: str) -> str:
    first, *rest = path.split(".")
    if first == "data" and rest and all(rest) and len(rest) <= MAX_PATH_DEPTH:
        return path
    if first in OWN_FIELDS and not rest:
        return path
    raise ValueError(
        f"is no field path: write one of {', '.join(OWN_FIELDS)}, or data.name, data.name.name"
        f" (at most {MAX_PATH_DEPTH} deep)"
    )


def _check_removable(path: str) -> str:
    if path == MISSION or path.startswith("data."):
        return path
    raise ValueError(f"cannot be left out of an event: write {MISSION}, or data.name")


def _shape(value: object) -> str | None:
    """Which of a field source's forms `value` takes, by its JSON type."""
    if value is None:
        return "~none"
    if isinstance(value, str):
        return "~path"
    if isinstance(value, list):
        return "~paths"
    if isinstance(value, dict):
        return "~when" if "when" in value else "~const"
    return None


def _operand_shape(value: object) -> str:
    return "~field" if isinstance(value, dict) else "~number"


def _rules_shape(value: object) -> str:
    return "~rule" if isinstance(value, dict) else "~rules"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


Path = Annotated[str, StringConstraints(max_length=200), AfterValidator(_check_path)]
Paths = Annotated[tuple[Path, ...], Field(min_length=1, max_length=MAX_PATHS)]
Removable = Annotated[Path, AfterValidator(_check_removable)]
Key = Annotated[str, StringConstraints(min_length=1, max_length=100)]
EventName = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class OtherField(_Strict):
    """Compares with another field of the same event."""

    field: Path


Operand = Annotated[
    Annotated[FiniteFloat, Tag("~number")] | Annotated[OtherField, Tag("~field")],
    Discriminator(_operand_shape),
]


class Condition(_Strict):
    """What must hold of one field; everything named must hold."""

    equals: Scalar = None
    in_: Annotated[tuple[Scalar, ...], Field(min_length=1, max_length=MAX_CHOICES)] | None = Field(
        default=None, alias="in"
    )
    exists: bool | None = None
    lt: Operand | None = None
    le: Operand | None = None
    gt: Operand | None = None
    ge: Operand | None = None

    @model_validator(mode="after")
    def _names_something(self) -> "Condition":
        if not self.model_fields_set:
            raise ValueError("is empty: name equals, in, exists, lt, le, gt or ge")
        return self


Conditions = Annotated[dict[Path, Condition], Field(max_length=MAX_CONDITIONS)]


class Constant(_Strict):
    """The same value for every event."""

    const: str | bool | int


class Judgement(_Strict):
    """Right where the conditions hold, wrong where they do not; unknown where a field lacks."""

    when: Annotated[dict[Path, Condition], Field(min_length=1, max_length=MAX_CONDITIONS)]


Source = Annotated[
    Annotated[None, Tag("~none")]
    | Annotated[Path, Tag("~path")]
    | Annotated[Paths, Tag("~paths")]
    | Annotated[Constant, Tag("~const")]
    | Annotated[Judgement, Tag("~when")],
    Discriminator(
        _shape,
        custom_error_type="source",
        custom_error_message='must be a field path, a list of them, {"const": ...} or null',
    ),
]


def _no_judgement(source: Source) -> Source:
    if isinstance(source, Judgement):
        raise ValueError('"when" is for correct only')  # noqa: TRY004 - pydantic wants ValueError
    return source


KeySource = Annotated[Source, AfterValidator(_no_judgement)]


class RuleDocument(_Strict):
    """How one kind of event is read; the fields given here win over the mapping's own."""

    behaviours: Annotated[tuple[Behaviour, ...], Field(max_length=len(Behaviour))]
    when: Conditions = {}
    task: KeySource = None
    skill: KeySource = None
    item: KeySource = None
    correct: Source = None
    opportunity: KeySource = None


def as_rules(rules: RuleDocument | tuple[RuleDocument, ...]) -> tuple[RuleDocument, ...]:
    """One rule may stand alone, without a list around it."""
    return (rules,) if isinstance(rules, RuleDocument) else rules


_RuleList = Annotated[tuple[RuleDocument, ...], Field(min_length=1, max_length=MAX_RULES_PER_EVENT)]
Rules = Annotated[
    Annotated[RuleDocument, Tag("~rule")] | Annotated[_RuleList, Tag("~rules")],
    Discriminator(_rules_shape),
]


class Described(_Strict):
    """A task or skill in words for people."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    sentence: Annotated[str, StringConstraints(max_length=300)] = ""


class MappingDocument(_Strict):
    """A whole mapping."""

    extends: Literal["default"] | None = "default"
    events: Annotated[dict[EventName, Rules], Field(max_length=MAX_EVENT_NAMES)] = {}
    task: KeySource = None
    skill: KeySource = None
    item: KeySource = None
    correct: Source = None
    opportunity: KeySource = None
    sequence: KeySource = None
    never_store: Annotated[tuple[Removable, ...], Field(max_length=MAX_NEVER_STORED)] = ()
    tasks: Annotated[dict[Key, Described], Field(max_length=MAX_TASKS)] = {}
    skills: Annotated[dict[Key, Described], Field(max_length=MAX_SKILLS)] = {}
    idle_threshold_s: Annotated[FiniteFloat, Field(ge=5, le=600)] = 30.0
    opening_s: Annotated[FiniteFloat, Field(ge=0, le=5)] = 0.0
