"""The table of thousands of rows: row ids, and pages of rows fetched as they come into sight.

Filtering and sorting are done by the service, which answers ids; the table never holds more than it shows, and never
measures contents: widths are stored. `SimpleTable` shows a short list of rows by the same columns.
"""

import html
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import groupby
from typing import Any, ClassVar, Generic

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QStringListModel,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from desktop.ui import theme
from desktop.ui.widgets.columns import Arrangement, Column, Row, Store
from desktop.ui.widgets.empty import Emptiness, EmptyState
from desktop.ui.widgets.pills import Pill, draw_pill

Index = QModelIndex | QPersistentModelIndex

PAGE = 32  # about what a screen shows: a keystroke reads no more rows than it paints, give or take
PAGES_KEPT = 90

_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_ALIGN = int(Qt.ItemDataRole.TextAlignmentRole)
_TOOLTIP = int(Qt.ItemDataRole.ToolTipRole)
_FOREGROUND = int(Qt.ItemDataRole.ForegroundRole)
PILL_ROLE = int(Qt.ItemDataRole.UserRole) + 1
ID_ROLE = int(Qt.ItemDataRole.UserRole) + 2


class TableModel(QAbstractTableModel, Generic[Row]):
    """Cells of rows by columns; where the rows come from is for the two kinds below to say."""

    def __init__(self, columns: Sequence[Column[Row]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._alignments = [int(column.align.value | Qt.AlignmentFlag.AlignVCenter) for column in self.columns]

    @property
    def ids(self) -> Sequence[int]:
        """The ids shown, in order."""
        raise NotImplementedError

    def row_at(self, place: int) -> Row | None:
        """The row at a place, if it can be had."""
        raise NotImplementedError

    def id_at(self, place: int) -> int:
        """The id of the row at a place."""
        raise NotImplementedError

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 — Qt's own default
        """The columns, hidden ones included."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        """What a cell shows."""
        if role == _ALIGN:
            return self._alignments[index.column()] if index.isValid() else None
        if role not in _ROLES or not index.isValid():
            return None
        row = self.row_at(index.row())
        if row is None:
            return None
        return self._value(row, self.columns[index.column()], index.row(), role)

    def _value(self, row: Row, column: Column[Row], place: int, role: int) -> Any:
        if role == _DISPLAY:
            return column.text(row)
        if role == PILL_ROLE:
            return column.pill(row) if column.pill else None
        if role == _TOOLTIP:
            return column.tooltip(row) if column.tooltip else column.text(row)
        if role == ID_ROLE:
            return self.id_at(place)
        meaning = column.meaning(row) if column.meaning else None
        return theme.ink(meaning) if meaning else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        """Titles, their definitions, and their side."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == _DISPLAY:
            return self.columns[section].title
        if role == _TOOLTIP:
            return self.columns[section].definition or None
        return self._alignments[section] if role == _ALIGN else None


_ROLES = frozenset({_DISPLAY, PILL_ROLE, _TOOLTIP, ID_ROLE, _FOREGROUND})


class PagedTableModel(TableModel[Row]):
    """Rows named by ids; `fetch(ids)` answers their rows in the same order, a page at a time."""

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        fetch: Callable[[Sequence[int]], Sequence[Row]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(columns, parent)
        self._fetch = fetch
        self._ids: Sequence[int] = ()
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()

    @property
    def ids(self) -> Sequence[int]:
        """The ids shown, in order."""
        return self._ids

    def set_ids(self, ids: Sequence[int]) -> None:
        """Show other rows, or the same ones read afresh."""
        self.beginResetModel()
        self._ids = ids
        self._pages.clear()
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """As many as there are ids."""
        return 0 if parent.isValid() else len(self._ids)

    def id_at(self, place: int) -> int:
        """The id at a place."""
        return self._ids[place]

    def load(self, first: int, last: int) -> None:
        """Have the rows from `first` to `last` at hand: the view calls it before it paints."""
        for number in range(max(first, 0) // PAGE, min(last, len(self._ids) - 1) // PAGE + 1):
            self._page(number)

    def row_at(self, place: int) -> Row | None:
        """The row at a place; its page is fetched when it is not at hand (a screen reader may ask for any)."""
        number, offset = divmod(place, PAGE)
        page = self._page(number)
        return page[offset] if offset < len(page) else None

    def _page(self, number: int) -> Sequence[Row]:
        page = self._pages.get(number)
        if page is None:
            page = self._pages[number] = self._fetch(self._ids[number * PAGE : (number + 1) * PAGE])
            if len(self._pages) > PAGES_KEPT:
                self._pages.popitem(last=False)
        return page


class ListTableModel(TableModel[Row]):
    """A short list of rows, all at hand; the id of a row is its place unless `identify` says otherwise."""

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        identify: Callable[[Row], int] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(columns, parent)
        self._identify = identify
        self._rows: Sequence[Row] = ()

    @property
    def rows(self) -> Sequence[Row]:
        """The rows shown."""
        return self._rows

    @property
    def ids(self) -> Sequence[int]:
        """The ids shown, in order."""
        return [self.id_at(place) for place in range(len(self._rows))]

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """As many as were given."""
        return 0 if parent.isValid() else len(self._rows)

    def row_at(self, place: int) -> Row | None:
        """The row at a place."""
        return self._rows[place] if place < len(self._rows) else None

    def id_at(self, place: int) -> int:
        """The id at a place."""
        return self._identify(self._rows[place]) if self._identify else place


class PillDelegate(QStyledItemDelegate):
    """Draws a cell's pill; a cell without one is drawn as words."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground of the row, then the pill."""
        pill = index.data(PILL_ROLE)
        if not isinstance(pill, Pill):
            super().paint(painter, option, index)
            return
        rect: QRect = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.token("selected"))
        margin = theme.size(3)
        draw_pill(painter, pill, rect.adjusted(margin, 0, -margin, 0))


class Table(QTableView, Generic[Row]):
    """What both tables share: look, arrangement, selection by id, copying, keys, the empty state."""

    activated_id = Signal(int)
    """Enter or a double click on a row."""
    archive_requested = Signal(list)
    """Delete: the ids selected."""
    selection_counted = Signal(int)
    """How many rows are selected."""
    current_id_changed = Signal(object)
    """The id of the row with the focus, or None."""
    sort_requested = Signal(str, Qt.SortOrder)
    """A header was clicked: the column's key and the order."""
    menu_requested = Signal(QMenu, list)
    """A context menu is about to open for these ids: add actions to it."""
    arranged = Signal()
    """Columns were shown, hidden, moved or made wider."""

    def __init__(
        self, model: TableModel[Row], name: str, store: Store | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._columns = model.columns
        self._store: Store = {} if store is None else store
        self._arrangement = Arrangement.of(model.columns, self._store.get(name))
        self._sorted_by: tuple[str, Qt.SortOrder] | None = None
        self._is_arranging = False
        self._marked: int | None = None
        self.empty = EmptyState()
        self._set_up_view()
        self.setModel(model)
        self.empty.cover(self.viewport())
        self._set_up_header()
        self.arrange()
        model.modelReset.connect(self._on_model_reset)
        self.selectionModel().selectionChanged.connect(self._on_selection_changed)
        self.selectionModel().currentRowChanged.connect(self._on_current_changed)
        self.doubleClicked.connect(self._on_double_clicked)
        self._on_model_reset()

    def _set_up_view(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(QStyledItemDelegate(self))
        vertical = self.verticalHeader()
        vertical.hide()
        vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._pills = PillDelegate(self)
        for place, column in enumerate(self._columns):
            if column.pill is not None:
                self.setItemDelegateForColumn(place, self._pills)

    def _set_up_header(self) -> None:
        header = self.horizontalHeader()
        header.setSectionsMovable(True)
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.setStretchLastSection(True)
        header.setMinimumSectionSize(40)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._on_header_menu_requested)
        header.sectionClicked.connect(self._on_header_clicked)
        header.sectionMoved.connect(self._on_moved_by_hand)
        header.sectionResized.connect(self._on_resized_by_hand)

    # ---- arrangement

    def arrange(self) -> None:
        """Put the columns as they are stored."""
        self._is_arranging = True
        header = self.horizontalHeader()
        self.verticalHeader().setDefaultSectionSize(theme.size(theme.ROW))
        header.setFixedHeight(theme.size(theme.HEADER))
        places = {column.key: place for place, column in enumerate(self._columns)}
        for visual, key in enumerate(self._arrangement.order):
            header.moveSection(header.visualIndex(places[key]), visual)
        for key, place in places.items():
            self.setColumnHidden(place, key in self._arrangement.hidden)
            self.setColumnWidth(place, theme.size(self._arrangement.widths[key]))
        self._is_arranging = False
        self.fit_columns()

    def fit_columns(self) -> None:
        """Let columns give way where there is no room for all, and come back where there is; nothing of it is kept."""
        if not self.isVisible() or all(column.rank is None for column in self._columns):
            return
        self._is_arranging = True
        widths = self._arrangement.fitted(self._columns, int(self.viewport().width() / theme.look().scale))
        for place, column in enumerate(self._columns):
            self.setColumnHidden(place, column.key not in widths)
            if column.key in widths:
                self.setColumnWidth(place, theme.size(widths[column.key]))
        self._is_arranging = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width has room for other columns."""
        super().resizeEvent(event)
        self.fit_columns()

    def showEvent(self, event: QShowEvent) -> None:
        """Before, nobody knew how wide it would be."""
        super().showEvent(event)
        self.fit_columns()

    def set_arrangement(self, stored: dict[str, Any] | None) -> None:
        """Take an arrangement from a saved view; None puts the columns as they were made."""
        self._arrangement = Arrangement.of(self._columns, stored)
        self.arrange()
        self._keep()

    def arrangement(self) -> dict[str, Any]:
        """The arrangement, for a saved view."""
        return self._arrangement.as_stored()

    def show_column(self, key: str, is_shown: bool) -> None:
        """Show or hide a column; the last one stays."""
        if self._arrangement.tick(key, is_shown):
            self.arrange()
            self._keep()

    def _keep(self) -> None:
        self._store[self.objectName()] = self._arrangement.as_stored()
        self.arranged.emit()

    @Slot(int, int, int)
    def _on_resized_by_hand(self, place: int, _before: int, width: int) -> None:
        """Keep the width of this column alone: the others may be narrower than they are meant to be just now."""
        header = self.horizontalHeader()
        shown = [place for place in range(len(self._columns)) if not self.isColumnHidden(place)]
        # The last column is stretched: what it happens to fill is not a wish.
        if self._is_arranging or width == 0 or place == max(shown, key=header.visualIndex):
            return
        self._arrangement.widths[self._columns[place].key] = round(width / theme.look().scale)
        self._keep()

    @Slot()
    def _on_moved_by_hand(self) -> None:
        if not self._is_arranging:
            header = self.horizontalHeader()
            self._arrangement.order = [self._columns[header.logicalIndex(at)].key for at in range(header.count())]
            self._keep()

    def column_menu(self, parent: QWidget | None = None) -> QMenu:
        """Tick what is shown; 重置 puts the columns as they were made."""
        menu = QMenu(parent or self)
        menu.setObjectName("columnMenu")
        for key in self._arrangement.order:
            column = next(column for column in self._columns if column.key == key)
            gave_way = key not in self._arrangement.hidden and self.isColumnHidden(self._columns.index(column))
            action = menu.addAction(f"{column.title}（放不下，暂时收起）" if gave_way else column.title)
            action.setCheckable(True)
            action.setChecked(key not in self._arrangement.hidden and not gave_way)
            action.setData(key)
        menu.addSeparator()
        menu.addAction("重置列").triggered.connect(self._on_reset_columns)
        menu.triggered.connect(self._on_column_ticked)
        return menu

    @Slot(object)
    def _on_column_ticked(self, action: Any) -> None:
        if action.data() is not None:
            self.show_column(action.data(), action.isChecked())

    @Slot()
    def _on_reset_columns(self) -> None:
        self.set_arrangement(None)

    @Slot(QPoint)
    def _on_header_menu_requested(self, where: QPoint) -> None:
        self.column_menu().popup(self.horizontalHeader().mapToGlobal(where))

    # ---- sorting

    @Slot(int)
    def _on_header_clicked(self, place: int) -> None:
        column = self._columns[place]
        if not column.is_sortable:
            return
        same = self._sorted_by == (column.key, Qt.SortOrder.AscendingOrder)
        order = Qt.SortOrder.DescendingOrder if same else Qt.SortOrder.AscendingOrder
        self.sort_by(column.key, order)

    @property
    def sort(self) -> tuple[str, bool]:
        """The column by which the rows are in order, and whether from its end: as a query takes it."""
        key, order = self._sorted_by or ("", Qt.SortOrder.AscendingOrder)
        return key, order is Qt.SortOrder.DescendingOrder

    def sort_by(self, key: str, order: Qt.SortOrder) -> None:
        """Ask for the rows in this order, as a click on a header does."""
        self.show_sorted(key, order)
        self.sort_requested.emit(key, order)

    def show_sorted(self, key: str | None, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Mark the header by which the service sorted."""
        self._sorted_by = (key, order) if key else None
        header = self.horizontalHeader()
        header.setSortIndicatorShown(key is not None)
        place = next((place for place, column in enumerate(self._columns) if column.key == key), -1)
        header.setSortIndicator(place, order)

    # ---- selection

    def table_model(self) -> TableModel[Row]:
        """The model, by its own type."""
        model = self.model()
        assert isinstance(model, TableModel)
        return model

    def selected_ids(self) -> list[int]:
        """The ids selected, from top to bottom."""
        model = self.table_model()
        return [model.id_at(place) for place in self._selected_places() if place < model.rowCount()]

    @property
    def current_id(self) -> int | None:
        """The id of the row that has the focus."""
        index = self.currentIndex()
        return self.table_model().id_at(index.row()) if index.isValid() else None

    @property
    def current_row(self) -> Row | None:
        """The row that has the focus."""
        index = self.currentIndex()
        return self.table_model().row_at(index.row()) if index.isValid() else None

    def select_ids(
        self, ids: Collection[int], current: int | None = None, ordered: Sequence[int] | None = None
    ) -> None:
        """Select the rows of these ids, as far as they are shown, and put the focus on `current`."""
        if not ids and current is None:
            return
        model = self.table_model()
        known = ordered if ordered is not None else model.ids
        chosen = frozenset(ids)
        selection = QItemSelection()
        for top, bottom in _runs([place for place, id_ in enumerate(known) if id_ in chosen]):
            selection.select(model.index(top, 0), model.index(bottom, model.columnCount() - 1))
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if current is not None and current in known:
            focus = model.index(known.index(current), self._first_column())
            self.selectionModel().setCurrentIndex(focus, QItemSelectionModel.SelectionFlag.NoUpdate)

    def _first_column(self) -> int:
        return next((place for place in range(len(self._columns)) if not self.isColumnHidden(place)), 0)

    @Slot()
    def _on_selection_changed(self) -> None:
        self.selection_counted.emit(len(self._selected_places()))

    @Slot(QModelIndex)
    def _on_current_changed(self, current: QModelIndex) -> None:
        self.current_id_changed.emit(self.table_model().id_at(current.row()) if current.isValid() else None)

    @Slot(QModelIndex)
    def _on_double_clicked(self, index: QModelIndex) -> None:
        self.activated_id.emit(self.table_model().id_at(index.row()))

    @Slot()
    def _on_model_reset(self) -> None:
        self.empty.setVisible(self.table_model().rowCount() == 0)

    def say_empty(self, emptiness: Emptiness) -> None:
        """Say why there is nothing, for when there is nothing; the button's signal is `empty.step_clicked`."""
        self.empty.say(emptiness)

    # ---- copying

    def copy_selection(self, with_header: bool = False) -> None:
        """Put the selected rows, visible columns in their order, on the clipboard: text with tabs, and a table."""
        places = self._shown_places()
        model = self.table_model()
        rows = [
            [column.text(row) for column in (self._columns[place] for place in places)]
            for row in (model.row_at(place) for place in self._selected_places())
            if row is not None
        ]
        if with_header:
            rows.insert(0, [self._columns[place].title for place in places])
        if rows:
            QGuiApplication.clipboard().setMimeData(_as_mime(rows))

    def shown_columns(self) -> "list[Column[Row]]":
        """The columns that are shown, in the order in which they stand; those that just have no room are among them."""
        return [self._columns[place] for place in self._shown_places()]

    def _shown_places(self) -> list[int]:
        header = self.horizontalHeader()
        ordered = (header.logicalIndex(visual) for visual in range(header.count()))
        return [place for place in ordered if self._columns[place].key not in self._arrangement.hidden]

    def _selected_places(self) -> list[int]:
        chosen = self.selectionModel().selection()
        spans = (chosen.at(number) for number in range(chosen.size()))
        return sorted({place for span in spans for place in range(span.top(), span.bottom() + 1)})

    # ---- keys and menu

    _JUMPS: ClassVar[dict[Qt.Key, bool]] = {Qt.Key.Key_Home: True, Qt.Key.Key_End: False}

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Delete archives, Ctrl+C copies, Home and End go to the first and last row."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_selection()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current_id is not None:
            self.activated_id.emit(self.current_id)
        elif event.key() == Qt.Key.Key_Delete and (ids := self.selected_ids()):
            self.archive_requested.emit(ids)
        elif event.key() in self._JUMPS and event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.ControlModifier,
        ):
            self._go_to(0 if self._JUMPS[Qt.Key(event.key())] else self.table_model().rowCount() - 1)
        else:
            super().keyPressEvent(event)

    def _go_to(self, place: int) -> None:
        index = self.table_model().index(place, self._first_column())
        if index.isValid():
            self.setCurrentIndex(index)

    def contextMenuEvent(self, event: Any) -> None:
        """Copying, and whatever the page adds."""
        menu = self.context_menu()
        menu.popup(event.globalPos())

    def context_menu(self) -> QMenu:
        """The menu of the selected rows; the page adds its own through `menu_requested`."""
        menu = QMenu(self)
        menu.setObjectName("rowMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.menu_requested.emit(menu, self.selected_ids())
        if menu.actions():
            menu.addSeparator()
        menu.addAction("复制\tCtrl+C").triggered.connect(self._on_copy)
        menu.addAction("复制（含表头）").triggered.connect(self._on_copy_with_header)
        return menu

    @Slot()
    def _on_copy(self) -> None:
        self.copy_selection()

    @Slot()
    def _on_copy_with_header(self) -> None:
        self.copy_selection(with_header=True)

    # ---- painting

    def visible_places(self) -> range:
        """The rows in sight."""
        first = self.rowAt(0)
        if first < 0:
            return range(0)
        last = self.rowAt(self.viewport().height() - 1)
        return range(first, (last if last >= 0 else self.table_model().rowCount() - 1) + 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Rows, then a hairline under each."""
        super().paintEvent(event)
        with QPainter(self.viewport()) as painter:
            painter.setPen(theme.token("line"))
            width = self.viewport().width()
            for place in self.visible_places():
                bottom = self.rowViewportPosition(place) + self.rowHeight(place) - 1
                painter.drawLine(0, bottom, width, bottom)
            if self._marked is not None:
                self._draw_mark(painter, self._marked)

    def mark_place(self, place: int | None) -> None:
        """Draw a frame around a row: what is dragged over it would be dropped on it."""
        if place != self._marked:
            self._marked = place
            self.viewport().update()

    def _draw_mark(self, painter: QPainter, place: int) -> None:
        thick = theme.size(2)
        frame = QRect(0, self.rowViewportPosition(place), self.viewport().width(), self.rowHeight(place))
        painter.setPen(QPen(theme.token("accent"), thick))
        painter.drawRect(frame.adjusted(thick // 2, thick // 2, -thick, -thick))

    def changeEvent(self, event: QEvent) -> None:
        """Larger type asks for higher rows."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self.model() is not None:
            self.arrange()


def _runs(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Neighbouring places as spans: Qt's selections grow slow with the number of spans, not of rows."""
    for _, group in groupby(enumerate(places), key=lambda pair: pair[1] - pair[0]):
        run = [place for _, place in group]
        yield run[0], run[-1]


def _mime_of_qt() -> QMimeData:
    """An empty `QMimeData` that Qt made, not Python.

    The clipboard outlives the interpreter: one made in Python would be destroyed after Python has gone, and the program
    would crash at exit whenever something had been copied.
    """
    model = QStringListModel([""])
    mime = model.mimeData([model.index(0)])
    for kind in mime.formats():
        mime.removeFormat(kind)
    return mime


def _as_mime(rows: list[list[str]]) -> QMimeData:
    """Tabs for anything; a table whose cells are text, so that Excel keeps an 18-digit code as it is."""
    mime = _mime_of_qt()
    mime.setText("\n".join("\t".join(" ".join(cell.split()) for cell in row) for row in rows) + "\n")
    cells = ("".join(f"<td style=\"mso-number-format:'\\@'\">{html.escape(cell)}</td>" for cell in row) for row in rows)
    mime.setHtml("<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>")
    return mime


class DataTable(Table[Row]):
    """A table over row ids. `set_ids` keeps the selection by id and the place it is scrolled to."""

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        fetch: Callable[[Sequence[int]], Sequence[Row]],
        name: str,
        store: Store | None = None,
        parent: QWidget | None = None,
    ) -> None:
        self._paged = PagedTableModel(columns, fetch)
        super().__init__(self._paged, name, store, parent)
        self._paged.setParent(self)

    def set_ids(self, ids: Sequence[int]) -> None:
        """Show these rows; what was selected and is still there stays selected, and the view stays where it was."""
        selected, current = set(self.selected_ids()), self.current_id
        scroll = self.verticalScrollBar().value()
        is_same = len(ids) == len(self._paged.ids) and bool(ids) and ids[0] == self._paged.ids[0]
        self._paged.set_ids(ids)
        if selected or current is not None:
            self.select_ids(selected, current, ids)
        if is_same or selected:
            self.verticalScrollBar().setValue(scroll)

    @property
    def ids(self) -> Sequence[int]:
        """The ids shown."""
        return self._paged.ids

    def paintEvent(self, event: QPaintEvent) -> None:
        """Have the rows in sight at hand before Qt asks cell by cell."""
        if places := self.visible_places():
            self._paged.load(places.start, places.stop - 1)
        super().paintEvent(event)


class SimpleTable(Table[Row]):
    """A table over a short list of rows, sorted here by the text of a column when a header is clicked."""

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        name: str,
        identify: Callable[[Row], int] | None = None,
        store: Store | None = None,
        parent: QWidget | None = None,
    ) -> None:
        self._listed: ListTableModel[Row] = ListTableModel(columns, identify)
        super().__init__(self._listed, name, store, parent)
        self._listed.setParent(self)
        self.sort_requested.connect(self._on_sort_requested)

    @property
    def rows(self) -> Sequence[Row]:
        """The rows shown."""
        return self._listed.rows

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows; with `identify`, the selection is kept by id."""
        selected, current = set(self.selected_ids()), self.current_id
        scroll = self.verticalScrollBar().value()
        self._listed.set_rows(rows)
        self.select_ids(selected, current)
        self.verticalScrollBar().setValue(scroll)

    @Slot(str, Qt.SortOrder)
    def _on_sort_requested(self, key: str, order: Qt.SortOrder) -> None:
        column = next(column for column in self._columns if column.key == key)
        self.set_rows(sorted(self.rows, key=column.text, reverse=order is Qt.SortOrder.DescendingOrder))
