"""Forms: one enterprise on one sheet, labels with their values beside them, which must never be read as a list."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from desktop.exchange.ledger_fields import KindSpec, LedgerKind, kinds
from desktop.exchange.ledger_headings import meaning
from desktop.exchange.sheet import Cell, Sheet

_ROWS_LOOKED_AT = 60
_FIELDS_NEEDED = 4
_ROWS_NEEDED = 3
_LABEL = 20
_BLANK_ENDS = 2
"""So many blank rows end the form; lists that follow on the same sheet are no part of it."""


@dataclass(frozen=True, slots=True)
class FormCell:
    """A value on a form: where it stands, counted from 0, and the label it belongs to."""

    row: int
    column: int
    label: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class _Label:
    row: int
    column: int
    field: str
    rank: int
    text: str


def form_of(sheet: Sheet) -> Mapping[str, FormCell] | None:
    """The values of the enterprise that a form describes, by field; nothing when the sheet is no form.

    A form that is not filled in gives no values but still is one.
    """
    labels = list(_labels(sheet, kinds()[LedgerKind.ENTERPRISES]))
    if not _is_form(labels):
        return None
    columns = _label_columns(labels)
    found: dict[str, tuple[int, FormCell]] = {}
    for label in labels:
        value = _beside(sheet, label, columns)
        if value is not None and (label.field not in found or label.rank < found[label.field][0]):
            found[label.field] = (label.rank, value)
    return {field: value for field, (_, value) in found.items()}


def _labels(sheet: Sheet, spec: KindSpec) -> Iterator[_Label]:
    blank = 0
    for number, row in enumerate(sheet.rows[:_ROWS_LOOKED_AT]):
        blank = 0 if any(cell != "" for cell in row) else blank + 1
        if blank >= _BLANK_ENDS and number > _BLANK_ENDS + 1:
            return
        for column, cell in enumerate(row[:50]):
            if isinstance(cell, str) and 0 < len(cell) <= _LABEL:
                read = meaning(cell, spec)
                if read is not None:
                    yield _Label(number, column, read[0], read[1], cell.strip())


def _is_form(labels: list[_Label]) -> bool:
    """Whether labels stand below one another rather than beside: many fields, several rows, no row with most of them."""
    fields = {label.field for label in labels}
    by_row: dict[int, set[str]] = {}
    for label in labels:
        by_row.setdefault(label.row, set()).add(label.field)
    fullest = max((len(found) for found in by_row.values()), default=0)
    if "name" not in fields or len(fields) < _FIELDS_NEEDED or len(by_row) < _ROWS_NEEDED:
        return False
    return fullest * 2 <= len(fields) and len(_label_columns(labels)) <= 4


def _label_columns(labels: list[_Label]) -> frozenset[int]:
    """The columns that hold labels: one or two on a form, any number by chance in data."""
    counted: dict[int, int] = {}
    for label in labels:
        counted[label.column] = counted.get(label.column, 0) + 1
    return frozenset(column for column, times in counted.items() if times > 1)


def _beside(sheet: Sheet, label: _Label, label_columns: frozenset[int]) -> FormCell | None:
    """The first cell with content to the right of a label, before the next column of labels."""
    row = sheet.rows[label.row]
    for column in range(label.column + 1, len(row)):
        if column in label_columns:
            return None
        if row[column] != "":
            return FormCell(label.row, column, label.text, row[column])
    return None
