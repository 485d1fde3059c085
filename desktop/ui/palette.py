"""Ctrl+K: one field that finds any record and any command."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QFrame, QStyleOptionViewItem, QVBoxLayout, QWidget

from desktop.ui import theme
from desktop.ui.theme import Meaning
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.filter_bar import SearchLine
from desktop.ui.widgets.grouped_list import GroupedDelegate, GroupedList, Heading, draw_words


@dataclass(frozen=True, slots=True)
class SearchHit:
    """Something found: its kind (企业, 隐患, 命令) heads its group; `open` goes there."""

    kind: str
    title: str
    subtitle: str
    open: Callable[[], object]


NOT_FOUND = Emptiness("没有找到", "试试名称的一部分、简拼、统一社会信用代码或文号")

Provider = Callable[[str], Sequence[SearchHit]]
"""From what was typed to the best few hits. Called on each keystroke: it must answer in a moment."""


class HitDelegate(GroupedDelegate):
    """Title, and quietly what it is."""

    HEADING = 30
    HAS_LINES = False

    def paint_item(self, painter: QPainter, rect: QRect, item: SearchHit, _option: QStyleOptionViewItem) -> None:
        """Draw one hit."""
        box = rect.adjusted(theme.size(12), 0, -theme.size(12), 0)
        draw_words(painter, box.adjusted(0, 0, -box.width() * 2 // 5, 0), item.title)
        draw_words(
            painter,
            box.adjusted(box.width() * 3 // 5, 0, 0, 0),
            item.subtitle,
            Meaning.QUIET,
            Qt.AlignmentFlag.AlignRight,
        )


class SearchPalette(QFrame):
    """The field in the top bar and the list that hangs under it while there is something to show."""

    opened = Signal(object)
    """The `SearchHit` that was opened."""

    def __init__(self, field: SearchLine, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("searchPalette")
        theme.set_role(self, "popup")
        self._window = window
        self._field = field
        self._providers: list[Provider] = []
        self.hits: GroupedList[SearchHit] = GroupedList("searchHits", _words, _identity, HitDelegate())
        self.hits.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hits.clicked.connect(self._on_clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(self.hits)
        field.textChanged.connect(self._on_text_changed)
        field.installEventFilter(self)
        self.hide()

    def add_provider(self, provider: Provider) -> None:
        """Let another source be searched; groups come in the order of the providers."""
        self._providers.append(provider)

    @Slot(str)
    def _on_text_changed(self, typed: str) -> None:
        typed = typed.strip()
        groups: dict[str, list[SearchHit]] = {}
        for hit in (hit for provider in self._providers for hit in provider(typed)) if typed else ():
            groups.setdefault(hit.kind, []).append(hit)
        self.hits.say_empty(NOT_FOUND)
        self.hits.set_groups([(Heading(kind, None, Meaning.QUIET), hits) for kind, hits in groups.items()])
        self.setVisible(bool(typed))
        if typed:
            self._place(sum(len(hits) for hits in groups.values()), len(groups))
            self._step(1, from_place=-1)

    def _place(self, hit_count: int, group_count: int) -> None:
        corner = self._field.mapTo(self._window, QPoint(0, self._field.height() + theme.size(4)))
        wanted = hit_count * theme.size(theme.ROW) + group_count * theme.size(HitDelegate.HEADING) + 4
        height = min(wanted if hit_count else theme.size(120), theme.size(440))
        self.setGeometry(corner.x(), corner.y(), max(self._field.width(), theme.size(480)), height)
        self.raise_()

    def _step(self, by: int, from_place: int | None = None) -> None:
        """Go to the next hit, over headings."""
        model = self.hits.model()
        place = (self.hits.currentIndex().row() if from_place is None else from_place) + by
        while 0 <= place < model.rowCount():
            index = model.index(place, 0)
            if self.hits.item_at(index) is not None:
                self.hits.setCurrentIndex(index)
                return
            place += by

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """The keys go on typing; ↑ ↓ Enter Esc are the list's."""
        if event.type() == QEvent.Type.FocusOut:
            self.hide()
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress or not self.isVisible():
            return False
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._step(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.hits.current_item)
        else:
            return False
        return True

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        self._open(self.hits.item_at(index))

    def _open(self, hit: SearchHit | None) -> None:
        if hit is not None:
            self._field.clear()
            self.hide()
            hit.open()
            self.opened.emit(hit)


def _words(hit: SearchHit) -> str:
    return f"{hit.title}，{hit.subtitle}" if hit.subtitle else hit.title


def _identity(hit: SearchHit) -> object:
    return (hit.kind, hit.title, hit.subtitle)
