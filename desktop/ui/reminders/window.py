"""The reminder window: what is overdue, due today or near, each to be opened or put off."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QLabel, QMenu, QVBoxLayout, QWidget

from desktop import text
from desktop.domain.changed import Changed
from desktop.domain.errors import Said
from desktop.domain.obligation import DueGroup
from desktop.domain.reminder import PutOff, Urgency
from desktop.services.reminders import GROUPS, ReminderLine, Reminders
from desktop.ui import theme
from desktop.ui.context import Context
from desktop.ui.theme import Meaning
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.obligation_list import DueRow, ObligationList
from desktop.ui.widgets.section import Figure, FigureLine, button, hairline, labelled, row
from desktop.ui.workbench.steps import show_subject, take_step

NOTHING = Emptiness("现在没有要提醒的事项", "推迟的事项到时间会再出现；全部待办在工作台。", "", "check")
RISEN = {Urgency.OVERDUE: "推迟期间转为逾期", Urgency.TODAY: "推迟期间到期"}


def choice_words(morning: str) -> dict[PutOff, str]:
    """How each choice reads; `morning` is when a day begins."""
    return {PutOff.HOUR: "1 小时", PutOff.MORNING: f"明早 {morning}", PutOff.MONDAY: f"下周一 {morning}"}


def put_off_words(count: int, end: datetime) -> str:
    """That so many were put off, and until when."""
    return f"已推迟 {count} 项，{text.day(end.date())} {end:%H:%M} 再提醒；期间转为逾期的会提前出现"


class ReminderWindow(QDialog):
    """Stands beside the main window, so that it can be seen while that one is hidden. Closing it decides nothing."""

    emptied = Signal(str)
    """Everything was put off or done; the words say until when."""

    def __init__(self, context: Context, come_forward: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("reminderWindow")
        self.setWindowTitle("提醒 - 镇安")
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self._context = context
        self._come_forward = come_forward
        self._lines: dict[int, ReminderLine] = {}
        self._build()
        self.resize(theme.size(780), theme.size(460))
        context.bus.changed.connect(self._on_changed)

    # ---- building ------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._figures = FigureLine()
        self.list = ObligationList("reminderList")
        self.list.setAccessibleName("提醒的事项")
        self.list.say_empty(NOTHING)
        self.list.step_requested.connect(self._on_step_requested)
        self.list.activated_item.connect(self._on_activated)
        self.list.selectionModel().selectionChanged.connect(self._show_buttons)
        column = QVBoxLayout(self)
        margin = theme.size(theme.WIDE_GAP)
        column.setContentsMargins(margin, theme.size(12), margin, theme.size(12))
        column.setSpacing(theme.size(theme.GAP))
        column.addLayout(row(labelled("提醒", "section"), self._figures, spacing=theme.WIDE_GAP))
        column.addWidget(self.list, 1)
        column.addWidget(hairline())
        self._open = button("打开", self._on_open_clicked, "primary", name="openReminder")
        self._choices = {choice: button("", partial(self._put_off, choice), name=choice.value) for choice in PutOff}
        self._all = button("全部推迟", None, "menu", name="putOffAll")
        self._all.setMenu(QMenu(self._all))
        self._all_choices = {choice: self._all.menu().addAction("") for choice in PutOff}
        for choice, action in self._all_choices.items():
            action.triggered.connect(partial(self._put_all_off, choice))
        put_off = row(labelled("推迟", "label"), *self._choices.values())
        column.addLayout(row(self._open, put_off, 1, self._all, spacing=theme.WIDE_GAP))
        self._said = labelled("", "quiet")
        self._said.setWordWrap(True)
        self._said.setObjectName("reminderSaid")
        column.addWidget(self._said)

    # ---- showing -------------------------------------------------------------------------------------------

    @property
    def _reminders(self) -> Reminders:
        return self._context.services.reminders

    def read(self) -> bool:
        """Ask again; whether there is anything to be reminded of."""
        ahead = self._context.machine.settings.remind_ahead
        lines = self._reminders.lines(ahead)
        self._lines = {line.due.first.id: line for line in lines}
        titles = {DueGroup.THIS_WEEK: f"{ahead} 天内"}
        self.list.set_rows([_row(line) for line in lines], titles)
        if lines and self.list.current_item is None:
            self.list.choose(lines[0].due.first.id)
        self._show_figures(lines, ahead)
        self._name_choices()
        self._show_buttons()
        return bool(lines)

    def _show_figures(self, lines: Sequence[ReminderLine], ahead: int) -> None:
        counts = {urgency: sum(len(line.rows) for line in lines if line.urgency is urgency) for urgency in Urgency}
        late = Meaning.OVERDUE if counts[Urgency.OVERDUE] else Meaning.QUIET
        self._figures.show_figures(
            [
                Figure(f"逾期 {counts[Urgency.OVERDUE]}", None, late),
                Figure(f"今天 {counts[Urgency.TODAY]}"),
                Figure(f"{ahead} 天内 {counts[Urgency.SOON]}"),
            ]
        )

    def _name_choices(self) -> None:
        words = choice_words(self._context.machine.settings.remind_at)
        for choice, push in self._choices.items():
            push.setText(words[choice])
            self._all_choices[choice].setText(words[choice])
            push.setAccessibleName(f"推迟到{words[choice]}" if choice is not PutOff.HOUR else "推迟 1 小时")

    @Slot()
    def _show_buttons(self) -> None:
        has_any = bool(self._chosen())
        for push in (self._open, *self._choices.values()):
            push.setEnabled(has_any)
        self._all.setEnabled(bool(self._lines))

    @Slot(object)
    def _on_changed(self, changed: Changed) -> None:
        """An item that was done leaves the list at once, wherever it was done."""
        if self.isVisible() and changed.touches(Reminders.DEPENDS_ON):
            self._read_or_leave("提醒的事项都已办结")

    def _read_or_leave(self, words: str) -> None:
        self._said.setText(words)
        if not self.read():
            self.hide()
            self.emptied.emit(words)

    # ---- doing ---------------------------------------------------------------------------------------------

    def _chosen(self) -> list[ReminderLine]:
        rows = self.list.selected_rows() or ([self.list.current_item] if self.list.current_item else [])
        return [self._lines[due.id] for due in rows]

    @Slot()
    def _on_open_clicked(self) -> None:
        for line in self._chosen()[:1]:
            self._open_line(line)

    @Slot(object)
    def _on_activated(self, due: DueRow) -> None:
        self._open_line(self._lines[due.id])

    @Slot(object)
    def _on_step_requested(self, due: DueRow) -> None:
        self._come_forward()
        take_step(self._context, self._lines[due.id].due)

    def _open_line(self, line: ReminderLine) -> None:
        """Its record on its page, with the main window in front."""
        self._come_forward()
        show_subject(self._context, line.due)

    def _put_all_off(self, choice: PutOff, _checked: bool = False) -> None:
        self._hide_lines(list(self._lines.values()), choice)

    def _put_off(self, choice: PutOff, _checked: bool = False) -> None:
        self._hide_lines(self._chosen(), choice)

    def _hide_lines(self, lines: Sequence[ReminderLine], choice: PutOff) -> None:
        if words := put_off(self._context, lines, choice, self._said):
            self._read_or_leave(words)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing decides nothing: whatever is shown comes again at the next occasion."""
        self._said.setText("")
        super().closeEvent(event)


def put_off(context: Context, lines: Sequence[ReminderLine], choice: PutOff, said: QLabel) -> str:
    """Hide these lines until then, and answer it in words. What cannot be kept stays: `said` tells why, words are none."""
    rows = [each for line in lines for each in line.rows]
    if not rows:
        return ""
    try:
        end = context.services.reminders.put_off(rows, choice, context.machine.settings.reminder_time)
    except Said as error:
        said.setText(text.sentence(error))
        return ""
    return put_off_words(len(rows), end)


def _row(line: ReminderLine) -> DueRow:
    due, item = line.due, line.due.first
    risen = f"{RISEN[line.urgency]} · " if line.has_risen else ""
    return DueRow(
        item.id,
        GROUPS[line.urgency],
        item.enterprise or "本单位",
        risen + due.title,
        item.due_on,
        item.days_left,
        item.officer,
        text.NEXT_STEPS[item.kind],
        item.is_provisional,
        False,
        "\n".join(each.title for each in due.items[:12]),
        len(due.items),
    )
