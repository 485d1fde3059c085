"""The lists of a page as they are to be printed: the columns in sight, in their order, with every row under them."""

from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop.documents.listing import Listing, listing_pdf
from desktop.documents.page_setup import PageSetup
from desktop.domain.cell import masked
from desktop.ui.context import Context
from desktop.ui.printing.work import PrintWork
from desktop.ui.widgets.columns import Align, Column
from desktop.ui.widgets.filter_bar import FilterBar
from desktop.ui.widgets.obligation_list import DueRow, ObligationList
from desktop.ui.widgets.page import Page
from desktop.ui.widgets.paged_table import Table

LANDSCAPE_FROM = 6  # columns
DUE_HEADS = ("企业", "事项", "期限", "剩余", "人员", "下一步")


def work_of(page: Page, context: Context) -> PrintWork | None:
    """What Ctrl+P prints: what the page says itself, else the largest list in sight; None when there is nothing."""
    own = page.print_work()
    if own is not None:
        return own
    lists = [found for kind in (Table, ObligationList) for found in page.findChildren(kind) if found.isVisible()]
    if not lists:
        return None
    return list_work(max(lists, key=lambda found: found.width() * found.height()), page, context)


def list_work(shown: QWidget, page: Page, context: Context) -> PrintWork | None:
    """A list with its filters told above it; None when it is empty."""
    made = _due_list(shown) if isinstance(shown, ObligationList) else _table(shown)
    if made is None:
        return None
    headers, rows, numeric, count = made
    title = "　".join(part for part in (_office(context), _title(shown, page)) if part)
    note = "　".join([f"共 {count:,} 条", *_filters(page)])
    listing = Listing(title, note, headers, rows, numeric, _office(context), context.services.clock.today())
    setup = PageSetup(is_landscape=len(headers) >= LANDSCAPE_FROM)
    return PrintWork(shown.objectName(), title, partial(listing_pdf, listing), setup)


Rows = tuple[tuple[str, ...], tuple[tuple[str, ...], ...], frozenset[int], int]
"""Heads, rows, which columns stand right, and how many things the rows tell of."""


def _table(shown: Any) -> Rows | None:
    columns, model = shown.shown_columns(), shown.table_model()
    found = (model.row_at(place) for place in range(model.rowCount()))
    rows = tuple(tuple(_printed(column, row) for column in columns) for row in found if row is not None)
    numeric = frozenset(place for place, column in enumerate(columns) if column.align is Align.RIGHT)
    return (tuple(column.title for column in columns), rows, numeric, len(rows)) if rows else None


def _printed(column: Column[Any], row: Any) -> str:
    """Whoever finds a sheet of paper must not find telephone numbers on it."""
    return masked(column.text(row)) if column.is_personal else column.text(row)


def _due_list(shown: ObligationList) -> Rows | None:
    """The groups as heads over their rows."""
    entries = [shown.grouped.entry(place) for place in range(shown.grouped.rowCount())]
    rows = tuple(_due(entry) if isinstance(entry, DueRow) else (entry.words,) for entry in entries)
    count = sum(entry.count for entry in entries if isinstance(entry, DueRow))
    return (DUE_HEADS, rows, frozenset(), count) if rows else None


def _due(due: DueRow) -> tuple[str, ...]:
    count = f"（{due.count} 项）" if due.count > 1 and str(due.count) not in due.title else ""
    return due.enterprise, due.title + count, due.due, due.days, due.officer, due.step


def _office(context: Context) -> str:
    offices = context.services.offices
    return offices.detail().name if offices.exists() else ""


def _title(shown: QWidget, page: Page) -> str:
    """The accessible name of a list where it has one that says more than the page's title."""
    name = shown.accessibleName()
    return name if name and not isinstance(shown, ObligationList) else page.TITLE


def _filters(page: Page) -> list[str]:
    """The words typed and the values picked above the list."""
    return [words for bar in page.findChildren(FilterBar) if bar.isVisible() for words in bar.said()]
