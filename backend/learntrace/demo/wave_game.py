"""The rules of the simulated wave game: levels, sliders, and how close two waves are.

A level shows a goal wave; the pupil moves sliders until the own wave lies close enough to it.
Vocabulary and magnitudes follow the play logs of Wave Combinator (Field Day, 2019, CC0).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

LEVEL_COUNT = 35
CHAPTER_STARTS = (0, 10, 18, 30, 33)
"""Each chapter closes with waves drawn at random: there the game's skip button draws others and
leaves no level, so that nobody pages past them."""
FREE_PLAY_LEVELS = frozenset({0, 10, 18})
"""Levels without a goal: the pupil tries the sliders and goes on."""
QUESTIONS: Mapping[int, tuple[tuple[int, int], ...]] = {
    8: ((0, 0), (1, 1)),
    16: ((2, 0), (3, 1)),
}
"""After these levels the game asks: pairs of question number and right answer (0 to 3)."""

Slider = tuple[str, str]
"""A wave ("left" or "right") and what is changed about it (AMPLITUDE, WAVELENGTH, OFFSET)."""

RANGES: Mapping[str, tuple[float, float]] = {
    "AMPLITUDE": (0.0, 30.0),
    "WAVELENGTH": (2.0, 100.0),
    "OFFSET": (-50.0, 50.0),
}
_AT_REST: Mapping[str, float] = {"AMPLITUDE": 14.912, "WAVELENGTH": 26.214, "OFFSET": -0.292}
_CLOSENESS_PER_UNIT: Mapping[str, float] = {"AMPLITUDE": 40.0, "WAVELENGTH": 18.0, "OFFSET": 60.0}
_NO_GOAL_CLOSENESS = 999_999.0
_FARTHEST_CLOSENESS = 1_500.0


@dataclass(frozen=True, slots=True)
class Level:
    """One puzzle.

    `difficulty` 0 (easy) to 1; `start` and `goal` hold each movable slider's value;
    `tolerance` is the closeness below which the level counts as solved.
    """

    number: int
    difficulty: float
    start: Mapping[Slider, float]
    goal: Mapping[Slider, float]
    tolerance: float

    @property
    def has_goal(self) -> bool:
        return self.number not in FREE_PLAY_LEVELS

    def closeness(self, values: Mapping[Slider, float]) -> float:
        """Distance from the goal: 0 is a perfect match, 999,999 where there is no goal."""
        if not self.has_goal:
            return _NO_GOAL_CLOSENESS
        distance = math.hypot(
            *(
                (values[slider] - target) * _CLOSENESS_PER_UNIT[slider[1]]
                for slider, target in self.goal.items()
            )
        )
        return min(distance, _FARTHEST_CLOSENESS)

    def is_solved(self, values: Mapping[Slider, float]) -> bool:
        return not self.has_goal or self.closeness(values) < self.tolerance


def _sliders(number: int, rng: Random) -> list[Slider]:
    """Early levels move one slider of the left wave, late ones up to five of both."""
    kinds = list(RANGES)
    rng.shuffle(kinds)
    if number in FREE_PLAY_LEVELS:
        return [(wave, kind) for wave in ("left", "right")[: 1 + (number > 0)] for kind in RANGES]
    left = min(3, 1 + number // 4)
    right = 0 if number < 23 else min(2, (number - 20) // 4)
    return [("left", kind) for kind in kinds[:left]] + [("right", kind) for kind in kinds[:right]]


def _level(number: int) -> Level:
    rng = Random(f"level {number}")  # noqa: S311 - a game's content, nothing secret
    sliders = _sliders(number, rng)
    start = {slider: _AT_REST[slider[1]] for slider in sliders}
    goal = {}
    for slider in sliders:
        low, high = RANGES[slider[1]]
        away = rng.uniform(0.12, 0.4) * (high - low) * rng.choice((-1, 1))
        target = start[slider] + away
        goal[slider] = round(target if low <= target <= high else start[slider] - away, 1)
    return Level(
        number=number,
        difficulty=min(1.0, 0.1 + number / LEVEL_COUNT * 0.8 + (0.15 if number in {9, 28} else 0)),
        start=start,
        goal=goal,
        tolerance=150.0 + 20.0 * len(sliders),
    )


LEVELS: tuple[Level, ...] = tuple(_level(number) for number in range(LEVEL_COUNT))


def chapter_start(level: int) -> int:
    """The first level of the chapter that `level` belongs to: where the game's menu leads."""
    return max(start for start in CHAPTER_STARTS if start <= level)


def wave_data(values: Mapping[Slider, float], closeness: float) -> dict[str, float]:
    """Both waves as the game logs them; sliders out of play stand at rest."""
    data: dict[str, float] = {"closeness": round(closeness, 3)}
    for wave in ("left", "right"):
        for kind, rest in _AT_REST.items():
            data[f"{kind.lower()}_{wave}"] = round(values.get((wave, kind), rest), 3)
    return data
