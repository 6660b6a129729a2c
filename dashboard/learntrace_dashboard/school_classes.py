"""The classes of a school, each with its pages and its codes."""

from urllib.parse import urlencode

from learntrace_dashboard import navigation, reads
from learntrace_dashboard.contract import SchoolClass
from learntrace_dashboard.look import cut_note, data_until, desk, empty, fetch
from learntrace_dashboard.rows import name_order, timestamp
from learntrace_dashboard.table import Cell, Column, Row, table

_CODES = "codes:"


def show() -> None:
    """Draw the tab; a name leads to the class, the last column to its cards."""
    at_desk = desk()
    texts = at_desk.texts
    read = fetch(reads.classes)
    classes = [one for one in read.value if not one.sandbox]
    if not classes:
        empty(texts("classes.none"), texts("classes.none_help"), read.at)
        return
    data_until(read.at)
    opened = table(
        texts("classes.table"),
        (
            Column(texts("classes.column_name")),
            Column(texts("classes.column_students"), align="right"),
            Column(texts("classes.column_last")),
            Column(texts("codes.title")),
        ),
        [_row(one) for one in sorted(classes, key=lambda one: name_order(one.name))],
        key="classes",
    )
    cut_note(read, "list.classes")
    if opened is None:
        return
    place = navigation.CODES if opened.startswith(_CODES) else navigation.CLASS
    chosen = {"class": opened.removeprefix(_CODES)}
    navigation.go(place, at_desk.query(**chosen))


def _row(one: SchoolClass) -> Row:
    at_desk = desk()
    query = urlencode(at_desk.query(**{"class": one.id}))
    return (
        Cell(one.name, link=one.id, href=f"{navigation.CLASS.address}?{query}"),
        at_desk.rows.number(one.student_count),
        Cell(
            at_desk.formats.moment(one.last_event_at, at_desk.now),
            sort=timestamp(one.last_event_at),
        ),
        Cell(
            at_desk.texts("classes.codes"),
            link=f"{_CODES}{one.id}",
            href=f"{navigation.CODES.address}?{query}",
        ),
    )
