"""What the dashboard asks of the API about skills, ratings and notes."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from learntrace_dashboard import contract_skills as contract
from learntrace_dashboard.contract import Page
from learntrace_dashboard.wire import BATCH_TIMEOUT_S, Listing, Wire


def _of_student(student_id: str, what: str) -> str:
    return f"/students/{quote(student_id, safe='')}/{what}"


class SkillsClient(Wire):
    """Estimates of skills and what people add to them."""

    def class_skills(self, class_id: str) -> contract.ClassSkills:
        """The latest estimates of everybody in a class."""
        path = f"/classes/{quote(class_id, safe='')}/skills"
        return self._get(path, contract.ClassSkills, self._area, timeout_s=BATCH_TIMEOUT_S)

    def assessment(self, student_id: str) -> contract.Assessment:
        """The latest assessment of a student; `ApiError` with status 404 before the first."""
        path = f"/assessments/{quote(student_id, safe='')}"
        return self._get(path, contract.Assessment, self._area)

    def progress(self, student_id: str, days: int) -> contract.Progress:
        """A student's estimates over the last `days` days."""
        query = {"days": days, **self._area}
        return self._get(_of_student(student_id, "progress"), contract.Progress, query)

    def rubric(self) -> contract.Rubric:
        """The skills with the levels by which they are rated."""
        return self._get("/ratings/rubric", contract.Rubric)

    def rate(self, ratings: Sequence[dict[str, Any]]) -> contract.Stored:
        """Store ratings, 1 to 200, all or none."""
        return self._post("/ratings", {"ratings": list(ratings)}, contract.Stored)

    def ratings(self, student_id: str, cursor: str | None = None) -> contract.Ratings:
        """One page of a student's ratings."""
        query = {"cursor": cursor, **self._area}
        return self._get(_of_student(student_id, "ratings"), contract.Ratings, query)

    def all_ratings(self, student_id: str) -> Listing[contract.Rating]:
        """A student's ratings, newest first."""
        return self._all(_of_student(student_id, "ratings"), Page[contract.Rating], self._area)

    def delete_rating(self, student_id: str, rating_id: str) -> None:
        """Take back a rating of one's own."""
        self._delete(_of_student(student_id, f"ratings/{quote(rating_id, safe='')}"))

    def notes(self, student_id: str, cursor: str | None = None) -> contract.Notes:
        """One page of the notes about a student."""
        query = {"cursor": cursor, **self._area}
        return self._get(_of_student(student_id, "notes"), contract.Notes, query)

    def write_note(self, student_id: str, text: str) -> contract.Note:
        """Store a note."""
        return self._post(_of_student(student_id, "notes"), {"text": text}, contract.Note)

    def delete_note(self, student_id: str, note_id: str) -> None:
        """Delete a note of one's own."""
        self._delete(_of_student(student_id, f"notes/{quote(note_id, safe='')}"))

    def timeline(self, student_id: str, cursor: str | None = None) -> contract.Timeline:
        """One page of what happened with a student."""
        query = {"cursor": cursor, **self._area}
        return self._get(_of_student(student_id, "timeline"), contract.Timeline, query)

    def put_extra_time(self, student_id: str, extra_time: bool) -> contract.ExtraTime:
        """Say whether a student has extra time or assistive tools."""
        path, body = _of_student(student_id, "extra-time"), {"extra_time": extra_time}
        return self._post(path, body, contract.ExtraTime, "PUT")

    def weights(self) -> contract.Weights:
        """How much the school trusts each source for each skill."""
        return self._get("/fusion/weights", contract.Weights)

    def put_weights(self, weights: Sequence[dict[str, Any]]) -> contract.Weights:
        """Put the school's next weights in force; what is left out is 1."""
        body = {"weights": list(weights)}
        return self._post("/fusion/weights", body, contract.Weights, "PUT")
