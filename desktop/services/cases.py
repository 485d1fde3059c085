"""Penalty cases as records of the ledger: number, cause, dates, fine. Their procedure is not kept here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from db.models import Enterprise, PenaltyCase
from db.store import Store
from desktop.domain.errors import Invalid
from desktop.services.clock import Clock
from desktop.services.stored import day_of


@dataclass(frozen=True, slots=True)
class CaseDraft:
    """A case as it is entered; money in 分."""

    enterprise_id: int
    cause: str
    number: str = ""
    filed_on: date | None = None
    decided_on: date | None = None
    fine_fen: int | None = None
    is_accident: bool = False
    closed_on: date | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as lists show it."""

    id: int
    enterprise_id: int
    enterprise: str
    number: str
    cause: str
    filed_on: date | None
    decided_on: date | None
    fine_fen: int | None
    is_accident: bool
    closed_on: date | None
    remark: str


ROW_SQL = """
SELECT c.id, c.enterprise_id, e.name, c.number, c.cause, c.filed_on, c.decided_on, c.fine_fen, c.is_accident,
       c.closed_on, c.remark
FROM penalty_case c JOIN enterprise e ON e.id = c.enterprise_id
"""
SORTS = {
    "filed_on": "COALESCE(c.filed_on, c.decided_on)",
    "decided_on": "c.decided_on",
    "number": "c.number",
    "enterprise": "e.sort_key",
    "fine": "c.fine_fen",
}


class Cases:
    """Registers and mends cases, and lists them."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset({"penalty_case", "enterprise"})

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def register(self, draft: CaseDraft) -> int:
        """Put a case into the ledger."""
        with self._store.write("登记案件") as session:
            return self.insert(session, draft)

    def insert(self, session: Session, draft: CaseDraft) -> int:
        """The same, inside the act of another service."""
        self._check(draft)
        session.get_one(Enterprise, draft.enterprise_id)
        record = PenaltyCase(enterprise_id=draft.enterprise_id)
        _write(record, draft)
        session.add(record)
        session.flush()
        return record.id

    def change(self, case_id: int, draft: CaseDraft) -> None:
        """Mend a case."""
        self._check(draft)
        with self._store.write("修改案件") as session:
            _write(session.get_one(PenaltyCase, case_id), draft)

    def _check(self, draft: CaseDraft) -> None:
        today, problems = self._clock.today(), {}
        if not draft.cause.strip():
            problems["cause"] = "missing"
        for name in ("filed_on", "decided_on", "closed_on"):
            on: date | None = getattr(draft, name)
            if on is not None and on > today:
                problems[name] = "date_future"
        if draft.filed_on is not None and draft.decided_on is not None and draft.decided_on < draft.filed_on:
            problems["decided_on"] = "before_filing"
        if draft.fine_fen is not None and draft.fine_fen < 0:
            problems["fine"] = "number_invalid"
        if problems:
            raise Invalid(problems)

    def ids(self, text: str = "", sort: tuple[str, bool] = ("filed_on", True)) -> list[int]:
        """The cases whose number, cause or enterprise holds every word of `text`."""
        words = [f"%{word}%" for word in text.split()]
        where = " AND ".join("(c.number LIKE ? OR c.cause LIKE ? OR e.name LIKE ?)" for _ in words)
        values = tuple(word for word in words for _ in range(3))
        column, descending = sort
        order = SORTS.get(column, SORTS["filed_on"]) + (" DESC" if descending else "")
        with self._store.read() as session:
            found = session.connection().exec_driver_sql(
                "SELECT c.id FROM penalty_case c JOIN enterprise e ON e.id = c.enterprise_id "
                f"{'WHERE ' + where if where else ''} ORDER BY {order}, c.id",
                values,
            )
            return [row[0] for row in found]

    def rows(self, ids: Sequence[int]) -> list[CaseRow]:
        """The rows of these ids, in their order."""
        marks = ", ".join("?" * len(ids))
        by_id = {row.id: row for row in self._rows(f"WHERE c.id IN ({marks})", tuple(ids))}
        return [by_id[key] for key in ids if key in by_id]

    def of(self, enterprise_id: int) -> list[CaseRow]:
        """The cases of one enterprise, newest first."""
        return self._rows("WHERE c.enterprise_id = ? ORDER BY c.filed_on DESC, c.id DESC", (enterprise_id,))

    def draft_of(self, case_id: int) -> CaseDraft:
        """A case as a form shows it for mending."""
        row = self.rows([case_id])[0]
        return CaseDraft(
            row.enterprise_id,
            row.cause,
            row.number,
            row.filed_on,
            row.decided_on,
            row.fine_fen,
            row.is_accident,
            row.closed_on,
            row.remark,
        )

    def _rows(self, where: str, values: tuple[Any, ...]) -> list[CaseRow]:
        with self._store.read() as session:
            return [_row(row) for row in session.connection().exec_driver_sql(f"{ROW_SQL} {where}", values)]


def _write(record: PenaltyCase, draft: CaseDraft) -> None:
    record.number, record.cause = draft.number.strip(), draft.cause.strip()
    record.filed_on, record.decided_on, record.closed_on = draft.filed_on, draft.decided_on, draft.closed_on
    record.fine_fen, record.is_accident, record.remark = draft.fine_fen, draft.is_accident, draft.remark.strip()


def _row(row: Any) -> CaseRow:
    return CaseRow(
        row[0],
        row[1],
        row[2],
        row[3],
        row[4],
        day_of(row[5]),
        day_of(row[6]),
        row[7],
        bool(row[8]),
        day_of(row[9]),
        row[10],
    )
