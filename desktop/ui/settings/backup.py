"""The tab 备份: what there is, making one, the second disk, checking, and restoring after seeing what would be lost."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from desktop import text
from desktop.services.backups import (
    BackupReason,
    BackupRow,
    JournalLine,
    MadeBackup,
    Restored,
    RestorePreview,
    TableChange,
)
from desktop.ui import theme
from desktop.ui.context import Context
from desktop.ui.jobs import Job
from desktop.ui.settings.tab import Facts, Tab, heading
from desktop.ui.theme import Meaning
from desktop.ui.widgets.columns import Align, Column
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.folder import choose_folder
from desktop.ui.widgets.paged_table import SimpleTable
from desktop.ui.widgets.pills import Pill
from desktop.ui.widgets.section import button, hairline, labelled, row

NONE_YET = Emptiness("还没有备份", "程序每半小时和退出时自动备份；现在就可以备份一次。", "立即备份", "backup")
PAUSED = "刚刚还原过：旧备份暂不清理，也不会丢。核对数据无误后请确认。"
NOTHING_LOST = Emptiness("没有会丢失的操作", "这份备份之后没有办理过事项。")


class BackupTab(Tab):
    """The list of backups and what can be done with each."""

    KEY: ClassVar[str] = "backup"
    TITLE: ClassVar[str] = "备份"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._checked: dict[Path, str] = {}
        self.banner.clicked.connect(self._on_confirm_clicked)
        make = button("立即备份", self.make, "primary", "backup", "makeBackup")
        self._verify = button("检验", self._on_verify_clicked, "", "check", "verifyBackup")
        self._restore = button("还原…", self._on_restore_clicked, "", "undo", "restoreBackup")
        self._table = SimpleTable(self._columns(), "backupsTable")
        self._table.say_empty(NONE_YET)
        self._table.empty.step_clicked.connect(self.make)
        self.body.addLayout(heading("备份", "每半小时和退出时自动备份", self._verify, self._restore, make))
        self.body.addWidget(self._table, 1)
        self.body.addWidget(hairline())
        choose = button("选择文件夹…", self._on_second_clicked, "", "folder", "chooseSecond")
        self._clear = button("不再备份到那里", self._on_clear_clicked, name="clearSecond")
        self._second = Facts("secondFacts")
        self.body.addLayout(heading("第二位置", "另一块硬盘或 U 盘，本机坏了还有一份", self._clear, choose))
        self.body.addWidget(self._second)

    def refresh(self) -> None:
        """Read the folder again."""
        backups = self.services.backups
        self._table.set_rows(backups.list())
        for push in (self._verify, self._restore):
            push.setEnabled(bool(self._table.rows))
        self.banner.say(
            PAUSED if backups.is_thinning_paused else "", "确认还原无误" if backups.is_thinning_paused else ""
        )
        self._show_second()

    def _show_second(self) -> None:
        folder, last = self.services.backups.second_folder, self.services.backups.last_on_second
        self._clear.setVisible(folder is not None)
        told = "还没有选择" if folder is None else str(folder)
        state = "—" if folder is None else text.moment(last.made_at) if last else "那里还没有备份，或者磁盘没有接上"
        self._second.show_facts([("文件夹", told), ("最近一份", state)])

    def _chosen(self) -> BackupRow | None:
        return self._table.current_row or next(iter(self._table.rows), None)

    # ---- making

    @Slot()
    def make(self) -> Job:
        """Back up now."""
        backups = self.services.backups
        job = self.context.jobs.start(lambda progress: backups.make(BackupReason.HAND, progress), "备份", writes=True)
        job.succeeded.connect(self._on_made)
        return job

    @Slot(object)
    def _on_made(self, made: MadeBackup) -> None:
        self._checked[made.row.path] = "完好"
        self.read()
        self.context.toast(f"已备份（{text.size_of(made.row.size)}），并检验过", False)
        if made.second_trouble is not None:
            self.context.problems.show(made.second_trouble)

    # ---- the second disk

    @Slot()
    def _on_second_clicked(self) -> None:
        choose_folder(self, "选择第二份备份放在哪里", self.choose_second)

    def choose_second(self, folder: Path | None) -> None:
        """Copy every backup there as well; None ends that."""
        done = "以后的备份会同时放到第二位置" if folder else "不再备份到第二位置"
        self.context.act(partial(self.services.backups.choose_second_folder, folder), done)
        self.read()

    @Slot()
    def _on_clear_clicked(self) -> None:
        self.choose_second(None)

    # ---- checking

    @Slot()
    def _on_verify_clicked(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self.verify(chosen)

    def verify(self, chosen: BackupRow) -> Job:
        """Read all of a backup and open it."""
        backups = self.services.backups
        job = self.context.jobs.start(lambda progress: backups.verify(chosen.path, progress), "检验备份")
        job.succeeded.connect(partial(self._on_verified, chosen.path))
        job.failed.connect(partial(self._on_verify_failed, chosen.path))
        self.banner.say("正在检验，可以继续办理别的事。")
        return job

    def _on_verified(self, path: Path, _facts: object) -> None:
        self._checked[path] = "完好"
        self.read()
        self.context.toast("备份完好，可以还原", False)

    def _on_verify_failed(self, path: Path, _error: object) -> None:
        self._checked[path] = "损坏"
        self.read()

    # ---- restoring

    @Slot()
    def _on_restore_clicked(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self.look_into(chosen)

    def look_into(self, chosen: BackupRow) -> Job:
        """Say what a restore would lose, and offer it."""
        backups = self.services.backups
        job = self.context.jobs.start(lambda progress: backups.preview_restore(chosen.path, progress), "查看备份")
        job.succeeded.connect(self._on_previewed)
        return job

    @Slot(object)
    def _on_previewed(self, preview: RestorePreview) -> None:
        RestoreDialog(preview, partial(self.restore, preview.path), self.window()).open()

    def restore(self, path: Path) -> Job:
        """Put the backup in the place of what is there now."""
        backups = self.services.backups
        job = self.context.jobs.start(lambda progress: backups.restore(path, progress), "还原备份", writes=True)
        job.succeeded.connect(self._on_restored)
        return job

    @Slot(object)
    def _on_restored(self, restored: Restored) -> None:
        self.read()
        self.context.toast(f"已还原到 {text.moment(restored.facts.made_at)} 的备份", False)

    @Slot()
    def _on_confirm_clicked(self) -> None:
        self.context.act(self.services.backups.confirm_restore, "已确认，旧备份会照常清理")
        self.read()

    # ---- columns

    def _columns(self) -> list[Column[BackupRow]]:
        return [
            Column("made_at", "时间", lambda row: text.moment(row.made_at), 150),
            Column("reason", "原因", lambda row: row.reason, 100),
            Column("size", "大小", lambda row: text.size_of(row.size), 90),
            Column("state", "状态", lambda row: self._state(row).word, 120, pill=self._state),
            Column("content", "内容", _content, 330),
            Column("name", "文件", lambda row: row.path.name, 260),
        ]

    def _state(self, row: BackupRow) -> Pill:
        found = self._checked.get(row.path)
        if row.facts is None or found == "损坏":
            return Pill("损坏", Meaning.OVERDUE)
        return Pill("已检验", Meaning.DONE) if found else Pill("制作时已检验", Meaning.INFORMATION)


class RestoreDialog(QDialog):
    """What would be lost, in acts and in numbers, before anything is done."""

    def __init__(self, preview: RestorePreview, restore: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("restoreDialog")
        self.setWindowTitle("还原备份")
        self._restore = restore
        lost = SimpleTable(_lost_columns(), "lostTable", lambda line: line.operation)
        lost.say_empty(NOTHING_LOST)
        lost.set_rows(preview.lost)
        counts = SimpleTable(_count_columns(), "countsTable")
        counts.set_rows([each for each in preview.tables if each.now != each.then] or preview.tables)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.size(theme.MARGIN)] * 4)
        column.setSpacing(theme.size(12))
        column.addWidget(labelled(f"还原到 {text.moment(preview.facts.made_at)} 的备份", "title"))
        column.addWidget(QLabel(_told(preview), wordWrap=True))
        column.addWidget(labelled(f"会丢失的操作（{len(preview.lost)} 项）", "section"))
        column.addWidget(lost, 3)
        column.addWidget(labelled("记录数对比", "section"))
        column.addWidget(counts, 2)
        refuse = button("取消", self.reject, name="cancelRestore")
        refuse.setDefault(True)
        accept = button("还原到这份备份", self._on_restore_clicked, "danger", name="doRestore")
        column.addLayout(row(1, refuse, accept))
        self.resize(theme.size(760), theme.size(620))

    @Slot()
    def _on_restore_clicked(self) -> None:
        self.accept()
        self._restore()


def _told(preview: RestorePreview) -> str:
    told = ["现在的数据会先备份一份，再换成这份备份；还原不能用“撤销”退回，但可以再还原到刚才那份。"]
    if preview.lost:
        told.append(
            f"备份之后办理的 {len(preview.lost)} 项操作会丢失（{_minute(preview.lost_from)} 至 {_minute(preview.lost_to)}）。"
        )
    if preview.gained:
        told.append(f"备份里有 {preview.gained} 项操作是现在的数据没有的。")
    if preview.absent:
        told.append(f"有 {len(preview.absent)} 个附件找不到。")
    return "".join(told)


def _minute(moment: str | None) -> str:
    """A moment as the journal writes it, to the minute."""
    return (moment or "")[:16].replace("T", " ")


def _content(row: BackupRow) -> str:
    if row.facts is None:
        return "读不出来"
    names = {"enterprise": "企业", "inspection": "检查", "hazard": "隐患"}
    return " · ".join(f"{word} {row.facts.counts.get(table, 0)}" for table, word in names.items())


def _lost_columns() -> list[Column[JournalLine]]:
    return [
        Column("done_at", "时间", lambda line: _minute(line.done_at), 150),
        Column("title", "操作", lambda line: line.title, 360),
        Column("done_by", "经办人", lambda line: line.done_by, 120),
    ]


def _count_columns() -> list[Column[TableChange]]:
    return [
        Column("label", "内容", lambda each: each.label, 160),
        Column("now", "现在", lambda each: str(each.now), 100, Align.RIGHT),
        Column("then", "备份里", lambda each: str(each.then), 100, Align.RIGHT),
        Column("step", "　相差", _difference, 100),
    ]


def _difference(each: TableChange) -> str:
    return f"　{each.then - each.now:+d}" if each.then != each.now else "　相同"
