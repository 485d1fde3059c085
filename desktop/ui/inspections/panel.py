"""One inspection beside the list: who went, what was said and found, and what to do next."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop import text
from desktop.domain.form import RecordKind
from desktop.domain.hazard import HazardStatus
from desktop.domain.inspection import InspectionStatus, OfficerRole, Signature
from desktop.domain.photo import PhotoOwner, PhotoRole
from desktop.services.hazards import HazardRow
from desktop.services.inspections import InspectionDetail
from desktop.services.photo_places import PhotoSubject
from desktop.ui import theme
from desktop.ui.acts.lists import EnterpriseLink, FactGrid, PillRow, Step, StepBar, stacked, wrapped
from desktop.ui.context import Context
from desktop.ui.documents.map import DocumentMap
from desktop.ui.hazards.columns import days_words, level_pill
from desktop.ui.hazards.columns import status_pill as hazard_pill
from desktop.ui.inspections.columns import day_of, status_pill
from desktop.ui.photos.strip import PhotoStrip
from desktop.ui.widgets.pills import PillLabel
from desktop.ui.widgets.section import Link, clear, labelled, row, scrolled

STANDING = frozenset({InspectionStatus.PLANNED, InspectionStatus.UNDER_WAY})


class InspectionPanel(QWidget):
    """Shows one inspection; `show_inspection` reads it afresh."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("inspectionPanel")
        self._context = context
        self.inspection_id: int | None = None
        self._enterprise = EnterpriseLink(context)
        self._day = wrapped("", "section")
        self._pills = PillRow()
        self._steps = StepBar()
        self._facts = FactGrid()
        self._found_head = labelled("发现的隐患", "section")
        self._found = QVBoxLayout()
        self._found.setContentsMargins(0, 0, 0, 0)
        self._found.setSpacing(theme.size(10))
        found = QWidget()
        found.setLayout(self._found)
        self._record_head = labelled("检查记录", "section")
        self._record = FactGrid()
        self._map_head = labelled("文书", "section")
        self._map = DocumentMap(context)
        self.photos = PhotoStrip(context, "inspectionPhotos")
        self.photos.accept_on(self)
        papers = (self._map_head, self._map)
        parts = (self._enterprise, self._day, self._pills, self._steps, self._facts, self._found_head, found, *papers)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(stacked(*parts, self.photos, self._record_head, self._record)))

    def show_inspection(self, inspection_id: int) -> bool:
        """Show it; answers whether it is there."""
        services = self._context.services
        if not services.inspections.rows([inspection_id]):
            return False
        self.inspection_id = inspection_id
        detail = services.inspections.detail(inspection_id)
        hazards = services.hazards.rows(detail.hazard_ids)
        self._enterprise.show_enterprise(detail.row.enterprise_id, detail.row.enterprise)
        self._day.setText(f"{text.day(day_of(detail.row))}　{text.label(detail.row.kind)}")
        self._pills.show_pills(status_pill(detail.row.status))
        self._steps.show_steps(steps_of(self._context, detail, hazards))
        self._facts.show_facts(self._facts_of(detail))
        self._show_hazards(detail, hazards)
        self._show_map(detail.row.status, inspection_id)
        self.photos.show_subject(PhotoSubject(PhotoOwner.INSPECTION, inspection_id), PhotoRole.SCENE)
        record = _record_of(detail)
        self._record_head.setVisible(any(words for _, words in record))
        self._record.show_facts(record)
        return True

    def _show_map(self, status: InspectionStatus, inspection_id: int) -> None:
        is_shown = status is not InspectionStatus.CANCELLED
        self._map_head.setVisible(is_shown)
        self._map.setVisible(is_shown)
        if is_shown:
            self._map.show_record(RecordKind.INSPECTION, inspection_id)

    def _facts_of(self, detail: InspectionDetail) -> list[tuple[str, str]]:
        draft = detail.draft
        moved = draft.planned_on != draft.inspected_on and draft.inspected_on is not None
        approval = "　".join(
            filter(None, (draft.approved_by, text.day(draft.approved_on) if draft.approved_on else ""))
        )
        return [
            ("执法人员", self._crew(detail)),
            ("专家", "、".join(detail.expert_names)),
            ("来源", text.label(draft.origin)),
            ("原定", text.day(draft.planned_on) if draft.planned_on and moved else ""),
            ("批准", approval),
            ("检查表", self._answered(detail.row.id)),
            ("结论", draft.result),
            ("文号", draft.document_number),
            ("签字", _signed(detail)),
            ("备注", draft.remark),
        ]

    def _answered(self, inspection_id: int) -> str:
        """`已答 42/282，不符合 3`; a visit without a list says nothing."""
        told = self._context.services.checklists.progress(inspection_id)
        if told.total == 0:
            return ""
        return f"已答 {told.answered}/{told.total}" + (f"，不符合 {told.bad}" if told.bad else "")

    def _crew(self, detail: InspectionDetail) -> str:
        """Each with the number of the card of that day."""
        on = day_of(detail.row) or self._context.services.clock.today()
        lines = []
        for (officer_id, role), name in zip(detail.draft.officers, detail.officer_names, strict=True):
            number = self._context.services.officers.valid_on(officer_id, on)
            card = number or ("" if role is OfficerRole.HELPER else "当日没有有效执法证")
            lines.append("　".join(filter(None, (name, text.label(role), card))))
        return "\n".join(lines)

    def _show_hazards(self, detail: InspectionDetail, hazards: list[HazardRow]) -> None:
        clear(self._found)
        self._found_head.setVisible(detail.row.status is InspectionStatus.DONE)
        if not hazards and detail.row.status is InspectionStatus.DONE:
            self._found.addWidget(labelled("没有发现隐患。", "label"))
        for hazard in hazards:
            self._found.addWidget(self._hazard(hazard))

    def _hazard(self, hazard: HazardRow) -> QWidget:
        link = Link(hazard.description)
        link.setObjectName(f"openHazard_{hazard.id}")
        link.clicked.connect(lambda _=False: self._context.navigate("hazards", {"hazard_id": hazard.id}))
        due = f"期限 {text.day(hazard.due_on)}　{days_words(hazard)}" if hazard.due_on and hazard.is_open else ""
        whole = QWidget()
        box = QVBoxLayout(whole)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.size(4))
        box.addWidget(link)
        pills = (PillLabel(level_pill(hazard.level)), PillLabel(hazard_pill(hazard.status)))
        box.addLayout(row(*pills, labelled(due, "quiet"), 1))
        return whole


def steps_of(context: Context, detail: InspectionDetail, hazards: list[HazardRow]) -> list[Step]:
    """What can be done next with an inspection."""
    key, status, owner = detail.row.id, detail.row.status, detail.row.enterprise_id
    waiting = [hazard.id for hazard in hazards if hazard.status is HazardStatus.REGISTERED]
    steps: list[Step] = []
    if status in STANDING:
        steps.append(("record", "登记检查", lambda: context.open_form("inspection", inspection_id=key)))
    if status is not InspectionStatus.CANCELLED:
        words = "按检查表检查" if status in STANDING else "检查表"
        steps.append(("checklist", words, lambda: context.open_form("inspection_checklist", inspection_id=key)))
    if status is InspectionStatus.PLANNED:
        begin = context.services.inspections.start
        steps.append(("start", "开始检查", lambda: context.act(lambda: begin(key), "已开始检查")))
        steps.append(("move", "改期", lambda: context.open_form("inspection_move", inspection_id=key)))
    if status in STANDING:
        steps.append(("cancel", "取消", lambda: context.open_form("inspection_cancel", inspection_id=key)))
    if waiting:
        steps.append(("order", "下达整改指令", lambda: context.open_form("order", hazard_ids=waiting)))
    if status is InspectionStatus.DONE:
        steps.append(("edit", "修改记录", lambda: context.open_form("inspection", inspection_id=key)))
        again = {"enterprise_id": owner, "from_last": True}
        steps.append(("again", "照这次再查一次", lambda: context.open_form("inspection", **again)))
    if hazards:
        steps.append(("hazards", "看隐患", lambda: context.navigate("hazards", {"inspection_id": key})))
    return steps


def _signed(detail: InspectionDetail) -> str:
    draft = detail.draft
    if draft.signature is None:
        return ""
    note = draft.refusal_note if draft.signature is Signature.REFUSED else draft.unit_person
    return "　".join(filter(None, (text.label(draft.signature), note)))


def _record_of(detail: InspectionDetail) -> list[tuple[str, str]]:
    draft = detail.draft
    return [("启动会", draft.opening_meeting), ("现场", draft.site_record), ("总结会", draft.closing_meeting)]
