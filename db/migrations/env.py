"""Alembic looks for this file; the steps are run by `db.migrate.take_steps`, never by the alembic command."""
