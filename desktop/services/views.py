"""Saved views: a page's filters, columns and order under a name of the office's own."""

from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import SavedView
from db.store import Store
from desktop.domain.errors import Invalid

LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class View:
    """A saved view; `content` is the page's own, as JSON keeps it."""

    id: int
    page: str
    name: str
    content: Any


class SavedViews:
    """Saves, lists and removes views."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset({"saved_view"})

    def __init__(self, store: Store) -> None:
        self._store = store

    def save(self, page: str, name: str, content: Any) -> int:
        """Keep a view; one of the same name on the page is replaced."""
        wanted = " ".join(name.split())
        if not wanted:
            raise Invalid({"name": "missing"})
        if len(wanted) > LONGEST_NAME:
            raise Invalid({"name": "too_long"})
        with self._store.write(f"保存视图“{wanted}”") as session:
            record = _find(session, page, wanted)
            if record is None:
                record = SavedView(page=page, name=wanted, content=content)
                session.add(record)
            else:
                record.content = content
            session.flush()
            return record.id

    def remove(self, page: str, name: str) -> None:
        """Take a view away; one that is not there needs no taking."""
        with self._store.write(f"删除视图“{name}”") as session:
            record = _find(session, page, name)
            if record is not None:
                session.delete(record)

    def list(self, page: str) -> list[View]:
        """The views of a page in the order they were first saved."""
        with self._store.read() as session:
            rows = session.scalars(select(SavedView).where(SavedView.page == page).order_by(SavedView.id)).all()
            return [View(row.id, row.page, row.name, row.content) for row in rows]


def _find(session: Session, page: str, name: str) -> SavedView | None:
    return session.scalars(select(SavedView).where(SavedView.page == page, SavedView.name == name)).first()
