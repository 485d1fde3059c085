"""The calendar: a month with names in its cells, a week by officer, an agenda. Plain values in; a drag says `moved`.

Which days can take an item is for the service to say afterwards: the grid shows what is, and asks for what is wanted.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QDrag,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QFont,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QApplication, QMenu, QSizePolicy, QStyleOptionViewItem, QToolTip, QWidget

from desktop import text
from desktop.ui import theme
from desktop.ui.theme import Meaning
from desktop.ui.widgets.grouped_list import GroupedDelegate, GroupedList, Heading, draw_words
from desktop.ui.widgets.pills import SHAPES, Shape, draw_shape

ITEM_MIME = "application/x-townsafe-calendar-item"
"""What a drag carries: the item's id as digits. A pool of unscheduled work drags the same."""


@dataclass(frozen=True, slots=True)
class CalendarItem:
    """Something on a day. `officer` is the row of the week it stands in."""

    id: int
    on: date
    title: str
    subtitle: str = ""
    meaning: Meaning = Meaning.INFORMATION
    draggable: bool = True
    officer: int | None = None

    @property
    def words(self) -> str:
        """As a screen reader or a tooltip says it."""
        return f"{self.title}，{self.subtitle}" if self.subtitle else self.title


@dataclass(frozen=True, slots=True)
class DayMark:
    """What is said of a day: `休` or `班`, the holiday's name, whether it holds more than can be done."""

    mark: str = ""
    name: str = ""
    is_off: bool = False
    is_over: bool = False
    note: str = ""


@dataclass(slots=True)
class _Cell:
    on: date
    row: int | None
    box: QRect
    items: list[CalendarItem] = field(default_factory=list)


def item_mime(item_id: int) -> QMimeData:
    """What a drag of an item carries."""
    mime = QMimeData()
    mime.setData(ITEM_MIME, str(item_id).encode())
    return mime


class DayGrid(QWidget):
    """Cells of days with items in them: what the month and the week have in common.

    Arrows choose a day, Enter lists its items, Alt+arrows move the only or chosen item to the neighbouring day.
    """

    moved = Signal(int, date)
    """An item was dropped on another day: its id and the day wanted."""
    item_activated = Signal(int)
    day_activated = Signal(date)
    """A double click on the free ground of a day: something new is wanted there."""
    day_chosen = Signal(date)

    def __init__(self, name: str, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(theme.size(480), theme.size(320))
        self.today = today
        self.chosen_on = today
        self._items: tuple[CalendarItem, ...] = ()
        self._marks: Mapping[date, DayMark] = {}
        self._chosen_item: int | None = None
        self._pressed: tuple[QPoint, CalendarItem] | None = None
        self._target: _Cell | None = None

    # ---- what it shows

    def show_items(self, items: Sequence[CalendarItem], marks: Mapping[date, DayMark] | None = None) -> None:
        """Show these, with what is said of the days."""
        self._items = tuple(items)
        self._marks = dict(marks or {})
        if self._chosen_item not in {item.id for item in self._items}:
            self._chosen_item = None
        self._describe()
        self.update()

    def choose_day(self, on: date) -> None:
        """Put the focus of the grid on a day."""
        self.chosen_on = on
        self._chosen_item = None
        self._describe()
        self.day_chosen.emit(on)
        self.update()

    def items_on(self, on: date) -> list[CalendarItem]:
        """The items of a day, in the order given."""
        return [item for item in self._items if item.on == on]

    def _describe(self) -> None:
        mark = self._marks.get(self.chosen_on, DayMark())
        items = "；".join(item.words for item in self.items_on(self.chosen_on)) or "没有安排"
        self.setAccessibleName(f"{text.day(self.chosen_on)}{mark.mark} {mark.name}：{items}")

    # ---- geometry, for a subclass

    def cells(self) -> list[_Cell]:
        """All cells with their boxes; items are put into them here."""
        raise NotImplementedError

    def filled_cells(self) -> list[_Cell]:
        """The cells with their items."""
        cells = self.cells()
        places = {(cell.on, cell.row): cell for cell in cells}
        has_rows = any(cell.row is not None for cell in cells)
        for item in self._items:
            if (cell := places.get((item.on, item.officer if has_rows else None))) is not None:
                cell.items.append(item)
        return cells

    def _head(self) -> int:
        """The room of a cell above its items."""
        return theme.size(24)

    def item_boxes(self, cell: _Cell) -> list[tuple[CalendarItem, QRect]]:
        """The items of a cell that fit, and their boxes; the last line says how many more there are."""
        line, head = theme.size(22), self._head()
        room = max(0, (cell.box.height() - head - theme.size(2)) // line)
        shown = cell.items if len(cell.items) <= room else cell.items[:max(0, room - 1)]
        return [(item, QRect(cell.box.left() + 3, cell.box.top() + head + number * line, cell.box.width() - 6, line - 2))
                for number, item in enumerate(shown)]

    def cell_at(self, where: QPoint) -> _Cell | None:
        """The cell under a point."""
        return next((cell for cell in self.filled_cells() if cell.box.contains(where)), None)

    def item_at(self, where: QPoint) -> CalendarItem | None:
        """The item under a point."""
        cell = self.cell_at(where)
        return next((item for item, box in self.item_boxes(cell) if box.contains(where)), None) if cell else None

    def box_of(self, item_id: int) -> QRect:
        """Where an item is drawn; empty when there is no room for it."""
        boxes = ((item, box) for cell in self.filled_cells() for item, box in self.item_boxes(cell))
        return next((box for item, box in boxes if item.id == item_id), QRect())

    def box_of_day(self, on: date) -> QRect:
        """Where a day is drawn."""
        return next((cell.box for cell in self.cells() if cell.on == on), QRect())

    # ---- painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Heads, cells, items."""
        with QPainter(self) as painter:
            self.paint_heads(painter)
            for cell in self.filled_cells():
                self._paint_cell(painter, cell)

    def paint_heads(self, painter: QPainter) -> None:
        """What stands above and beside the cells."""
        raise NotImplementedError

    def is_quiet(self, _on: date) -> bool:
        """Whether a day stands back, as one of the neighbouring month does."""
        return False

    def _paint_cell(self, painter: QPainter, cell: _Cell) -> None:
        painter.save()
        painter.setClipRect(cell.box)
        mark = self._marks.get(cell.on, DayMark(is_off=cell.on.weekday() > 4))
        painter.fillRect(cell.box, self._ground(cell, mark))
        painter.setPen(theme.token("line"))
        painter.drawRect(cell.box.adjusted(0, 0, 0, 0))
        self.paint_cell_head(painter, cell, mark)
        shown = self.item_boxes(cell)
        for item, box in shown:
            self._paint_item(painter, item, box)
        if (more := len(cell.items) - len(shown)) > 0:
            self._paint_more(painter, cell, more, len(shown))
        if self.hasFocus() and cell.on == self.chosen_on and cell.row in (None, self.chosen_row()):
            painter.setPen(QPen(theme.colour(Meaning.ACCENT), 2))
            painter.drawRect(cell.box.adjusted(1, 1, -1, -1))
        painter.restore()

    def chosen_row(self) -> int | None:
        """The row the focus is in; a month has none."""
        return None

    def _ground(self, cell: _Cell, mark: DayMark) -> Any:
        if self._target is not None and (self._target.on, self._target.row) == (cell.on, cell.row):
            return theme.token("selected")
        if mark.is_over:
            return theme.tint(Meaning.DUE_SOON)
        return theme.token("weekend" if mark.is_off else "surface")

    def paint_cell_head(self, painter: QPainter, cell: _Cell, mark: DayMark) -> None:
        """What a cell says of its day."""
        raise NotImplementedError

    def paint_day(self, painter: QPainter, box: QRect, on: date, mark: DayMark, words: str) -> None:
        """The number of a day, today's in a disc, then 休 or 班 and the holiday's name; 超 where it is too much."""
        disc = QRectF(box.left() + theme.size(3), box.top() + theme.size(2), theme.size(20), theme.size(20))
        painter.setFont(theme.font(theme.QUIET_PT, is_bold=on == self.today))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if on == self.today:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(Meaning.ACCENT))
            painter.drawEllipse(disc)
        shade = Meaning.ON_ACCENT if on == self.today else Meaning.QUIET if self.is_quiet(on) else Meaning.TEXT
        painter.setPen(theme.colour(shade))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, words)
        painter.setFont(theme.font(theme.QUIET_PT))
        rest = QRect(round(disc.right()) + theme.size(4), box.top(), box.right() - round(disc.right()) - theme.size(8), theme.size(24))
        if mark.mark or mark.name:
            draw_words(painter, rest, f"{mark.mark} {mark.name}".strip(), Meaning.DONE if mark.is_off else Meaning.DUE_SOON)
        if mark.is_over:
            draw_words(painter, rest, "超量", Meaning.DUE_SOON, Qt.AlignmentFlag.AlignRight)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_item(self, painter: QPainter, item: CalendarItem, box: QRect) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_chosen = item.id == self._chosen_item
        painter.setPen(QPen(theme.colour(Meaning.ACCENT), 1.5) if is_chosen else Qt.PenStyle.NoPen)
        painter.setBrush(theme.tint(item.meaning))
        painter.drawRoundedRect(QRectF(box), 4, 4)
        edge = theme.size(8)
        glyph = QRectF(box.left() + theme.size(5), box.center().y() - edge / 2 + 1, edge, edge)
        draw_shape(painter, SHAPES.get(item.meaning, Shape.DASH), glyph, theme.colour(item.meaning))
        painter.setFont(theme.font(theme.QUIET_PT))
        words = box.adjusted(theme.size(18), 0, -theme.size(4), 0)
        painter.setPen(theme.ink(item.meaning))
        shown = painter.fontMetrics().elidedText(item.title, Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, shown)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_more(self, painter: QPainter, cell: _Cell, more: int, shown: int) -> None:
        line = theme.size(22)
        box = QRect(cell.box.left() + theme.size(8), cell.box.top() + self._head() + shown * line, cell.box.width() - theme.size(12), line - 2)
        painter.setFont(theme.font(theme.QUIET_PT))
        draw_words(painter, box, f"还有 {more} 项", Meaning.QUIET)

    # ---- mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the day and the item; a drag may follow."""
        where = event.position().toPoint()
        cell, item = self.cell_at(where), self.item_at(where)
        self._pressed = (where, item) if item is not None and event.button() is Qt.MouseButton.LeftButton else None
        if cell is not None:
            self.take_row(cell.row)
            self.choose_day(cell.on)
            self._chosen_item = item.id if item else None

    def take_row(self, row: int | None) -> None:
        """The row that was clicked, for a grid that has rows."""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Far enough from the press, a drag begins."""
        if self._pressed is None or not self._pressed[1].draggable:
            return
        if (event.position().toPoint() - self._pressed[0]).manhattanLength() >= QApplication.startDragDistance():
            item = self._pressed[1]
            self._pressed = None
            drag = QDrag(self)
            drag.setMimeData(item_mime(item.id))
            drag.exec(Qt.DropAction.MoveAction)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press that did not become a drag is over; on 还有 n 项 it lists the day."""
        self._pressed = None
        where = event.position().toPoint()
        cell = self.cell_at(where)
        if cell is not None and self.item_at(where) is None and len(self.item_boxes(cell)) < len(cell.items) \
                and where.y() > cell.box.top() + self._head() + len(self.item_boxes(cell)) * theme.size(22):
            self.day_menu(cell.on).popup(event.globalPosition().toPoint())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the item, or ask for something new on the day."""
        where = event.position().toPoint()
        item, cell = self.item_at(where), self.cell_at(where)
        if item is not None:
            self.item_activated.emit(item.id)
        elif cell is not None:
            self.day_activated.emit(cell.on)

    def event(self, event: Any) -> bool:
        """Whole words for what may be cut."""
        if isinstance(event, QHelpEvent):
            item, cell = self.item_at(event.pos()), self.cell_at(event.pos())
            said = item.words if item else self._marks.get(cell.on, DayMark()).note if cell else ""
            QToolTip.showText(event.globalPos(), said, self)
            return True
        return super().event(event)

    # ---- drag and drop

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Items only: files go on to the window."""
        if event.mimeData().hasFormat(ITEM_MIME):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show where it would fall."""
        self._target = self.cell_at(event.position().toPoint())
        event.setAccepted(self._target is not None)
        self.update()

    def dragLeaveEvent(self, event: Any) -> None:
        """Forget where it would fall."""
        self._target = None
        self.update()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask for the move; where nothing would change, ask nothing."""
        cell, item_id = self.cell_at(event.position().toPoint()), int(event.mimeData().data(ITEM_MIME).toStdString())
        self._target = None
        self.update()
        if cell is not None:
            event.acceptProposedAction()
            self.drop_on(item_id, cell)

    def drop_on(self, item_id: int, cell: _Cell) -> None:
        """An item was dropped on a cell."""
        former = next((item for item in self._items if item.id == item_id), None)
        if former is None or former.on != cell.on:
            self.moved.emit(item_id, cell.on)

    # ---- keys

    _STEPS: Mapping[Qt.Key, int] = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose a day; with Alt they move the chosen item; Enter lists the day; Space goes through its items."""
        step = self._STEPS.get(Qt.Key(event.key()))
        if step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._move_by_key(step)
        elif step is not None:
            self.choose_day(self.chosen_on + timedelta(days=step))
        elif event.key() == Qt.Key.Key_Home:
            self.choose_day(self.today)
        elif event.key() == Qt.Key.Key_Space:
            self._choose_next_item()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open_by_key()
        else:
            super().keyPressEvent(event)

    def _choose_next_item(self) -> None:
        ids = [item.id for item in self.items_on(self.chosen_on)]
        if ids:
            place = ids.index(self._chosen_item) if self._chosen_item in ids else -1
            self._chosen_item = ids[(place + 1) % len(ids)]
            self.update()

    def _keyed_item(self) -> CalendarItem | None:
        items = self.items_on(self.chosen_on)
        chosen = next((item for item in items if item.id == self._chosen_item), None)
        return chosen or (items[0] if len(items) == 1 else None)

    def _move_by_key(self, step: int) -> None:
        item = self._keyed_item()
        if item is not None and item.draggable:
            self.moved.emit(item.id, item.on + timedelta(days=step))

    def _open_by_key(self) -> None:
        if (item := self._keyed_item()) is not None:
            self.item_activated.emit(item.id)
        elif self.items_on(self.chosen_on):
            box = self.box_of_day(self.chosen_on)
            self.day_menu(self.chosen_on).popup(self.mapToGlobal(box.bottomLeft()))
        else:
            self.day_activated.emit(self.chosen_on)

    def day_menu(self, on: date) -> QMenu:
        """All items of a day, to open one."""
        menu = QMenu(self)
        menu.setObjectName("dayMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addSection(text.day(on))
        for item in self.items_on(on):
            menu.addAction(item.words).triggered.connect(lambda _=False, item_id=item.id: self.item_activated.emit(item_id))
        return menu


class MonthGrid(DayGrid):
    """Six weeks from Monday, around a month. `month_changed` when the chosen day left it."""

    month_changed = Signal(date)
    """The first of the month now shown."""

    def __init__(self, name: str, today: date, parent: QWidget | None = None) -> None:
        super().__init__(name, today, parent)
        self.month = today.replace(day=1)

    @property
    def first_on(self) -> date:
        """The first day shown."""
        return self.month - timedelta(days=self.month.weekday())

    @property
    def week_count(self) -> int:
        """How many weeks the month touches."""
        following = (self.month + timedelta(days=32)).replace(day=1)
        return ((following - self.first_on).days + 6) // 7

    @property
    def last_on(self) -> date:
        """The last day shown."""
        return self.first_on + timedelta(days=7 * self.week_count - 1)

    def show_month(self, month: date) -> None:
        """Go to a month; its items are to be shown next."""
        self.month = month.replace(day=1)
        if self.chosen_on.replace(day=1) != self.month:
            self.chosen_on = self.month
        self.update()
        self.month_changed.emit(self.month)

    def choose_day(self, on: date) -> None:
        """Choose a day, turning the page when it is not shown."""
        super().choose_day(on)
        if not self.first_on <= on <= self.last_on:
            self.show_month(on)

    def is_quiet(self, on: date) -> bool:
        """Days of the neighbouring months stand back."""
        return on.month != self.month.month

    def _top(self) -> int:
        return theme.size(28)

    def cells(self) -> list[_Cell]:
        """Seven to a row, sizes rounded so that no gap opens."""
        count, top = self.week_count, self._top()
        width, height = self.width() - 1, self.height() - 1 - top
        made = []
        for place in range(7 * count):
            week, day = divmod(place, 7)
            box = QRect(QPoint(width * day // 7, top + height * week // count),
                        QPoint(width * (day + 1) // 7 - 1, top + height * (week + 1) // count - 1))
            made.append(_Cell(self.first_on + timedelta(days=place), None, box.adjusted(0, 0, 1, 1)))
        return made

    def paint_heads(self, painter: QPainter) -> None:
        """周一 … 周日."""
        for day in range(7):
            box = QRect(self.width() * day // 7 + theme.size(8), 0, self.width() // 7, self._top())
            draw_words(painter, box, f"周{text.WEEKDAYS[day]}", Meaning.QUIET)

    def paint_cell_head(self, painter: QPainter, cell: _Cell, mark: DayMark) -> None:
        """The number of the day; the first of a month with its month."""
        painter.save()
        self.paint_day(painter, cell.box, cell.on, mark, str(cell.on.day))
        painter.restore()


class WeekGrid(DayGrid):
    """Officers down, seven days across. A drop on another officer says `reassigned` as well as, or instead of, `moved`."""

    reassigned = Signal(int, int, date)
    """The item's id, the officer wanted, the day wanted."""
    NAMES = 88

    def __init__(self, name: str, today: date, parent: QWidget | None = None) -> None:
        super().__init__(name, today, parent)
        self.first_on = today - timedelta(days=today.weekday())
        self._officers: tuple[tuple[int, str, str], ...] = ()
        self._row = 0

    def show_week(self, first_on: date, officers: Sequence[tuple[int, str, str]]) -> None:
        """Show the week of a day for these officers: id, name, and a quiet note such as `5 项 / 上限 6`."""
        self.first_on = first_on - timedelta(days=first_on.weekday())
        self._officers = tuple(officers)
        self._row = min(self._row, max(0, len(self._officers) - 1))
        self.setMinimumHeight(theme.size(36) + len(self._officers) * theme.size(84))
        self.update()

    def chosen_row(self) -> int | None:
        """The officer the focus is on."""
        return self._officers[self._row][0] if self._officers else None

    def take_row(self, row: int | None) -> None:
        """The officer that was clicked."""
        self._row = next((place for place, officer in enumerate(self._officers) if officer[0] == row), self._row)

    def items_on(self, on: date) -> list[CalendarItem]:
        """The items of a day that are the chosen officer's."""
        return [item for item in self._items if item.on == on and item.officer == self.chosen_row()]

    def _head(self) -> int:
        return theme.size(4)

    def _column(self, day: int) -> tuple[int, int]:
        left = theme.size(self.NAMES)
        width = self.width() - 1 - left
        return left + width * day // 7, left + width * (day + 1) // 7

    def cells(self) -> list[_Cell]:
        """A cell for each officer and day."""
        top, count = theme.size(36), max(1, len(self._officers))
        height = self.height() - 1 - top
        made = []
        for place, officer in enumerate(self._officers):
            for day in range(7):
                left, right = self._column(day)
                box = QRect(QPoint(left, top + height * place // count), QPoint(right, top + height * (place + 1) // count))
                made.append(_Cell(self.first_on + timedelta(days=day), officer[0], box))
        return made

    def paint_heads(self, painter: QPainter) -> None:
        """Days across the top, officers down the side."""
        for day in range(7):
            on = self.first_on + timedelta(days=day)
            left, right = self._column(day)
            shade = Meaning.ACCENT if on == self.today else Meaning.QUIET
            mark = self._marks.get(on, DayMark())
            words = f"周{text.WEEKDAYS[day]} {on:%m-%d} {mark.mark}".rstrip()
            draw_words(painter, QRect(left + theme.size(6), 0, right - left - theme.size(6), theme.size(36)), words, shade)
        for place, (_, name, note) in enumerate(self._officers):
            top = self.cells()[place * 7].box.top()
            draw_words(painter, QRect(theme.size(4), top + theme.size(4), theme.size(self.NAMES - 8), theme.size(22)), name)
            painter.save()
            painter.setFont(theme.font(theme.QUIET_PT))
            draw_words(painter, QRect(theme.size(4), top + theme.size(26), theme.size(self.NAMES - 8), theme.size(20)), note, Meaning.QUIET)
            painter.restore()

    def paint_cell_head(self, painter: QPainter, cell: _Cell, mark: DayMark) -> None:
        """The days are named above."""

    def drop_on(self, item_id: int, cell: _Cell) -> None:
        """Another officer's cell asks for both."""
        former = next((item for item in self._items if item.id == item_id), None)
        if cell.row is not None and (former is None or former.officer != cell.row):
            self.reassigned.emit(item_id, cell.row, cell.on)
        else:
            super().drop_on(item_id, cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """↑ and ↓ go to another officer."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None and self._officers and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._row = min(max(0, self._row + step), len(self._officers) - 1)
            self.choose_day(self.chosen_on)
        else:
            super().keyPressEvent(event)


class AgendaList(GroupedList[CalendarItem]):
    """Items under their days. `activated_item` gives the `CalendarItem`."""

    def __init__(self, name: str = "agenda", day_words: Callable[[date], str] = text.day, parent: QWidget | None = None) -> None:
        super().__init__(name, _item_words, _item_identity, AgendaDelegate(), parent)
        self._day_words = day_words
        self.setAccessibleName("日程")

    def show_items(self, items: Sequence[CalendarItem]) -> None:
        """Show these by day."""
        ordered = sorted(items, key=lambda item: item.on)
        self.set_groups([(Heading(self._day_words(on), len(found)), found)
                         for on, found in ((on, list(group)) for on, group in groupby(ordered, key=lambda item: item.on))])


def _item_words(item: CalendarItem) -> str:
    return item.words


def _item_identity(item: CalendarItem) -> object:
    return item.id


class AgendaDelegate(GroupedDelegate):
    """Glyph, title, subtitle."""

    def paint_item(self, painter: QPainter, rect: QRect, item: Any, _option: QStyleOptionViewItem) -> None:
        """Draw one item."""
        edge = theme.size(10)
        corner = QPointF(rect.left() + theme.size(10), rect.center().y() - edge / 2)
        draw_shape(painter, SHAPES.get(item.meaning, Shape.DASH), QRectF(corner.x(), corner.y(), edge, edge), theme.colour(item.meaning))
        middle = rect.left() + rect.width() // 2
        draw_words(painter, QRect(rect.left() + theme.size(30), rect.top(), middle - rect.left() - theme.size(38), rect.height()), item.title)
        painter.setFont(QFont(painter.font()))
        draw_words(painter, QRect(middle, rect.top(), rect.right() - middle - theme.size(8), rect.height()), item.subtitle, Meaning.QUIET)
