"""Who may need attention: stuck work of the last days, and who has not been seen. No ranking."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import tenants
from learntrace.accounts.games import ready_mapping_in_force
from learntrace.assessment import reading as assessed
from learntrace.assessment.reading import Struggle
from learntrace.classroom.schemas_lesson import (
    AttentionOut,
    StuckPupil,
    StuckReason,
    TaskNow,
    UnseenPupil,
)
from learntrace.events.mapping import GameMapping
from learntrace.features.types import Outcome
from learntrace.game_sessions import reading as played
from learntrace.kit.clock import now
from learntrace.roster import reading as roster
from learntrace.roster.choice import Which
from learntrace.roster.visibility import Sight, require_class

DAYS = 7
MOST_REASONS = 3
FAILURES = 3
# One failure before the end may be the bell.
STOPPED = 2

Code = Literal["wheel_spinning", "repeated_failure", "stopped_early"]
_LEFT = frozenset({Outcome.ABANDONED, Outcome.ENDED, Outcome.TIMED_OUT})


@dataclass(frozen=True, slots=True)
class Sitting:
    """One assessed session of a student."""

    game_session_id: UUID
    game_id: UUID
    struggle: Struggle


@dataclass(frozen=True, slots=True)
class Trouble:
    """A reason found; `task` is `None` where it is no single task; `failures` in it."""

    code: Code
    game_session_id: UUID
    game_id: UUID
    task: str | None = None
    failures: int = 0


async def show_attention(
    db: AsyncSession, sight: Sight, class_id: UUID, which: Which
) -> AttentionOut:
    """Stuck work of the last 7 days and who did not play in them; 6 statements and 2 a game."""
    read_at = now()
    since = read_at - timedelta(days=DAYS)
    found = await require_class(db, sight, class_id, which)
    students = await roster.list_students_of_class(db, sight, found.key, after=None, limit=None)
    totals = await played.play_totals(db, [one.key for one in students], games=sight.games)
    recent = played.recent_sessions(
        found.school_id, [one.id for one in students], games=sight.games, since=since
    )
    sessions = await played.list_recent(db, recent)
    struggles = await assessed.find_struggles(db, found.school_id, [one.id for one in sessions])
    sittings: dict[UUID, list[Sitting]] = defaultdict(list)
    for one in sessions:
        if one.id in struggles:
            sitting = Sitting(one.id, one.game_id, struggles[one.id])
            sittings[one.student_id].append(sitting)
    troubles = {student: stuck_in(own) for student, own in sittings.items()}
    game_ids = {one.game_id for each in troubles.values() for one in each}
    games = await tenants.named_games(db, game_ids)
    mappings = {
        game_id: (await ready_mapping_in_force(db, found.school_id, game_id))[1]
        for game_id in sorted(game_ids)
    }
    return AttentionOut(
        data_until=read_at,
        days=DAYS,
        stuck=[
            StuckPupil(
                student_id=one.id,
                display_name=one.display_name,
                reasons=[
                    _reason(each, games[each.game_id].name, mappings[each.game_id])
                    for each in troubles[one.id]
                ],
            )
            for one in students
            if troubles.get(one.id)
        ],
        not_seen=[
            UnseenPupil(
                student_id=one.id,
                display_name=one.display_name,
                last_played_at=last,
            )
            for one in students
            if (last := totals[one.key].last_event_at) is None or last < since
        ],
    )


def stuck_in(sittings: Sequence[Sitting]) -> list[Trouble]:
    """What one student is stuck in, newest first, at most 3 reasons. Pure.

    `sittings` are the student's, oldest first. A task that was finished since is no trouble, and
    neither is a skill once a newer session with enough tries says otherwise.
    """
    found: list[Trouble] = []
    settled: set[tuple[UUID, str]] = set()
    judged: set[UUID] = set()
    for newest, sitting in enumerate(reversed(sittings)):
        if sitting.struggle.wheel_spinning is not None and sitting.game_id not in judged:
            judged.add(sitting.game_id)
            if sitting.struggle.wheel_spinning:
                found.append(Trouble("wheel_spinning", sitting.game_session_id, sitting.game_id))
        found.extend(_stuck_tasks(sitting, settled, is_newest=newest == 0))
    return found[:MOST_REASONS]


def _stuck_tasks(
    sitting: Sitting, settled: set[tuple[UUID, str]], *, is_newest: bool
) -> Iterator[Trouble]:
    """A sitting's unfinished tasks, last first; `settled` are those that need no more saying."""
    for place, task in enumerate(reversed(sitting.struggle.tasks)):
        key = (sitting.game_id, task["task"])
        if key in settled:
            continue
        if task["outcome"] == Outcome.COMPLETED:
            settled.add(key)
            continue
        code = _code(task, stopped_here=is_newest and place == 0)
        if code is not None:
            settled.add(key)
            yield Trouble(
                code, sitting.game_session_id, sitting.game_id, task["task"], task["failures"]
            )


def _code(task: Mapping[str, Any], *, stopped_here: bool) -> Code | None:
    if task["failures"] >= FAILURES:
        return "repeated_failure"
    stopped = stopped_here and task["failures"] >= STOPPED and task["outcome"] in _LEFT
    return "stopped_early" if stopped else None


def _reason(trouble: Trouble, game: str, mapping: GameMapping) -> StuckReason:
    task = trouble.task
    title = "" if task is None else mapping.task_title(task)
    words = {
        "wheel_spinning": f"Has practised a skill in {game} at least 10 times without being right "
        "three times in a row.",
        "repeated_failure": f"Failed {trouble.failures} times at “{title}” and has not "
        "finished it since.",
        "stopped_early": f"Stopped at “{title}” after {trouble.failures} failed tries and has not "
        "finished it since.",
    }
    return StuckReason(
        code=trouble.code,
        words=words[trouble.code],
        game_session_id=trouble.game_session_id,
        game=game,
        task=None if task is None else TaskNow(key=task, title=title),
    )
