"""Which of OneRoster's CSV files there are, what may be read of them, and for which school.

Versions 1.1 and 1.2: https://www.imsglobal.org/spec/oneroster/v1p2/bind/csv
"""

from collections.abc import Mapping

from learntrace.roster.importing.tables import Table, read_table
from learntrace.roster.importing.types import MOST_SOURCE_ID, Problem, is_source_id

MANIFEST = "manifest.csv"
ORGS = "orgs.csv"
TERMS = "academicSessions.csv"
CLASSES = "classes.csv"
USERS = "users.csv"
ROLES = "roles.csv"
ENROLMENTS = "enrollments.csv"

_NEEDED = (CLASSES, USERS, ENROLMENTS)
_COLUMNS = {
    ORGS: ("sourcedId", "name", "type"),
    TERMS: ("sourcedId", "startDate", "endDate"),
    CLASSES: ("sourcedId", "title", "schoolSourcedId"),
    USERS: ("sourcedId", "givenName", "familyName"),
    ROLES: ("userSourcedId", "role", "orgSourcedId"),
    ENROLMENTS: ("classSourcedId", "userSourcedId", "role"),
}
_OPTIONAL = {
    ORGS: ("status",),
    TERMS: (),
    CLASSES: ("status", "termSourcedIds"),
    USERS: (
        "status",
        "enabledUser",
        "username",
        "email",
        "role",
        "preferredGivenName",
        "preferredFamilyName",
    ),
    ROLES: ("status", "endDate"),
    ENROLMENTS: ("status", "schoolSourcedId", "beginDate", "endDate"),
}
_VERSIONS = ("1.1", "1.2")
_MOST_NAMED = 10
_ELSE = "Export yours alone; on the command line, --org says which one is meant."


def is_oneroster(names: Mapping[str, object]) -> bool:
    """Whether files of these names are OneRoster's."""
    return any(name.lower() in names for name in (MANIFEST, *_COLUMNS))


def read_tables(files: Mapping[str, bytes], problems: list[Problem]) -> dict[str, Table]:
    """The tables by name; those that need not be there, and are not, are empty.

    `files` are named in lower case.
    """
    absent = _absent(files, problems)
    tables = {}
    for name, columns in _COLUMNS.items():
        content = None if name in absent else files.get(name.lower())
        if content is None:
            tables[name] = Table(name, frozenset(), [])
            if name in _NEEDED:
                problems.append(Problem(name, None, "This file is needed, and is not there."))
            continue
        tables[name] = read_table(
            name, content, problems, columns=columns, optional=_OPTIONAL[name]
        )
    return tables


def _absent(files: Mapping[str, bytes], problems: list[Problem]) -> set[str]:
    """The files that the manifest says are not part of this export."""
    content = files.get(MANIFEST)
    if content is None:
        return set()
    manifest = read_table(MANIFEST, content, problems, columns=("propertyName", "value"))
    by_property = {f"file.{name.removesuffix('.csv')}".lower(): name for name in _COLUMNS}
    absent = set()
    for row in manifest.rows:
        named, value = row["propertyName"].lower(), row["value"].lower()
        name = by_property.get(named)
        if named == "oneroster.version" and value not in _VERSIONS:
            said = f"Another version of OneRoster. Export version {' or '.join(_VERSIONS)}."
            problems.append(Problem(MANIFEST, row.line, said))
        elif name is not None and value == "absent":
            absent.add(name)
        elif name is not None and value == "delta":
            said = f"{name} holds changes only. Export everything (bulk)."
            problems.append(Problem(MANIFEST, row.line, said))
        elif name is not None and name.lower() not in files:
            said = f"{name} is said to be part of this, and is not there."
            problems.append(Problem(MANIFEST, row.line, said))
    return absent


def choose_org(
    tables: Mapping[str, Table],
    school_name: str,
    org: str | None,
    known_org: str | None,
    problems: list[Problem],
) -> str | None:
    """The source id of the school whose classes are meant; `None` with a problem.

    It is `org` where given, else `known_org`, which was read before, else the only school with
    classes, else the one of this name.
    """
    with_classes = {row["schoolSourcedId"] for row in tables[CLASSES].rows} - {""}
    schools = {
        row["sourcedId"]: row["name"]
        for row in tables[ORGS].rows
        if row["type"].lower() == "school" or row["sourcedId"] in with_classes
    }
    called = [one for one, name in schools.items() if name.casefold() == school_name.casefold()]
    chosen = None
    said = f"Several schools, none of them called like yours. {_named(schools)} {_ELSE}"
    if org is not None:
        chosen = org if org in with_classes | schools.keys() else None
        said = f"There is no such school. {_named(schools)} Name one of them with --org."
    elif known_org is not None and with_classes:
        chosen = known_org if known_org in with_classes else None
        said = f"This is another school than the one imported before. {_named(schools)} {_ELSE}"
    elif len(with_classes) == 1:
        (chosen,) = with_classes
    elif len(called) == 1:
        (chosen,) = called
    elif not with_classes:
        said = "" if problems else "There is no class in it."
    if chosen is not None and not is_source_id(chosen):
        chosen, said = None, f"A school's sourcedId has 1 to {MOST_SOURCE_ID} printable characters."
    if chosen is None and said:
        problems.append(Problem(ORGS if with_classes else CLASSES, None, said))
    return chosen


def _named(schools: Mapping[str, str]) -> str:
    named = [f"{source_id} ({name})" for source_id, name in schools.items()]
    return f"Schools: {', '.join(named[:_MOST_NAMED]) or 'none named'}."
