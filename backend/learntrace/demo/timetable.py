"""When simulated pupils play: lessons of their class on weekdays, and a little at home."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from learntrace.demo.pupils import Habit, Pupil, Traits

SCHOOL_DAYS = 5
_LESSON_STARTS = (time(8, 40), time(9, 35), time(10, 45), time(11, 40), time(13, 30))
_ATTENDANCE = 0.93


@dataclass(frozen=True, slots=True)
class Sitting:
    """One stretch of play by one pupil: when it starts (aware UTC) and the time there is for it."""

    starts_at: datetime
    budget_s: float
    at_school: bool


@dataclass(frozen=True, slots=True)
class Lesson:
    """A weekly lesson with the game: `weekday` 0 is Monday, `starts` the school's local time."""

    weekday: int
    starts: time
    is_double: bool


def draw_lessons(seed: int, class_name: str) -> tuple[Lesson, ...]:
    """Two lessons a week on different weekdays, or one double lesson; in school hours."""
    rng = Random(f"{seed}:lessons:{class_name}")  # noqa: S311 - simulation
    weekdays = sorted(rng.sample(range(SCHOOL_DAYS), rng.choice((1, 2))))
    is_double = len(weekdays) == 1
    return tuple(Lesson(weekday, rng.choice(_LESSON_STARTS), is_double) for weekday in weekdays)


def sittings(
    seed: int,
    pupil: Pupil,
    traits: Traits,
    *,
    start: date,
    days: int,
    zone: ZoneInfo,
) -> Iterator[Sitting]:
    """A pupil's sittings in the order of time; they never overlap.

    `start` is the first day in the school's `zone`; daylight saving is the zone's own.
    """
    if traits.habit is Habit.NEVER_PLAYS:
        return
    lessons = draw_lessons(seed, pupil.class_name)
    rng = Random(f"{seed}:sittings:{pupil.student_id}")  # noqa: S311 - simulation
    last_day = days if traits.habit is not Habit.STOPS_EARLY else max(1, days // 2)
    for offset in range(last_day):
        day = start + timedelta(days=offset)
        for lesson in lessons:
            if lesson.weekday == day.weekday() and rng.random() < _ATTENDANCE:
                yield _lesson_sitting(day, lesson, traits, zone, rng)
        if rng.random() < traits.home_play:
            yield _home_sitting(day, zone, rng)


def _lesson_sitting(
    day: date, lesson: Lesson, traits: Traits, zone: ZoneInfo, rng: Random
) -> Sitting:
    settling_s = rng.uniform(120, 600) + rng.expovariate(1 / 30) * traits.pace
    budget_s = rng.uniform(600, 1000) * (1.8 if lesson.is_double else 1.0)
    if traits.habit is Habit.STOPS_EARLY:
        budget_s *= 0.4
    return Sitting(_instant(day, lesson.starts, settling_s, zone), budget_s, at_school=True)


def _home_sitting(day: date, zone: ZoneInfo, rng: Random) -> Sitting:
    earliest = time(16, 0) if day.weekday() < SCHOOL_DAYS else time(10, 0)
    delay_s = rng.uniform(0, 4 * 3600)
    return Sitting(
        _instant(day, earliest, delay_s, zone), rng.lognormvariate(5.5, 0.7), at_school=False
    )


def _instant(day: date, starts: time, delay_s: float, zone: ZoneInfo) -> datetime:
    local = datetime.combine(day, starts, tzinfo=zone)
    return local.astimezone(UTC) + timedelta(milliseconds=round(delay_s * 1000))
