"""A backup on which somebody clicked: what is in it, whether it is sound, and putting it into a folder of its own.

It never touches an office that is there: to replace one's own data, 设置 → 备份 of the open office is the way, which
says first what would be lost.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from desktop import text
from desktop.domain.errors import Said
from desktop.services import backups
from desktop.services.backups import BackupFacts
from desktop.ui import theme
from desktop.ui.jobs import Jobs
from desktop.ui.widgets.folder import choose_folder
from desktop.ui.widgets.section import button, labelled, row

CONTENT = {"enterprise": "企业", "inspection": "检查", "hazard": "隐患"}
ADVICE = "还原到一个新文件夹，不改动现在的数据。要用它替换现在的数据，请打开镇安，在“设置 → 备份”里还原。"


class BackupDialog(QDialog):
    """What a backup says of itself, 检验, and 还原并打开. It only says what was chosen; restoring is for `compose`."""

    restore_wanted = Signal(object, object)
    """The `Path` of the backup and that of the folder it shall go to."""

    def __init__(
        self, path: Path, facts: BackupFacts, folder: Path, sentence: Callable[[Said], str], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("backupDialog")
        self.setWindowTitle("镇安备份")
        self._path = path
        self._folder = folder
        self._sentence = sentence
        self._jobs = Jobs(self)
        self._build(facts)
        self.finished.connect(self._on_finished)

    def _build(self, facts: BackupFacts) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.size(theme.MARGIN)] * 4)
        column.setSpacing(theme.size(12))
        column.addWidget(labelled(facts.office or "没有单位名称的备份", "title"))
        column.addWidget(QLabel(_told(facts), wordWrap=True))
        column.addWidget(_quiet(str(self._path)))
        self._place = QLabel(wordWrap=True)
        self._place.setObjectName("restorePlace")
        column.addWidget(labelled("还原到", "section"))
        where = row(self._place, button("换一个文件夹…", self._on_choose_clicked, "link", name="choosePlace"))
        where.setStretch(0, 1)
        column.addLayout(where)
        column.addWidget(_quiet(ADVICE))
        self._status = QLabel(wordWrap=True)
        self._status.setObjectName("backupStatus")
        column.addWidget(self._status)
        column.addStretch(1)
        self._verify = button("检验", self._on_verify_clicked, name="verifyBackup")
        restore = button("还原并打开", self._on_restore_clicked, "primary", name="restoreBackup")
        restore.setDefault(True)
        column.addLayout(row(self._verify, 1, button("取消", self.reject, name="cancelBackup"), restore))
        self.resize(theme.size(560), theme.size(340))
        self._show_place()

    def _show_place(self) -> None:
        self._place.setText(str(self._folder))

    def _say(self, words: str, role: str) -> None:
        theme.set_role(self._status, role)
        self._status.setText(words)

    @Slot()
    def _on_choose_clicked(self) -> None:
        choose_folder(self, "选择还原到的文件夹（里面不能已有镇安的数据）", self._on_place_chosen)

    def _on_place_chosen(self, folder: Path) -> None:
        self._folder = folder
        self._show_place()

    @Slot()
    def _on_verify_clicked(self) -> None:
        self._verify.setEnabled(False)
        self._say("正在检验…", "quiet")
        job = self._jobs.start(partial(backups.verify, self._path), "检验备份", shows_failure=False)
        job.succeeded.connect(self._on_sound)
        job.failed.connect(self._on_unsound)

    @Slot(object)
    def _on_sound(self, _facts: object) -> None:
        self._verify.setEnabled(True)
        self._say("备份完好，可以还原。", "done")

    @Slot(object)
    def _on_unsound(self, error: object) -> None:
        self._verify.setEnabled(True)
        if not isinstance(error, Said):
            assert isinstance(error, Exception)
            raise error
        self._say(self._sentence(error), "error")

    @Slot()
    def _on_finished(self) -> None:
        self._jobs.stop()

    @Slot()
    def _on_restore_clicked(self) -> None:
        self.accept()
        self.restore_wanted.emit(self._path, self._folder)


def _told(facts: BackupFacts) -> str:
    """When it was made, and how much is in it."""
    content = "，".join(f"{word} {facts.counts.get(table, 0)}" for table, word in CONTENT.items())
    return f"{text.moment(facts.made_at)} 的备份：{content}，附件 {len(facts.attachments)} 个。"


def _quiet(words: str) -> QLabel:
    label = labelled(words, "quiet")
    label.setWordWrap(True)
    return label


__all__ = ["BackupDialog"]
