"""The tab 本机: who works here, where the data lies, and which version this is."""

from typing import ClassVar

from PySide6.QtCore import QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop import __version__
from desktop.ui import theme
from desktop.ui.context import Context
from desktop.ui.settings.tab import Facts, Tab, heading
from desktop.ui.widgets.fields import TextField
from desktop.ui.widgets.section import button, hairline, labelled, row, scrolled


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
        column.addLayout(heading("外观", ""))
        words = labelled("浅色、深色、跟随系统和大字，在右上角的姓名菜单里切换，立即生效，只影响这台电脑。", "quiet")
        words.setWordWrap(True)
        column.addWidget(words)
        column.addStretch(1)
        self.body.addWidget(scrolled(inside))

    def refresh(self) -> None:
        """Show what is so now; a name being typed is left alone."""
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
