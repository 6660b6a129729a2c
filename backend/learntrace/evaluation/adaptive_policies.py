"""The policy and its rivals, each choosing items for one pupil from the same knowledge.

All know the game only through the same earlier pupils' answers.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import exp
from random import Random
from typing import Protocol

from learntrace.adaptive.policy import AIM, UNREPEATED, Situation, decide
from learntrace.skills.knowledge import Answer, ItemTable, Learner, learn, predict

RIGHT_TO_STEP_UP = 2
ELO_FIRST, ELO_SLOWING = 0.8, 0.05


class Chooser(Protocol):
    """Chooses for one pupil; `saw` tells it what came of the choice."""

    def choose(self, now: datetime) -> str: ...

    def saw(self, answer: Answer) -> None: ...

    def sleep(self) -> None:
        """The game session is over; the next one comes another day."""


@dataclass(frozen=True)
class Lessons:
    """What the earlier pupils' answers taught: the model's item table, and Elo's ratings."""

    offer: Mapping[str, Sequence[str]]
    table: ItemTable
    elo: Mapping[str, float]
    by_difficulty: Mapping[str, Sequence[str]]

    @classmethod
    def learn(
        cls,
        offer: Mapping[str, Sequence[str]],
        table: ItemTable,
        earlier: Sequence[Sequence[Answer]],
        now: datetime,
    ) -> "Lessons":
        """The order of difficulty is that of the table's predictions for a pupil nobody knows."""
        nobody = Learner()

        def by_difficulty(skill: str) -> list[str]:
            return sorted(
                offer[skill],
                key=lambda item: -predict(nobody, table, skill=skill, item=item, at=now).p,
            )

        return cls(
            offer=offer,
            table=table,
            elo=rate_items(earlier),
            by_difficulty={skill: by_difficulty(skill) for skill in offer},
        )


class Policy:
    """`learntrace.adaptive.policy`, as the endpoint calls it."""

    def __init__(self, lessons: Lessons, rng: Random) -> None:
        self._lessons, self._rng = lessons, rng
        self._learner = Learner()
        self._recent: list[Answer] = []

    def choose(self, now: datetime) -> str:
        lessons = self._lessons
        situation = Situation(self._learner, lessons.table, self._recent, lessons.offer, now)
        item = decide(situation, self._rng).action.item
        assert item is not None, "every skill of the simulated game has items"
        return item

    def saw(self, answer: Answer) -> None:
        learn(self._learner, self._lessons.table, answer)
        self._recent.append(answer)

    def sleep(self) -> None:
        self._recent = []


class RandomItem:
    """Any item."""

    def __init__(self, lessons: Lessons, rng: Random) -> None:
        self._items = [item for items in lessons.offer.values() for item in items]
        self._rng = rng

    def choose(self, now: datetime) -> str:  # noqa: ARG002 - the protocol's
        return self._rng.choice(self._items)

    def saw(self, answer: Answer) -> None:
        """Learns nothing."""

    def sleep(self) -> None:
        """Keeps nothing."""


class Ladder:
    """Of any skill the easiest item that was not solved yet; the hardest once all were."""

    up_after = 1
    down_after_failure = False
    starts_in_the_middle = False

    def __init__(self, lessons: Lessons, rng: Random) -> None:
        self._order, self._rng = lessons.by_difficulty, rng
        self._skills = list(self._order)
        self._rung = {
            skill: len(items) // 2 if self.starts_in_the_middle else 0
            for skill, items in self._order.items()
        }
        self._row = dict.fromkeys(self._skills, 0)

    def choose(self, now: datetime) -> str:  # noqa: ARG002 - the protocol's
        skill = self._rng.choice(self._skills)
        return self._order[skill][self._rung[skill]]

    def saw(self, answer: Answer) -> None:
        skill, top = answer.skill, len(self._order[answer.skill]) - 1
        self._row[skill] = self._row[skill] + 1 if answer.correct else 0
        if self._row[skill] == self.up_after:
            self._row[skill] = 0
            self._rung[skill] = min(top, self._rung[skill] + 1)
        elif not answer.correct and self.down_after_failure:
            self._rung[skill] = max(0, self._rung[skill] - 1)

    def sleep(self) -> None:
        """Goes on where it was."""


class Staircase(Ladder):
    """Of any skill, from its middle item on: two right a step up, one wrong a step down."""

    up_after = RIGHT_TO_STEP_UP
    down_after_failure = True
    starts_in_the_middle = True


class EloTarget:
    """Of any skill the item whose expected score by Elo is nearest to the same aim."""

    def __init__(self, lessons: Lessons, rng: Random) -> None:
        self._lessons, self._rng = lessons, rng
        self._skills = list(lessons.offer)
        self._rating = Rating()
        self._last: deque[str] = deque(maxlen=UNREPEATED)

    def choose(self, now: datetime) -> str:  # noqa: ARG002 - the protocol's
        skill = self._rng.choice(self._skills)
        items = [item for item in self._lessons.offer[skill] if item not in self._last]
        return min(items, key=lambda item: abs(self._expected(skill, item) - AIM))

    def saw(self, answer: Answer) -> None:
        missed = answer.correct - self._expected(answer.skill, answer.item)
        self._rating.move(answer.skill, missed)
        self._last.append(answer.item)

    def sleep(self) -> None:
        """Elo knows no time."""

    def _expected(self, skill: str, item: str) -> float:
        return _expected(self._rating.of(skill) + self._lessons.elo.get(item, 0.0))


class Rating:
    """Elo's rating of one pupil, in general and by skill; steps get smaller with answers."""

    def __init__(self) -> None:
        self._general = 0.0
        self._skills: dict[str, float] = {}
        self._answers = 0
        self._skill_answers: dict[str, int] = {}

    def of(self, skill: str) -> float:
        return self._general + self._skills.get(skill, 0.0)

    def move(self, skill: str, missed: float) -> None:
        """`missed`: score less expectation."""
        answers = self._skill_answers.get(skill, 0)
        self._general += _step(self._answers) * missed
        self._skills[skill] = self._skills.get(skill, 0.0) + _step(answers) * missed
        self._answers += 1
        self._skill_answers[skill] = answers + 1


def rate_items(earlier: Sequence[Sequence[Answer]]) -> dict[str, float]:
    """How easy Elo finds each item after all of these pupils' answers, in logits."""
    easiness: dict[str, float] = {}
    answers: dict[str, int] = {}
    for history in earlier:
        rating = Rating()
        for answer in history:
            item = answer.item
            missed = answer.correct - _expected(rating.of(answer.skill) + easiness.get(item, 0.0))
            rating.move(answer.skill, missed)
            easiness[item] = easiness.get(item, 0.0) + _step(answers.get(item, 0)) * missed
            answers[item] = answers.get(item, 0) + 1
    return easiness


def _step(answers: int) -> float:
    return ELO_FIRST / (1 + ELO_SLOWING * answers)


def _expected(rating: float) -> float:
    return 1 / (1 + exp(-rating))


STAIRCASE = "staircase"
CHOOSERS: Mapping[str, Callable[[Lessons, Random], Chooser]] = {
    "the policy": Policy,
    "Elo target": EloTarget,
    STAIRCASE: Staircase,
    "ladder": Ladder,
    "random": RandomItem,
}
