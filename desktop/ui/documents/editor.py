"""A document: its fields at the left, its pages at the right as they will be printed, live while one types.

An issued document is shown in the same window and cannot be changed.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Slot
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSplitter, QVBoxLayout, QWidget

from desktop import text
from desktop.documents.blocks import Made
from desktop.documents.pages import Pages
from desktop.domain import form as forms
from desktop.domain.errors import Invalid, Said, Trouble
from desktop.domain.form import DocumentStatus, Form, RecordKind
from desktop.domain.gate import GateWarning
from desktop.services.forms import DocumentDetail, FormDraft
from desktop.ui import theme
from desktop.ui.context import Context
from desktop.ui.documents.dialogs import ConfirmDialog, IssueDialog, sources_said
from desktop.ui.documents.fields import as_kept, field_for
from desktop.ui.documents.paper import open_in_word, print_documents, print_draft
from desktop.ui.jobs import Job
from desktop.ui.printing.view import PageView
from desktop.ui.printing.work import told_of
from desktop.ui.theme import Meaning
from desktop.ui.widgets.fields import Field, TextField
from desktop.ui.widgets.form import FormDialog, FormPanel
from desktop.ui.widgets.pills import Pill, PillLabel, Shape
from desktop.ui.widgets.section import Banner, button, labelled, row

UNSURE = Pill("待法制人员确认", Meaning.ATTENTION)
FROM_RECORDS = Pill("来自记录", Meaning.INFORMATION, Shape.CHECK)
STATES = {
    DocumentStatus.DRAFT: Meaning.ATTENTION,
    DocumentStatus.ISSUED: Meaning.DONE,
    DocumentStatus.VOID: Meaning.QUIET,
}
PREVIEW_AFTER_MS = 350
DATED = "_dated_on"
NUMBER = "number"
CITES = "cite."
NUMBER_NOTE = "空着就在签发时按设置的规则取号；用纸质文书簿上的号时，填在这里。"
NUMBER_FIXED = "文号在登记整改指令时已经取好，文书上就是它；要换号，先作废那份整改指令。"
DATED_NOTE = "决定适用哪一天的条文。"

_WORD = re.compile(r"\{(\w+)\}")


def state_pill(status: DocumentStatus) -> Pill:
    """Where a document stands."""
    return Pill(text.label(status), STATES[status])


class DocumentForm(FormPanel):
    """The fields of one form, each with marks beside its label."""

    def __init__(self) -> None:
        super().__init__("documentForm", "保存草稿")
        self._marks: dict[str, PillLabel] = {}

    def add_marked(self, key: str, label: str, field: Field, *, is_required: bool, is_unsure: bool, note: str) -> None:
        """A field; what the form requires has its star, but a draft may be saved without it."""
        self.add(key, label, field, note=note)
        head = _head_of(self._rows[key].whole)
        place = 1
        if is_required:
            star = labelled("*", "error")
            star.setToolTip("官方式样要求填写；空着签发要写明理由")
            head.insertWidget(place, star)
            place += 1
        mark = PillLabel(FROM_RECORDS)
        mark.setObjectName(f"mark_{key}")
        mark.setToolTip("由企业、检查、隐患等记录填入；可以改，改了不影响记录")
        mark.hide()
        head.insertWidget(place, mark)
        self._marks[key] = mark
        if is_unsure:
            unsure = PillLabel(UNSURE)
            unsure.setObjectName(f"unsure_{key}")
            unsure.setToolTip("这一栏没有见到官方式样，是回忆的；由法制人员核对后确认")
            head.insertWidget(place + 1, unsure)

    def mark_known(self, key: str, is_known: bool) -> None:
        """Say whether what stands in a field is what the records say."""
        self._marks[key].setVisible(is_known)

    def is_marked(self, key: str) -> bool:
        """Whether a field is said to come from the records."""
        return not self._marks[key].isHidden()


def _head_of(whole: QWidget) -> QHBoxLayout:
    column = whole.layout()
    assert column is not None
    item = column.itemAt(0)
    assert item is not None
    head = item.layout()
    assert isinstance(head, QHBoxLayout)
    return head


class DocumentEditor(FormDialog):
    """Edit left, page right. `document_id` is the draft that is gone on with, or the document that is shown."""

    def __init__(
        self, context: Context, draft: FormDraft, detail: DocumentDetail | None = None, parent: QWidget | None = None
    ) -> None:
        self._context = context
        self._services = context.services
        self._form: Form = context.services.forms.book.get(draft.form)
        super().__init__(self._form.title, DocumentForm(), parent)
        assert isinstance(self.form, DocumentForm)
        self._fields: DocumentForm = self.form
        self.setObjectName("documentEditor")
        self._start = draft
        self.document_id = detail.row.id if detail else None
        self.status = detail.row.status if detail else DocumentStatus.DRAFT
        self._known = self._known_values()
        self._pages: Pages | None = None
        self._job: Job | None = None
        self._is_stale = False
        self._next = ""
        self._doubts: tuple[forms.Doubt, ...] = ()
        self.missing: frozenset[str] = frozenset()
        self._timer = QTimer(self, singleShot=True, interval=PREVIEW_AFTER_MS)
        self._timer.timeout.connect(self._show_pages)
        self._build_fields()
        self._build(detail)
        self._fill(draft)
        self.form.saved.connect(self._on_saved)
        self._read_doubts()
        self._read_order()
        self._show_pages()

    def _known_values(self) -> dict[str, Any]:
        """What the records say now: a field that says the same is marked."""
        record = self._record
        try:
            fresh = self._services.forms.new(self._form.id, record, self._start.dated_on)
        except Said:
            return {}
        return {**fresh.values, NUMBER: fresh.number}

    @property
    def _record(self) -> tuple[RecordKind, int] | None:
        kind, key = self._start.record_kind, self._start.record_id
        return (kind, key) if kind is not None and key is not None else None

    @property
    def is_open(self) -> bool:
        """Whether it is a draft that can be changed."""
        return self.status is DocumentStatus.DRAFT

    # ---- building ------------------------------------------------------------------------------------------

    def _build_fields(self) -> None:
        book, dated = self._services.forms.book, self._start.dated_on or self._today()
        by_pen = self._form.beside_signatures()
        repeated, picked = _repeated(self._form), _picked(self._form)
        if not self._form.date_field:
            dating = field_for(_field(DATED, "文书日期", forms.FieldType.DATE), self._today, self._keep, self._read)
            self._fields.add_marked(DATED, "文书日期", dating, is_required=True, is_unsure=False, note=DATED_NOTE)
        for each in self._form.fields:
            if not each.is_entered:
                continue
            made = field_for(
                each, self._today, self._keep, self._read,
                is_repeated=each.key in repeated, is_picked=each.key in picked,
            )  # fmt: skip
            note = (NUMBER_FIXED if self._is_number_fixed else NUMBER_NOTE) if each.key == NUMBER else each.note
            made.setEnabled(each.key != NUMBER or not self._is_number_fixed)
            is_required = each.is_required and each.key not in by_pen and each.key != NUMBER
            self._fields.add_marked(
                each.key, self._words(each.label), made, is_required=is_required, is_unsure=each.is_doubtful, note=note
            )
        cites = [key for kind, key in self._form.tokens() if kind == "cite" and not book.printed("cite", key, dated)]
        for key in cites:
            note = "现行法没有固定条文可引，由本单位填写。"
            self._fields.add_marked(
                f"{CITES}{key}", "引用的条款", TextField(max_length=400), is_required=False, is_unsure=False, note=note
            )
        if by_hand := self._by_hand(by_pen):
            said = labelled(f"打印后手写、盖章：{by_hand}", "quiet")
            said.setWordWrap(True)
            self._fields.add_widget(said)
        self._fields.finish()
        for name in tuple(self._fields.keys()):
            self._fields.field(name).changed.connect(self._on_typed)

    @property
    def _is_number_fixed(self) -> bool:
        """An order has its number since it was registered; its paper bears no other."""
        return self._form.id == "rectification_order" and bool(self._known.get(NUMBER))

    def _by_hand(self, by_pen: frozenset[str]) -> str:
        names = [
            self._words(each.label)
            for each in self._form.fields
            if each.type in (forms.FieldType.SIGNATURE, forms.FieldType.SEAL) or each.key in by_pen
        ]
        return "、".join(dict.fromkeys(names))

    def _words(self, label: str) -> str:
        """A label with the words of the day in place of its tokens."""
        book, dated = self._services.forms.book, self._start.dated_on or self._today()
        return _WORD.sub(lambda found: book.printed("word", found[1], dated) if found[1] in book.words else "", label)

    def _build(self, detail: DocumentDetail | None) -> None:
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        title = column.takeAt(0)
        assert title is not None
        self._title = title.widget()
        assert isinstance(self._title, QLabel)
        self._state = PillLabel(state_pill(self.status))
        self._whose = labelled(self._subject(), "quiet")
        self._whose.setWordWrap(True)
        head = row(self._title, self._state, self._whose)
        head.setStretch(2, 1)
        column.insertLayout(0, head)
        self.doubt_banner = Banner(action="由法制人员确认…")
        self.doubt_banner.setObjectName("doubtBanner")
        self.doubt_banner.clicked.connect(self.confirm)
        self.order_banner = Banner()
        self.order_banner.setObjectName("orderBanner")
        column.insertWidget(1, self.order_banner)
        column.insertWidget(1, self.doubt_banner)
        column.removeWidget(self.form)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setObjectName("documentSplit")
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.form)
        self.split.addWidget(self._build_paper())
        self.split.setStretchFactor(0, 2)
        self.split.setStretchFactor(1, 3)
        column.addWidget(self.split, 1)
        self._build_foot()
        self._say_state(detail)
        room = self.screen().availableGeometry().size()
        self.resize(min(theme.size(1280), room.width() - 24), min(theme.size(800), room.height() - 48))
        self.split.setSizes([self.width() * 2 // 5, self.width() * 3 // 5])
        for keys, slot in (("Ctrl+P", self.print_out), ("Ctrl+S", self.form.save)):
            QShortcut(QKeySequence(keys), self, slot)
        for push in self.findChildren(QPushButton):
            push.setAutoDefault(False)

    def _build_paper(self) -> QWidget:
        self.view = PageView()
        self.view.page_changed.connect(self._on_page_changed)
        self._place = labelled("正在排版…", "quiet")
        self._place.setObjectName("pagePlace")
        smaller, larger = button("−", self._on_smaller, name="zoomOut"), button("＋", self._on_larger, name="zoomIn")
        smaller.setAccessibleName("缩小")
        larger.setAccessibleName("放大")
        fit = button("适合宽度", self._on_fit, name="zoomFit")
        self.glyph_banner = Banner()
        self.glyph_banner.setObjectName("glyphBanner")
        paper = QWidget()
        box = QVBoxLayout(paper)
        box.setContentsMargins(theme.size(theme.GAP), 0, 0, 0)
        box.setSpacing(theme.size(theme.GAP))
        box.addWidget(self.glyph_banner)
        box.addWidget(self.view, 1)
        box.addLayout(row(self._place, 1, smaller, larger, fit))
        return paper

    def _build_foot(self) -> None:
        self._issue = button("签发…", self.issue, "primary", "check", "issueDocument")
        self._print = button("打印…", self.print_out, "", "print", "printDocument")
        self._print.setToolTip("Ctrl+P")
        self._word = button("用 Word 打开", self.open_word, "", "file", "wordDocument")
        save = self.form.save_button
        save.setObjectName("saveDraft")
        save.setToolTip("Ctrl+S")
        theme.set_role(save, "")
        self.form.cancel_button.setText("关闭")
        for place, push in enumerate((self._word, self._print)):
            self.form.foot.insertWidget(place, push)
        self.form.foot.addWidget(self._issue)

    def _say_state(self, detail: DocumentDetail | None) -> None:
        assert isinstance(self._title, QLabel)
        number = f"　{detail.row.number}" if detail and detail.row.number else ""
        self._title.setText(f"{self._form.title}{number}")
        self.setWindowTitle(f"{self._form.title}{number}")
        self._state.set_pill(state_pill(self.status))
        self._issue.setVisible(self.is_open)
        self.form.save_button.setVisible(self.is_open)
        inner = self.form.area.widget()
        assert inner is not None
        inner.setEnabled(self.is_open)

    def _subject(self) -> str:
        if self._record is None:
            return "没有关联的记录"
        found = self._services.documents.record(*self._record)
        return " ".join(filter(None, (found.name, found.note))) if found else "所属记录已撤销"

    # ---- values --------------------------------------------------------------------------------------------

    def _fill(self, draft: FormDraft) -> None:
        values: dict[str, object] = {**draft.values, NUMBER: draft.number}
        if not self._form.date_field:
            values[DATED] = draft.dated_on
        self._fields.set_values(values)
        self._mark_known()

    def _mark_known(self) -> None:
        for key in tuple(self._fields.keys()):
            value = as_kept(self._fields.field(key).value())
            self._fields.mark_known(key, self.is_open and bool(value) and value == self._known.get(key))

    def draft(self) -> FormDraft:
        """The document as it is typed now."""
        typed = {key: as_kept(value) for key, value in self._fields.values().items()}
        number = str(typed.pop(NUMBER, "") or "")
        dated = typed.pop(DATED, None) if not self._form.date_field else typed.get(self._form.date_field)
        kept = {key: value for key, value in self._start.values.items() if key not in typed}
        values = {**kept, **{key: value for key, value in typed.items() if value not in (None, "", [], {})}}
        return replace(self._start, dated_on=_day(dated) or self._start.dated_on, values=values, number=number)

    def _today(self) -> date:
        return self._services.clock.today()

    def _keep(self, path: Path) -> str | None:
        return self._context.act(lambda: self._services.form_files.keep_picture(path))

    def _read(self, sha256: str) -> bytes:
        try:
            return self._services.form_files.picture(sha256)
        except Trouble:
            return b""

    # ---- what is doubtful ----------------------------------------------------------------------------------

    @Slot()
    def _read_doubts(self) -> None:
        dated = self.draft().dated_on or self._today()
        self._doubts = self._services.forms.doubts(self._form.id, dated)
        said = "；".join(doubt.text for doubt in self._doubts)
        self.doubt_banner.say(f"待法制人员确认：{said}" if said else "", "由法制人员确认…")
        self.doubt_banner.setToolTip(f"见过的出处：{sources_said(self._context, self._form)}")

    def _read_order(self) -> None:
        """What should have come before is said at once, and asked for again with a reason when it is issued."""
        warned = [each.text for each in self._gates() if each.gate.startswith("form_order.")] if self.is_open else []
        self.order_banner.say("；".join(warned) + "。签发时要写明理由。" if warned else "")

    def _gates(self) -> list[GateWarning]:
        try:
            return self._services.forms.gates(self.draft())
        except Said:
            return []

    @Slot()
    def confirm(self) -> None:
        """A named person's word."""
        dated = self.draft().dated_on or self._today()
        ConfirmDialog(self._context, self._form.id, dated, self._on_confirmed, self).open()

    def _on_confirmed(self) -> None:
        self._read_doubts()
        self._show_pages()
        step, self._next = self._next, ""
        if step:
            getattr(self, step)()

    def _confirms_first(self, step: str) -> bool:
        """Whether a named person has to confirm something first; then the step is taken afterwards."""
        self._read_doubts()
        if not self._doubts:
            return False
        self._next = step
        self.confirm()
        return True

    # ---- pages ---------------------------------------------------------------------------------------------

    @Slot()
    def _on_typed(self) -> None:
        self._mark_known()
        self._timer.start()

    @Slot()
    def _show_pages(self) -> None:
        """Set the pages on the worker thread; while that is under way, only the last wish counts."""
        self._timer.stop()
        if self._job is not None:
            self._is_stale = True
            return
        services, document_id, draft = self._services, self.document_id, self.draft()
        if self.is_open:
            self._read_doubts()
            self._job = self._context.jobs.start(
                lambda _progress: services.forms.preview(draft), "文书预览", shows_failure=False
            )
        else:
            assert document_id is not None
            self._job = self._context.jobs.start(
                lambda _progress: services.forms.file(document_id), "文书预览", shows_failure=False
            )
        self._job.succeeded.connect(self._on_pages)
        self._job.failed.connect(self._on_failed)
        self._job.finished.connect(self._on_finished)

    @Slot(object)
    def _on_pages(self, made: Made) -> None:
        place = self.view.verticalScrollBar().value()
        former, self._pages = self._pages, Pages(made.content)
        self.view.set_pages(self._pages)
        self.view.verticalScrollBar().setValue(place)
        if former is not None:
            former.close()
        self.missing = made.missing
        self.glyph_banner.say(told_of(made))

    @Slot(object)
    def _on_failed(self, error: object) -> None:
        said = text.sentence(error) if isinstance(error, Said) else "没有排成"
        self._place.setText(said)
        if not isinstance(error, Said) and isinstance(error, Exception):
            self._context.problems.show(error)

    @Slot()
    def _on_finished(self) -> None:
        self._job = None
        if self._is_stale:
            self._is_stale = False
            self._show_pages()

    @Slot(int)
    def _on_page_changed(self, page: int) -> None:
        if self.view.count:
            self._place.setText(f"第 {page} 页 / 共 {self.view.count} 页")

    @Slot()
    def _on_smaller(self) -> None:
        self.view.step_zoom(-1)

    @Slot()
    def _on_larger(self) -> None:
        self.view.step_zoom(1)

    @Slot()
    def _on_fit(self) -> None:
        self.view.set_zoom(0)

    # ---- acts ----------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_saved(self, _values: Mapping[str, object]) -> None:
        if not self.is_open:
            return
        draft = self.draft()
        try:
            kept = self._context.act(lambda: self._services.forms.save(draft, self.document_id), "草稿已保存")
        except Invalid as error:
            self._show_invalid(error)
            return
        if kept is not None:
            self.document_id = kept
            self._start = draft
            self.form.mark_saved()

    def _show_invalid(self, error: Invalid) -> None:
        self.form.show_problems({key: text.field_sentence(code, error.facts) for key, code in error.problems.items()})

    def _is_understood(self) -> bool:
        found = self.form.problems()
        self.form.show_problems(found)
        return not found

    @Slot()
    def issue(self) -> None:
        """签发: first whoever must confirm, then what stands in the way."""
        if not self.is_open or not self._is_understood() or self._confirms_first("issue"):
            return
        IssueDialog(self._context, self.draft(), self.document_id, self._subject(), self._on_issued, self).open()

    def _on_issued(self, document_id: int) -> None:
        """The same window shows what was issued."""
        detail = self._services.forms.detail(document_id)
        self.document_id, self.status = document_id, detail.row.status
        self.form.mark_saved()
        self._start = detail.draft
        with QSignalBlocker(self._fields):
            self._fill(detail.draft)
        self._say_state(detail)
        self.doubt_banner.say("")
        self.order_banner.say("")
        self._show_pages()

    @Slot()
    def print_out(self) -> None:
        """To paper; what is unconfirmed is not printed."""
        if not self.is_open:
            assert self.document_id is not None
            print_documents(self._context, [self.document_id], parent=self)
        elif self._is_understood() and not self._confirms_first("print_out"):
            print_draft(self._context, self._form, self.draft(), self)

    @Slot()
    def open_word(self) -> None:
        """As a Word file; a draft is saved first."""
        if self.is_open and (self.form.is_dirty or self.document_id is None):
            self.form.save()
        if self.document_id is not None and not self.form.is_dirty:
            open_in_word(self._context, self.document_id)

    # ---- the end -------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """The divider stands where both sides have room."""
        super().showEvent(event)
        self.split.setSizes([self.width() * 2 // 5, self.width() * 3 // 5])

    def done(self, result: int) -> None:
        """However it is left, the file is let go."""
        self._timer.stop()
        if self._job is not None:
            self._job.succeeded.disconnect(self._on_pages)
            self._job.finished.disconnect(self._on_finished)
            self._job = None
        self.view.set_pages(None)
        if self._pages is not None:
            self._pages.close()
            self._pages = None
        super().done(result)


def _field(key: str, label: str, kind: forms.FieldType) -> forms.Field:
    return forms.Field(key, label, kind)


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None


def _repeated(form: Form) -> frozenset[str]:
    """The fields whose phrase is printed once for each of their values."""
    phrases = [str(block["repeat"]) for block in form.layout if "repeat" in block]
    return frozenset(name for phrase in phrases for name in _WORD.findall(phrase))


def _picked(form: Form) -> frozenset[str]:
    """The choices of which one word is printed."""
    return frozenset(str(block["checks"]) for block in form.layout if block.get("pick"))
