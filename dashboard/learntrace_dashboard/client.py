"""What the dashboard asks of the API; its URLs stand here and in the other `client_*` alone."""

from urllib.parse import quote

import httpx

from learntrace_dashboard import contract, contract_lesson
from learntrace_dashboard.client_keeping import KeepingClient
from learntrace_dashboard.client_library import LibraryClient
from learntrace_dashboard.client_meetings import MeetingsClient
from learntrace_dashboard.client_plan import PlanClient
from learntrace_dashboard.client_privacy import PrivacyClient
from learntrace_dashboard.client_recordings import RecordingsClient
from learntrace_dashboard.client_school import SchoolClient
from learntrace_dashboard.client_skills import SkillsClient
from learntrace_dashboard.client_tutoring import TutoringClient
from learntrace_dashboard.wire import (
    BATCH_TIMEOUT_S,
    TIMEOUT_S,
    ApiError,
    Listing,
    SignedOutError,
)

HEALTH_TIMEOUT_S = 5.0
EVENTS_LIMIT = 1000

__all__ = ["TIMEOUT_S", "ApiError", "Client", "Listing", "SignedOutError", "connect"]


def connect(api_url: str) -> httpx.Client:
    """A pooled connection to the API, TLS certificates verified, 10 s timeout."""
    return httpx.Client(
        base_url=f"{api_url.rstrip('/')}/api/v1",
        timeout=TIMEOUT_S,
        verify=True,
        headers={"Accept": "application/json", "User-Agent": "learntrace-dashboard"},
    )


class Client(
    SkillsClient,
    SchoolClient,
    PrivacyClient,
    KeepingClient,
    RecordingsClient,
    MeetingsClient,
    LibraryClient,
    PlanClient,
    TutoringClient,
):
    """One person's view of the API."""

    def classes(self) -> Listing[contract.SchoolClass]:
        """The classes the caller may see, live ones first, by name."""
        return self._all("/classes", contract.Page[contract.SchoolClass])

    def class_overview(self, class_id: str, days: int) -> contract.ClassOverview:
        """One class over the last `days` days."""
        return self._get(
            f"/classes/{quote(class_id, safe='')}/overview",
            contract.ClassOverview,
            {"days": days, **self._area},
        )

    def class_now(self, class_id: str) -> contract_lesson.ClassNow:
        """One class at this moment."""
        path = f"/classes/{quote(class_id, safe='')}/now"
        return self._get(path, contract_lesson.ClassNow, self._area)

    def class_attention(self, class_id: str) -> contract_lesson.Attention:
        """Whose work in one class is stuck, and who was not seen."""
        path = f"/classes/{quote(class_id, safe='')}/attention"
        return self._get(path, contract_lesson.Attention, self._area)

    def class_codes(self, class_id: str) -> contract.ClassCodes:
        """The join codes of one class."""
        return self._get(f"/classes/{quote(class_id, safe='')}/codes", contract.ClassCodes)

    def student(self, student_id: str) -> contract.Student:
        """One student."""
        return self._get(f"/students/{quote(student_id, safe='')}", contract.Student, self._area)

    def students(self, class_id: str) -> Listing[contract.Student]:
        """The students of one class, by name."""
        return self._all(
            "/students", contract.Page[contract.Student], {"class_id": class_id, **self._area}
        )

    def game_sessions(self, student_id: str) -> Listing[contract.GameSessionLine]:
        """A student's play sessions, newest first."""
        path = f"/students/{quote(student_id, safe='')}/sessions"
        return self._all(path, contract.Page[contract.GameSessionLine], self._area)

    def game_session(self, game_session_id: str) -> contract.GameSession:
        """One play session with its features and tasks."""
        return self._get(
            f"/game-sessions/{quote(game_session_id, safe='')}", contract.GameSession, self._area
        )

    def events(
        self, game_session_id: str, cursor: str | None = None, limit: int = EVENTS_LIMIT
    ) -> contract.EventsPage:
        """One page of a play session's events in canonical order."""
        path = f"/game-sessions/{quote(game_session_id, safe='')}/events"
        query = {"limit": limit, "cursor": cursor, **self._area}
        return self._get(path, contract.EventsPage, query, timeout_s=BATCH_TIMEOUT_S)

    def games(self) -> Listing[contract.Game]:
        """The games the caller may see, by name."""
        return self._all("/games", contract.Page[contract.Game])

    def event_types(self, game_id: str, environment: contract.Environment) -> contract.EventTypes:
        """The event names of a game with their counts."""
        path = f"/games/{quote(game_id, safe='')}/event-types"
        return self._get(path, contract.EventTypes, {"environment": environment})

    def data_health(self, game_id: str) -> contract.DataHealth:
        """What was refused from a game, and when it was last seen."""
        return self._get(f"/games/{quote(game_id, safe='')}/data-health", contract.DataHealth)

    def system_status(self) -> contract.SystemStatus:
        """The state of the installation; gives up after 5 s."""
        return self._get("/system/status", contract.SystemStatus, timeout_s=HEALTH_TIMEOUT_S)
