"""Which learning sessions there are, and what their counts say. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class SessionType(StrEnum):
    """What a student works on in a learning session; the words on the wire."""

    SCENARIO = "scenario"
    CONTENT_STUDY = "content_study"
    VOCABULARY_REVIEW = "vocabulary_review"
    CONVERSATION = "conversation"


class Assigned(StrEnum):
    """What a teacher can assign; the words on the wire."""

    SCENARIO = "scenario"
    CONTENT = "content"
    REVIEW = "review"


ASSIGNED_AS: Final[Mapping[SessionType, Assigned]] = {
    SessionType.SCENARIO: Assigned.SCENARIO,
    SessionType.CONTENT_STUDY: Assigned.CONTENT,
    SessionType.VOCABULARY_REVIEW: Assigned.REVIEW,
}
"""A conversation is always led by a tutor, so nobody assigns one."""


def written_language(tag: str) -> str:
    """A BCP 47 tag as it is written by custom (`en-GB`, `zh-Hans`): its case says nothing."""
    first, *rest = tag.split("-")
    by_length = {2: str.upper, 4: str.title}
    return "-".join([first.lower(), *(by_length.get(len(one), str.lower)(one) for one in rest)])


def accuracy_rate(correct: int, incorrect: int) -> float | None:
    """Share of the answers that were right, 0 to 1; `None` where nothing was answered."""
    answered = correct + incorrect
    return correct / answered if answered else None
