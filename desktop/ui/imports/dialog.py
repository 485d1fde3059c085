"""The import wizard: what it is, how its columns are understood, what would become of every row, and then the one act.

Reading and planning run beside the window; only the last step writes, behind a dialog that can be cancelled.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QLabel,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop import text
from desktop.domain.errors import Said
from desktop.exchange.ledger import Layout, LedgerKind, ParsedLedger, SheetReading
from desktop.exchange.ledger_fields import kinds
from desktop.exchange.ledger_headings import guess_kind
from desktop.exchange.sheet import Sheet
from desktop.exchange.sheets import from_clipboard, read_sheets
from desktop.services.imports import KINDS
from desktop.services.imports.plan import Action, ImportPlan, PlannedRow
from desktop.services.progress import Progress
from desktop.ui import theme
from desktop.ui.context import Context
from desktop.ui.manual import answer_f1
from desktop.ui.theme import Meaning
from desktop.ui.widgets.columns import Align, Column
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.paged_table import SimpleTable
from desktop.ui.widgets.pills import Pill, Shape
from desktop.ui.widgets.section import Banner, Figure, FigureLine, button, clear, labelled, row, scrolled

FILTERS = "表格 (*.xlsx *.xls *.et *.ods *.csv *.tsv *.xml);;所有文件 (*)"
WORDS = {
    Action.NEW: Pill("新增", Meaning.DONE, Shape.CIRCLE),
    Action.CHANGED: Pill("更新", Meaning.INFORMATION, Shape.CIRCLE),
    Action.UNCHANGED: Pill("不变", Meaning.QUIET, Shape.RING),
    Action.REJECTED: Pill("不能导入", Meaning.OVERDUE, Shape.TRIANGLE),
    Action.SKIPPED: Pill("跳过", Meaning.QUIET, Shape.RING),
}
CONFLICTS = frozenset({"name_mismatch", "renamed", "duplicate_in_file"})
LEAVE = "（不导入）"
NOTHING_HERE = Emptiness("没有这一类的行", "换一类看看。")


@dataclass(frozen=True, slots=True)
class Source:
    """What is to be taken in: sheets that were read, and the name they came under."""

    file: str
    sheets: tuple[Sheet, ...]


class ImportDialog(QDialog):
    """Three steps in one window: choose, understand, preview."""

    def __init__(
        self,
        context: Context,
        files: Sequence[Path] = (),
        pasted: tuple[str, str] | None = None,
        kind: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("importDialog")
        self.setWindowTitle("导入台账")
        self.resize(theme.size(1040), theme.size(680))
        self.setAcceptDrops(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)  # a plan of a large ledger is not kept for nothing
        self._context = context
        self._source: Source | None = None
        self._ledger: ParsedLedger | None = None
        self._plan: ImportPlan | None = None
        self._asked_kind = kind
        self._layouts: dict[str, Layout] = {}
        self._shown = "all"
        self._build()
        answer_f1(self, "import")
        if pasted is not None:
            self.read_pasted(*pasted)
        elif files:
            self.read_file(Path(files[0]))

    # ---- building ------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._banner = Banner(role="banner-error")
        self._stack = QStackedWidget()
        for page in (self._build_choose(), self._build_columns(), self._build_preview()):
            self._stack.addWidget(page)
        self._back = button("上一步", self._on_back_clicked, "", name="importBack")
        self._next = button("下一步", self._on_next_clicked, "primary", name="importNext")
        self._good = button("只导入没有问题的行", partial(self.apply, True), "", name="importGood")
        self._problems = button("导出问题行…", self._on_problems_clicked, "flat", "export", "importProblems")
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.size(theme.MARGIN)] * 4)
        column.setSpacing(theme.size(12))
        column.addWidget(labelled("导入台账", "section"))
        column.addWidget(self._banner)
        column.addWidget(self._stack, 1)
        feet = (self._problems, 1, button("取消", self.reject, name="importCancel"), self._back, self._good, self._next)
        column.addLayout(row(*feet))
        self._show_step(0)

    def _build_choose(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.addStretch(1)
        words = QLabel("把表格文件拖到这里，或选择文件，或粘贴从 Excel、WPS 复制的单元格。", wordWrap=True)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(words)
        choose = button("选择文件…", self._on_choose_clicked, "primary", "folder", "importChoose")
        paste = button("粘贴（Ctrl+V）", self._on_paste_clicked, "", "paste", "importPaste")
        column.addLayout(row(1, choose, paste, 1))
        note = labelled("支持 .xlsx、.xls、.et、.csv 等；认表头，不认文件名。导入前先预览，可整批撤销。", "quiet")
        note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(note)
        column.addStretch(2)
        return page

    def _build_columns(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        self._kind = QComboBox()
        self._kind.setObjectName("importKind")
        self._kind.setAccessibleName("台账种类")
        for key, words in KINDS.items():
            self._kind.addItem(words, key)
        self._kind.activated.connect(self._on_kind_chosen)
        self._sheet = QComboBox()
        self._sheet.setObjectName("importSheet")
        self._sheet.setAccessibleName("工作表")
        self._sheet.activated.connect(self._on_sheet_chosen)
        self._file = labelled("", "quiet")
        column.addLayout(
            row(labelled("这是", "label"), self._kind, labelled("工作表", "label"), self._sheet, self._file, 1)
        )
        self._heads = QGridLayout()
        self._heads.setHorizontalSpacing(theme.size(theme.WIDE_GAP))
        self._heads.setVerticalSpacing(theme.size(6))
        inside = QWidget()
        holder = QVBoxLayout(inside)
        holder.setContentsMargins(0, 0, theme.size(theme.GAP), 0)
        holder.addLayout(self._heads)
        holder.addStretch(1)
        column.addWidget(scrolled(inside), 1)
        return page

    def _build_preview(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        self._counts = FigureLine()
        column.addWidget(self._counts)
        self._table: SimpleTable[PlannedRow] = SimpleTable(_columns(), "importPreview")
        self._table.say_empty(NOTHING_HERE)
        column.addWidget(self._table, 1)
        return page

    def _show_step(self, step: int) -> None:
        self._stack.setCurrentIndex(step)
        self._back.setVisible(step > 0)
        self._next.setVisible(step > 0)
        self._next.setText("导入" if step == 2 else "预览")
        is_bad = step == 2 and self._plan is not None and not self._plan.is_clean
        self._good.setVisible(is_bad and self._plan is not None and not self._plan.is_empty)
        self._problems.setVisible(step == 2 and self._has_problems)
        self._next.setEnabled(step != 2 or (self._plan is not None and self._plan.is_clean and not self._plan.is_empty))

    @property
    def _has_problems(self) -> bool:
        return self._plan is not None and any(each.problems for each in self._plan.rows)

    # ---- step one: what ------------------------------------------------------------------------------------

    def read_file(self, path: Path) -> Any:
        """Read a file beside the window."""
        job = self._context.jobs.start(
            lambda _progress: Source(str(path), read_sheets(path)), "读取表格", shows_failure=False
        )
        job.succeeded.connect(self._on_source)
        job.failed.connect(self._on_failed)
        self._banner.say("")
        return job

    def read_pasted(self, words: str, html: str) -> None:
        """Take what was copied from a sheet."""
        try:
            self._on_source(Source("粘贴的表格", from_clipboard(words, html)))
        except Said as error:
            self._on_failed(error)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, Said):
            self._banner.say(text.sentence(error))
        else:
            self._context.problems.show(error)

    @Slot(object)
    def _on_source(self, source: Source) -> None:
        self._source, self._layouts = source, {}
        self._sheet.clear()
        self._sheet.addItem("全部", None)
        for sheet in source.sheets:
            self._sheet.addItem(sheet.name, sheet.name)
        self._file.setText(Path(source.file).name)
        self._choose_kind(self._asked_kind or self._guessed(source))
        self.understand()

    def _guessed(self, source: Source) -> str:
        guesses = [guess for guess in map(guess_kind, source.sheets) if guess is not None]
        return max(guesses, key=lambda guess: guess.telling).kind.value if guesses else LedgerKind.ENTERPRISES.value

    def _choose_kind(self, kind: str) -> None:
        self._kind.setCurrentIndex(max(self._kind.findData(kind), 0))

    @Slot()
    def _on_choose_clicked(self) -> None:
        dialog = QFileDialog(self, "选择表格", "", FILTERS)
        dialog.fileSelected.connect(self._on_file_selected)
        dialog.open()

    @Slot(str)
    def _on_file_selected(self, path: str) -> None:
        self.read_file(Path(path))

    @Slot()
    def _on_paste_clicked(self) -> None:
        data = QApplication.clipboard().mimeData()
        self.read_pasted(data.text(), data.html() if data.hasHtml() else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+V takes what was copied from a sheet, as long as nothing was chosen."""
        if event.matches(QKeySequence.StandardKey.Paste) and self._stack.currentIndex() == 0:
            self._on_paste_clicked()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped at any step."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Begin anew with the file dropped."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.read_file(paths[0])

    # ---- step two: how it is understood --------------------------------------------------------------------

    def understand(self) -> Any:
        """Read the sheets as the chosen kind, with the columns as corrected so far."""
        source, kind, only = self._source, LedgerKind(self._kind.currentData()), self._sheet.currentData()
        assert source is not None
        # What was understood before is not what is chosen now: no preview of it may be asked for meanwhile.
        self._ledger = None
        self._next.setEnabled(False)
        layouts, imports = tuple(self._layouts.values()), self._context.services.imports

        def work(progress: Progress) -> ParsedLedger:
            return imports.read(source.file, source.sheets, kind, only=only, layouts=layouts, progress=progress)

        job = self._context.jobs.start(work, "识别表头", shows_failure=False)
        job.succeeded.connect(self._on_understood)
        job.failed.connect(self._on_not_understood)
        return job

    @Slot(object)
    def _on_understood(self, ledger: ParsedLedger) -> None:
        self._ledger = ledger
        left_out = "、".join(name for name, *_ in ledger.left_out)
        self._banner.say(f"这些工作表不是{KINDS[ledger.kind.value]}，没有读：{left_out}" if left_out else "")
        self._show_heads(ledger)
        self._show_step(1)

    @Slot(object)
    def _on_not_understood(self, error: Exception) -> None:
        self._ledger = None
        clear(self._heads)
        self._show_step(1)
        self._next.setEnabled(False)
        self._on_failed(error)

    def _show_heads(self, ledger: ParsedLedger) -> None:
        clear(self._heads)
        line = 0
        for sheet in ledger.sheets:
            told = f"{sheet.name}　表头在第 {sheet.header_row} 行　{len(sheet.rows)} 行数据"
            self._heads.addWidget(labelled("表格式档案：一家企业" if sheet.is_form else told, "label"), line, 0, 1, 4)
            for place, (letter, field) in enumerate(sheet.columns.items()):
                at = line + 1 + place // 2
                self._heads.addWidget(
                    labelled(f"{letter} 列　{_one_line(sheet.headings.get(letter, ''))}"), at, place % 2 * 2
                )
                self._heads.addWidget(self._field_box(ledger, sheet, letter, field), at, place % 2 * 2 + 1)
            line += 2 + (len(sheet.columns) + 1) // 2
        self._heads.setColumnStretch(0, 1)
        self._heads.setColumnStretch(2, 1)

    def _field_box(self, ledger: ParsedLedger, sheet: SheetReading, letter: str, field: str | None) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(f"{letter} 列是什么")
        box.setObjectName(f"column_{letter}")
        box.setMinimumWidth(theme.size(170))
        box.addItem(LEAVE, None)
        for key, spec in kinds()[ledger.kind].fields.items():
            box.addItem(f"{spec.label}{'（必填）' if spec.required else ''}", key)
        box.setCurrentIndex(max(box.findData(field), 0))
        box.activated.connect(partial(self._on_field_chosen, sheet, letter, box))
        return box

    def _on_field_chosen(self, sheet: SheetReading, letter: str, box: QComboBox, _index: int) -> None:
        known: Mapping[str, str | None] = (
            self._layouts[sheet.name].columns if sheet.name in self._layouts else sheet.columns
        )
        chosen = box.currentData()
        columns = {key: (None if value == chosen and key != letter else value) for key, value in known.items()}
        columns[letter] = chosen
        self._layouts[sheet.name] = Layout(columns, sheet.header_row, sheet.name)
        self.understand()

    @Slot()
    def _on_kind_chosen(self) -> None:
        self._layouts = {}
        self.understand()

    @Slot()
    def _on_sheet_chosen(self) -> None:
        self.understand()

    # ---- step three: preview and act -----------------------------------------------------------------------

    @Slot()
    def _on_next_clicked(self) -> None:
        if self._stack.currentIndex() == 2:
            self.apply(False)
        elif self._ledger is not None:
            self.preview()

    @Slot()
    def _on_back_clicked(self) -> None:
        self._show_step(self._stack.currentIndex() - 1)

    def preview(self) -> Any:
        """Plan the import beside the window."""
        ledger, imports = self._ledger, self._context.services.imports
        assert ledger is not None
        job = self._context.jobs.start(lambda progress: imports.plan(ledger, progress), "核对", shows_failure=False)
        job.succeeded.connect(self._on_planned)
        job.failed.connect(self._on_failed)
        return job

    @Slot(object)
    def _on_planned(self, plan: ImportPlan) -> None:
        self._plan, self._shown = plan, "all"
        self._show_counts(plan)
        self._show_rows("rejected" if not plan.is_clean else "all")
        self._show_step(2)

    def _show_counts(self, plan: ImportPlan) -> None:
        counts = plan.counts
        conflicts = sum(1 for each in plan.rows if _is_conflict(each))
        told: list[Figure] = [Figure(f"全部 {counts['read']}", partial(self._show_rows, "all"))]
        for action, pill in WORDS.items():
            count = counts[action.value]
            meaning = Meaning.OVERDUE if action is Action.REJECTED and count else Meaning.QUIET
            told.append(Figure(f"{pill.word} {count}", partial(self._show_rows, action.value), meaning))
        told.append(Figure(f"冲突 {conflicts}", partial(self._show_rows, "conflict")))
        told.append(Figure(f"有提示 {sum(1 for each in plan.rows if each.problems)}", partial(self._show_rows, "told")))
        self._counts.show_figures(told)

    def _show_rows(self, shown: str) -> None:
        assert self._plan is not None
        tests: dict[str, Callable[[PlannedRow], bool]] = {
            "all": lambda _: True,
            "conflict": _is_conflict,
            "told": lambda each: bool(each.problems),
        }
        chosen = tests.get(shown)
        rows = [each for each in self._plan.rows if (chosen(each) if chosen else each.action.value == shown)]
        self._table.set_rows(rows)

    def apply(self, accept_good: bool) -> Any:
        """Back up, then write everything as one act; cancelling takes all of it back."""
        plan, services = self._plan, self._context.services
        assert plan is not None

        def work(progress: Progress) -> ImportPlan:
            from desktop.services.backups import BackupReason

            services.backups.make(BackupReason.IMPORT)
            services.imports.apply(plan, accept_good=accept_good, progress=progress)
            return plan

        job = self._context.jobs.start(work, f"导入{KINDS[plan.kind]}", writes=True, shows_failure=False)
        job.succeeded.connect(self._on_applied)
        job.failed.connect(self._on_failed)
        return job

    @Slot(object)
    def _on_applied(self, plan: ImportPlan) -> None:
        counts = plan.counts
        self._context.toast(f"已导入：新增 {counts['new']}，更新 {counts['changed']}", True)
        self.accept()

    @Slot()
    def _on_problems_clicked(self) -> None:
        dialog = QFileDialog(self, "导出问题行", "问题行.xlsx", "Excel (*.xlsx)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("xlsx")
        dialog.fileSelected.connect(self._on_problems_file)
        dialog.open()

    @Slot(str)
    def _on_problems_file(self, path: str) -> None:
        self.save_problems(Path(path))

    def save_problems(self, path: Path) -> None:
        """The rows with problems and what is wrong with them, for whoever sent the ledger."""
        plan, source = self._plan, self._source
        assert plan is not None
        assert source is not None

        def work() -> bool:
            self._context.services.imports.write_problem_rows(plan, source.sheets, path)
            return True

        self._context.act(work, f"问题行已导出到 {path.name}")


def _is_conflict(planned: PlannedRow) -> bool:
    return any(problem.code in CONFLICTS for problem in planned.problems)


def _one_line(heading: str) -> str:
    return " ".join(heading.split())


def _columns() -> list[Column[PlannedRow]]:
    return [
        Column("sheet", "工作表", lambda each: each.row.sheet, 90),
        Column("row", "行", lambda each: str(each.row.row), 56, Align.RIGHT),
        Column("action", "处理", lambda each: WORDS[each.action].word, 100, pill=lambda each: WORDS[each.action]),
        Column("key", "对象", _subject, 220),
        Column("problems", "提示", _told, 440, tooltip=_told, meaning=_told_meaning),
        Column("changes", "改动", _changes, 220, tooltip=_changes),
    ]


def _subject(each: PlannedRow) -> str:
    values = each.row.values
    named = values.get("name") or values.get("enterprise") or values.get("holder") or each.key
    return str(named or each.row.skipped or "")


def _changes(each: PlannedRow) -> str:
    return "；".join(
        f"{name}：{'空' if old in (None, '') else old} → {new}" for name, (old, new) in each.changes.items()
    )


def _told(each: PlannedRow) -> str:
    return "；".join(
        f"{problem.column + '列 ' if problem.column else ''}{problem.message}" for problem in each.problems
    )


def _told_meaning(each: PlannedRow) -> Meaning | None:
    return Meaning.OVERDUE if each.action is Action.REJECTED else None
