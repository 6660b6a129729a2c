"""row-level security: who reads for a person or a pupil's game sees rows of named schools alone

The owner is not held by it: the writer's COPY would be refused. The role belongs to the cluster,
so it may be there already, other databases may be making it just now, and a downgrade leaves it.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TENANTS_OWN = (
    *("school_games", "write_keys", "player_tokens", "users"),
    *("classes", "students", "enrolments", "teachings"),
    *("events", "game_sessions", "telemetry_batches", "rejections"),
    *("session_features", "reference_tables"),
    *("ratings", "notes", "fusion_weights", "session_answers", "answered_items", "item_tables"),
    *("populations", "knowledge_states", "assessments", "assessments_due", "adaptive_decisions"),
)
# What lets somebody in is in none of these: passwords, keys, tokens, sign-ins.
TOKENS = "school_id, student_id, game_id, created_at, expires_at, revoked_at, renewed_at"
READ = (
    *("schools", "games", "game_developers", "game_mappings", "school_games"),
    *("classes", "students", "enrolments", "teachings", "users (id, school_id, display_name)"),
    f"player_tokens ({TOKENS})",
    *("events", "game_sessions", "telemetry_batches", "rejections", "session_features"),
    *("ratings", "notes", "fusion_weights", "session_answers", "answered_items", "item_tables"),
    *("populations", "knowledge_states", "assessments", "assessments_due"),
)
WRITTEN = {
    "game_mappings": "insert",
    "school_games": "update (mapping_version)",
    "students": "update (extra_time)",
    "ratings": "insert, delete",
    "notes": "insert, delete",
    "fusion_weights": "insert",
    "knowledge_states": "insert, update, delete",
    "assessments": "insert",
    "assessments_due": "insert, update, delete",
    "adaptive_decisions": "insert",
}

# A pooled connection reads '' where nothing is set: no school then, and no row.
SEEN = """
create function seen_school_ids() returns setof uuid language sql stable parallel safe
begin atomic
  select unnest(string_to_array(
    nullif(current_setting('learntrace.school_ids', true), ''), ',')::uuid[]);
end
"""
# A list, hashed once a statement: as an array it counted as a second condition on the school, and
# the planner took a class of thirty for less than one pupil.
AMONG_SEEN = "in (select seen_school_ids())"

ROLE = """
do $$
begin
  for attempt in 1..10 loop
    begin
      if not exists (select from pg_roles where rolname = 'learntrace_reader') then
        create role learntrace_reader nologin;
      end if;
      if not pg_has_role(session_user, 'learntrace_reader', 'set') then
        execute format(
          'grant learntrace_reader to %I with inherit false, set true', session_user);
      end if;
      return;
    exception
      when insufficient_privilege then
        raise insufficient_privilege using message = format(
          'The database user %1$s may not make the role that reads are done with. Have an '
          'administrator of the database run: CREATE ROLE learntrace_reader NOLOGIN (unless it is '
          'there); GRANT learntrace_reader TO %1$I WITH INHERIT FALSE, SET TRUE; then migrate '
          'again.', session_user);
      -- Another database of the cluster was at it; the last is "tuple concurrently updated".
      when duplicate_object or unique_violation or internal_error then
        if attempt = 10 then
          raise;
        end if;
    end;
  end loop;
end
$$
"""


def upgrade() -> None:
    op.execute(ROLE)
    op.execute(SEEN)
    op.execute("grant usage on schema public to learntrace_reader")
    for table in TENANTS_OWN:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"create policy seen on {table} using (school_id {AMONG_SEEN})")
    op.execute("alter table schools enable row level security")
    op.execute(f"create policy seen on schools using (id {AMONG_SEEN})")
    # A school's weights hold for its sandbox, also for who sees that alone.
    op.execute(
        "create policy of_twin on fusion_weights for select "
        "using (school_id in (select sandbox_of from schools))"
    )
    for told in READ:
        table, _, columns = told.partition(" ")
        op.execute(f"grant select {columns} on {table} to learntrace_reader")
    for table, rights in WRITTEN.items():
        op.execute(f"grant {rights} on {table} to learntrace_reader")


def downgrade() -> None:
    op.execute("revoke all on all tables in schema public from learntrace_reader")
    op.execute("revoke usage on schema public from learntrace_reader")
    op.execute("drop policy of_twin on fusion_weights")
    for table in ("schools", *TENANTS_OWN):
        op.execute(f"drop policy seen on {table}")
        op.execute(f"alter table {table} disable row level security")
    op.execute("drop function seen_school_ids()")
