"""What the school may spend on engines that cost money, and how far that is spent."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from learntrace_dashboard import reads
from learntrace_dashboard.changes import change, say
from learntrace_dashboard.contract_plan import MICRO, Budget, BudgetStatus
from learntrace_dashboard.contract_recordings import Engine
from learntrace_dashboard.look import desk, escape, figures, part

MOST = 1_000_000.0
# A sign and a word for each, so that nobody has to tell colours apart.
_SAYS: Mapping[BudgetStatus, tuple[Callable[..., object], str]] = {
    "green": (st.success, ":material/check_circle:"),
    "yellow": (st.info, ":material/contrast:"),
    "orange": (st.warning, ":material/warning:"),
    "red": (st.warning, ":material/priority_high:"),
    "critical": (st.error, ":material/block:"),
}


def show() -> None:
    """Draw the part of the tab."""
    texts = desk().texts
    st.subheader(texts("budget.title"), anchor=False)
    budget, engines = part("budget", reads.budget), part("engines", reads.engines)
    if budget is None or engines is None:
        return
    paid = [one for one in engines.providers if one.cost_per_minute_micro]
    if paid or budget.budget_micro or budget.spent_micro:
        _stands(budget)
        _prices(engines.providers)
    else:
        st.markdown(texts("budget.free" if engines.providers else "budget.no_engine"))
    _change(budget)


def _stands(budget: Budget) -> None:
    at_desk = desk()
    texts, amount = at_desk.texts, at_desk.formats.amount
    if budget.budget_micro == budget.spent_micro == 0:
        st.info(texts("budget.none"), icon=":material/savings:")
        return
    draw, icon = _SAYS[budget.status]
    percent = None if budget.share is None else int(budget.share * 100 + 1e-9)
    spent = "" if percent is None else texts("budget.share", percent=percent)
    reset = at_desk.rows.day(budget.reset_date)
    words = texts(f"budget.{budget.status}", reset=reset)
    draw(f"**{words}** {spent}".strip(), icon=icon)
    left_micro = max(budget.budget_micro - budget.spent_micro, 0)
    figures(
        [
            (texts("budget.a_month"), amount(budget.budget_micro)),
            (texts("budget.spent"), amount(budget.spent_micro)),
            (texts("budget.reserved"), amount(budget.reserved_micro)),
            (texts("budget.left"), amount(left_micro)),
        ]
    )
    st.caption(texts("budget.counted", reset=reset))


def _prices(engines: Sequence[Engine]) -> None:
    at_desk = desk()
    texts = at_desk.texts
    lines = [
        texts("budget.price", engine=one.name, amount=at_desk.formats.amount(cost))
        if (cost := one.cost_per_minute_micro)
        else texts("budget.costs_nothing", engine=one.name)
        for one in engines
    ]
    st.markdown(texts("budget.prices"))
    st.markdown("\n".join(f"- {escape(one)}" for one in lines))


def _change(budget: Budget) -> None:
    at_desk = desk()
    texts = at_desk.texts
    # Another key for each answer of the API: what was typed before it is not kept.
    key = f"lt-budget-{budget.budget_micro}"
    with st.expander(texts("budget.change"), icon=":material/edit:"), st.form(key, border=False):
        told = st.number_input(
            texts("budget.field"),
            min_value=0.0,
            max_value=max(MOST, budget.budget_micro / MICRO),
            value=budget.budget_micro / MICRO,
            step=1.0,
            format="%.2f",
            help=texts("budget.help"),
            key=f"{key}-field",
        )
        asked = st.form_submit_button(texts("budget.save"), type="primary")
    if not asked:
        return
    micro = round(told * MICRO)
    if change(lambda: at_desk.client.put_budget(micro)):
        say(texts("budget.saved", amount=at_desk.formats.amount(micro)))
        st.rerun()
