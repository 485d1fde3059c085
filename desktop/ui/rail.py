"""The navigation rail: icon and word of each page, and a badge for what is late there. Narrow, it shows icons alone."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.ui import theme
from desktop.ui.theme import Meaning

WIDE, NARROW, PLACE = 168, 60, 40

Index = QModelIndex | QPersistentModelIndex
_PLACE_ROLE = int(Qt.ItemDataRole.UserRole) + 1


@dataclass(slots=True)
class _Place:
    key: str
    title: str
    icon: str
    badge: int = 0


class _Places(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.places: list[_Place] = []

    def add(self, place: _Place) -> None:
        self.beginInsertRows(QModelIndex(), len(self.places), len(self.places))
        self.places.append(place)
        self.endInsertRows()

    def set_badge(self, key: str, count: int) -> None:
        for number, place in enumerate(self.places):
            if place.key == key:
                place.badge = count
                self.dataChanged.emit(self.index(number), self.index(number))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 — Qt's own default
        return 0 if parent.isValid() else len(self.places)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        place = self.places[index.row()] if index.isValid() else None
        if place is None:
            return None
        late = f"，{place.badge} 项逾期" if place.badge else ""
        texts = {
            int(Qt.ItemDataRole.DisplayRole): place.title,
            int(Qt.ItemDataRole.ToolTipRole): place.title + late,
            int(Qt.ItemDataRole.AccessibleTextRole): place.title + late,
        }
        return place if role == _PLACE_ROLE else texts.get(role)


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, theme.size(PLACE))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        place: _Place = index.data(_PLACE_ROLE)
        rect = option.rect.adjusted(0, theme.size(2), 0, -theme.size(2))
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, rect, option, is_chosen)
        meaning = Meaning.ACCENT if is_chosen else Meaning.QUIET
        is_narrow = rect.width() < theme.size(NARROW)
        edge = theme.size(theme.ICON)
        left = rect.center().x() - edge // 2 if is_narrow else rect.left() + theme.size(12)
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(
            left, rect.center().y() - edge // 2 + 1, theme.pixmap(place.icon, theme.ink(meaning), edge, ratio)
        )
        if not is_narrow:
            painter.setPen(theme.ink(Meaning.ACCENT if is_chosen else Meaning.TEXT))
            words = rect.adjusted(theme.size(42), 0, -theme.size(8), 0)
            painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), place.title)
        if place.badge:
            self._paint_badge(painter, rect, place.badge, is_narrow)
        painter.restore()

    def _paint_ground(self, painter: QPainter, rect: QRect, option: QStyleOptionViewItem, is_chosen: bool) -> None:
        is_near = bool(option.state & QStyle.StateFlag.State_MouseOver)
        has_focus = bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.setPen(theme.colour(Meaning.ACCENT) if has_focus else Qt.PenStyle.NoPen)
        painter.setBrush(
            theme.token("rail_chosen" if is_chosen else "rail_hover") if is_chosen or is_near else Qt.BrushStyle.NoBrush
        )
        if is_chosen or is_near or has_focus:
            painter.drawRoundedRect(
                QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), theme.size(theme.RADIUS), theme.size(theme.RADIUS)
            )

    def _paint_badge(self, painter: QPainter, rect: QRect, count: int, is_narrow: bool) -> None:
        words = str(count) if count < 100 else "99+"
        painter.setFont(theme.font(theme.QUIET_PT if not is_narrow else 7.5))
        width = max(
            painter.fontMetrics().horizontalAdvance(words) + theme.size(10), theme.size(18 if not is_narrow else 14)
        )
        height = theme.size(18 if not is_narrow else 14)
        top = rect.center().y() - height // 2 + 1 if not is_narrow else rect.top() + theme.size(2)
        box = QRectF(rect.right() - width - theme.size(8 if not is_narrow else 0), top, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(Meaning.OVERDUE))
        painter.drawRoundedRect(box, height / 2, height / 2)
        painter.setPen(theme.colour(Meaning.ON_ACCENT))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


class Rail(QListView):
    """`chosen(key)` when the user goes to a page."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setAccessibleName("页面")
        self._places = _Places(self)
        self.setModel(self._places)
        self.setItemDelegate(_Delegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentChanged.connect(self._on_current_changed)

    def add_place(self, key: str, title: str, icon: str) -> None:
        """One more page."""
        self._places.add(_Place(key, title, icon))

    def set_badge(self, key: str, count: int) -> None:
        """How many things are late on a page; 0 shows no badge."""
        self._places.set_badge(key, count)

    def badge(self, key: str) -> int:
        """What the badge of a page shows."""
        return next(place.badge for place in self._places.places if place.key == key)

    def choose(self, key: str) -> None:
        """Mark a page as the one shown."""
        for number, place in enumerate(self._places.places):
            if place.key == key:
                self.setCurrentIndex(self._places.index(number))

    @Slot(QModelIndex)
    def _on_current_changed(self, current: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(self._places.places[current.row()].key)
