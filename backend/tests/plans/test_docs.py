"""What docs/plans.md says is what the plans allow."""

from pathlib import Path

from learntrace.plans.judging import Action
from learntrace.plans.limits import ALIASES, PLANS, Plan

DOCS = Path(__file__).parents[3] / "docs" / "plans.md"


def row(plan: Plan) -> str:
    aliases = ", ".join(f"`{alias}`" for alias, name in ALIASES.items() if name == plan.id)
    cells = (
        f"`{plan.id}`" + (f" ({aliases})" if aliases else ""),
        *(plan.minutes_per_month, plan.file_mb, ", ".join(plan.export_formats)),
        *(plan.concurrent_jobs, plan.retention_days),
    )
    return f"| {' | '.join(map(str, cells))} |"


def test_the_table_is_current() -> None:
    lines = DOCS.read_text(encoding="utf-8").splitlines()
    begin = lines.index("| plan | minutes a month | MB a file | exports | at once | days kept |")
    told = lines[begin + 2 : lines.index("", begin)]
    assert told == [row(plan) for plan in PLANS.values()]


def test_every_action_is_explained() -> None:
    told = DOCS.read_text(encoding="utf-8")
    assert [action for action in Action if f"\n| `{action}` |" not in told] == []
