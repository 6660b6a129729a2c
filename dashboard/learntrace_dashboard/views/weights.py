"""Evidence weights: how much a school trusts each source for each skill."""

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from learntrace_dashboard import navigation, reads
from learntrace_dashboard.changes import change, say, show_said
from learntrace_dashboard.contract_skills import Weight, Weights
from learntrace_dashboard.estimates import Estimates, skill_order
from learntrace_dashboard.look import data_until, desk, escape, fetch, for_roles_of, heading
from learntrace_dashboard.table import Cell, Column, table
from learntrace_dashboard.texts import Texts

USUAL = 1.0
STEPS: Mapping[float, str] = {
    0.0: "weights.none",
    0.5: "weights.half",
    USUAL: "weights.usual",
    1.5: "weights.more",
    2.0: "weights.double",
}


@for_roles_of(navigation.WEIGHTS)
def page() -> None:
    """Draw the page: a form for school administrators, a table for teachers."""
    at_desk = desk()
    texts = at_desk.texts
    heading(texts("weights.title"), texts("weights.intro"))
    read = fetch(reads.weights)
    data_until(read.at)
    show_said()
    st.markdown(texts("weights.legend"))
    st.caption(_saved(read.value))
    if at_desk.user.role in navigation.SCHOOL_ADMINS:
        _form(read.value)
    else:
        st.info(texts("weights.read_only"), icon=":material/info:")
        _table(read.value)


def _saved(weights: Weights) -> str:
    at_desk = desk()
    if weights.created_at is None:
        return at_desk.texts("weights.never")
    when = at_desk.formats.moment(weights.created_at, at_desk.now)
    return at_desk.texts("weights.version", version=weights.version, when=when)


def _form(weights: Weights) -> None:
    texts = desk().texts
    with st.form(f"lt-weights-{weights.version}"):
        with st.container(key="lt-weights", gap="xsmall"):
            chosen = _grid(weights)
        asked = st.form_submit_button(texts("weights.save"), type="primary")
    if asked:
        _put(chosen, texts("weights.saved"))
    changed = any(one.trust != USUAL for one in weights.weights)
    if st.button(texts("weights.reset"), icon=":material/restart_alt:", disabled=not changed):
        _put([], texts("weights.was_reset"))


def _put(weights: Sequence[Weight], done: str) -> None:
    told = [one.model_dump() for one in weights if one.trust != USUAL]
    if change(lambda: desk().client.put_weights(told)):
        say(done)
        st.rerun()


def _grid(weights: Weights) -> list[Weight]:
    """A line for each skill, a choice for each source; each choice has its own label."""
    texts = desk().texts
    words = Estimates(texts)
    sources = _sources(weights)
    widths = [1.3, *(1 for _ in sources)]
    with st.container(key="lt-weights-head"):
        for column, source in zip(st.columns(widths, gap="xsmall"), ["", *sources], strict=True):
            column.markdown(f"**{_source(source)}**" if source else "")
    chosen = []
    for skill, by_source in _by_skill(weights).items():
        name, *boxes = st.columns(widths, gap="xsmall", vertical_alignment="center")
        name.markdown(f"**{escape(words.skill(skill))}**")
        for box, source in zip(boxes, sources, strict=True):
            one = by_source[source]
            trust = box.selectbox(
                f"{words.skill(skill)}, {_source(source)}",
                sorted({*STEPS, one.trust}),
                index=sorted({*STEPS, one.trust}).index(one.trust),
                format_func=partial(_words, texts),
                key=f"lt-weight-{weights.version}-{skill}-{source}",
            )
            chosen.append(one.model_copy(update={"trust": trust}))
    return chosen


def _table(weights: Weights) -> None:
    texts = desk().texts
    words = Estimates(texts)
    sources = _sources(weights)
    table(
        texts("weights.title"),
        (Column(texts("skills.column_skill")), *(Column(_source(one)) for one in sources)),
        [
            (
                Cell(words.skill(skill)),
                *(Cell(_words(texts, by_source[source].trust)) for source in sources),
            )
            for skill, by_source in _by_skill(weights).items()
        ],
        key="weights",
        sortable=False,
    )


def _sources(weights: Weights) -> list[str]:
    """The sources in the order in which the API names them."""
    return list(dict.fromkeys(one.source for one in weights.weights))


def _by_skill(weights: Weights) -> dict[str, dict[str, Weight]]:
    """By skill, in the order in which skills are always shown, the weight of each source."""
    return {
        skill: {one.source: one for one in weights.weights if one.skill == skill}
        for skill in sorted({one.skill for one in weights.weights}, key=skill_order)
    }


def _source(source: str) -> str:
    texts = desk().texts
    key = f"trusted.{source}"
    return texts(key) if texts.has(key) else source


def _words(texts: Texts, trust: float) -> str:
    if trust in STEPS:
        return texts(STEPS[trust])
    return texts("weights.other", value=f"{trust:g}")
