"""Everything that happened with a student, newest first."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import tenants, users
from learntrace.assessment import reading as assessed
from learntrace.assessment import talking
from learntrace.assessment.reading import Summary
from learntrace.classroom.assessments import require_assessable
from learntrace.classroom.schemas_skills import TimelineItem, TimelinePage
from learntrace.game_sessions import reading as played
from learntrace.kit.paging import decode_cursor, encode_cursor, split_page
from learntrace.learning_sessions import completed
from learntrace.learning_sessions.completed import Completed
from learntrace.learning_sessions.kinds import SessionType
from learntrace.roster.choice import Which
from learntrace.roster.visibility import Key, Sight
from learntrace.skills import assessments, notes, ratings
from learntrace.skills.ratings import StoredRating
from learntrace.skills.rubric import RUBRIC

_LESSONS: Final[Mapping[str, str]] = {
    SessionType.SCENARIO: "Went through a scenario",
    SessionType.CONTENT_STUDY: "Studied",
    SessionType.VOCABULARY_REVIEW: "Reviewed words",
    SessionType.CONVERSATION: "Had a conversation with a tutor",
}

Place = tuple[datetime, UUID]
"""Where an item stands in the list: its time and id."""


async def show_timeline(
    db: AsyncSession,
    sight: Sight,
    student_id: UUID,
    which: Which,
    *,
    limit: int,
    cursor: str | None,
) -> TimelinePage:
    """Sessions by their start, lessons by their end; ratings, notes, checked transcripts and
    assessments by when they were stored.

    Without what teachers write and talked about for those who see the sandbox only.
    """
    before: Place | None = decode_cursor(cursor, datetime, UUID)
    student = await require_assessable(db, sight, student_id, which)
    items = await _sessions(db, sight, student.key, before, limit + 1)
    made = await assessments.times(db, *student.key, before=before, limit=limit + 1)
    items += [
        TimelineItem(at=at, kind="assessment", id=made_id, words="Skills were estimated anew.")
        for at, made_id in made
    ]
    if not sight.only_sandbox:
        items += await _written(db, student.key, before, limit + 1)
    items.sort(key=lambda one: (one.at, one.id), reverse=True)
    page, last = split_page(items[: limit + 1], limit)
    return TimelinePage(items=list(page), next_cursor=last and encode_cursor(last.at, last.id))


async def _sessions(
    db: AsyncSession, sight: Sight, student: Key, before: Place | None, limit: int
) -> list[TimelineItem]:
    found = await played.list_sessions(db, student, games=sight.games, after=before, limit=limit)
    games = await tenants.named_games(db, {one.game_id for one in found})
    summaries = await assessed.find_summaries(db, student[0], [one.id for one in found])
    return [
        TimelineItem(
            at=one.started_at,
            kind="game_session",
            id=one.id,
            words=_of_session(games[one.game_id].name, summaries.get(one.id)),
        )
        for one in found
    ]


def _of_session(game: str, summary: Summary | None) -> str:
    if summary is None:
        return f"Played {game}."
    tasks = "1 task" if summary.tasks_completed == 1 else f"{summary.tasks_completed} tasks"
    return f"Played {game} and finished {tasks}."


async def _written(
    db: AsyncSession, student: Key, before: Place | None, limit: int
) -> list[TimelineItem]:
    """`limit` ratings, notes, learning sessions and transcripts each."""
    rated = await ratings.last_stored(db, *student, before=before, limit=limit)
    noted = await notes.of_student(db, *student, before=before, limit=limit)
    names = await users.display_names(db, {one.rater_id for one in rated})
    items = [
        TimelineItem(
            at=one.created_at,
            kind="rating",
            id=one.id,
            words=_of_rating(one, names[one.rater_id]),
        )
        for one in rated
    ]
    items += [
        TimelineItem(at=one.created_at, kind="note", id=one.id, words=one.text) for one in noted
    ]
    taught = await completed.of_student(db, *student, before=before, limit=limit)
    items += [
        TimelineItem(at=one.at, kind="learning_session", id=one.id, words=_of_lesson(one))
        for one in taught
    ]
    talked = await talking.newest(db, *student, before=before, limit=limit)
    return items + [
        TimelineItem(at=at, kind="talk", id=one, words=f"Said {words} words in a recorded talk.")
        for at, one, words in talked
    ]


def _of_lesson(one: Completed) -> str:
    doing = _LESSONS[one.session_type] + (f" “{one.title}”" if one.title else "")
    answered = one.correct + one.incorrect
    return f"{doing}, {one.correct} of {answered} answers right." if answered else f"{doing}."


def _of_rating(rating: StoredRating, rater: str) -> str:
    """What the teacher saw, in the rubric's words: a level's number reads like a grade."""
    rubric = RUBRIC[rating.skill]
    return f"{rubric.name}, as {rater} saw it: {rubric.levels[rating.level - 1]}."
