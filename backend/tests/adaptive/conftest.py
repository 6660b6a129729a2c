"""The school day of the classroom's tests, for those about what to play next."""

from ..classroom.conftest import SchoolDay, day
from ..skills.conftest import Ask, ask

__all__ = ["Ask", "SchoolDay", "ask", "day"]
