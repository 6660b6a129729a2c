"""The part of a student's page that shows how estimates went on over time."""

from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from learntrace_dashboard import charts_skills, reads
from learntrace_dashboard.contract import Student
from learntrace_dashboard.contract_skills import Progress
from learntrace_dashboard.estimates import Estimates, percent, skill_order
from learntrace_dashboard.look import desk, empty, escape, not_validated, part
from learntrace_dashboard.table import Cell, Column, table

DAYS = 365
LEAST_POINTS = 2


@dataclass(frozen=True)
class Moment:
    """An estimate or a mastery at one time, 0 to 1, and what it says in words."""

    at: datetime
    value: float
    low: float
    high: float
    words: str


@dataclass(frozen=True)
class Course:
    """How one skill or one topic went on, oldest first."""

    key: str
    name: str
    is_knowledge: bool
    moments: tuple[Moment, ...]


def show(student: Student) -> None:
    """Draw it: one skill or topic at a time, as a chart and as a table."""
    at_desk = desk()
    texts = at_desk.texts
    progress = part("progress", reads.progress, student.id, DAYS)
    if progress is None:
        return
    courses = {one.key: one for one in _courses(progress) if len(one.moments) >= LEAST_POINTS}
    if not courses:
        empty(texts("growth.none"), texts("growth.none_help"))
        return
    course = courses[
        st.selectbox(
            texts("growth.choose"),
            list(courses),
            format_func=lambda key: courses[key].name,
            key=f"lt_growth_{student.id}",
        )
    ]
    if not course.is_knowledge:
        not_validated()
    st.subheader(escape(texts("growth.title", skill=course.name)), anchor=False)
    st.caption(texts("growth.note"))
    points = [
        {
            "at": at_desk.formats.wall(one.at),
            "when": at_desk.formats.moment(one.at, at_desk.now),
            "value": one.value,
            "low": one.low,
            "high": one.high,
            "words": one.words,
        }
        for one in course.moments
    ]
    chart = charts_skills.growth(points, texts, in_percent=course.is_knowledge)
    st.altair_chart(chart, width="stretch", theme=None)
    table(
        texts("growth.table", skill=course.name),
        (Column(texts("growth.column_when")), Column(texts("growth.column_words"), wide=True)),
        [
            (Cell(at_desk.formats.moment(one.at, at_desk.now)), Cell(one.words))
            for one in reversed(course.moments)
        ],
        key=f"growth-{student.id}-{course.key}",
        sortable=False,
    )


def _courses(progress: Progress) -> list[Course]:
    texts = desk().texts
    words = Estimates(texts)
    courses = [
        Course(
            one.skill,
            words.skill(one.skill),
            is_knowledge=False,
            moments=tuple(
                Moment(
                    each.at,
                    each.score,
                    each.low,
                    each.high,
                    words.between(each.score, each.low, each.high),
                )
                for each in one.points
                if each.score is not None and each.low is not None and each.high is not None
            ),
        )
        for one in sorted(progress.series, key=lambda one: skill_order(one.skill))
    ]
    for topic in progress.knowledge:
        moments = tuple(
            Moment(
                one.at,
                one.value,
                one.low,
                one.high,
                texts(
                    "skills.know_cell",
                    value=percent(one.value),
                    low=percent(one.low),
                    high=percent(one.high),
                ),
            )
            for one in topic.points
        )
        key = f"{topic.game_id}-{topic.skill}"
        courses.append(Course(key, topic.name, is_knowledge=True, moments=moments))
    return courses
