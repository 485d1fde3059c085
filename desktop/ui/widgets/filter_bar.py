"""The filter bar above a list: words, chips of what was picked, ＋筛选, saved views, 列.

It holds a `FilterState` and says `query_changed`; what the words and values mean is the service's affair.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import QEvent, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.ui import theme
from desktop.ui.widgets.paged_table import Table
from desktop.ui.widgets.section import button, clear, labelled, row


@dataclass(frozen=True, slots=True)
class Tick:
    """A value that can be picked, as people read it, and how many rows have it."""

    value: str
    label: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Facet:
    """Something to filter by; `ticks` is asked each time its list opens, so that the counts are today's."""

    key: str
    title: str
    ticks: Callable[[], Sequence[Tick]]


@dataclass(frozen=True, slots=True)
class FilterState:
    """The words typed and the values picked, by facet. Plain enough to be stored as JSON."""

    text: str = ""
    picked: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def with_picked(self, key: str, values: Sequence[str]) -> "FilterState":
        """The state with other values of one facet; no values takes the facet away."""
        others = {name: kept for name, kept in self.picked.items() if name != key}
        return replace(self, picked=others | ({key: tuple(values)} if values else {}))

    @property
    def is_filtering(self) -> bool:
        """Whether anything is left out: an empty list then says so."""
        return bool(self.text.strip() or self.picked)


@dataclass(frozen=True, slots=True)
class SavedView:
    """A named state to come back to."""

    name: str
    state: FilterState


class SearchLine(QLineEdit):
    """The words to filter by. Half-typed pinyin is not text yet: Qt tells of a change only when it is committed."""

    def __init__(self, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setClearButtonEnabled(True)
        theme.set_role(self, "search")
        found = self.addAction(theme.icon("search", theme.Meaning.QUIET), QLineEdit.ActionPosition.LeadingPosition)
        theme.set_icon(found, "search", theme.Meaning.QUIET)

    def event(self, event: QEvent) -> bool:
        """Esc is ours while there is something to clear, before it means 返回 to the page."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self.text()
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc clears."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class FilterBar(QWidget):
    """Words, chips, ＋筛选, 视图, 列, in one line."""

    query_changed = Signal(object)
    """The new `FilterState`."""
    view_chosen = Signal(str)
    view_saved = Signal(str, object)
    """The name given and the `FilterState` to keep."""
    view_removed = Signal(str)

    def __init__(
        self,
        facets: Sequence[Facet] = (),
        placeholder: str = "名称、简拼、编号…",
        name: str = "filterBar",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._facets = {facet.key: facet for facet in facets}
        self._labels: dict[tuple[str, str], str] = {}
        self._state = FilterState()
        self._views: tuple[SavedView, ...] = ()
        self.search = SearchLine(placeholder)
        self.search.setObjectName("filterText")
        self.search.setMinimumWidth(theme.size(180))
        self.search.setMaximumWidth(theme.size(260))
        self.search.textChanged.connect(self._on_text_changed)
        self._chips = QHBoxLayout()
        self._chips.setSpacing(theme.size(6))
        self._add = button("＋筛选", self._on_add_clicked, "flat", name="addFilter")
        self._clear = button("清除", self.clear, "flat", name="clearFilter")
        self._view_button = button("视图", self._on_views_clicked, "flat", "view", "views")
        self._columns = button("列", self._on_columns_clicked, "flat", "columns", "columns")
        self._columns.hide()
        self._table: Table[Any] | None = None
        self._build()
        self._show_chips()

    def _build(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.size(theme.GAP))
        line.addWidget(self.search, 1)
        line.addLayout(self._chips)
        line.addWidget(self._add)
        line.addWidget(self._clear)
        line.addStretch(1)
        line.addWidget(self._view_button)
        line.addWidget(self._columns)
        self._add.setVisible(bool(self._facets))

    # ---- state

    @property
    def state(self) -> FilterState:
        """What is asked for now."""
        return self._state

    def set_state(self, state: FilterState) -> None:
        """Ask for something else, as a link or a saved view does; says `query_changed` once."""
        if state == self._state:
            return
        self.search.blockSignals(True)
        self.search.setText(state.text)
        self.search.blockSignals(False)
        self._take(state)

    def pick(self, key: str, values: Sequence[str]) -> None:
        """Pick these values of a facet."""
        self._take(self._state.with_picked(key, values))

    @Slot()
    def clear(self) -> None:
        """Ask for everything."""
        self.set_state(FilterState())

    def _take(self, state: FilterState) -> None:
        self._state = state
        self._show_chips()
        self.query_changed.emit(state)

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        self._take(replace(self._state, text=text))

    # ---- chips

    def _show_chips(self) -> None:
        clear(self._chips)
        for key, values in self._state.picked.items():
            self._chips.addWidget(self._chip(key, values))
        self._clear.setVisible(bool(self._state.picked))

    def said(self) -> list[str]:
        """What is filtered by, in words, for the head of a printed list."""
        typed = self._state.text.strip()
        picked = [self._words_of(key, values) for key, values in self._state.picked.items()]
        return [*([f"搜索：{typed}"] if typed else []), *picked]

    def _words_of(self, key: str, values: Sequence[str]) -> str:
        facet = self._facets[key]
        self._learn_labels(facet, values)
        words = "、".join(self._labels.get((key, value), value) for value in values[:2])
        more = f" 等 {len(values)} 项" if len(values) > 2 else ""
        return f"{facet.title}：{words}{more}"

    def _chip(self, key: str, values: Sequence[str]) -> QWidget:
        chip = Chip(self._words_of(key, values), key)
        chip.opened.connect(self._on_chip_opened)
        chip.removed.connect(self._on_chip_removed)
        return chip

    def _learn_labels(self, facet: Facet, values: Sequence[str]) -> None:
        if any((facet.key, value) not in self._labels for value in values):
            self._labels |= {(facet.key, tick.value): tick.label for tick in facet.ticks()}

    @Slot(str)
    def _on_chip_removed(self, key: str) -> None:
        self.pick(key, ())
        self.search.setFocus()

    @Slot(str)
    def _on_chip_opened(self, key: str) -> None:
        self.open_facet(key)

    # ---- facets

    @Slot()
    def _on_add_clicked(self) -> None:
        menu = QMenu(self)
        menu.setObjectName("facetMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for facet in self._facets.values():
            menu.addAction(facet.title).setData(facet.key)
        menu.triggered.connect(lambda action: self.open_facet(action.data()))
        menu.popup(self._below(self._add))

    def open_facet(self, key: str) -> "TickList":
        """Open the list of a facet's values to tick."""
        facet = self._facets[key]
        opened = TickList(facet.title, facet.ticks(), self._state.picked.get(key, ()), self)
        self._labels |= {(key, tick.value): tick.label for tick in opened.ticks}
        opened.chosen.connect(lambda values: self.pick(key, values))
        opened.move(self._below(self._add))
        opened.show()
        return opened

    def _below(self, widget: QWidget) -> QPoint:
        return widget.mapToGlobal(QPoint(0, widget.height() + theme.size(4)))

    # ---- views

    def set_views(self, views: Sequence[SavedView], chosen: str = "") -> None:
        """The saved views to offer, and the one in use."""
        self._views = tuple(views)
        self._view_button.setText(f"视图：{chosen}" if chosen else "视图")

    @Slot()
    def _on_views_clicked(self) -> None:
        self.views_menu().popup(self._below(self._view_button))

    def views_menu(self) -> QMenu:
        """Views to choose; the present state to save; views to remove."""
        menu = QMenu(self)
        menu.setObjectName("viewMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for view in self._views:
            menu.addAction(view.name).triggered.connect(lambda _=False, view=view: self._choose(view))
        if self._views:
            menu.addSeparator()
        menu.addAction("把当前筛选存为视图…").triggered.connect(self._on_save_view)
        if self._views:
            removal = menu.addMenu("删除视图")
            for view in self._views:
                removal.addAction(view.name).triggered.connect(
                    lambda _=False, name=view.name: self.view_removed.emit(name)
                )
        return menu

    def _choose(self, view: SavedView) -> None:
        self.set_state(view.state)
        self._view_button.setText(f"视图：{view.name}")
        self.view_chosen.emit(view.name)

    @Slot()
    def _on_save_view(self) -> None:
        asked = NameBox("视图名称", self)
        asked.named.connect(self._on_view_named)
        asked.move(self._below(self._view_button) - QPoint(asked.sizeHint().width() // 2, 0))
        asked.show()

    @Slot(str)
    def _on_view_named(self, name: str) -> None:
        self._view_button.setText(f"视图：{name}")
        self.view_saved.emit(name, self._state)

    # ---- columns

    def set_table(self, table: Table[Any]) -> None:
        """The table whose columns the 列 menu shows."""
        self._table = table
        self._columns.show()

    @Slot()
    def _on_columns_clicked(self) -> None:
        if self._table is not None:
            self._table.column_menu(self).popup(self._below(self._columns))


class Chip(QWidget):
    """What was picked of one facet; its words open the list, its × takes it away."""

    opened = Signal(str)
    removed = Signal(str)

    def __init__(self, text: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"chip_{key}")
        self._key = key
        shown = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, theme.size(220))
        self._words = button(f"{shown}   ×", None, "chip-on", name="chipButton")
        self._words.setToolTip(f"{text}\n单击修改；点 × 或按 Delete 去掉")
        self._words.setAccessibleName(text)
        self._words.installEventFilter(self)
        self.setLayout(row(self._words))

    def eventFilter(self, _watched: object, event: QEvent) -> bool:
        """A click on the right end, or Delete, removes; anywhere else opens."""
        if event.type() == QEvent.Type.MouseButtonRelease:
            is_cross = event.position().x() > self._words.width() - theme.size(26)  # type: ignore[attr-defined]
            (self.removed if is_cross else self.opened).emit(self._key)
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
                self.removed.emit(self._key)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
                self.opened.emit(self._key)
                return True
        return False


class Popup(QFrame):
    """A small frame that floats and goes when something else is clicked or Esc is pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        theme.set_role(self, "popup")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(*[theme.size(12)] * 4)
        self.column.setSpacing(theme.size(theme.GAP))


class TickList(Popup):
    """The values of a facet with their counts, to tick. Enter or 确定 hands over, Esc leaves everything."""

    chosen = Signal(list)

    def __init__(self, title: str, ticks: Sequence[Tick], picked: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tickList")
        self.ticks = tuple(ticks)
        self._find = SearchLine("查找")
        self._find.setObjectName("tickFind")
        self._find.textChanged.connect(self._on_find_changed)
        self._find.setVisible(len(ticks) > 8)
        self._list = QListWidget()
        self._list.setObjectName("tickValues")
        self._list.setAccessibleName(title)
        self._list.itemClicked.connect(self._on_item_clicked)
        for tick in ticks:
            self._list.addItem(_tick_item(tick, tick.value in picked))
        self._was_checked: dict[int, Qt.CheckState] = self._checks()
        every = button("全选", self._on_all_clicked, "flat", name="tickAll")
        none = button("全不选", self._on_none_clicked, "flat", name="tickNone")
        done = button("确定", self._on_done, "primary", name="tickDone")
        self.column.addWidget(labelled(title, "section"))
        self.column.addWidget(self._find)
        self.column.addWidget(self._list)
        self.column.addLayout(row(every, none, 1, done))
        self._list.setMinimumWidth(theme.size(260))
        self._list.setFixedHeight(min(len(ticks), 10) * theme.size(30) + theme.size(8))
        self._list.setFocus()
        self._list.setCurrentRow(0)

    def _items(self) -> list[QListWidgetItem]:
        return [self._list.item(place) for place in range(self._list.count())]

    def _checks(self) -> dict[int, Qt.CheckState]:
        return {place: item.checkState() for place, item in enumerate(self._items())}

    @Slot(QListWidgetItem)
    def _on_item_clicked(self, item: QListWidgetItem) -> None:
        """A click on the words ticks too; a click on the box has done so already."""
        place = self._list.row(item)
        if item.checkState() is self._was_checked[place]:
            _toggle(item)
        self._was_checked = self._checks()

    @Slot(str)
    def _on_find_changed(self, text: str) -> None:
        for item in self._items():
            item.setHidden(text.strip().lower() not in item.text().lower())

    @Slot()
    def _on_all_clicked(self) -> None:
        self._tick_shown(Qt.CheckState.Checked)

    @Slot()
    def _on_none_clicked(self) -> None:
        self._tick_shown(Qt.CheckState.Unchecked)

    def _tick_shown(self, state: Qt.CheckState) -> None:
        for item in self._items():
            if not item.isHidden():
                item.setCheckState(state)
        self._was_checked = self._checks()

    @Slot()
    def _on_done(self) -> None:
        values = [
            item.data(Qt.ItemDataRole.UserRole) for item in self._items() if item.checkState() is Qt.CheckState.Checked
        ]
        self.close()
        self.chosen.emit(values)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter hands over."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_done()
        else:
            super().keyPressEvent(event)


def _tick_item(tick: Tick, is_ticked: bool) -> QListWidgetItem:
    count = "" if tick.count is None else f"　{tick.count}"
    item = QListWidgetItem(f"{tick.label}{count}")
    item.setData(Qt.ItemDataRole.UserRole, tick.value)
    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
    item.setCheckState(Qt.CheckState.Checked if is_ticked else Qt.CheckState.Unchecked)
    return item


def _toggle(item: QListWidgetItem) -> None:
    is_on = item.checkState() is Qt.CheckState.Checked
    item.setCheckState(Qt.CheckState.Unchecked if is_on else Qt.CheckState.Checked)


class NameBox(Popup):
    """Asks for a name in place."""

    named = Signal(str)

    def __init__(self, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("nameBox")
        self._name = QLineEdit(placeholderText=placeholder)
        self._name.setObjectName("nameText")
        self._name.setAccessibleName(placeholder)
        self._name.returnPressed.connect(self._on_done)
        done: QPushButton = button("保存", self._on_done, "primary", name="nameDone")
        self.column.addLayout(row(self._name, done))
        self._name.setFocus()

    @Slot()
    def _on_done(self) -> None:
        if name := self._name.text().strip():
            self.close()
            self.named.emit(name)
