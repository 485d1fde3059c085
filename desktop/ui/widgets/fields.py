"""The fields of a form. Each holds one value, says `changed` when the user changed it and `left` when it was left.

Setting a value says nothing: filling a form must not look like typing in it.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import ClassVar

from PySide6.QtCore import QDate, QEvent, QObject, QPoint, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QCheckBox,
    QComboBox,
    QCompleter,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from desktop.system.drafts import Plain
from desktop.text import WEEKDAYS
from desktop.ui import theme
from desktop.ui.widgets.filter_bar import Popup
from desktop.ui.widgets.section import labelled


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose: `note` stands beside it (a code, an address), `problem` says why it should not be chosen."""

    value: object
    label: str
    note: str = ""
    problem: str = ""


class Field(QWidget):
    """Base of all fields. `editor` is the widget that takes the focus."""

    changed = Signal()
    left = Signal()
    typing = Signal()
    """Something was typed that is no value yet; only the draft wants to know."""

    IS_TYPED: ClassVar[bool] = True
    """Whether a person fills it in; what is worked out has no place in a draft."""

    editor: QWidget

    def value(self) -> object:
        """What it holds; None when there is nothing, or nothing that can be understood (`problem` then says so)."""
        raise NotImplementedError

    def set_value(self, value: object) -> None:
        """Show a value without saying `changed`."""
        raise NotImplementedError

    def problem(self) -> str:
        """Why what was typed cannot be understood, in a sentence; empty when it can."""
        return ""

    # ---- for the draft

    def typed(self) -> Plain:
        """What stands in it, half-typed words included, for a draft."""
        raise NotImplementedError

    def retype(self, typed: Plain) -> None:
        """Show again what `typed` gave, without saying `changed`; what no longer fits is left out."""
        raise NotImplementedError

    def told(self, typed: Plain) -> str:
        """What `typed` gave, as people read it."""
        return str(typed or "")

    def set_invalid(self, is_invalid: bool) -> None:
        """Mark it, or take the mark away."""
        if bool(self.editor.property("invalid")) != is_invalid:
            self.editor.setProperty("invalid", is_invalid)
            self.editor.style().unpolish(self.editor)
            self.editor.style().polish(self.editor)

    def name(self, label: str, key: str) -> None:
        """Give it the name that a screen reader says and a test looks for."""
        self.setObjectName(f"field_{key}")
        self.editor.setObjectName(f"edit_{key}")
        self.editor.setAccessibleName(label)

    def _hold(self, editor: QWidget, *beside: QWidget) -> None:
        self.editor = editor
        self.setFocusProxy(editor)
        editor.installEventFilter(self)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.size(theme.GAP))
        line.addWidget(editor, 1)
        for widget in beside:
            line.addWidget(widget)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Leaving by Tab or a click says `left`; a popup of its own does not."""
        if (
            event.type() == QEvent.Type.FocusOut
            and isinstance(event, QFocusEvent)
            and event.reason() is not Qt.FocusReason.PopupFocusReason
        ):
            self.left.emit()
        return False


class TextField(Field):
    """One line."""

    def __init__(self, placeholder: str = "", max_length: int = 200) -> None:
        super().__init__()
        self._line = QLineEdit(placeholderText=placeholder, maxLength=max_length)
        self._line.textChanged.connect(self.changed)
        self._hold(self._line)

    def value(self) -> str:
        """The words without blanks around them."""
        return self._line.text().strip()

    def set_value(self, value: object) -> None:
        """Show these words."""
        with QSignalBlocker(self._line):
            self._line.setText("" if value is None else str(value))

    def offer(self, words: Sequence[str]) -> None:
        """Words to choose from as one types; others may still be typed."""
        offered = QCompleter(list(words), self._line)
        offered.setFilterMode(Qt.MatchFlag.MatchContains)
        self._line.setCompleter(offered)

    def typed(self) -> str:
        """The line as it is."""
        return self._line.text()

    def retype(self, typed: Plain) -> None:
        """The line again."""
        self.set_value(typed)


class LongTextField(Field):
    """Several lines; Enter begins a new one, Tab goes on."""

    def __init__(self, placeholder: str = "", lines: int = 4) -> None:
        super().__init__()
        self._text = QPlainTextEdit(placeholderText=placeholder, tabChangesFocus=True)
        self._text.setFixedHeight(theme.size(20) * lines + theme.size(16))
        self._text.textChanged.connect(self.changed)
        self._hold(self._text)

    def value(self) -> str:
        """The words without blanks around them."""
        return self._text.toPlainText().strip()

    def set_value(self, value: object) -> None:
        """Show these words."""
        with QSignalBlocker(self._text):
            self._text.setPlainText("" if value is None else str(value))

    def typed(self) -> str:
        """The text as it is."""
        return self._text.toPlainText()

    def retype(self, typed: Plain) -> None:
        """The text again."""
        self.set_value(typed)


class _ReadField(Field):
    """A line that is read as something else than words."""

    SAYS = ""

    def __init__(self, placeholder: str, unit: str = "", width: int = 160) -> None:
        super().__init__()
        self._line = QLineEdit(placeholderText=placeholder, alignment=Qt.AlignmentFlag.AlignRight)
        self._line.setFixedWidth(theme.size(width))
        self._line.textChanged.connect(self.changed)
        self._line.editingFinished.connect(self._on_editing_finished)
        self._hold(self._line, *([labelled(unit, "label")] if unit else []))
        layout = self.layout()
        assert isinstance(layout, QHBoxLayout)
        layout.setStretch(0, 0)
        layout.addStretch(1)

    def problem(self) -> str:
        """What can be typed here."""
        return self.SAYS if self._line.text().strip() and self.value() is None else ""

    def typed(self) -> str:
        """The line as it is, understood or not."""
        return self._line.text()

    def retype(self, typed: Plain) -> None:
        """The line again."""
        with QSignalBlocker(self._line):
            self._line.setText(str(typed or ""))

    @Slot()
    def _on_editing_finished(self) -> None:
        if (value := self.value()) is not None:
            self.set_value(value)


def _plain(text: str) -> str:
    """Half-width, without blanks and thousands commas: as digits are read."""
    return re.sub(r"[\s,]", "", unicodedata.normalize("NFKC", text))


class NumberField(_ReadField):
    """A whole number."""

    SAYS = "请填写整数，例如 12。"

    def __init__(self, unit: str = "", lowest: int = 0, highest: int = 1_000_000_000) -> None:
        super().__init__("", unit, 120)
        self._lowest, self._highest = lowest, highest

    def value(self) -> int | None:
        """The number typed, if it is one within bounds."""
        text = _plain(self._line.text())
        if not re.fullmatch(r"[+-]?\d{1,12}", text):
            return None
        number = int(text)
        return number if self._lowest <= number <= self._highest else None

    def problem(self) -> str:
        """What can be typed here, with the bounds when they are what is wrong."""
        if re.fullmatch(r"[+-]?\d+", _plain(self._line.text())) and self.value() is None:
            return f"请填写 {self._lowest} 到 {self._highest} 之间的整数。"
        return super().problem()

    def set_value(self, value: object) -> None:
        """Show a number."""
        with QSignalBlocker(self._line):
            self._line.setText("" if value is None else str(value))


class MoneyField(_ReadField):
    """Money: 元 as typed (`2万`, `12,000.50`), integer 分 as held."""

    SAYS = "请填写金额，例如 20000 或 2万。"

    def __init__(self) -> None:
        super().__init__("", "元", 140)

    def value(self) -> int | None:
        """In 分; not negative, at most two decimals."""
        found = re.fullmatch(r"(\d+(?:\.\d+)?)(万)?元?", _plain(self._line.text()))
        if found is None:
            return None
        try:
            fen = Decimal(found[1]) * (10_000 if found[2] else 1) * 100
        except InvalidOperation:
            return None
        return int(fen) if fen == int(fen) else None

    def set_value(self, value: object) -> None:
        """Show 分 as 元."""
        with QSignalBlocker(self._line):
            self._line.setText(f"{value // 100:,}.{value % 100:02d}" if isinstance(value, int) else "")


_NEAR = {"今天": 0, "明天": 1, "后天": 2, "大后天": 3, "昨天": -1, "前天": -2}
_DAY = (
    r"(?P<y>\d{4})[-./年](?P<m>\d{1,2})[-./月](?P<d>\d{1,2})[日号]?",
    r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})",
    r"(?P<m>\d{1,2})[-./月](?P<d>\d{1,2})[日号]?",
)


def read_day(text: str, today: date) -> date | None:
    """A date as people type it: `2026.4.16`, `20260416`, `4月16日` of this year, `今天`, `+7`, `下周五`; else None."""
    typed = re.sub(r"周[一二三四五六日]$", "", _plain(text)) if re.match(r"\s*[\d０-９]", text) else _plain(text)
    if typed in _NEAR:
        return today + timedelta(days=_NEAR[typed])
    if re.fullmatch(r"[+-]\d{1,4}天?", typed):
        return today + timedelta(days=int(typed.rstrip("天")))
    if found := re.fullmatch(r"(本|这|下|下下)?(?:周|星期)([一二三四五六日天])", typed):
        weeks = {"下": 1, "下下": 2}.get(found[1] or "", 0)
        weekday = WEEKDAYS.index(found[2].replace("天", "日"))
        return today - timedelta(days=today.weekday()) + timedelta(weeks=weeks, days=weekday)
    for pattern in _DAY:
        if found := re.fullmatch(pattern, typed):
            parts = found.groupdict()
            return _day(int(parts.get("y") or today.year), int(parts["m"]), int(parts["d"]))
    return None


def _day(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


class DateField(_ReadField):
    """A day, typed in many ways or taken from a calendar (Alt+↓). Ctrl+; is today, ↑ and ↓ the next and the day before.

    `today` is asked each time, so that the field knows the business date; `marks` may tint days in the calendar.
    """

    SAYS = "看不懂这个日期，可以写 2026-4-16、20260416、今天、+7、下周五。"

    def __init__(self, today: Callable[[], date] = date.today) -> None:
        super().__init__("年-月-日", "", 168)
        self._today = today
        self._line.setAlignment(Qt.AlignmentFlag.AlignLeft)
        action = self._line.addAction(
            theme.icon("down", theme.Meaning.QUIET), QLineEdit.ActionPosition.TrailingPosition
        )
        theme.set_icon(action, "down", theme.Meaning.QUIET)
        action.setToolTip("打开日历（Alt+↓）")
        action.triggered.connect(self.open_calendar)

    def value(self) -> date | None:
        """The day that was typed."""
        return read_day(self._line.text(), self._today())

    def set_value(self, value: object) -> None:
        """Show a day as `2026-12-25 周五`."""
        with QSignalBlocker(self._line):
            self._line.setText(f"{value:%Y-%m-%d} 周{WEEKDAYS[value.weekday()]}" if isinstance(value, date) else "")

    @Slot()
    def open_calendar(self) -> None:
        """A month to choose from."""
        opened = CalendarPopup(self.value() or self._today(), self)
        opened.chosen.connect(self._on_day_chosen)
        opened.move(self._line.mapToGlobal(QPoint(0, self._line.height() + theme.size(4))))
        opened.show()

    @Slot(date)
    def _on_day_chosen(self, day: date) -> None:
        self._change(day)
        self._line.setFocus()

    def _change(self, day: date) -> None:
        self.set_value(day)
        self.changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys of a date."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._take_key(event):
            return True
        return super().eventFilter(watched, event)

    def _take_key(self, event: QKeyEvent) -> bool:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in (Qt.Key.Key_Semicolon, Qt.Key.Key_Colon) and modifiers & Qt.KeyboardModifier.ControlModifier:
            self._change(self._today())
        elif event.key() == Qt.Key.Key_Down and modifiers == Qt.KeyboardModifier.AltModifier:
            self.open_calendar()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and modifiers == Qt.KeyboardModifier.NoModifier:
            step = 1 if event.key() == Qt.Key.Key_Up else -1
            self._change((self.value() or self._today()) + timedelta(days=step if self.value() else 0))
        else:
            return False
        return True


class CalendarPopup(Popup):
    """A month; a click or Enter chooses a day."""

    chosen = Signal(date)

    def __init__(self, day: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("calendarPopup")
        self.month = QCalendarWidget()
        self.month.setObjectName("calendarMonth")
        self.month.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.month.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.month.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.SingleLetterDayNames)
        self.month.setSelectedDate(QDate(day.year, day.month, day.day))
        weekday = self.month.headerTextFormat()
        weekday.setForeground(theme.colour(theme.Meaning.QUIET))
        self.month.setHeaderTextFormat(weekday)
        for weekend in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            shown = self.month.weekdayTextFormat(weekend)
            shown.setForeground(theme.colour(theme.Meaning.QUIET))
            self.month.setWeekdayTextFormat(weekend, shown)
        self.month.setMinimumSize(theme.size(300), theme.size(240))
        self.month.clicked.connect(self._on_day)
        self.month.activated.connect(self._on_day)
        self.column.addWidget(self.month)
        self.month.setFocus()

    @Slot(QDate)
    def _on_day(self, day: QDate) -> None:
        if self.isVisible():
            self.close()
            self.chosen.emit(date(day.year(), day.month(), day.day()))


class ChoiceField(Field):
    """One of a few. For many, or with 简拼, take `PickField`."""

    def __init__(self, options: Sequence[Option], placeholder: str = "请选择") -> None:
        super().__init__()
        self._combo = _CalmCombo()
        self._combo.setPlaceholderText(placeholder)
        self._combo.setMaxVisibleItems(16)
        self.set_options(options)
        self._combo.currentIndexChanged.connect(self.changed)
        self._combo.currentIndexChanged.connect(self._show_emptiness)
        self._hold(self._combo)

    def set_options(self, options: Sequence[Option]) -> None:
        """Offer other options; what was chosen stays chosen if it is still there."""
        former = self.value() if self._combo.count() else None
        with QSignalBlocker(self._combo):
            self._combo.clear()
            for option in options:
                self._combo.addItem(f"{option.label}　{option.note}" if option.note else option.label, option.value)
        self.set_value(former)

    def value(self) -> object:
        """The value chosen."""
        return self._combo.currentData()

    def set_value(self, value: object) -> None:
        """Choose a value; an unknown one chooses nothing."""
        values = [self._combo.itemData(place) for place in range(self._combo.count())]
        with QSignalBlocker(self._combo):
            self._combo.setCurrentIndex(values.index(value) if value in values else -1)
        self._show_emptiness()

    def typed(self) -> Plain:
        """The value chosen: a code or a number."""
        value = self.value()
        return str(value) if isinstance(value, str) else value

    def retype(self, typed: Plain) -> None:
        """Choose it again, if it is still offered."""
        self.set_value(typed)

    def told(self, typed: Plain) -> str:
        """Its words."""
        place = next((each for each in range(self._combo.count()) if self._combo.itemData(each) == typed), -1)
        return self._combo.itemText(place) if place >= 0 else str(typed or "")

    @Slot()
    def _show_emptiness(self) -> None:
        """请选择 is said quietly."""
        self._combo.setProperty("role", "empty" if self._combo.currentIndex() < 0 else "")
        self._combo.style().unpolish(self._combo)
        self._combo.style().polish(self._combo)


class _CalmCombo(QComboBox):
    """The wheel scrolls the form, never a choice that merely lies under the pointer."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave it to the form."""
        event.ignore()


class CheckField(Field):
    """Yes or no."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._box = QCheckBox(text)
        self._box.toggled.connect(self.changed)
        self._hold(self._box)

    def value(self) -> bool:
        """Whether it is ticked."""
        return self._box.isChecked()

    def set_value(self, value: object) -> None:
        """Tick it or not."""
        with QSignalBlocker(self._box):
            self._box.setChecked(bool(value))

    def typed(self) -> bool:
        """Whether it is ticked."""
        return self.value()

    def retype(self, typed: Plain) -> None:
        """Tick it or not."""
        self.set_value(typed)

    def told(self, typed: Plain) -> str:
        """Its own words, or that they are not so."""
        return f"已勾选“{self._box.text()}”" if typed else f"未勾选“{self._box.text()}”"


class MultiCheckField(Field):
    """Any of a few, as ticks in columns; the value is a tuple in the order of the options."""

    def __init__(self, options: Sequence[Option], columns: int = 3) -> None:
        super().__init__()
        grid = QWidget()
        self._boxes = [(option.value, QCheckBox(option.label)) for option in options]
        lines = QHBoxLayout(grid)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(theme.size(theme.MARGIN))
        for first in range(columns):
            one = QVBoxLayout()
            one.setSpacing(theme.size(2))
            for _, box in self._boxes[first::columns]:
                box.toggled.connect(self.changed)
                one.addWidget(box)
            one.addStretch(1)
            lines.addLayout(one)
        lines.addStretch(1)
        self._hold(grid)
        if self._boxes:
            grid.setFocusProxy(self._boxes[0][1])

    def value(self) -> tuple[object, ...]:
        """The values ticked."""
        return tuple(value for value, box in self._boxes if box.isChecked())

    def set_value(self, value: object) -> None:
        """Tick these values and no others."""
        wanted = tuple(value) if isinstance(value, Sequence | frozenset | set) else ()
        for own, box in self._boxes:
            with QSignalBlocker(box):
                box.setChecked(own in wanted)

    def typed(self) -> Plain:
        """The values ticked."""
        return list(self.value())

    def retype(self, typed: Plain) -> None:
        """Tick them again."""
        self.set_value(typed)

    def told(self, typed: Plain) -> str:
        """Their words."""
        return "、".join(box.text() for own, box in self._boxes if own in (typed or ()))


class ShownField(Field):
    """Something that is only shown: worked out, or not to be changed here."""

    IS_TYPED: ClassVar[bool] = False

    def __init__(self, words: Callable[[object], str] = str) -> None:
        super().__init__()
        self._words = words
        self._value: object = None
        self._label = QLabel(wordWrap=True, textInteractionFlags=Qt.TextInteractionFlag.TextSelectableByMouse)
        self._hold(self._label)

    def value(self) -> object:
        """What was set."""
        return self._value

    def set_value(self, value: object) -> None:
        """Show it."""
        self._value = value
        self._label.setText("—" if value is None else self._words(value))
