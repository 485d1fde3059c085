"""Reminders while the main window is in use: a strip above its status bar, which covers nothing and takes no keys.

One group stands beside the other — what is late, due today, near — each with the way to it and to put it off; the whole
list is one click away. Hiding the strip decides nothing: what it told comes again at the next occasion.
"""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.domain.changed import Changed
from desktop.domain.reminder import PutOff, Urgency
from desktop.services.reminders import GROUPS, ReminderLine, Reminders
from desktop.ui import theme
from desktop.ui.context import Context
from desktop.ui.reminders.window import choice_words, put_off
from desktop.ui.theme import Meaning
from desktop.ui.widgets.flow import FlowLayout
from desktop.ui.widgets.pills import Pill, PillLabel
from desktop.ui.widgets.section import button, hairline, labelled, row

MEANINGS = {Urgency.OVERDUE: Meaning.OVERDUE, Urgency.TODAY: Meaning.DUE_SOON, Urgency.SOON: Meaning.INFORMATION}
MARGIN_TOP, LINE = 4, 32


class ReminderDock(QFrame):
    """Built hidden. `read` fills it and answers whether there is anything; showing and hiding is for the habits."""

    whole_wanted = Signal()
    """The whole list is asked for."""
    emptied = Signal(str)
    """Everything was put off or done; the words say until when."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("reminderDock")
        self.setAccessibleName("提醒")
        theme.set_role(self, "surface")
        self._context = context
        self._lines: Sequence[ReminderLine] = ()
        self._groups = {urgency: _Group(self, urgency) for urgency in reversed(Urgency)}
        self._said = labelled("", "quiet")
        self._said.setObjectName("reminderDockSaid")
        self._build()
        self.hide()
        context.bus.changed.connect(self._on_changed)

    def _build(self) -> None:
        flowing = QWidget()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        flowing.setSizePolicy(policy)
        flow = FlowLayout(flowing)
        flow.setSpacing(theme.size(theme.GAP))
        for group in self._groups.values():
            flow.addWidget(group)
        flow.addWidget(self._said)
        whole = button("全部列出", self.whole_wanted.emit, "flat", name="wholeReminders")
        whole.setToolTip("逐项打开、推迟")
        close = button("", self.hide, "flat", "close", "hideReminders")
        close.setAccessibleName("收起提醒")
        close.setToolTip("收起；到下一次提醒的时间会再出现")
        line = row(labelled("提醒", "section"), flowing, whole, close)
        line.setStretch(1, 1)
        line.setContentsMargins(
            theme.size(theme.MARGIN), theme.size(MARGIN_TOP), theme.size(theme.WIDE_GAP), theme.size(MARGIN_TOP)
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(hairline())
        column.addLayout(line)

    # ---- showing -------------------------------------------------------------------------------------------

    @property
    def _reminders(self) -> Reminders:
        return self._context.services.reminders

    def read(self) -> bool:
        """Ask again; whether there is anything to be reminded of."""
        settings = self._context.machine.settings
        self._lines = self._reminders.lines(settings.remind_ahead)
        titles = {Urgency.OVERDUE: "逾期", Urgency.TODAY: "今天", Urgency.SOON: f"{settings.remind_ahead} 天内"}
        for urgency, group in self._groups.items():
            count = sum(len(line.rows) for line in self._lines if line.urgency is urgency)
            risen = any(line.has_risen for line in self._lines if line.urgency is urgency)
            group.show_count(titles[urgency], count, risen, settings.remind_at)
        self._said.setVisible(bool(self._said.text()))
        return bool(self._lines)

    @Slot(object)
    def _on_changed(self, changed: Changed) -> None:
        """An item that was done leaves the count at once, wherever it was done."""
        if self.isVisible() and changed.touches(Reminders.DEPENDS_ON):
            self._read_or_leave("提醒的事项都已办结")

    def _read_or_leave(self, words: str) -> None:
        if not self.read():
            self.hide()
            self.emptied.emit(words)

    # ---- doing ---------------------------------------------------------------------------------------------

    def open_group(self, urgency: Urgency) -> None:
        """The items on the workbench; what is near may lie beyond its week, so all of them are shown."""
        group = None if urgency is Urgency.SOON else GROUPS[urgency].value
        self._context.navigate("workbench", {"group": group})

    def put_off(self, urgency: Urgency, choice: PutOff) -> None:
        """Hide a group until then; what cannot be kept stays, with the reason."""
        self._said.setText("")
        words = put_off(self._context, [line for line in self._lines if line.urgency is urgency], choice, self._said)
        self._said.setVisible(bool(self._said.text()))
        if not words:
            return
        if self.read():
            self._context.toast(words, False)
        else:
            self.hide()
            self.emptied.emit(words)


class _Group(QWidget):
    """How many there are of one urgency, the way to them, and until when to put them off."""

    def __init__(self, dock: ReminderDock, urgency: Urgency) -> None:
        super().__init__()
        self.setObjectName(f"reminders_{urgency.name.lower()}")
        self._urgency = urgency
        self._pill = PillLabel(Pill("", MEANINGS[urgency]))
        self._open: QPushButton = button("打开", partial(self._on_open_clicked, dock), "link", name="openGroup")
        self._later = button("推迟", None, "flat-menu", name="putOffGroup")
        self._later.setMenu(QMenu(self._later))
        self._choices = {choice: self._later.menu().addAction("") for choice in PutOff}
        for choice, action in self._choices.items():
            action.triggered.connect(partial(self._on_choice, dock, choice))
        self.setMinimumHeight(theme.size(LINE))
        self.setLayout(row(self._pill, self._open, self._later))

    def show_count(self, title: str, count: int, has_risen: bool, morning: str) -> None:
        """Nothing of the kind, no group."""
        self.setVisible(count > 0)
        risen = "，有推迟期间转来的" if has_risen else ""
        self._pill.set_pill(Pill(f"{title} {count} 项{risen}", MEANINGS[self._urgency]))
        self._open.setAccessibleName(f"打开{title}的 {count} 项")
        self._later.setAccessibleName(f"推迟{title}的 {count} 项")
        for choice, words in choice_words(morning).items():
            self._choices[choice].setText(words)

    def _on_open_clicked(self, dock: ReminderDock, _checked: bool = False) -> None:
        dock.open_group(self._urgency)

    def _on_choice(self, dock: ReminderDock, choice: PutOff, _checked: bool = False) -> None:
        dock.put_off(self._urgency, choice)
