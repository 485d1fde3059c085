"""Fields that look something up as one types: an enterprise, a class of industry, people, tags.

`provider(typed)` answers what fits, best first and few; it is where 简拼 and full text are understood.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSignalBlocker, Qt, Signal, SignalInstance, Slot
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QVBoxLayout, QWidget

from desktop.system.drafts import Plain
from desktop.ui import theme
from desktop.ui.widgets.fields import Field, Option
from desktop.ui.widgets.flow import FlowLayout
from desktop.ui.widgets.section import button, clear

Provider = Callable[[str], Sequence[Option]]

SHOWN = 30


def among(options: Sequence[Option], matches: Callable[[str, str], bool] | None = None) -> Provider:
    """A provider over a fixed list; `matches(typed, label)` may understand 简拼, else a part of the words will do."""
    fits = matches or (lambda typed, label: typed.lower() in label.lower())

    def provide(typed: str) -> Sequence[Option]:
        return [option for option in options if not typed or fits(typed, option.label) or typed in option.note]

    return provide


def _written(option: Option) -> Plain:
    """An option as a draft keeps it."""
    return {"value": option.value, "label": option.label, "note": option.note, "problem": option.problem}


def _read(written: Plain) -> Option:
    return Option(written["value"], str(written["label"]), str(written["note"]), str(written["problem"]))


class _Lookup(QCompleter):
    """The list under a line. Enter chooses the first of it, so that typing three letters and Enter is enough."""

    picked = Signal(object)

    def __init__(self, line: QLineEdit, provider: Provider) -> None:
        super().__init__(line)
        self._line = line
        self._provider = provider
        self._found: list[Option] = []
        self._offered = QStandardItemModel(self)
        self.setModel(self._offered)
        self.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.setMaxVisibleItems(12)
        self.setWidget(line)
        self._list = QListView()
        self.setPopup(self._list)
        self._list.setObjectName("lookupPopup")
        self._list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        line.textEdited.connect(self.offer)
        line.installEventFilter(self)
        chosen: SignalInstance = self.activated[QModelIndex]  # type: ignore[index]  # an overloaded signal
        chosen.connect(self._on_activated)

    @property
    def is_open(self) -> bool:
        """Whether the list is shown."""
        return self._list.isVisible()

    @Slot(str)
    def offer(self, typed: str) -> None:
        """Show what fits what was typed."""
        self._found = list(self._provider(typed.strip()))[:SHOWN]
        self._offered.clear()
        for option in self._found:
            self._offered.appendRow(_item(option))
        if self._found:
            self.complete()
            self._list.setCurrentIndex(self._offered.index(0, 0))
        else:
            self._list.hide()

    @Slot(QModelIndex)
    def _on_activated(self, index: QModelIndex) -> None:
        if 0 <= index.row() < len(self._found):
            self.picked.emit(self._found[index.row()])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """↓ opens the list where there is none."""
        if (
            watched is self._line
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Down
            and not self.is_open
        ):
            self.offer(self._line.text() if self._line.isModified() else "")
            return True
        return bool(super().eventFilter(watched, event))


def _item(option: Option) -> QStandardItem:
    note = "　".join(part for part in (option.note, option.problem) if part)
    item = QStandardItem(f"{option.label}　　{note}" if note else option.label)
    if option.problem:
        item.setForeground(theme.ink(theme.Meaning.OVERDUE))
        item.setToolTip(option.problem)
    return item


class PickField(Field):
    """One thing out of many, found by typing. Words that were not chosen from the list hold no value."""

    def __init__(self, provider: Provider, placeholder: str = "输入名称、简拼或编号") -> None:
        super().__init__()
        self._line = QLineEdit(placeholderText=placeholder)
        self._option: Option | None = None
        self._lookup = _Lookup(self._line, provider)
        self._lookup.picked.connect(self._on_picked)
        self._line.textEdited.connect(self._on_edited)
        self._hold(self._line)

    def value(self) -> object:
        """The value chosen."""
        return self._option.value if self._option else None

    @property
    def option(self) -> Option | None:
        """What was chosen, whole."""
        return self._option

    def set_value(self, value: object) -> None:
        """Show an `Option`; None shows nothing. A bare value is shown by its own words."""
        self._option = value if isinstance(value, Option) or value is None else Option(value, str(value))
        with QSignalBlocker(self._line):
            self._line.setText(self._option.label if self._option else "")

    def problem(self) -> str:
        """Words were typed and nothing chosen."""
        return "请从列表里选一个；没有的话，先去登记。" if self._line.text().strip() and not self._option else ""

    def typed(self) -> Plain:
        """What was chosen, or the words that were typed to find it."""
        return _written(self._option) if self._option else self._line.text()

    def retype(self, typed: Plain) -> None:
        """Chosen or typed again."""
        self.set_value(_read(typed) if isinstance(typed, dict) else None)
        if isinstance(typed, str):
            with QSignalBlocker(self._line):
                self._line.setText(typed)

    def told(self, typed: Plain) -> str:
        """Its name."""
        return str(typed["label"]) if isinstance(typed, dict) else str(typed or "")

    @Slot(object)
    def _on_picked(self, option: Option) -> None:
        self.set_value(option)
        self.changed.emit()

    @Slot(str)
    def _on_edited(self, text: str) -> None:
        if self._option is not None and text != self._option.label:
            self._option = None
        self.changed.emit()


class MultiPickField(Field):
    """Several of many, as chips; one with a `problem` (证件过期) is marked with its reason. The value is a tuple.

    With `takes_new` any words become a value: tags.
    """

    def __init__(self, provider: Provider, placeholder: str = "输入姓名或简拼", takes_new: bool = False) -> None:
        super().__init__()
        self._options: list[Option] = []
        self._takes_new = takes_new
        self._line = QLineEdit(placeholderText=placeholder)
        self._lookup = _Lookup(
            self._line, lambda typed: [option for option in provider(typed) if not self._holds(option.value)]
        )
        self._lookup.picked.connect(self._on_picked)
        self._line.textEdited.connect(self.typing)
        whole = QWidget()
        self._chips = FlowLayout()
        box = QVBoxLayout(whole)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.size(6))
        box.addLayout(self._chips)
        box.addWidget(self._line)
        whole.setFocusProxy(self._line)
        self._hold(whole)
        self._line.installEventFilter(self)

    def value(self) -> tuple[object, ...]:
        """The values chosen, in the order they were chosen."""
        return tuple(option.value for option in self._options)

    @property
    def options(self) -> tuple[Option, ...]:
        """What was chosen, whole."""
        return tuple(self._options)

    def set_value(self, value: object) -> None:
        """Show these `Option`s; bare values are shown by their own words."""
        items = list(value) if isinstance(value, Sequence) and not isinstance(value, str) else []
        self._options = [item if isinstance(item, Option) else Option(item, str(item)) for item in items]
        self._show()

    def set_invalid(self, is_invalid: bool) -> None:
        """Mark the line."""
        self._line.setProperty("invalid", is_invalid)
        theme.set_role(self._line, "")

    def problem(self) -> str:
        """Words were typed and not taken."""
        return "请从列表里选，或清空输入的文字。" if self._line.text().strip() else ""

    def typed(self) -> Plain:
        """What was chosen, and the words that were typed to find another."""
        return {"chosen": [_written(option) for option in self._options], "words": self._line.text()}

    def retype(self, typed: Plain) -> None:
        """Chosen and typed again."""
        self.set_value([_read(each) for each in typed["chosen"]])
        with QSignalBlocker(self._line):
            self._line.setText(str(typed["words"]))

    def told(self, typed: Plain) -> str:
        """Their names."""
        return "、".join(filter(None, (*(str(each["label"]) for each in typed["chosen"]), str(typed["words"]))))

    def _holds(self, value: object) -> bool:
        return any(option.value == value for option in self._options)

    @Slot(object)
    def _on_picked(self, option: Option) -> None:
        if not self._holds(option.value):
            self._options.append(option)
        self._line.clear()
        self._show()
        self.changed.emit()

    def remove(self, value: object) -> None:
        """Take one away."""
        self._options = [option for option in self._options if option.value != value]
        self._show()
        self.changed.emit()
        self._line.setFocus()

    def _show(self) -> None:
        clear(self._chips)
        for option in self._options:
            words = f"{option.label}（{option.problem}）" if option.problem else option.label
            chip = button(f"{words}  ×", None, "chip-bad" if option.problem else "chip-on", name="pickedChip")
            chip.setAccessibleName(f"去掉 {option.label}")
            chip.setToolTip(option.problem or option.note)
            chip.clicked.connect(lambda _=False, value=option.value: self.remove(value))
            self._chips.addWidget(chip)
        self.updateGeometry()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Backspace in an empty line takes the last one away; Enter takes a new tag."""
        if watched is self._line and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Backspace and not self._line.text() and self._options:
                self.remove(self._options[-1].value)
                return True
            is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if self._takes_new and is_enter and (typed := self._line.text().strip()):
                self._on_picked(Option(typed, typed))
                return True
        return super().eventFilter(watched, event)
