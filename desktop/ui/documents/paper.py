"""Documents to paper, to PDF and to Word: never what is unconfirmed, never a missing character unsaid."""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget

from desktop.documents.blocks import Made
from desktop.documents.pages import Pages
from desktop.domain.form import Form
from desktop.services.form_files import Unconfirmed
from desktop.services.forms import FormDraft
from desktop.system.out_folder import out_folder
from desktop.ui.context import Context
from desktop.ui.printing import printer as printers
from desktop.ui.printing.preview import AskPrinter, PrintPreview
from desktop.ui.printing.work import PrintWork
from desktop.ui.widgets.ask import ask

log = logging.getLogger(__name__)

NO_PROGRAM = "没有找到能打开它的程序。文件已写到：\n{path}"


class PaperPreview(PrintPreview):
    """The pages before they go to the printer. Where a character has no glyph, printing asks first."""

    def __init__(
        self,
        context: Context,
        work: PrintWork,
        parent: QWidget | None = None,
        copies: int = 1,
        ask_printer: AskPrinter | None = None,
    ) -> None:
        self._is_told = False
        super().__init__(context, work, parent, ask_printer or partial(_ask_printer, copies))
        self.setObjectName("paperPreview")

    def print_out(self) -> None:
        """To the printer, after a word about what cannot be printed."""
        missing = self._made.missing if self._made else frozenset()
        if not missing or self._is_told:
            super().print_out()
            return
        told = "、".join(sorted(missing))
        sentence = f"现有的字体里没有这些字，印出来会是“〓”：{told}。可以先换用正确的字，或者打印后手写补上。"
        ask(self, "有字印不出来", sentence, "仍要打印", self._on_told)

    @Slot()
    def _on_told(self) -> None:
        self._is_told = True
        self.print_out()


def _ask_printer(copies: int, parent: QWidget, title: str, pages: Pages) -> QPrinter | None:
    return printers.ask_printer(parent, title, pages, copies)


def print_documents(
    context: Context, ids: Sequence[int], copies: int | None = None, parent: QWidget | None = None
) -> None:
    """Show the pages of documents and print them. One that is unconfirmed stops it, and offers to be confirmed.

    A single document proposes the copies of its form; of several each comes `copies` times (None: as its form says).
    """
    waiting = context.services.form_files.unconfirmed(ids)
    if waiting:
        _say_unconfirmed(context, waiting, partial(print_documents, context, ids, copies, parent), parent)
        return
    rows = context.services.documents.rows(ids)
    if len(rows) == 1:
        row, form = rows[0], context.services.forms.book.get(rows[0].form)
        title = " ".join(filter(None, (row.title, row.number)))
        files = context.services.form_files
        work = PrintWork("document", title, lambda _setup: files.for_paper(ids), has_setup=False)
        PaperPreview(context, work, parent or context.window(), copies or form.copies).open()
        return
    _print_many(context, ids, copies, parent or context.window())


def _print_many(context: Context, ids: Sequence[int], copies: int | None, parent: QWidget | None) -> None:
    """The pages are made behind a dialog that can be left, then shown."""
    files = context.services.form_files
    job = context.jobs.start(
        lambda progress: files.for_paper(ids, copies, progress), f"准备打印 {len(ids)} 份文书", writes=True
    )

    def show(made: Made) -> None:
        work = PrintWork("documents", f"{len(ids)} 份文书", lambda _setup: made, has_setup=False)
        PaperPreview(context, work, parent).open()

    job.succeeded.connect(show)


def print_draft(context: Context, form: Form, draft: FormDraft, parent: QWidget) -> None:
    """A draft on paper, marked as one on every page; not while anything in it is unconfirmed (the caller asks)."""
    forms = context.services.forms
    title = f"{form.title}（草稿）"
    work = PrintWork("document", title, lambda _setup: forms.preview(draft), has_setup=False)
    PaperPreview(context, work, parent, form.copies).open()


def _say_unconfirmed(
    context: Context, waiting: Sequence[Unconfirmed], again: Callable[[], object], parent: QWidget | None
) -> None:
    from desktop.ui.documents.dialogs import ConfirmDialog

    first = waiting[0]
    more = f"（共有 {len(waiting)} 份这样）" if len(waiting) > 1 else ""
    doubts = "；".join(first.doubts)
    sentence = f"《{first.document.title}》里有待法制人员确认的内容{more}，确认以前不能打印：{doubts}"

    def confirm() -> None:
        ConfirmDialog(context, first.document.form, first.document.dated_on, again, parent or context.window()).open()

    ask(parent or context.window(), "还不能打印", sentence, "由法制人员确认…", confirm)


# ---- other programs


def open_file(path: Path) -> bool:
    """Open a file with the program that the system has for it."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def show_file(context: Context, path: Path, opener: Callable[[Path], bool] | None = None) -> None:
    """Open a file, or say where it lies when no program takes it."""
    if not (opener or open_file)(path):
        ask(
            context.window(),
            "没有打开",
            NO_PROGRAM.format(path=path),
            "打开所在文件夹",
            partial(open_file, path.parent),
        )


def open_in_word(context: Context, document_id: int) -> None:
    """Write the Word file and open it. The copy lies in the temporary folder and is cleared a day after its last change."""
    path = context.act(lambda: context.services.form_files.word_out(document_id, out_folder()))
    if path is not None:
        show_file(context, path)


def open_scan(context: Context, scan_id: int) -> None:
    """Open a copy of a scan."""
    path = context.act(lambda: context.services.form_files.take_out(scan_id, out_folder()))
    if path is not None:
        show_file(context, path)
