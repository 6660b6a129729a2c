"""What accounts hold of one student: the tokens that let a game write the student's play."""

from typing import Final

from learntrace.accounts.models import PlayerToken
from learntrace.kit.held import Held, by_person

HELD: Final = (
    Held(
        name="player_tokens",
        says="When games were joined, and until when. The tokens themselves are stored nowhere.",
        model=PlayerToken,
        of=by_person(PlayerToken.school_id, PlayerToken.student_id),
        told=(
            PlayerToken.game_id,
            PlayerToken.created_at,
            PlayerToken.expires_at,
            PlayerToken.renewed_at,
            PlayerToken.revoked_at,
        ),
        order=(PlayerToken.created_at,),
        aging=None,  # goes a week after it ran out
    ),
)
