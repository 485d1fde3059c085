"""Saved views: a page's filters, columns and order under a name of the office's own."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from db.glance import Glance
from desktop.domain.errors import Invalid

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from db.models import SavedView
    from db.store import Store

LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class View:
    """A saved view; `content` is the page's own, as JSON keeps it."""

    id: int
    page: str
    name: str
    content: Any


class SavedViews:
    """Saves, lists and removes views. A page's list is read by plain SQL: pages show it as they open."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset({"saved_view"})

    def __init__(self, glance: Glance, store: "Callable[[], Store]") -> None:
        self._glance = glance
        self._store = store

    def save(self, page: str, name: str, content: Any) -> int:
        """Keep a view; one of the same name on the page is replaced."""
        wanted = " ".join(name.split())
        if not wanted:
            raise Invalid({"name": "missing"})
        if len(wanted) > LONGEST_NAME:
            raise Invalid({"name": "too_long"})
        with self._store().write(f"保存视图“{wanted}”") as session:
            from db.models import SavedView

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
        with self._store().write(f"删除视图“{name}”") as session:
            record = _find(session, page, name)
            if record is not None:
                session.delete(record)

    def list(self, page: str) -> list[View]:
        """The views of a page in the order they were first saved."""
        sql = "SELECT id, page, name, content FROM saved_view WHERE page = ? ORDER BY id"
        with self._glance.look() as connection:
            return [
                View(number, of_page, name, json.loads(content))
                for number, of_page, name, content in connection.execute(sql, (page,))
            ]


def _find(session: "Session", page: str, name: str) -> "SavedView | None":
    from sqlalchemy import select

    from db.models import SavedView

    return session.scalars(select(SavedView).where(SavedView.page == page, SavedView.name == name)).first()
