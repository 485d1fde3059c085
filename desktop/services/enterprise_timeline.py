"""The story of one enterprise: what was done there, and who changed what in its record.

The first is read from the records of the work, the second from the journal's images.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from desktop.domain.enterprise import CodeState, EnterpriseStatus, RiskLevel, Size, StandardLevel
from desktop.domain.hazard import EscalationKind, HazardLevel
from desktop.domain.inspection import InspectionKind
from desktop.domain.reinspection import ReinspectionOutcome
from desktop.domain.urging import UrgingWay
from desktop.services.catalogue import Catalogue
from desktop.text import label


class EntryKind(StrEnum):
    """What a line of the story is about."""

    INSPECTION = "inspection"
    HAZARD = "hazard"
    ORDER = "order"
    EXTENSION = "extension"
    REINSPECTION = "reinspection"
    ESCALATION = "escalation"
    SUPERVISION = "supervision"
    URGING = "urging"
    REVISIT = "revisit"
    CASE = "case"
    MEASURE = "measure"
    PERMIT = "permit"
    NAME = "name"
    EDIT = "edit"


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of the story; `record` is the table and id that it leads to."""

    on: date
    kind: EntryKind
    title: str
    text: str
    record: tuple[str, int]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a record as it was and as it became, in the words of the screen."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RecordChange:
    """One act of the journal on the record."""

    operation: int
    at: datetime
    by: str
    title: str
    changes: tuple[FieldChange, ...]


FIELD_LABELS: dict[str, str] = {
    "name": "企业名称",
    "uscc": "统一社会信用代码",
    "code_state": "代码状态",
    "legacy_code": "旧登记号",
    "address": "地址",
    "village": "村居",
    "grid_worker": "网格员",
    "legal_person": "法定代表人",
    "principal": "主要负责人",
    "contact": "联系人",
    "phone": "联系电话",
    "safety_officer": "安全管理人员",
    "safety_phone": "安全管理人员电话",
    "sector": "监管行业",
    "industry": "行业类别",
    "industry_code": "国民经济行业分类",
    "risk_level": "风险等级",
    "size": "企业规模",
    "standard_level": "标准化等级",
    "standard_valid_until": "标准化有效期至",
    "employees": "从业人数",
    "established_on": "成立日期",
    "registered_capital_fen": "注册资本",
    "status": "生产状态",
    "is_key": "重点监管",
    "remark": "备注",
    "archived_on": "归档日期",
}
_ENUMS: dict[str, type[StrEnum]] = {
    "risk_level": RiskLevel,
    "size": Size,
    "standard_level": StandardLevel,
    "status": EnterpriseStatus,
    "code_state": CodeState,
}
# ---- the work ----------------------------------------------------------------------------------------------------

_Line = tuple[str, str, str, tuple[str, int]]


def _inspections(row: Any) -> Iterator[_Line]:
    number, on, kind, crew, hazards = row
    found = f"查出隐患 {hazards} 条" if hazards else "未发现隐患"
    yield on, label(InspectionKind(kind)), "，".join(filter(None, [crew, found])), ("inspection", number)


def _hazards(row: Any) -> Iterator[_Line]:
    number, on, level, text, cleared = row
    yield on, f"发现{label(HazardLevel(level))}隐患", text, ("hazard", number)
    if cleared:
        yield cleared, "隐患销号", text, ("hazard", number)


def _orders(row: Any) -> Iterator[_Line]:
    number, on, paper, hazards, delivered, to = row
    yield on, "责令限期整改", f"{paper}，涉及隐患 {hazards} 条", ("rectification_order", number)
    if delivered:
        yield delivered, "送达整改指令书", f"{paper}{f'，签收人 {to}' if to else ''}", ("rectification_order", number)


def _extensions(row: Any) -> Iterator[_Line]:
    number, on, reason, granted, decided, until, refusal = row
    yield on, "申请延期整改", reason, ("extension", number)
    if decided:
        yield (
            decided,
            "同意延期" if granted else "不同意延期",
            f"延至 {until}" if granted else refusal,
            ("extension", number),
        )


def _reinspections(row: Any) -> Iterator[_Line]:
    number, on, outcome, text = row
    yield on, f"复查{label(ReinspectionOutcome(outcome))}", text, ("reinspection", number)


def _escalations(row: Any) -> Iterator[_Line]:
    number, on, kind, reason = row
    yield on, label(EscalationKind(kind)), reason, ("escalation", number)


def _answers(row: Any) -> Iterator[_Line]:
    number, on, kind, answer = row
    yield on, f"{label(EscalationKind(kind))}的答复", answer or "", ("escalation", number)


def _supervisions(row: Any) -> Iterator[_Line]:
    number, on, by, paper, text, delisted = row
    yield on, "挂牌督办", "，".join(filter(None, [by, paper, text])), ("supervision", number)
    if delisted:
        yield delisted, "挂牌督办摘牌", text, ("supervision", number)


def _urgings(row: Any) -> Iterator[_Line]:
    number, at, way, person, answer, hazards = row
    said = f"答复：{answer}" if answer else "还没有答复"
    text = "，".join(filter(None, [person, f"隐患 {hazards} 条", said]))
    yield at[:10], f"{label(UrgingWay(way))}催办", text, ("urging", number)


def _revisits(row: Any) -> Iterator[_Line]:
    number, on, clean, note = row
    yield on, "回访：正常" if clean else "回访：发现问题", note, ("revisit", number)


def _cases(row: Any) -> Iterator[_Line]:
    number, filed, decided, closed, paper, cause, fine = row
    text = "，".join(filter(None, [paper, cause]))
    if filed:
        yield filed, "立案", text, ("penalty_case", number)
    if decided:
        money = f"，罚款 {fine / 100:,.2f} 元" if fine else ""
        yield decided, "作出处罚决定", f"{text}{money}", ("penalty_case", number)
    if closed:
        yield closed, "结案", text, ("penalty_case", number)


def _measures(row: Any) -> Iterator[_Line]:
    number, on, person, text, done, reason, ended = row
    words = f"{text}（{person}）" if person else text
    yield on, "一企一策：定措施", words, ("enterprise_measure", number)
    if done:
        yield done, "一企一策：措施完成", words, ("enterprise_measure", number)
    elif reason and ended:
        yield ended, "一企一策：措施不再实施", f"{words}，{reason}", ("enterprise_measure", number)


def _names(row: Any) -> Iterator[_Line]:
    number, until, name = row
    yield until, "更名", f"此前名称：{name}", ("former_name", number)


_SOURCES: tuple[tuple[EntryKind, str, Callable[[Any], Iterator[_Line]]], ...] = (
    (
        EntryKind.INSPECTION,
        "SELECT i.id, i.inspected_on, i.kind, (SELECT group_concat(f.name, '、') FROM inspection_officer c "
        "JOIN officer f ON f.id = c.officer_id WHERE c.inspection_id = i.id), "
        "(SELECT COUNT(*) FROM hazard h WHERE h.inspection_id = i.id AND h.status <> 'void') "
        "FROM inspection i WHERE i.enterprise_id = ? AND i.inspected_on IS NOT NULL AND i.status <> 'cancelled'",
        _inspections,
    ),
    (
        EntryKind.HAZARD,
        "SELECT id, found_on, level, description, cleared_on FROM hazard WHERE enterprise_id = ? AND status <> 'void'",
        _hazards,
    ),
    (
        EntryKind.ORDER,
        "SELECT o.id, o.issued_on, o.number, (SELECT COUNT(*) FROM hazard h WHERE h.order_id = o.id), o.delivered_on, "
        "o.delivered_to FROM rectification_order o WHERE o.enterprise_id = ? AND o.status <> 'void'",
        _orders,
    ),
    (
        EntryKind.EXTENSION,
        "SELECT x.id, x.applied_on, x.reason, x.is_granted, x.decided_on, x.granted_due_on, x.refusal "
        "FROM extension x JOIN hazard h ON h.id = x.hazard_id WHERE h.enterprise_id = ?",
        _extensions,
    ),
    (
        EntryKind.REINSPECTION,
        "SELECT r.id, r.reinspected_on, s.outcome, h.description FROM reinspection r "
        "JOIN reinspection_result s ON s.reinspection_id = r.id JOIN hazard h ON h.id = s.hazard_id "
        "WHERE r.enterprise_id = ?",
        _reinspections,
    ),
    (
        EntryKind.ESCALATION,
        "SELECT x.id, x.escalated_on, x.kind, x.reason FROM escalation x JOIN hazard h ON h.id = x.hazard_id "
        "WHERE h.enterprise_id = ?",
        _escalations,
    ),
    (
        EntryKind.ESCALATION,
        "SELECT x.id, x.answered_on, x.kind, x.answer FROM escalation x JOIN hazard h ON h.id = x.hazard_id "
        "WHERE h.enterprise_id = ? AND x.answered_on IS NOT NULL",
        _answers,
    ),
    (
        EntryKind.SUPERVISION,
        "SELECT s.id, s.listed_on, s.listed_by, s.number, h.description, s.delisted_on FROM supervision s "
        "JOIN hazard h ON h.id = s.hazard_id WHERE h.enterprise_id = ?",
        _supervisions,
    ),
    (
        EntryKind.URGING,
        "SELECT u.id, u.urged_at, u.way, u.person, u.answer, (SELECT COUNT(*) FROM urging_hazard g "
        "WHERE g.urging_id = u.id) FROM urging u WHERE u.enterprise_id = ?",
        _urgings,
    ),
    (
        EntryKind.REVISIT,
        "SELECT v.id, v.revisited_on, v.is_clean, v.note FROM revisit v "
        "JOIN revisit_programme p ON p.id = v.programme_id WHERE p.enterprise_id = ?",
        _revisits,
    ),
    (
        EntryKind.CASE,
        "SELECT id, filed_on, decided_on, closed_on, number, cause, fine_fen FROM penalty_case WHERE enterprise_id = ?",
        _cases,
    ),
    (
        EntryKind.MEASURE,
        "SELECT m.id, m.set_on, m.person, m.text, m.done_on, m.ended_reason, (SELECT MAX(b.ended_on) FROM obligation b "
        "WHERE b.subject_type = 'enterprise_measure' AND b.subject_id = m.id) "
        "FROM enterprise_measure m WHERE m.enterprise_id = ?",
        _measures,
    ),
    (EntryKind.NAME, "SELECT id, until_on, name FROM former_name WHERE enterprise_id = ?", _names),
)


def timeline(session: Session, enterprise_id: int, catalogue: Catalogue) -> tuple[TimelineEntry, ...]:
    """The whole story, newest first."""
    entries = [
        TimelineEntry(date.fromisoformat(on), kind, title, text, record)
        for kind, sql, tell in _SOURCES
        for row in session.connection().exec_driver_sql(sql, (enterprise_id,))
        for on, title, text, record in tell(row)
    ]
    entries += _permits(session, enterprise_id, catalogue)
    entries += [_edit(change, enterprise_id) for change in history(session, enterprise_id, catalogue)]
    return tuple(sorted(entries, key=lambda entry: entry.on, reverse=True))


def _permits(session: Session, enterprise_id: int, catalogue: Catalogue) -> Iterator[TimelineEntry]:
    sql = "SELECT id, kind, person, number, issued_on, valid_until FROM permit WHERE enterprise_id = ? AND issued_on NOTNULL"
    for number, kind, person, paper, issued, until in session.connection().exec_driver_sql(sql, (enterprise_id,)):
        text = "，".join(filter(None, [person, paper, f"有效期至 {until}" if until else ""]))
        known = catalogue.permit_kinds.get(kind)
        title = f"{'' if known is not None and known.is_duty else '取得'}{catalogue.permit_label(kind)}"
        yield TimelineEntry(date.fromisoformat(issued), EntryKind.PERMIT, title, text, ("permit", number))


def _edit(change: RecordChange, enterprise_id: int) -> TimelineEntry:
    told = "；".join(f"{each.label}：{each.before or '空'} → {each.after or '空'}" for each in change.changes)
    who = f"{change.by}：" if change.by else ""
    return TimelineEntry(change.at.date(), EntryKind.EDIT, change.title, f"{who}{told}", ("enterprise", enterprise_id))


# ---- the journal -------------------------------------------------------------------------------------------------

HISTORY_SQL = """
SELECT o.id, o.done_at, o.done_by, o.title, r.table_name, r.before, r.after
FROM operation_row r JOIN operation o ON o.id = r.operation_id
WHERE (r.table_name = 'enterprise' AND r.row_id = :id)
   OR (r.table_name IN ('enterprise_attribute', 'enterprise_tag')
       AND json_extract(COALESCE(r.after, r.before), '$.enterprise_id') = :id)
ORDER BY r.id
"""


def history(session: Session, enterprise_id: int, catalogue: Catalogue) -> tuple[RecordChange, ...]:
    """Who changed what and when, newest first; the first entry is the registration itself."""
    acts: dict[int, tuple[datetime, str, str, list[FieldChange]]] = {}
    for operation, at, by, title, table, before, after in session.connection().exec_driver_sql(
        HISTORY_SQL, {"id": enterprise_id}
    ):
        _, _, _, changes = acts.setdefault(operation, (datetime.fromisoformat(at), by, title, []))
        old, new = json.loads(before or "{}"), json.loads(after or "{}")
        changes.extend(_field_changes(table, old, new, catalogue))
    return tuple(
        RecordChange(operation, at, by, title, tuple(changes))
        for operation, (at, by, title, changes) in reversed(acts.items())
        if changes
    )


def _field_changes(
    table: str, old: Mapping[str, Any], new: Mapping[str, Any], catalogue: Catalogue
) -> Iterator[FieldChange]:
    if table == "enterprise_tag":
        yield FieldChange("标签", old.get("tag", ""), new.get("tag", ""))
    elif table == "enterprise_attribute":
        known = catalogue.attributes.get((new or old)["attribute"])
        label = known.label if known else (new or old)["attribute"]
        yield FieldChange(label, old.get("value", ""), new.get("value", ""))
    else:
        for name, label in FIELD_LABELS.items():
            before, after = (spoken(name, image.get(name), catalogue) for image in (old, new))
            if before != after:
                yield FieldChange(label, before, after)


def spoken(name: str, value: Any, catalogue: Catalogue) -> str:
    """A stored value of a field as people read it."""
    if value is None or value == "":
        return ""
    if name in _ENUMS:
        return label(_ENUMS[name](value))
    if name == "is_key":
        return "是" if value else "否"
    if name == "sector":
        return catalogue.sector_label(value) or str(value)
    if name == "industry_code":
        return catalogue.industries[value].label if value in catalogue.industries else str(value)
    if name == "registered_capital_fen":
        return f"{value // 100:,}.{value % 100:02d} 元"
    return str(value)
