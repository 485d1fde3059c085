"""新建文书: which form, and for which record."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from desktop import text
from desktop.domain.form import Evidence, Form, RecordKind, Stage
from desktop.services.document_list import DocumentList
from desktop.ui import theme
from desktop.ui.context import Context
from desktop.ui.widgets.fields import ChoiceField, Option
from desktop.ui.widgets.filter_bar import SearchLine
from desktop.ui.widgets.picks import PickField
from desktop.ui.widgets.section import button, labelled, row

NONE = "none"
FORM_ROLE = int(Qt.ItemDataRole.UserRole)


class NewDocumentDialog(QDialog):
    """Forms by stage at the left, found by title, initials or code; the record below."""

    def __init__(self, context: Context, enterprise_id: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("newDocumentDialog")
        self.setWindowTitle("新建文书")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self._documents: DocumentList = context.services.documents
        self.search = SearchLine("文书名称、简拼或代码字")
        self.search.setObjectName("formSearch")
        self.search.textChanged.connect(self._show_forms)
        self.search.returnPressed.connect(self._on_enter)
        self.forms = QTreeWidget()
        self.forms.setObjectName("formTree")
        self.forms.setAccessibleName("文书")
        self.forms.setHeaderHidden(True)
        self.forms.currentItemChanged.connect(self._on_form_chosen)
        self.forms.itemActivated.connect(self._on_activated)
        self._law = labelled("", "quiet")
        self._law.setWordWrap(True)
        self.kind = ChoiceField(
            [*(Option(each.value, text.label(each)) for each in RecordKind), Option(NONE, "不关联记录")]
        )
        self.kind.name("所属记录", "record_kind")
        self.kind.changed.connect(self._on_kind_chosen)
        self.record = PickField(self._offered, "输入企业名称、简拼或文号，按 ↓ 看最近的")
        self.record.name("哪一个", "record")
        self._error = labelled("", "error")
        self._error.setObjectName("newDocumentError")
        self._error.setWordWrap(True)
        self._build()
        self._show_forms("")
        if enterprise_id is not None:
            self._start_with(enterprise_id)
        self.search.setFocus()

    def _build(self) -> None:
        make = button("填写文书", self.make, "primary", "edit", "makeDocument")
        make.setDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.size(theme.MARGIN)] * 4)
        column.setSpacing(theme.size(theme.GAP))
        column.addWidget(labelled("新建文书", "title"))
        column.addWidget(self.search)
        column.addWidget(self.forms, 1)
        column.addWidget(self._law)
        column.addWidget(labelled("为哪条记录制作", "label"))
        line = row(self.kind, self.record)
        line.setStretch(1, 1)
        column.addLayout(line)
        column.addWidget(self._error)
        column.addLayout(row(1, button("取消", self.reject, name="leaveNew"), make))
        self.resize(theme.size(640), theme.size(640))

    def _start_with(self, enterprise_id: int) -> None:
        known = self._documents.record(RecordKind.ENTERPRISE, enterprise_id)
        self.kind.set_value(RecordKind.ENTERPRISE.value)
        self.record.set_value(Option(enterprise_id, known.name, known.note) if known else None)

    # ---- forms ---------------------------------------------------------------------------------------------

    @Slot(str)
    def _show_forms(self, typed: str) -> None:
        self.forms.clear()
        found = self._documents.forms(typed)
        today = self._context.services.clock.today()
        for stage in Stage:
            staged = [form for form in found if form.stage is stage and self._documents.book.is_in_force(form, today)]
            if not staged:
                continue
            head = QTreeWidgetItem([f"{text.label(stage)}（{len(staged)}）"])
            head.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.forms.addTopLevelItem(head)
            for form in staged:
                head.addChild(self._item(form))
        self.forms.expandAll()
        if typed.strip() and self.forms.topLevelItemCount():
            first = self.forms.topLevelItem(0)
            assert first is not None
            self.forms.setCurrentItem(first.child(0))

    @staticmethod
    def _item(form: Form) -> QTreeWidgetItem:
        unsure = "" if form.evidence is Evidence.VERIFIED else "　待法制人员确认"
        item = QTreeWidgetItem([" ".join(filter(None, (form.title, form.code))) + unsure])
        item.setData(0, FORM_ROLE, form.id)
        item.setToolTip(0, "\n".join((f"依据状态：{text.label(form.evidence)}", *form.law)))
        return item

    @property
    def form_id(self) -> str:
        """The form chosen; empty without one."""
        item = self.forms.currentItem()
        return str(item.data(0, FORM_ROLE) or "") if item is not None else ""

    def choose(self, form_id: str) -> None:
        """Choose a form."""
        for place in range(self.forms.topLevelItemCount()):
            head = self.forms.topLevelItem(place)
            assert head is not None
            for at in range(head.childCount()):
                if head.child(at).data(0, FORM_ROLE) == form_id:
                    self.forms.setCurrentItem(head.child(at))
                    return

    @Slot()
    def _on_form_chosen(self) -> None:
        if not self.form_id:
            self._law.setText("")
            return
        form = self._documents.book.get(self.form_id)
        law = self._documents.book.law(form, self._context.services.clock.today())
        self._law.setText(law[0] if law else "")
        if self.record.value() is None:
            self.kind.set_value(form.record.value)
        self._error.setText("")

    # ---- the record ----------------------------------------------------------------------------------------

    def _offered(self, typed: str) -> Sequence[Option]:
        kind = self.kind.value()
        if kind in (None, NONE):
            return ()
        found = self._documents.records(RecordKind(str(kind)), typed)
        return [Option(each.id, each.name, each.note) for each in found]

    @Slot()
    def _on_kind_chosen(self) -> None:
        self.record.set_value(None)
        self.record.setEnabled(self.kind.value() != NONE)

    # ---- making --------------------------------------------------------------------------------------------

    @Slot()
    def _on_enter(self) -> None:
        self.record.editor.setFocus()

    @Slot(QTreeWidgetItem, int)
    def _on_activated(self, item: QTreeWidgetItem, _column: int) -> None:
        if item.data(0, FORM_ROLE):
            self.make()

    @Slot()
    def make(self) -> None:
        """Open the form, filled with what is known."""
        kind = self.kind.value()
        if not self.form_id:
            self._error.setText("请先在上面选一种文书。")
            self.forms.setFocus()
        elif kind != NONE and self.record.value() is None:
            self._error.setText("请选择为哪条记录制作；没有记录的，选“不关联记录”，全部手工填写。")
            self.record.editor.setFocus()
        else:
            wanted = {} if kind == NONE else {"record_kind": str(kind), "record_id": self.record.value()}
            self.accept()
            self._context.open_form("document", form=self.form_id or "", **wanted)
