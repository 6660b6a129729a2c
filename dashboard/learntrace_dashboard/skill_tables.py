"""Tables of skills and knowledge: drawn lines for the eye, words for everybody."""

from collections.abc import Mapping, Sequence

from learntrace_dashboard.contract_skills import Knowledge, SkillEstimate, StudentSkills
from learntrace_dashboard.estimates import (
    SKILLS,
    Estimates,
    Line,
    in_order,
    line_of,
    percent,
    tint_of,
)
from learntrace_dashboard.look import desk
from learntrace_dashboard.rows import name_order, timestamp
from learntrace_dashboard.table import Cell, Column, Row, Tone, table

Bands = Mapping[str, tuple[float, float]]


def by_name(students: Sequence[StudentSkills]) -> list[StudentSkills]:
    """In the order of the alphabet: never a ranking."""
    return sorted(students, key=lambda one: name_order(one.display_name))


def show_skills(
    caption: str, skills: Sequence[SkillEstimate], *, key: str, bands: Bands | None = None
) -> None:
    """A student's skills: name, line, words, amount of evidence."""
    texts = desk().texts
    table(
        caption,
        (
            Column(texts("skills.column_skill")),
            Column(texts("skills.scale")),
            Column(texts("skills.column_words"), wide=True),
            Column(texts("skills.column_label"), wide=True),
        ),
        [_skill(one, (bands or {}).get(one.skill)) for one in in_order(skills)],
        key=key,
        sortable=False,
    )


def _skill(one: SkillEstimate, band: tuple[float, float] | None) -> Row:
    words = Estimates(desk().texts)
    place = words.place(one)
    line = line_of(one, band)
    note = words.middle(band) if band and line else None
    return (
        Cell(words.skill(one.skill)),
        Cell(place, line=line) if line else Cell(desk().texts("common.none"), tone="muted"),
        Cell(place, note=note, tone="plain" if line else "muted"),
        Cell(words.label(one), tone="muted"),
    )


def show_knowledge(caption: str, knowledge: Sequence[Knowledge], *, key: str) -> None:
    """A student's knowledge: topic, line, mastery, interval, answers."""
    at_desk = desk()
    texts, words = at_desk.texts, Estimates(at_desk.texts)
    ends = [texts("unit.percent", value=percent(end)) for end in (0, 1)]
    table(
        caption,
        (
            Column(texts("skills.column_topic"), wide=True),
            Column(texts("range.both", low=ends[0], high=ends[1])),
            Column(texts("skills.column_mastery"), align="right"),
            Column(texts("skills.column_interval"), align="right"),
            Column(texts("skills.column_answers"), align="right"),
            Column(texts("skills.column_last")),
        ),
        [
            (
                Cell(one.name),
                Cell(words.mastery(one), line=Line(one.low, one.value, one.high)),
                Cell(texts("unit.percent", value=percent(one.value)), sort=one.value),
                Cell(words.interval(one), sort=one.low),
                at_desk.rows.number(one.answers),
                Cell(at_desk.formats.moment(one.last_at, at_desk.now), sort=timestamp(one.last_at)),
            )
            for one in sorted(knowledge, key=lambda one: name_order(one.name))
        ],
        key=key,
        sortable=False,
    )


def show_skill_map(caption: str, students: Sequence[StudentSkills], *, key: str) -> str | None:
    """The heat map of a class; returns the student who was chosen. It cannot be sorted."""
    texts = desk().texts
    return table(
        caption,
        (
            Column(texts("class.column_name")),
            *(Column(texts(f"head.{skill}")) for skill in SKILLS),
        ),
        [_map_row(student) for student in by_name(students)],
        key=key,
        sortable=False,
        dense=True,
    )


def _map_row(student: StudentSkills) -> Row:
    words = Estimates(desk().texts)
    known = {one.skill: one for one in student.skills}
    cells = []
    for skill in SKILLS:
        one = known.get(skill)
        line = line_of(one) if one else None
        # Of all that is missing only the first thing: the table in words has the others.
        place = words.place(one) if one and line else words.missing(one.missing[:1] if one else ())
        tone: Tone = "plain" if line else "muted"
        cells.append(Cell(place, line=line, tint=tint_of(one) if one else None, tone=tone))
    return (desk().rows.student(student.student_id, student.display_name), *cells)


def show_skill_words(caption: str, students: Sequence[StudentSkills], *, key: str) -> None:
    """The heat map in words: a line for each student and skill."""
    texts = desk().texts
    words = Estimates(texts)
    table(
        caption,
        (
            Column(texts("class.column_name")),
            Column(texts("skills.column_skill")),
            Column(texts("skills.column_words"), wide=True),
            Column(texts("skills.column_label"), wide=True),
        ),
        [
            (
                Cell(student.display_name),
                Cell(words.skill(one.skill)),
                Cell(words.place(one)),
                Cell(words.label(one), tone="muted"),
            )
            for student in by_name(students)
            for one in in_order(student.skills)
        ],
        key=key,
        sortable=False,
    )


def topics_of(students: Sequence[StudentSkills]) -> list[tuple[str, str, str]]:
    """Game, key and name of every topic of a class, by name."""
    topics = {(one.game_id, one.skill, one.name) for each in students for one in each.knowledge}
    return sorted(topics, key=lambda one: (name_order(one[2]), one))


def show_knowledge_map(caption: str, students: Sequence[StudentSkills], *, key: str) -> str | None:
    """Mastery of every topic by every student; returns the student who was chosen."""
    texts = desk().texts
    words = Estimates(texts)
    topics = topics_of(students)
    rows: list[Row] = []
    for student in by_name(students):
        known = {(one.game_id, one.skill): one for one in student.knowledge}
        cells = []
        for game_id, skill, _ in topics:
            one = known.get((game_id, skill))
            if one is None:
                cells.append(Cell(texts("skills.know_missing"), tone="muted"))
            else:
                line = Line(one.low, one.value, one.high)
                cells.append(Cell("", line=line, note=words.mastery(one)))
        rows.append((desk().rows.student(student.student_id, student.display_name), *cells))
    return table(
        caption,
        (Column(texts("class.column_name")), *(Column(name) for _, _, name in topics)),
        rows,
        key=key,
        sortable=False,
        dense=True,
    )
