"""What was seen in a meeting, as ratings by the rubric that belong to it."""

import streamlit as st

from learntrace_dashboard import reads
from learntrace_dashboard.changes import change, form_key, renew_form, say
from learntrace_dashboard.contract_meetings import Meeting
from learntrace_dashboard.contract_skills import Rubric
from learntrace_dashboard.estimates import Estimates
from learntrace_dashboard.look import desk, part
from learntrace_dashboard.rating import choose_level, show_levels
from learntrace_dashboard.table import Cell, Column, table

LONGEST_TEXT = 2000


def show(meeting: Meeting) -> None:
    """Draw it."""
    texts = desk().texts
    st.subheader(texts("seen.title"), anchor=False)
    if meeting.observations:
        _table(meeting)
        _take_back(meeting)
    if meeting.client.student_id is None:
        st.caption(texts("seen.no_student"))
        return
    st.caption(texts("seen.help"))
    if not meeting.observations:
        st.caption(texts("seen.none"))
    rubric = part("rubric-meeting", reads.rubric)
    if rubric is not None:
        with st.expander(texts("seen.new"), icon=":material/edit_note:"):
            _new(meeting, rubric)


def _table(meeting: Meeting) -> None:
    at_desk = desk()
    texts, words = at_desk.texts, Estimates(at_desk.texts)
    table(
        texts("seen.table"),
        (
            Column(texts("rate.skill")),
            Column(texts("why.column_what")),
            Column(texts("seen.column_text"), wide=True),
            Column(texts("rate.column_who")),
        ),
        [
            (
                Cell(words.skill(one.skill)),
                Cell(texts("rate.short", level=one.level), sort=one.level),
                Cell(texts("common.none") if at_desk.names_hidden else one.text),
                Cell(one.rater.name, tone="muted"),
            )
            for one in meeting.observations
        ],
        key=f"seen-{meeting.id}",
    )


def _take_back(meeting: Meeting) -> None:
    at_desk = desk()
    texts, words = at_desk.texts, Estimates(at_desk.texts)
    own = {
        one.id: texts("seen.one", skill=words.skill(one.skill), level=one.level)
        for one in meeting.observations
        if one.rater.id == at_desk.user.id
    }
    if not own:
        return
    with st.expander(texts("seen.take_back"), icon=":material/undo:"):
        chosen = st.selectbox(
            texts("seen.which"), list(own), format_func=lambda one: own[one], key="lt_unseen"
        )
        asked = st.button(texts("rate.take_back_button"), icon=":material/undo:")
    if asked and change(lambda: at_desk.client.delete_observation(meeting.id, chosen)):
        say(texts("seen.taken_back"))
        st.rerun()


def _new(meeting: Meeting, rubric: Rubric) -> None:
    at_desk = desk()
    texts = at_desk.texts
    by_skill = {one.skill: one for one in rubric.skills}
    skill = st.selectbox(
        texts("rate.skill"),
        list(by_skill),
        format_func=lambda one: by_skill[one].name,
        key="lt_seen_skill",
    )
    show_levels(by_skill[skill])
    with st.form(form_key("seen", meeting.id, skill)):
        level = choose_level(by_skill[skill].name, by_skill[skill], key=form_key("level", skill))
        text = st.text_area(texts("seen.text"), max_chars=LONGEST_TEXT)
        asked = st.form_submit_button(texts("seen.save"), type="primary")
    if asked and level is None:
        st.warning(texts("seen.no_level"), icon=":material/info:")
        return
    told = {"skill": skill, "level": level, "text": text.strip()}
    if asked and change(lambda: at_desk.client.observe(meeting.id, told)):
        renew_form("seen")
        renew_form("level")
        say(texts("seen.saved"))
        st.rerun()
