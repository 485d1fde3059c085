"""The page 年终上报: what is ready and what is missing on the left, the report as it will be printed on the right."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop import text
from desktop.domain.errors import Refused
from desktop.services.preflight import PreflightItem, Severity
from desktop.services.reporting import Exported, Reporting
from desktop.ui import places, theme
from desktop.ui.context import Context
from desktop.ui.reporting.preview import ReportPreview
from desktop.ui.theme import Meaning
from desktop.ui.widgets.fields import DateField, NumberField
from desktop.ui.widgets.folder import choose_folder
from desktop.ui.widgets.page import Page
from desktop.ui.widgets.pills import Pill, PillLabel, Shape
from desktop.ui.widgets.section import Figure, button, clear, labelled, scrolled

if TYPE_CHECKING:
    from desktop.ui.printing.work import PrintWork

LEFT_WIDTH = 440  # under this the links 去处理 would be cut off
PAGES = {"plan": "calendar", "report": "reporting"}
PILLS = {
    Severity.ERROR: Pill("必须处理", Meaning.OVERDUE, Shape.TRIANGLE),
    Severity.WARNING: Pill("请核对", Meaning.DUE_SOON, Shape.CIRCLE),
    Severity.NOTE: Pill("说明", Meaning.INFORMATION, Shape.RING),
}


class ReportingPage(Page):
    """From the pre-flight to the sealed package."""

    KEY, TITLE, ICON = places.REPORTING
    DEPENDS_ON: ClassVar[frozenset[str]] = Reporting.DEPENDS_ON

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._year = context.services.clock.today().year
        self.add_action("打开所在文件夹", self._on_reveal_clicked, "", "folder", "revealPackage").setEnabled(False)
        self.add_action("导出年终包", self._on_export_clicked, "primary", "export", "exportPackage")
        self._last: Path | None = None
        self._build()

    # ---- building ------------------------------------------------------------------------------------------

    def _build(self) -> None:
        sides = QHBoxLayout()
        sides.setSpacing(theme.size(theme.MARGIN))
        sides.addWidget(self._build_left(), 2)
        self._preview = ReportPreview()
        sides.addWidget(self._preview, 3)
        self.body.addLayout(sides, 1)

    def _build_left(self) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, theme.size(theme.GAP), 0)
        column.setSpacing(theme.size(theme.GAP))
        column.addLayout(self._build_period())
        column.addWidget(labelled("上报前检查", "section"))
        self._checks = QVBoxLayout()
        column.addLayout(self._checks)
        column.addWidget(labelled("报告各部分", "section"))
        self._sections = QVBoxLayout()
        self._sections.setSpacing(theme.size(2))
        column.addLayout(self._sections)
        column.addWidget(labelled("已导出", "section"))
        self._made = QVBoxLayout()
        column.addLayout(self._made)
        column.addStretch(1)
        left = scrolled(inside)
        left.setMinimumWidth(theme.size(LEFT_WIDTH))
        return left

    def _build_period(self) -> QHBoxLayout:
        self._year_field = NumberField()
        self._year_field.name("年度", "reportYear")
        self._year_field.set_value(self._year)
        self._cut_off = DateField()
        self._cut_off.name("截止日期", "reportCutOff")
        line = QHBoxLayout()
        for words, field, width in (("年度", self._year_field, 130), ("统计截止", self._cut_off, 170)):
            line.addWidget(labelled(words, "label"))
            field.setMaximumWidth(theme.size(width))
            field.left.connect(self._on_period_left)
            line.addWidget(field)
        line.addStretch(1)
        return line

    # ---- reading -------------------------------------------------------------------------------------------

    @property
    def _chosen_cut_off(self) -> date | None:
        on = self._cut_off.value()
        return on if isinstance(on, date) else None

    def refresh(self) -> None:
        """Check and compose the year again."""
        reporting = self._context.services.reporting
        try:
            content = reporting.content(self._year, self._chosen_cut_off)
        except Refused as error:
            self.banner.say(text.sentence(error))
            return
        self.banner.say("")
        if self._chosen_cut_off is None:
            self._cut_off.set_value(content.cut_off)
        self._show_checks(reporting.preflight(self._year, content.cut_off))
        self._show_sections()
        self._show_made()
        self._preview.show_blocks(content.paper.blocks)

    def _show_checks(self, items: Sequence[PreflightItem]) -> None:
        clear(self._checks)
        counts = {severity: sum(item.severity is severity for item in items) for severity in Severity}
        self.show_figures(
            [
                Figure(f"必须处理 {counts[Severity.ERROR]}", None, _meaning(counts[Severity.ERROR], Meaning.OVERDUE)),
                Figure(
                    f"请核对 {counts[Severity.WARNING]}", None, _meaning(counts[Severity.WARNING], Meaning.DUE_SOON)
                ),
                Figure(f"12 月 25 日前报送，截止 {text.day(self._chosen_cut_off)}"),
            ]
        )
        self.set_badge(counts[Severity.ERROR])
        if not items:
            self._checks.addWidget(labelled("没有发现问题，可以导出。", "quiet"))
        for item in items:
            self._checks.addWidget(self._check_line(item))

    def _check_line(self, item: PreflightItem) -> QWidget:
        line = QWidget()
        box = QHBoxLayout(line)
        box.setContentsMargins(0, theme.size(2), 0, theme.size(2))
        box.addWidget(PillLabel(PILLS[item.severity]))
        words = labelled(item.text)
        words.setWordWrap(True)
        box.addWidget(words, 1)
        if item.page:
            box.addWidget(button("去处理", partial(self._go, item), "link", name=f"go_{item.code}"))
        return line

    def _show_sections(self) -> None:
        clear(self._sections)
        for section, title, is_own in self._context.services.reporting.sections(self._year):
            line = QHBoxLayout()
            line.addWidget(button(title, partial(self._preview.go_to, section), "link"))
            line.addStretch(1)
            if is_own:
                line.addWidget(labelled("已改写", "quiet"))
            edit = button("编辑", partial(self._edit, section, title), "link", name=f"edit_{section}")
            edit.setAccessibleName(f"编辑{title}")
            line.addWidget(edit)
            self._sections.addLayout(line)

    def _show_made(self) -> None:
        clear(self._made)
        made = self._context.services.reporting.submissions(self._year)
        if not made:
            self._made.addWidget(labelled("本年度还没有导出过。", "quiet"))
        for row in made[:5]:
            words = labelled(f"{row.made_at}　{row.file_name}", "quiet")
            words.setToolTip(f"SHA-256 {row.sha256}")
            words.setWordWrap(True)
            self._made.addWidget(words)
        changes = self._context.services.reporting.difference(self._year, self._chosen_cut_off) if made else []
        if changes:
            told = "；".join(f"{change.title} {change.before} → {change.after}" for change in changes[:6])
            words = labelled(f"与上次导出相比有 {len(changes)} 个数字不同：{told}", "quiet")
            words.setWordWrap(True)
            self._made.addWidget(words)

    # ---- doing ---------------------------------------------------------------------------------------------

    def open_with(self, wanted: Mapping[str, Any]) -> None:
        """Come here for a year, or for one section to write."""
        if wanted.get("year"):
            self._year = int(wanted["year"])
            self._year_field.set_value(self._year)
            self._cut_off.set_value(None)
            self.read()
        if wanted.get("section"):
            titles = {section: title for section, title, _ in self._context.services.reporting.sections(self._year)}
            self._edit(str(wanted["section"]), titles.get(str(wanted["section"]), ""))

    @Slot()
    def _on_period_left(self) -> None:
        year = self._year_field.value()
        if isinstance(year, int) and year != self._year:
            self._year = year
            self._cut_off.set_value(None)
        self.read()

    def _go(self, item: PreflightItem) -> None:
        wanted = {**item.filters, **({"ids": item.ids} if item.ids else {})}
        self._context.navigate(PAGES.get(item.page, item.page), wanted)

    def _edit(self, section: str, title: str) -> None:
        self._context.open_form("report_section", year=self._year, section=section, title=title)

    def print_work(self) -> "PrintWork | None":
        """The report in the layout of official documents, as the package carries it."""
        from desktop.documents.pdf import pdf
        from desktop.ui.printing.work import PrintWork

        try:
            paper = self._context.services.reporting.content(self._year, self._chosen_cut_off).paper
        except Refused:
            return None
        return PrintWork("report", paper.title, lambda _setup: pdf(paper), has_setup=False)

    def save(self) -> None:
        """Ctrl+S exports."""
        self._on_export_clicked()

    @Slot()
    def _on_export_clicked(self) -> None:
        choose_folder(self, "把年终包放在哪个文件夹", self.export_to)

    def export_to(self, folder: Path) -> Any:
        """Write the package as a job with progress."""
        reporting, year, cut_off = self._context.services.reporting, self._year, self._chosen_cut_off
        job = self._context.jobs.start(
            lambda progress: reporting.export(year, folder, cut_off, progress=progress), "导出年终包", writes=True
        )
        job.succeeded.connect(self._on_exported)
        return job

    @Slot(object)
    def _on_exported(self, made: Exported) -> None:
        self._last = made.path
        reveal = self.findChild(QWidget, "revealPackage")
        if reveal is not None:
            reveal.setEnabled(True)
        self._context.toast(f"已导出 {made.path.name}（{text.size_of(made.size)}）", False)
        if made.missing:
            told = "、".join(sorted(made.missing))
            self.banner.say(f"有 {len(made.missing)} 个字在 PDF 里印不出来：{told}。请改用 Word 版打印。")

    @Slot()
    def _on_reveal_clicked(self) -> None:
        if self._last is None:
            return
        if sys.platform == "win32":
            subprocess.Popen(["explorer", "/select,", str(self._last)])
        else:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._last.parent)))


def _meaning(count: int, meaning: Meaning) -> Meaning:
    return meaning if count else Meaning.QUIET
