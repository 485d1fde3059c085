"""A month, or a week by officer, on a sheet for the wall: seven columns, every entry in its day."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from desktop.documents import fonts
from desktop.documents.blocks import Made
from desktop.documents.fonts import Role
from desktop.documents.page_setup import MM, PageSetup, paged_canvas

DAYS = 7
TITLE_ROOM, HEAD_ROOM, SIDE_ROOM = 12 * MM, 7 * MM, 22 * MM
ROWS_A_PAGE = 10
PADDING = 1.4 * MM


@dataclass(frozen=True, slots=True)
class DayBox:
    """One day. `mark` is 休, 班 with the holiday's name; a quiet one belongs to another month."""

    title: str
    mark: str = ""
    is_off: bool = False
    is_quiet: bool = False
    entries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetRow:
    """Seven days; `title` stands before them on a sheet by officer."""

    days: tuple[DayBox, ...]
    title: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class CalendarSheet:
    """What is printed; `heads` are the seven columns."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    office: str
    on: date


def calendar_pdf(sheet: CalendarSheet, setup: PageSetup) -> Made:
    """The sheet as a PDF file; more than ten rows go on to further pages, as many on each."""
    target = io.BytesIO()
    with fonts.LOCK:
        for name in fonts.font_files():
            fonts.registered(name)
        canvas = paged_canvas(setup, sheet.office, sheet.on)(
            target, pagesize=setup.sheet, invariant=1, pageCompression=1
        )
        canvas.setTitle(sheet.title)
        canvas.setAuthor(sheet.office)
        canvas.setCreator("TownSafe")
        for rows in _by_page(sheet.rows):
            _Page(canvas, sheet, setup).draw(rows)
            canvas.showPage()
        canvas.save()
    return Made(target.getvalue(), fonts.undrawable(_texts(sheet)))


def _by_page(rows: Sequence[SheetRow]) -> Iterator[Sequence[SheetRow]]:
    pages = max(-(-len(rows) // ROWS_A_PAGE), 1)
    each = -(-len(rows) // pages)
    for number in range(pages):
        yield rows[number * each : (number + 1) * each]


def _texts(sheet: CalendarSheet) -> Iterator[str]:
    yield from (sheet.title, *sheet.heads)
    for row in sheet.rows:
        yield from (row.title, row.note)
        for day in row.days:
            yield from (day.title, day.mark, *day.entries)


class _Page:
    """One page under the pen. Type grows with the sheet: A3 hangs on the wall."""

    def __init__(self, canvas: Any, sheet: CalendarSheet, setup: PageSetup) -> None:
        self._pen = canvas
        self._sheet = sheet
        self._left, self._bottom, self._wide, self._tall = setup.frame
        self._size = 8.0 if setup.sheet[0] < 900 else 10.5
        self._line = self._size * 1.35

    def draw(self, rows: Sequence[SheetRow]) -> None:
        """Title, heads, rows."""
        top = self._bottom + self._tall
        self._words(self._left, top - 8 * MM, self._sheet.title, Role.TITLE, 16)
        top -= TITLE_ROOM
        side = SIDE_ROOM if any(row.title for row in rows) else 0.0
        wide = (self._wide - side) / DAYS
        for place, head in enumerate(self._sheet.heads):
            self._centred(self._left + side + wide * (place + 0.5), top - 5 * MM, head)
        top -= HEAD_ROOM
        tall = (top - self._bottom) / max(len(rows), 1)
        for number, row in enumerate(rows):
            below = top - tall * (number + 1)
            if side:
                self._side(row, below + tall)
            for place, day in enumerate(row.days):
                self._day(day, self._left + side + wide * place, below, wide, tall)

    def _side(self, row: SheetRow, top: float) -> None:
        self._words(self._left, top - self._line, row.title, Role.HEADING, self._size + 1)
        self._words(self._left, top - 2.2 * self._line, row.note, Role.BODY, self._size, 0.4)

    def _day(self, day: DayBox, left: float, bottom: float, wide: float, tall: float) -> None:
        pen = self._pen
        pen.setStrokeGray(0.6)
        pen.setLineWidth(0.5)
        pen.setFillGray(0.95 if day.is_off or day.is_quiet else 1)
        pen.rect(left, bottom, wide, tall, stroke=1, fill=1)
        top = bottom + tall - PADDING - self._size
        shade = 0.5 if day.is_quiet else 0.0
        if day.title:
            self._words(left + PADDING, top, day.title, Role.HEADING, self._size + 1, shade)
        if day.mark:
            room = wide - 2 * PADDING - self._size * 2
            self._right(left + wide - PADDING, top, _cut(day.mark, Role.BODY, self._size, room))
        first = top - self._line if day.title or day.mark else top
        self._entries(day.entries, left + PADDING, first, wide - 2 * PADDING, bottom + PADDING, shade)

    def _entries(
        self, entries: Sequence[str], left: float, top: float, room: float, bottom: float, shade: float
    ) -> None:
        """As many as there is room for; the last line tells how many more there are."""
        fit = max(int((top - bottom) / self._line) + 1, 1)
        shown = entries if len(entries) <= fit else entries[: fit - 1]
        for place, entry in enumerate(shown):
            words = _cut(entry, Role.BODY, self._size, room)
            self._words(left, top - place * self._line, words, Role.BODY, self._size, shade)
        if len(shown) < len(entries):
            rest = f"还有 {len(entries) - len(shown)} 项…"
            self._words(left, top - len(shown) * self._line, rest, Role.BODY, self._size, 0.4)

    def _words(self, left: float, base: float, words: str, role: Role, size: float, shade: float = 0.0) -> None:
        self._pen.setFillGray(shade)
        for run in fonts.runs(words, role)[0]:
            self._pen.setFont(run.font, size)
            self._pen.drawString(left, base, run.text)
            left += self._pen.stringWidth(run.text, run.font, size)

    def _right(self, right: float, base: float, words: str) -> None:
        self._words(right - _wide(words, Role.BODY, self._size), base, words, Role.BODY, self._size, 0.25)

    def _centred(self, middle: float, base: float, words: str) -> None:
        size = self._size + 1
        self._words(middle - _wide(words, Role.HEADING, size) / 2, base, words, Role.HEADING, size)


def _wide(words: str, role: Role, size: float) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return float(sum(stringWidth(run.text, run.font, size) for run in fonts.runs(words, role)[0]))


def _cut(words: str, role: Role, size: float, room: float) -> str:
    """The words, or as many as fit with … behind them."""
    if _wide(words, role, size) <= room:
        return words
    while words and _wide(words + "…", role, size) > room:
        words = words[:-1]
    return words + "…"
