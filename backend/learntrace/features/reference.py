"""How long others take: the stored table that a session's speed is judged against."""

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from learntrace.features.types import AnswerTime, Completion

MIN_TIMES = 20
"""A task or item with fewer times than this is judged by nobody."""
MOST_TIMES = 1000
"""Of a task with more times than this, so many are kept: ranks among them are right to 0.001."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Active seconds of successful completions by task, ascending; mean answer time by item.

    Holds only tasks and items with at least 20 times; of a task at most 1,000 evenly chosen ones,
    so that the table stays small whatever is played.
    """

    version: int
    completion_s: Mapping[str, tuple[float, ...]]
    mean_answer_s: Mapping[str, float]

    def mid_rank(self, completion: Completion) -> float | None:
        """Where the time stands among the others': 0 fastest, 1 slowest, ties in the middle.

        `None` for a task without reference.
        """
        times = self.completion_s.get(completion.task)
        if times is None:
            return None
        below = bisect_left(times, completion.active_s)
        not_above = bisect_right(times, completion.active_s)
        return (below + not_above) / (2 * len(times))

    def to_json(self) -> dict[str, Any]:
        return {
            "completion_s": {task: list(times) for task, times in self.completion_s.items()},
            "mean_answer_s": dict(self.mean_answer_s),
        }

    @classmethod
    def from_json(cls, version: int, body: Mapping[str, Any]) -> "Reference":
        return cls(
            version=version,
            completion_s={task: tuple(times) for task, times in body["completion_s"].items()},
            mean_answer_s=dict(body["mean_answer_s"]),
        )


class Times:
    """What others took, gathered bit by bit in any order; 8 bytes each, however many there are."""

    def __init__(
        self, completions: Iterable[Completion] = (), answers: Iterable[AnswerTime] = ()
    ) -> None:
        self._of_task: dict[str, array[float]] = defaultdict(_seconds)
        self._of_item: dict[str, array[float]] = defaultdict(_seconds)
        self.count = 0
        self.add(completions, answers)

    def add(self, completions: Iterable[Completion], answers: Iterable[AnswerTime]) -> None:
        for completion in completions:
            self._of_task[completion.task].append(completion.active_s)
            self.count += 1
        for answer in answers:
            self._of_item[answer.item].append(answer.answer_s)
            self.count += 1

    def reference(self, version: int) -> Reference:
        """The table of these times."""
        return Reference(
            version=version,
            completion_s={
                task: _thinned(sorted(times))
                for task, times in sorted(self._of_task.items())
                if len(times) >= MIN_TIMES
            },
            mean_answer_s={
                item: sum(sorted(times)) / len(times)
                for item, times in sorted(self._of_item.items())
                if len(times) >= MIN_TIMES
            },
        )


def _seconds() -> "array[float]":
    return array("d")


def _thinned(ascending: Sequence[float]) -> tuple[float, ...]:
    """At most 1,000 of them, each in the middle of as many as the next."""
    if len(ascending) <= MOST_TIMES:
        return tuple(ascending)
    step = len(ascending) / MOST_TIMES
    return tuple(ascending[int((n + 0.5) * step)] for n in range(MOST_TIMES))
