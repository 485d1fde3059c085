"""What the database and the shipped sheets keep as text, as the services take it."""

from datetime import date


def day_of(text: str | None) -> date | None:
    """A day kept as `2026-12-25`; None where nothing is kept, as NULL in a table or an empty cell in a sheet."""
    return date.fromisoformat(text) if text else None
