"""OneRoster's users and their roles at one school."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from learntrace.roster.importing.oneroster_cells import is_ended, is_new, read_date
from learntrace.roster.importing.oneroster_files import ROLES, USERS
from learntrace.roster.importing.tables import Row, Table
from learntrace.roster.importing.types import Problem, is_name, one_line

# Who is nothing more than one of these does not get to see a class as its teacher.
_NO_STAFF = frozenset({"student", "parent", "guardian", "relative"})


@dataclass(frozen=True, slots=True)
class People:
    """The users of the export. `gone` have left; `roles` are what they are at the school now."""

    rows: Mapping[str, Row]
    gone: frozenset[str]
    roles: Mapping[str, frozenset[str]]

    def unfit(self, source_id: str, *, as_teacher: bool) -> str | None:
        """What is wrong with an enrolment of this user, if anything is."""
        if source_id not in self.rows:
            return f"The user of this line is not in {USERS}."
        roles = self.roles.get(source_id, frozenset())
        if as_teacher and roles and roles <= _NO_STAFF:
            return "The user of this line is to teach, but is no teacher by role. Correct either."
        return None

    def is_here(self, source_id: str, *, as_teacher: bool) -> bool:
        """Whether the user is at the school; a teacher who may not sign in is not."""
        barred = as_teacher and self.rows[source_id]["enabledUser"].lower() == "false"
        return source_id not in self.gone and not barred

    def line(self, source_id: str) -> int:
        return self.rows[source_id].line

    def name(self, source_id: str, problems: list[Problem]) -> str:
        """Given and family name, as the person prefers them."""
        row = self.rows[source_id]
        name = one_line(
            row["preferredGivenName"] or row["givenName"],
            row["preferredFamilyName"] or row["familyName"],
        )
        if not is_name(name):
            said = "Give the user a givenName or familyName of printable characters."
            problems.append(Problem(USERS, row.line, said))
        return name

    def username(self, source_id: str) -> str:
        """What a teacher signs in with; empty where the roster has neither name nor address."""
        row = self.rows[source_id]
        return (row["username"] or row["email"]).lower()


def read_people(
    tables: Mapping[str, Table], org: str, today: date, problems: list[Problem]
) -> People:
    """Everybody in the export, by source id.

    Who had a role at the school and has none any more has left, too. Version 1.1 tells the role
    with the user.
    """
    rows: dict[str, Row] = {}
    gone = set()
    roles: dict[str, set[str]] = defaultdict(set)
    for row in tables[USERS].rows:
        if not is_new(USERS, row, rows, problems):
            continue
        source_id = row["sourcedId"]
        rows[source_id] = row
        if is_ended(USERS, row, problems):
            gone.add(source_id)
        if row["role"]:
            roles[source_id].add(row["role"].lower())
    had_roles = set()
    for row in tables[ROLES].rows:
        if row["orgSourcedId"] != org:
            continue
        had_roles.add(row["userSourcedId"])
        ends_on = read_date(ROLES, row, "endDate", problems)
        if not is_ended(ROLES, row, problems) and (ends_on is None or ends_on > today):
            roles[row["userSourcedId"]].add(row["role"].lower())
    gone |= had_roles - roles.keys()
    return People(
        rows, frozenset(gone), {one: frozenset(several) for one, several in roles.items()}
    )
