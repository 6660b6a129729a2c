"""`learntrace import` and `learntrace export`, told where the database is."""

from learntrace.cli.database_rows import open_events, open_sessions
from learntrace.cli.database_sink import open_database_sink
from learntrace.cli.exporting import SESSION_COLUMNS, build_export_command
from learntrace.cli.importing import build_import_command
from learntrace.features.catalogue import CATALOGUE

import_command = build_import_command(open_database_sink)
# How many events a session has is told of every session, assessed or not.
_FEATURES = tuple(name for name in CATALOGUE if name not in SESSION_COLUMNS)
export_command = build_export_command(open_events, open_sessions, _FEATURES)
