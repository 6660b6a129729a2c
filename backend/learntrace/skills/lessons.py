"""What a learning session says on skills: its measures, and for which skill they speak. Pure.

A lesson is a learning session, as `reasoning_words` calls it. Falls under `EVIDENCE_VERSION`.
"""

from collections.abc import Mapping, Sequence
from math import fsum
from typing import Final

from learntrace.skills.evidence_map import Link
from learntrace.skills.knowledge import Answer, ItemTable, mastery, replay
from learntrace.skills.types import Skill

MIN_ANSWERS: Final = 5
MIN_ERRORS: Final = 3

MASTERY: Final = "lesson_mastery"
ACCURACY: Final = "lesson_accuracy"
PERSISTENCE: Final = "persistence_after_errors"
MEASURES: Final = (MASTERY, ACCURACY, PERSISTENCE)

TYPE_WEIGHTS: Final[Mapping[str, float]] = {
    "scenario": 1.0,
    "content_study": 1.0,
    "vocabulary_review": 0.0,
    "conversation": 0.0,
}
"""How much a session of each type counts. A review asks for what is about to be forgotten, and a
conversation has no items: both are kept, and weigh nothing until somebody validates them."""

_JUDGEMENT: Final = "Our judgement, not validated"

LESSON_LINKS: Final = (
    Link(
        MASTERY,
        Skill.PROBLEM_SOLVING,
        1,
        0.25,
        "Knowing more of a subject helps to solve its problems; it is not the same, so it counts"
        " little.",
        _JUDGEMENT,
    ),
    Link(
        ACCURACY,
        Skill.PROBLEM_SOLVING,
        1,
        0.25,
        "As `lesson_mastery`, where it is known only how many answers were right.",
        _JUDGEMENT,
    ),
    Link(
        PERSISTENCE,
        Skill.RESILIENCE,
        1,
        0.5,
        "Coming back to what went wrong is persisting; a tutor may have asked for it, so it counts"
        " half.",
        "Ventura and Shute (2013), as for retry_rate. That a lesson shows it is our judgement",
    ),
)

LESSON_WORDS: Final = {
    MASTERY: "was likely to get {} of a lesson's items right",
    ACCURACY: "got {} of the answers in a lesson right",
    PERSISTENCE: "came back to {} of what went wrong in a lesson",
}
"""What was seen, as a clause about the student."""

_TABLE: Final = ItemTable(version=0, intercept=0.0)
"""Lessons have no item table of their own: every item is taken to be as hard as the others."""


def measures_of(answers: Sequence[Answer], *, correct: int, incorrect: int) -> dict[str, float]:
    """The measures of one completed session, each 0 to 1; what it says too little on is left out.

    `answers`: those told one by one, in order; `correct` and `incorrect`: the session's counts.
    Enough single answers are read by the learner model, and how many were right then says no more.
    """
    found = {}
    if len(answers) >= MIN_ANSWERS:
        found[MASTERY] = _mastery(answers)
    elif correct + incorrect >= MIN_ANSWERS:
        found[ACCURACY] = correct / (correct + incorrect)
    persistence = _persistence(answers)
    if persistence is not None:
        found[PERSISTENCE] = persistence
    return found


def _mastery(answers: Sequence[Answer]) -> float:
    """The mean over topics of the chance to get an average item right, at the end."""
    learner = replay(answers, _TABLE)
    found = [mastery(learner, _TABLE, topic, at=answers[-1].at) for topic in learner.skills]
    values = [one.value for one in found if one is not None]
    return fsum(values) / len(values)


def _persistence(answers: Sequence[Answer]) -> float | None:
    """The share of the wrong answers whose item was answered again later in the session."""
    later: set[tuple[str, str]] = set()
    errors = returned = 0
    for one in reversed(answers):
        item = (one.skill, one.item)
        if not one.correct:
            errors += 1
            returned += item in later
        later.add(item)
    return returned / errors if errors >= MIN_ERRORS else None
