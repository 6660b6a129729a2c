"""A class during the lesson: who plays, at which task, and who is stuck in it."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import players, tenants
from learntrace.accounts.games import ready_mapping_in_force
from learntrace.classroom.schemas_lesson import NowOut, PupilNow, State, TaskNow
from learntrace.events import stored
from learntrace.events.mapping import GameMapping, in_order
from learntrace.events.types import Behaviour, MappedEvent
from learntrace.features.behavioral.play import Play, read_play
from learntrace.features.behavioral.tasks import stuck_skills
from learntrace.features.behavioral.timeline import is_activity
from learntrace.features.extract import settings_of
from learntrace.features.types import Outcome
from learntrace.game_sessions import reading as played
from learntrace.game_sessions.reading import PlayedSession
from learntrace.kit.clock import now
from learntrace.kit.wire import Named
from learntrace.roster import reading as roster
from learntrace.roster.choice import Which
from learntrace.roster.visibility import SeenStudent, Sight, require_class
from learntrace.skills.answers import answers_in

STUCK_FAILURES = 3
QUIET_AFTER = timedelta(minutes=2)
# A session that got nothing for so long is over, whether or not it was closed.
OVER_AFTER = timedelta(minutes=30)
MOST_OF_EACH = 200
MOST_EVENTS = 10_000


@dataclass(frozen=True, slots=True)
class Moment:
    """Where somebody stands: the open task, failures in it, when something was last done.

    `task` is `None` between tasks. Failures count since the task's start or its last success.
    `stuck_skills` are those on which the wheels spin.
    """

    task: str | None
    failures: int
    active_at: datetime
    stuck_skills: frozenset[str]


async def show_now(db: AsyncSession, sight: Sight, class_id: UUID, which: Which) -> NowOut:
    """Each student of a class at this moment, from open sessions; 7 statements and 2 a game."""
    read_at = now()
    found = await require_class(db, sight, class_id, which)
    students = await roster.list_students_of_class(db, sight, found.key)
    ids = [one.id for one in students]
    joined = await players.holders_of_tokens(db, found.school_id, ids, games=sight.games)
    sessions = await played.open_sessions(
        db, found.school_id, ids, games=sight.games, since=read_at - OVER_AFTER
    )
    mappings = {
        game_id: (await ready_mapping_in_force(db, found.school_id, game_id))[1]
        for game_id in sorted({one.game_id for one in sessions})
    }
    newest = await stored.map_newest(
        db,
        found.school_id,
        {one.id: mappings[one.game_id] for one in sessions},
        most=events_of_each(len(sessions)),
    )
    moments = await asyncio.to_thread(_moments, sessions, newest, mappings)
    games = await tenants.named_games(db, mappings.keys())
    of_student = {one.student_id: one for one in sessions}
    return NowOut(
        data_until=read_at,
        pupils=[
            _away(one, joined)
            if (one_open := of_student.get(one.id)) is None
            else _present(
                one,
                joined,
                moments[one_open.id],
                Named(id=one_open.game_id, name=games[one_open.game_id].name),
                mappings[one_open.game_id],
                read_at,
            )
            for one in students
        ],
    )


def events_of_each(session_count: int) -> int:
    """How many of each open session's newest events are read: 200, fewer where over 50 play."""
    return min(MOST_OF_EACH, MOST_EVENTS // max(session_count, 1)) or 1


def _moments(
    sessions: Sequence[PlayedSession],
    newest: Mapping[UUID, Sequence[MappedEvent]],
    mappings: Mapping[UUID, GameMapping],
) -> dict[UUID, Moment]:
    return {
        one.id: moment_of(newest.get(one.id, ()), mappings[one.game_id], since=one.started_at)
        for one in sessions
    }


def moment_of(newest: Iterable[MappedEvent], mapping: GameMapping, *, since: datetime) -> Moment:
    """Where the newest events of an open session lead; `since` where nothing was done yet. Pure."""
    mapped = in_order(newest)
    active_at = max((one.event.corrected_at for one in mapped if is_activity(one)), default=since)
    stuck = stuck_skills((one.skill, one.correct) for one in answers_in(mapped, mapping))
    play = read_play(mapped, settings_of(mapping), session_closed=False)
    go = _open_go(play)
    if go is None:
        return Moment(None, 0, active_at, stuck)
    failures = 0
    for step in play.steps:
        if step.go != go:
            continue
        failures += Behaviour.FAILURE in step.behaviours
        if Behaviour.SUCCESS in step.behaviours:
            failures = 0
    return Moment(play.tasks[go].task, failures, active_at, stuck)


def _open_go(play: Play) -> int | None:
    """The open go at which something was last done."""
    for step in reversed(play.steps):
        if step.go is not None and play.tasks[step.go].outcome is Outcome.OPEN:
            return step.go
    return None


def _away(student: SeenStudent, joined: set[UUID]) -> PupilNow:
    return PupilNow(
        student_id=student.id,
        display_name=student.display_name,
        joined=student.id in joined,
        last_event_at=None,
        game=None,
        task=None,
        failures_in_task=0,
        stuck_skills=[],
        state="not_started",
    )


def _present(
    student: SeenStudent,
    joined: set[UUID],
    moment: Moment,
    game: Named,
    mapping: GameMapping,
    at: datetime,
) -> PupilNow:
    task = moment.task
    return PupilNow(
        student_id=student.id,
        display_name=student.display_name,
        joined=student.id in joined,
        last_event_at=moment.active_at,
        game=game,
        task=None if task is None else TaskNow(key=task, title=mapping.task_title(task)),
        failures_in_task=moment.failures,
        stuck_skills=sorted(mapping.skill_name(skill) for skill in moment.stuck_skills),
        state=_state(moment, at),
    )


def _state(moment: Moment, at: datetime) -> State:
    """Stuck goes before quiet: who gave up in silence needs help too."""
    if moment.failures >= STUCK_FAILURES:
        return "stuck"
    return "quiet" if at - moment.active_at >= QUIET_AFTER else "playing"
