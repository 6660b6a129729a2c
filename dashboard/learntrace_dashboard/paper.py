"""Estimates as pages to print (PDF). A student is compared with nobody here."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from fpdf import FPDF

from learntrace_dashboard.contract_keeping import Amendment
from learntrace_dashboard.contract_skills import (
    Assessment,
    Knowledge,
    SkillEstimate,
    StudentSkills,
)
from learntrace_dashboard.estimates import Estimates, Line, in_order, line_of, percent
from learntrace_dashboard.formats import Formats
from learntrace_dashboard.texts import Texts

_FONTS = Path(__file__).parent / "fonts"
INK, QUIET, TEAL, PALE, RULE = (29, 43, 51), (66, 85, 93), (18, 63, 69), (143, 183, 187), (170,) * 3
NAME_MM, LINE_MM, ROW_MM = 38.0, 48.0, 11.0


class _Paper(FPDF):
    """A4, with the note on what the estimates are not at the foot of every page."""

    def __init__(self, title: str, texts: Texts) -> None:
        super().__init__()
        self.texts = texts
        self.add_font("DejaVu", fname=_FONTS / "DejaVuSans.ttf")
        self.add_font("DejaVu", style="B", fname=_FONTS / "DejaVuSans-Bold.ttf")
        self.set_title(title)
        self.set_lang("en")
        self.set_margin(16)
        self.set_auto_page_break(auto=True, margin=24)

    def footer(self) -> None:
        """Drawn by the library at the end of each page."""
        self.set_y(-20)
        self.ink(8, colour=QUIET)
        self.multi_cell(0, 4, self.texts("skills.not_validated"), new_x="LMARGIN", new_y="NEXT")
        page = self.texts("file.page", page=self.page_no(), pages="{nb}")
        self.cell(0, 4, page, align="R")

    def ink(self, size: float, *, bold: bool = False, colour: tuple[int, ...] = INK) -> None:
        self.set_font("DejaVu", "B" if bold else "", size)
        self.set_text_color(*colour)

    def paragraph(self, text: str, size: float = 10, *, bold: bool = False) -> None:
        self.ink(size, bold=bold)
        self.multi_cell(0, size * 0.5, text, new_x="LMARGIN", new_y="NEXT")
        self.ln(1.5)

    def row(self, name: str, line: Line | None, words: str, note: str) -> None:
        """A name, its line, and what it says in words."""
        if self.get_y() + ROW_MM > self.h - 26:
            self.add_page()
        top = self.get_y()
        self.ink(9.5, bold=True)
        self.cell(NAME_MM, 5, name)
        if line:
            self.draw(line, self.l_margin + NAME_MM, top + 2.5)
        self.set_xy(self.l_margin + NAME_MM + LINE_MM + 5, top)
        self.ink(9)
        self.multi_cell(0, 4.2, words, new_x="LEFT", new_y="NEXT")
        self.ink(8, colour=QUIET)
        self.multi_cell(0, 4, note, new_x="LMARGIN", new_y="NEXT")
        self.set_y(max(self.get_y(), top + ROW_MM - 2) + 1.5)

    def draw(self, line: Line, left: float, middle: float) -> None:
        """A dot with its interval; no numbers, no marks."""
        self.set_draw_color(*RULE)
        self.set_line_width(0.2)
        self.line(left, middle, left + LINE_MM, middle)
        self.set_fill_color(*PALE)
        width = (line.high - line.low) * LINE_MM
        self.rect(left + line.low * LINE_MM, middle - 0.9, width, 1.8, style="F")
        self.set_fill_color(*TEAL)
        self.circle(left + line.at * LINE_MM, middle, 1.5, style="F")


def student_pdf(
    name: str,
    assessment: Assessment,
    texts: Texts,
    formats: Formats,
    until: datetime,
    stated: Sequence[Amendment],
) -> bytes:
    """One student with the reasoning, and with the statements on what was not changed."""
    paper = _Paper(texts("file.student", name=name), texts)
    _student(paper, name, assessment.skills, assessment.knowledge, formats, until)
    paper.paragraph(texts("why.reasoning"), 12, bold=True)
    for sentence in assessment.reasoning:
        paper.paragraph(f"•  {sentence.text}")
    if stated:
        paper.ln(3)
        paper.paragraph(texts("statement.title"), 12, bold=True)
    for one in stated:
        about = texts(f"amend.{one.about}")
        paper.paragraph(texts("statement.in_file", about=about, words=one.statement))
    return bytes(paper.output())


def class_pdf(
    name: str, students: Sequence[StudentSkills], texts: Texts, formats: Formats, until: datetime
) -> bytes:
    """A class in one file, each student on a page of his or her own."""
    paper = _Paper(texts("file.class", name=name), texts)
    for one in students:
        _student(paper, one.display_name, one.skills, one.knowledge, formats, until)
    return bytes(paper.output())


def _student(
    paper: _Paper,
    name: str,
    skills: Sequence[SkillEstimate],
    knowledge: Sequence[Knowledge],
    formats: Formats,
    until: datetime,
) -> None:
    texts = paper.texts
    words = Estimates(texts)
    paper.add_page()
    paper.paragraph(name, 18, bold=True)
    paper.paragraph(texts("file.as_of", when=formats.moment(until, until.replace(year=1))), 9)
    paper.paragraph(texts("skills.tab_social"), 12, bold=True)
    paper.paragraph(texts("skills.not_validated"), 9)
    paper.ink(8, colour=QUIET)
    paper.set_x(paper.l_margin + NAME_MM)
    paper.cell(LINE_MM / 2, 5, texts("skills.less"))
    paper.cell(LINE_MM / 2, 5, texts("skills.more"), align="R", new_x="LMARGIN", new_y="NEXT")
    for one in in_order(skills):
        paper.row(words.skill(one.skill), line_of(one), words.place(one), words.label(one))
    paper.ln(3)
    paper.paragraph(texts("skills.tab_knowledge"), 12, bold=True)
    if not knowledge:
        paper.paragraph(texts("file.no_knowledge"))
        return
    paper.ink(8, colour=QUIET)
    paper.set_x(paper.l_margin + NAME_MM)
    paper.cell(LINE_MM / 2, 5, texts("unit.percent", value=percent(0)))
    end = texts("unit.percent", value=percent(1))
    paper.cell(LINE_MM / 2, 5, end, align="R", new_x="LMARGIN", new_y="NEXT")
    for topic in knowledge:
        answers = f"{topic.answers} {texts('skills.column_answers')}"
        line = Line(topic.low, topic.value, topic.high)
        paper.row(topic.name, line, words.mastery(topic), answers)
