"""Made-up exports of a school's own system, as OneRoster 1.2 CSV."""

import csv
import io
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

HEADERS = {
    "orgs.csv": "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId",
    "academicSessions.csv": (
        "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear"
    ),
    "classes.csv": (
        "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,"
        "location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods"
    ),
    "users.csv": (
        "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,"
        "middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,"
        "userMasterIdentifier,resourceSourcedIds,preferredGivenName,preferredMiddleName,"
        "preferredFamilyName,primaryOrgSourcedId,pronouns"
    ),
    "roles.csv": (
        "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,"
        "orgSourcedId,userProfileSourcedId"
    ),
    "enrollments.csv": (
        "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,"
        "primary,beginDate,endDate"
    ),
}
MANIFEST = {
    "manifest.version": "1.0",
    "oneroster.version": "1.2",
    **{f"file.{name.removesuffix('.csv')}": "bulk" for name in HEADERS},
}


@dataclass
class Export:
    """Rows by file; each can be changed, taken out or added to before it is written."""

    rows: dict[str, list[dict[str, str]]] = field(
        default_factory=lambda: {name: [] for name in HEADERS}
    )
    manifest: dict[str, str] | None = field(default_factory=lambda: dict(MANIFEST))

    def add(self, file: str, **cells: str) -> dict[str, str]:
        self.rows[file].append(cells)
        return cells

    def of(self, file: str, **cells: str) -> dict[str, str]:
        """The one row with these cells."""
        (found,) = [one for one in self.rows[file] if cells.items() <= one.items()]
        return found

    def remove(self, file: str, **cells: str) -> None:
        self.rows[file] = [one for one in self.rows[file] if not cells.items() <= one.items()]

    def school_class(self, number: int, *, school: str = "org-1", **cells: str) -> None:
        self.add(
            "classes.csv",
            sourcedId=f"class-{number}",
            title=f"Class {number}",
            schoolSourcedId=school,
            **cells,
        )

    def user(self, source_id: str, role: str, *, school: str = "org-1", **cells: str) -> None:
        user = {
            "sourcedId": source_id,
            "enabledUser": "true",
            "username": f"{source_id}@school.example",
            "givenName": "Given",
            "familyName": source_id.title(),
        }
        self.add("users.csv", **(user | cells))
        self.add(
            "roles.csv",
            sourcedId=f"role-{source_id}",
            userSourcedId=source_id,
            roleType="primary",
            role=role,
            orgSourcedId=school,
        )

    def enrol(self, source_id: str, number: int, role: str, **cells: str) -> None:
        enrolment = {
            "sourcedId": f"{source_id}-in-{number}",
            "classSourcedId": f"class-{number}",
            "schoolSourcedId": "org-1",
            "userSourcedId": source_id,
            "role": role,
        }
        self.add("enrollments.csv", **(enrolment | cells))

    def files(self) -> dict[str, bytes]:
        files = {
            name.lower(): table(HEADERS[name].split(","), rows) for name, rows in self.rows.items()
        }
        if self.manifest is not None:
            rows = [{"propertyName": name, "value": v} for name, v in self.manifest.items()]
            files["manifest.csv"] = table(["propertyName", "value"], rows)
        return files

    def folder(self, path: Path) -> Path:
        path.mkdir(exist_ok=True)
        for name, content in self.files().items():
            (path / name).write_bytes(content)
        return path

    def archive(self, path: Path) -> Path:
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in self.files().items():
                archive.writestr(f"export/{name}", content)
        return path


def table(columns: list[str], rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def school(*, classes: int = 2, students: int = 10) -> Export:
    """Hill School: classes of `students` each, one teacher a class."""
    export = Export()
    export.add("orgs.csv", sourcedId="org-1", name="Hill School", type="school")
    for number in range(1, classes + 1):
        export.school_class(number)
        export.user(f"teacher-{number}", "teacher")
        export.enrol(f"teacher-{number}", number, "teacher")
        for place in range(1, students + 1):
            student = f"pupil-{number}-{place}"
            export.user(student, "student", username="")
            export.enrol(student, number, "student")
    return export


def plain(*lines: str) -> bytes:
    return "\r\n".join(("class,given_name,family_name,external_id", *lines)).encode()
