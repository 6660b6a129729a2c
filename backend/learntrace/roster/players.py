"""A pupil joins a game with the two codes on the card."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import games, players
from learntrace.accounts.callers import GameCaller
from learntrace.accounts.secrets import normal_code
from learntrace.accounts.turns import Turns
from learntrace.kit.config import Settings
from learntrace.kit.db import Database
from learntrace.kit.errors import NotFoundError
from learntrace.kit.rate_limit import Limit, RateLimits
from learntrace.privacy import policies
from learntrace.roster.models import Enrolment, SchoolClass, Student, is_open
from learntrace.roster.records import hold_student

# One sentence for every way to be wrong: which code it was would help a guesser.
NO_FIT = (
    "These codes do not fit together for this game. "
    "Check the class code and your own code on your card, or ask your teacher."
)

_TURNS = Turns()


@dataclass(frozen=True, slots=True)
class Joiner:
    """The pupil that two codes name; `allowed_origins` are the game's."""

    school_id: UUID
    student_id: UUID
    display_name: str
    allowed_origins: frozenset[str]


@dataclass(frozen=True, slots=True)
class Joined:
    """What a pupil's game gets: a token for this one pupil in this one game."""

    student_id: UUID
    player_token: str
    expires_at: datetime
    display_name: str


async def find_joiner(
    database: Database,
    limits: RateLimits,
    settings: Settings,
    *,
    game_id: UUID,
    class_code: str,
    pupil_code: str,
    address: str,
) -> Joiner:
    """The pupil behind the codes, however they were typed.

    Raises `NotFoundError`, the same whichever is wrong; `TooManyRequestsError` after too many
    wrong ones for this class code in a minute, from `address` or from all together: who guesses
    elsewhere keeps no class from joining, and who has many addresses gains little by them.
    """
    of_class, of_pupil = normal_code(class_code), normal_code(pupil_code)
    counted = (
        (Limit("join_class", settings.rate_limit_join_class), of_class),
        (Limit("join", settings.rate_limit_join), f"{of_class}/{address}"),
    )
    async with _TURNS.of(of_class):
        for limit, key in counted:
            limits.require_left(limit, key)
        async with database.transaction() as db:
            joiner = await _look_up(db, game_id, of_class, of_pupil)
        if joiner is None:
            limits.hit(*counted)
            raise NotFoundError(NO_FIT)
    return joiner


async def _look_up(
    db: AsyncSession, game_id: UUID, class_code: str, pupil_code: str
) -> Joiner | None:
    query = (
        select(Student.school_id, Student.id, Student.display_name)
        .join(
            Enrolment,
            (Enrolment.school_id == Student.school_id) & (Enrolment.student_id == Student.id),
        )
        .join(
            SchoolClass,
            (SchoolClass.school_id == Enrolment.school_id) & (SchoolClass.id == Enrolment.class_id),
        )
        .where(
            SchoolClass.code == class_code,
            Student.pupil_code == pupil_code,
            is_open(Enrolment),
        )
    )
    found = (await db.execute(query)).one_or_none()
    game = await games.find_game(db, game_id)
    if found is None or game is None or not await games.uses_game(db, found.school_id, game_id):
        return None
    return Joiner(found.school_id, found.id, found.display_name, frozenset(game.allowed_origins))


async def join(db: AsyncSession, joiner: Joiner, game_id: UUID, *, valid_s: int) -> Joined:
    """Let the pupil play this game for `valid_s`.

    Raises `ForbiddenError` where the school lacks the consent that it requires, `NotFoundError`
    where the pupil was erased meanwhile.
    """
    # A token's row refers to nobody, so the pupil is held until it is stored.
    if not await hold_student(db, joiner.school_id, joiner.student_id):
        raise NotFoundError(NO_FIT)
    await policies.require_play(db, joiner.school_id, joiner.student_id)
    token = await players.issue_token(
        db,
        school_id=joiner.school_id,
        student_id=joiner.student_id,
        game_id=game_id,
        valid_s=valid_s,
    )
    return Joined(joiner.student_id, token.plain, token.expires_at, joiner.display_name)


async def renew(db: AsyncSession, caller: GameCaller, token: str, *, valid_s: int) -> Joined:
    """Let the caller's own player token live on; the token stays the same.

    Raises `ConflictError` the second time, `ForbiddenError` where the school lacks the consent
    that it requires.
    """
    student = await db.get_one(Student, (caller.school_id, caller.student_id))
    await policies.require_play(db, student.school_id, student.id)
    expires_at = await players.renew_token(db, caller, valid_s=valid_s)
    return Joined(student.id, token, expires_at, student.display_name)
