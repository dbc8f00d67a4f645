"""Alembic migrations of the store; run by `results.revisions`, never by hand."""
