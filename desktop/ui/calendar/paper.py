"""A board of days as a sheet of paper."""

from collections.abc import Sequence
from functools import partial

from desktop.documents.calendar_sheet import CalendarSheet, DayBox, SheetRow, calendar_pdf
from desktop.documents.page_setup import Margin, PageSetup
from desktop.ui.calendar.board import BoardRow, Cell
from desktop.ui.context import Context
from desktop.ui.printing.work import PrintWork


def board_work(context: Context, title: str, heads: Sequence[str], rows: Sequence[BoardRow]) -> PrintWork:
    """What is on the board, every entry of a day and not only those in sight; A4 across, or A3 when chosen."""
    offices = context.services.offices
    office = offices.detail().name if offices.exists() else ""
    sheet = CalendarSheet(
        f"{office}　{title}" if office else title,
        tuple(heads),
        tuple(_row(row) for row in rows),
        office,
        context.services.clock.today(),
    )
    setup = PageSetup(is_landscape=True, margin=Margin.NARROW)
    return PrintWork("calendar", sheet.title, partial(calendar_pdf, sheet), setup)


def _row(row: BoardRow) -> SheetRow:
    return SheetRow(tuple(_box(cell, bool(row.title)) for cell in row.cells), row.title, row.note)


def _box(cell: Cell, is_by_officer: bool) -> DayBox:
    """On a sheet by officer the number of the day stands in the head of its column."""
    mark = f"{cell.name} {cell.mark}".strip()
    entries = tuple(f"{entry.mark} {entry.title}".strip() for entry in cell.entries)
    return DayBox("" if is_by_officer else cell.title, mark, cell.is_off, cell.is_quiet, entries)
