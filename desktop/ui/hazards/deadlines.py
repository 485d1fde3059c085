"""The hazards of an order, each with its own deadline, and one line that sets them all."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QCheckBox, QLabel, QVBoxLayout, QWidget

from desktop import text
from desktop.services.hazards import HazardRow
from desktop.system.drafts import Plain
from desktop.ui import theme
from desktop.ui.acts.days import DeadlineField
from desktop.ui.hazards.columns import level_pill
from desktop.ui.widgets.fields import DateField, Field
from desktop.ui.widgets.pills import PillLabel
from desktop.ui.widgets.section import button, clear, hairline, labelled, row


class DeadlineLine(QWidget):
    """One hazard: taken or not, and until when."""

    def __init__(self, hazard: HazardRow, today: Callable[[], date]) -> None:
        super().__init__()
        self.hazard = hazard
        self.taken = QCheckBox()
        self.taken.setObjectName(f"take_{hazard.id}")
        self.taken.setAccessibleName(f"列入：{hazard.description}")
        self.due = DateField(today)
        self.due.name(f"整改期限：{hazard.description}", f"due_{hazard.id}")
        self.taken.toggled.connect(self.due.setEnabled)
        words = QLabel(hazard.description, wordWrap=True)
        where = labelled("　".join(filter(None, (hazard.location, f"{text.day(hazard.found_on)} 发现"))), "quiet")
        said = QVBoxLayout()
        said.setSpacing(0)
        said.addWidget(words)
        said.addWidget(where)
        line = row(self.taken, PillLabel(level_pill(hazard.level)))
        line.addLayout(said, 1)
        line.addWidget(self.due)
        line.setContentsMargins(0, theme.size(6), 0, theme.size(6))
        self.setLayout(line)


class DeadlinesField(Field):
    """The value is a tuple of (hazard id, day) of the hazards taken; a day that is missing or unreadable is a problem."""

    def __init__(self, today: Callable[[], date], start: Callable[[], date]) -> None:
        super().__init__()
        self._today = today
        self._lines: list[DeadlineLine] = []
        whole = QWidget()
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        self.every = DeadlineField(today, start)
        self.every.name("统一期限", "due_all")
        self.every.changed.connect(self._on_every_changed)
        apply = button("应用到全部", self._on_every_changed, "flat", name="applyToAll")
        box = QVBoxLayout(whole)
        box.setContentsMargins(0, 0, 0, 0)
        box.addLayout(row(labelled("统一期限", "label"), self.every, apply))
        box.addWidget(hairline())
        box.addLayout(self._column)
        whole.setFocusProxy(self.every.editor)
        self._hold(whole)

    def show_hazards(
        self, hazards: Sequence[HazardRow], taken: frozenset[int], due_on: date, proposed: Mapping[int, date]
    ) -> None:
        """Offer these hazards; those `taken` are ticked, due on `due_on` at first or on the day proposed at the visit."""
        clear(self._column)
        self._lines = [DeadlineLine(hazard, self._today) for hazard in hazards]
        self.every.set_value(due_on)
        for line in self._lines:
            line.due.set_value(proposed.get(line.hazard.id, due_on))
            line.taken.setChecked(line.hazard.id in taken)
            line.due.setEnabled(line.hazard.id in taken)
            line.taken.toggled.connect(self.changed)
            line.due.changed.connect(self.changed)
            self._column.addWidget(line)

    def value(self) -> tuple[tuple[int, date], ...]:
        """The hazards taken that have a day."""
        days = ((line.hazard.id, line.due.value()) for line in self._lines if line.taken.isChecked())
        return tuple((hazard_id, day) for hazard_id, day in days if isinstance(day, date))

    def set_value(self, value: object) -> None:
        """Filled by `show_hazards`; the form's own filling leaves it alone."""

    def typed(self) -> Plain:
        """By hazard: whether it is taken, and its day as it was typed."""
        lines = {str(line.hazard.id): [line.taken.isChecked(), line.due.typed()] for line in self._lines}
        return {"every": self.every.typed(), "lines": lines}

    def retype(self, typed: Plain) -> None:
        """Taken and typed again, for the hazards that still wait."""
        self.every.retype(typed["every"])
        for line in self._lines:
            if (kept := typed["lines"].get(str(line.hazard.id))) is not None:
                with QSignalBlocker(line.taken):
                    line.taken.setChecked(bool(kept[0]))
                line.due.setEnabled(bool(kept[0]))
                line.due.retype(kept[1])

    def told(self, typed: Plain) -> str:
        """How many are taken, and until when."""
        days = [day for is_taken, day in typed["lines"].values() if is_taken]
        return f"列入 {len(days)} 条，期限 {'、'.join(sorted(set(days)))}" if days else "没有列入"

    def problem(self) -> str:
        """Every hazard that is taken needs a day that can be read."""
        for line in self._lines:
            if line.taken.isChecked() and line.due.value() is None:
                return f"“{line.hazard.description}”的整改期限没有填对。"
        return ""

    @Slot()
    def _on_every_changed(self) -> None:
        day = self.every.value()
        if isinstance(day, date):
            for line in self._lines:
                if line.taken.isChecked():
                    line.due.set_value(day)
            self.changed.emit()
