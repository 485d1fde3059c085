"""The form of a case as the ledger keeps it, under the name by which other pages open it."""

from datetime import date
from typing import ClassVar, cast

from PySide6.QtWidgets import QDialog, QWidget

from desktop.services.cases import CaseDraft
from desktop.ui.acts.days import date_field
from desktop.ui.acts.dialog import ActDialog, words_of
from desktop.ui.acts.people import enterprise_field, enterprise_option
from desktop.ui.context import Context, FormMaker
from desktop.ui.widgets.fields import CheckField, LongTextField, MoneyField, TextField
from desktop.ui.widgets.form import Values


class CaseDialog(ActDialog[CaseDraft]):
    """Puts a case into the ledger, or mends it."""

    FIELDS: ClassVar[dict[str, str]] = {"enterprise_id": "enterprise", "fine_fen": "fine"}

    def __init__(
        self, context: Context, draft: CaseDraft, case_id: int | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, "caseForm", "修改案件" if case_id else "登记案件", "保存案件", parent, (640, 700))
        self._case_id = case_id
        self._enterprise = enterprise_field(self.services)
        form = self.form
        form.add("enterprise", "企业", self._enterprise, required=True)
        form.add("number", "案号", TextField("按立案决定书填写"))
        form.add("cause", "案由", LongTextField("例：未如实记录事故隐患排查治理情况", 2), required=True)
        form.add("filed_on", "立案日期", date_field(context))
        form.add("decided_on", "处罚决定日期", date_field(context))
        form.add("fine", "罚款金额", MoneyField(), note="没有罚款的留空。")
        form.add("is_accident", "", CheckField("由生产安全事故引起"))
        form.add("closed_on", "结案日期", date_field(context))
        form.add("remark", "备注", LongTextField(lines=2))
        self.finish(self._values(draft))
        self._enterprise.setEnabled(not draft.enterprise_id)

    def _values(self, draft: CaseDraft) -> dict[str, object]:
        names = ("number", "cause", "filed_on", "decided_on", "is_accident", "closed_on", "remark")
        values: dict[str, object] = {name: getattr(draft, name) for name in names}
        values["fine"] = draft.fine_fen
        if draft.enterprise_id:
            values["enterprise"] = enterprise_option(self.services, draft.enterprise_id)
        return values

    def draft(self, values: Values) -> CaseDraft:
        """As the service takes it."""
        return CaseDraft(
            cast(int, values["enterprise"]),
            words_of(values, "cause"),
            words_of(values, "number"),
            cast("date | None", values["filed_on"]),
            cast("date | None", values["decided_on"]),
            cast("int | None", values["fine"]),
            bool(values["is_accident"]),
            cast("date | None", values["closed_on"]),
            words_of(values, "remark"),
        )

    def perform(self, draft: CaseDraft) -> int:
        """Register or mend."""
        if self._case_id is None:
            return self.services.cases.register(draft)
        self.services.cases.change(self._case_id, draft)
        return self._case_id

    def done_words(self, _draft: CaseDraft) -> str:
        """What the toast says."""
        return "已登记案件" if self._case_id is None else "已修改案件"


def open_case(
    context: Context, parent: QWidget | None = None, case_id: int | None = None, enterprise_id: int | None = None
) -> QDialog:
    """The form of a case, or of a new one of an enterprise."""
    draft = CaseDraft(enterprise_id or 0, "") if case_id is None else context.services.cases.draft_of(case_id)
    return CaseDialog(context, draft, case_id, parent)


FORMS: dict[str, FormMaker] = {"case": open_case}
