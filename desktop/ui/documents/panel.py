"""One document beside the list: what it is, whether its file is still the one that was issued, its signed scans."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from desktop import text
from desktop.domain.form import DocumentStatus
from desktop.services.document_list import ListedDocument
from desktop.services.form_files import ScanRow
from desktop.services.forms import DocumentRow, Likeness
from desktop.system.file_names import safe_file_name
from desktop.ui import theme
from desktop.ui.acts.lists import FactGrid, Step, StepBar, stacked, wrapped
from desktop.ui.acts.reason import ask_reason
from desktop.ui.context import Context
from desktop.ui.documents.dialogs import ConfirmDialog
from desktop.ui.documents.editor import state_pill
from desktop.ui.documents.paper import open_in_word, open_scan, print_documents
from desktop.ui.theme import Meaning
from desktop.ui.widgets.ask import ask
from desktop.ui.widgets.pills import Pill, PillLabel
from desktop.ui.widgets.section import Banner, Link, button, clear, labelled, row, scrolled

SAME = Pill("与签发时一致", Meaning.DONE)
OTHER = Pill("与签发时不一致", Meaning.OVERDUE)
OTHER_FONTS = Pill("字体与签发时不同", Meaning.DUE_SOON)
PILLS = {Likeness.SAME: SAME, Likeness.OTHER_FONTS: OTHER_FONTS, Likeness.OTHER: OTHER}
SCANS_SAID = "扫描件 (*.pdf *.jpg *.jpeg *.png *.tif *.tiff *.bmp)"


class DocumentPanel(QWidget):
    """Shows one document; `show_document` reads it afresh."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("documentPanel")
        self._context = context
        self.document_id: int | None = None
        self._title = wrapped("", "section")
        self._number = wrapped("")
        self._pills = row(spacing=6)
        pills = QWidget()
        pills.setLayout(self._pills)
        self.doubts = Banner(action="由法制人员确认…")
        self.doubts.setObjectName("panelDoubts")
        self.doubts.clicked.connect(self._on_confirm)
        self._steps = StepBar()
        self._facts = FactGrid()
        self._scans = QVBoxLayout()
        self._scans.setContentsMargins(0, 0, 0, 0)
        self._scans.setSpacing(theme.size(4))
        scans = QWidget()
        scans.setLayout(self._scans)
        self._scans_head = labelled("签字扫描件", "section")
        self._attach = button("附签字扫描件…", self._on_attach, icon="link", name="attachScan")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        parts = (self._title, self._number, pills, self.doubts, self._steps, self._facts, self._scans_head, scans)
        foot = QWidget()
        foot.setLayout(row(self._attach, 1))
        whole.addWidget(scrolled(stacked(*parts, foot)))

    def show_document(self, document_id: int) -> bool:
        """Show it; answers whether it is there."""
        found = self._context.services.documents.rows([document_id])
        if not found:
            return False
        self.document_id = document_id
        listed = found[0]
        detail = self._context.services.forms.detail(document_id)
        self._title.setText(listed.title)
        self._number.setText(listed.number)
        self._number.setVisible(bool(listed.number))
        self._show_pills(listed)
        self._show_doubts(listed)
        self._steps.show_steps(document_steps(self._context, listed))
        self._facts.show_facts(self._facts_of(listed, detail.row))
        self._show_scans(listed)
        return True

    def _show_pills(self, listed: ListedDocument) -> None:
        clear(self._pills)
        self._pills.addWidget(PillLabel(state_pill(listed.status)))
        if listed.status is DocumentStatus.ISSUED:
            mark = PillLabel(PILLS[self._context.services.forms.likeness(listed.id)])
            mark.setObjectName("hashState")
            mark.setToolTip("现在按留存的数据重新生成，校验值与签发时相比")
            self._pills.addWidget(mark)
        self._pills.addStretch(1)

    def _show_doubts(self, listed: ListedDocument) -> None:
        doubts = self._context.services.forms.doubts(listed.form, listed.dated_on)
        is_shown = bool(doubts) and listed.status is not DocumentStatus.VOID
        said = "；".join(doubt.text for doubt in doubts)
        self.doubts.say(f"待法制人员确认：{said}" if is_shown else "", "由法制人员确认…")

    def _facts_of(self, listed: ListedDocument, kept: DocumentRow) -> list[tuple[str, str]]:
        record = None
        if kept.record_kind is not None and kept.record_id is not None:
            record = self._context.services.documents.record(kept.record_kind, kept.record_id)
        whose = text.label(kept.record_kind) if kept.record_kind else ""
        made = "　".join(filter(None, (kept.made_by, text.moment(kept.made_at))))
        issued = "　".join((kept.issued_by, text.moment(kept.issued_at))) if kept.issued_at else ""
        return [
            ("企业", listed.enterprise),
            ("所属记录", record.name if record else ("已撤销" if whose else "")),
            ("日期", text.day(kept.dated_on)),
            ("阶段", text.label(listed.stage)),
            ("页数", f"{kept.page_count} 页" if kept.page_count else ""),
            ("制作", made),
            ("签发", issued),
            ("校验值", f"{kept.sha256[:16]}…" if kept.sha256 else ""),
            ("字体", self._context.services.forms.font_note(kept.id)),
            ("作废原因", kept.void_reason),
        ]

    # ---- scans ---------------------------------------------------------------------------------------------

    def _show_scans(self, listed: ListedDocument) -> None:
        clear(self._scans)
        is_draft = listed.status is DocumentStatus.DRAFT
        self._scans_head.setVisible(not is_draft)
        self._attach.setVisible(not is_draft)
        scans = self._context.services.form_files.scans(listed.id)
        if not scans and not is_draft:
            self._scans.addWidget(labelled("还没有附上。签字、盖章以后扫描进来，和文书放在一起。", "quiet"))
        for scan in scans:
            self._scans.addWidget(self._scan(scan))

    def _scan(self, scan: ScanRow) -> QWidget:
        link = Link(scan.name if len(scan.name) <= 28 else f"{scan.name[:25]}…")
        link.setObjectName(f"openScan_{scan.id}")
        link.setToolTip(scan.name)
        link.clicked.connect(partial(self._on_open_scan, scan.id))
        drop = button("去掉", partial(self._on_drop_scan, scan), "flat", name=f"dropScan_{scan.id}")
        whole = QWidget()
        said = labelled(f"{max(1, scan.size // 1024)} KB　{text.moment(scan.added_at)}", "quiet")
        whole.setLayout(row(link, said, 1, drop))
        return whole

    def _on_open_scan(self, scan_id: int, _is_checked: bool = False) -> None:
        open_scan(self._context, scan_id)

    def _on_drop_scan(self, scan: ScanRow, _is_checked: bool = False) -> None:
        sentence = f"“{scan.name}”不再附在这份文书后面。可以用撤销找回来。"
        ask(self, "去掉这份扫描件？", sentence, "去掉", partial(self._drop_scan, scan), is_danger=True)

    def _drop_scan(self, scan: ScanRow) -> None:
        files = self._context.services.form_files
        self._context.act(partial(files.detach, scan.id), f"已去掉“{scan.name}”")

    @Slot()
    def _on_attach(self) -> None:
        dialog = QFileDialog(self, "选择签字扫描件", "", SCANS_SAID)
        dialog.setObjectName("scanDialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(self.attach)
        dialog.open()

    @Slot(list)
    def attach(self, names: list[str]) -> None:
        """Keep these files with the document that is shown."""
        document_id, paths = self.document_id, [Path(name) for name in names]
        if document_id is None or not paths:
            return
        files = self._context.services.form_files
        self._context.act(lambda: files.attach(document_id, paths), f"已附上 {len(paths)} 份签字扫描件")

    @Slot()
    def _on_confirm(self) -> None:
        found = self._context.services.documents.rows([self.document_id] if self.document_id is not None else [])
        if found:
            ConfirmDialog(self._context, found[0].form, found[0].dated_on, self._on_confirmed, self.window()).open()

    def _on_confirmed(self) -> None:
        if self.document_id is not None:
            self.show_document(self.document_id)


# ---- what can be done with a document


def document_steps(context: Context, row: ListedDocument) -> list[Step]:
    """Name, words and act."""
    is_draft = row.status is DocumentStatus.DRAFT
    steps: list[Step] = [
        ("open", "继续填写" if is_draft else "查看", partial(context.open_form, "document", document_id=row.id)),
        ("print", "打印", partial(print_documents, context, [row.id])),
        ("pdf", "存为 PDF", partial(save_pdf, context, row)),
        ("word", "用 Word 打开", partial(open_in_word, context, row.id)),
    ]
    if is_draft:
        steps.append(("discard", "删除草稿", partial(discard, context, row)))
    if row.status is DocumentStatus.ISSUED:
        if context.services.deliveries.can_be_served(row.id):
            steps.append(("deliver", "登记送达", partial(context.open_form, "delivery", document_id=row.id)))
        steps.append(("void", "作废", partial(void, context, row)))
    if row.status is DocumentStatus.VOID:
        steps.append(("again", "重新制作", partial(context.open_form, "document", again_id=row.id)))
    if row.enterprise_id is not None:
        steps.append(
            ("enterprise", "看企业", partial(context.navigate, "enterprises", {"enterprise_id": row.enterprise_id}))
        )
    return steps


def save_pdf(context: Context, row: ListedDocument) -> None:
    """The PDF under a name to choose."""
    dialog = QFileDialog(context.window(), "存为 PDF", "", "PDF 文件 (*.pdf)")
    dialog.setObjectName("documentPdfDialog")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("pdf")
    dialog.selectFile(safe_file_name(" ".join(filter(None, (row.title, row.number, row.enterprise))), ".pdf"))
    dialog.fileSelected.connect(partial(_save_to, context, row.id))
    dialog.open()


def _save_to(context: Context, document_id: int, name: str) -> None:
    path = Path(name)
    context.act(lambda: context.services.form_files.pdf_out(document_id, path), f"已存为 {path.name}")


def discard(context: Context, row: ListedDocument) -> None:
    """Throw a draft away."""
    sentence = f"《{row.title}》{row.enterprise} 的草稿会删除，可以用撤销找回来。"
    forms = context.services.forms
    ask(
        context.window(),
        "删除这份草稿？",
        sentence,
        "删除草稿",
        lambda: context.act(partial(forms.discard, row.id), "已删除草稿"),
        is_danger=True,
    )


def void(context: Context, row: ListedDocument) -> None:
    """Make a document void, for a reason."""
    forms = context.services.forms
    sentence = f"《{row.title}》{row.number} 作废后不能恢复使用，文号留在文号簿里，不再给别的文书。"
    if means := forms.void_means(row.id):
        sentence += f"\n{means}"

    def do(reason: str) -> None:
        context.act(partial(forms.void, row.id, reason), f"已作废 {row.number or row.title}")

    ask_reason(context.window(), "作废文书", sentence, "作废", do)
