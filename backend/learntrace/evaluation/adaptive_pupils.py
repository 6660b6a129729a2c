"""A made-up game and pupils who learn, forget, get frustrated or bored, and quit.

They are no copy of the model that is tried on them. An answer follows a three-parameter curve:
items differ in how well they tell pupils apart, and `GUESS` of the wrong ones come out right;
pupils learn at their own pace, from a wrong answer half as much, and lose some of that overnight.
No rate of success makes anybody learn more: whether one does is not known, so nothing is to be
won from assuming it.

Somebody quits, with `QUIT_FRUSTRATED` for every failure in a row after the second one, and with
`QUIT_BORED` for every success in a row after the twelfth. These two say only that endless
failure drives away sooner than endless success; their size is a guess, so quits compare
policies with each other and foretell nothing about a real game.

Pupils differ as much as makes a staircase reach the band in .52 of its steps and Elo in .59:
what the design's own simulation, whose code is not kept, had measured for these two.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import exp
from random import Random

SKILLS = 4
ITEMS_PER_SKILL = 24
EASIEST, HARDEST = -3.2, 2.8
GUESS = 0.05
ABILITY_SD = 0.7
SKILL_SD = 0.25
PACE = 0.03
"""Logits that the median pupil's skill gains from a right answer."""
PACE_SPREAD = 0.5
LOST_OVERNIGHT = 0.2
QUIT_FRUSTRATED = 0.05
FAILURES_BORNE = 2
QUIT_BORED = 0.005
SUCCESSES_BORNE = 12


@dataclass(frozen=True, slots=True)
class SimulatedItem:
    """How hard an item truly is, in logits, and how sharply it tells pupils apart."""

    skill: str
    difficulty: float
    discrimination: float


@dataclass(frozen=True, slots=True)
class SimulatedGame:
    """Items by name; every skill has easy and hard ones."""

    items: Mapping[str, SimulatedItem]

    @classmethod
    def make(cls, rng: Random) -> "SimulatedGame":
        items = {}
        for skill_number in range(SKILLS):
            skill = f"skill {skill_number + 1}"
            offset = rng.gauss(0, 0.4)
            for number in range(ITEMS_PER_SKILL):
                items[f"{skill}, item {number + 1}"] = SimulatedItem(
                    skill, rng.uniform(EASIEST, HARDEST) + offset, rng.lognormvariate(0, 0.2)
                )
        return cls(items)

    @property
    def offer(self) -> dict[str, list[str]]:
        """Skill -> its items."""
        found: dict[str, list[str]] = {}
        for name, item in self.items.items():
            found.setdefault(item.skill, []).append(name)
        return found


@dataclass(slots=True)
class SimulatedPupil:
    """One pupil of the game; the same `rng` makes the same pupil."""

    game: SimulatedGame
    rng: Random
    has_quit: bool = False
    _failures: int = 0
    _successes: int = 0
    _ability: dict[str, float] = field(default_factory=dict)
    _gained: dict[str, float] = field(default_factory=dict)
    _pace: float = 0.0

    def __post_init__(self) -> None:
        general = self.rng.gauss(0, ABILITY_SD)
        for skill in self.game.offer:
            self._ability[skill] = general + self.rng.gauss(0, SKILL_SD)
            self._gained[skill] = 0.0
        self._pace = PACE * self.rng.lognormvariate(0, PACE_SPREAD)

    @property
    def gain(self) -> float:
        """Logits learned and not forgotten, mean over the skills."""
        return sum(self._gained.values()) / len(self._gained)

    def chance(self, name: str) -> float:
        """The true probability that this pupil would now get the item right."""
        item = self.game.items[name]
        ability = self._ability[item.skill] + self._gained[item.skill]
        knows = 1 / (1 + exp(-item.discrimination * (ability - item.difficulty)))
        return GUESS + (1 - GUESS) * knows

    def answer(self, name: str) -> bool:
        """Answer the item, learn from it, and perhaps quit."""
        correct = self.rng.random() < self.chance(name)
        self._gained[self.game.items[name].skill] += self._pace * (1.0 if correct else 0.5)
        self._successes = self._successes + 1 if correct else 0
        self._failures = 0 if correct else self._failures + 1
        hazard = QUIT_FRUSTRATED * max(0, self._failures - FAILURES_BORNE)
        hazard += QUIT_BORED * max(0, self._successes - SUCCESSES_BORNE)
        self.has_quit = self.rng.random() < hazard
        return correct

    def sleep(self) -> None:
        """A night: some of what was learned is lost, and the next day starts in good spirits."""
        for skill in self._gained:
            self._gained[skill] *= 1 - LOST_OVERNIGHT
        self._failures = self._successes = 0
