"""Which skills were practised in a game session, and which of them without getting anywhere."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Uuid, any_, case, column, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.features.behavioral.tasks import MIN_OPPORTUNITIES, stuck_skills
from learntrace.skills.models import SessionAnswers

MOST_ANSWERS = 1000
RIGHT, WRONG = "+", "-"


async def practised_in_sessions(
    db: AsyncSession, school_id: UUID, game_session_ids: Collection[UUID]
) -> dict[UUID, dict[str, bool]]:
    """By session, the skills with 10 answers or more, and whether never three right in a row.

    From the stored answers, which all name an item; a session with over 1,000 of them, or without
    such a skill, is missing. The database counts, so that no answer but its mark is read.
    """
    one = (
        func.jsonb_array_elements(SessionAnswers.answers)
        .table_valued(column("value", JSONB), with_ordinality="place", joins_implicitly=True)
        .render_derived()
    )
    skill = one.c.value[2].astext
    mark = case((one.c.value[3].astext == "true", RIGHT), else_=WRONG)
    marks = func.string_agg(mark, aggregate_order_by(literal(""), one.c.place))
    query = (
        select(SessionAnswers.game_session_id, skill, marks)
        .where(
            SessionAnswers.school_id == school_id,
            SessionAnswers.game_session_id == any_(literal(list(game_session_ids), ARRAY(Uuid))),
            SessionAnswers.answer_count.between(1, MOST_ANSWERS),
        )
        .group_by(SessionAnswers.game_session_id, skill)
        .having(func.count() >= MIN_OPPORTUNITIES)
    )
    practised: dict[UUID, dict[str, bool]] = defaultdict(dict)
    for game_session_id, name, given in await db.execute(query):
        stuck = stuck_skills((name, mark == RIGHT) for mark in given)
        practised[game_session_id][name] = name in stuck
    return practised
