"""The short forms of the chain: a hazard itself, delivery, void, the enterprise's application, escalation, case filed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, cast

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QWidget

from desktop import text
from desktop.domain.gate import GateWarning
from desktop.domain.hazard import EscalationKind, HazardLevel
from desktop.services.hazards import HazardDraft
from desktop.ui.acts.days import date_field
from desktop.ui.acts.dialog import ActDialog, reasons_of, words_of
from desktop.ui.acts.people import enterprise_field, enterprise_option
from desktop.ui.context import Context
from desktop.ui.hazards.listing import HazardListing
from desktop.ui.widgets.fields import CheckField, ChoiceField, LongTextField, Option, ShownField, TextField
from desktop.ui.widgets.form import Values
from desktop.ui.widgets.section import labelled


class HazardDialog(ActDialog[HazardDraft]):
    """Registers a hazard that no recorded inspection found, or mends what is written of one."""

    def __init__(
        self, context: Context, hazard_id: int | None, enterprise_id: int | None, parent: QWidget | None = None
    ) -> None:
        title = "登记隐患" if hazard_id is None else "修改隐患"
        super().__init__(context, "hazardForm", title, "保存", parent, (640, 720))
        self._id = hazard_id
        self._kept = context.services.hazards.draft_of(hazard_id) if hazard_id is not None else None
        self._enterprise = enterprise_field(self.services)
        self._build()
        owner = self._kept.enterprise_id if self._kept else enterprise_id
        self.finish(self._values(owner))
        self._enterprise.setEnabled(owner is None)

    def _build(self) -> None:
        form = self.form
        form.add("enterprise", "企业", self._enterprise, required=True)
        form.add("description", "隐患描述", LongTextField(lines=3), required=True)
        levels = [Option(level, text.label(level)) for level in HazardLevel]
        form.add("level", "级别", ChoiceField(levels), required=True)
        form.add("found_on", "发现日期", date_field(self.context), required=True)
        form.add("location", "部位", TextField())
        form.add("category", "类别", TextField())
        form.add("basis", "依据条款", TextField("违反的法律、标准条款"))
        form.add("measures", "整改措施", LongTextField(lines=2))
        form.add("person_in_charge", "整改责任人", TextField())
        form.add("is_cleared", "整改情况", CheckField("已经当场整改"))
        form.show_field("is_cleared", self._id is None)
        form.add("remark", "备注", TextField())

    def _values(self, owner: int | None) -> dict[str, object]:
        values: dict[str, object] = {"level": HazardLevel.GENERAL, "found_on": self.services.clock.today()}
        if self._kept is not None:
            words = ("description", "level", "found_on", "location", "category", "basis", "measures")
            values |= {key: getattr(self._kept, key) for key in (*words, "person_in_charge", "remark")}
        if owner is not None:
            values["enterprise"] = enterprise_option(self.services, owner)
        return values

    def draft(self, values: Values) -> HazardDraft:
        """As the service takes it."""
        found_on = cast(date, values["found_on"])
        cleared_on = found_on if values["is_cleared"] else None
        return HazardDraft(
            cast(int, values["enterprise"]),
            found_on,
            words_of(values, "description"),
            HazardLevel(cast(str, values["level"])),
            words_of(values, "location"),
            words_of(values, "category"),
            words_of(values, "basis"),
            words_of(values, "measures"),
            words_of(values, "person_in_charge"),
            words_of(values, "remark"),
            self._kept.cleared_on if self._kept else cleared_on,
            self._kept.clause if self._kept else "",
            self._kept.checklist_code if self._kept else "",
        )

    def perform(self, draft: HazardDraft) -> int:
        """Register or mend."""
        if self._id is None:
            return self.services.hazards.register(draft)
        self.services.hazards.change(self._id, draft)
        return self._id

    def done_words(self, _draft: HazardDraft) -> str:
        """Registered or mended."""
        return "已登记隐患" if self._id is None else "已修改隐患"


class _ReasonDialog(ActDialog[str]):
    """An act that needs nothing but a reason."""

    def __init__(
        self, context: Context, name: str, title: str, save_text: str, what: str, parent: QWidget | None, note: str = ""
    ) -> None:
        super().__init__(context, name, title, save_text, parent, (540, 420))
        self.form.add("what", "事项", ShownField())
        self.form.add("reason", "理由", LongTextField(lines=3), required=True, note=note)
        self.finish({"what": what})

    def draft(self, values: Values) -> str:
        """The reason."""
        return words_of(values, "reason")


class VoidOrderDialog(_ReasonDialog):
    """Makes an order void."""

    DONE = "已作废整改指令书，隐患回到待下达"

    def __init__(self, context: Context, order_id: int, parent: QWidget | None = None) -> None:
        order = context.services.orders.row(order_id)
        what = f"{order.number}　{order.enterprise}　{order.hazards} 条隐患"
        note = "签发过的文书一并作废，文号留在文号簿里、不再使用；隐患回到待下达，原来的期限一并作废。"
        super().__init__(context, "voidOrderForm", "作废整改指令书", "作废", what, parent, note)
        self._id = order_id

    def perform(self, draft: str) -> None:
        """Make it void."""
        self.services.orders.void(self._id, draft)


class VoidHazardDialog(_ReasonDialog):
    """Strikes out a hazard registered by mistake."""

    DONE = "已作废隐患"

    def __init__(self, context: Context, hazard_id: int, parent: QWidget | None = None) -> None:
        hazard = context.services.hazards.rows([hazard_id])[0]
        note = "只用于误录；记录会保留，不再统计。"
        what = f"{hazard.enterprise}　{hazard.description}"
        super().__init__(context, "voidHazardForm", "作废隐患", "作废", what, parent, note)
        self._id = hazard_id

    def perform(self, draft: str) -> None:
        """Strike it out."""
        self.services.hazards.void(self._id, draft)


@dataclass(frozen=True, slots=True)
class Dated:
    """A day and words to it."""

    on: date
    words: str


class RequestDialog(ActDialog[Dated]):
    """The enterprise says that it is done and asks to be re-inspected."""

    FIELDS: ClassVar[Mapping[str, str]] = {"received_on": "on"}

    def __init__(self, context: Context, hazard_ids: Sequence[int], parent: QWidget | None = None) -> None:
        super().__init__(context, "requestForm", "企业申请复查", "登记申请", parent, (640, 480))
        self._ids = tuple(hazard_ids)
        rule = self.services.obligations.rule_for("reinsp.due", context.services.clock.today())
        self.form.add_widget(HazardListing(context.services.hazards.rows(self._ids)))
        unsure = f"（{text.UNCONFIRMED}）" if rule.needs_confirmation else ""
        note = f"收到申请之日起 {rule.length} 日内复查{unsure}，不等整改期限届满。"
        source = f"{rule.source} {rule.article}"
        self.form.add("on", "收到日期", date_field(context), required=True, note=note, source=source)
        self.form.add("words", "备注", TextField("申请人、收到方式"))
        self.finish({"on": context.services.clock.today()})

    def draft(self, values: Values) -> Dated:
        """When it came."""
        return Dated(cast(date, values["on"]), words_of(values, "words"))

    def perform(self, draft: Dated) -> None:
        """Take it in."""
        self.services.hazards.request_reinspection(self._ids, draft.on, draft.words)

    def done_words(self, _draft: Dated) -> str:
        """With the number."""
        return f"已登记复查申请 {len(self._ids)} 项"


class CaseFiledDialog(ActDialog[Dated]):
    """The case that a failed rectification led to was filed."""

    DONE = "已登记立案"

    def __init__(self, context: Context, hazard_id: int, parent: QWidget | None = None) -> None:
        super().__init__(context, "caseFiledForm", "登记立案", "登记立案", parent, (560, 440))
        self._id = hazard_id
        self.form.add_widget(HazardListing(context.services.hazards.rows([hazard_id])))
        self.form.add("on", "立案日期", date_field(context), required=True)
        self.form.add("words", "立案号", TextField())
        self.finish({"on": context.services.clock.today()})

    def draft(self, values: Values) -> Dated:
        """When, and under which number."""
        return Dated(cast(date, values["on"]), words_of(values, "words"))

    def perform(self, draft: Dated) -> None:
        """Note it."""
        self.services.hazards.case_filed(self._id, draft.on, draft.words)


class SpotDialog(ActDialog[Dated]):
    """A registered hazard was put right before any order was needed."""

    DONE = "已登记当场整改，隐患销号"

    def __init__(self, context: Context, hazard_id: int, parent: QWidget | None = None) -> None:
        super().__init__(context, "spotForm", "当场整改", "销号", parent, (560, 360))
        self._id = hazard_id
        self.form.add_widget(HazardListing(context.services.hazards.rows([hazard_id])))
        self.form.add("on", "整改完成日期", date_field(context), required=True)
        self.finish({"on": context.services.clock.today()})

    def draft(self, values: Values) -> Dated:
        """When."""
        return Dated(cast(date, values["on"]), "")

    def perform(self, draft: Dated) -> None:
        """Clear it."""
        self.services.hazards.clear_on_the_spot(self._id, draft.on)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed, when and why."""

    kind: EscalationKind
    on: date
    reason: str
    reasons: Mapping[str, str]


DECIDERS = {
    EscalationKind.CASE: "按程序立案；立案期限会列入待办。",
    EscalationKind.SUSPENSION: "停产停业整顿由应急管理部门决定，镇、园区只提请；跟催答复会列入待办。",
    EscalationKind.CLOSURE: "关闭由县级以上人民政府决定，镇、园区只提请；跟催答复会列入待办。",
    EscalationKind.SUPERVISION: "挂牌督办由上级决定，只用于重大隐患；挂牌以后在“挂牌督办”里登记。",
}


class EscalateDialog(ActDialog[Proposal]):
    """Proposes what follows a failed rectification, for one hazard or several."""

    def __init__(self, context: Context, hazard_ids: Sequence[int], parent: QWidget | None = None) -> None:
        super().__init__(context, "escalateForm", "提请处理", "提请", parent, (640, 600))
        self._ids = tuple(hazard_ids)
        self.form.add_widget(HazardListing(context.services.hazards.rows(self._ids)))
        kinds = [Option(kind, text.label(kind)) for kind in EscalationKind]
        self.form.add("kind", "提请事项", ChoiceField(kinds), required=True)
        self._decider = labelled("", "quiet")
        self._decider.setWordWrap(True)
        self.form.add_widget(self._decider)
        self.form.add("on", "提请日期", date_field(context), required=True)
        self.form.add("reason", "理由", LongTextField("逾期未整改的事实、复查情况", 3), required=True)
        self.finish({"kind": EscalationKind.CASE, "on": context.services.clock.today()})
        self.form.field("kind").changed.connect(self._on_kind_changed)
        self._on_kind_changed()

    @Slot()
    def _on_kind_changed(self) -> None:
        kind = EscalationKind(cast(str, self.form.field("kind").value() or EscalationKind.CASE))
        name = "case.file_after_failed" if kind is EscalationKind.CASE else "case.propose"
        rule = self.services.obligations.rule_for(name, self.services.clock.today())
        unsure = f"（{text.UNCONFIRMED}）" if rule.needs_confirmation else ""
        unit = text.label(rule.unit)
        self._decider.setText(f"{DECIDERS[kind]}待办期限 {rule.length} 个{unit}{unsure}，{rule.source}。")

    def draft(self, values: Values) -> Proposal:
        """What is proposed."""
        kind = EscalationKind(cast(str, values["kind"]))
        return Proposal(kind, cast(date, values["on"]), words_of(values, "reason"), reasons_of(values))

    def warnings(self, draft: Proposal) -> list[GateWarning]:
        """A proposal to stop or close before anything failed."""
        return self.services.hazards.escalation_gates(self._ids, draft.kind, draft.on)

    def perform(self, draft: Proposal) -> None:
        """Propose it."""
        self.services.hazards.escalate_all(self._ids, draft.kind, draft.on, draft.reason, draft.reasons)

    def done_words(self, draft: Proposal) -> str:
        """With what was proposed."""
        count = f" {len(self._ids)} 项" if len(self._ids) > 1 else ""
        return f"已登记：{text.label(draft.kind)}{count}"


class AnswerDialog(ActDialog[Dated]):
    """What the bureau or the government answered to a proposal."""

    DONE = "已登记答复"

    def __init__(self, context: Context, escalation_id: int, parent: QWidget | None = None) -> None:
        super().__init__(context, "answerForm", "登记提请的答复", "登记答复", parent, (600, 520))
        self._id = escalation_id
        proposal = context.services.hazards.escalation(escalation_id)
        self.form.add_widget(HazardListing(context.services.hazards.rows([proposal.hazard_id])))
        self.form.add("what", "提请事项", ShownField())
        self.form.add("on", "答复日期", date_field(context), required=True)
        self.form.add("answer", "答复内容", LongTextField("答复单位、文号、决定", 3), required=True)
        what = f"{text.day(proposal.escalated_on)} {text.label(proposal.kind)}：{proposal.reason}"
        self.finish({"what": what, "on": context.services.clock.today()})

    def draft(self, values: Values) -> Dated:
        """When, and what."""
        return Dated(cast(date, values["on"]), words_of(values, "answer"))

    def perform(self, draft: Dated) -> None:
        """Note it."""
        self.services.hazards.answer_escalation(self._id, draft.on, draft.words)


# ---- makers ------------------------------------------------------------------------------------------------


def open_hazard(
    context: Context,
    parent: QWidget | None = None,
    hazard_id: int | None = None,
    enterprise_id: int | None = None,
) -> QDialog:
    """Register a hazard, or mend one."""
    return HazardDialog(context, hazard_id, enterprise_id, parent)


def open_void_order(context: Context, order_id: int, parent: QWidget | None = None) -> QDialog:
    """Make an order void."""
    return VoidOrderDialog(context, order_id, parent)


def open_void_hazard(context: Context, hazard_id: int, parent: QWidget | None = None) -> QDialog:
    """Strike a hazard out."""
    return VoidHazardDialog(context, hazard_id, parent)


def open_request(context: Context, hazard_ids: Sequence[int], parent: QWidget | None = None) -> QDialog:
    """The enterprise asks to be re-inspected."""
    return RequestDialog(context, hazard_ids, parent)


def open_case_filed(context: Context, hazard_id: int, parent: QWidget | None = None) -> QDialog:
    """The case was filed."""
    return CaseFiledDialog(context, hazard_id, parent)


def open_spot(context: Context, hazard_id: int, parent: QWidget | None = None) -> QDialog:
    """Put right before an order."""
    return SpotDialog(context, hazard_id, parent)


def open_escalate(
    context: Context, parent: QWidget | None = None, hazard_id: int | None = None, hazard_ids: Sequence[int] = ()
) -> QDialog:
    """Propose what follows, for one hazard or for several."""
    return EscalateDialog(context, list(hazard_ids) or [cast(int, hazard_id)], parent)


def open_answer(context: Context, escalation_id: int, parent: QWidget | None = None) -> QDialog:
    """The answer to a proposal."""
    return AnswerDialog(context, escalation_id, parent)
