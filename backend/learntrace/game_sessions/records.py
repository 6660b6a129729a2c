"""What game sessions tell of one student."""

from typing import Final

from learntrace.game_sessions.models import GameSession
from learntrace.kit.held import Held, ages_with_sitting, by_person

HELD: Final = (
    Held(
        name="game_sessions",
        says="Each sitting with a game: when, which game, how many events.",
        model=GameSession,
        of=by_person(GameSession.school_id, GameSession.student_id),
        told=(
            GameSession.id,
            GameSession.game_id,
            GameSession.state,
            GameSession.started_at,
            GameSession.ended_at,
            GameSession.last_received_at,
            GameSession.closed_at,
            GameSession.event_count,
        ),
        order=(GameSession.started_at, GameSession.id),
        aging=ages_with_sitting(GameSession.school_id, GameSession.id),
    ),
)
