"""A school's budget for paid engines as JSON: amounts are millionths of the currency."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field

from learntrace.kit.wire import In, Out
from learntrace.plans.budget import MOST_MICRO, Budget, BudgetStatus

Micro = Annotated[int, Field(ge=0, examples=[50_000_000])]


class BudgetIn(In):
    """How much may be spent a month; 0 lets no paid engine run."""

    budget_micro: Annotated[int, Field(ge=0, le=MOST_MICRO, examples=[50_000_000])]


class BudgetOut(Out):
    """How the school and its sandbox stand this month, UTC."""

    budget_micro: Micro
    spent_micro: Annotated[int, Field(ge=0, description="What is reserved is among it.")]
    reserved_micro: Annotated[
        int, Field(ge=0, description="For transcriptions that wait or run; the rest is spent.")
    ]
    share: Annotated[
        float | None,
        Field(ge=0, description="Spent of the budget; null where there is no budget."),
    ]
    status: Annotated[
        BudgetStatus, Field(description="From 50 % yellow, 75 orange, 90 red, 100 critical.")
    ]
    reset_date: Annotated[date, Field(description="When it is counted anew.")]

    @classmethod
    def of(cls, budget: Budget) -> Self:
        return cls(
            budget_micro=budget.monthly_micro,
            spent_micro=budget.spent_micro,
            reserved_micro=budget.reserved_micro,
            share=budget.share,
            status=budget.status,
            reset_date=budget.reset_date,
        )
