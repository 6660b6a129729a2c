"""Meetings of a teacher with somebody who is coached, and what was seen there."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import users
from learntrace.accounts.repository import today_at
from learntrace.coaching_sessions import clients, repository
from learntrace.coaching_sessions.repository import Meeting, Page, SeenClient, Sort, Wanted
from learntrace.coaching_sessions.schemas import (
    CoachingSessionChange,
    CoachingSessionIn,
    CoachingSessionLine,
    CoachingSessionOut,
    CoachingSessionPage,
    ObservationIn,
    ObservationOut,
    paged,
)
from learntrace.kit.clock import now
from learntrace.kit.errors import ConflictError, InvalidError, NotFoundError
from learntrace.skills import ratings
from learntrace.skills.ratings import Seen
from learntrace.transcription_sessions import summaries
from learntrace.transcription_sessions.service import Educator
from learntrace.transcription_sessions.summaries import Summary

MOST_OBSERVATIONS: Final = 100
UNKNOWN: Final = "Coaching session not found"
NO_TRANSCRIPTION: Final = "Session not found"
OTHER_STUDENT: Final = (
    "This transcription session is about another student than the meeting, or one of both is "
    "about none. Make one about the client."
)
NO_STUDENT: Final = "This client is no student of the roster: there is nobody to rate."
ENOUGH: Final = f"A meeting has {MOST_OBSERVATIONS} observations at most. Delete one first."
OBSERVED: Final = "What was seen in this meeting is about its client. Delete that first."
NO_OBSERVATION: Final = "There is no observation of yours with this id."
BACKWARDS: Final = "`from` is after `to`."


async def _require(db: AsyncSession, educator: Educator, meeting_id: UUID) -> Meeting:
    """The meeting. Raises `NotFoundError` where unknown or out of sight."""
    found = await repository.find_meeting(db, educator, meeting_id)
    if found is None:
        raise NotFoundError(UNKNOWN)
    return found


async def hold(
    db: AsyncSession, educator: Educator, meeting_id: UUID, *also: UUID
) -> tuple[Meeting, dict[UUID, SeenClient]]:
    """A meeting to be changed, and its client and others, none of which changes meanwhile."""
    before = await _require(db, educator, meeting_id)
    held = await clients.hold_clients(db, educator, {before.client.id, *also})
    meeting = await _require(db, educator, meeting_id)
    if meeting.client.id not in held:
        raise ConflictError(clients.MEANWHILE)
    return meeting, held


async def _told(db: AsyncSession, meeting: Meeting) -> CoachingSessionOut:
    texts = await repository.observed(db, meeting)
    found = await ratings.with_ids(db, meeting.client.school_id, texts)
    people = {meeting.coach_id, *(one.rater_id for one in found)}
    names = await users.display_names(db, people)
    observations = [ObservationOut.of(one, texts[one.id], names) for one in found]
    spoken = await _spoken(db, [meeting])
    return CoachingSessionOut.told(meeting, names, spoken, observations)


async def _spoken(db: AsyncSession, meetings: Collection[Meeting]) -> Mapping[UUID, Summary]:
    """The transcription sessions of meetings, as they stand now."""
    of_tenant: dict[UUID, set[UUID]] = {}
    for one in meetings:
        if one.transcription_session_id is not None:
            of_tenant.setdefault(one.client.school_id, set()).add(one.transcription_session_id)
    found: dict[UUID, Summary] = {}
    for school_id, ids in of_tenant.items():
        found |= await summaries.with_ids(db, school_id, ids)
    return found


async def _require_transcription(
    db: AsyncSession, educator: Educator, client: SeenClient, transcription_session_id: UUID
) -> None:
    """Raise unless the session is the caller's to link, and about whom the client is.

    `NotFoundError` where it is not, `InvalidError` where it is about somebody else.
    """
    found = await summaries.with_ids(db, client.school_id, [transcription_session_id])
    summary = found.get(transcription_session_id)
    if summary is None or (educator.sees_only_own and summary.owner_id != educator.user_id):
        raise NotFoundError(NO_TRANSCRIPTION)
    if summary.student_id != client.student_id:
        raise InvalidError(OTHER_STUDENT)


async def add(db: AsyncSession, educator: Educator, told: CoachingSessionIn) -> CoachingSessionOut:
    """Note a meeting. Raises `ConflictError` for an anonymized client."""
    client = await clients.hold_client(db, educator, told.client_id)
    if told.transcription_session_id is not None:
        await _require_transcription(db, educator, client, told.transcription_session_id)
    at = now()
    meeting = Meeting(
        id=uuid4(),
        client=client,
        coach_id=educator.user_id,
        created_at=at,
        updated_at=at,
        **told.model_dump(exclude={"client_id"}),
    )
    await repository.add_meeting(db, meeting)
    return await _told(db, meeting)


async def read(db: AsyncSession, educator: Educator, meeting_id: UUID) -> CoachingSessionOut:
    """One meeting with what was seen there."""
    meeting = await _require(db, educator, meeting_id)
    await clients.note(db, educator, [meeting.client])
    return await _told(db, meeting)


async def list_meetings(
    db: AsyncSession, educator: Educator, wanted: Wanted, sort: Sort, page: Page
) -> CoachingSessionPage:
    """A page of meetings. Raises `InvalidError` for days that end before they begin."""
    if wanted.from_day and wanted.to_day and wanted.from_day > wanted.to_day:
        raise InvalidError(BACKWARDS)
    found, total = await repository.list_meetings(db, educator, wanted, sort, page)
    await clients.note(db, educator, [one.client for one in found])
    names = await users.display_names(db, {one.coach_id for one in found})
    spoken = await _spoken(db, found)
    items = [CoachingSessionLine.of(one, names, spoken) for one in found]
    return CoachingSessionPage(items=items, **paged(page, total))


async def change(
    db: AsyncSession, educator: Educator, meeting_id: UUID, told: CoachingSessionChange
) -> CoachingSessionOut:
    """Change a meeting; its day and client only while nothing was seen in it."""
    values = told.changes()
    moved_to = values.pop("client_id", None)
    others = () if moved_to is None else (moved_to,)
    meeting, held = await hold(db, educator, meeting_id, *others)
    client = held[moved_to or meeting.client.id]
    changed = replace(meeting, client=client, updated_at=now(), **values)
    await _require_fitting(db, educator, meeting, changed)
    await repository.change_meeting(db, meeting, changed)
    return await _told(db, changed)


async def _require_fitting(
    db: AsyncSession, educator: Educator, meeting: Meeting, changed: Meeting
) -> None:
    """Raise unless what was seen, and what was said, fits the day and client after the change."""
    former, client = meeting.client, changed.client
    is_moved = former.id != client.id
    linked = changed.transcription_session_id
    is_linked = linked is not None and (is_moved or linked != meeting.transcription_session_id)
    if client.school_id != former.school_id:
        raise NotFoundError(clients.UNKNOWN)
    if (is_moved or is_linked) and (former.anonymized_at or client.anonymized_at):
        raise ConflictError(clients.READ_ONLY)
    is_other_day = changed.session_date != meeting.session_date
    if (is_moved or is_other_day) and await repository.observed(db, meeting):
        raise ConflictError(OBSERVED)
    if is_linked and linked is not None:
        await _require_transcription(db, educator, client, linked)


async def remove(db: AsyncSession, educator: Educator, meeting_id: UUID) -> None:
    """Delete a meeting. The ratings given in it and its transcription session stay."""
    meeting, _ = await hold(db, educator, meeting_id)
    await repository.remove_meeting(db, meeting)


async def observe(
    db: AsyncSession, educator: Educator, meeting_id: UUID, told: ObservationIn
) -> ObservationOut:
    """Rate the student as seen in a meeting; estimates follow.

    Raises `ConflictError` where the client is no student or there are too many, `InvalidError`
    for a meeting that is still to come.
    """
    meeting, _ = await hold(db, educator, meeting_id)
    client = meeting.client
    if client.student_id is None:
        raise ConflictError(NO_STUDENT)
    if len(await repository.observed(db, meeting)) >= MOST_OBSERVATIONS:
        raise ConflictError(ENOUGH)
    day = ratings.day_of(meeting.session_date, await today_at(db, client.school_id))
    seen = Seen(client.student_id, told.skill, told.level, day)
    [rating_id] = await ratings.add(db, client.school_id, educator.user_id, [seen])
    await repository.link(db, meeting, rating_id, told.text)
    [rating] = await ratings.with_ids(db, client.school_id, [rating_id])
    names = await users.display_names(db, {rating.rater_id})
    return ObservationOut.of(rating, told.text, names)


async def remove_observation(
    db: AsyncSession, educator: Educator, meeting_id: UUID, rating_id: UUID
) -> None:
    """Take back what the caller saw in a meeting, with its rating. Raises `NotFoundError`."""
    meeting, _ = await hold(db, educator, meeting_id)
    client = meeting.client
    if client.student_id is None or rating_id not in await repository.observed(db, meeting):
        raise NotFoundError(NO_OBSERVATION)
    if not await ratings.remove(
        db, client.school_id, client.student_id, rating_id, rater_id=educator.user_id
    ):
        raise NotFoundError(NO_OBSERVATION)
