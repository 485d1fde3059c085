"""The acts that a record tells of, as facts of the duty trail: each with its day, its words, and who did it."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from desktop.domain.delivery import DeliveryWay
from desktop.domain.duty_trail import TrailFact, TrailKind
from desktop.domain.hazard import EscalationKind, HazardLevel
from desktop.domain.inspection import InspectionKind, OfficerRole, Signature
from desktop.domain.plan import PlanKind
from desktop.domain.reinspection import ReinspectionOutcome
from desktop.domain.urging import UrgingWay
from desktop.services.form_book import form_book
from desktop.services.rules import rule_book
from desktop.services.trail_record import Row, TrailRecord, View
from desktop.text import label, yuan

Facts = Iterator[TrailFact]


def facts_of(record: TrailRecord, view: View) -> list[TrailFact]:
    """Every act that a state of the record tells of."""
    return [fact for tell in _TELLERS for fact in tell(record, view)]


def day_of(text: Any) -> date | None:
    """The day of a stored date or moment."""
    return None if not text else date.fromisoformat(str(text)[:10])


def _joined(*parts: str, by: str = "，") -> str:
    return by.join(part for part in parts if part)


def _dated(text: Any, kind: TrailKind, key: tuple[str, int, str], title: str, *words: str, **more: Any) -> Facts:
    """A fact, when its day is known."""
    on = day_of(text)
    if on is not None:
        yield TrailFact(on, kind, key, title, _joined(*words), **more)


# ---- plan and inspection -----------------------------------------------------------------------------------


def _plans(record: TrailRecord, view: View) -> Facts:
    for row in view.rows("plan_item"):
        number = row["id"]
        on = record.born_on("plan_item", number) or date(row["year"], row["month"], 1)
        when = f"{row['year']}年{row['month']}月"
        words = _joined(when, label(PlanKind(row["kind"])), row["reason"])
        yield TrailFact(on, TrailKind.PLAN, ("plan_item", number, "planned"), "列入检查计划", words)
        yield from _appointments(record, TrailKind.PLAN, "plan_item", row)
        yield from _dated(
            row["cancelled_on"], TrailKind.PLAN, ("plan_item", number, "cancelled"), "取消计划", when,
            row["cancel_reason"], rank=1, column="cancelled_on",
        )  # fmt: skip


def _appointments(record: TrailRecord, kind: TrailKind, table: str, row: Row) -> Facts:
    """Each day that was set: it moves in the course of the work, which is no correction of what was done before."""
    for image in record.images(table, row["id"]):
        before, after = (image.before or {}).get("planned_on"), (image.after or {}).get("planned_on")
        if after and after != before:
            title = f"检查日期由 {before} 改到 {after}" if before else f"检查定于 {after}"
            key = (table, row["id"], f"planned{image.operation}")
            yield TrailFact(image.at.date(), kind, key, title, who=image.by, rank=1)


def _numbered(record: TrailRecord, kind: TrailKind, table: str, row: Row, day_column: str) -> Facts:
    """The number of its paper, which often comes days after the visit."""
    number = row["document_number"]
    on = record.set_on(table, row["id"], "document_number", number) if number else None
    yield from _dated(
        on or (number and row[day_column]), kind, (table, row["id"], "number"), f"{label(kind)}文书编号", number,
        rank=5, column="document_number",
    )  # fmt: skip


def _inspections(record: TrailRecord, view: View) -> Facts:
    kind, table = TrailKind.INSPECTION, "inspection"
    for row in view.rows(table):
        number, name = row["id"], label(InspectionKind(row["kind"]))
        yield from _appointments(record, kind, table, row)
        yield from _numbered(record, kind, table, row, "inspected_on")
        yield from _dated(
            row["approved_on"], kind, (table, number, "approved"), f"批准{name}",
            who=row["approved_by"], rank=1, column="approved_on",
        )  # fmt: skip
        if row["status"] == "cancelled":
            on = record.set_on(table, number, "status", "cancelled")
            yield from _dated(on, kind, (table, number, "cancelled"), f"取消{name}", row["remark"], rank=2)
        else:
            yield from _dated(
                row["inspected_on"], kind, (table, number, "done"), name, *_visit(view, row),
                who=_crew(view, table, number), rank=3, column="inspected_on",
            )  # fmt: skip


def _visit(view: View, row: Row) -> Iterator[str]:
    experts = [
        view.name("expert", each["expert_id"]) for each in view.where("inspection_expert", "inspection_id", row["id"])
    ]
    yield f"专家 {'、'.join(experts)}" if experts else ""
    meetings = (("opening_meeting", "启动会"), ("site_record", "现场检查"), ("closing_meeting", "总结会"))
    yield "、".join(f"{word}有记录" if row[column] else f"{word}无记录" for column, word in meetings)
    found = len(view.where("hazard", "inspection_id", row["id"]))
    yield f"查出隐患 {found} 条" if found else "未发现隐患"
    yield row["result"]
    signed = label(Signature(row["signature"])) if row["signature"] else ""
    yield _joined("企业人员", row["unit_person"], signed, by=" ") if row["unit_person"] or signed else ""
    yield row["refusal_note"]


def _crew(view: View, table: str, number: int) -> str:
    members = view.where(f"{table}_officer", f"{table}_id", number)
    return "、".join(_member(view, each) for each in members)


def _finders(view: View, inspection_id: int | None) -> str:
    members = view.where("inspection_officer", "inspection_id", inspection_id)
    return "、".join(view.name("officer", each["officer_id"]) for each in members)


def _member(view: View, row: Row) -> str:
    role = "（辅助）" if row.get("role") == OfficerRole.HELPER.value else ""
    paper = f"（{row['certificate_number']}）" if row["certificate_number"] else ""
    return f"{view.name('officer', row['officer_id'])}{role or paper}"


# ---- hazard, order, extension ------------------------------------------------------------------------------


def _hazards(record: TrailRecord, view: View) -> Facts:
    kind, table = TrailKind.HAZARD, "hazard"
    for row in view.rows(table):
        number, words = row["id"], _hazard(row)
        yield from _dated(
            row["found_on"], kind, (table, number, "found"), f"发现{label(HazardLevel(row['level']))}隐患", words,
            row["basis"], who=_finders(view, row["inspection_id"]),
        )  # fmt: skip
        rounds = view.where("reinspection_result", "hazard_id", number)
        if row["cleared_on"] and not any(each["outcome"] == "cleared" for each in rounds):
            yield from _dated(
                row["cleared_on"], kind, (table, number, "cleared"), "当场整改，销号", words,
                rank=1, column="cleared_on",
            )  # fmt: skip
        if row["status"] == "void":
            on = record.set_on(table, number, "status", "void") or _void_day(view, table, number) or row["found_on"]
            yield from _dated(on, kind, (table, number, "void"), "隐患作废", words, row["remark"], rank=2)


def _hazard(row: Row | None) -> str:
    return "" if row is None else _joined(row["location"], row["description"], by="：")


def _void_day(view: View, table: str, number: int) -> str | None:
    ended = [
        each["ended_on"]
        for each in view.where("obligation", "subject_id", number)
        if each["subject_type"] == table and each["end_kind"] == "void"
    ]
    return max(ended, default=None)


def _orders(record: TrailRecord, view: View) -> Facts:
    kind, table = TrailKind.ORDER, "rectification_order"
    for row in view.rows(table):
        number = row["id"]
        yield from _dated(row["issued_on"], kind, (table, number, "issued"), "下达责令限期整改指令书", row["number"])
        yield from _dated(
            row["delivered_on"], kind, (table, number, "delivered"), "送达指令书", row["number"],
            f"签收人 {row['delivered_to']}" if row["delivered_to"] else "", rank=1, column="delivered_on",
        )  # fmt: skip
        if row["status"] == "void":
            on = record.set_on(table, number, "status", "void") or row["issued_on"]
            yield from _dated(
                on, kind, (table, number, "void"), "指令书作废", row["number"], row["void_reason"], rank=2
            )


def _extensions(_record: TrailRecord, view: View) -> Facts:
    kind, table = TrailKind.EXTENSION, "extension"
    for row in view.rows(table):
        number, hazard = row["id"], _hazard(view.row("hazard", row["hazard_id"]))
        yield from _dated(
            row["applied_on"], kind, (table, number, "applied"), f"企业申请延期到 {row['requested_due_on']}",
            hazard, row["reason"],
        )  # fmt: skip
        title = f"准予延期到 {row['granted_due_on']}" if row["is_granted"] else "不予延期"
        yield from _dated(
            row["decided_on"], kind, (table, number, "decided"), title, hazard, row["refusal"],
            who=row["approver"], rank=1, column="decided_on",
        )  # fmt: skip


# ---- urging, going back ------------------------------------------------------------------------------------


def _urgings(record: TrailRecord, view: View) -> Facts:
    for row in view.rows("urging"):
        about = view.where("urging_hazard", "urging_id", row["id"])
        person = _joined(row["person"], row["phone"], by=" ")
        count = f"涉及隐患 {len(about)} 条" if about else ""
        yield from _dated(
            row["urged_at"], TrailKind.URGING, ("urging", row["id"], "urged"),
            f"{label(UrgingWay(row['way']))}催办", person, count, row["text"], who=row["urged_by"],
        )  # fmt: skip
        answered = row["answer"] and (record.set_on("urging", row["id"], "answer", row["answer"]) or row["urged_at"])
        yield from _dated(
            answered, TrailKind.URGING, ("urging", row["id"], "answered"), "催办的答复", person, row["answer"],
            rank=1, column="answer",
        )  # fmt: skip


def _reinspections(record: TrailRecord, view: View) -> Facts:
    kind = TrailKind.REINSPECTION
    for row in view.rows("reinspection"):
        yield from _numbered(record, kind, "reinspection", row, "reinspected_on")
    for row in view.rows("reinspection_request"):
        hazard = _hazard(view.row("hazard", row["hazard_id"]))
        key = ("reinspection_request", row["id"], "received")
        yield from _dated(row["received_on"], kind, key, "企业申请复查", hazard, row["remark"])
    for row in view.rows("reinspection_result"):
        visit = view.row("reinspection", row["reinspection_id"])
        if visit is None:
            continue
        outcome = ReinspectionOutcome(row["outcome"])
        title = "复查合格，销号" if outcome is ReinspectionOutcome.CLEARED else "复查不合格"
        hazard = _hazard(view.row("hazard", row["hazard_id"]))
        yield from _dated(
            visit["reinspected_on"], kind, ("reinspection_result", row["id"], "done"), title, hazard, row["note"],
            who=_crew(view, "reinspection", visit["id"]), rank=1,
        )  # fmt: skip


def _escalations(_record: TrailRecord, view: View) -> Facts:
    kind = TrailKind.ESCALATION
    for row in view.rows("escalation"):
        number, name = row["id"], label(EscalationKind(row["kind"]))
        hazard = _hazard(view.row("hazard", row["hazard_id"]))
        yield from _dated(
            row["escalated_on"], kind, ("escalation", number, "escalated"), f"上报：{name}", hazard, row["reason"]
        )
        yield from _dated(
            row["answered_on"], kind, ("escalation", number, "answered"), f"收到答复：{name}", hazard,
            row["answer"] or "", rank=1, column="answered_on",
        )  # fmt: skip
    for row in view.rows("supervision"):
        number, words = row["id"], _hazard(view.row("hazard", row["hazard_id"]))
        steps = (
            ("listed_on", "挂牌督办", row["listed_by"]), ("published_on", "公布挂牌督办", ""),
            ("resumption_asked_on", "企业申请摘牌", ""), ("accepted_on", "挂牌督办验收", ""),
            ("delisted_on", "摘牌", ""),
        )  # fmt: skip
        for rank, (column, title, who) in enumerate(steps, 2):
            yield from _dated(
                row[column], kind, ("supervision", number, column), title, words, who=who, rank=rank, column=column
            )


# ---- revisit, case, measure --------------------------------------------------------------------------------


def _revisits(_record: TrailRecord, view: View) -> Facts:
    kind, table = TrailKind.REVISIT, "revisit_programme"
    for row in view.rows(table):
        number = row["id"]
        yield from _dated(row["started_on"], kind, (table, number, "started"), "列入定期回访", row["reason"])
        yield from _dated(
            row["ended_on"], kind, (table, number, "ended"), "结束回访", row["end_reason"], rank=2, column="ended_on"
        )
    for row in view.rows("revisit"):
        title = "回访：没有发现新的问题" if row["is_clean"] else "回访：发现问题"
        yield from _dated(
            row["revisited_on"], kind, ("revisit", row["id"], "done"), title, row["note"], who=row["officers"], rank=1
        )


def _cases(_record: TrailRecord, view: View) -> Facts:
    table = "penalty_case"
    for row in view.rows(table):
        words = _joined(row["number"], row["cause"])
        fine = f"罚款 {yuan(row['fine_fen'])} 元" if row["fine_fen"] else ""
        steps = (("filed_on", "立案", ""), ("decided_on", "作出处罚决定", fine), ("closed_on", "结案", ""))
        for rank, (column, title, more) in enumerate(steps):
            yield from _dated(
                row[column], TrailKind.CASE, (table, row["id"], column), title, words, more, rank=rank, column=column
            )


def _measures(_record: TrailRecord, view: View) -> Facts:
    table = "enterprise_measure"
    for row in view.rows(table):
        number, who = row["id"], row["person"]
        yield from _dated(
            row["set_on"], TrailKind.MEASURE, (table, number, "set"), "一企一策：定措施", row["text"], who=who
        )
        yield from _dated(
            row["done_on"], TrailKind.MEASURE, (table, number, "done"), "一企一策：措施完成", row["text"],
            who=who, rank=1, column="done_on",
        )  # fmt: skip
        if row["ended_reason"]:
            on = _ended_day(view, table, number)
            yield from _dated(
                on, TrailKind.MEASURE, (table, number, "ended"), "一企一策：措施不再实施", row["text"],
                row["ended_reason"], who=who, rank=2, column="ended_reason",
            )  # fmt: skip


def _ended_day(view: View, table: str, number: int) -> str | None:
    duties = [each for each in view.where("obligation", "subject_id", number) if each["subject_type"] == table]
    return duties[-1]["ended_on"] if duties else None


# ---- papers and gates --------------------------------------------------------------------------------------


def title_of_form(form: str) -> str:
    """The name of an official form; one that is no longer shipped reads as its id."""
    known = form_book().forms.get(form)
    return known.title if known is not None else form


def _documents(record: TrailRecord, view: View) -> Facts:
    kind, table = TrailKind.DOCUMENT, "form_document"
    for row in view.rows(table):
        number, title = row["id"], title_of_form(row["form"])
        yield from _dated(
            row["issued_at"], kind, (table, number, "issued"), f"签发《{title}》", row["number"],
            who=row["issued_by"], column="issued_at",
        )  # fmt: skip
        yield from _dated(
            row["voided_at"], kind, (table, number, "void"), f"《{title}》作废", row["number"], row["void_reason"],
            who=row["voided_by"], rank=2, column="voided_at",
        )  # fmt: skip
    for row in view.rows("document_delivery"):
        paper = view.row(table, row["document_id"])
        title = title_of_form(paper["form"]) if paper is not None else ""
        yield from _dated(
            row["delivered_at"], kind, ("document_delivery", row["id"], "delivered"), f"送达《{title}》",
            label(DeliveryWay(row["way"])), row["place"], f"受送达人 {row['recipient']}" if row["recipient"] else "",
            f"见证人 {row['witness']}" if row["witness"] else "", row["note"],
            who=_joined(row["first_server"], row["second_server"], by="、"), rank=1,
        )  # fmt: skip
        void = row["void_reason"]
        on = void and (record.set_on("document_delivery", row["id"], "void_reason", void) or row["delivered_at"])
        yield from _dated(
            on, kind, ("document_delivery", row["id"], "void"), f"《{title}》的送达记录作废", void,
            rank=3, column="void_reason",
        )  # fmt: skip


def gate_words(gate: str) -> str:
    """What was not in order, by its name in the rules; of a form, which one."""
    kind, _, form = gate.partition(".")
    if kind in _FORM_GATES and form in form_book().forms:
        return f"《{title_of_form(form)}》{_FORM_GATES[kind]}"
    rules = rule_book()
    known = rules.gates.get(gate) or rules.rules.get(gate)
    return known.name_zh if known is not None else _OTHER_GATES.get(gate, gate)


_FORM_GATES = {"form_blank": "还有栏目空着", "form_order": "的前置文书不全"}
_OTHER_GATES = {"office_mode": "本单位当日没有执法权限"}


def _gates(_record: TrailRecord, view: View) -> Facts:
    for row in view.rows("gate_entry"):
        key = ("gate_entry", row["id"], "passed")
        yield from _dated(
            row["passed_at"], TrailKind.GATE, key, "条件不全，说明理由后办理", gate_words(row["gate"]), f"理由：{row['reason']}",
            who=row["passed_by"],
        )  # fmt: skip


_TELLERS: tuple[Callable[[TrailRecord, View], Facts], ...] = (
    _plans, _inspections, _hazards, _orders, _extensions, _urgings, _reinspections, _escalations, _revisits, _cases,
    _measures, _documents, _gates,
)  # fmt: skip
