"""Who may need attention: stuck work of the last days, and who has not been seen. No ranking."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import dropwhile
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
from learntrace.game_sessions.reading import PlayedSession
from learntrace.kit.clock import now
from learntrace.roster import reading as roster
from learntrace.roster.choice import Which
from learntrace.roster.visibility import Sight, require_class
from learntrace.skills import practice

DAYS = 7
MOST_OF_EACH = 20
MOST_SITTINGS = 6000
MOST_REASONS = 3
FAILURES = 3
# One failure before the end may be the bell.
STOPPED = 2

Code = Literal["wheel_spinning", "repeated_failure", "stopped_early"]
_LEFT = frozenset({Outcome.ABANDONED, Outcome.ENDED, Outcome.TIMED_OUT})


@dataclass(frozen=True, slots=True)
class Sitting:
    """One assessed session of a student.

    `practised`: the skills with 10 tries or more, and whether the wheels spun; empty where that is
    not known.
    """

    game_session_id: UUID
    game_id: UUID
    struggle: Struggle
    practised: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class Trouble:
    """A reason found; `task` is `None` where it is no single task; `failures` in it.

    `skills` are those of `wheel_spinning`, none where that is not known.
    """

    code: Code
    game_session_id: UUID
    game_id: UUID
    task: str | None = None
    failures: int = 0
    skills: Collection[str] = ()


async def show_attention(
    db: AsyncSession, sight: Sight, class_id: UUID, which: Which
) -> AttentionOut:
    """Stuck work of the last 7 days and who did not play in them; 7 statements and 2 a game.

    Of each student the newest 20 sessions of those days, fewer where a class has over 300.
    """
    read_at = now()
    since = read_at - timedelta(days=DAYS)
    found = await require_class(db, sight, class_id, which)
    students = await roster.list_students_of_class(db, sight, found.key)
    totals = await played.play_totals(db, [one.key for one in students], games=sight.games)
    sessions = await played.list_newest_of_each(
        db,
        found.school_id,
        [one.id for one in students],
        games=sight.games,
        since=since,
        most=sittings_of_each(len(students)),
    )
    struggles = await assessed.find_struggles(db, found.school_id, [one.id for one in sessions])
    practised = await practice.practised_in_sessions(
        db, found.school_id, _since_wheels_spun(sessions, struggles)
    )
    sittings: dict[UUID, list[Sitting]] = defaultdict(list)
    for one in sessions:
        if one.id in struggles:
            sittings[one.student_id].append(
                Sitting(one.id, one.game_id, struggles[one.id], practised.get(one.id, {}))
            )
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


def sittings_of_each(student_count: int) -> int:
    """How many of each student's newest sessions are read."""
    return min(MOST_OF_EACH, MOST_SITTINGS // max(student_count, 1)) or 1


def stuck_in(sittings: Sequence[Sitting]) -> list[Trouble]:
    """What one student is stuck in, newest first, at most 3 reasons. Pure.

    `sittings` are the student's, oldest first. A task that was finished since is no trouble, and
    neither is a skill once a newer session with enough tries at it says otherwise, or at any skill
    where it is not known which one it was.
    """
    found: list[Trouble] = []
    settled: set[tuple[UUID, str]] = set()
    judged: set[tuple[UUID, str | None]] = set()
    for newest, sitting in enumerate(reversed(sittings)):
        found.extend(_stuck_skills(sitting, judged))
        found.extend(_stuck_tasks(sitting, settled, is_newest=newest == 0))
    return found[:MOST_REASONS]


def _since_wheels_spun(
    sessions: Sequence[PlayedSession], struggles: Mapping[UUID, Struggle]
) -> list[UUID]:
    """Of each student the sessions, oldest first, with enough tries to tell from the first one
    in which the wheels spun: older ones settle nothing.
    """
    spun: dict[UUID, list[tuple[UUID, bool]]] = defaultdict(list)
    for one in sessions:
        if one.id in struggles and (spins := struggles[one.id].wheel_spinning) is not None:
            spun[one.student_id].append((one.id, spins))
    return [
        session_id
        for own in spun.values()
        for session_id, _ in dropwhile(lambda each: not each[1], own)
    ]


def _stuck_skills(sitting: Sitting, judged: set[tuple[UUID, str | None]]) -> Iterator[Trouble]:
    """The sitting's skills that do not come; `judged` are those that a newer one tells of, `None`
    for one of which it is not known which it is.
    """
    if sitting.struggle.wheel_spinning is None:
        return
    game_id, stuck = sitting.game_id, [one for one, spins in sitting.practised.items() if spins]
    new = [one for one in stuck if (game_id, one) not in judged]
    is_unnamed = sitting.struggle.wheel_spinning and not stuck
    if new or (is_unnamed and (game_id, None) not in judged):
        yield Trouble("wheel_spinning", sitting.game_session_id, game_id, skills=new)
    judged.update((game_id, one) for one in (None, *sitting.practised))


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
    names = [f"“{mapping.skill_name(skill)}”" for skill in sorted(trouble.skills)]
    title = "" if task is None else mapping.task_title(task)
    words = {
        "wheel_spinning": f"Has practised {' and '.join(names) or 'a skill'} in {game} at least "
        "10 times without being right three times in a row.",
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
