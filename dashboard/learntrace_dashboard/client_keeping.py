"""What the dashboard asks of the API about keeping records, who read them, and changing them."""

from typing import Any
from urllib.parse import quote

from learntrace_dashboard import contract_keeping as contract
from learntrace_dashboard.contract import Page
from learntrace_dashboard.wire import BATCH_TIMEOUT_S, Listing, Wire

Filters = tuple[tuple[str, str], ...]


class KeepingClient(Wire):
    """How long records are kept, the access log, and requests to amend records."""

    def retention(self) -> contract.Retention:
        """For how long the school keeps what."""
        return self._get("/schools/retention", contract.Retention)

    def put_retention(self, days: dict[str, int | None]) -> contract.Retention:
        """Keep things for so many days from now on."""
        return self._post("/schools/retention", days, contract.Retention, "PUT")

    def retention_preview(
        self, play_days: int | None, left_days: int | None
    ) -> contract.RetentionPreview:
        """What would go now with these days."""
        query = {"play_days": play_days, "left_days": left_days}
        path = "/schools/retention/preview"
        return self._get(path, contract.RetentionPreview, query, timeout_s=BATCH_TIMEOUT_S)

    def access_log(self, filters: Filters, cursor: str | None = None) -> contract.AccessLog:
        """A page of the access log; `filters` are names and values of the route's parameters."""
        return self._get("/schools/audit", contract.AccessLog, {**dict(filters), "cursor": cursor})

    def open_amendments(self) -> Listing[contract.Amendment]:
        """The wishes of the whole school on which nobody has decided, newest first."""
        return self._all("/schools/amendments", Page[contract.Amendment], {"state": "open"})

    def amendments(self, student_id: str) -> Listing[contract.Amendment]:
        """The wishes about one student's record, newest first."""
        return self._all(_amendments(student_id), Page[contract.Amendment])

    def note_amendment(self, student_id: str, wish: dict[str, Any]) -> contract.Amendment:
        """Note a wish: `about`, `text`, `asked_by`."""
        return self._post(_amendments(student_id), wish, contract.Amendment)

    def decide_amendment(
        self, student_id: str, amendment_id: str, decision: dict[str, Any]
    ) -> contract.Amendment:
        """Decide: `accepted`, `words`, and a `statement` to go with what was not changed."""
        path = f"{_amendments(student_id)}/{quote(amendment_id, safe='')}/decision"
        return self._post(path, decision, contract.Amendment)


def _amendments(student_id: str) -> str:
    return f"/students/{quote(student_id, safe='')}/amendments"
