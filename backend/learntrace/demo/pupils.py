"""What makes simulated pupils differ: ability, persistence, pace, and habits of play."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Pupil:
    """Somebody to simulate; pupils of one `class_name` share their lessons."""

    student_id: UUID
    class_name: str


class Habit(StrEnum):
    """How a pupil takes to the game."""

    STEADY = "steady"
    NEVER_PLAYS = "never_plays"
    STOPS_EARLY = "stops_early"
    GETS_STUCK = "gets_stuck"
    LONG_BREAKS = "long_breaks"


@dataclass(frozen=True, slots=True)
class Traits:
    """One pupil's nature.

    `ability` about -1 to 2, where 0 is typical; `persistence` 0 to 1, the share of patience left
    when others give up; `pace` 0.6 (quick) to 1.7 (slow) times the usual time between moves;
    `home_play` 0 to 1, the chance to play on an afternoon; `stuck_at` the level that does not
    give way, for pupils who get stuck.
    """

    habit: Habit
    ability: float
    persistence: float
    pace: float
    home_play: float
    stuck_at: int | None


def draw_traits(seed: int, pupils: Sequence[Pupil]) -> Mapping[UUID, Traits]:
    """Traits for every pupil, the same for the same seed and pupils.

    In a class of 24: two who never play, two who stop early, three who get stuck on a level;
    in the whole group one who takes long breaks.
    """
    traits: dict[UUID, Traits] = {}
    by_class: dict[str, list[Pupil]] = {}
    for pupil in pupils:
        by_class.setdefault(pupil.class_name, []).append(pupil)
    for class_name in sorted(by_class):
        members = sorted(by_class[class_name], key=lambda pupil: pupil.student_id)
        takes_breaks = Habit.LONG_BREAKS not in {known.habit for known in traits.values()}
        habits = _habits(len(members), takes_breaks)
        Random(f"{seed}:habits:{class_name}").shuffle(habits)  # noqa: S311 - simulation
        for pupil, habit in zip(members, habits, strict=True):
            traits[pupil.student_id] = _traits(seed, pupil, habit)
    return traits


def _habits(count: int, takes_breaks: bool) -> list[Habit]:
    habits = (
        [Habit.NEVER_PLAYS] * (count // 12)
        + [Habit.STOPS_EARLY] * (count // 12)
        + [Habit.GETS_STUCK] * (count // 8)
        + [Habit.LONG_BREAKS] * (takes_breaks and count >= 4)
    )
    return habits + [Habit.STEADY] * (count - len(habits))


def _traits(seed: int, pupil: Pupil, habit: Habit) -> Traits:
    rng = Random(f"{seed}:traits:{pupil.student_id}")  # noqa: S311 - simulation
    return Traits(
        habit=habit,
        ability=min(2.0, max(-1.0, rng.gauss(0.0, 0.6))),
        persistence=rng.betavariate(4, 2),
        pace=min(1.7, max(0.6, rng.lognormvariate(0.0, 0.25))),
        home_play=rng.betavariate(1, 8),
        stuck_at=rng.randint(6, 16) if habit is Habit.GETS_STUCK else None,
    )
