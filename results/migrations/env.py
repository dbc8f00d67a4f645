"""Runs the migrations on the connection that `results.revisions` hands over."""

from __future__ import annotations

from alembic import context

from results.schema import metadata

connection = context.config.attributes.get("connection")
if connection is None:
    raise RuntimeError("migrations run through `portfolio database upgrade`, which opens the database itself")
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
