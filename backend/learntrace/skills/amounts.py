"""How much evidence each label takes in an ordinary school year."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from learntrace.skills.fusion import fuse
from learntrace.skills.types import Label, Observation, Skill, Source

MOST_SESSIONS: Final = 40
_NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)


def sessions_wanted(label: Label, *, ratings: int) -> int | None:
    """Weekly game sessions for at least `label`, besides a teacher's rating every other week.

    Each session and each rating says one thing on the skill, and they agree. `None` where 40
    sessions do not reach it.
    """
    order = list(Label)
    for sessions in range(MOST_SESSIONS + 1):
        found = fuse(Skill.RESILIENCE, _year(sessions, ratings), now=_NOW).label
        if order.index(found) >= order.index(label):
            return sessions
    return None


def table(ratings: Sequence[int] = range(5)) -> Mapping[Label, tuple[int | None, ...]]:
    """For each label above `insufficient`, the sessions wanted beside so many ratings."""
    return {
        label: tuple(sessions_wanted(label, ratings=count) for count in ratings)
        for label in Label
        if label is not Label.INSUFFICIENT
    }


def _year(sessions: int, ratings: int) -> list[Observation]:
    play = [_seen(Source.GAME_PLAY, 7 * number) for number in range(sessions)]
    return play + [_seen(Source.TEACHER_RATINGS, 14 * number + 1) for number in range(ratings)]


def _seen(source: Source, days_ago: int) -> Observation:
    name = f"{source}:{days_ago}"
    return Observation(name, source, 0.0, _NOW - timedelta(days=days_ago), name)
