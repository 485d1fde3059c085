"""The map of the documents of one inspection: done, next, missing, not needed; the law on hover, a click makes or opens it."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop import text
from desktop.domain.form import DocumentStatus, RecordKind
from desktop.services.forms import DocumentRow, Forms, StepRow
from desktop.services.hazards import HazardQuery
from desktop.ui import theme
from desktop.ui.context import Context
from desktop.ui.theme import Meaning
from desktop.ui.widgets.ask import AskDialog
from desktop.ui.widgets.pills import Pill, PillLabel, Shape
from desktop.ui.widgets.section import Link, clear, labelled, row

DAILY = "日常检查"
MADE = Pill("已签发", Meaning.DONE)
RECORDED = Pill("已登记，未制文书", Meaning.INFORMATION, Shape.CHECK)
BEGUN = Pill("有草稿", Meaning.ATTENTION)
NEXT = Pill("下一步", Meaning.ACCENT, Shape.TRIANGLE)
MISSING = Pill("还没有", Meaning.QUIET)
OPTIONAL = Pill("视情况", Meaning.QUIET, Shape.RING)

Record = tuple[RecordKind, int]


def pill_of(step: StepRow, has_draft: bool) -> Pill:
    """Where a step stands."""
    if step.documents:
        return MADE
    if has_draft:
        return BEGUN
    if step.is_done:
        return RECORDED
    if step.is_next:
        return NEXT
    return OPTIONAL if step.is_optional else MISSING


class DocumentMap(QWidget):
    """Shows the steps of a chain of documents for an inspection or an order."""

    DEPENDS_ON = Forms.DEPENDS_ON

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("documentMap")
        self._context = context
        self._start: Record | None = None
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(theme.size(6))

    def show_record(self, kind: RecordKind, record_id: int, chain: str = DAILY) -> None:
        """Read the steps of a record afresh."""
        self._start = (kind, record_id)
        clear(self._lines)
        for step in self._context.services.forms.steps(chain, self._start):
            self._lines.addWidget(self._line(step))

    def _line(self, step: StepRow) -> QWidget:
        link = Link(" 或 ".join(step.titles))
        link.setObjectName(f"mapStep_{step.forms[0]}")
        draft = self._draft_of(step)
        pill = pill_of(step, draft is not None)
        link.setToolTip(_law_said(step))
        link.setAccessibleDescription(pill.word)
        link.clicked.connect(partial(self._open, step, draft))
        mark = PillLabel(pill)
        mark.setToolTip(_law_said(step))
        whole = QWidget()
        whole.setToolTip(_law_said(step))
        box = QVBoxLayout(whole)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(row(link, 1, mark))
        for document in step.documents:
            box.addWidget(_made(document))
        return whole

    def _draft_of(self, step: StepRow) -> int | None:
        assert self._start is not None
        for form in step.forms:
            record = self._context.services.documents.record_for(form, self._start) or self._start
            if (found := self._context.services.documents.open_draft(form, record)) is not None:
                return found
        return None

    def _open(self, step: StepRow, draft: int | None, _is_checked: bool = False) -> None:
        """Show what was made; else go on with the draft; else make it for the record that it belongs to."""
        assert self._start is not None
        if step.documents:
            self._context.open_form("document", document_id=step.documents[-1].id)
        elif draft is not None:
            self._context.open_form("document", document_id=draft)
        else:
            make_document(self._context, step.forms[0], self._start)


def make_document(context: Context, form: str, start: Record) -> None:
    """Make a form in the chain of an inspection or order. An order that was not registered is offered to be, first."""
    record = context.services.documents.record_for(form, start)
    if record is not None:
        _make(context, form, record)
        return
    waiting = _waiting(context, start) if form == "rectification_order" else []
    if not waiting:
        _make(context, form, start)
        return
    sentence = (
        f"这次检查有 {len(waiting)} 条隐患还没有下达整改指令。先登记整改指令，文号、问题和期限就会自动填进文书，"
        "期限也会进入待办提醒；直接填写的文书不会产生整改期限。"
    )
    asked = AskDialog(context.window(), "先登记整改指令？", sentence, "登记整改指令", "直接填写文书")
    asked.accepted.connect(partial(context.open_form, "order", hazard_ids=waiting))
    asked.refuse.clicked.connect(partial(_on_by_hand, context, form, start))
    asked.open()


def _on_by_hand(context: Context, form: str, start: Record, _is_checked: bool = False) -> None:
    _make(context, form, start)


def _make(context: Context, form: str, record: Record) -> None:
    context.open_form("document", form=form, record_kind=record[0].value, record_id=record[1])


def _waiting(context: Context, start: Record) -> list[int]:
    """The hazards of a visit that have no order yet."""
    from desktop.domain.hazard import HazardStatus

    if start[0] is not RecordKind.INSPECTION:
        return []
    query = HazardQuery(inspection_id=start[1], statuses=frozenset({HazardStatus.REGISTERED}))
    return context.services.hazards.ids(query)


def open_paper(context: Context, form: str, record: Record) -> None:
    """The paper of a record: the one that was issued, the draft that was begun, or a new one."""
    documents = context.services.documents
    known = documents.issued(form, record) or documents.open_draft(form, record)
    if known is not None:
        context.open_form("document", document_id=known)
    else:
        _make(context, form, record)


def _made(document: DocumentRow) -> QLabel:
    number = document.number or text.label(DocumentStatus.ISSUED)
    said = labelled(f"{number}　{text.day(document.dated_on)}", "quiet")
    said.setWordWrap(True)
    return said


def _law_said(step: StepRow) -> str:
    law: Sequence[str] = step.law or ("这份文书在官方式样里没有写依据条文。",)
    return "\n".join(law)
