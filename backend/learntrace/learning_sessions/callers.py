"""Who works with a student: a tutor, or the game in the student's own hands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from learntrace.kit.errors import ForbiddenError
from learntrace.roster.visibility import Sight

NOTE: Final = "note"
"""Under this name a session's metadata hold what a teacher wrote of it."""
NOTE_IS_A_TEACHERS: Final = "`note` in metadata is for what a teacher writes; take another name."
NOT_ASSIGNED: Final = (
    "With a player token only what a teacher assigned can be done; this was not. A scenario begins "
    "with POST /scenarios/{scenario_id}/start."
)


@dataclass(frozen=True, slots=True)
class LearningCaller:
    """`person_id` is `None` for the game in the student's hands, which does what was assigned."""

    sight: Sight
    person_id: UUID | None
    administers: bool = False

    def require_assigned(self, assignment_id: UUID | None) -> None:
        """Raise `ForbiddenError` where a student's own game does what nobody assigned."""
        if self.person_id is None and assignment_id is None:
            raise ForbiddenError(NOT_ASSIGNED)

    def require_no_note(self, details: Mapping[str, Any]) -> None:
        """Raise `ForbiddenError` where a student's own game writes a teacher's note."""
        if self.person_id is None and NOTE in details:
            raise ForbiddenError(NOTE_IS_A_TEACHERS)

    def told(self, details: Mapping[str, Any]) -> dict[str, Any]:
        """A session's metadata as this caller may read them: a teacher's note stays among staff."""
        hidden = {NOTE} if self.person_id is None else set()
        return {name: value for name, value in details.items() if name not in hidden}


@dataclass(frozen=True, slots=True)
class Tutor(LearningCaller):
    """Somebody who teaches: `person_id` is always known."""

    person_id: UUID
