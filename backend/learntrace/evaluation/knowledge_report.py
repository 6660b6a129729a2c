"""An evaluation of the knowledge model as people read it, and as JSON."""

from dataclasses import asdict
from typing import Any

from learntrace.evaluation.knowledge import FIRST, Result
from learntrace.evaluation.report import Gate, markdown

UPDATE_US = 50.0
PUBLIC_SETS = {
    "assist2009_public.csv.gz": {
        "auc": 0.780,
        "log-loss": 0.520,
        "calibration error": 0.012,
        "first auc": 0.740,
    },
    "assist2017fa_public.csv.gz": {"auc": 0.772, "first auc": 0.660},
}
"""What must be reached on the public sets, by the name of the file that is tested on."""

_HEADINGS = ("model", "AUC", "log-loss", "accuracy", "ECE", f"AUC of first {FIRST}")


def gates(result: Result, tested_on: str) -> list[Gate]:
    """Better than each rival beyond chance, fast enough, and what a public set asks for."""
    bounds = PUBLIC_SETS.get(tested_on, {})
    ours = result.ours
    measured = {
        "auc": ("AUC", ours.scores.auc, True),
        "log-loss": ("log-loss", ours.scores.log_loss, False),
        "calibration error": ("ECE", ours.scores.calibration_error, False),
        "first auc": (f"AUC of the first {FIRST} answers", ours.first_auc, True),
    }
    return [
        *(
            Gate(name, value, bounds[key], at_least)
            for key, (name, value, at_least) in measured.items()
            if key in bounds
        ),
        *(
            Gate(f"AUC above {rival}: lower bound", difference.low, 0.0, at_least=True)
            for rival, difference in result.differences.items()
        ),
        Gate("predict and update, microseconds", result.update_us, UPDATE_US, at_least=False),
    ]


def text(result: Result, tested_on: str) -> str:
    """The table, the differences, the coverage and the gates."""
    rows = [
        (
            line.model,
            *(
                f"{value:.4f}"
                for value in (
                    line.scores.auc,
                    line.scores.log_loss,
                    line.scores.accuracy,
                    line.scores.calibration_error,
                    line.first_auc,
                )
            ),
        )
        for line in result.lines
    ]
    coverage = result.coverage
    covered = (
        f"Intervals: of {coverage.blocks:,} blocks of 5 answers on a skill, "
        f"{coverage.achieved:.3f} fell where {coverage.stated:.3f} were expected."
        if coverage.blocks
        else "Intervals: no learner has 5 answers on a skill."
    )
    smallest = "" if result.folds == 1 else f", the smallest of {result.folds} folds"
    learners = (
        f"Train{smallest}: {result.train_learners:,} learners, {result.train_answers:,} answers. "
        f"Test: {result.test_learners:,} learners, {result.test_answers:,} answers. "
        f"Seed {result.seed}."
    )
    differences = (
        "AUC above, with the interval that holds it 95 times in 100 "
        "(learners drawn with replacement):"
    )
    return "\n".join(
        [
            learners,
            "",
            markdown(_HEADINGS, rows),
            "",
            differences,
            *(
                f"  {rival}: {one.value:+.4f} ({one.low:+.4f} to {one.high:+.4f})"
                for rival, one in result.differences.items()
            ),
            covered,
            "",
            *map(str, gates(result, tested_on)),
        ]
    )


def as_json(result: Result, tested_on: str) -> dict[str, Any]:
    """Everything that `text` says, with all digits."""
    return {
        "tested_on": tested_on,
        "seed": result.seed,
        "folds": result.folds,
        "train": {"learners": result.train_learners, "answers": result.train_answers},
        "test": {"learners": result.test_learners, "answers": result.test_answers},
        "models": [asdict(line) for line in result.lines],
        "auc_above": {rival: one._asdict() for rival, one in result.differences.items()},
        "coverage": asdict(result.coverage),
        "update_us": result.update_us,
        "gates": [{**asdict(gate), "holds": gate.holds} for gate in gates(result, tested_on)],
    }
