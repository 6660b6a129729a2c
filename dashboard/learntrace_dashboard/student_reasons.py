"""The part of a student's page that says why: sentences, and the evidence they rest on."""

import html
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import streamlit as st

from learntrace_dashboard import navigation, reads
from learntrace_dashboard.contract import Student
from learntrace_dashboard.contract_skills import Assessment, Evidence
from learntrace_dashboard.estimates import Estimates, percent
from learntrace_dashboard.look import desk, empty, escape, not_validated, part
from learntrace_dashboard.rows import timestamp
from learntrace_dashboard.table import Cell, Column, Row, table


def show(student: Student, assessment: Assessment | None) -> None:
    """Draw it."""
    texts = desk().texts
    name = student.display_name
    if assessment is None or not assessment.evidence:
        empty(texts("why.none"), texts("why.none_help"))
        return
    evidence = sorted(assessment.evidence, key=lambda one: one.observed_at, reverse=True)
    numbers = {one.evidence_id: at for at, one in enumerate(evidence, start=1)}
    not_validated()
    st.subheader(texts("why.reasoning"), anchor=False)
    st.caption(texts("why.note"))
    st.html(_sentences(assessment, numbers))
    st.subheader(texts("why.evidence", name=escape(name)), anchor=False)
    st.caption(texts("why.evidence_note"))
    opened = table(
        texts("why.evidence", name=name),
        (
            Column(texts("why.column_number")),
            Column(texts("why.column_when")),
            Column(texts("why.column_what"), wide=True),
            Column(texts("why.column_skills"), wide=True),
            Column(texts("why.column_weight"), wide=True),
            Column(texts("why.column_source")),
        ),
        [_line(one, numbers[one.evidence_id], assessment, student) for one in evidence],
        key=f"evidence-{student.id}",
    )
    if opened:
        _open(opened, student)


def _sentences(assessment: Assessment, numbers: Mapping[str, int]) -> str:
    lines = ""
    for one in assessment.reasoning:
        cited = sorted(numbers[cite] for cite in one.cites if cite in numbers)
        marks = f" <small>[{in_runs(cited)}]</small>" if cited else ""
        text = html.escape(one.text).replace(" %", "&nbsp;%")
        lines += f"<li>{text}{marks}</li>"
    return f'<ul class="lt-reasons">{lines}</ul>'


def in_runs(numbers: Sequence[int]) -> str:
    """Numbers in order as 1–4, 7, 9."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(f"{low}" if low == high else f"{low}–{high}" for low, high in runs)


def _line(one: Evidence, number: int, assessment: Assessment, student: Student) -> Row:
    at_desk = desk()
    texts, words = at_desk.texts, Estimates(at_desk.texts)
    topics = {topic.skill: topic.name for topic in assessment.knowledge}
    weights = [
        (estimate.skill, each.weight)
        for estimate in assessment.skills
        for each in estimate.evidence
        if each.evidence_id == one.evidence_id
    ]
    shares = [
        texts("why.weight", value=percent(weight), skill=words.skill(skill))
        for skill, weight in weights
    ]
    key = f"source.{one.source}"
    # A rating is about a day, not about a time of it.
    when = (
        at_desk.rows.day(one.observed_at.date())
        if one.rating_id
        else at_desk.formats.moment(one.observed_at, at_desk.now)
    )
    return (
        Cell(str(number), sort=number),
        _where(one, when, student),
        Cell(one.words),
        Cell(
            ", ".join(topics.get(skill) or words.skill(skill) for skill in one.skills)
            or texts("common.none")
        ),
        Cell(", ".join(shares) or texts("common.none"), tone="muted",
             sort=max((weight for _, weight in weights), default=0.0)),
        Cell(texts(key) if texts.has(key) else one.source),
    )  # fmt: skip


def _where(one: Evidence, when: str, student: Student) -> Cell:
    """When it was seen, leading to the play session, recording, lesson or rating behind it."""
    sort = timestamp(one.observed_at)
    if one.game_session_id:
        query = urlencode(desk().query(session=one.game_session_id))
        link = f"session={one.game_session_id}"
        return Cell(when, sort=sort, link=link, href=f"session?{query}")
    if one.transcription_session_id:
        query = urlencode(desk().query(recording=one.transcription_session_id))
        link = f"recording={one.transcription_session_id}"
        return Cell(when, sort=sort, link=link, href=f"recording?{query}")
    if one.learning_session_id:
        query = urlencode(desk().query(session=one.learning_session_id))
        link = f"lesson={one.learning_session_id}"
        return Cell(when, sort=sort, link=link, href=f"tutoring?{query}")
    if one.rating_id:
        query = urlencode(desk().query(student=student.id, tab="people"))
        link = f"rating={one.rating_id}"
        return Cell(when, sort=sort, link=link, href=f"student?{query}")
    return Cell(when, sort=sort)


def _open(opened: str, student: Student) -> None:
    kind, _, value = opened.partition("=")
    if kind == "session":
        navigation.go(navigation.SESSION, desk().query(session=value))
    if kind == "recording":
        navigation.go(navigation.RECORDING, desk().query(recording=value))
    if kind == "lesson":
        navigation.go(navigation.TUTORING, desk().query(session=value))
    _show_rating(student, value)


def _show_rating(student: Student, rating_id: str) -> None:
    """The rating in words, under the table."""
    at_desk = desk()
    texts, words = at_desk.texts, Estimates(at_desk.texts)
    ratings = part("rating", reads.all_ratings, student.id)
    rubric = part("rubric", reads.rubric)
    if ratings is None or rubric is None:
        return
    rating = next((one for one in ratings if one.id == rating_id), None)
    if rating is None:
        st.info(texts("why.rating_gone"), icon=":material/info:")
        return
    levels = {
        (one.skill, level.level): level.words for one in rubric.skills for level in one.levels
    }
    said = texts(
        "why.rating_words",
        skill=words.skill(rating.skill),
        level=rating.level,
        words=levels.get((rating.skill, rating.level), texts("common.none")),
    )
    by = texts("why.rating_by", rater=rating.rater.name, when=at_desk.rows.day(rating.observed_on))
    st.info(
        f"**{texts('why.rating')}**  \n{escape(said)}  \n{escape(by)}",
        icon=":material/edit_note:",
    )
