"""打印预览: the pages as they will be, the paper to choose, and the ways on: printer or PDF."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths, Slot
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.documents.blocks import Made
from desktop.documents.page_setup import Margin, PageSetup, PaperSize
from desktop.documents.pages import Pages
from desktop.domain.errors import Trouble
from desktop.system.file_names import safe_file_name, write_whole
from desktop.ui import theme
from desktop.ui.context import Context
from desktop.ui.jobs import Job
from desktop.ui.printing import printer as printers
from desktop.ui.printing.view import PageView
from desktop.ui.printing.work import PrintWork, told_of
from desktop.ui.widgets.ask import ask
from desktop.ui.widgets.fields import ChoiceField, Option
from desktop.ui.widgets.section import Banner, button, labelled, row

log = logging.getLogger(__name__)

MARGINS = {Margin.NARROW: "窄边距", Margin.NORMAL: "普通边距", Margin.WIDE: "宽边距"}
NO_PRINTER = "这台电脑没有安装打印机。可以存为 PDF，拷到有打印机的电脑上打印，版面与预览完全一样。"

AskPrinter = Callable[[QWidget, str, Pages], QPrinter | None]


class PrintPreview(QDialog):
    """What it shows is the PDF file itself; what is printed are its pages. `ask_printer` may be another in a test."""

    def __init__(
        self,
        context: Context,
        work: PrintWork,
        parent: QWidget | None = None,
        ask_printer: AskPrinter = printers.ask_printer,
        has_printer: Callable[[], bool] = printers.has_printer,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("printPreview")
        self.setWindowTitle(f"打印预览 - {work.title}")
        self._context = context
        self._work = work
        self._ask_printer = ask_printer
        self._has_printer = has_printer
        self._made: Made | None = None
        self._pages: Pages | None = None
        self._job: Job | None = None
        self._setup = _kept(context.memory.get(self._key), work.setup)
        self._build()
        self._fit_screen()
        self._make()

    @property
    def _key(self) -> str:
        return f"print_{self._work.key}"

    # ---- building ------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.banner = Banner()
        self.view = PageView()
        self.view.page_changed.connect(self._on_page_changed)
        column = QVBoxLayout(self)
        margin = theme.size(theme.WIDE_GAP)
        column.setContentsMargins(margin, theme.size(12), margin, theme.size(12))
        column.setSpacing(theme.size(theme.GAP))
        column.addLayout(self._build_bar())
        column.addWidget(self.banner)
        column.addWidget(self.view, 1)
        for push in (self._print, self._save):
            push.setAutoDefault(False)
        for keys, slot in (("Ctrl+P", self.print_out), ("Ctrl+S", self.save_as)):
            QShortcut(QKeySequence(keys), self, slot)
        self.view.setFocus()

    def _build_bar(self) -> QHBoxLayout:
        self._print = button("打印…", self.print_out, "primary", "print", "printNow")
        self._save = button("存为 PDF…", self.save_as, "", "export", "savePdf")
        self._print.setToolTip("Ctrl+P")
        self._save.setToolTip("Ctrl+S")
        bar = row(self._print, self._save)
        if self._work.has_setup:
            bar.addSpacing(theme.size(theme.GAP))
            bar.addLayout(self._build_setup())
        bar.addStretch(1)
        self._place = labelled("", "quiet")
        self._place.setObjectName("pagePlace")
        smaller = button("−", self._on_smaller_clicked, name="zoomOut")
        larger = button("＋", self._on_larger_clicked, name="zoomIn")
        whole = button("适合宽度", self._on_fit_clicked, name="zoomFit")
        smaller.setAccessibleName("缩小")
        larger.setAccessibleName("放大")
        for push in (smaller, larger, whole):
            push.setAutoDefault(False)
        for widget in (self._place, smaller, larger, whole):
            bar.addWidget(widget)
        return bar

    def _build_setup(self) -> QHBoxLayout:
        self._paper = ChoiceField([Option(size.value, size.value) for size in PaperSize])
        self._side = ChoiceField([Option("portrait", "纵向"), Option("landscape", "横向")])
        self._margin = ChoiceField([Option(margin.value, words) for margin, words in MARGINS.items()])
        names = (("纸张", "paper"), ("方向", "side"), ("页边距", "margin"))
        values = (
            self._setup.size.value,
            "landscape" if self._setup.is_landscape else "portrait",
            self._setup.margin.value,
        )
        fields = (self._paper, self._side, self._margin)
        for field, (label, key), value in zip(fields, names, values, strict=True):
            field.name(label, key)
            field.set_value(value)
            field.changed.connect(self._on_setup_changed)
        return row(*fields)

    def _fit_screen(self) -> None:
        room = self.screen().availableGeometry().size()
        wanted = (theme.size(1040), theme.size(780))
        self.resize(min(wanted[0], room.width() - 40), min(wanted[1], room.height() - 60))

    # ---- making --------------------------------------------------------------------------------------------

    @Slot()
    def _on_setup_changed(self) -> None:
        self._setup = PageSetup(
            PaperSize(str(self._paper.value())), self._side.value() == "landscape", Margin(str(self._margin.value()))
        )
        self._context.memory[self._key] = {
            "size": self._setup.size.value,
            "landscape": self._setup.is_landscape,
            "margin": self._setup.margin.value,
        }
        self._make()

    def _make(self) -> None:
        """Set the pages on the worker thread; an answer to a former choice is dropped when it comes."""
        work, setup = self._work, self._setup
        self._say_ready(False)
        self._place.setText("正在排版…")
        self._job = self._context.jobs.start(lambda _progress: work.make(setup), "准备打印")
        self._job.succeeded.connect(self._on_made)
        self._job.failed.connect(self._on_failed)

    @Slot(object)
    def _on_made(self, made: Made) -> None:
        if self.sender() is not self._job:
            return
        self._let_go()
        self._made, self._pages = made, Pages(made.content)
        self.view.set_pages(self._pages)
        self._say_ready(True)
        self.banner.say(told_of(made))

    @Slot(object)
    def _on_failed(self, _error: object) -> None:
        """The job's own problem is on screen; here it is said that there is nothing to print."""
        self._place.setText("没有排成")

    def _say_ready(self, is_ready: bool) -> None:
        self._print.setEnabled(is_ready)
        self._save.setEnabled(is_ready)

    @Slot(int)
    def _on_page_changed(self, page: int) -> None:
        if self.view.count:
            self._place.setText(f"第 {page} 页 / 共 {self.view.count} 页　{self.view.zoom:.0%}")

    @Slot()
    def _on_smaller_clicked(self) -> None:
        self.view.step_zoom(-1)

    @Slot()
    def _on_larger_clicked(self) -> None:
        self.view.step_zoom(1)

    @Slot()
    def _on_fit_clicked(self) -> None:
        self.view.set_zoom(0)

    # ---- the ways on ---------------------------------------------------------------------------------------

    @Slot()
    def print_out(self) -> None:
        """To a printer; without one it says so and offers the file."""
        if self._pages is None:
            return
        if not self._has_printer():
            ask(self, "没有打印机", NO_PRINTER, "存为 PDF", self.save_as)
            return
        chosen = self._ask_printer(self, self._work.title, self._pages)
        if chosen is not None:
            self._send(chosen)

    def _send(self, chosen: QPrinter) -> None:
        pages = self._pages
        assert pages is not None
        job = self._context.jobs.start(lambda progress: printers.send(pages, chosen, progress), "打印", writes=True)
        job.succeeded.connect(self._on_sent)

    @Slot(object)
    def _on_sent(self, count: int) -> None:
        self._context.toast(f"已送去打印：{self._work.title}，{count} 页", False)
        self.accept()

    @Slot()
    def save_as(self) -> None:
        """To a PDF file, by the dialog of the system."""
        if self._made is None:
            return
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog = QFileDialog(self, "存为 PDF", folder, "PDF 文件 (*.pdf)")
        dialog.setObjectName("savePdfDialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile(safe_file_name(self._work.title.replace("　", " "), ".pdf"))
        dialog.fileSelected.connect(self._on_file_chosen)
        dialog.open()

    @Slot(str)
    def _on_file_chosen(self, name: str) -> None:
        assert self._made is not None
        try:
            write_whole(Path(name), self._made.content)
        except OSError as error:
            self._context.problems.show(Trouble("cannot_write", path=name, said=str(error)))
            return
        self._context.toast(f"已存为 {Path(name).name}", False)

    # ---- the end -------------------------------------------------------------------------------------------

    def _let_go(self) -> None:
        self.view.set_pages(None)
        if self._pages is not None:
            self._pages.close()
            self._pages = None

    def done(self, result: int) -> None:
        """However it is left, the file is let go."""
        self._job = None
        self._let_go()
        super().done(result)
        self.deleteLater()

    def closeEvent(self, event: QCloseEvent) -> None:
        """As `reject`."""
        event.accept()
        self.reject()


def _kept(stored: Any, otherwise: PageSetup) -> PageSetup:
    """The paper chosen last for the same list; what is not understood counts for nothing."""
    try:
        return PageSetup(PaperSize(stored["size"]), bool(stored["landscape"]), Margin(stored["margin"]))
    except (TypeError, KeyError, ValueError):
        return otherwise
