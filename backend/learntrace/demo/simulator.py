"""Believable play of the wave game: pupils of some classes over some days, from a seed.

Pure and repeatable: the same seed, pupils and dates give the same events to the last byte.
"""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from learntrace.demo.play import Play, Progress
from learntrace.demo.pupils import Habit, Pupil, Traits, draw_traits
from learntrace.demo.timetable import Sitting, sittings

GAME_VERSION = "1.0.0"

WireEvent = dict[str, Any]
"""An event as a game client sends it: the shape that the ingestion endpoints take."""


def simulate_play(
    seed: int,
    pupils: Sequence[Pupil],
    *,
    start: date,
    days: int = 14,
    zone: ZoneInfo,
    until: datetime | None = None,
) -> Iterator[WireEvent]:
    """Events of all pupils in the order of time.

    `start` is the first day in the school's `zone`. Nothing happens at or after `until` (aware).
    Two classes of 24 over two weeks make some 20,000 to 40,000 events. Within one game session
    `sequence` counts from 0 and timestamps never fall.
    """
    traits = draw_traits(seed, pupils)
    streams = [
        _pupil_play(seed, pupil, traits[pupil.student_id], start=start, days=days, zone=zone)
        for pupil in pupils
    ]
    for at, _, _, event in heapq.merge(*streams):
        if until is not None and at >= until:
            return
        yield event


def _pupil_play(
    seed: int, pupil: Pupil, traits: Traits, *, start: date, days: int, zone: ZoneInfo
) -> Iterator[tuple[datetime, UUID, int, WireEvent]]:
    """One pupil's events, led by what they sort by: time, then pupil, then the pupil's count."""
    progress = Progress()
    rng = Random(f"{seed}:play:{pupil.student_id}")  # noqa: S311 - simulation
    position = count()
    planned = sittings(seed, pupil, traits, start=start, days=days, zone=zone)
    for sitting in _apart(planned, traits):
        for at, event in _sitting_play(pupil, sitting, traits, progress, rng):
            yield at, pupil.student_id, next(position), event


def _apart(planned: Iterator[Sitting], traits: Traits) -> Iterator[Sitting]:
    """Leaves out a sitting that would begin before the one before it can have ended."""
    longest_break_s = 7200.0 if traits.habit is Habit.LONG_BREAKS else 900.0
    free_from = datetime.min.replace(tzinfo=UTC)
    for sitting in planned:
        if sitting.starts_at >= free_from:
            yield sitting
            free_from = sitting.starts_at + timedelta(seconds=sitting.budget_s + longest_break_s)


def _sitting_play(
    pupil: Pupil, sitting: Sitting, traits: Traits, progress: Progress, rng: Random
) -> Iterator[tuple[datetime, WireEvent]]:
    game_session_id = time_ordered_uuid(sitting.starts_at, rng)
    moves = Play(traits, progress, sitting.budget_s, rng).moves()
    for sequence, move in enumerate(moves):
        at = sitting.starts_at + timedelta(milliseconds=round(move.at_s * 1000))
        yield (
            at,
            {
                "event_id": str(time_ordered_uuid(at, rng)),
                "student_id": str(pupil.student_id),
                "session_id": str(game_session_id),
                "event_type": move.event_type,
                "timestamp": at.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z",
                "data": _data(move.level, sequence, move.data),
                "mission_id": f"level_{move.level}",
                "game_version": GAME_VERSION,
                "sequence": sequence,
            },
        )


def _data(level: int, sequence: int, data: Mapping[str, Any]) -> dict[str, Any]:
    return {"level": level, **data, "sequence": sequence}


def time_ordered_uuid(at: datetime, rng: Random) -> UUID:
    """A version 7 UUID (RFC 9562) whose random bits come from `rng`, so that it is repeatable."""
    milliseconds = int(at.timestamp() * 1000)
    return UUID(
        int=milliseconds << 80
        | 0x7 << 76
        | rng.getrandbits(12) << 64
        | 0b10 << 62
        | rng.getrandbits(62)
    )
