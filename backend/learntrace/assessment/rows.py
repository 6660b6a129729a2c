"""Extracted features as stored JSON."""

from collections.abc import Mapping
from typing import Any

from learntrace.features.types import Measure, Reason, SessionFeatures, TalkReason, TaskInstance


def features_row(extracted: SessionFeatures) -> dict[str, Any]:
    """The columns of `session_features` that the extraction fills."""
    completions = [[one.task, one.active_s] for one in extracted.completions]
    answers = [[one.item, one.answer_s] for one in extracted.answers]
    return {
        "extractor_version": extracted.extractor_version,
        "reference_version": extracted.reference_version,
        "features": {name: measure_row(measure) for name, measure in extracted.features.items()},
        "tasks": [_task(task) for task in extracted.tasks],
        "observations": {"completions": completions, "answers": answers},
        "observation_count": len(completions) + len(answers),
        "active_time_s": extracted.features["active_time_s"].value,
        "tasks_completed": extracted.tasks_completed,
        "failures": extracted.failures,
    }


def measure_row(measure: Measure) -> dict[str, Any]:
    """One feature as it is stored."""
    return {
        "value": measure.value,
        "reason": measure.reason,
        "cut_off": measure.cut_off,
        "evidence": measure.evidence,
    }


def measure_of(
    stored: Mapping[str, Any], reasons: type[Reason] | type[TalkReason] = Reason
) -> Measure:
    """The feature that `measure_row` wrote."""
    reason = stored["reason"]
    return Measure(
        value=stored["value"],
        reason=None if reason is None else reasons(reason),
        cut_off=stored["cut_off"],
        evidence=stored["evidence"],
    )


def _task(task: TaskInstance) -> dict[str, Any]:
    return {
        "task": task.task,
        "started_at": task.started_at.isoformat(),
        "ended_at": task.ended_at.isoformat() if task.ended_at else None,
        "outcome": task.outcome,
        "attempts": task.attempts,
        "failures": task.failures,
        "active_time_s": task.active_time_s,
        "started": task.started,
    }
