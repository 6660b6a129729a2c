"""The cards with which students join a game: on the page, as a file, as a table. Pure."""

import csv
import html
import io

from learntrace_dashboard.contract import ClassCodes
from learntrace_dashboard.rows import name_order
from learntrace_dashboard.texts import Texts


def cards_html(codes: ClassCodes, texts: Texts) -> str:
    """The cards of a class as markup; names and codes are escaped."""
    cards = "".join(
        f'<article class="lt-card"><h3>{html.escape(student.display_name)}</h3><dl>'
        f"<div><dt>{html.escape(texts('codes.class_code'))}</dt>"
        f"<dd>{html.escape(codes.class_code)}</dd></div>"
        f"<div><dt>{html.escape(texts('codes.pupil_code'))}</dt>"
        f"<dd>{html.escape(student.pupil_code)}</dd></div></dl>"
        f"<p>{html.escape(texts('codes.how'))}</p></article>"
        for student in sorted(codes.students, key=lambda one: name_order(one.display_name))
    )
    return f'<div class="lt-cards">{cards}</div>'


def cards_page(codes: ClassCodes, texts: Texts, css: str) -> str:
    """A page of its own with the cards of a class, to print without the dashboard."""
    title = html.escape(texts("codes.sheet", name=codes.class_name))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>body{{font-family:sans-serif;margin:12mm}}{css}</style></head>"
        f"<body><h1>{title}</h1>{cards_html(codes, texts)}</body></html>"
    )


def codes_csv(codes: ClassCodes, texts: Texts) -> str:
    """Student, class code and code of each student; no cell can start a formula."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    headings = ("codes.csv_student", "codes.class_code", "codes.pupil_code")
    writer.writerow(texts(heading) for heading in headings)
    for student in codes.students:
        name = student.display_name
        safe = f"'{name}" if name.startswith(("=", "+", "-", "@", "\t", "\r")) else name
        writer.writerow((safe, codes.class_code, student.pupil_code))
    return sheet.getvalue()
