"""What stands in the tables that an import writes, and what a report counts."""

from dataclasses import astuple

TABLES = {
    "classes": "id, name, code, source_id, ended_at",
    "students": "id, display_name, pupil_code, source_id, left_at",
    "users": "id, username, display_name, password_hash, source_id, left_at, disabled_at",
    "enrolments": "class_id, student_id, started_at, ended_at, from_roster",
    "teachings": "class_id, user_id, started_at, ended_at, from_roster",
}
OPEN = "started_at <= now() and (ended_at is null or ended_at > now())"


async def everything(world):
    return {
        table: await world.rows(f"select school_id, {columns} from {table} order by 1, 2, 3")
        for table, columns in TABLES.items()
    }


async def student_row(world, source_id):
    query = "select * from students where source_id = :source_id"
    (row,) = await world.rows(query, source_id=source_id)
    return row


async def open_enrolments(world, source_id):
    query = f"""
        select count(*) from enrolments e join students s on s.id = e.student_id
        where s.source_id = :source_id and {OPEN.replace("ended_at", "e.ended_at")}
    """
    return await world.one(query, source_id=source_id)


def counts(report):
    return {name: astuple(of) for name, of in report.counts().items()}
