"""Who is coached: by name, or a student of the roster; and their names taken away for good."""

from collections.abc import Collection
from dataclasses import replace
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import users
from learntrace.coaching_sessions import repository
from learntrace.coaching_sessions.repository import Page, SeenClient
from learntrace.coaching_sessions.schemas import ClientIn, ClientOut, ClientPage, paged
from learntrace.kit.clock import now
from learntrace.kit.errors import ConflictError, NotFoundError
from learntrace.roster.choice import Which
from learntrace.roster.records import hold_student
from learntrace.roster.visibility import note_keys, require_student
from learntrace.transcription_sessions.service import Educator

UNKNOWN: Final = "Client not found"
READ_ONLY: Final = "This client is anonymized: nothing changes it any more."
OF_ROSTER: Final = "This client is a student: the name is the roster's."
HAS_MEETINGS: Final = "There are meetings with this client. Delete these first, or anonymize."
MEANWHILE: Final = "Somebody changed this client in the meantime. Read it again."


async def note(db: AsyncSession, educator: Educator, clients: Collection[SeenClient]) -> None:
    """Enter into the audit log that the students among them are read or changed."""
    keys = {one.student_key for one in clients}
    await note_keys(db, educator.sight, [key for key in keys if key is not None])


async def require_client(db: AsyncSession, educator: Educator, client_id: UUID) -> SeenClient:
    """The client. Raises `NotFoundError` where unknown or out of sight."""
    found = await repository.find_clients(db, educator, [client_id])
    if not found:
        raise NotFoundError(UNKNOWN)
    await note(db, educator, found)
    return found[0]


async def hold_clients(
    db: AsyncSession, educator: Educator, client_ids: Collection[UUID]
) -> dict[UUID, SeenClient]:
    """Clients to be changed, or whose meetings are, kept as they are until the transaction ends.

    None is anonymized or its student erased meanwhile. Students are held before clients, as
    erasing does. Raises `NotFoundError`, `ConflictError`.
    """
    found = await repository.find_clients(db, educator, client_ids)
    if {one.id for one in found} != set(client_ids):
        raise NotFoundError(UNKNOWN)
    for school_id, student_id in sorted(key for one in found if (key := one.student_key)):
        if not await hold_student(db, school_id, student_id):
            raise NotFoundError(UNKNOWN)
    await repository.lock_clients(db, [(one.school_id, one.id) for one in found])
    if await repository.find_clients(db, educator, client_ids) != found:
        raise ConflictError(MEANWHILE)
    await note(db, educator, found)
    return {one.id: one for one in found}


async def hold_client(db: AsyncSession, educator: Educator, client_id: UUID) -> SeenClient:
    """As `hold_clients`, of one; raises `ConflictError` where it is anonymized, too."""
    held = await hold_clients(db, educator, [client_id])
    if held[client_id].anonymized_at is not None:
        raise ConflictError(READ_ONLY)
    return held[client_id]


async def add(db: AsyncSession, educator: Educator, which: Which, told: ClientIn) -> ClientOut:
    """A new client of the educator. Raises `NotFoundError` for a student out of sight."""
    school_id, name = educator.school_id, told.name
    if told.student_id is not None:
        student = await require_student(db, educator.sight, told.student_id, which)
        school_id, name = student.school_id, student.display_name
        if not await hold_student(db, *student.key):
            raise NotFoundError(UNKNOWN)
    at = now()
    client = SeenClient(
        school_id=school_id,
        id=uuid4(),
        owner_id=educator.user_id,
        student_id=told.student_id,
        name=name,
        anonymized_at=None,
        created_at=at,
        updated_at=at,
    )
    await repository.add_client(db, client)
    return await _told(db, client)


async def _told(db: AsyncSession, client: SeenClient) -> ClientOut:
    return ClientOut.told(client, await users.display_names(db, {client.owner_id}))


async def read(db: AsyncSession, educator: Educator, client_id: UUID) -> ClientOut:
    """One client."""
    return await _told(db, await require_client(db, educator, client_id))


async def list_clients(db: AsyncSession, educator: Educator, page: Page) -> ClientPage:
    """A page of clients by name, the anonymized last."""
    found, total = await repository.list_clients(db, educator, page)
    await note(db, educator, found)
    names = await users.display_names(db, {one.owner_id for one in found})
    return ClientPage(items=[ClientOut.told(one, names) for one in found], **paged(page, total))


async def rename(db: AsyncSession, educator: Educator, client_id: UUID, name: str) -> ClientOut:
    """Call a client otherwise. Raises `ConflictError` for a student, and once it is anonymized."""
    client = await hold_client(db, educator, client_id)
    if client.student_id is not None:
        raise ConflictError(OF_ROSTER)
    return await _store(db, replace(client, name=name, updated_at=now()))


async def anonymize(db: AsyncSession, educator: Educator, client_id: UUID) -> ClientOut:
    """Take a client's name away for good, once; `ConflictError` the second time.

    What leads to who it was goes with it: the name in notes, the link to the student, recordings
    and observations. A student's ratings and recordings stay the student's own.
    """
    client = await hold_client(db, educator, client_id)
    assert client.name is not None, "it is not anonymized"
    await repository.forget_whom(db, client, client.name)
    at = now()
    nobody = replace(client, name=None, student_id=None, anonymized_at=at, updated_at=at)
    return await _store(db, nobody)


async def _store(db: AsyncSession, changed: SeenClient) -> ClientOut:
    await repository.change_client(db, changed)
    return await _told(db, changed)


async def remove(db: AsyncSession, educator: Educator, client_id: UUID) -> None:
    """Delete a client whom nobody met. Raises `ConflictError` for others, and anonymized ones."""
    client = await hold_client(db, educator, client_id)
    if await repository.has_meetings(db, client):
        raise ConflictError(HAS_MEETINGS)
    await repository.remove_client(db, client)
