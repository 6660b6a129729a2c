"""What the roster holds of one student, and which students are meant."""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts.secrets import normal_code
from learntrace.kit.errors import NotFoundError
from learntrace.kit.held import Held, by_person
from learntrace.roster.models import Enrolment, SchoolClass, Student, not_over

HELD: Final = (
    Held(
        name="enrolments",
        says="The classes that the student is or was in, and from when to when.",
        model=Enrolment,
        of=by_person(Enrolment.school_id, Enrolment.student_id),
        told=(
            Enrolment.class_id,
            select(SchoolClass.name)
            .where(
                SchoolClass.school_id == Enrolment.school_id, SchoolClass.id == Enrolment.class_id
            )
            .scalar_subquery()
            .label("class_name"),
            Enrolment.started_at,
            Enrolment.ended_at,
            Enrolment.from_roster,
        ),
        order=(Enrolment.started_at, Enrolment.class_id),
        aging=None,
    ),
    Held(
        name="student",
        says="The student as the school knows them: id, name, code, and the roster's own id.",
        model=Student,
        of=by_person(Student.school_id, Student.id),
        told=(
            Student.school_id,
            Student.id,
            Student.display_name,
            Student.pupil_code,
            Student.extra_time,
            Student.play_consent,
            Student.source_id,
            Student.created_at,
            Student.left_at,
        ),
        order=(Student.id,),
        aging=None,
    ),
)


async def lock_student(
    db: AsyncSession, tenant_ids: Collection[UUID], student_id: UUID
) -> list[tuple[UUID, str | None]]:
    """Hold this id's rows against everybody who stores anything of them until the transaction ends.

    Tenant and the roster's own id of each, locked in the order of the tenants.
    """
    query = (
        select(Student.school_id, Student.source_id)
        .where(Student.school_id.in_(tenant_ids), Student.id == student_id)
        .order_by(Student.school_id)
        .with_for_update()
    )
    return [(row[0], row[1]) for row in await db.execute(query)]


async def hold_student(db: AsyncSession, school_id: UUID, student_id: UUID) -> bool:
    """Keep a student from being erased until the transaction ends; whether there is one.

    For who stores what is of the student, and read before that there is one.
    """
    query = select(Student.id).where(Student.school_id == school_id, Student.id == student_id)
    return await db.scalar(query.with_for_update(read=True, key_share=True)) is not None


async def left_before(
    db: AsyncSession, school_id: UUID, before: datetime, *, student_id: UUID | None = None
) -> list[UUID]:
    """Whose last time in any class of the tenant ended before then; by id.

    Who never was in one is not among them. Of all students, or of that one alone.
    """
    query = (
        select(Enrolment.student_id)
        .where(Enrolment.school_id == school_id)
        .group_by(Enrolment.student_id)
        .having(
            func.bool_and(Enrolment.ended_at.is_not(None)) & (func.max(Enrolment.ended_at) < before)
        )
        .order_by(Enrolment.student_id)
    )
    if student_id is not None:
        query = query.where(Enrolment.student_id == student_id)
    return list(await db.scalars(query))


async def students_of_class(
    db: AsyncSession, tenant_ids: Collection[UUID], class_code: str
) -> list[UUID]:
    """Who is in the class, and who was and is in no other class now; by id.

    Raises `NotFoundError`.
    """
    code = normal_code(class_code)
    of_code = select(SchoolClass.school_id, SchoolClass.id).where(
        SchoolClass.school_id.in_(tenant_ids), SchoolClass.code == code
    )
    found = (await db.execute(of_code)).one_or_none()
    if found is None:
        raise NotFoundError("This school has no class with this code.")
    elsewhere = select(Enrolment.student_id).where(
        Enrolment.school_id == found.school_id, Enrolment.class_id != found.id, not_over(Enrolment)
    )
    query = select(Enrolment.student_id).where(
        Enrolment.school_id == found.school_id,
        Enrolment.class_id == found.id,
        not_over(Enrolment) | Enrolment.student_id.not_in(elsewhere),
    )
    return list(await db.scalars(query.order_by(Enrolment.student_id)))
