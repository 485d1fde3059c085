"""The record of one enterprise twice: as it stands, and as it stood at the end of a day.

The journal keeps every row before and after each act, so a past state is read back, not guessed. Rows that came in
without images (the sample township is filled in one act) stand in both.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

Row = Mapping[str, Any]

OWN = (
    "plan_item", "inspection", "rectification_order", "hazard", "reinspection", "urging", "penalty_case",
    "revisit_programme", "form_document", "obligation", "enterprise_measure",
)  # fmt: skip
"""The tables whose rows name their enterprise."""
BELOW = (
    ("inspection_officer", "inspection_id", "inspection"),
    ("inspection_expert", "inspection_id", "inspection"),
    ("extension", "hazard_id", "hazard"),
    ("reinspection_request", "hazard_id", "hazard"),
    ("escalation", "hazard_id", "hazard"),
    ("supervision", "hazard_id", "hazard"),
    ("reinspection_officer", "reinspection_id", "reinspection"),
    ("reinspection_result", "reinspection_id", "reinspection"),
    ("urging_hazard", "urging_id", "urging"),
    ("revisit", "programme_id", "revisit_programme"),
    ("document_delivery", "document_id", "form_document"),
    ("obligation_due", "obligation_id", "obligation"),
)
"""Tables below them: their column, and the table it points to."""
OF_ANY = ("attachment", "gate_entry")
"""Tables whose rows name a record of any table by `subject_type` and `subject_id`."""
REWRITTEN = frozenset({"inspection_officer", "inspection_expert", "reinspection_officer", "attachment"})
"""Tables whose rows an ordinary act may remove; elsewhere only undoing does."""
NAMED = (("officer", "officer_id"), ("expert", "expert_id"))
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Image:
    """A row before and after one act."""

    operation: int
    at: datetime
    by: str
    before: Row | None
    after: Row | None


@dataclass(frozen=True, slots=True)
class Cut:
    """The last act of a day in the journal, and the hash that pins everything up to it."""

    operation: int
    hash: str
    at: datetime | None


def cut_after(session: Session, on: date) -> Cut:
    """The journal at the end of `on`."""
    found = session.connection().exec_driver_sql(
        "SELECT id, hash, done_at FROM operation WHERE done_at < ? ORDER BY id DESC LIMIT 1",
        ((on + timedelta(days=1)).isoformat(),),
    )
    row = found.first()
    return Cut(0, "", None) if row is None else Cut(row[0], row[1], datetime.fromisoformat(row[2]))


class View:
    """The rows of the enterprise in one state."""

    def __init__(self, tables: Mapping[str, Mapping[int, Row]]) -> None:
        self._tables = tables

    def rows(self, table: str) -> Iterable[Row]:
        """All rows of a table, in the order they came in."""
        return self._tables.get(table, {}).values()

    def row(self, table: str, number: int | None) -> Row | None:
        """One row."""
        return None if number is None else self._tables.get(table, {}).get(number)

    def where(self, table: str, column: str, value: Any) -> list[Row]:
        """The rows with a value in a column."""
        return [row for row in self.rows(table) if row[column] == value]

    def name(self, table: str, number: int | None) -> str:
        """The name of an officer or expert."""
        row = self.row(table, number)
        return str(row["name"]) if row is not None else ""


class TrailRecord:
    """Reads everything of one enterprise once, with the images of each row."""

    def __init__(self, session: Session, enterprise_id: int, on: date) -> None:
        self._connection = session.connection()
        self.cut = cut_after(session, on)
        self._now: dict[str, dict[int, Row]] = {}
        self._images: dict[tuple[str, int], list[Image]] = {}
        self._gone: dict[str, set[int]] = {}
        self._read(enterprise_id)
        self.now = View({table: dict(sorted(rows.items())) for table, rows in self._now.items()})
        self.then = View(self._rewound())

    # ---- reading -------------------------------------------------------------------------------------------

    def _read(self, enterprise_id: int) -> None:
        self._load("enterprise", "id", [enterprise_id])
        for table in OWN:
            self._load(table, "enterprise_id", [enterprise_id])
        for table, column, parent in BELOW:
            self._load(table, column, self._ids(parent))
        for table in OF_ANY:
            self._load_subjects(table)
        for table, column in NAMED:
            named = {row[column] for rows in self._now.values() for row in rows.values() if row.get(column)}
            named |= {
                image[column]
                for images in self._images.values()
                for each in images
                for image in (each.before, each.after)
                if image is not None and image.get(column)
            }
            self._load(table, "id", sorted(named))

    def _ids(self, table: str) -> list[int]:
        return sorted(self._now.get(table, {}).keys() | self._gone.get(table, set()))

    def _load(self, table: str, column: str, values: Sequence[int], and_where: str = "") -> None:
        for some in _chunks(values):
            marks = ", ".join("?" * len(some))
            rows = self._connection.exec_driver_sql(
                f'SELECT * FROM "{table}" WHERE {column} IN ({marks}){and_where} ORDER BY id', tuple(some)
            )
            for row in rows.mappings():
                self._now.setdefault(table, {})[row["id"]] = dict(row)
            if column != "id":
                self._gone.setdefault(table, set()).update(self._removed(table, column, some, and_where))
        self._load_images(table)

    def _removed(self, table: str, column: str, values: Sequence[int], and_where: str) -> list[int]:
        undone = "" if table in REWRITTEN else "operation_id IN (SELECT id FROM operation WHERE undoes NOTNULL) AND "
        name = "+table_name" if undone else "table_name"
        marks = ", ".join("?" * len(values))
        subject = and_where.replace("subject_type", "json_extract(before, '$.subject_type')")
        found = self._connection.exec_driver_sql(
            f"SELECT DISTINCT row_id FROM operation_row WHERE {undone}{name} = ? AND after IS NULL "
            f"AND json_extract(before, '$.{column}') IN ({marks}){subject}",
            (table, *values),
        )
        return [number for (number,) in found]

    def _load_subjects(self, table: str) -> None:
        for subject in (*OWN, "enterprise", *(below for below, _, _ in BELOW)):
            self._load(table, "subject_id", self._ids(subject), f" AND subject_type = '{subject}'")

    def _load_images(self, table: str) -> None:
        wanted = [number for number in self._ids(table) if (table, number) not in self._images]
        for some in _chunks(wanted):
            marks = ", ".join("?" * len(some))
            found = self._connection.exec_driver_sql(
                "SELECT r.row_id, o.id, o.done_at, o.done_by, r.before, r.after FROM operation_row r "
                f"JOIN operation o ON o.id = r.operation_id WHERE r.table_name = ? AND r.row_id IN ({marks}) ORDER BY r.id",
                (table, *some),
            )
            for number, operation, at, by, before, after in found:
                image = Image(operation, datetime.fromisoformat(at), by, _read(before), _read(after))
                self._images.setdefault((table, number), []).append(image)

    # ---- the day -------------------------------------------------------------------------------------------

    def _rewound(self) -> dict[str, dict[int, Row]]:
        tables = self._now.keys() | self._gone.keys()
        rows = {table: {number: self._row_then(table, number) for number in self._ids(table)} for table in tables}
        return {table: {number: row for number, row in found.items() if row} for table, found in rows.items()}

    def _row_then(self, table: str, number: int) -> Row | None:
        images = self._images.get((table, number), [])
        known = [image for image in images if image.operation <= self.cut.operation]
        if known:
            return known[-1].after
        return images[0].before if images else self._now[table].get(number)

    # ---- who wrote it down, and when -----------------------------------------------------------------------

    def images(self, table: str, number: int) -> Sequence[Image]:
        """Everything that was done to a row, oldest first; nothing for a row that came without images."""
        return self._images.get((table, number), ())

    def born_on(self, table: str, number: int) -> date | None:
        """The day on which a row was entered."""
        first = next((image for image in self.images(table, number) if image.before is None), None)
        return first.at.date() if first is not None else None

    def set_on(self, table: str, number: int, column: str, value: object) -> date | None:
        """The day on which a field last took a value."""
        found = [each for each in self.images(table, number) if _took(each, column) and _after(each, column) == value]
        return found[-1].at.date() if found else None

    def entry_of(self, table: str, number: int, column: str, is_then: bool) -> Image | None:
        """The act that wrote a fact down: the last that set its field, or the one that made the row."""
        images = [each for each in self.images(table, number) if not is_then or each.operation <= self.cut.operation]
        if not column:
            return next((each for each in images if each.before is None), None)
        return next((each for each in reversed(images) if _took(each, column)), None)

    def last_change(self, table: str, number: int) -> Image | None:
        """The newest act on a row after the day."""
        later = [each for each in self.images(table, number) if each.operation > self.cut.operation]
        return later[-1] if later else None


def _read(image: str | None) -> Row | None:
    return None if image is None else json.loads(image)


def _after(image: Image, column: str) -> Any:
    return (image.after or {}).get(column)


def _took(image: Image, column: str) -> bool:
    """Whether an act set a field: to something, and to something else than before."""
    value = _after(image, column)
    return value not in (None, "") and value != (image.before or {}).get(column)


def _chunks(values: Sequence[int]) -> Iterable[list[int]]:
    rest = iter(values)
    while some := list(islice(rest, CHUNK)):
        yield some
