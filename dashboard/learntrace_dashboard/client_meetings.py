"""What the dashboard asks of the API about meetings and who is coached in them."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from learntrace_dashboard import contract_meetings as contract
from learntrace_dashboard.wire import MOST_PAGES, Listing, Wire

PAGE = 50


def _meeting(meeting_id: str, what: str = "") -> str:
    return f"/coaching-sessions/{quote(meeting_id, safe='')}{what}"


def _client(client_id: str, what: str = "") -> str:
    return f"/clients/{quote(client_id, safe='')}{what}"


class MeetingsClient(Wire):
    """Meetings, notes, what was seen; and who is coached."""

    def clients(self) -> Listing[contract.Coached]:
        """Who is coached, by name; those without one last."""
        items: list[contract.Coached] = []
        for number in range(1, MOST_PAGES + 1):
            page = self._get("/clients", contract.ClientsPage, {"page": number, "page_size": PAGE})
            items.extend(page.items)
            if number >= page.total_pages:
                return Listing(tuple(items), more=False)
        return Listing(tuple(items), more=True)

    def add_client(self, told: Mapping[str, str]) -> contract.Coached:
        """Somebody new: a `name`, or a `student_id`."""
        return self._post("/clients", told, contract.Coached)

    def rename_client(self, client_id: str, name: str) -> contract.Coached:
        """Call somebody otherwise who is no student."""
        return self._post(_client(client_id), {"name": name}, contract.Coached, "PATCH")

    def anonymize_client(self, client_id: str) -> contract.Coached:
        """Take somebody's name away for good."""
        return self._post(_client(client_id, "/anonymize"), {}, contract.Coached)

    def delete_client(self, client_id: str) -> None:
        """Delete somebody with whom there are no meetings."""
        self._delete(_client(client_id))

    def meetings(self, client_id: str | None, cursor: str | None = None) -> contract.MeetingsPage:
        """A page of meetings, the last first; with one person where that is asked for."""
        number = int(cursor or 1)
        query = {"client_id": client_id, "page": number, "page_size": PAGE}
        found = self._get("/coaching-sessions", contract.Meetings, query)
        after = str(number + 1) if number < found.total_pages else None
        return contract.MeetingsPage(items=found.items, next_cursor=after)

    def meeting(self, meeting_id: str) -> contract.Meeting:
        """One meeting."""
        return self._get(_meeting(meeting_id), contract.Meeting)

    def new_meeting(self, told: Mapping[str, Any]) -> contract.Meeting:
        """A meeting: `client_id`, `session_date`, `duration_min`, `notes`."""
        return self._post("/coaching-sessions", told, contract.Meeting)

    def change_meeting(self, meeting_id: str, change: Mapping[str, Any]) -> contract.Meeting:
        """Change a meeting; what is left out stays."""
        return self._post(_meeting(meeting_id), change, contract.Meeting, "PATCH")

    def delete_meeting(self, meeting_id: str) -> None:
        """Delete a meeting; ratings given in it stay, and its recording."""
        self._delete(_meeting(meeting_id))

    def observe(self, meeting_id: str, told: Mapping[str, Any]) -> contract.Observed:
        """Rate the student by what was seen: `skill`, `level`, `text`."""
        return self._post(_meeting(meeting_id, "/observations"), told, contract.Observed)

    def delete_observation(self, meeting_id: str, rating_id: str) -> None:
        """Take back an observation of one's own, with its rating."""
        self._delete(_meeting(meeting_id, f"/observations/{quote(rating_id, safe='')}"))
