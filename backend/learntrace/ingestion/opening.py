"""Whose the game sessions of a group are, and which event opens one that is not there yet."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from asyncpg import Connection
from asyncpg.pool import PoolConnectionProxy

from learntrace.ingestion import statements as sql
from learntrace.ingestion.submissions import Candidate, Key, columns
from learntrace.ingestion.verdicts import Code

AnyConnection = Connection | PoolConnectionProxy


@dataclass(slots=True)
class Sessions:
    """Who owns the group's sessions, and which of them this transaction opened."""

    owners: dict[Key, tuple[UUID, UUID]] = field(default_factory=dict)
    opened: set[Key] = field(default_factory=set)

    def problem(self, candidate: Candidate) -> tuple[Code, str | None] | None:
        """Why the candidate cannot be in its session, which has an owner; `None` where it can."""
        student_id, game_id = self.owners[candidate.session_key]
        if student_id != candidate.event.student_id:
            return Code.WRONG_STUDENT, None
        if game_id != candidate.submission.caller.game_id:
            return Code.INVALID, "session_id: this session belongs to another game"
        return None


async def open_sessions(connection: AnyConnection, candidates: Sequence[Candidate]) -> Sessions:
    """Whose each candidate's session is; those not yet there are opened by their first new event.

    A session stays without owner where only ids that were stored before name it.
    """
    sessions = Sessions()
    keys = {candidate.session_key for candidate in candidates}
    await _read_owners(connection, list(keys), sessions)
    if keys <= sessions.owners.keys():
        return sessions
    first = await _openers(connection, candidates, sessions)
    missing = sorted(first)
    if missing:
        rows = await connection.fetch(
            sql.OPEN_SESSIONS,
            *columns(missing),
            [first[key].event.student_id for key in missing],
            [first[key].submission.caller.game_id for key in missing],
            [first[key].submission.received_at for key in missing],
        )
        sessions.opened = {(row[0], row[1]) for row in rows}
        # A statement of its own: it sees what another process committed in the meantime.
        await _read_owners(connection, missing, sessions)
    return sessions


async def _openers(
    connection: AnyConnection, candidates: Sequence[Candidate], sessions: Sessions
) -> dict[Key, Candidate]:
    """The first event of each session that is not there yet, of those that will be stored.

    An id that is stored, or that an earlier event of the group brings, opens nothing: it is a
    repeat or a conflict.
    """
    unsure = {c.key for c in candidates if c.session_key not in sessions.owners}
    rows = await connection.fetch(sql.STORED_HASHES, *columns(list(unsure)))
    taken: set[Key] = {(row[0], row[1]) for row in rows}
    foreseen = Sessions(owners=dict(sessions.owners))
    openers: dict[Key, Candidate] = {}
    for candidate in candidates:
        if candidate.session_key not in foreseen.owners:
            if candidate.key in taken:
                continue
            openers[candidate.session_key] = candidate
            foreseen.owners[candidate.session_key] = (
                candidate.event.student_id,
                candidate.submission.caller.game_id,
            )
        if foreseen.problem(candidate) is None:
            taken.add(candidate.key)
    return openers


async def _read_owners(connection: AnyConnection, keys: Sequence[Key], sessions: Sessions) -> None:
    for row in await connection.fetch(sql.SESSION_OWNERS, *columns(keys)):
        sessions.owners[(row[0], row[1])] = (row[2], row[3])


def with_own_session(candidates: Sequence[Candidate], sessions: Sessions) -> list[Candidate]:
    """The candidates that may be in their session, or whose session has no owner."""
    kept = []
    for candidate in candidates:
        known = candidate.session_key in sessions.owners
        problem = sessions.problem(candidate) if known else None
        if problem is None:
            kept.append(candidate)
        else:
            candidate.refuse(*problem)
    return kept
