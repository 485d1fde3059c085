"""The schema version that this program writes; apart from the steps, so that asking for it loads no SQLAlchemy."""

HEAD = "0001"
