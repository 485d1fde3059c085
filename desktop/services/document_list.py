"""The lists around official documents: those there are, and the records that one may be made for. Read at a glance."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from db.glance import Glance
from desktop.domain.form import DocumentStatus, Form, FormBook, RecordKind, Stage
from desktop.services.form_book import form_book
from desktop.services.search_text import initials, match_query
from desktop.text import day, label

SHOWN = 30
SCAN = "form_document"
"""As the subject of an attachment: the signed scan of a document."""


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Which documents a list shows; nothing given means all. `sort` is a key and whether the largest come first."""

    text: str = ""
    forms: frozenset[str] = frozenset()
    stages: frozenset[Stage] = frozenset()
    statuses: frozenset[DocumentStatus] = frozenset()
    enterprise_id: int | None = None
    inspection_id: int | None = None
    first_on: date | None = None
    last_on: date | None = None
    sort: tuple[str, bool] = ("dated_on", True)


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """A document as lists show it."""

    id: int
    form: str
    title: str
    stage: Stage
    number: str
    status: DocumentStatus
    enterprise_id: int | None
    enterprise: str
    dated_on: date
    page_count: int | None
    made_by: str
    issued_by: str
    scans: int


@dataclass(frozen=True, slots=True)
class RecordChoice:
    """A record that a document may be made for: what it is called, and whose it is."""

    id: int
    name: str
    note: str


_ROWS = """
SELECT d.id, d.form, d.number, d.status, d.enterprise_id, COALESCE(e.name, ''), d.dated_on, d.page_count,
       d.made_by, d.issued_by,
       (SELECT COUNT(*) FROM attachment a WHERE a.subject_type = 'form_document' AND a.subject_id = d.id)
FROM form_document d LEFT JOIN enterprise e ON e.id = d.enterprise_id
"""
_IDS = "SELECT d.id FROM form_document d LEFT JOIN enterprise e ON e.id = d.enterprise_id"
_SORTS = {
    "dated_on": "d.dated_on", "number": "d.number", "status": "d.status", "enterprise": "e.sort_key", "made_by": "d.made_by",
}  # fmt: skip
_OF_ENTERPRISE = (
    "(instr(e.name, :text) OR e.id IN (SELECT rowid FROM enterprise_search WHERE enterprise_search MATCH :match))"
)

_RECORDS: dict[RecordKind, str] = {
    RecordKind.ENTERPRISE: """
        SELECT e.id, e.name, e.address, '' FROM enterprise e WHERE e.archived_on IS NULL AND {enterprise}
        ORDER BY e.sort_key LIMIT :most""",
    RecordKind.INSPECTION: """
        SELECT i.id, e.name, COALESCE(i.inspected_on, i.planned_on), i.document_number
        FROM inspection i JOIN enterprise e ON e.id = i.enterprise_id
        WHERE i.status != 'cancelled' AND ({enterprise} OR instr(i.document_number, :text))
        ORDER BY COALESCE(i.inspected_on, i.planned_on) DESC, i.id DESC LIMIT :most""",
    RecordKind.ORDER: """
        SELECT o.id, e.name, o.issued_on, o.number FROM rectification_order o JOIN enterprise e ON e.id = o.enterprise_id
        WHERE o.status != 'void' AND ({enterprise} OR instr(o.number, :text))
        ORDER BY o.issued_on DESC, o.id DESC LIMIT :most""",
    RecordKind.REINSPECTION: """
        SELECT r.id, e.name, r.reinspected_on, r.document_number
        FROM reinspection r JOIN enterprise e ON e.id = r.enterprise_id
        WHERE {enterprise} OR instr(r.document_number, :text) ORDER BY r.reinspected_on DESC, r.id DESC LIMIT :most""",
    RecordKind.HAZARD: """
        SELECT h.id, e.name, h.found_on, h.description FROM hazard h JOIN enterprise e ON e.id = h.enterprise_id
        WHERE h.status != 'void' AND ({enterprise} OR instr(h.description, :text))
        ORDER BY h.found_on DESC, h.id DESC LIMIT :most""",
    RecordKind.CASE: """
        SELECT c.id, e.name, c.filed_on, c.number || ' ' || c.cause
        FROM penalty_case c JOIN enterprise e ON e.id = c.enterprise_id
        WHERE {enterprise} OR instr(c.number, :text) OR instr(c.cause, :text)
        ORDER BY c.filed_on DESC, c.id DESC LIMIT :most""",
}
_ONE: dict[RecordKind, str] = {
    RecordKind.ENTERPRISE: "SELECT e.id, e.name, e.address, '' FROM enterprise e WHERE e.id = ?",
    RecordKind.INSPECTION: """SELECT i.id, e.name, COALESCE(i.inspected_on, i.planned_on), i.document_number
        FROM inspection i JOIN enterprise e ON e.id = i.enterprise_id WHERE i.id = ?""",
    RecordKind.ORDER: """SELECT o.id, e.name, o.issued_on, o.number
        FROM rectification_order o JOIN enterprise e ON e.id = o.enterprise_id WHERE o.id = ?""",
    RecordKind.REINSPECTION: """SELECT r.id, e.name, r.reinspected_on, r.document_number
        FROM reinspection r JOIN enterprise e ON e.id = r.enterprise_id WHERE r.id = ?""",
    RecordKind.HAZARD: """SELECT h.id, e.name, h.found_on, h.description
        FROM hazard h JOIN enterprise e ON e.id = h.enterprise_id WHERE h.id = ?""",
    RecordKind.CASE: """SELECT c.id, e.name, c.filed_on, c.number || ' ' || c.cause
        FROM penalty_case c JOIN enterprise e ON e.id = c.enterprise_id WHERE c.id = ?""",
}
_OF_INSPECTION: dict[RecordKind, str] = {
    RecordKind.INSPECTION: "SELECT id FROM inspection WHERE id = ?",
    RecordKind.ENTERPRISE: "SELECT enterprise_id FROM inspection WHERE id = ?",
    RecordKind.ORDER: "SELECT id FROM rectification_order WHERE inspection_id = ? AND status != 'void' ORDER BY id DESC",
    RecordKind.REINSPECTION: """SELECT r.id FROM reinspection r JOIN rectification_order o ON o.id = r.order_id
        WHERE o.inspection_id = ? ORDER BY r.reinspected_on DESC, r.id DESC""",
    RecordKind.HAZARD: """SELECT h.id FROM hazard h WHERE h.inspection_id = ? AND h.status != 'void'
        ORDER BY EXISTS (SELECT 1 FROM extension x WHERE x.hazard_id = h.id) DESC, h.id""",
}
_OF_ORDER: dict[RecordKind, str] = {
    RecordKind.INSPECTION: "SELECT inspection_id FROM rectification_order WHERE id = ? AND inspection_id IS NOT NULL",
    RecordKind.ENTERPRISE: "SELECT enterprise_id FROM rectification_order WHERE id = ?",
    RecordKind.ORDER: "SELECT id FROM rectification_order WHERE id = ?",
    RecordKind.REINSPECTION: "SELECT id FROM reinspection WHERE order_id = ? ORDER BY reinspected_on DESC, id DESC",
    RecordKind.HAZARD: """SELECT h.id FROM hazard h WHERE h.order_id = ? AND h.status != 'void'
        ORDER BY EXISTS (SELECT 1 FROM extension x WHERE x.hazard_id = h.id) DESC, h.id""",
}


class DocumentList:
    """Finds documents, forms and records; writes nothing."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset({"form_document", "enterprise", "attachment"})

    def __init__(self, glance: Glance, book: FormBook | None = None) -> None:
        self._glance = glance
        self.book = book or form_book()

    # ---- documents -----------------------------------------------------------------------------------------

    def ids(self, query: DocumentFilter = DocumentFilter()) -> list[int]:
        """The ids of a query, in its order."""
        where, values = self._where(query)
        key, is_falling = query.sort
        way = "DESC" if is_falling else "ASC"
        order = f"{_SORTS[key]} {way}, d.id {way}"
        with self._glance.look() as connection:
            found = connection.execute(f"{_IDS} WHERE {where} ORDER BY {order}", values)
            return [row[0] for row in found]

    def rows(self, ids: Sequence[int]) -> list[ListedDocument]:
        """The documents of these ids, in the same order; those that are gone are left out."""
        if not ids:
            return []
        marks = ", ".join("?" * len(ids))
        with self._glance.look() as connection:
            found = connection.execute(f"{_ROWS} WHERE d.id IN ({marks})", tuple(ids)).fetchall()
        rows = {row[0]: self._row(row) for row in found}
        return [rows[each] for each in ids if each in rows]

    def find(self, typed: str, limit: int = 8) -> list[ListedDocument]:
        """The best few for Ctrl+K: by number, title or enterprise; void ones are not offered."""
        live = frozenset({DocumentStatus.DRAFT, DocumentStatus.ISSUED})
        return self.rows(self.ids(DocumentFilter(typed, statuses=live))[:limit])

    def counts(self) -> dict[DocumentStatus, int]:
        """How many documents there are in each state."""
        with self._glance.look() as connection:
            found = connection.execute("SELECT status, COUNT(*) FROM form_document GROUP BY status").fetchall()
        return {DocumentStatus(status): count for status, count in found}

    def forms_used(self) -> dict[str, int]:
        """How many documents there are of each form."""
        with self._glance.look() as connection:
            found = connection.execute("SELECT form, COUNT(*) FROM form_document GROUP BY form").fetchall()
        return dict(found)

    def _row(self, row: tuple[Any, ...]) -> ListedDocument:
        form = self.book.get(row[1])
        return ListedDocument(
            id=row[0], form=row[1], title=form.title, stage=form.stage, number=row[2], status=DocumentStatus(row[3]),
            enterprise_id=row[4], enterprise=row[5], dated_on=date.fromisoformat(row[6]), page_count=row[7],
            made_by=row[8], issued_by=row[9], scans=row[10],
        )  # fmt: skip

    def _where(self, query: DocumentFilter) -> tuple[str, dict[str, Any]]:
        values: dict[str, Any] = {}
        parts = ["1"]
        for at, word in enumerate(query.text.split()):
            parts.append(self._word(word, at, values))
        forms = set(query.forms)
        if query.stages:
            staged = {form.id for form in self.book.forms.values() if form.stage in query.stages}
            forms = forms & staged if forms else staged
        if query.forms or query.stages:
            parts.append(_among("d.form", forms, "form", values))
        if query.statuses:
            parts.append(_among("d.status", (each.value for each in query.statuses), "status", values))
        for name in ("enterprise_id", "inspection_id"):
            if (wanted := getattr(query, name)) is not None:
                parts.append(f"d.{name} = :{name}")
                values[name] = wanted
        if query.first_on is not None:
            parts.append("d.dated_on >= :first_on")
            values["first_on"] = query.first_on.isoformat()
        if query.last_on is not None:
            parts.append("d.dated_on <= :last_on")
            values["last_on"] = query.last_on.isoformat()
        return " AND ".join(parts), values

    def _word(self, word: str, at: int, values: dict[str, Any]) -> str:
        """A word is part of a number, an enterprise's name or initials, or a form's title, initials or code."""
        values[f"word_{at}"] = word
        parts = [f"instr(d.number, :word_{at})", f"instr(e.name, :word_{at})"]
        if (match := match_query(word)) is not None:
            values[f"match_{at}"] = match
            parts.append(f"e.id IN (SELECT rowid FROM enterprise_search WHERE enterprise_search MATCH :match_{at})")
        forms = [form.id for form in self.forms(word)]
        if forms:
            parts.append(_among("d.form", forms, f"titled_{at}", values))
        return f"({' OR '.join(parts)})"

    # ---- forms ---------------------------------------------------------------------------------------------

    def forms(self, typed: str = "") -> list[Form]:
        """The forms whose title, initials, code word or number in the set is meant, in the order of the book."""
        wanted = typed.strip().lower()
        return [form for form in self.book.forms.values() if not wanted or _is_meant(form, wanted)]

    # ---- records -------------------------------------------------------------------------------------------

    def records(self, kind: RecordKind, typed: str, limit: int = SHOWN) -> list[RecordChoice]:
        """The records of a kind that fit what was typed: by enterprise (initials too), number or words."""
        words = typed.strip()
        values = {"text": words, "match": match_query(words) or '""', "most": limit}
        enterprise = _OF_ENTERPRISE if words else "1"
        with self._glance.look() as connection:
            found = connection.execute(_RECORDS[kind].format(enterprise=enterprise), values).fetchall()
        return [_choice(kind, row) for row in found]

    def record(self, kind: RecordKind, record_id: int) -> RecordChoice | None:
        """One record; None when it is gone."""
        with self._glance.look() as connection:
            row = connection.execute(_ONE[kind], (record_id,)).fetchone()
        return _choice(kind, row) if row else None

    def record_for(self, form_id: str, start: tuple[RecordKind, int]) -> tuple[RecordKind, int] | None:
        """The record that a form is made for in the chain of an inspection or order; None when there is none yet.

        Of several (two orders of one visit) it is the last one.
        """
        kind = self.book.get(form_id).record
        known = _OF_ORDER if start[0] is RecordKind.ORDER else _OF_INSPECTION
        if kind is start[0]:
            return start
        if kind not in known:
            return None
        with self._glance.look() as connection:
            row = connection.execute(known[kind], (start[1],)).fetchone()
        return (kind, row[0]) if row else None

    def open_draft(self, form_id: str, record: tuple[RecordKind, int]) -> int | None:
        """The draft of a form that was begun for a record, to be gone on with."""
        with self._glance.look() as connection:
            row = connection.execute(
                "SELECT id FROM form_document WHERE form = ? AND record_kind = ? AND record_id = ? AND status = 'draft' "
                "ORDER BY id DESC",
                (form_id, record[0].value, record[1]),
            ).fetchone()
        return row[0] if row else None

    def issued(self, form_id: str, record: tuple[RecordKind, int]) -> int | None:
        """The document of a form that was last issued for a record."""
        with self._glance.look() as connection:
            row = connection.execute(
                "SELECT id FROM form_document WHERE form = ? AND record_kind = ? AND record_id = ? AND status = 'issued' "
                "ORDER BY id DESC",
                (form_id, record[0].value, record[1]),
            ).fetchone()
        return row[0] if row else None


def _among(column: str, wanted: Iterable[str], name: str, values: dict[str, Any]) -> str:
    marks = []
    for at, value in enumerate(sorted(wanted)):
        values[f"{name}_{at}"] = value
        marks.append(f":{name}_{at}")
    return f"{column} IN ({', '.join(marks)})"


def _is_meant(form: Form, wanted: str) -> bool:
    return (
        wanted in form.title
        or wanted in form.code
        or wanted == form.alias
        or wanted == str(form.set_number)
        or (wanted.isascii() and any(wanted in short.lower() for short in initials(form.title)))
    )


def _choice(kind: RecordKind, row: sqlite3.Row | tuple[Any, ...]) -> RecordChoice:
    """An enterprise with its address; what happened to one with day and number."""
    if kind is RecordKind.ENTERPRISE:
        return RecordChoice(row[0], row[1], row[2] or "")
    on = day(date.fromisoformat(row[2])) if row[2] else ""
    return RecordChoice(row[0], f"{row[1]}　{on}", f"{label(kind)}　{row[3] or ''}".rstrip("　"))
