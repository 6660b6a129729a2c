"""One sitting with the simulated wave game, move by move, as the game would log it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from learntrace.demo.pupils import Habit, Traits
from learntrace.demo.wave_game import (
    LEVEL_COUNT,
    LEVELS,
    QUESTIONS,
    RANGES,
    Level,
    Slider,
    chapter_start,
    wave_data,
)

_LEARNING_PER_LEVEL = 0.02
_ANSWERS = range(4)


@dataclass(frozen=True, slots=True)
class Move:
    """One line of the game's log; `at_s` seconds after the sitting began."""

    at_s: float
    event_type: str
    level: int
    data: dict[str, Any]


@dataclass(slots=True)
class Progress:
    """How far a pupil has come; kept from sitting to sitting."""

    next_level: int = 0
    levels_done: int = 0
    questions_answered: set[int] = field(default_factory=set)


class Play:
    """A pupil at the game for one sitting of at most `budget_s` seconds.

    The clock stops the sitting wherever it is, so the last level may stay open.
    """

    def __init__(self, traits: Traits, progress: Progress, budget_s: float, rng: Random) -> None:
        self._traits = traits
        self._progress = progress
        self._budget_s = budget_s
        self._rng = rng
        self._now_s = 0.0
        self._quits = False

    def moves(self) -> Iterator[Move]:
        """The sitting's moves, times never falling; updates the pupil's progress."""
        for move in self._levels():
            if move.at_s > self._budget_s:
                return
            yield move

    def _levels(self) -> Iterator[Move]:
        if self._progress.next_level > 0:
            yield from self._find_own_level()
        while not self._quits and self._now_s < self._budget_s:
            level = LEVELS[self._progress.next_level]
            yield from self._level(level)

    def _find_own_level(self) -> Iterator[Move]:
        """Back in the game: from the chapter's start past the levels already done."""
        own = self._progress.next_level
        if self._rng.random() < 0.5:
            return
        first = chapter_start(own)
        for number in range(first, own):
            if number == first:
                yield self._event("begin", number)
                self._wait(6.0, 0.4)
            yield self._event("skip_button", number)
            self._wait(0.45, 0.5)

    def _level(self, level: Level) -> Iterator[Move]:
        values = dict(level.start)
        yield self._event("begin", level.number)
        if level.has_goal and level.number > 1:
            yield self._outcome("fail", level, level.tolerance * self._rng.uniform(2, 6), values)
        self._wait(6.6, 0.55)
        patience = 3 + round(16 * self._traits.persistence)
        tries = self._rng.randint(1, 4) if not level.has_goal else patience
        for attempt in range(tries):
            yield from self._try(level, values, attempt)
            if level.has_goal and level.is_solved(values):
                break
            yield from self._between_tries(level, values)
        if level.is_solved(values):
            yield from self._complete(level, values)
        else:
            yield from self._give_up(level)

    def _try(self, level: Level, values: dict[Slider, float], attempt: int) -> Iterator[Move]:
        slider = self._choose(level, values)
        if self._rng.random() < 0.03:
            yield from self._arrows(level, values, slider)
        else:
            yield from self._drag(level, values, slider, attempt)

    def _between_tries(self, level: Level, values: dict[Slider, float]) -> Iterator[Move]:
        if self._rng.random() < 0.025:
            self._wait(0.8, 0.5)
            yield self._event(
                "reset_btn_press", level.number, wave_data(values, level.closeness(values))
            )
            values.update(level.start)
        self._wait(3.0, 0.5)
        self._look_away()

    def _look_away(self) -> None:
        """Seldom, the pupil does something else for a while."""
        if self._traits.habit is Habit.LONG_BREAKS and self._rng.random() < 0.02:
            pause_s = self._rng.uniform(240, 1500)
            self._budget_s += pause_s
            self._now_s += pause_s
        elif self._rng.random() < 0.004:
            self._now_s += self._rng.uniform(25, 150)

    def _choose(self, level: Level, values: dict[Slider, float]) -> Slider:
        """Mostly a slider that stands wrong, the more so the abler the pupil."""
        sliders = list(level.start)
        if level.has_goal and self._rng.random() < 0.45 + 0.5 * self._mastery(level):
            return max(sliders, key=lambda slider: abs(values[slider] - level.goal[slider]))
        return self._rng.choice(sliders)

    def _mastery(self, level: Level) -> float:
        """0 to 1: how well this pupil can read this level by now."""
        if level.number == self._traits.stuck_at:
            return 0.0
        skill = self._traits.ability + _LEARNING_PER_LEVEL * self._progress.levels_done
        return 1 / (1 + math.exp(-(skill - 2.4 * level.difficulty + 0.8) * 1.6))

    def _drag(
        self, level: Level, values: dict[Slider, float], slider: Slider, attempt: int
    ) -> Iterator[Move]:
        wave, kind = slider
        low, high = RANGES[kind]
        before = values[slider]
        was_solved, closeness_before = level.is_solved(values), level.closeness(values)
        spread = (high - low) * (0.02 + 0.22 * (1 - self._mastery(level))) / (1 + 0.08 * attempt)
        target = self._aim(level, slider)
        values[slider] = min(high, max(low, self._rng.gauss(target, spread)))
        drag_s = self._rng.lognormvariate(0.4, 0.5) * self._traits.pace
        if level.has_goal:
            yield from self._flips(level, values, was_solved, drag_s)
        self._now_s += drag_s * 0.3
        yield self._event(
            "slider_move_release",
            level.number,
            {
                "slider": kind,
                "wave": wave,
                "correct_val": level.goal[slider] if level.has_goal else 0,
                "begin_closeness": round(closeness_before, 3),
                "end_closeness": round(level.closeness(values), 3),
                **self._trace(before, values[slider], RANGES[kind], drag_s),
            },
        )

    def _aim(self, level: Level, slider: Slider) -> float:
        """Where the pupil means to put the slider; who is stuck has the wrong idea of the level."""
        low, high = RANGES[slider[1]]
        if not level.has_goal:
            return self._rng.uniform(low, high)
        goal = level.goal[slider]
        if level.number == self._traits.stuck_at:
            return goal + (high - low) * (0.5 if goal < (low + high) / 2 else -0.5)
        return goal

    def _trace(
        self, before: float, after: float, limits: tuple[float, float], drag_s: float
    ) -> dict[str, float]:
        """How the slider moved between press and release."""
        overshoot = abs(after - before) * self._rng.uniform(0, 0.4)
        lowest = max(limits[0], min(before, after) - overshoot)
        highest = min(limits[1], max(before, after) + overshoot)
        return {
            "begin_val": round(before, 3),
            "end_val": round(after, 3),
            "min_val": round(lowest, 3),
            "max_val": round(highest, 3),
            "ave_val": round((before + after + lowest + highest) / 4, 3),
            "stdev_val": round((highest - lowest) * self._rng.uniform(0.2, 0.4), 3),
            "direction_shifts": 1 + int(self._rng.expovariate(0.6)),
            "drag_length_ticks": 1 + round(drag_s * 30),
        }

    def _flips(
        self, level: Level, values: dict[Slider, float], was_solved: bool, drag_s: float
    ) -> Iterator[Move]:
        """During a drag the waves meet and part again: succeed and fail take turns."""
        is_solved = level.is_solved(values)
        passes = int(self._rng.expovariate(0.9)) if self._rng.random() < 0.5 else 0
        near = is_solved or level.closeness(values) < 3 * level.tolerance
        flips = 2 * passes * near + (is_solved != was_solved)
        self._now_s += drag_s * 0.5
        solved = was_solved
        for _ in range(flips):
            solved = not solved
            edge = self._rng.uniform(0.85, 1.0) if solved else self._rng.uniform(1.0, 1.15)
            yield self._outcome(
                "succeed" if solved else "fail", level, level.tolerance * edge, values
            )
            if solved:
                self._wait(0.06, 0.8)
            else:
                self._wait(0.8, 0.6)

    def _arrows(self, level: Level, values: dict[Slider, float], slider: Slider) -> Iterator[Move]:
        """Taps on a slider's arrows, each one a small step, mostly towards the goal."""
        wave, kind = slider
        low, high = RANGES[kind]
        target = level.goal.get(slider, 0.0)
        for _ in range(self._rng.randint(1, 6)):
            before, was_solved = values[slider], level.is_solved(values)
            step = 0.731 if before < target else -0.731
            values[slider] = min(high, max(low, before + step))
            is_solved = level.is_solved(values)
            if level.has_goal and is_solved != was_solved:
                outcome = "succeed" if is_solved else "fail"
                yield self._outcome(outcome, level, level.closeness(values), values)
            yield self._event(
                "arrow_move_release",
                level.number,
                {
                    "slider": kind,
                    "wave": wave,
                    "correct_val": target,
                    "begin_val": round(before, 3),
                    "end_val": round(values[slider], 3),
                    "closeness": round(level.closeness(values), 3),
                },
            )
            self._wait(0.35, 0.6)

    def _complete(self, level: Level, values: dict[Slider, float]) -> Iterator[Move]:
        self._wait(1.23, 0.4)
        yield self._event("complete", level.number, wave_data(values, level.closeness(values)))
        yield from self._questions(level)
        self._progress.levels_done += 1
        self._progress.next_level = self._after(level)
        if self._rng.random() < 0.12:
            self._wait(2.0, 0.5)
        else:
            self._now_s += 0.01

    def _after(self, level: Level) -> int:
        """The next level, or once all are done any with a goal, to try it once more."""
        if level.number + 1 < LEVEL_COUNT and self._progress.levels_done < LEVEL_COUNT:
            return level.number + 1
        return self._rng.choice([other.number for other in LEVELS if other.has_goal])

    def _questions(self, level: Level) -> Iterator[Move]:
        for question, answer in QUESTIONS.get(level.number, ()):
            if question in self._progress.questions_answered:
                continue
            self._progress.questions_answered.add(question)
            self._wait(7.0, 0.5)
            knows = self._rng.random() < 0.4 + 0.5 * self._mastery(level)
            answered = answer if knows else self._rng.choice(_ANSWERS)
            yield self._event(
                "question_answer",
                level.number,
                {"question": question, "answer": answer, "answered": answered},
            )

    def _give_up(self, level: Level) -> Iterator[Move]:
        """Out of patience: to the menu, then again, or that is it for this time."""
        self._wait(2.0, 0.6)
        yield self._event("menu_button", level.number)
        self._wait(1.9, 0.6)
        roll = self._rng.random()
        if roll < 0.1:
            yield self._event("dismiss_menu_button", level.number)
            self._wait(1.0, 0.5)
        elif roll > 0.3 + 0.6 * self._traits.persistence:
            self._quits = True

    def _outcome(
        self, event_type: str, level: Level, closeness: float, values: dict[Slider, float]
    ) -> Move:
        return self._event(event_type, level.number, wave_data(values, closeness))

    def _event(self, event_type: str, level: int, data: dict[str, Any] | None = None) -> Move:
        return Move(self._now_s, event_type, level, data or {})

    def _wait(self, typical_s: float, spread: float) -> None:
        """Let a log-normal time pass, `typical_s` its median for a pupil of usual pace."""
        self._now_s += self._rng.lognormvariate(math.log(typical_s), spread) * self._traits.pace
