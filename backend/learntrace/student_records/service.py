"""What a school's administrator may do with a student's whole record."""

from typing import Final

from learntrace.accounts.callers import Person
from learntrace.accounts.repository import lock_school
from learntrace.audit.acts import Act
from learntrace.kit.db import Database
from learntrace.kit.errors import ConflictError, InvalidError
from learntrace.roster.reading import names_of_students
from learntrace.roster.visibility import SeenStudent
from learntrace.student_records import erasing
from learntrace.student_records.erasing import Receipt

NOT_CONFIRMED: Final = "Nothing was erased: `confirm` is not the student's name, letter for letter."
OF_SCHOOL_TOO: Final = (
    "Nothing was erased: a student of the school has this id, too, and would go with this one. "
    "Erase the student of the school, without `sandbox` and by that student's name."
)


async def erase(
    database: Database, person: Person, act: Act, student: SeenStudent, *, confirm: str
) -> Receipt:
    """Erase a student of the administrator's school, as `act`.

    Raises `InvalidError` if not confirmed, and `ConflictError` for a student of the sandbox whose
    id one of the school has: that name was not given. As the database's owner: who reads for a
    person may delete next to nothing.
    """
    assert person.school_id is not None, "an administrator belongs to a school"
    if confirm != student.display_name:
        raise InvalidError(NOT_CONFIRMED)
    async with database.transaction() as db:
        await lock_school(db, person.school_id)  # a roster may just be adding the id
        if student.sandbox and await names_of_students(db, person.school_id, [student.id]):
            raise ConflictError(OF_SCHOOL_TOO)
        return await erasing.erase(db, act, person.school_id, student.id)
