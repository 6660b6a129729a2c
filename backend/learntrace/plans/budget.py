"""A school's monthly budget for paid engines, and what its spending comes to. Pure.

Amounts are integers, in millionths of the one currency in which whoever runs Learntrace pays; which
that is nobody asks here.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

MICRO: Final = 1_000_000
"""Of these is one unit of the currency."""
MOST_MICRO: Final = 10**9 * MICRO


class BudgetStatus(StrEnum):
    """How far a budget is spent; the words on the wire."""

    GREEN = "green"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"
    CRITICAL = "critical"


_FROM_PERCENT: Final = (
    (100, BudgetStatus.CRITICAL),
    (90, BudgetStatus.RED),
    (75, BudgetStatus.ORANGE),
    (50, BudgetStatus.YELLOW),
)


def status_of(spent_micro: int, budget_micro: int) -> BudgetStatus:
    """From 50 % on yellow, 75 orange, 90 red, 100 critical; nothing spent is green."""
    if spent_micro == 0:
        return BudgetStatus.GREEN
    reached = (
        status for percent, status in _FROM_PERCENT if 100 * spent_micro >= percent * budget_micro
    )
    return next(reached, BudgetStatus.GREEN)


def cost_micro(cost_per_minute_micro: int, length_s: float) -> int:
    """What so many seconds cost at so much a minute; each begun millionth counts."""
    thousandths_s = round(length_s * 1000)
    return -(-cost_per_minute_micro * thousandths_s // 60_000)


@dataclass(frozen=True, slots=True)
class Budget:
    """How a school's budget stands in a month. `reserved_micro` is a part of `spent_micro`."""

    monthly_micro: int
    spent_micro: int
    reserved_micro: int
    reset_date: date

    @property
    def share(self) -> float | None:
        """The part that is spent, rounded down to four digits; `None` where there is no budget."""
        if self.monthly_micro == 0:
            return None
        return self.spent_micro * 10_000 // self.monthly_micro / 10_000

    @property
    def status(self) -> BudgetStatus:
        return status_of(self.spent_micro, self.monthly_micro)

    def refusal(self, wanted_micro: int) -> str | None:
        """Why so much more may not be spent this month; null where it may."""
        left_micro = self.monthly_micro - self.spent_micro
        if wanted_micro <= left_micro:
            return None
        if self.monthly_micro == 0:
            return (
                f"This speech-to-text engine costs money, here {told(wanted_micro)}, and the "
                "school has no budget for it. An administrator of the school can set one."
            )
        return (
            f"This speech-to-text engine costs money, here {told(wanted_micro)}, and "
            f"{told(max(left_micro, 0))} of this month's budget of {told(self.monthly_micro)} are "
            f"left. It begins anew on {self.reset_date}, UTC."
        )


def told(amount_micro: int) -> str:
    """An amount with two digits after the point, or as many as it needs: 0.50, 0.0043, 1,200.00."""
    units, rest = divmod(amount_micro, MICRO)
    return f"{units:,}.{f'{rest:06}'.rstrip('0'):0<2}"
