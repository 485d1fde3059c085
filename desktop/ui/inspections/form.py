"""The inspection in one guided form: who and when, opening meeting, site and findings, closing meeting, signature.

What is still to come is an appointment and has a smaller form of its own (`appointments.py`).
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QWidget

from desktop import text
from desktop.domain.gate import GateWarning
from desktop.domain.hazard import HazardStatus
from desktop.domain.inspection import InspectionKind, InspectionOrigin, InspectionStatus, OfficerRole, Signature
from desktop.services.hazards import HazardQuery
from desktop.services.inspections import Finding, InspectionDraft
from desktop.ui.acts.days import date_field
from desktop.ui.acts.dialog import ActDialog, reasons_of, words_of
from desktop.ui.acts.people import CrewField, enterprise_field, enterprise_option, expert_field, expert_options
from desktop.ui.context import Context
from desktop.ui.inspections.checklist import ChecklistDialog
from desktop.ui.inspections.findings import FindingsField
from desktop.ui.widgets.ask import ask
from desktop.ui.widgets.fields import ChoiceField, LongTextField, Option, TextField
from desktop.ui.widgets.form import Values
from desktop.ui.widgets.section import button, labelled, row

WIDE = 860
APPROVAL_SOURCE = "国办发〔2024〕54号"
SIGNATURE_SOURCE = "安全生产法 第六十八条"
_WORDS = (
    "approved_by", "opening_meeting", "site_record", "closing_meeting", "unit_person", "document_number", "result", "remark",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Started:
    """What the form starts from: the draft, and the record it belongs to if there is one."""

    draft: InspectionDraft
    inspection_id: int | None = None
    status: InspectionStatus | None = None
    is_enterprise_fixed: bool = False


class InspectionDialog(ActDialog[InspectionDraft]):
    """Records an inspection, or mends the record of one."""

    def __init__(self, context: Context, started: Started, parent: QWidget | None = None) -> None:
        title = "修改检查记录" if started.status is InspectionStatus.DONE else "登记检查"
        super().__init__(context, "inspectionForm", title, "保存检查记录", parent, (1080, 720))
        self._started = started
        self._today = context.services.clock.today
        self.widen(WIDE)
        self._add_who()
        self._add_meetings()
        self._add_findings()
        self._add_end()
        self.finish(self._values())
        self.form.field("inspected_on").changed.connect(self._on_day_changed)
        self.form.field("enterprise").changed.connect(self._on_enterprise_changed)
        self.form.field("signature").changed.connect(self._on_signature_changed)
        self._items.changed.connect(self._follow_item)
        self._show_items()
        self._show_list_note()
        self._on_signature_changed()
        self.form.mark_saved()

    # ---- building

    def _add_who(self) -> None:
        form = self.form
        form.section("企业与时间")
        self._enterprise = enterprise_field(self.services)
        form.add("enterprise", "被检查单位", self._enterprise, required=True)
        self._enterprise.setEnabled(not self._started.is_enterprise_fixed)
        form.add("inspected_on", "检查日期", date_field(self.context), required=True)
        self._items = ChoiceField(())
        form.add("plan_item", "对应的计划项", self._items, note="选中后，计划完成率按这次检查计算。")
        form.add("kind", "检查类型", ChoiceField(_options(InspectionKind)), required=True, source=APPROVAL_SOURCE)
        form.add("origin", "检查来源", ChoiceField(_options(InspectionOrigin)), required=True)
        form.section("检查人员")
        self._crew = CrewField(self.services, self._day)
        form.add("officers", "执法人员", self._crew, required=True, note="不少于两名，当日持有效执法证；第一位为主办。")
        self._experts = expert_field(self.services)
        form.add("experts", "行业专家", self._experts)
        form.add("approved_by", "检查方案批准人", TextField(), source=APPROVAL_SOURCE)
        form.add("approved_on", "批准日期", date_field(self.context))

    def _add_meetings(self) -> None:
        self.form.section("启动会")
        note = "告知的检查内容、程序，企业参加人员，企业自查情况"
        self.form.add("opening_meeting", "启动会记录", LongTextField(note, 3))

    def _add_findings(self) -> None:
        self.form.section("现场检查")
        self.form.add("site_record", "现场检查情况", LongTextField("检查的场所、设备设施和资料", 4))
        self._by_list = button("按检查表检查", self._on_checklist_clicked, icon="check", name="openChecklist")
        self._list_note = labelled("", "quiet")
        beside = QWidget()
        beside.setLayout(row(self._by_list, self._list_note, 1))
        self.form.add_widget(beside)
        is_done = self._started.status is InspectionStatus.DONE
        note = "这次检查原有的隐患请到隐患整改里修改，这里填写的会新增。" if is_done else ""
        self.form.add("findings", "发现的隐患", FindingsField(), note=note)

    def _add_end(self) -> None:
        form = self.form
        form.section("总结会")
        form.add("closing_meeting", "总结会记录", LongTextField("反馈的问题、企业的意见和承诺", 3))
        form.add("result", "检查结论", TextField("例：发现一般隐患 3 条，责令限期整改"))
        form.section("签字与文书")
        form.add("unit_person", "被检查单位现场负责人", TextField())
        form.add("signature", "签字情况", ChoiceField(_options(Signature)), source=SIGNATURE_SOURCE)
        form.add("refusal_note", "拒签说明", LongTextField("拒绝签字的原因，在场见证人", 2), required=True)
        form.add("document_number", "现场检查记录文号", TextField())
        form.add("remark", "备注", LongTextField(lines=2))

    def _values(self) -> dict[str, object]:
        draft = self._started.draft
        values: dict[str, object] = {
            "kind": draft.kind,
            "origin": draft.origin,
            "inspected_on": draft.inspected_on or self._today(),
            "approved_on": draft.approved_on,
            "signature": draft.signature,
            "findings": draft.findings,
        }
        values |= {key: getattr(draft, key) for key in (*_WORDS, "refusal_note")}
        if draft.enterprise_id:
            values["enterprise"] = enterprise_option(self.services, draft.enterprise_id)
        self.form.field("inspected_on").set_value(values["inspected_on"])
        self._crew.set_ids([officer for officer, _ in draft.officers])
        values["officers"] = self._crew.options
        values["experts"] = [each for each in expert_options(self.services) if each.value in draft.experts]
        return values

    # ---- the checklist

    @Slot()
    def _on_checklist_clicked(self) -> None:
        """The list of this visit; one that is not in the calendar yet is put there first, so that answers have a place."""
        if self._started.inspection_id is None and not self._start_visit():
            return
        assert self._started.inspection_id is not None
        opened = ChecklistDialog(self.context, self._started.inspection_id, self, is_asked_by_form=True)
        opened.finished.connect(self._take_findings)
        opened.open()

    def _start_visit(self) -> bool:
        values = self.form.values()
        if not values["enterprise"]:
            self.form.show_problems({"enterprise": "请先选被检查单位，再按检查表检查。"})
            return False
        draft = replace(self.draft(values), planned_on=self._day())
        visit = self.context.act(lambda: self.services.checklists.start_visit(draft))
        if visit is None:
            return False
        self._started = Started(draft, visit, InspectionStatus.UNDER_WAY, True)
        self._enterprise.setEnabled(False)
        self._items.setEnabled(False)
        return True

    @Slot()
    def _take_findings(self) -> None:
        """What was answered 不符合 stands in the grid; what was typed there stays as it was typed."""
        visit = self._started.inspection_id
        if visit is None:
            return
        self._show_list_note()
        if self._started.status is InspectionStatus.DONE:
            return
        field = self.form.field("findings")
        found = {each.checklist_code: each for each in self.services.checklists.findings(visit)}
        typed = cast("tuple[Finding, ...]", field.value())
        kept = [each for each in typed if not each.checklist_code or each.checklist_code in found]
        known = {each.checklist_code for each in kept}
        field.set_value([*kept, *(each for code, each in found.items() if code not in known)])
        field.changed.emit()

    def _show_list_note(self) -> None:
        visit = self._started.inspection_id
        told = self.services.checklists.progress(visit) if visit is not None else None
        bad = f"，不符合 {told.bad}" if told and told.bad else ""
        self._list_note.setText(
            f"已答 {told.answered}/{told.total}{bad}" if told and told.total else "不符合的会填到下面"
        )

    # ---- what follows from what is typed

    def _day(self) -> date:
        chosen = self.form.field("inspected_on").value()
        return chosen if isinstance(chosen, date) else self._today()

    @Slot()
    def _on_day_changed(self) -> None:
        self._crew.read_again()

    @Slot()
    def _on_signature_changed(self) -> None:
        self.form.show_field("refusal_note", self._signature() is Signature.REFUSED)

    def _signature(self) -> Signature | None:
        """A list gives back plain words where a code was put in."""
        chosen = self.form.field("signature").value()
        return Signature(str(chosen)) if chosen else None

    @Slot()
    def _on_enterprise_changed(self) -> None:
        self._show_items()

    def _show_items(self) -> None:
        """The open items of the enterprise's plan; the nearest is taken unless another was asked for."""
        enterprise_id = self._enterprise.value()
        open_items = self.services.plans.open_of(cast(int, enterprise_id)) if enterprise_id else []
        options = [Option(None, "不在计划内")]
        for item in open_items:
            when = text.day(item.planned_on) if item.planned_on else f"{item.year} 年 {item.month} 月"
            options.append(Option(item.id, f"{when} · {text.label(item.kind)}"))
        wanted = self._started.draft.plan_item_id
        if wanted is not None and wanted not in [item.id for item in open_items]:
            options.append(Option(wanted, "原来对应的计划项"))
        self._items.set_options(options)
        first = open_items[0].id if open_items and self._started.inspection_id is None else None
        self._items.set_value(wanted if wanted is not None else first)
        self._follow_item()

    @Slot()
    def _follow_item(self) -> None:
        """What is in the plan comes from the plan; what is not does not. Other origins are the clerk's to say."""
        origin = self.form.field("origin")
        if self._items.value() is not None:
            origin.set_value(InspectionOrigin.PLAN)
        elif origin.value() == InspectionOrigin.PLAN and self._started.status is not InspectionStatus.DONE:
            origin.set_value(InspectionOrigin.OTHER)

    # ---- the act

    def draft(self, values: Values) -> InspectionDraft:
        """As the service takes it."""
        words: dict[str, Any] = {key: words_of(values, key) for key in _WORDS}
        signature = self._signature()
        return replace(
            self._started.draft,
            enterprise_id=cast(int, values["enterprise"]),
            kind=InspectionKind(cast(str, values["kind"])),
            origin=InspectionOrigin(cast(str, values["origin"])),
            plan_item_id=cast("int | None", values["plan_item"]),
            inspected_on=cast(date, values["inspected_on"]),
            officers=self._crew.crew(),
            experts=cast("tuple[int, ...]", values["experts"]),
            approved_on=cast("date | None", values["approved_on"]),
            signature=signature,
            refusal_note=words_of(values, "refusal_note") if signature is Signature.REFUSED else "",
            findings=cast("tuple[Finding, ...]", values["findings"]),
            reasons=reasons_of(values),
            **words,
        )

    def warnings(self, draft: InspectionDraft) -> list[GateWarning]:
        """Two officers, approval, signature."""
        return self.services.inspections.gates(draft)

    def perform(self, draft: InspectionDraft) -> int:
        """Record, or mend."""
        if self._started.status is InspectionStatus.DONE:
            assert self._started.inspection_id is not None
            self.services.inspections.change(self._started.inspection_id, draft)
            return self._started.inspection_id
        return self.services.inspections.record(draft, self._started.inspection_id)

    def done_words(self, draft: InspectionDraft) -> str:
        """With the number of findings."""
        return f"已保存检查记录，新登记隐患 {len(draft.findings)} 条" if draft.findings else "已保存检查记录"

    def follow(self, draft: InspectionDraft, outcome: object) -> None:
        """What was found and not put right on the spot wants an order."""
        query = HazardQuery(inspection_id=cast(int, outcome), statuses=frozenset({HazardStatus.REGISTERED}))
        waiting = self.services.hazards.ids(query)
        if waiting and draft.findings:
            context = self.context
            ask(
                context.window(),
                "下达整改指令？",
                f"这次检查有 {len(waiting)} 条隐患还没有整改期限，下达责令限期整改指令书后才会进入催办和复查。",
                "下达整改指令",
                lambda: context.open_form("order", hazard_ids=waiting),
                "以后再说",
            )


def _options(codes: type[InspectionKind] | type[InspectionOrigin] | type[Signature]) -> list[Option]:
    return [Option(code, text.label(code)) for code in codes]


def open_inspection(
    context: Context,
    parent: QWidget | None = None,
    enterprise_id: int | None = None,
    plan_item_id: int | None = None,
    inspection_id: int | None = None,
    from_last: bool = False,
) -> QDialog:
    """The form for an enterprise, an item of the plan, or an inspection that stands in the calendar or the record."""
    return InspectionDialog(context, _start(context, enterprise_id, plan_item_id, inspection_id, from_last), parent)


def _start(
    context: Context, enterprise_id: int | None, item_id: int | None, inspection_id: int | None, from_last: bool
) -> Started:
    services, today = context.services, context.services.clock.today()
    if inspection_id is None and item_id is not None:
        inspection_id = services.checklists.visit_of_plan(item_id)
    if inspection_id is not None:
        found = services.inspections.detail(inspection_id)
        day = found.draft.inspected_on or min(found.draft.planned_on or today, today)
        is_done = found.row.status is InspectionStatus.DONE
        findings = () if is_done else services.checklists.findings(inspection_id)
        draft = replace(found.draft, inspected_on=day, findings=findings)
        return Started(draft, inspection_id, found.row.status, True)
    if item_id is not None:
        item = services.plans.row(item_id)
        crew = ((item.officer_id, OfficerRole.LEAD),) if item.officer_id else ()
        draft = InspectionDraft(
            item.enterprise_id, plan_item_id=item_id, planned_on=item.planned_on, inspected_on=today, officers=crew
        )
        return Started(draft, is_enterprise_fixed=True)
    if enterprise_id is not None and from_last:
        return Started(services.inspections.draft_from_last(enterprise_id), is_enterprise_fixed=True)
    return Started(
        InspectionDraft(enterprise_id or 0, inspected_on=today), is_enterprise_fixed=enterprise_id is not None
    )
