"""Rating by the rubric: what the levels mean, choosing one, saving."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from learntrace_dashboard.changes import change, say
from learntrace_dashboard.contract_skills import RubricOfSkill
from learntrace_dashboard.look import desk, escape


def show_levels(rubric: RubricOfSkill) -> None:
    """The question and the described levels."""
    texts = desk().texts
    st.markdown(f"**{escape(rubric.question)}**")
    lines = [texts("rate.level", level=one.level, words=one.words) for one in rubric.levels]
    st.markdown("\n".join(f"- {escape(line)}" for line in lines))


def choose_level(label: str, rubric: RubricOfSkill, *, key: str) -> int | None:
    """One line of the grid; None where nothing is chosen."""
    texts = desk().texts
    level = st.radio(
        label,
        [None, *(one.level for one in rubric.levels)],
        format_func=lambda one: (
            texts("rate.unrated") if one is None else texts("rate.number", level=one)
        ),
        horizontal=True,
        key=f"lt-level-{key}",
    )
    return level if isinstance(level, int) else None


def save(ratings: Sequence[dict[str, Any]]) -> None:
    """Store ratings and say so, or say what stands in the way."""
    at_desk = desk()
    if not ratings:
        st.warning(at_desk.texts("rate.nothing"), icon=":material/info:")
        return
    if change(lambda: at_desk.client.rate(ratings)):
        say(at_desk.texts.count("rate.saved", len(ratings)))
        st.rerun()
