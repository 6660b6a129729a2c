"""What a learner knows: streaming Bayesian item response theory. docs/knowledge.md explains it."""

from learntrace.skills.knowledge.fitting import fit
from learntrace.skills.knowledge.model import learn, mastery, predict, replay
from learntrace.skills.knowledge.types import (
    Answer,
    Easiness,
    Head,
    ItemTable,
    Learner,
    Mastery,
    Parameters,
    Prediction,
)

__all__ = [
    "Answer",
    "Easiness",
    "Head",
    "ItemTable",
    "Learner",
    "Mastery",
    "Parameters",
    "Prediction",
    "fit",
    "learn",
    "mastery",
    "predict",
    "replay",
]
