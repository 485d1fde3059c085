"""What has to be done, grouped 逾期 · 今天 · 本周 · 后续: one line each, with its next step as a button."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QEvent, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QToolTip, QWidget

from desktop import text
from desktop.domain.obligation import DueGroup
from desktop.ui import theme
from desktop.ui.theme import Meaning
from desktop.ui.widgets.grouped_list import ENTRY_ROLE, GroupedDelegate, GroupedList, Heading, Index, draw_words
from desktop.ui.widgets.pills import Shape, draw_shape

GROUPS: dict[DueGroup, tuple[str, Meaning]] = {
    DueGroup.OVERDUE: ("逾期", Meaning.OVERDUE),
    DueGroup.TODAY: ("今天", Meaning.DUE_SOON),
    DueGroup.THIS_WEEK: ("本周", Meaning.INFORMATION),
    DueGroup.LATER: ("后续", Meaning.TEXT),
}
SHAPES: dict[DueGroup, Shape] = {
    DueGroup.OVERDUE: Shape.TRIANGLE,
    DueGroup.TODAY: Shape.CLOCK,
    DueGroup.THIS_WEEK: Shape.CIRCLE,
    DueGroup.LATER: Shape.RING,
}


@dataclass(frozen=True, slots=True)
class DueRow:
    """One obligation as the list shows it. `step` is the word of the next step; empty shows no button."""

    id: int
    group: DueGroup
    enterprise: str
    title: str
    due_on: date
    days_left: int
    officer: str = ""
    step: str = ""
    is_provisional: bool = False
    is_new: bool = False
    tooltip: str = ""
    count: int = 1
    """How many obligations the line stands for."""

    @property
    def due(self) -> str:
        """The due date; one in a year whose holidays are not published yet is marked."""
        return ("暂估 " if self.is_provisional else "") + text.day(self.due_on)

    @property
    def words(self) -> str:
        """As a screen reader says it."""
        return "，".join(part for part in (self.enterprise, self.title, self.due, self.days, self.officer) if part)

    @property
    def days(self) -> str:
        """`逾期 12 天`."""
        return text.days_left(self.days_left)


class ObligationList(GroupedList[DueRow]):
    """Rows by group. Enter opens one; its button, Ctrl+Enter or Space does the next step."""

    step_requested = Signal(object)
    """The `DueRow` whose button was pressed."""

    def __init__(self, name: str = "obligationList", parent: QWidget | None = None) -> None:
        super().__init__(name, _words, _identity, ObligationDelegate(), parent)
        self.setAccessibleName("待办事项")
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)

    def set_rows(self, rows: Sequence[DueRow], titles: Mapping[DueGroup, str] = MappingProxyType({})) -> None:
        """Show these, in the order given, under their groups; `titles` gives a group another head."""
        found: dict[DueGroup, list[DueRow]] = {group: [] for group in GROUPS}
        for due in rows:
            found[due.group].append(due)
        self.set_groups(
            [
                (Heading(titles.get(group, GROUPS[group][0]), sum(due.count for due in items), GROUPS[group][1]), items)
                for group, items in found.items()
            ]
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter and Space do the next step."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        is_step = event.key() == Qt.Key.Key_Space or (
            is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        )
        if is_step and (due := self.current_item) is not None and due.step:
            self.step_requested.emit(due)
        else:
            super().keyPressEvent(event)

    def selected_rows(self) -> list[DueRow]:
        """The rows selected, from top to bottom, for an act on several."""
        indexes = sorted(self.selectedIndexes(), key=lambda index: index.row())
        return [due for due in map(self.item_at, indexes) if due is not None]

    def button_rect(self, place: int) -> QRect:
        """Where the button of a row is, in the viewport."""
        index = self.model().index(place, 0)
        due = self.item_at(index)
        return (
            _button_box(self.visualRect(index), due.step, self.fontMetrics().horizontalAdvance(due.step))
            if due
            else QRect()
        )


def _words(due: DueRow) -> str:
    return due.words


def _identity(due: DueRow) -> object:
    return due.id


def _name_width(room: int, metrics: QFontMetrics, enterprise: str, title: str) -> int:
    """Half for each, so that titles stand under one another; a cut one takes what the other leaves free."""
    gap, usual = theme.size(12), min(room * 11 // 20, theme.size(300))
    name, rest = metrics.horizontalAdvance(enterprise) + gap, room - metrics.horizontalAdvance(title) - theme.size(4)
    if name > usual:
        return max(usual, min(name, rest))
    return min(usual, max(name, rest))


def _button_box(rect: QRect, step: str, advance: int) -> QRect:
    if not step:
        return QRect()
    width, height = advance + theme.size(20), theme.size(24)
    return QRect(rect.right() - width - theme.size(8), rect.center().y() - height // 2, width, height)


class ObligationDelegate(GroupedDelegate):
    """Draws a line and minds its button."""

    BUTTON, OFFICER, DAYS, DUE = 96, 56, 84, 100

    def paint_item(self, painter: QPainter, rect: QRect, item: Any, option: QStyleOptionViewItem) -> None:
        """Glyph · enterprise · what · due · days · officer · next step."""
        due: DueRow = item
        meaning = GROUPS[due.group][1]
        glyph = QRectF(rect.left() + theme.size(8), rect.center().y() - theme.size(5), theme.size(11), theme.size(11))
        draw_shape(
            painter, SHAPES[due.group], glyph, theme.colour(Meaning.QUIET if meaning is Meaning.TEXT else meaning)
        )
        right = self._paint_right(painter, rect, due, meaning)
        room = QRect(rect.left() + theme.size(28), rect.top(), right - rect.left() - theme.size(36), rect.height())
        title = ("新 · " if due.is_new else "") + due.title
        name = _name_width(room.width(), painter.fontMetrics(), due.enterprise, title)
        draw_words(painter, QRect(room.left(), room.top(), name - theme.size(8), room.height()), due.enterprise)
        draw_words(painter, room.adjusted(name, 0, 0, 0), title, Meaning.QUIET)
        if due.step:
            self._paint_button(painter, rect, due.step, option)

    def _paint_right(self, painter: QPainter, rect: QRect, due: DueRow, meaning: Meaning) -> int:
        """The columns at the right, as many as there is room for; answers where they begin."""
        right = rect.right() - theme.size(self.BUTTON) - theme.size(8)
        columns = [
            (due.officer, self.OFFICER, Meaning.QUIET),
            (due.days, self.DAYS, meaning),
            (due.due, self.DUE + (32 if due.is_provisional else 0), Meaning.QUIET),
        ]
        room = rect.width() - theme.size(self.BUTTON)
        if room < theme.size(600):
            columns = [column for column in columns if column[1] != self.OFFICER or room >= theme.size(480)]
            columns = columns[:-1]
        for words, width, shade in columns:
            box = QRect(right - theme.size(width), rect.top(), theme.size(width), rect.height())
            draw_words(painter, box, words, shade, Qt.AlignmentFlag.AlignRight)
            right = box.left() - theme.size(8)
        return right

    def _paint_button(self, painter: QPainter, rect: QRect, step: str, option: QStyleOptionViewItem) -> None:
        box = _button_box(rect, step, painter.fontMetrics().horizontalAdvance(step))
        is_near = bool(option.state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(Meaning.ACCENT) if is_near else theme.token("field_line"), 1))
        painter.setBrush(theme.token("surface"))
        painter.drawRoundedRect(
            QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), theme.size(theme.RADIUS), theme.size(theme.RADIUS)
        )
        painter.setPen(theme.ink(Meaning.ACCENT))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, step)

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        """A click on the button does the next step."""
        due = index.data(ENTRY_ROLE)
        if (
            isinstance(event, QMouseEvent)
            and isinstance(due, DueRow)
            and self._hits(event.position().toPoint(), option, due)
        ):
            if event.type() == QEvent.Type.MouseButtonRelease and event.button() is Qt.MouseButton.LeftButton:
                view = self.parent()
                assert isinstance(view, ObligationList)
                view.step_requested.emit(due)
            return event.type() in (QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonDblClick)
        return super().editorEvent(event, model, option, index)

    def _hits(self, where: QPoint, option: QStyleOptionViewItem, due: DueRow) -> bool:
        return _button_box(option.rect, due.step, option.fontMetrics.horizontalAdvance(due.step)).contains(where)

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """The whole words of a line that may be cut."""
        due = index.data(ENTRY_ROLE)
        if isinstance(due, DueRow):
            QToolTip.showText(event.globalPos(), due.tooltip or due.words, view)
            return True
        return super().helpEvent(event, view, option, index)
