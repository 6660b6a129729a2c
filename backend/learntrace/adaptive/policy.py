"""What to play next: a chance for every possible action, and a draw among them. Pure.

docs/adaptive.md explains it to those who make games.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from math import exp, log
from random import Random

from learntrace.adaptive.choosing import Normal, chance_of_least
from learntrace.features.behavioral.tasks import stuck_skills
from learntrace.skills.knowledge import (
    Answer,
    ItemTable,
    Learner,
    Mastery,
    Prediction,
    mastery,
    predict,
)

POLICY_VERSION = "2"
AIM = 0.75
EASIER = 0.78
"""The success aimed at, and one step easier than that."""
REACH = 0.03
"""A skill counts as within reach when one of its items comes so near to the aim."""
FAR = 0.10
"""What is farther from the aim than this is too easy or too hard."""
AS_GOOD = 0.02
"""Items that fit equally well are drawn from, so that not all pupils get the same one."""
FAILURES_IN_A_ROW = 2
REPEAT_LOGIT = 1.0
"""How much better known than it is the skill played last counts."""
UNREPEATED = 5
"""So many items answered last are not offered again while there are others."""
VALID_FOR = timedelta(minutes=10)

_SD_IN_INTERVAL = 2 * 1.645
_LEAST_SD = 0.05


class Reason(StrEnum):
    """Why an action was chosen."""

    START = "start"
    PRACTISE = "practise"
    EASIER = "easier"
    OTHER_SKILL = "other_skill"
    STUCK = "stuck"
    EASIEST_LEFT = "easiest_left"
    HARDEST_LEFT = "hardest_left"

    @property
    def words(self) -> str:
        """One sentence for people."""
        return _WORDS[self]


_WORDS = {
    Reason.START: "Nothing is known of this pupil here yet, so this is an easy start.",
    Reason.PRACTISE: "This should go well three times in four, which leaves something to learn.",
    Reason.EASIER: "The last two answers were wrong, so this should be easier than the last.",
    Reason.OTHER_SKILL: "Ten tries at the last skill without three right in a row: another skill.",
    Reason.STUCK: "Ten tries without three right in a row, and there is no other skill to play.",
    Reason.EASIEST_LEFT: "All there is looks too hard now; this is the easiest of it.",
    Reason.HARDEST_LEFT: "All there is looks too easy now; this is the hardest of it.",
}


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to play: an item, or where the skill has none, how hard it is to be.

    `difficulty` runs from 0 to 1; 0.5 is what tasks of this skill usually are in this game.
    `predicted` is the chance of success.
    """

    skill: str
    item: str | None
    difficulty: float | None
    predicted: Prediction


@dataclass(frozen=True, slots=True)
class Decision:
    """An action, why, and with which probability the policy chose just this one."""

    action: Action
    reason: Reason
    propensity: float
    expires_at: datetime
    policy_version: str = POLICY_VERSION

    def is_expired(self, now: datetime) -> bool:
        return now >= self.expires_at


@dataclass(frozen=True)
class Situation:
    """All that a decision rests on.

    `learner` has learned from `recent` already: the open game session's answers, in order.
    `offer` is what the game can present, at least one skill: skill -> items, none for a skill
    whose difficulty can be set freely.
    """

    learner: Learner
    table: ItemTable
    recent: Sequence[Answer]
    offer: Mapping[str, Sequence[str]]
    now: datetime

    @cached_property
    def stuck(self) -> frozenset[str]:
        """Skills on which the pupil's wheels spin in this game session."""
        return stuck_skills((answer.skill, answer.correct) for answer in self.recent)

    @property
    def open_skills(self) -> list[str]:
        """The skills to choose from: those not stuck, or all where every one is."""
        return [skill for skill in self.offer if skill not in self.stuck] or list(self.offer)

    @property
    def last_skill(self) -> str | None:
        return self.recent[-1].skill if self.recent else None

    @cached_property
    def has_failed(self) -> bool:
        last = self.recent[-FAILURES_IN_A_ROW:]
        return len(last) == FAILURES_IN_A_ROW and not any(answer.correct for answer in last)

    @cached_property
    def is_start(self) -> bool:
        """Nothing is known of the pupil in any of the skills."""
        return all(self._mastery(skill) is None for skill in self.offer)

    @property
    def aim(self) -> float:
        """The success to aim at, 0 to 1."""
        return EASIER if self.has_failed or self.is_start else AIM

    def fitting(self) -> dict[str, list[Action]]:
        """Of each skill to choose from, the actions nearest to the aim; at least one of one skill.

        After two failures only what is easier than the last of them, where there is any.
        """
        playable = {skill: self._actions(skill) for skill in self.open_skills}
        if self.has_failed:
            easier = {
                skill: [action for action in actions if self.is_easier(action)]
                for skill, actions in playable.items()
            }
            playable = {skill: actions for skill, actions in easier.items() if actions} or playable
        return {skill: self._nearest(actions) for skill, actions in playable.items()}

    def is_easier(self, action: Action) -> bool:
        """Likelier to go well than what was answered last would be now."""
        return action.predicted.p > self._chance_of_last

    def distance(self, action: Action) -> float:
        return abs(action.predicted.p - self.aim)

    def belief(self, skill: str) -> Normal:
        """What is known of the skill's mastery, in logits; better known where it was last."""
        known = self._mastery(skill)
        if known is not None:
            value, low, high = known.value, known.low, known.high
        else:
            before = self._predict(skill)
            value, low, high = before.p, before.low, before.high
        sd = (_logit(high) - _logit(low)) / _SD_IN_INTERVAL
        again = REPEAT_LOGIT if skill == self.last_skill else 0.0
        return Normal(_logit(value) + again, max(_LEAST_SD, sd))

    def reason(self, action: Action) -> Reason:
        """Why `action` is chosen in this situation."""
        if action.skill in self.stuck:
            return Reason.STUCK
        if self.last_skill in self.stuck:
            return Reason.OTHER_SKILL
        is_far = self.distance(action) > FAR
        if is_far and action.predicted.p < self.aim:
            return Reason.EASIEST_LEFT
        if self.has_failed and self.is_easier(action):
            return Reason.EASIER
        if is_far:
            return Reason.HARDEST_LEFT
        return Reason.START if self.is_start else Reason.PRACTISE

    def _mastery(self, skill: str) -> Mastery | None:
        return mastery(self.learner, self.table, skill, at=self.now)

    @cached_property
    def _chance_of_last(self) -> float:
        last = self.recent[-1]
        return self._predict(last.skill, last.item).p

    def _predict(self, skill: str, item: str | None = None) -> Prediction:
        return predict(self.learner, self.table, skill=skill, item=item, at=self.now)

    def _actions(self, skill: str) -> list[Action]:
        if not self.offer[skill]:
            return [self._free(skill)]
        return [Action(skill, item, None, self._predict(skill, item)) for item in self.offer[skill]]

    def _nearest(self, actions: Sequence[Action]) -> list[Action]:
        last = {answer.item for answer in self.recent[-UNREPEATED:]}
        new = [action for action in actions if action.item not in last] or actions
        least = min(self.distance(action) for action in new)
        return [action for action in new if self.distance(action) <= least + AS_GOOD]

    def _free(self, skill: str) -> Action:
        """How hard a task has to be that success comes to the aim."""
        usual = self._predict(skill)
        easier_by = _logit(self.aim) - _logit(usual.p)
        low, p, high = (
            _sigmoid(_logit(one) + easier_by) for one in (usual.low, usual.p, usual.high)
        )
        return Action(skill, None, _sigmoid(-easier_by), Prediction(p, low, high))


def decide(situation: Situation, rng: Random) -> Decision:
    """One of the actions that `weigh` lists, drawn with the probability given there."""
    weighed = weigh(situation)
    ((action, propensity),) = rng.choices(weighed, [share for _, share in weighed])
    return Decision(
        action=action,
        reason=situation.reason(action),
        propensity=propensity,
        expires_at=situation.now + VALID_FOR,
    )


def weigh(situation: Situation) -> list[tuple[Action, float]]:
    """Every action that may be chosen, with its probability; these sum to 1.

    Of each skill the items nearest to the aim; among the skills of which one comes within reach
    of it (where none does: the nearest ones), a Thompson draw for the skill mastered least. Items
    that fit equally well share their skill's probability. Exact, so that it can be logged.
    """
    fitting = situation.fitting()
    nearest = {
        skill: min(situation.distance(action) for action in actions)
        for skill, actions in fitting.items()
    }
    within = max(REACH, min(nearest.values()) + AS_GOOD)
    beliefs = {skill: situation.belief(skill) for skill in fitting if nearest[skill] <= within}
    return [
        (action, share / len(fitting[skill]))
        for skill, share in chance_of_least(beliefs).items()
        for action in fitting[skill]
    ]


def _logit(p: float) -> float:
    bounded = min(1 - 1e-6, max(1e-6, p))
    return log(bounded / (1 - bounded))


def _sigmoid(x: float) -> float:
    return 1 / (1 + exp(-x))
