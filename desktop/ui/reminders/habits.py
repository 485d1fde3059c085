"""What the program does by itself beside its window: it reminds, sits in the tray, and stays there when told to.

Built after the first window is there, so that none of it delays a start.
"""

import logging
from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from desktop.ui.commands import Command
from desktop.ui.machine import Machine
from desktop.ui.reminders.dock import ReminderDock
from desktop.ui.reminders.tray import Tray
from desktop.ui.reminders.window import ReminderWindow
from desktop.ui.shell import Shell
from desktop.ui.theme import Meaning
from desktop.ui.widgets.ask import AskDialog
from desktop.ui.widgets.toast import Notice

log = logging.getLogger(__name__)

LOOK_MS = 20_000
OVERDUE_NOTICE, PUT_OFF_NOTICE = "overdue", "put_off"
WHERE_IT_GOES = (
    "您在“设置 → 本机”里选了关闭窗口后留在托盘：镇安会缩到任务栏右下角的托盘（可能收在“∧”里），继续按时提醒。\n"
    "点托盘里的盾牌图标就能回来；要真正退出，用右上角姓名菜单或托盘菜单里的“退出”。"
)


class Habits(QObject):
    """Joins reminders, tray and window. `come_forward` shows the main window wherever it is."""

    quit_done = Signal()
    """The program was left from the tray, with no window that could end it."""

    def __init__(
        self, shell: Shell, machine: Machine, come_forward: Callable[[], object], tray: Tray | None = None
    ) -> None:
        super().__init__(shell)
        self._shell = shell
        self._window = shell.window
        self._machine = machine
        self._come_forward = come_forward
        self.tray = Tray(self) if tray is None else tray
        self.reminders = ReminderWindow(shell.context, come_forward)
        self.dock = ReminderDock(shell.context)
        self._window.add_strip(self.dock)
        self._seen = shell.services.reminders.now()
        self._join()
        self.tray.show()
        self._show_counts()
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def _join(self) -> None:
        shell, window, tray = self._shell, self._window, self.tray
        shell.counted.connect(tray.show_counts)
        shell.day_turned.connect(self._on_day_turned)
        window.notices.unseen.connect(self._on_unseen)
        window.instead_of_closing = self._stays_instead
        window.commands.add(Command("reminders", "查看提醒", self.show_reminders))
        tray.open_wanted.connect(self._come_forward)
        tray.due_wanted.connect(self._on_due_wanted)
        tray.reminders_wanted.connect(self.show_reminders)
        tray.settings_wanted.connect(self._on_settings_wanted)
        tray.quit_wanted.connect(self.quit)
        self.reminders.emptied.connect(self._on_emptied)
        self.dock.emptied.connect(self._on_emptied)
        self.dock.whole_wanted.connect(self.show_reminders)
        QApplication.instance().commitDataRequest.connect(self._on_session_ending)  # type: ignore[union-attr]

    def _show_counts(self) -> None:
        counts = self._shell.services.workbench.counts()
        self.tray.show_counts(counts.overdue, counts.today)

    # ---- reminding -----------------------------------------------------------------------------------------

    def begin(self) -> None:
        """At the start: what was missed while the program was closed, and what is due."""
        if self._machine.settings.reminds:
            self.show_if_any(starts=True)

    @Slot()
    def look(self) -> None:
        """Whether there is an occasion. While a dialog is open the user is asked nothing else: it waits for the next look."""
        if QApplication.activeModalWidget() is not None or self._shell.jobs.is_busy:
            return
        if not self.tray.is_there and self.tray.show():
            self._show_counts()  # at log-on the tray may come later than we do
        settings, reminders = self._machine.settings, self._shell.services.reminders
        is_time = reminders.is_time(self._seen, settings.reminder_time)
        self._seen = reminders.now()
        if is_time and settings.reminds:
            self.show_if_any()

    @property
    def seen(self) -> datetime:
        """When it last looked for an occasion."""
        return self._seen

    def show_if_any(self, *, starts: bool = False) -> bool:
        """Say it where it will be seen without covering what somebody works at; whether there was anything.

        In the main window while that is before one's eyes, as it is when the program starts; else in a window of its own.
        Neither takes the keyboard.
        """
        if self._is_before_eyes(starts) and not self.reminders.isVisible():
            has_any = self.dock.read()
            self.dock.setVisible(has_any)
            return has_any
        has_any = self.reminders.read()
        if has_any:
            self.dock.hide()
            self._place()
            self.reminders.show()
            self.reminders.raise_()
        return has_any

    def _is_before_eyes(self, starts: bool) -> bool:
        """Whether somebody looks at the main window. Right after the start it may not have become the active one yet."""
        window = self._window
        return window.isVisible() and not window.isMinimized() and (starts or window.isActiveWindow())

    @Slot()
    def show_reminders(self) -> None:
        """Asked for by hand: also when there is nothing, which is said."""
        self.dock.hide()
        self.reminders.read()
        self._place()
        self.reminders.show()
        self.reminders.raise_()
        self.reminders.activateWindow()

    def _place(self) -> None:
        """At the lower right of the screen, where messages are looked for, unless it stands somewhere already."""
        if self.reminders.isVisible():
            return
        room, size = self._window.screen().availableGeometry(), self.reminders.size()
        size = size.boundedTo(room.size())
        self.reminders.resize(size)
        self.reminders.move(room.right() - size.width() - 16, room.bottom() - size.height() - 48)

    @Slot(str)
    def _on_emptied(self, words: str) -> None:
        self._window.notices.say(Notice(words, Meaning.INFORMATION, key=PUT_OFF_NOTICE))

    @Slot(object)
    def _on_day_turned(self, before: date) -> None:
        """What became overdue is said in the window, once a day; the reminder window lists it."""
        count = self._shell.services.reminders.became_overdue(before)
        if count:
            words = f"{count} 项今天起转为逾期"
            self._window.notices.say(
                Notice(words, Meaning.OVERDUE, "查看", self.show_reminders, key=f"{OVERDUE_NOTICE}-{before}")
            )

    @Slot(object)
    def _on_unseen(self, notice: Notice) -> None:
        """What the reminder window shows by itself is not said a second time by the system."""
        if notice.key.startswith(OVERDUE_NOTICE) and self._machine.settings.reminds:
            return
        self.tray.say("镇安", notice.text)

    # ---- the tray ------------------------------------------------------------------------------------------

    @Slot()
    def _on_due_wanted(self) -> None:
        self._come_forward()
        self._shell.navigate("workbench", {"group": "today"})

    @Slot()
    def _on_settings_wanted(self) -> None:
        self._come_forward()
        self._shell.navigate("settings", {"tab": "machine"})

    def _stays_instead(self) -> bool:
        """Called when the window is closed: whether it goes to the tray. The first time it is said where that is."""
        if not self._machine.settings.stays_in_tray or not self.tray.is_there:
            return False
        if self._machine.settings.knows_tray:
            self.hide_window()
        else:
            self._ask_first()
        return True

    def _ask_first(self) -> None:
        dialog = AskDialog(self._window, "窗口会缩到托盘", WHERE_IT_GOES, "缩到托盘", "退出镇安")
        dialog.accepted.connect(self._on_told)
        dialog.refuse.clicked.connect(self.quit)  # Esc goes back to the window
        dialog.open()

    @Slot()
    def _on_told(self) -> None:
        self._machine.change(knows_tray=True)
        self.hide_window()

    def hide_window(self) -> None:
        """Into the tray: closing the reminder window must not end the program now."""
        QApplication.setQuitOnLastWindowClosed(False)
        self._window.hide()

    @Slot()
    def quit(self) -> None:
        """Really leave, unless something unfinished keeps the window."""
        was_hidden = not self._window.isVisible()
        self._window.leave()
        if self._window.instead_of_closing is not None:
            self._come_forward()  # something is unfinished, and its question must be seen
        elif was_hidden:
            self.quit_done.emit()

    @Slot()
    def _on_session_ending(self) -> None:
        """Windows shuts down: nobody goes to the tray."""
        self._window.instead_of_closing = None

    def close(self) -> None:
        """Take everything away."""
        self._timer.stop()
        self._window.instead_of_closing = None
        self.tray.leave()
        self.reminders.close()
        self.reminders.deleteLater()
        self.dock.hide()
        self.dock.deleteLater()
