"""What the dashboard asks of the API about scenarios, content and what is assigned."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import quote

from learntrace_dashboard import contract_library as contract
from learntrace_dashboard.contract import Page
from learntrace_dashboard.wire import Listing, Wire

ASSIGNMENTS = "/learning-sessions/assignments"


@dataclass(frozen=True)
class Search:
    """What content to look for; None is anything."""

    title: str | None = None
    content_type: str | None = None
    language: str | None = None
    difficulty: str | None = None
    topic: str | None = None
    tag: str | None = None
    favourite: bool = False


@dataclass(frozen=True)
class OfClass:
    """What is assigned to whom: still to be done by one of them, or done by all."""

    class_id: str
    is_open: bool


def _content(content_id: str, what: str = "") -> str:
    return f"/content/{quote(content_id, safe='')}{what}"


def _said(flag: bool) -> str:
    return "true" if flag else "false"


class LibraryClient(Wire):
    """Scenarios, content, and assigning them."""

    def scenarios(self) -> Listing[contract.Scenario]:
        """The school's scenarios, the easiest first."""
        return self._all("/scenarios", Page[contract.Scenario])

    def scenario(self, scenario_id: str) -> contract.Scenario:
        """One scenario with its phases."""
        return self._get(f"/scenarios/{quote(scenario_id, safe='')}", contract.Scenario)

    def content(self, search: Search, cursor: str | None = None) -> contract.ContentPage:
        """A page of the school's content by title."""
        query = asdict(search) | {"favourite": _said(search.favourite), "cursor": cursor}
        return self._get("/content", contract.ContentPage, query)

    def all_content(self) -> Listing[contract.ContentItem]:
        """The school's content by title."""
        return self._all("/content", Page[contract.ContentItem])

    def facets(self) -> contract.Facets:
        """The languages, topics and tags of the school's content."""
        return self._get("/content/facets", contract.Facets)

    def content_item(self, content_id: str) -> contract.ContentItem:
        """One content item with its materials."""
        return self._get(_content(content_id), contract.ContentItem)

    def save_content(self, told: Mapping[str, Any]) -> contract.ContentItem:
        """A content item of one's own, whole."""
        return self._post("/content", told, contract.ContentItem)

    def change_content(self, content_id: str, told: Mapping[str, Any]) -> contract.ContentItem:
        """Replace what a content item says; where it is from stays."""
        return self._post(_content(content_id), told, contract.ContentItem, "PUT")

    def delete_content(self, content_id: str) -> None:
        """Delete a content item with its materials."""
        self._delete(_content(content_id))

    def set_favourite(self, content_id: str, favourite: bool) -> None:
        """Mark a content item for oneself, or take the mark away."""
        self._request("PUT", _content(content_id, "/favourite"), json={"favourite": favourite})

    def class_tasks(self, which: OfClass, cursor: str | None = None) -> contract.TasksPage:
        """A page of what those in a class were given, the last first."""
        path = f"/classes/{quote(which.class_id, safe='')}/assignments"
        query = {"open": _said(which.is_open), "cursor": cursor}
        return self._get(path, contract.TasksPage, query)

    def assign(self, told: Mapping[str, Any]) -> contract.Given:
        """Assign: `kind`, `source_id`, `class_id` or `student_ids`, `due_on`."""
        return self._post(ASSIGNMENTS, told, contract.Given)

    def withdraw(self, assignment_ids: Sequence[str]) -> contract.Withdrawn:
        """Take back those of them that are still to be done."""
        told = {"assignment_ids": list(assignment_ids)}
        return self._post(f"{ASSIGNMENTS}/withdraw", told, contract.Withdrawn)
