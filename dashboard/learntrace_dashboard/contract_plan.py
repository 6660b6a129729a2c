"""The shapes of the API's answers about a school's plan and what is used of it."""

from datetime import date, datetime
from typing import Literal

from learntrace_dashboard.contract import Answer

UNLIMITED = -1
MICRO = 1_000_000
BudgetStatus = Literal["green", "yellow", "orange", "red", "critical"]


class Plan(Answer):
    """What a plan allows; `UNLIMITED` where a number has no limit."""

    id: str
    minutes_per_month: int
    file_size_mb: int
    export_formats: tuple[str, ...]
    concurrent_jobs: int
    retention_days: int


class CurrentPlan(Answer):
    """The school's plan; `since` is None where it never was given one."""

    plan: Plan
    since: datetime | None = None


class LimitUsed(Answer):
    """How one limit stands; `current` is None where nothing adds up."""

    type: str
    current: float | None = None
    limit: int
    warning: bool = False


class Usage(Answer):
    """What the school used since the first of the month, UTC."""

    plan: str
    period_start: date
    reset_date: date
    usage: tuple[LimitUsed, ...] = ()


class Budget(Answer):
    """How much may be spent a month on paid engines, in millionths, and how far that is spent.

    `reserved_micro` is a part of `spent_micro`; `share` is None where there is no budget.
    """

    budget_micro: int
    spent_micro: int
    reserved_micro: int
    share: float | None = None
    status: BudgetStatus
    reset_date: date
