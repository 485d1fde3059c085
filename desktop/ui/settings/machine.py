"""The tab 本机: who works here, where the data lies, and which version this is."""

from typing import ClassVar

from PySide6.QtCore import QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QSystemTrayIcon, QVBoxLayout, QWidget

from desktop import __version__
from desktop.system.autostart import autostart
from desktop.ui import theme
from desktop.ui.context import Context
from desktop.ui.settings.tab import Facts, Tab, heading
from desktop.ui.widgets.fields import CheckField, ChoiceField, Option, TextField
from desktop.ui.widgets.section import button, hairline, labelled, row, scrolled

TIMES = [(hour, minute) for hour in range(7, 18) for minute in (0, 30)]
AHEAD = (0, 1, 2, 3, 5, 7, 15)


class MachineTab(Tab):
    """What belongs to this computer and does not travel with a backup."""

    KEY: ClassVar[str] = "machine"
    TITLE: ClassVar[str] = "本机"

    person_chosen = Signal(str)
    """Who works here from now on: the settings of this machine keep it."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, theme.size(theme.GAP), 0)
        column.setSpacing(theme.size(12))
        self._person = TextField("您的姓名", 40)
        self._person.name("经办人", "person")
        self._person.setMaximumWidth(theme.size(260))
        keep = button("保存", self._on_person_clicked, name="savePerson")
        copy = button("复制路径", self._on_copy_clicked, "", "copy", "copyFolder")
        show = button("打开文件夹", self._on_show_clicked, "", "folder", "showFolder")
        self._facts = Facts("machineFacts")
        column.addLayout(heading("经办人", "操作日志里记这个名字"))
        column.addLayout(row(self._person, keep, 1))
        column.addWidget(hairline())
        column.addLayout(heading("数据文件夹", "", copy, show))
        column.addWidget(self._facts)
        column.addWidget(hairline())
        column.addLayout(heading("提醒和托盘", "只影响这台电脑"))
        column.addLayout(self._build_habits())
        column.addWidget(hairline())
        column.addLayout(heading("外观", ""))
        words = labelled("浅色、深色、跟随系统和大字，在右上角的姓名菜单里切换，立即生效，只影响这台电脑。", "quiet")
        words.setWordWrap(True)
        column.addWidget(words)
        column.addStretch(1)
        self.body.addWidget(scrolled(inside))

    def _build_habits(self) -> QVBoxLayout:
        self._reminds = CheckField("到期提醒：启动时、每天定时和日期变更时弹出")
        self._reminds.name("到期提醒", "reminds")
        self._at = ChoiceField(
            [Option(f"{hour:02d}:{minute:02d}", f"{hour:02d}:{minute:02d}") for hour, minute in TIMES]
        )
        self._at.name("每天提醒的时间", "remindAt")
        self._ahead = ChoiceField([Option(days, f"{days} 天" if days else "只提醒当天") for days in AHEAD])
        self._ahead.name("提前几天", "remindAhead")
        self._stays = CheckField("关闭窗口后留在任务栏托盘，继续按时提醒")
        self._stays.name("关闭后留在托盘", "staysInTray")
        self._starts = CheckField("开机后自动启动（不弹窗口，只在托盘里提醒）")
        self._starts.name("开机自动启动", "startsWithMachine")
        self._note = labelled("", "quiet")
        self._note.setWordWrap(True)
        self._note.setObjectName("trayNote")
        for choice in (self._at, self._ahead):
            choice.setMaximumWidth(theme.size(150))
        for field in (self._reminds, self._at, self._ahead, self._stays):
            field.changed.connect(self._on_habit_changed)
        self._starts.changed.connect(self._on_starts_changed)
        times = row(labelled("每天", "label"), self._at, labelled("提前", "label"), self._ahead, 1)
        column = QVBoxLayout()
        column.setSpacing(theme.size(theme.GAP))
        for widget in (self._reminds, times, self._stays, self._starts, self._note):
            column.addWidget(widget) if isinstance(widget, QWidget) else column.addLayout(widget)
        return column

    def _show_habits(self) -> None:
        settings = self.context.machine.settings
        self._reminds.set_value(settings.reminds)
        for field, value in ((self._at, settings.remind_at), (self._ahead, settings.remind_ahead)):
            field.set_value(value)
            field.setEnabled(settings.reminds)
        has_tray = QSystemTrayIcon.isSystemTrayAvailable()
        self._stays.set_value(settings.stays_in_tray)
        self._stays.setEnabled(has_tray)
        self._note.setText("" if has_tray else "这台电脑的桌面没有托盘：提醒仍在窗口里按时出现，关闭窗口即退出。")
        self._note.setVisible(not has_tray)
        try:
            self._starts.set_value(autostart().is_on())
        except OSError as error:
            self._starts.setEnabled(False)
            self._say_locked(error)

    @Slot()
    def _on_habit_changed(self) -> None:
        self.context.machine.change(
            reminds=self._reminds.value(),
            remind_at=str(self._at.value() or self.context.machine.settings.remind_at),
            remind_ahead=int(str(self._ahead.value())) if self._ahead.value() is not None else 3,
            stays_in_tray=self._stays.value(),
        )
        self._show_habits()

    @Slot()
    def _on_starts_changed(self) -> None:
        wanted = self._starts.value()
        try:
            autostart().switch(wanted)
        except OSError as error:
            self._starts.set_value(not wanted)
            self._say_locked(error)
            return
        self.context.machine.change(starts_with_machine=wanted)
        self.context.toast("以后开机会自动启动，缩在托盘里" if wanted else "以后开机不再自动启动", False)

    def _say_locked(self, error: OSError) -> None:
        self._note.setText(
            f"系统不允许修改开机启动项（{error.strerror or error}）。可以请管理员放行，或自己从桌面启动。"
        )
        self._note.setVisible(True)

    def refresh(self) -> None:
        """Show what is so now; a name being typed is left alone."""
        self._show_habits()
        if not self._person.editor.hasFocus():
            self._person.set_value(self.services.store.person)
        self._facts.show_facts([("位置", str(self.services.folder)), ("版本", f"镇安 {__version__}")])

    @Slot()
    def _on_person_clicked(self) -> None:
        name = str(self._person.value())
        if not name:
            self.context.toast("请填写经办人姓名", False)
            self._person.editor.setFocus()
            return
        self.services.store.person = name
        self.person_chosen.emit(name)
        self.context.toast(f"以后的操作记在{name}名下", False)

    @Slot()
    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(str(self.services.folder))
        self.context.toast("已复制数据文件夹的路径", False)

    @Slot()
    def _on_show_clicked(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.services.folder)))
