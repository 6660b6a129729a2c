"""What can be said of an event that was not taken, and of a body that could not be read."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from uuid import UUID


class Code(StrEnum):
    """Why an event was not stored. Each code says whether sending it again can help."""

    retryable: bool
    sentence: str

    INVALID = (
        "invalid",
        False,
        "A field is missing or not as described; correct the game, a repeat is refused again.",
    )
    TOO_LARGE = (
        "too_large",
        False,
        "`data` has more than 10,000 bytes as sent; send less, or several events.",
    )
    UNKNOWN_STUDENT = (
        "unknown_student",
        True,
        "The school has no such student; send it again once the student is on the roster.",
    )
    WRONG_STUDENT = (
        "wrong_student",
        False,
        "The session belongs to another student; start one for each student.",
    )
    CONFLICT = (
        "conflict",
        False,
        "The school has other content under this event id, and keeps it; make new ids.",
    )
    TIMESTAMP_OUT_OF_RANGE = (
        "timestamp_out_of_range",
        False,
        "Too long ago, or over an hour after receipt; `sent_at` lets a wrong clock be corrected.",
    )
    CONSENT_MISSING = (
        "consent_missing",
        True,
        "The school does not have the consent that it requires; send it again once it has.",
    )

    ERASED_STUDENT = (
        "erased_student",
        False,
        "The school had this student erased, for good; stop sending, and drop what still waits.",
    )

    def __new__(cls, value: str, retryable: bool, sentence: str) -> Self:
        """Make the member: its text, whether to send again, and what to do in one sentence."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.retryable = retryable
        member.sentence = sentence
        return member


class Outcome(StrEnum):
    """What became of one send as a whole."""

    COMPLETED = "completed"
    PARTIAL = "partial"
    REJECTED = "rejected"

    @classmethod
    def of(cls, received_count: int, rejected_count: int) -> Self:
        """`completed` when no event was refused, `rejected` when every one was, else `partial`."""
        if not rejected_count:
            return cls("completed")
        return cls("rejected" if rejected_count >= received_count else "partial")


@dataclass(frozen=True, slots=True)
class Rejected:
    """One event's refusal.

    `index` counts from 0 in the order sent; `event_id` is `None` where the event named none that
    could be read; `detail` names the fields and never repeats what they held.
    """

    index: int
    event_id: UUID | None
    code: Code
    detail: str

    @property
    def retryable(self) -> bool:
        """Whether sending the same event again later can succeed."""
        return self.code.retryable


class BrokenEnvelope(ValueError):  # noqa: N818
    """A body that is refused whole; its text is one sentence for the game's developer."""


class TooLarge(ValueError):  # noqa: N818
    """A body that is, or would unpack to, more bytes than allowed."""
