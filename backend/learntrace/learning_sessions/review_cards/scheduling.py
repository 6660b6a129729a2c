"""When a card is asked for again: FSRS, by the library `fsrs`, with its published parameters. Pure.

Nothing is drawn by chance, so the same answers give the same days.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, cast

import fsrs
from fsrs.card import CardDict


class Recall(StrEnum):
    """How well something was remembered; the words on the wire. `again` is not at all."""

    AGAIN = "again"
    HARD = "hard"
    GOOD = "good"
    EASY = "easy"


_RATINGS: Final[Mapping[Recall, fsrs.Rating]] = {
    Recall.AGAIN: fsrs.Rating.Again,
    Recall.HARD: fsrs.Rating.Hard,
    Recall.GOOD: fsrs.Rating.Good,
    Recall.EASY: fsrs.Rating.Easy,
}
_SCHEDULER: Final = fsrs.Scheduler(enable_fuzzing=False)


@dataclass(frozen=True, slots=True)
class Schedule:
    """What the scheduler knows of a card, as JSON, and when it is due; aware."""

    memory: Mapping[str, Any]
    due_at: datetime


def new(at: datetime) -> Schedule:
    """A card that was never asked for is due at once."""
    return _schedule(fsrs.Card(card_id=0, due=at))


def answered(memory: Mapping[str, Any], recall: Recall, at: datetime) -> Schedule:
    """The schedule after an answer at `at`; by a clock that went back, as if at the one before."""
    card = fsrs.Card.from_dict(cast("CardDict", memory))
    when = at if card.last_review is None else max(at, card.last_review)
    card, _ = _SCHEDULER.review_card(card, _RATINGS[recall], review_datetime=when)
    return _schedule(card)


def _schedule(card: fsrs.Card) -> Schedule:
    return Schedule(dict(card.to_dict()), card.due)
