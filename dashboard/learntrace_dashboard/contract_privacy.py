"""The shapes of the API's answers about consent and a student's whole record."""

from collections.abc import Mapping
from datetime import datetime

from learntrace_dashboard.contract import Answer, Named
from learntrace_dashboard.hiding import StudentName


class StudentsByState(Answer):
    """For how many students one kind of consent stands how."""

    kind: str
    pending: int
    verified: int
    revoked: int


class ConsentPolicy(Answer):
    """The kinds of consent that the school requires; `changed_at` is None before the first."""

    required: tuple[str, ...]
    changed_at: datetime | None = None
    students: tuple[StudentsByState, ...]


class Consent(Answer):
    """How one kind stands; `changed_at` is None where nothing was ever said."""

    kind: str
    state: str
    required: bool
    changed_at: datetime | None = None


class ConsentChange(Answer):
    """What was said once; `changed_by` is None for the command line."""

    id: str
    kind: str
    from_state: str
    to_state: str
    note: str | None = None
    changed_by: Named | None = None
    changed_at: datetime


class Consents(Answer):
    """Every kind of consent of a student, and a page of what was said, newest first."""

    consents: tuple[Consent, ...]
    history: tuple[ConsentChange, ...]
    next_cursor: str | None = None


class StudentConsents(Answer):
    """Every kind of consent of one student of a class."""

    student_id: str
    display_name: StudentName
    consents: tuple[Consent, ...]


class ClassConsents(Answer):
    """How consents stand in a class."""

    class_id: str
    students: tuple[StudentConsents, ...]


class Changed(Answer):
    """Of how many students something is new."""

    changed: int


class ErasureReceipt(Answer):
    """What was erased: kind of record -> how many; it says nothing of whom."""

    receipt_id: str
    erased_at: datetime
    counts: Mapping[str, int]
