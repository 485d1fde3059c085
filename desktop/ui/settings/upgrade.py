"""The tab 关于与升级: which version this is, and a newer one brought on a stick."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from desktop import __version__, text
from desktop.services.upgrade import Edition, Found, Ready, Step
from desktop.system.installation import is_portable, places_to_look, program_folder
from desktop.ui import theme
from desktop.ui.context import Context
from desktop.ui.jobs import Job
from desktop.ui.settings.tab import Facts, Tab, heading
from desktop.ui.widgets.folder import choose_folder
from desktop.ui.widgets.section import button, hairline, labelled, row, scrolled

NOTHING = "没有看到新版本。插上存有新版本的 U盘再点“再找一次”，或者选择它所在的文件夹。"
ORIGIN = "校验只能发现文件没有复制完整；请只用上级单位发下来的 U盘。"
BY_HAND = (
    "这是免安装版，升级要自己换文件：1. 点“备份”；2. 退出镇安；3. 按新版本压缩包里“使用说明.txt”的办法换上新版本，"
    "不要动数据文件夹；4. 重新打开，数据会自动升级。"
)
ELSEWHERE = "安装程序只能在 Windows 上运行；这台电脑上的镇安请按当初安装的办法更新。"
WORDS = {Step.NEWER: "比正在用的新", Step.SAME: "与正在用的相同，不用升级", Step.OLDER: "比正在用的旧，不用升级"}


def _quit() -> None:
    """Leave at once: a window that stays in the tray when it is closed must not keep the setup waiting."""
    QCoreApplication.exit(0)


class UpgradeTab(Tab):
    """Looks for a newer version when it is shown; the hand-over is asked for, never done by itself."""

    KEY: ClassVar[str] = "upgrade"
    TITLE: ClassVar[str] = "关于与升级"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.is_portable = is_portable()
        self.look_in: Callable[[], list[Path]] = lambda: list(places_to_look())
        self.leave: Callable[[], None] = _quit
        self._chosen: Path | None = None
        self._found: Found | None = None
        self._about, self._facts = Facts("aboutFacts"), Facts("upgradeFacts")
        self._note = QLabel("", wordWrap=True)
        self._note.setObjectName("upgradeNote")
        theme.set_role(self._note, "quiet")
        self._go = button("", self._on_go_clicked, "primary", "backup", "startUpgrade")
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, theme.size(theme.GAP), 0)
        column.setSpacing(theme.size(12))
        again = button("再找一次", self._on_again_clicked, "", "refresh", "lookAgain")
        choose = button("选择文件夹…", self._on_choose_clicked, "", "folder", "chooseUpgrade")
        column.addLayout(heading("关于", ""))
        column.addWidget(self._about)
        column.addWidget(hairline())
        column.addLayout(heading("升级", "用 U盘带来的新版本，不需要联网", again, choose))
        column.addWidget(self._facts)
        column.addWidget(self._note)
        column.addLayout(row(self._go, 1))
        column.addStretch(1)
        self.body.addWidget(scrolled(inside))

    # ---- looking

    def refresh(self) -> None:
        """Say which version this is, and look for another."""
        system = "Windows" if sys.platform == "win32" else "Linux"
        self._about.show_facts(
            [
                ("版本", f"镇安 {__version__}（{'免安装版' if self.is_portable else system}）"),
                ("程序", str(program_folder())),
                ("数据", str(self.services.folder)),
            ]
        )
        self._look()

    def _look(self) -> None:
        places = [self._chosen] if self._chosen is not None else self.look_in()
        edition = Edition.PORTABLE if self.is_portable else Edition.SETUP
        self._found = self.services.upgrades.look(places, edition)
        self._show_found()

    def _show_found(self) -> None:
        found = self._found
        is_new = found is not None and found.step is Step.NEWER
        self._facts.setVisible(found is not None)
        if found is not None:
            told = f"镇安 {found.version}，{WORDS[found.step]}"
            self._facts.show_facts([("找到", told), ("文件", f"{found.path}（{text.size_of(found.size)}）")])
        self._note.setText(self._words(found))
        self._go.setText("备份" if self.is_portable else f"备份并升级到 {found.version}" if found else "")
        self._go.setVisible(is_new and (self.is_portable or self.services.upgrades.can_start))

    def _words(self, found: Found | None) -> str:
        if found is None:
            return NOTHING
        if found.step is not Step.NEWER:
            return ""
        if self.is_portable:
            return f"{BY_HAND}{ORIGIN}"
        if not self.services.upgrades.can_start:
            return ELSEWHERE
        return (
            f"点下面的按钮后：先核对校验文件，再备份全部数据并检验这份备份，然后关闭镇安、打开 {found.version} 版的安装程序。"
            f"安装不会动数据；装好后第一次打开时，数据会自动升级，升级前还会再备份一次。{ORIGIN}"
        )

    @Slot()
    def _on_again_clicked(self) -> None:
        self._chosen = None
        self._look()

    @Slot()
    def _on_choose_clicked(self) -> None:
        choose_folder(self, "选择存有新版本的文件夹或 U盘", self.choose)

    def choose(self, folder: Path) -> None:
        """Look in this folder alone."""
        self._chosen = folder
        self._look()

    # ---- doing

    @Slot()
    def _on_go_clicked(self) -> None:
        if self.is_portable:
            self.context.navigate("settings", {"tab": "backup"})
        elif self._found is not None:
            self.prepare(self._found)

    def prepare(self, found: Found) -> Job:
        """Check and back up, with the progress shown; what goes wrong is said and nothing was changed."""
        upgrades, backups = self.services.upgrades, self.services.backups
        job = self.context.jobs.start(
            lambda progress: upgrades.prepare(found, backups, progress), f"准备升级到 {found.version}", writes=True
        )
        job.succeeded.connect(self._on_ready)
        return job

    @Slot(object)
    def _on_ready(self, ready: Ready) -> None:
        HandOverDialog(ready, self._hand_over, self.window()).open()

    def _hand_over(self, ready: Ready) -> None:
        def started() -> bool:
            self.services.upgrades.hand_over(ready)
            return True

        if self.context.act(started):
            self.leave()


class HandOverDialog(QDialog):
    """Everything is ready: the last word before the program closes."""

    def __init__(self, ready: Ready, go: Callable[[Ready], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("handOverDialog")
        self.setWindowTitle("可以升级了")
        self._ready, self._go = ready, go
        facts = Facts("readyFacts")
        facts.show_facts(
            [
                ("新版本", f"镇安 {ready.version}，已核对校验文件"),
                ("备份", f"{ready.backup.path.name}（{text.size_of(ready.backup.size)}），已检验"),
            ]
        )
        words = QLabel("现在会关闭镇安并打开安装程序，照它的提示点“安装”即可。", wordWrap=True)
        start = button("关闭镇安并开始安装", self._on_start_clicked, "primary", name="handOver")
        start.setDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.size(theme.MARGIN)] * 4)
        column.setSpacing(theme.size(12))
        column.addWidget(labelled("可以升级了", "title"))
        column.addWidget(facts)
        column.addWidget(words)
        column.addLayout(row(1, button("以后再升级", self.reject, name="notNow"), start))
        self.resize(theme.size(560), theme.size(220))
        start.setFocus()

    @Slot()
    def _on_start_clicked(self) -> None:
        self.accept()
        self._go(self._ready)
