"""A list of rows under headings, drawn by a delegate: for thousands of rows, one line each.

`ObligationList`, the agenda and the timeline stand on it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    QStringListModel,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop.ui import theme
from desktop.ui.theme import Meaning
from desktop.ui.widgets.empty import NOTHING, Emptiness, EmptyState

Index = QModelIndex | QPersistentModelIndex
Item = TypeVar("Item")

ENTRY_ROLE = int(Qt.ItemDataRole.UserRole) + 1


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a group: its words, how many rows it has, what it means."""

    title: str
    count: int | None = None
    meaning: Meaning = Meaning.TEXT

    @property
    def words(self) -> str:
        """As it is read."""
        return self.title if self.count is None else f"{self.title}　{self.count}"


class GroupedModel(QStringListModel, Generic[Item]):
    """Headings and rows in one line of places. `words(item)` is what a screen reader says.

    It is a list of strings, empty ones, because Qt then knows the number of rows by itself: a view asks for it with
    every index that it makes, and the answer from here would cost more than all the rest of laying out a list.
    """

    def __init__(self, words: Callable[[Item], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._entries: list[Heading | Item] = []

    def set_groups(self, groups: Sequence[tuple[Heading, Sequence[Item]]]) -> None:
        """Show other groups; an empty one is left out."""
        self._entries = []
        for heading, items in groups:
            if items:
                self._entries += [heading, *items]
        self.setStringList([""] * len(self._entries))

    def entry(self, place: int) -> Heading | Item:
        """The heading or row at a place."""
        return self._entries[place]

    def is_heading(self, place: int) -> bool:
        """Whether a heading stands at a place."""
        return type(self._entries[place]) is Heading

    def put(self, place: int, item: Item) -> None:
        """Another row at a place; the rest stays as it is."""
        self._entries[place] = item
        self.dataChanged.emit(self.index(place), self.index(place))

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Words, or the entry itself for the delegate."""
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        if role == ENTRY_ROLE:
            return entry
        if role == int(Qt.ItemDataRole.DisplayRole):
            return entry.words if isinstance(entry, Heading) else self._words(entry)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A heading cannot be selected; nothing can be written."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if self.is_heading(index.row()):
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def setData(self, _index: Index, _value: Any, _role: int = 0) -> bool:
        """Nothing can be written."""
        return False


class GroupedDelegate(QStyledItemDelegate):
    """Draws headings; a subclass draws rows by `paint_item`."""

    HEIGHT = theme.ROW
    HEADING = 40
    HAS_LINES = True
    grouped: GroupedModel[Any]
    """What is drawn. It is asked directly: through an index, a list would ask twice for each of its hundreds of rows."""

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """Rows of one height, headings a little higher."""
        return _height(self.HEADING if self.grouped.is_heading(index.row()) else self.HEIGHT, theme.look().scale)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, hairline, and the entry."""
        entry, rect = self.grouped.entry(index.row()), option.rect
        painter.save()
        if isinstance(entry, Heading):
            self.paint_heading(painter, rect, entry)
        else:
            if option.state & QStyle.StateFlag.State_Selected:
                painter.fillRect(rect, theme.token("selected"))
            elif option.state & QStyle.StateFlag.State_MouseOver:
                painter.fillRect(rect, theme.token("hover"))
            if self.HAS_LINES:
                painter.setPen(theme.token("line"))
                painter.drawLine(rect.left(), rect.bottom(), rect.right(), rect.bottom())
            self.paint_item(painter, rect, entry, option)
        painter.restore()

    def paint_heading(self, painter: QPainter, rect: QRect, heading: Heading) -> None:
        """The words of a group and the number of its rows."""
        bold = QFont(painter.font())
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(theme.ink(heading.meaning))
        box = rect.adjusted(theme.size(8), theme.size(8), 0, 0)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, heading.title)
        if heading.count is not None:
            start = painter.fontMetrics().horizontalAdvance(heading.title) + theme.size(10)
            bold.setBold(False)
            painter.setFont(bold)
            painter.setPen(theme.colour(Meaning.QUIET))
            painter.drawText(box.adjusted(start, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, str(heading.count))

    def paint_item(self, painter: QPainter, rect: QRect, item: Any, option: QStyleOptionViewItem) -> None:
        """Draw one row."""
        raise NotImplementedError


@lru_cache(maxsize=64)
def _height(pixels: int, scale: float) -> QSize:
    return QSize(0, round(pixels * scale))


def draw_words(
    painter: QPainter,
    box: QRect,
    words: str,
    meaning: Meaning = Meaning.TEXT,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """Words in one line, cut with … where they do not fit."""
    painter.setPen(theme.ink(meaning))
    shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, int(align | Qt.AlignmentFlag.AlignVCenter), shown)


class GroupedList(QListView, Generic[Item]):
    """The view. `identify(item)` names a row, so that reading again keeps the selection and the scroll."""

    activated_item = Signal(object)
    """Enter or a double click."""
    current_item_changed = Signal(object)

    def __init__(
        self,
        name: str,
        words: Callable[[Item], str],
        identify: Callable[[Item], object],
        delegate: GroupedDelegate,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._identify = identify
        self._grouped: GroupedModel[Item] = GroupedModel(words)
        self._grouped.setParent(self)
        self.setModel(self._grouped)
        delegate.grouped = self._grouped
        delegate.setParent(self)
        self.setItemDelegate(delegate)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._emptiness = NOTHING
        self.doubleClicked.connect(self._on_activated)
        self.selectionModel().currentChanged.connect(self._on_current_changed)

    def set_groups(self, groups: Sequence[tuple[Heading, Sequence[Item]]]) -> None:
        """Show these groups; the row that was current stays so, wherever it stands now."""
        former, scroll = self.current_item, self.verticalScrollBar().value()
        self._grouped.set_groups(groups)
        self._show_emptiness()
        if former is not None:
            self.choose(self._identify(former))
        self.verticalScrollBar().setValue(scroll)

    @property
    def grouped(self) -> GroupedModel[Item]:
        """Headings and rows, in the order shown."""
        return self._grouped

    @cached_property
    def empty(self) -> EmptyState:
        """What lies over a list without rows; made when it is first wanted, since most lists have some."""
        made = EmptyState()
        made.say(self._emptiness)
        made.cover(self.viewport())
        return made

    def _show_emptiness(self) -> None:
        is_empty = self._grouped.rowCount() == 0
        if is_empty or self._has_empty_state:
            self.empty.setVisible(is_empty)

    def showEvent(self, event: QShowEvent) -> None:
        """A list that nobody has filled yet says so."""
        super().showEvent(event)
        self._show_emptiness()

    def say_empty(self, emptiness: Emptiness) -> None:
        """Say why there is nothing, for when there is nothing."""
        self._emptiness = emptiness
        if self._has_empty_state:
            self.empty.say(emptiness)

    @property
    def _has_empty_state(self) -> bool:
        return "empty" in self.__dict__

    @property
    def current_item(self) -> Item | None:
        """The row that has the focus."""
        return self.item_at(self.currentIndex())

    def item_at(self, index: Index) -> Item | None:
        """The row at an index; None for a heading."""
        entry = self._grouped.entry(index.row()) if index.isValid() else None
        return None if isinstance(entry, Heading) else entry

    def choose(self, identity: object) -> bool:
        """Put the focus on a row by what it is; answers whether it is there."""
        for place in range(self._grouped.rowCount()):
            entry = self._grouped.entry(place)
            if not isinstance(entry, Heading) and self._identify(entry) == identity:
                self.setCurrentIndex(self._grouped.index(place))
                return True
        return False

    @Slot(QModelIndex)
    def _on_activated(self, index: QModelIndex) -> None:
        if (item := self.item_at(index)) is not None:
            self.activated_item.emit(item)

    @Slot(QModelIndex)
    def _on_current_changed(self, current: QModelIndex) -> None:
        self.current_item_changed.emit(self.item_at(current))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_activated(self.currentIndex())
        else:
            super().keyPressEvent(event)
