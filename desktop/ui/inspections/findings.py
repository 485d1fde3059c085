"""The findings of an inspection as a grid to type in, as in Excel: Enter goes on to the next line, a new one at the end."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desktop import text
from desktop.domain.hazard import HazardLevel
from desktop.services.inspections import Finding
from desktop.system.drafts import Plain
from desktop.ui import theme
from desktop.ui.theme import Meaning
from desktop.ui.widgets.fields import Field
from desktop.ui.widgets.section import button, labelled, row

Index = QModelIndex | QPersistentModelIndex

_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_EDIT = int(Qt.ItemDataRole.EditRole)
_CHECK = int(Qt.ItemDataRole.CheckStateRole)
_FOREGROUND = int(Qt.ItemDataRole.ForegroundRole)
_TOOLTIP = int(Qt.ItemDataRole.ToolTipRole)

KEYS_SAID = "Enter 下一条 · Tab 下一格 · Ctrl+Delete 删除这一条 · 可从 Excel 整块粘贴"
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class FindingColumn:
    """A column of the grid over one field of `Finding`."""

    key: str
    title: str
    width: int


COLUMNS = (
    FindingColumn("description", "隐患描述", 260),
    FindingColumn("level", "级别", 60),
    FindingColumn("location", "部位", 92),
    FindingColumn("basis", "依据条款", 124),
    FindingColumn("measures", "整改措施", 130),
    FindingColumn("person_in_charge", "责任人", 68),
    FindingColumn("is_cleared", "当场整改", 74),
)
DESCRIPTION = 0
BLANK = Finding("")


class FindingsModel(QAbstractTableModel):
    """Lines of findings; an empty last line is only paper and is no finding."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[Finding] = [BLANK]

    # ---- lines

    def findings(self) -> tuple[Finding, ...]:
        """What was written: lines with anything in them."""
        return tuple(line for line in self._lines if line != BLANK)

    def lines(self) -> tuple[Finding, ...]:
        """Every line in its place, empty ones included."""
        return tuple(self._lines)

    def set_findings(self, findings: Sequence[Finding]) -> None:
        """Show these, with an empty line to go on."""
        self.beginResetModel()
        self._lines = [*findings, BLANK]
        self.endResetModel()

    def append_line(self) -> None:
        """A new empty line at the end, unless the last one is empty still."""
        if self._lines and self._lines[-1] == BLANK:
            return
        place = len(self._lines)
        self.beginInsertRows(QModelIndex(), place, place)
        self._lines.append(BLANK)
        self.endInsertRows()

    def remove_line(self, place: int) -> None:
        """Take a line out; there is always one to write on."""
        self.beginRemoveRows(QModelIndex(), place, place)
        del self._lines[place]
        self.endRemoveRows()
        if not self._lines:
            self.append_line()
        self.edited.emit()

    def paste(self, place: int, first: int, cells: Sequence[Sequence[str]]) -> None:
        """Put a block of cells from a sheet in, beginning at a cell."""
        self.beginResetModel()
        for offset, values in enumerate(cells):
            while place + offset >= len(self._lines):
                self._lines.append(BLANK)
            for key, value in zip((column.key for column in COLUMNS[first:]), values, strict=False):
                self._lines[place + offset] = _with(self._lines[place + offset], key, value)
        if self._lines[-1] != BLANK:
            self._lines.append(BLANK)
        self.endResetModel()
        self.edited.emit()

    # ---- Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 — Qt's own default
        """The lines, the empty one included."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """The columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        """Titles across, numbers down."""
        if role != _DISPLAY:
            return None
        return COLUMNS[section].title if orientation is Qt.Orientation.Horizontal else str(section + 1)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Every cell is typed in; 当场整改 is a tick."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        base = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        is_tick = COLUMNS[index.column()].key == "is_cleared"
        return base | (Qt.ItemFlag.ItemIsUserCheckable if is_tick else Qt.ItemFlag.ItemIsEditable)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        """What a cell shows, or is edited as."""
        if not index.isValid():
            return None
        line, key = self._lines[index.row()], COLUMNS[index.column()].key
        if key == "is_cleared":
            return (Qt.CheckState.Checked if line.is_cleared else Qt.CheckState.Unchecked) if role == _CHECK else None
        if role == _FOREGROUND and key == "level" and line.level is HazardLevel.MAJOR:
            return theme.ink(Meaning.OVERDUE)
        if role not in (_DISPLAY, _EDIT, _TOOLTIP):
            return None
        value = getattr(line, key)
        if key == "level":
            return value if role == _EDIT else ("" if line == BLANK else text.label(value))
        return value

    def setData(self, index: Index, value: Any, role: int = _EDIT) -> bool:
        """Take what was typed or ticked."""
        key = COLUMNS[index.column()].key
        if key == "is_cleared":
            value = Qt.CheckState(value) is Qt.CheckState.Checked if role == _CHECK else bool(value)
        if key == "level":
            value = HazardLevel(value)
        elif isinstance(value, str):
            value = value.strip()
        changes: dict[str, Any] = {key: value}
        line = replace(self._lines[index.row()], **changes)
        if line == self._lines[index.row()]:
            return False
        self._lines[index.row()] = line
        self.dataChanged.emit(self.index(index.row(), 0), self.index(index.row(), len(COLUMNS) - 1))
        self.edited.emit()
        return True


def _with(line: Finding, key: str, value: str) -> Finding:
    words = value.strip()[:LONGEST]
    if key == "level":
        return replace(line, level=HazardLevel.MAJOR if "重大" in words else HazardLevel.GENERAL)
    if key == "is_cleared":
        return replace(line, is_cleared=words in ("是", "√", "✓", "已整改", "当场整改"))
    changes: dict[str, Any] = {key: words}
    return replace(line, **changes)


class CellDelegate(QStyledItemDelegate):
    """一般 or 重大 from a list of two; everything else as words."""

    typing = Signal()
    """Words are being typed into a cell that is still open."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._open: tuple[int, str, QLineEdit] | None = None

    @property
    def open_cell(self) -> tuple[int, str, str] | None:
        """Line, column and words of the cell that is being typed in."""
        return (*self._open[:2], self._open[2].text().strip()) if self._open else None

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A list for the level."""
        if COLUMNS[index.column()].key != "level":
            editor = super().createEditor(parent, option, index)
            if isinstance(editor, QLineEdit):
                editor.textEdited.connect(self.typing)
                self._open = index.row(), COLUMNS[index.column()].key, editor
            return editor
        combo = QComboBox(parent)
        for level in HazardLevel:
            combo.addItem(text.label(level), level)
        combo.activated.connect(self._on_chosen)
        return combo

    def destroyEditor(self, editor: QWidget, index: Index) -> None:
        """Nothing is being typed any more."""
        self._open = None
        super().destroyEditor(editor, index)

    @Slot(int)
    def _on_chosen(self) -> None:
        combo = self.sender()
        assert isinstance(combo, QComboBox)
        self.commitData.emit(combo)
        self.closeEditor.emit(combo, QAbstractItemDelegate.EndEditHint.NoHint)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Show what is there, and open the list at once."""
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(list(HazardLevel).index(index.data(_EDIT)))
        else:
            super().setEditorData(editor, index)

    def setModelData(self, editor: QWidget, model: Any, index: Index) -> None:
        """Hand over what was chosen or typed."""
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentData())
        else:
            super().setModelData(editor, model, index)


class FindingsGrid(QTableView):
    """The view: it minds Enter, Tab, Space, Ctrl+Delete and Ctrl+V, and lets Tab out at its end."""

    def __init__(self, model: FindingsModel) -> None:
        super().__init__()
        self.lines = model
        self.setModel(model)
        self.cells = CellDelegate(self)
        self.setItemDelegate(self.cells)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.SelectedClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setTabKeyNavigation(False)
        self.setWordWrap(True)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        for place, column in enumerate(COLUMNS):
            self.setColumnWidth(place, theme.size(column.width))
        header.setSectionResizeMode(DESCRIPTION, QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setDefaultSectionSize(theme.size(40))
        self.verticalHeader().setFixedWidth(theme.size(32))
        self.setCurrentIndex(model.index(0, DESCRIPTION))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of a grid. While a cell is being edited its editor has them."""
        if self.state() is QAbstractItemView.State.EditingState:
            event.accept()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.go_on()
        elif event.key() == Qt.Key.Key_Delete and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.remove_current()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._step(1 if event.key() == Qt.Key.Key_Tab else -1)
        elif event.key() == Qt.Key.Key_Space and COLUMNS[self.currentIndex().column()].key == "level":
            self._turn_level()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Tab goes from cell to cell, and out at either end."""
        return self._step(1 if is_next else -1)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Enter in a cell goes on to the next line, Tab to the next cell."""
        super().closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)
        if hint is QAbstractItemDelegate.EndEditHint.SubmitModelCache:
            self.go_on()
        elif hint is QAbstractItemDelegate.EndEditHint.EditNextItem:
            self._step(1)
        elif hint is QAbstractItemDelegate.EndEditHint.EditPreviousItem:
            self._step(-1)

    def go_on(self) -> None:
        """To the description of the next line, which is added where there is none."""
        place = self.currentIndex().row()
        if place == self.lines.rowCount() - 1:
            self.lines.append_line()
        target = self.lines.index(min(place + 1, self.lines.rowCount() - 1), DESCRIPTION)
        self.setCurrentIndex(target)
        self.edit(target)

    def remove_current(self) -> None:
        """Take the current line out."""
        if self.currentIndex().isValid():
            place = self.currentIndex().row()
            self.lines.remove_line(place)
            self.setCurrentIndex(self.lines.index(min(place, self.lines.rowCount() - 1), DESCRIPTION))

    def paste(self) -> None:
        """A block of cells from the clipboard, from the current cell on."""
        cells = [line.split("\t") for line in QGuiApplication.clipboard().text().rstrip("\n").splitlines()]
        current = self.currentIndex()
        if cells and current.isValid():
            place, first = current.row(), current.column()
            self.lines.paste(place, first, cells)
            self.setCurrentIndex(self.lines.index(place + len(cells) - 1, first))

    def _turn_level(self) -> None:
        current = self.currentIndex()
        is_major = current.data(_EDIT) is HazardLevel.MAJOR
        self.lines.setData(current, HazardLevel.GENERAL if is_major else HazardLevel.MAJOR)

    def _step(self, by: int) -> bool:
        """To a neighbouring cell; past the ends the focus leaves the grid."""
        current = self.currentIndex()
        place = current.row() * len(COLUMNS) + current.column() + by
        if not current.isValid() or not 0 <= place < self.lines.rowCount() * len(COLUMNS):
            return super().focusNextPrevChild(by > 0)
        self.setCurrentIndex(self.lines.index(*divmod(place, len(COLUMNS))))
        return True


class FindingsField(Field):
    """The grid as a field of the form; its value is the findings."""

    def __init__(self) -> None:
        super().__init__()
        self._model = FindingsModel()
        self.grid = FindingsGrid(self._model)
        self._model.setParent(self.grid)
        self._model.edited.connect(self.changed)
        self.grid.cells.typing.connect(self.typing)
        self.grid.setFixedHeight(theme.size(36 + 40 * 5))
        whole = QWidget()
        box = QVBoxLayout(whole)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.size(6))
        box.addWidget(self.grid)
        add = button("加一条", self.grid.go_on, "flat", "plus", "addFinding")
        remove = button("删除这一条", self.grid.remove_current, "flat", "trash", "removeFinding")
        box.addLayout(row(labelled(KEYS_SAID, "quiet"), 1, remove, add))
        whole.setFocusProxy(self.grid)
        self._hold(whole)

    def value(self) -> tuple[Finding, ...]:
        """The findings written."""
        return self._model.findings()

    def set_value(self, value: object) -> None:
        """Show these findings."""
        items = value if isinstance(value, Sequence) else ()
        self._model.set_findings([item for item in items if isinstance(item, Finding)])
        self.grid.setCurrentIndex(self._model.index(0, DESCRIPTION))

    def typed(self) -> Plain:
        """The lines, the cell included that is being typed in."""
        lines = list(self._model.lines())
        if (cell := self.grid.cells.open_cell) is not None and cell[0] < len(lines):
            changes: dict[str, Any] = {cell[1]: cell[2]}
            lines[cell[0]] = replace(lines[cell[0]], **changes)
        return [asdict(line) for line in lines if line != BLANK]

    def retype(self, typed: Plain) -> None:
        """The lines again."""
        self.set_value([Finding(**{**each, "level": HazardLevel(each["level"])}) for each in typed])

    def told(self, typed: Plain) -> str:
        """What was found, in short."""
        return "；".join(str(each["description"] or "（未写描述）") for each in typed)

    def problem(self) -> str:
        """A line that says anything must say what was found."""
        missing = [number for number, line in enumerate(self.value(), 1) if not line.description]
        return f"第 {missing[0]} 条还没有写隐患描述。" if missing else ""

    def name(self, label: str, key: str) -> None:
        """The grid itself is what a screen reader reads."""
        super().name(label, key)
        self.grid.setObjectName("findings")
        self.grid.setAccessibleName(label)
