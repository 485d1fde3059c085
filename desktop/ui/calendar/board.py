"""A board of days: rows of seven cells with entries in them; a movable entry is dragged, or moved by the keyboard.

A month is a board of weeks; a week by officer is a board with one row an officer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QEvent, QMimeData, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QDrag,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QToolTip, QWidget

from desktop import text
from desktop.ui import theme
from desktop.ui.theme import Meaning

MIME = "application/x-townsafe-entry"
HEAD, SIDE, LINE = 28, 92, 22
REST = 40  # where the head of a day tells what is left out: behind the number
DAYS = 7


@dataclass(frozen=True, slots=True)
class Entry:
    """Something on a day. Its colour means; a word (`mark`) stands with it."""

    key: str
    title: str
    mark: str
    meaning: Meaning
    is_movable: bool = False
    is_done: bool = False
    tooltip: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of one row. `mark` is 休, 班 or nothing; `is_quiet` for days of another month; `is_full` is tinted."""

    on: date
    title: str
    mark: str = ""
    name: str = ""
    is_off: bool = False
    is_quiet: bool = False
    is_today: bool = False
    is_full: bool = False
    entries: tuple[Entry, ...] = ()

    @property
    def words(self) -> str:
        """The day as a screen reader says it."""
        parts = [text.day(self.on), self.mark, self.name, f"{len(self.entries)} 项"]
        return "，".join(
            [*(part for part in parts if part), *(f"{entry.mark} {entry.title}".strip() for entry in self.entries)]
        )


@dataclass(frozen=True, slots=True)
class BoardRow:
    """Seven cells; a title stands before them on a board by officer. `owner` says whose row it is."""

    cells: tuple[Cell, ...]
    title: str = ""
    note: str = ""
    owner: int | None = None


class DayBoard(QWidget):
    """Shows rows of days. Arrows go from day to day, Space from entry to entry, Enter opens, Alt+arrow moves a day."""

    moved = Signal(str, object, object)
    """The key of an entry, the day it goes to, whose row it is dropped in."""
    opened = Signal(str)
    day_opened = Signal(object)

    def __init__(self, name: str = "dayBoard", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName("日历")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._rows: tuple[BoardRow, ...] = ()
        self._row, self._column, self._entry = 0, 0, -1
        self._pressed: tuple[QPoint, Entry] | None = None
        self._target: tuple[int, int] | None = None

    # ---- what it shows -------------------------------------------------------------------------------------

    def set_rows(self, rows: Sequence[BoardRow]) -> None:
        """Show other days; the day that had the focus keeps it where it is still there."""
        former = self.current_day
        self._rows = tuple(rows)
        self._row, self._column, self._entry = 0, 0, -1
        wanted = former or date.today()
        for number, row in enumerate(self._rows):
            for place, cell in enumerate(row.cells):
                if cell.on == wanted or (cell.is_today and former is None):
                    self._row, self._column = number, place
        self._tell()
        self.update()

    @property
    def rows(self) -> tuple[BoardRow, ...]:
        """The rows shown."""
        return self._rows

    @property
    def current_cell(self) -> Cell | None:
        """The day that has the focus."""
        return self._rows[self._row].cells[self._column] if self._rows else None

    @property
    def current_day(self) -> date | None:
        """Its date."""
        cell = self.current_cell
        return None if cell is None else cell.on

    def choose(self, on: date) -> None:
        """Put the focus on a day."""
        for number, row in enumerate(self._rows):
            for place, cell in enumerate(row.cells):
                if cell.on == on:
                    self._row, self._column, self._entry = number, place, -1
        self._tell()
        self.update()

    def _tell(self) -> None:
        cell = self.current_cell
        self.setAccessibleDescription(cell.words if cell is not None else "")

    def sizeHint(self) -> QSize:
        """As large as there is room for."""
        return QSize(theme.size(760), theme.size(480))

    # ---- places --------------------------------------------------------------------------------------------

    @property
    def _side(self) -> int:
        return theme.size(SIDE) if any(row.title for row in self._rows) else 0

    @property
    def _first_line(self) -> int:
        """Where entries begin: under the number of the day, which a board by officer has in its head."""
        return theme.size(4 if self._side else 24)

    def _cell_rect(self, row: int, column: int) -> QRect:
        left, top = self._side, theme.size(HEAD)
        width, height = (self.width() - left) / DAYS, (self.height() - top) / max(len(self._rows), 1)
        x, y = round(left + width * column), round(top + height * row)
        return QRect(x, y, round(left + width * (column + 1)) - x, round(top + height * (row + 1)) - y)

    def _cell_at(self, where: QPoint) -> tuple[int, int] | None:
        for row in range(len(self._rows)):
            for column in range(DAYS):
                if self._cell_rect(row, column).contains(where):
                    return row, column
        return None

    def _entry_rect(self, cell: QRect, place: int) -> QRect:
        top = cell.top() + self._first_line + theme.size(LINE) * place
        return QRect(cell.left() + theme.size(3), top, cell.width() - theme.size(6), theme.size(LINE - 2))

    def _shown(self, cell: QRect, count: int) -> int:
        """How many entries fit. Where there are more, the last line tells how many; in a low cell the head of the day does."""
        room = self._room(cell)
        return count if count <= room else room if self._is_low(cell) else max(room - 1, 0)

    def _room(self, cell: QRect) -> int:
        return max((cell.height() - self._first_line - 2) // theme.size(LINE), 0)

    def _is_low(self, cell: QRect) -> bool:
        """Whether a line for what is left out would take the place of half the entries."""
        return not self._side and self._room(cell) <= 2

    def entry_at(self, where: QPoint) -> Entry | None:
        """The entry under a point."""
        found = self._cell_at(where)
        if found is None:
            return None
        rect, cell = self._cell_rect(*found), self._rows[found[0]].cells[found[1]]
        for place in range(self._shown(rect, len(cell.entries))):
            if self._entry_rect(rect, place).contains(where):
                return cell.entries[place]
        return None

    def rect_of(self, key: str) -> QRect:
        """Where an entry is drawn; empty when it is not in sight."""
        for number, row in enumerate(self._rows):
            for column, cell in enumerate(row.cells):
                rect = self._cell_rect(number, column)
                for place in range(self._shown(rect, len(cell.entries))):
                    if cell.entries[place].key == key:
                        return self._entry_rect(rect, place)
        return QRect()

    def rect_of_day(self, on: date) -> QRect:
        """Where a day is drawn."""
        for number, row in enumerate(self._rows):
            for column, cell in enumerate(row.cells):
                if cell.on == on:
                    return self._cell_rect(number, column)
        return QRect()

    # ---- painting ------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Heads, grounds, entries, focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_heads(painter)
        for number, row in enumerate(self._rows):
            if row.title:
                self._paint_side(painter, number, row)
            for column, cell in enumerate(row.cells):
                self._paint_cell(painter, number, column, cell)

    def _paint_heads(self, painter: QPainter) -> None:
        painter.setFont(theme.font(theme.QUIET_PT))
        painter.setPen(theme.colour(Meaning.QUIET))
        for column in range(DAYS):
            rect = self._cell_rect(0, column) if self._rows else QRect()
            head = QRect(rect.left(), 0, rect.width(), theme.size(HEAD))
            words = f"周{text.WEEKDAYS[column]}"
            if self._rows and self._side:
                words = f"{words} {self._rows[0].cells[column].title}"
            painter.drawText(head, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_side(self, painter: QPainter, number: int, row: BoardRow) -> None:
        rect = self._cell_rect(number, 0)
        box = QRect(0, rect.top() + theme.size(6), self._side - theme.size(8), theme.size(20))
        painter.setFont(theme.font(theme.BODY_PT))
        painter.setPen(theme.colour(Meaning.TEXT))
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft, row.title)
        painter.setFont(theme.font(theme.QUIET_PT))
        painter.setPen(theme.colour(Meaning.QUIET))
        painter.drawText(box.translated(0, theme.size(20)), Qt.AlignmentFlag.AlignLeft, row.note)

    def _paint_cell(self, painter: QPainter, row: int, column: int, cell: Cell) -> None:
        rect = self._cell_rect(row, column)
        ground = theme.token("window") if cell.is_off or cell.is_quiet else theme.token("surface")
        if cell.is_full:
            ground = theme.mix(theme.token("surface"), theme.colour(Meaning.DUE_SOON), 0.14)
        if self._target == (row, column):
            ground = theme.mix(theme.token("surface"), theme.colour(Meaning.ACCENT), 0.2)
        painter.fillRect(rect, ground)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.token("line"), 1))
        painter.drawRect(rect)
        if not self._side:
            self._paint_day(painter, rect, cell)
        elif cell.mark:
            self._paint_mark(painter, rect, cell)
        self._paint_entries(painter, rect, cell, (row, column) == (self._row, self._column))
        if self.hasFocus() and (row, column) == (self._row, self._column):
            painter.setPen(QPen(theme.colour(Meaning.ACCENT), theme.size(2)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(1, 1, -1, -1))

    def _paint_day(self, painter: QPainter, rect: QRect, cell: Cell) -> None:
        painter.setFont(theme.font(theme.BODY_PT))
        box = rect.adjusted(theme.size(6), theme.size(3), -theme.size(6), 0)
        meaning = Meaning.QUIET if cell.is_quiet or cell.is_off else Meaning.TEXT
        if cell.is_today:
            width = painter.fontMetrics().horizontalAdvance(cell.title) + theme.size(12)
            pill = QRectF(rect.left() + theme.size(3), rect.top() + theme.size(3), width, theme.size(20))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(Meaning.ACCENT))
            painter.drawRoundedRect(pill, theme.size(10), theme.size(10))
            meaning = Meaning.ON_ACCENT
        painter.setPen(theme.colour(meaning))
        painter.drawText(box.adjusted(theme.size(3), 0, 0, 0), Qt.AlignmentFlag.AlignLeft, cell.title)
        if cell.mark:
            self._paint_mark(painter, rect, cell)

    def _paint_mark(self, painter: QPainter, rect: QRect, cell: Cell) -> None:
        painter.setFont(theme.font(theme.QUIET_PT))
        box = rect.adjusted(0, theme.size(4), -theme.size(6), 0)
        painter.setPen(theme.ink(Meaning.DONE if cell.mark == "休" else Meaning.DUE_SOON))
        words = f"{cell.name} {cell.mark}".strip()
        is_shared = self._is_low(rect) and len(cell.entries) > self._room(rect)
        room = max(rect.width() - theme.size(REST + 48 if is_shared else REST), theme.size(16))
        shown = words if painter.fontMetrics().horizontalAdvance(words) <= room else cell.mark
        painter.drawText(box, Qt.AlignmentFlag.AlignRight, shown)

    def _paint_entries(self, painter: QPainter, rect: QRect, cell: Cell, is_current: bool) -> None:
        painter.setFont(theme.font(theme.QUIET_PT))
        shown = self._shown(rect, len(cell.entries))
        for place in range(shown):
            self._paint_entry(
                painter, self._entry_rect(rect, place), cell.entries[place], is_current and place == self._entry
            )
        rest = len(cell.entries) - shown
        if not rest:
            return
        painter.setPen(theme.colour(Meaning.QUIET))
        if self._is_low(rect):
            box = rect.adjusted(theme.size(REST), theme.size(5), 0, 0)
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft, f"另 {rest} 项" if shown else f"{rest} 项")
        else:
            box = self._entry_rect(rect, shown).adjusted(theme.size(4), 0, 0, 0)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, f"还有 {rest} 项…")

    def _paint_entry(self, painter: QPainter, rect: QRect, entry: Entry, is_current: bool) -> None:
        ink = theme.ink(Meaning.QUIET if entry.is_done else entry.meaning)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(
            theme.mix(theme.token("surface"), theme.colour(entry.meaning), 0.06 if entry.is_done else 0.13)
        )
        painter.drawRoundedRect(QRectF(rect), theme.size(3), theme.size(3))
        painter.setBrush(theme.colour(Meaning.QUIET if entry.is_done else entry.meaning))
        painter.drawRect(rect.left(), rect.top() + theme.size(3), theme.size(3), rect.height() - theme.size(6))
        if is_current:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour(Meaning.ACCENT), 1))
            painter.drawRoundedRect(QRectF(rect), theme.size(3), theme.size(3))
        painter.setPen(ink)
        box = rect.adjusted(theme.size(7), 0, -theme.size(3), 0)
        words = f"{entry.mark} {entry.title}"
        cut = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, cut)

    # ---- mouse ---------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the focus to the day, and perhaps an entry in hand."""
        where = event.position().toPoint()
        found = self._cell_at(where)
        if found is not None:
            self._row, self._column = found
            entry, cell = self.entry_at(where), self._rows[found[0]].cells[found[1]]
            self._entry = cell.entries.index(entry) if entry is not None else -1
            self._pressed = (where, entry) if entry is not None else None
            self._tell()
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Begin to drag."""
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        start, entry = self._pressed
        if (event.position().toPoint() - start).manhattanLength() < QApplication.startDragDistance():
            return
        self._pressed = None
        if entry.is_movable:
            drag = QDrag(self)
            drag.setMimeData(entry_mime(entry.key))
            drag.exec(Qt.DropAction.MoveAction)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Nothing is in hand any more."""
        self._pressed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the entry, or the day."""
        entry = self.entry_at(event.position().toPoint())
        if entry is not None:
            self.opened.emit(entry.key)
        elif (day := self.current_day) is not None:
            self.day_opened.emit(day)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Entries only."""
        if event.mimeData().hasFormat(MIME):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show where it would go."""
        self._target = self._cell_at(event.position().toPoint())
        event.accept() if self._target is not None else event.ignore()
        self.update()

    def dragLeaveEvent(self, _event: QEvent) -> None:
        """It went elsewhere."""
        self._target = None
        self.update()

    def dropEvent(self, event: QDropEvent) -> None:
        """Say where it was dropped."""
        found, self._target = self._cell_at(event.position().toPoint()), None
        if found is not None:
            row = self._rows[found[0]]
            key = bytes(event.mimeData().data(MIME).data()).decode("ascii")
            event.acceptProposedAction()
            self.moved.emit(key, row.cells[found[1]].on, row.owner)
        self.update()

    def event(self, event: QEvent) -> bool:
        """The tooltip of an entry or a day."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            entry, found = self.entry_at(event.pos()), self._cell_at(event.pos())
            cell = self._rows[found[0]].cells[found[1]] if found else None
            words = entry.tooltip if entry is not None else cell.words if cell is not None else ""
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    # ---- keyboard ------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Space, Enter, and Alt+arrows that move what is chosen."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._move_entry(step)
        elif step is not None:
            self._go(step)
        elif event.key() == Qt.Key.Key_Space:
            self._next_entry()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open_current()
        else:
            super().keyPressEvent(event)

    def _go(self, step: tuple[int, int]) -> None:
        place = self._row * DAYS + self._column + step[0] * DAYS + step[1]
        if 0 <= place < len(self._rows) * DAYS:
            self._row, self._column = divmod(place, DAYS)
            self._entry = -1
            self._tell()
            self.update()

    def _next_entry(self) -> None:
        cell = self.current_cell
        if cell is not None and cell.entries:
            self._entry = (self._entry + 1) % len(cell.entries)
            self.setAccessibleDescription(cell.entries[self._entry].tooltip)
            self.update()

    @property
    def current_entry(self) -> Entry | None:
        """The entry chosen."""
        cell = self.current_cell
        return cell.entries[self._entry] if cell is not None and 0 <= self._entry < len(cell.entries) else None

    def _open_current(self) -> None:
        if (entry := self.current_entry) is not None:
            self.opened.emit(entry.key)
        elif (day := self.current_day) is not None:
            self.day_opened.emit(day)

    def _move_entry(self, step: tuple[int, int]) -> None:
        entry, cell = self.current_entry, self.current_cell
        if entry is not None and cell is not None and entry.is_movable:
            days = step[1] + (step[0] * DAYS if not self._side else 0)
            wanted = date.fromordinal(cell.on.toordinal() + days)
            self.moved.emit(entry.key, wanted, self._rows[self._row].owner)


_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


def entry_mime(key: str) -> QMimeData:
    """An entry on its way."""
    data = QMimeData()
    data.setData(MIME, key.encode("ascii"))
    return data
