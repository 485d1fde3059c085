"""All of SQLAlchemy and SQLite."""
