"""How long others take: the stored table that a session's speed is judged against."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from learntrace.features.types import AnswerTime, Completion

MIN_TIMES = 20
"""A task or item with fewer times than this is judged by nobody."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Active seconds of successful completions by task, ascending; mean answer time by item.

    Holds only tasks and items with at least 20 times.
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


def build_reference(
    version: int, completions: Iterable[Completion], answers: Iterable[AnswerTime]
) -> Reference:
    """The table of these observations; their order does not matter."""
    by_task: dict[str, list[float]] = defaultdict(list)
    for completion in completions:
        by_task[completion.task].append(completion.active_s)
    by_item: dict[str, list[float]] = defaultdict(list)
    for answer in answers:
        by_item[answer.item].append(answer.answer_s)
    return Reference(
        version=version,
        completion_s={
            task: tuple(sorted(times))
            for task, times in sorted(by_task.items())
            if len(times) >= MIN_TIMES
        },
        mean_answer_s={
            item: sum(sorted(times)) / len(times)
            for item, times in sorted(by_item.items())
            if len(times) >= MIN_TIMES
        },
    )
