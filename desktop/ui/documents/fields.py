"""The fields of an official form as fields of the window. Each gives its value as the form keeps it: plain words and lists."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPixmap, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFileDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop.domain import form as forms
from desktop.domain.form import FieldType
from desktop.system.drafts import Plain
from desktop.ui import theme
from desktop.ui.widgets.fields import DateField, Field, LongTextField, MultiCheckField, Option, TextField, read_day
from desktop.ui.widgets.section import button, labelled, row

LONGEST = 4000
MOMENT_SAYS = "看不懂这个时间，可以写 2026-4-16 9:30；只知道日期的，写日期。"
GRID_LINES = 4
THUMB = 120


class WordsField(TextField):
    """One line of words; what comes as a list is shown with 、 and given back as one where `is_list`."""

    def __init__(self, placeholder: str = "", is_list: bool = False) -> None:
        super().__init__(placeholder, LONGEST)
        self._is_list = is_list

    def value(self) -> Any:
        """The words, or the list of them."""
        words = super().value()
        return [each.strip() for each in re.split(r"[、，,；;]", words) if each.strip()] if self._is_list else words

    def set_value(self, value: object) -> None:
        """Show them."""
        super().set_value("、".join(map(str, value)) if isinstance(value, list | tuple) else value)


class DayField(DateField):
    """A day; a form keeps it as 2026-04-16 (`as_kept`)."""

    def set_value(self, value: object) -> None:
        """Show an ISO day or a date; other words as they are, to be mended."""
        day = value if isinstance(value, date) else _iso(str(value or ""))
        if day is None and value:
            self.retype(str(value))
        else:
            super().set_value(day)


def as_kept(value: Any) -> Any:
    """A value as a form keeps it: days as ISO, also inside lists and pairs."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: as_kept(each) for key, each in value.items()}
    return [as_kept(each) for each in value] if isinstance(value, list | tuple) else value


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def read_moment(text: str, today: date) -> str | None:
    """`2026-04-16 9:30` or `4月16日9时30分` as 2026-04-16T09:30; a day alone stays a day; None when it is neither."""
    found = re.search(r"(?P<h>\d{1,2})\s*[:：时点]\s*(?P<m>\d{1,2})?\s*分?\s*$", text)
    day = read_day((text[: found.start()] if found else text).replace("T", " ").strip(), today)
    if day is None:
        return None
    if found is None:
        return day.isoformat()
    hour, minute = int(found["h"]), int(found["m"] or 0)
    return f"{day.isoformat()}T{hour:02d}:{minute:02d}" if hour < 24 and minute < 60 else None


class MomentField(Field):
    """A day with hour and minute; the hours may wait for the pen."""

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__()
        self._today = today
        self._line = QLineEdit(placeholderText="年-月-日 时:分")
        self._line.textChanged.connect(self.changed)
        self._line.editingFinished.connect(self._on_editing_finished)
        self._hold(self._line)

    def value(self) -> Any:
        """As ISO; empty when there is none."""
        words = self._line.text().strip()
        return read_moment(words, self._today()) if words else ""

    def set_value(self, value: object) -> None:
        """Show one."""
        with QSignalBlocker(self._line):
            self._line.setText(str(value or "").replace("T", " "))

    def problem(self) -> str:
        """What can be typed here."""
        return MOMENT_SAYS if self.value() is None else ""

    def typed(self) -> Plain:
        """The line as it is."""
        return self._line.text()

    def retype(self, typed: Plain) -> None:
        """The line again."""
        self.set_value(typed)

    @Slot()
    def _on_editing_finished(self) -> None:
        if value := self.value():
            self.set_value(value)


class SeveralField(Field):
    """Fields that stand beside or under one another and make one value: several of a kind, or two ends."""

    def __init__(
        self, parts: Sequence[Field], keys: Sequence[str] = (), words: str = "", is_stacked: bool = False
    ) -> None:
        super().__init__()
        self.parts = tuple(parts)
        self._keys = tuple(keys)
        whole = QWidget()
        box: Any = QVBoxLayout() if is_stacked else row()
        box.setContentsMargins(0, 0, 0, 0)
        for place, part in enumerate(self.parts):
            if place and words:
                box.addWidget(labelled(words, "label"))
            box.addWidget(part)
            part.changed.connect(self.changed)
            part.left.connect(self.left)
        whole.setLayout(box)
        whole.setFocusProxy(self.parts[0].editor)
        self._hold(whole)

    def name(self, label: str, key: str) -> None:
        """Each part has its place in its name."""
        super().name(label, key)
        for place, part in enumerate(self.parts, 1):
            part.name(f"{label} {place}", f"{key}_{place}")

    def value(self) -> Any:
        """The ends by their keys, or a list; empty when no part has anything."""
        values = [part.value() for part in self.parts]
        if not any(values):
            return {} if self._keys else []
        return dict(zip(self._keys, (each or "" for each in values), strict=True)) if self._keys else values

    def set_value(self, value: object) -> None:
        """Show them; a single value is the first."""
        if self._keys:
            known = value if isinstance(value, dict) else {}
            values = [known.get(key, "") for key in self._keys]
        else:
            values = list(value) if isinstance(value, list | tuple) else [value or ""]
        for part, each in zip(self.parts, [*values, *[""] * len(self.parts)], strict=False):
            part.set_value(each)

    def problem(self) -> str:
        """Of the first part that has one."""
        return next((part.problem() for part in self.parts if part.problem()), "")

    def typed(self) -> Plain:
        """Each part's own."""
        return [part.typed() for part in self.parts]

    def retype(self, typed: Plain) -> None:
        """Each part again."""
        for part, each in zip(self.parts, typed or (), strict=False):
            part.retype(each)

    def told(self, typed: Plain) -> str:
        """Together."""
        return "、".join(part.told(each) for part, each in zip(self.parts, typed or (), strict=False))

    def set_invalid(self, is_invalid: bool) -> None:
        """Mark the parts that cannot be understood."""
        for part in self.parts:
            part.set_invalid(is_invalid and bool(part.problem()))


class LinesField(LongTextField):
    """One value a line. One line alone is given as words where `is_single`, several always as a list."""

    def __init__(self, placeholder: str, lines: int, is_single: bool = False, read: Callable[[str], str] = str) -> None:
        super().__init__(placeholder, lines)
        self._is_single = is_single
        self._read = read

    def value(self) -> Any:
        """The lines that say anything."""
        lines = [self._read(line.strip()) for line in super().value().splitlines() if line.strip()]
        return (lines[0] if len(lines) == 1 else lines) if self._is_single and lines else (lines or "")

    def set_value(self, value: object) -> None:
        """A line for each; a break inside one becomes a blank."""
        lines = value if isinstance(value, list | tuple) else [value or ""]
        is_text = isinstance(value, str)
        super().set_value(value if is_text else "\n".join(" ".join(str(each).split("\n")) for each in lines))


class SuggestField(Field):
    """One of a few, or other words: forms leave a line for what nobody foresaw."""

    def __init__(self, choices: Sequence[str]) -> None:
        super().__init__()
        self._combo = _CalmCombo()
        self._combo.setEditable(True)
        self._combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._combo.addItems(["", *choices])
        self._combo.currentTextChanged.connect(self.changed)
        self._hold(self._combo)

    def value(self) -> str:
        """The words."""
        return self._combo.currentText().strip()

    def set_value(self, value: object) -> None:
        """Show them."""
        with QSignalBlocker(self._combo):
            self._combo.setCurrentText(str(value or ""))

    def typed(self) -> str:
        """The words."""
        return self._combo.currentText()

    def retype(self, typed: Plain) -> None:
        """The words again."""
        self.set_value(typed)


class _CalmCombo(QComboBox):
    """The wheel scrolls the form, never a choice that merely lies under the pointer."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave it to the form."""
        event.ignore()


class TicksField(MultiCheckField):
    """Ticks among a few words, as a list."""

    def __init__(self, choices: Sequence[str]) -> None:
        super().__init__([Option(each, each) for each in choices], 1)

    def value(self) -> Any:
        """The words ticked."""
        return [str(each) for each in super().value()]


class _Grid(QTableWidget):
    """Enter goes down and adds a row at the end, Tab to the next cell and out at the end; a block may be pasted."""

    def __init__(self, columns: Sequence[str]) -> None:
        super().__init__(0, len(columns))
        self.setHorizontalHeaderLabels(list(columns))
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setHighlightSections(False)
        self.verticalHeader().setDefaultSectionSize(theme.size(theme.ROW))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setWordWrap(True)
        self.setFixedHeight(theme.size(theme.HEADER + theme.ROW * GRID_LINES + 8))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of a grid."""
        is_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if self.state() is QAbstractItemView.State.EditingState:
            super().keyPressEvent(event)
        elif event.matches(QKeySequence.StandardKey.Paste):
            self._paste()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.go_on()
        elif event.key() == Qt.Key.Key_Delete and is_control:
            self.remove_current()
        elif event.key() == Qt.Key.Key_Delete and (item := self.currentItem()) is not None:
            item.setText("")
        else:
            super().keyPressEvent(event)

    def go_on(self) -> None:
        """To the next row, which is added where there is none."""
        place = self.currentRow() + 1
        if place >= self.rowCount():
            self.add_row([""] * self.columnCount())
            place = self.rowCount() - 1
        self.setCurrentCell(place, 0)
        self.editItem(self.item(place, 0))

    def add_row(self, cells: Sequence[str]) -> None:
        """A row at the end."""
        place = self.rowCount()
        self.insertRow(place)
        for at in range(self.columnCount()):
            self.setItem(place, at, QTableWidgetItem(cells[at] if at < len(cells) else ""))

    def remove_current(self) -> None:
        """Take the current row out."""
        if self.currentRow() >= 0:
            self.removeRow(self.currentRow())
            self.cellChanged.emit(0, 0)

    def _paste(self) -> None:
        lines = [line.split("\t") for line in QGuiApplication.clipboard().text().rstrip("\n").splitlines()]
        first_row, first_column = max(self.currentRow(), 0), max(self.currentColumn(), 0)
        for down, cells in enumerate(lines):
            if first_row + down >= self.rowCount():
                self.add_row([])
            for across, words in enumerate(cells):
                if (item := self.item(first_row + down, first_column + across)) is not None:
                    item.setText(words.strip())

    def rows(self) -> list[list[str]]:
        """The rows that say anything."""
        found = [
            [item.text().strip() if (item := self.item(place, at)) else "" for at in range(self.columnCount())]
            for place in range(self.rowCount())
        ]
        return [cells for cells in found if any(cells)]


class RowsField(Field):
    """A list of rows: what was seized, who was heard, question and answer."""

    def __init__(self, columns: Sequence[str]) -> None:
        super().__init__()
        self.grid = _Grid(columns)
        self.grid.cellChanged.connect(self.changed)
        whole = QWidget()
        box = QVBoxLayout(whole)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.size(4))
        box.addWidget(self.grid)
        self._add = button("加一行", self.grid.go_on, "flat", "plus", "addRow")
        self._remove = button("删除这一行", self.grid.remove_current, "flat", "trash", "removeRow")
        hint = labelled("可从 Excel、WPS 整块粘贴", "quiet")
        box.addLayout(row(hint, 1, self._remove, self._add))
        whole.setFocusProxy(self.grid)
        self._hold(whole)

    def name(self, label: str, key: str) -> None:
        """The grid itself is what a screen reader reads."""
        super().name(label, key)
        self.grid.setObjectName(f"grid_{key}")
        self.grid.setAccessibleName(label)

    def value(self) -> Any:
        """The rows."""
        return self.grid.rows()

    def set_value(self, value: object) -> None:
        """Show these rows."""
        with QSignalBlocker(self.grid):
            self.grid.setRowCount(0)
            for cells in value if isinstance(value, list | tuple) else ():
                self.grid.add_row([str(each or "") for each in cells])

    def typed(self) -> Plain:
        """The rows."""
        return [list(cells) for cells in self.grid.rows()]

    def retype(self, typed: Plain) -> None:
        """The rows again."""
        self.set_value(typed)

    def told(self, typed: Plain) -> str:
        """How many."""
        return f"{len(typed or ())} 行"


class PictureField(Field):
    """A photograph, kept by its hash; `keep` takes a file in and `read` gives its content."""

    def __init__(self, keep: Callable[[Path], str | None], read: Callable[[str], bytes]) -> None:
        super().__init__()
        self._keep = keep
        self._read = read
        self._sha256 = ""
        self._shown = QLabel("还没有照片")
        theme.set_role(self._shown, "quiet")
        self._choose = button("选择照片…", self._on_choose, icon="import", name="choosePicture")
        self._drop = button("去掉", self._on_drop, "flat", name="dropPicture")
        whole = QWidget()
        whole.setLayout(row(self._shown, 1, self._drop, self._choose))
        whole.setFocusProxy(self._choose)
        self._hold(whole)

    def value(self) -> str:
        """The hash; empty without a picture."""
        return self._sha256

    def set_value(self, value: object) -> None:
        """Show a picture that was kept."""
        self._sha256 = str(value or "")
        picture = QPixmap()
        if self._sha256 and picture.loadFromData(self._read(self._sha256)):
            self._shown.setPixmap(picture.scaledToHeight(theme.size(THUMB), Qt.TransformationMode.SmoothTransformation))
        else:
            self._shown.setText("照片打不开" if self._sha256 else "还没有照片")
        self._drop.setVisible(bool(self._sha256))

    def typed(self) -> str:
        """The hash."""
        return self._sha256

    def retype(self, typed: Plain) -> None:
        """The picture again."""
        self.set_value(typed)

    def told(self, typed: Plain) -> str:
        """Whether there is one."""
        return "有照片" if typed else ""

    @Slot()
    def _on_choose(self) -> None:
        dialog = QFileDialog(self, "选择照片", "", "照片 (*.jpg *.jpeg *.png *.bmp)")
        dialog.setObjectName("pictureDialog")
        dialog.fileSelected.connect(self.take)
        dialog.open()

    @Slot(str)
    def take(self, name: str) -> None:
        """Take a file in and show it."""
        kept = self._keep(Path(name))
        if kept is not None:
            self.set_value(kept)
            self.changed.emit()

    @Slot()
    def _on_drop(self) -> None:
        self.set_value("")
        self.changed.emit()


# ---- which field for which


def field_for(
    field: forms.Field,
    today: Callable[[], date],
    keep: Callable[[Path], str | None],
    read: Callable[[str], bytes],
    *,
    is_repeated: bool = False,
    is_picked: bool = False,
) -> Field:
    """The field of the window for one of a form.

    `is_repeated`: its phrase is printed once for each value. `is_picked`: one of the choices is printed in its place.
    """
    if is_repeated:
        is_day = field.type is FieldType.DATE
        hint = "一行一个；期限不同的分行写"
        return LinesField(hint, 2, is_single=True, read=partial(_day_or_words, today) if is_day else str)
    if field.count > 1:
        make = partial(DayField, today) if field.type is FieldType.DATE else WordsField
        return SeveralField([make() for _ in range(field.count)])
    return _single(field, today, keep, read, is_picked)


def _day_or_words(today: Callable[[], date], words: str) -> str:
    day = read_day(words, today())
    return day.isoformat() if day else words


def _single(
    field: forms.Field,
    today: Callable[[], date],
    keep: Callable[[Path], str | None],
    read: Callable[[str], bytes],
    is_picked: bool,
) -> Field:
    match field.type:
        case FieldType.DATE | FieldType.DATE_IN_CHARACTERS:
            return DayField(today)
        case FieldType.MOMENT:
            return MomentField(today)
        case FieldType.PERIOD:
            return SeveralField([MomentField(today), MomentField(today)], ("from", "to"), "至")
        case FieldType.DATES:
            return SeveralField([DayField(today), DayField(today)], ("from", "to"), "至")
        case FieldType.CHECKS if not is_picked:
            return TicksField(field.choices)
        case FieldType.CHOICE | FieldType.CHECKS:
            return SuggestField(field.choices)
        case FieldType.LONG_TEXT:
            return LongTextField(lines=5)
        case FieldType.ITEMS:
            return LinesField("一行一条，打印时自动编号", 6)
        case FieldType.DIALOGUE:
            return RowsField(("问", "答"))
        case FieldType.TABLE:
            return RowsField(field.columns)
        case FieldType.PICTURE:
            return PictureField(keep, read)
        case FieldType.OFFICERS:
            return WordsField("多人用“、”隔开", is_list=True)
        case FieldType.MONTH:
            return WordsField("例如 1985-06")
        case FieldType.MONEY_IN_CAPITALS:
            return WordsField("填数字，例如 20000，打印成大写")
        case _:
            return WordsField()
