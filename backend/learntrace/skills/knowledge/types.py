"""The values of the knowledge model. All easiness, ability and means are in logits."""

from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass, field
from datetime import datetime
from typing import Any, Final, Self

DISCRIMINATION: Final = (-1.0, 2.0)
"""The least and the most: for an item of it ability counts not at all, or three times."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One marked answer. Answers without a skill share the unnamed skill `""`."""

    at: datetime
    item: str
    skill: str
    correct: bool


@dataclass(frozen=True, slots=True)
class Parameters:
    """Hyper-parameters; how the defaults were found: docs/knowledge.md#hyper-parameters."""

    ability_variance: float = 1.2
    """Prior variance of a learner's general ability `m_g`."""
    skill_variance: float = 0.7
    """Prior variance of a learner's deviation `m` on one skill."""
    item_easiness_variance: float = 1.2
    """How far items differ in easiness within a skill."""
    skill_easiness_variance: float = 0.25
    """How far skills differ in easiness."""
    forgetting: float = 0.15
    """Lambda: `m` shrinks by `exp(-lambda ln(1 + hours))`."""
    forgetting_variance: float = 0.1
    """Kappa: what `ln(1 + hours)` adds to the variance of `m`."""
    discrimination_variance: float = 0.06
    """How far items, and skills, differ in how much a learner's ability counts."""
    learning_gain: float = 0.08
    """What one answer, right or wrong, adds to `m`."""
    skill_noise: float = 0.04
    """What one answer adds to the variance of `m`."""
    ability_noise: float = 0.005
    """What one answer adds to the variance of `m_g`."""


@dataclass(frozen=True, slots=True)
class Easiness:
    """How easy an item is beside its skill, or a skill beside all: a mean and its variance.

    `discrimination`: by how much more than once a learner's ability counts here; negative: less.
    """

    mean: float
    variance: float
    discrimination: float = 0.0


@dataclass(frozen=True, slots=True)
class Head:
    """A logistic regression on what the model says and on what was done just before.

    `weights` belong to `head.FEATURES`, in that order; a head from before a feature was added
    has fewer.
    """

    intercept: float
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ItemTable:
    """What is known of a game's items and skills: one version, fitted from all answers.

    `intercept` is the logit of the share of right answers, the mean over learners. An item or
    skill that is not in it has the prior's easiness: mean 0, the variance in `parameters`.
    """

    version: int
    intercept: float
    items: Mapping[str, Easiness] = field(default_factory=dict)
    skills: Mapping[str, Easiness] = field(default_factory=dict)
    parameters: Parameters = field(default_factory=Parameters)
    head: Head | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "version": self.version,
            "intercept": self.intercept,
            "items": {key: astuple(one) for key, one in self.items.items()},
            "skills": {key: astuple(one) for key, one in self.skills.items()},
            "parameters": asdict(self.parameters),
            "head": self.head
            and {"intercept": self.head.intercept, "weights": list(self.head.weights)},
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Also of a table from before discrimination, which then predicts as it did, or from
        before its bounds, which are then kept.
        """
        head = stored["head"]
        return cls(
            version=stored["version"],
            intercept=stored["intercept"],
            items={key: _easiness(*one) for key, one in stored["items"].items()},
            skills={key: _easiness(*one) for key, one in stored["skills"].items()},
            parameters=Parameters(**stored["parameters"]),
            head=head and Head(head["intercept"], tuple(head["weights"])),
        )


def within_bounds(discrimination: float) -> float:
    """The nearest to it that `DISCRIMINATION` allows."""
    least, most = DISCRIMINATION
    return max(least, min(most, discrimination))


def _easiness(mean: float, variance: float, discrimination: float = 0.0) -> Easiness:
    return Easiness(mean, variance, within_bounds(discrimination))


@dataclass(slots=True)
class SkillState:
    """A learner's deviation on one skill as of the last answer to it, and what was seen of it."""

    mean: float
    variance: float
    last_at: datetime
    answers: int = 0
    right: int = 0
    surprise: float = 0.0
    """Moving average of right minus predicted, -1 to 1."""


@dataclass(slots=True)
class Learner:
    """What one learner's answers add up to. Changed in place by `learn`; one answer is O(1).

    `variance` is None until the first answer: the prior's then. `run` counts the latest answers
    that were alike, negative for wrong ones. `items` counts the answers to each item, negative
    while the last of them was wrong.
    """

    mean: float = 0.0
    variance: float | None = None
    answers: int = 0
    surprise_slow: float = 0.0
    surprise_fast: float = 0.0
    last_item: str | None = None
    last_skill: str | None = None
    run: int = 0
    skills: dict[str, SkillState] = field(default_factory=dict)
    items: dict[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            **{name: getattr(self, name) for name in _PLAIN},
            "skills": {
                key: {
                    "mean": one.mean,
                    "variance": one.variance,
                    "last_at": one.last_at.isoformat(),
                    "answers": one.answers,
                    "right": one.right,
                    "surprise": one.surprise,
                }
                for key, one in self.skills.items()
            },
            "items": dict(self.items),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """A state from before runs were counted has none until its answers are replayed."""
        return cls(
            **{name: stored[name] for name in _PLAIN if name in stored},
            skills={
                key: SkillState(**{**one, "last_at": datetime.fromisoformat(one["last_at"])})
                for key, one in stored["skills"].items()
            },
            items=dict(stored["items"]),
        )


_PLAIN = (
    "mean",
    "variance",
    "answers",
    "surprise_slow",
    "surprise_fast",
    "last_item",
    "last_skill",
    "run",
)


@dataclass(frozen=True, slots=True)
class Prediction:
    """Chance that the next answer is right, 0 to 1 exclusive, with its 90 % interval."""

    p: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Mastery:
    """Chance of a right answer to an average item of a skill, with its 90 % interval."""

    value: float
    low: float
    high: float
    answers: int
    last_at: datetime
