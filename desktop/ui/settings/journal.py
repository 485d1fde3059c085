"""The tab 操作日志: who did what and when, and taking the last act back."""

from datetime import timedelta
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit

from desktop import text
from desktop.services.journal import ActRow, Journal
from desktop.ui import theme
from desktop.ui.context import Context
from desktop.ui.settings.tab import Tab, heading
from desktop.ui.theme import Meaning
from desktop.ui.widgets.columns import Column
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.fields import ChoiceField, Option
from desktop.ui.widgets.paged_table import SimpleTable
from desktop.ui.widgets.pills import Pill
from desktop.ui.widgets.section import button

LIMIT = 2000
SPANS = [Option(7, "近 7 天"), Option(30, "近 30 天"), Option(365, "近一年"), Option(0, "全部")]
NO_ACT = Emptiness("没有符合条件的操作", "换一个时间范围，或者清空搜索。")


class JournalTab(Tab):
    """The acts, newest first."""

    KEY: ClassVar[str] = "journal"
    TITLE: ClassVar[str] = "操作日志"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._journal = Journal(context.services.store)
        self._acts: list[ActRow] = []
        self._search = QLineEdit(placeholderText="搜索操作、经办人", clearButtonEnabled=True)
        self._search.setObjectName("journalSearch")
        self._search.setAccessibleName("搜索操作日志")
        self._search.setFixedWidth(theme.size(240))
        self._search.textChanged.connect(self._show)
        self._span = ChoiceField(SPANS)
        self._span.name("时间范围", "journalSpan")
        self._span.set_value(30)
        self._span.setFixedWidth(theme.size(120))
        self._span.changed.connect(self._on_span_changed)
        self._undo = button("撤销上一步", self._on_undo_clicked, "", "undo", "undoLast")
        self._table = SimpleTable(_columns(), "journalTable", lambda row: row.id, context.memory)
        self._table.say_empty(NO_ACT)
        self.body.addLayout(heading("操作日志", "只增不改，逐条相连", self._search, self._span, self._undo))
        self.body.addWidget(self._table, 1)

    def refresh(self) -> None:
        """Read the acts again."""
        days = self._span.value()
        since = self.services.clock.today() - timedelta(days=days) if isinstance(days, int) and days else None
        self._acts = self._journal.acts(since, LIMIT)
        act = self.services.store.undoable
        self._undo.setEnabled(act is not None)
        self._undo.setToolTip(f"撤销：{act.title}（Ctrl+Z）" if act else "本次打开以来没有可以撤销的操作")
        self._show()

    @Slot()
    def _show(self) -> None:
        words = self._search.text().split()
        self._table.set_rows([act for act in self._acts if all(word in f"{act.title} {act.done_by}" for word in words)])

    @Slot()
    def _on_span_changed(self) -> None:
        self.read()

    @Slot()
    def _on_undo_clicked(self) -> None:
        changed = self.context.act(self.services.store.undo)
        if changed is not None:
            self.context.toast(f"已{changed.title}", False)


def _state(act: ActRow) -> Pill | None:
    if act.undone_by is not None:
        return Pill("已撤销", Meaning.ATTENTION)
    return Pill("撤销 / 恢复", Meaning.INFORMATION) if act.undoes is not None else None


def _state_word(act: ActRow) -> str:
    pill = _state(act)
    return pill.word if pill else ""


def _columns() -> list[Column[ActRow]]:
    return [
        Column("id", "序号", lambda act: str(act.id), 70),
        Column("done_at", "时间", lambda act: text.moment(act.done_at), 150),
        Column("done_by", "经办人", lambda act: act.done_by or "—", 110),
        Column("title", "操作", lambda act: act.title, 420),
        Column("state", "状态", _state_word, 120, pill=_state),
        Column("rows", "涉及记录", lambda act: f"{act.row_count} 条", 90),
    ]
