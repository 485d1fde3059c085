"""The small decisions about a document: to issue it, to confirm what is doubtful in it, to make it void."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import ClassVar

from PySide6.QtWidgets import QWidget

from desktop import text
from desktop.domain.form import Form
from desktop.domain.gate import GateWarning
from desktop.services.forms import FormDraft
from desktop.ui.acts.dialog import ActDialog, reasons_of, words_of
from desktop.ui.context import Context
from desktop.ui.widgets.fields import LongTextField, ShownField, TextField
from desktop.ui.widgets.form import Values

Then = Callable[[], object]


def sources_said(context: Context, form: Form) -> str:
    """Where a form was seen, in words."""
    known = context.services.forms.book.sources
    return "；".join(known[each] for each in form.sources if each in known) or "没有见到公开的式样"


class ConfirmDialog(ActDialog[tuple[str, str]]):
    """由法制人员确认: a named person's word on everything that is still doubtful in a form of a date."""

    def __init__(
        self, context: Context, form_id: str, dated_on: date, then: Then | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, "confirmForm", "由法制人员确认", "我已核对，确认", parent, (640, 680))
        self._confirmed = context.services.forms.book.get(form_id)
        self._dated_on = dated_on
        self._then = then
        form = self.form
        form.add("form", "文书", ShownField())
        note = "请对照官方文本或者法条核对以后再确认；确认以后这种文书才能签发。同一条文在别的文书里也一并确认。"
        form.add("doubts", "待确认的内容", ShownField(), note=note)
        form.add("sources", "见过的出处", ShownField())
        form.add("day", "确认日期", ShownField())
        name = TextField("法制审核人员姓名", 40)
        name.offer(self._names())
        note = "写法制人员本人的姓名，会和日期一起记入操作日志；以后可在“设置”里撤回。"
        form.add("by", "确认人", name, required=True, note=note)
        form.add("remark", "依据或说明", LongTextField("例如 已与市局下发的式样核对", lines=3))
        doubts = context.services.forms.doubts(form_id, dated_on)
        self.finish(
            {
                "form": f"《{self._confirmed.title}》（{text.day(dated_on)} 的文书）",
                "doubts": "\n".join(f"{at}. {doubt.text}" for at, doubt in enumerate(doubts, 1)),
                "sources": sources_said(context, self._confirmed),
                "day": text.day(context.services.clock.today()),
            }
        )

    def _names(self) -> list[str]:
        """Whom to offer: who confirmed before, the officers, and who works here; a name from elsewhere is typed."""
        before = [word.confirmed_by for word in self.services.forms.confirmations.confirmed().values()]
        officers = [officer.name for officer in self.services.officers.rows() if not officer.is_helper]
        return list(dict.fromkeys(filter(None, (*before, *officers, self.services.person))))

    def draft(self, values: Values) -> tuple[str, str]:
        """By whom, and what was remarked."""
        return words_of(values, "by"), words_of(values, "remark")

    def perform(self, draft: tuple[str, str]) -> None:
        """Keep it."""
        by, remark = draft
        self.services.forms.confirmations.confirm(self._confirmed.id, self._dated_on, remark, by)

    def done_words(self, draft: tuple[str, str]) -> str:
        """Who confirmed what."""
        return f"{draft[0]}已确认《{self._confirmed.title}》，记入操作日志"

    def follow(self, _draft: tuple[str, str], _outcome: object) -> None:
        """Go on with what the confirmation was wanted for."""
        if self._then is not None:
            self._then()


class IssueDialog(ActDialog[FormDraft]):
    """签发: what stands in the way is told with its reason, then the document gets its number and its hash."""

    DONE: ClassVar[str] = "已签发"
    FIELDS: ClassVar[Mapping[str, str]] = {"number": "number"}

    def __init__(
        self,
        context: Context,
        draft: FormDraft,
        document_id: int | None,
        whose: str,
        then: Callable[[int], object],
        parent: QWidget | None = None,
    ) -> None:
        form = context.services.forms.book.get(draft.form)
        super().__init__(context, "issueForm", f"签发《{form.title}》", "签发", parent, (600, 480))
        self._draft = draft
        self._document_id = document_id
        self._then = then
        self.form.add("whose", "所属记录", ShownField())
        self.form.add("dated_on", "日期", ShownField())
        if form.has_number:
            self.form.add("number", "文号", ShownField())
        self.form.add("what", "签发以后", ShownField())
        number = draft.number or ("取所属记录已有的文号；没有的，按设置的规则取下一个号" if form.has_number else "")
        what = "内容和文号不再改动，程序记下文件的校验值；写错了只能作废，再重新制作。"
        self.finish(
            {
                "whose": whose,
                "dated_on": text.day(draft.dated_on),
                "number": number,
                "what": what,
            }
        )
        self._show_gates(draft)

    def draft(self, values: Values) -> FormDraft:
        """The document with the reasons."""
        return FormDraft(
            self._draft.form, self._draft.record_kind, self._draft.record_id, self._draft.dated_on,
            self._draft.values, self._draft.number, reasons_of(values),
        )  # fmt: skip

    def warnings(self, draft: FormDraft) -> Sequence[GateWarning]:
        """What should have come before, what is blank, what cannot be printed."""
        return self.services.forms.gates(draft)

    def perform(self, draft: FormDraft) -> int:
        """Issue it."""
        return self.services.forms.issue(draft, self._document_id)

    def follow(self, _draft: FormDraft, outcome: object) -> None:
        """Show what was issued."""
        assert isinstance(outcome, int)
        self._then(outcome)
