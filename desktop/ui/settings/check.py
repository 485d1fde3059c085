"""The tab 数据体检: whether the file is sound and the records agree with one another."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import ClassVar

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtWidgets import QMenu

from desktop import text
from desktop.services.data_check import Finding, Severity
from desktop.services.finding_places import FindingPlace
from desktop.ui import theme
from desktop.ui.context import Context
from desktop.ui.jobs import Job
from desktop.ui.settings.tab import Tab, heading
from desktop.ui.theme import Meaning
from desktop.ui.widgets.columns import Column
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.paged_table import SimpleTable
from desktop.ui.widgets.pills import Pill
from desktop.ui.widgets.section import button, labelled

NOT_YET = Emptiness("还没有体检过", "核对数据文件、操作日志、时限事项和附件，只查看，不改动。", "开始体检", "check")
PILLS = {Severity.ERROR: Pill("错误", Meaning.OVERDUE), Severity.WARNING: Pill("请核对", Meaning.DUE_SOON)}
MENU_WIDTH = 480
MOST_NAMED = 20  # records in the menu: it must fit on a low screen
INDEX = "search_index"


class CheckTab(Tab):
    """Runs when asked; what was found stays until the next run."""

    KEY: ClassVar[str] = "check"
    TITLE: ClassVar[str] = "数据体检"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.ran_at: datetime | None = None
        self._places: list[FindingPlace] = []
        self._run = button("开始体检", self.run, "primary", "check", "runCheck")
        self._go = button("打开有关记录", self._on_go_clicked, "", "link", "openFinding")
        self._go.setEnabled(False)
        self._told = labelled("", "quiet")
        self._told.setObjectName("checkTold")
        self._table = SimpleTable(_columns(), "findingsTable")
        self._table.say_empty(NOT_YET)
        self._table.empty.step_clicked.connect(self.run)
        self._table.current_id_changed.connect(self._on_chosen)
        self._table.activated_id.connect(self._on_go_clicked)
        self.body.addLayout(heading("数据体检", "", self._told, self._go, self._run))
        self.body.addWidget(self._table, 1)

    @Slot()
    def run(self) -> Job:
        """Look at everything, beside whatever the person does meanwhile."""
        check = self.services.data_check
        self._run.setEnabled(False)
        self._told.setText("正在体检…")
        job = self.context.jobs.start(check.run, "数据体检")
        job.progressed.connect(self._on_progressed)
        job.succeeded.connect(self._on_found)
        job.finished.connect(self._on_finished)
        return job

    @Slot(int, int, str)
    def _on_progressed(self, done: int, total: int, label: str) -> None:
        self._told.setText(f"{label}（{done} / {total}）" if total else label)

    @Slot(object)
    def _on_found(self, findings: Sequence[Finding]) -> None:
        self.ran_at = self.services.clock.now()
        at = text.moment(self.ran_at)
        self._table.say_empty(Emptiness("没有发现问题", f"{at} 体检：文件完好，记录相互一致。", "再查一次", "check"))
        self._table.set_rows(findings)
        errors = sum(finding.severity is Severity.ERROR for finding in findings)
        counts = f"错误 {errors}，请核对 {len(findings) - errors}" if findings else "没有发现问题"
        self._told.setText(f"{at} 体检：{counts}")

    @Slot()
    def _on_finished(self) -> None:
        self._run.setEnabled(True)
        if self.ran_at is None:
            self._told.setText("")

    @Slot(object)
    def _on_chosen(self, _place: object) -> None:
        finding = self._table.current_row
        self._places = [] if finding is None else self.services.data_check.places(finding)
        is_index = finding is not None and finding.code == INDEX
        self._go.setText("重建检索目录" if is_index else "打开有关记录")
        self._go.setEnabled(is_index or bool(self._places))

    @Slot()
    def _on_go_clicked(self) -> None:
        """One record is opened at once; of several the person chooses."""
        finding = self._table.current_row
        if finding is not None and finding.code == INDEX:
            self.context.act(self.services.data_check.rebuild_search, "检索目录已重建")
            self.run()
        elif len(self._places) == 1:
            self._open(self._places[0])
        elif self._places:
            self._ask_which()

    def _ask_which(self) -> None:
        menu = QMenu(self)
        menu.setObjectName("findingPlaces")
        for place in self._places[:MOST_NAMED]:
            words = self.fontMetrics().elidedText(place.title, Qt.TextElideMode.ElideRight, theme.size(MENU_WIDTH))
            menu.addAction(words.replace("&", "&&")).triggered.connect(partial(self._open, place))
        if len(self._places) > MOST_NAMED:
            menu.addAction(f"还有 {len(self._places) - MOST_NAMED} 条，处理后再体检一次").setEnabled(False)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._go.mapToGlobal(QPoint(0, self._go.height())))

    def _open(self, place: FindingPlace, *_: object) -> None:
        self.context.navigate(place.page, place.wanted)


def _columns() -> list[Column[Finding]]:
    return [
        Column("severity", "程度", lambda finding: PILLS[finding.severity].word, 100, pill=_pill),
        Column("text", "发现", lambda finding: finding.text, 480),
        Column("count", "记录", lambda finding: str(len(finding.ids) or ""), 60),
        Column("remedy", "怎么办", lambda finding: finding.remedy, 420),
    ]


def _pill(finding: Finding) -> Pill:
    return PILLS[finding.severity]
