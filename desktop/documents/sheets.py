"""Formatted workbooks from plain rows: title, headings, frozen panes, filter, A4 landscape, the same bytes each time.

Text is always written as text. Nothing that came from data can become a formula, here or when the sheet is saved as
CSV later.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from desktop.documents.archive import settled
from desktop.domain.cell import clean, neutral

HEAD, LINE = "#EEF2F7", "#B9C1CC"
LONGEST = 32_000
FONT = "宋体"


class Kind(StrEnum):
    """How a column is written."""

    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    PERCENT = "percent"
    MONEY = "money"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, a width in characters, and the kind of its values."""

    title: str
    width: float = 12
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: name of the tab, title over the table, columns, rows, and a line below."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Any]]
    note: str = ""


def workbook(sheets: Sequence[Sheet], *, author: str, on: date) -> bytes:
    """The sheets as an .xlsx file. `on` is the day it bears, whatever day it is made."""
    import xlsxwriter  # type: ignore[import-untyped] # no stubs are published

    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, options)
    book.set_properties({"title": sheets[0].title, "author": author, "created": datetime(on.year, on.month, on.day)})
    formats = _formats(book)
    for sheet in sheets:
        _write(book.add_worksheet(sheet.name[:31]), sheet, formats)
    book.close()
    return settled(target.getvalue())


def _formats(book: Any) -> dict[str, Any]:
    base: dict[str, Any] = {"font_name": FONT, "font_size": 10, "border": 1, "border_color": LINE, "valign": "vcenter"}
    shapes: dict[Kind, dict[str, Any]] = {
        Kind.TEXT: {"text_wrap": True, "num_format": "@"},
        Kind.WHOLE: {"num_format": "0", "align": "right"},
        Kind.NUMBER: {"num_format": "#,##0.00", "align": "right"},
        Kind.PERCENT: {"num_format": '0.0"%"', "align": "right"},
        Kind.MONEY: {"num_format": "#,##0.00", "align": "right"},
        Kind.DATE: {"num_format": "yyyy-mm-dd", "align": "center"},
    }
    made = {kind.value: book.add_format({**base, **shape}) for kind, shape in shapes.items()}
    made["title"] = book.add_format({"font_name": "黑体", "font_size": 16, "align": "center", "valign": "vcenter"})
    made["head"] = book.add_format(
        {**base, "font_name": "黑体", "bg_color": HEAD, "align": "center", "text_wrap": True}
    )
    made["note"] = book.add_format({"font_name": FONT, "font_size": 9, "font_color": "#5F6672", "text_wrap": True})
    return made


def _write(page: Any, sheet: Sheet, formats: dict[str, Any]) -> None:
    last = len(sheet.columns) - 1
    page.set_row(0, 30)
    if last:
        page.merge_range(0, 0, 0, last, "", formats["title"])
    page.write_string(0, 0, sheet.title, formats["title"])
    page.set_row(1, 24)
    for at, column in enumerate(sheet.columns):
        page.set_column(at, at, column.width)
        page.write_string(1, at, column.title, formats["head"])
    for number, row in enumerate(sheet.rows, start=2):
        for at, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            _write_cell(page, number, at, value, column.kind, formats[column.kind.value])
    _lay_out(page, sheet, last)
    if sheet.note:
        page.write_string(len(sheet.rows) + 3, 0, sheet.note, None if last else formats["note"])


def _write_cell(page: Any, row: int, at: int, value: Any, kind: Kind, style: Any) -> None:
    if value is None or value == "":
        page.write_blank(row, at, None, style)
    elif kind is Kind.DATE:
        page.write_datetime(row, at, datetime.fromisoformat(str(value)[:10]), style)
    elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        page.write_number(row, at, float(value), style)
    else:
        page.write_string(row, at, neutral(clean(str(value)))[:LONGEST], style)


def _lay_out(page: Any, sheet: Sheet, last: int) -> None:
    page.freeze_panes(2, min(2, last))
    page.autofilter(1, 0, max(len(sheet.rows) + 1, 2), last)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0, 1)
    page.set_margins(0.5, 0.5, 0.6, 0.6)
    page.set_footer("&C第 &P 页，共 &N 页")
