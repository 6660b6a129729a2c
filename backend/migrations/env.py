"""Runs migrations on the connection that `learntrace migrate` hands over."""

from alembic import context
from sqlalchemy import Connection

from learntrace.migrating import METADATA

connection: Connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, compare_server_default=True)
with context.begin_transaction():
    context.run_migrations()
