"""What the dashboard asks of the API while somebody works with a student."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from learntrace_dashboard import contract_tutoring as contract
from learntrace_dashboard.contract import Page
from learntrace_dashboard.wire import Listing, Wire

LESSONS = "/learning-sessions"


def _scenario(scenario_id: str, what: str = "") -> str:
    return f"/scenarios/{quote(scenario_id, safe='')}{what}"


def _content(content_id: str, what: str = "") -> str:
    return f"/content/{quote(content_id, safe='')}{what}"


def _lesson(lesson_id: str, what: str = "") -> str:
    return f"{LESSONS}/{quote(lesson_id, safe='')}{what}"


def _whose(student_id: str) -> dict[str, str]:
    return {"student_id": student_id}


class TutoringClient(Wire):
    """Scenarios, content, reviews and conversations with one student."""

    def runs(self, student_id: str, cursor: str | None = None) -> contract.RunPage:
        """A page of a student's ways through scenarios, the last begun first."""
        query = {"student_id": student_id, "cursor": cursor, **self._area}
        return self._get("/scenarios/progress", contract.RunPage, query)

    def runs_through(self, scenario_id: str, student_id: str) -> contract.Runs:
        """A student's ways through one scenario, one that goes on first."""
        query = {"student_id": student_id, **self._area}
        return self._get(_scenario(scenario_id, "/progress"), contract.Runs, query)

    def start_scenario(self, scenario_id: str, student_id: str) -> contract.Run:
        """Begin a scenario, or go on with it."""
        return self._post(_scenario(scenario_id, "/start"), _whose(student_id), contract.Run)

    def advance(self, scenario_id: str, step: Mapping[str, Any]) -> contract.Run:
        """`student_id`, `phase`, and what was met or answered in it or is taken back."""
        return self._post(_scenario(scenario_id, "/progress"), step, contract.Run)

    def complete_scenario(self, scenario_id: str, student_id: str) -> contract.Run:
        """Complete a scenario: nothing of it changes any more."""
        return self._post(_scenario(scenario_id, "/complete"), _whose(student_id), contract.Run)

    def take_run_away(self, scenario_id: str, student_id: str) -> None:
        """Delete the way through a scenario that goes on."""
        self._delete(_scenario(scenario_id, "/progress"), _whose(student_id))

    def study(self, content_id: str, student_id: str) -> contract.Lesson:
        """Begin to study a content item."""
        return self._post(_content(content_id, "/start"), _whose(student_id), contract.Lesson)

    def studies(self, content_id: str, student_id: str) -> contract.Studies:
        """A student's last 50 studies of a content item, and its mastery."""
        query = {"student_id": student_id, **self._area}
        return self._get(_content(content_id, "/history"), contract.Studies, query)

    def lessons(
        self, student_id: str, cursor: str | None = None, session_type: str | None = None
    ) -> contract.LessonPage:
        """A page of a student's learning sessions, the last begun first."""
        query = {"student_id": student_id, "cursor": cursor, "session_type": session_type}
        return self._get(LESSONS, contract.LessonPage, {**query, **self._area})

    def lesson(self, lesson_id: str) -> contract.Lesson:
        """One learning session with its answers."""
        return self._get(_lesson(lesson_id), contract.Lesson)

    def begin_lesson(self, told: Mapping[str, str]) -> contract.Lesson:
        """Begin a learning session: `student_id`, `session_type`, `language`."""
        return self._post(LESSONS, told, contract.Lesson)

    def change_lesson(self, lesson_id: str, change: Mapping[str, Any]) -> contract.Lesson:
        """Bring a learning session on: `answers`, `taken_back`, `metadata_update`."""
        return self._post(_lesson(lesson_id), change, contract.Lesson, "PATCH")

    def complete_lesson(self, lesson_id: str, change: Mapping[str, Any]) -> contract.Lesson:
        """Complete a learning session with what is told last: nothing of it changes any more."""
        return self._post(_lesson(lesson_id, "/complete"), change, contract.Lesson)

    def take_lesson_away(self, lesson_id: str) -> None:
        """Delete a learning session that goes on."""
        self._delete(_lesson(lesson_id))

    def due_cards(self, student_id: str) -> Listing[contract.Card]:
        """The words that a student is to be asked for now, the first due first."""
        query = {"student_id": student_id, **self._area}
        return self._all("/review-cards", Page[contract.Card], query)

    def next_cards(self, student_id: str) -> Sequence[contract.Card]:
        """The word that is due first, now or later; empty where there is none."""
        query = {"student_id": student_id, "due": "false", "limit": 1, **self._area}
        return self._get("/review-cards", contract.CardPage, query).items

    def answer_card(self, card_id: str, recall: str, lesson_id: str) -> contract.Card:
        """Note in a review how well a word was remembered: again, hard, good or easy."""
        told = {"recall": recall, "learning_session_id": lesson_id}
        path = f"/review-cards/{quote(card_id, safe='')}/answer"
        return self._post(path, told, contract.Card)

    def to_do(self, student_id: str) -> Listing[contract.Assignment]:
        """What a student was given and has not done yet, the last first."""
        query = {"student_id": student_id, "open": "true", **self._area}
        return self._all(f"{LESSONS}/assignments", Page[contract.Assignment], query)
