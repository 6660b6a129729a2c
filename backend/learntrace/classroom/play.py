"""A student's game sessions: the list, one of them with its features, its events."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import tenants
from learntrace.accounts.games import ready_mapping_in_force
from learntrace.assessment import reading as assessed
from learntrace.classroom.schemas import (
    FeatureOut,
    NamedStudent,
    SessionLine,
    SessionOut,
    SessionPage,
    TaskOut,
)
from learntrace.events import reading as events
from learntrace.events.mapping import GameMapping, map_event
from learntrace.events.openings import without_openings
from learntrace.events.reading import ReadEvent
from learntrace.events.types import MappedEvent
from learntrace.features.presenting import present
from learntrace.game_sessions import reading as played
from learntrace.game_sessions.reading import PlayedSession
from learntrace.kit.paging import decode_cursor, encode_cursor, split_page
from learntrace.kit.wire import Named
from learntrace.roster.choice import Which, choose
from learntrace.roster.visibility import SeenStudent, Sight, require_student


async def list_sessions(
    db: AsyncSession,
    sight: Sight,
    student_id: UUID,
    which: Which,
    *,
    limit: int,
    cursor: str | None,
) -> SessionPage:
    """A student's sessions, newest first. Raises `NotFoundError` for one out of sight."""
    after = decode_cursor(cursor, datetime, UUID)
    student = await require_student(db, sight, student_id, which)
    found = await played.list_sessions(
        db, student.key, games=sight.games, after=after, limit=limit + 1
    )
    page, last = split_page(found, limit)
    summaries = await assessed.find_summaries(db, student.school_id, [one.id for one in page])
    games = await tenants.named_games(db, {one.game_id for one in page})
    items = []
    for one in page:
        summary = summaries.get(one.id)
        items.append(
            SessionLine(
                id=one.id,
                game=_game(one, games),
                state=one.state,
                started_at=one.started_at,
                ended_at=one.ended_at,
                event_count=one.event_count,
                assessed=summary is not None,
                active_time_s=summary and summary.active_time_s,
                tasks_completed=summary and summary.tasks_completed,
                failures=summary and summary.failures,
            )
        )
    return SessionPage(items=items, next_cursor=last and encode_cursor(last.started_at, last.id))


async def show_session(
    db: AsyncSession, sight: Sight, game_session_id: UUID, which: Which
) -> SessionOut:
    """One session with its features, null until it was assessed."""
    one, student = await _require_session(db, sight, game_session_id, which)
    games = await tenants.named_games(db, {one.game_id})
    stored = await assessed.find_assessed(db, one.school_id, one.id)
    mapping = await _mapping_of(db, one)
    return SessionOut(
        id=one.id,
        student=NamedStudent(id=student.id, display_name=student.display_name),
        game=_game(one, games),
        state=one.state,
        started_at=one.started_at,
        ended_at=one.ended_at,
        closed_at=one.closed_at,
        event_count=one.event_count,
        assessed_at=stored and stored.assessed_at,
        assessed_event_count=stored and stored.event_count,
        extractor_version=stored and stored.extractor_version,
        mapping_version=stored and stored.mapping_version,
        reference_version=stored and stored.reference_version,
        features=stored and _features(stored.features),
        tasks=[] if stored is None else [_task(task, mapping) for task in stored.tasks],
    )


async def read_events(
    db: AsyncSession,
    sight: Sight,
    game_session_id: UUID,
    which: Which,
    *,
    limit: int,
    cursor: str | None,
) -> bytes:
    """A page of a session's events as JSON, by the client's time; payloads letter for letter.

    What only announces how a task opens is no try here either, so that what is listed agrees
    with what was counted, as far as the client's time and the game's sequence agree.
    """
    after = decode_cursor(cursor, datetime, UUID)
    one, _ = await _require_session(db, sight, game_session_id, which)
    mapping = await _mapping_of(db, one)
    found = await events.read_page(
        db, school_id=one.school_id, game_session_id=one.id, after=after, limit=limit + 1
    )
    page, last = split_page(found, limit)
    before = await _just_before(db, one, page[0], mapping) if after and page else []
    mapped = [map_event(mapping, read.event) for read in [*before, *page]]
    meant = list(without_openings(mapped, mapping.opening_s))[len(before) :]
    return msgspec.json.encode(
        {
            "items": [
                _event(each, read.data_text, mapping)
                for each, read in zip(meant, page, strict=True)
            ],
            "next_cursor": last and encode_cursor(last.event.timestamp, last.event.event_id),
        }
    )


async def _just_before(
    db: AsyncSession, one: PlayedSession, first: ReadEvent, mapping: GameMapping
) -> Sequence[ReadEvent]:
    """The events before a page in which a task may have started that opens on the page."""
    return await events.read_just_before(
        db,
        school_id=one.school_id,
        game_session_id=one.id,
        place=(first.event.timestamp, first.event.event_id),
        within_s=mapping.opening_s,
    )


def _game(one: PlayedSession, games: Mapping[UUID, tenants.Named]) -> Named:
    return Named(id=one.game_id, name=games[one.game_id].name)


async def _require_session(
    db: AsyncSession, sight: Sight, game_session_id: UUID, which: Which
) -> tuple[PlayedSession, SeenStudent]:
    """The session and whose it is."""
    found = await played.find_sessions(
        db,
        game_session_id,
        tenants=sight.tenants,
        students=sight.students,
        games=sight.games,
    )
    one = choose(found, which, "game session")
    student = await require_student(db, sight, one.student_id, Which(school_ids={one.school_id}))
    return one, student


async def _mapping_of(db: AsyncSession, one: PlayedSession) -> GameMapping:
    _, mapping = await ready_mapping_in_force(db, one.school_id, one.game_id)
    return mapping


def _features(stored: Mapping[str, Any]) -> dict[str, FeatureOut]:
    return {name: FeatureOut(**texts) for name, texts in present(stored).items()}


def _task(task: Mapping[str, Any], mapping: GameMapping) -> TaskOut:
    return TaskOut(
        task=task["task"],
        title=mapping.task_title(task["task"]),
        started_at=task["started_at"],
        ended_at=task["ended_at"],
        outcome=task["outcome"],
        attempts=task["attempts"],
        failures=task["failures"],
        active_time_s=task["active_time_s"],
    )


def _event(meant: MappedEvent, data_text: str, mapping: GameMapping) -> dict[str, Any]:
    """One `EventLine`; made without pydantic, so that the payload stays as it was sent."""
    event = meant.event
    return {
        "event_id": event.event_id,
        "event_type": event.event_type,
        "behaviours": meant.behaviours,
        "mapped": meant.mapped,
        "task": meant.task,
        "task_title": None if meant.task is None else mapping.task_title(meant.task),
        "skill": meant.skill,
        "item": meant.item,
        "correct": meant.correct,
        "timestamp": event.timestamp,
        "corrected_at": event.corrected_at,
        "received_at": event.received_at,
        "sequence": meant.sequence,
        "mission_id": event.mission_id,
        "game_version": event.game_version,
        "data": msgspec.Raw(data_text.encode()),
    }
