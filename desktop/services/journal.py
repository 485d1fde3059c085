"""The journal 操作日志 as people read it: which acts were done, when, by whom, and which were taken back."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from db.store import Store


@dataclass(frozen=True, slots=True)
class ActRow:
    """One act. `undoes` is the act that it takes back or brings back; `undone_by` the act that took this one back."""

    id: int
    title: str
    done_at: datetime
    done_by: str
    row_count: int
    undoes: int | None
    undone_by: int | None


ACTS_SQL = """
SELECT o.id, o.title, o.done_at, o.done_by, o.row_count, o.undoes,
       (SELECT MAX(later.id) FROM operation later WHERE later.undoes = o.id)
FROM operation o WHERE o.done_at >= ? ORDER BY o.id DESC LIMIT ?
"""


class Journal:
    """Reads the journal; nobody writes it but the store."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset({"operation"})

    def __init__(self, store: Store) -> None:
        self._store = store

    def acts(self, since: date | None = None, limit: int = -1) -> list[ActRow]:
        """The acts since a day, newest first; all of them unless `limit` says how many."""
        with self._store.read() as session:
            rows = session.connection().exec_driver_sql(ACTS_SQL, (since.isoformat() if since else "", limit))
            return [ActRow(row[0], row[1], datetime.fromisoformat(row[2]), *row[3:]) for row in rows]
