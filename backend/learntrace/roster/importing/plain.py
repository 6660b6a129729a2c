"""The plain file: `class,given_name,family_name,external_id`, a line for each pupil in a class."""

from learntrace.roster.importing.tables import Row, read_table
from learntrace.roster.importing.types import (
    MOST_SOURCE_ID,
    Named,
    Place,
    Problem,
    Roster,
    Span,
    is_name,
    is_source_id,
    one_line,
)

COLUMNS = ("class", "given_name", "family_name", "external_id")


def read_plain(file: str, content: bytes, problems: list[Problem]) -> Roster:
    """The file's classes, known by their names, and pupils, by `external_id`."""
    classes: dict[str, Named] = {}
    students: dict[str, Named] = {}
    first_lines: dict[str, int] = {}
    enrolments: dict[Place, Span] = {}
    table = read_table(file, content, problems, columns=COLUMNS)
    if not table.rows and not problems:
        problems.append(Problem(file, None, "There is no pupil in it."))
    for row in table.rows:
        said = _wrong(row)
        if said is not None:
            problems.append(Problem(file, row.line, said))
            continue
        group, pupil = one_line(row["class"]), row["external_id"]
        named = Named(pupil, one_line(row["given_name"], row["family_name"]))
        if students.setdefault(pupil, named) != named:
            said = f"The same external_id as in line {first_lines[pupil]}, but another name."
            problems.append(Problem(file, row.line, said))
        first_lines.setdefault(pupil, row.line)
        classes[group] = Named(group, group)
        enrolments[group, pupil] = Span()
    return Roster(classes=classes, students=students, enrolments=enrolments)


def _wrong(row: Row) -> str | None:
    if not is_name(one_line(row["class"])):
        return "Give the class a name of printable characters."
    if not is_name(one_line(row["given_name"], row["family_name"])):
        return "Give the pupil a name of printable characters."
    if not is_source_id(row["external_id"]):
        return (
            "Give each pupil an external_id that stays the same from file to file, such as the "
            f"number in the school's own system (1 to {MOST_SOURCE_ID} characters)."
        )
    return None
