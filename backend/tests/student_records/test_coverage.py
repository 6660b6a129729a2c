"""No table escapes: each either holds nothing of a student, or is handed out and erased."""

from learntrace import migrating
from learntrace.student_records.holdings import HOLDINGS

# Of schools, games, people who sign in and all pupils together; no row tells of one student:
# the audit log's only by pseudonyms, which end with the student's row.
NOT_OF_STUDENTS = {
    "access_tokens",
    "audit_entries",
    "classes",
    "consent_policies",
    "erased_students",
    "erasures",
    "content_favourites",
    "content_items",
    "fusion_weights",
    "game_developers",
    "game_mappings",
    "games",
    "item_tables",
    "password_resets",
    "populations",
    "recording_settings",
    "refits_due",
    "reference_tables",
    "research_studies",
    "rejections",
    "retention_policies",
    "retention_removals",
    "scenarios",
    "school_games",
    "school_budgets",
    "school_plans",
    "schools",
    "sign_ins",
    "teachings",
    "tombstone_keys",
    "upload_keys",
    "usage_entries",
    "users",
    "worker_beats",
    "write_keys",
}


def test_every_table_is_handed_out_and_erased_or_tells_of_no_student() -> None:
    held = [one.model.__tablename__ for one in HOLDINGS]
    assert len(held) == len(set(held))
    assert not NOT_OF_STUDENTS & set(held)
    assert NOT_OF_STUDENTS | set(held) == set(migrating.METADATA.tables)


def test_what_tells_of_no_student_refers_to_none() -> None:
    for name in NOT_OF_STUDENTS:
        table = migrating.METADATA.tables[name]
        referred = {key.column.table.name for key in table.foreign_keys}
        assert not referred & {"students", "game_sessions"}, name
        assert not {"student_id", "student_ids", "game_session_id"} & set(table.columns.keys()), (
            name
        )


def test_what_refers_to_a_row_is_erased_before_it() -> None:
    place = {one.model.__tablename__: number for number, one in enumerate(HOLDINGS)}
    for one in HOLDINGS:
        for key in one.model.__table__.foreign_keys:
            if (key.ondelete or "").startswith("SET NULL"):  # it outlives that row
                continue
            name, other = one.model.__tablename__, key.column.table.name
            assert place[name] < place.get(other, len(place)), (name, other)


def test_every_kind_says_what_it_is_and_tells_something() -> None:
    names = [one.name for one in HOLDINGS]
    assert len(names) == len(set(names))
    for one in HOLDINGS:
        assert one.says.endswith("."), one.name
        assert one.columns, one.name
