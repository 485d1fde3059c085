"""The lists of the one-enterprise file: permits, inspections, hazards, orders, cases, changes of the record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from desktop import text
from desktop.domain.permit import PermitState
from desktop.services.enterprise_file import CaseLine, HazardLine, InspectionLine, OrderLine
from desktop.services.enterprise_timeline import EntryKind, RecordChange, TimelineEntry
from desktop.services.permits import PermitRow
from desktop.ui.hazards.columns import level_pill, order_pill, status_pill
from desktop.ui.theme import Meaning
from desktop.ui.widgets.columns import Align, Column
from desktop.ui.widgets.pills import Pill
from desktop.ui.widgets.timeline import Event

PERMIT_MEANINGS = {
    PermitState.VALID: Meaning.DONE,
    PermitState.EXPIRING: Meaning.DUE_SOON,
    PermitState.EXPIRED: Meaning.OVERDUE,
    PermitState.OPEN: Meaning.QUIET,
}


def permit_pill(permit: PermitRow) -> Pill:
    """What a permit is worth today."""
    if permit.archived_on:
        return Pill("已归档", Meaning.QUIET)
    return Pill(text.label(permit.state), PERMIT_MEANINGS[permit.state])


def _left(permit: PermitRow) -> str:
    if permit.days_left is None or permit.archived_on:
        return ""
    return f"过期 {-permit.days_left} 天" if permit.days_left < 0 else f"还有 {permit.days_left} 天"


PERMITS: tuple[Column[PermitRow], ...] = (
    Column("kind", "证照", lambda p: p.kind_label, 176),
    Column("state", "状态", lambda p: permit_pill(p).word, 104, pill=permit_pill),
    Column("valid_until", "有效期至", lambda p: text.day(p.valid_until) if p.valid_until else "", 128, Align.RIGHT),
    Column("left", "剩余", _left, 96, Align.RIGHT, is_sortable=False),
    Column("person", "持证人", lambda p: p.person, 84, Align.CENTRE),
    Column("trade", "工种", lambda p: p.trade, 130, is_sortable=False),
    Column("number", "证号", lambda p: p.number, 180),
    Column("issuer", "发证机关", lambda p: p.issuer, 150),
)
INSPECTIONS: tuple[Column[InspectionLine], ...] = (
    Column("on", "日期", lambda i: text.day(i.on), 128, Align.RIGHT),
    Column("hazards", "隐患", lambda i: f"{i.hazard_count} 条" if i.hazard_count else "", 64, Align.RIGHT),
    Column("kind", "类型", lambda i: text.label(i.kind), 96, Align.CENTRE),
    Column("status", "状态", lambda i: text.label(i.status), 76),
    Column("officers", "检查人员", lambda i: i.officers, 160),
)
HAZARDS: tuple[Column[HazardLine], ...] = (
    Column("found_on", "发现", lambda h: text.day(h.found_on), 128, Align.RIGHT),
    Column("level", "级别", lambda h: text.label(h.level), 76, pill=lambda h: level_pill(h.level)),
    Column("description", "隐患", lambda h: h.description, 210),
    Column("status", "状态", lambda h: text.label(h.status), 116, pill=lambda h: status_pill(h.status)),
    Column("due_on", "整改期限", lambda h: text.day(h.due_on) if h.due_on else "", 128, Align.RIGHT),
    Column("cleared_on", "销号", lambda h: text.day(h.cleared_on) if h.cleared_on else "", 128, Align.RIGHT),
)
ORDERS: tuple[Column[OrderLine], ...] = (
    Column("number", "文号", lambda o: o.number, 210),
    Column("issued_on", "下达", lambda o: text.day(o.issued_on), 128, Align.RIGHT),
    Column("status", "状态", lambda o: text.label(o.status), 96, pill=lambda o: order_pill(o.status)),
    Column("hazards", "隐患", lambda o: f"{o.hazard_count} 条", 64, Align.RIGHT),
    Column("open", "未销号", lambda o: f"{o.open_count} 条" if o.open_count else "", 72, Align.RIGHT),
    Column("delivered_on", "送达", lambda o: text.day(o.delivered_on), 128, Align.RIGHT),
)
CASES: tuple[Column[CaseLine], ...] = (
    Column("number", "案号", lambda c: c.number, 190),
    Column("cause", "案由", lambda c: c.cause, 200),
    Column("filed_on", "立案", lambda c: text.day(c.filed_on) if c.filed_on else "", 128, Align.RIGHT),
    Column("decided_on", "决定", lambda c: text.day(c.decided_on) if c.decided_on else "", 128, Align.RIGHT),
    Column("fine", "罚款（元）", lambda c: text.yuan(c.fine_fen) if c.fine_fen is not None else "", 110, Align.RIGHT),
    Column("closed_on", "结案", lambda c: text.day(c.closed_on) if c.closed_on else "", 128, Align.RIGHT),
)


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One field of one act on the record."""

    at: datetime
    title: str
    by: str
    label: str
    before: str
    after: str


def change_lines(changes: Sequence[RecordChange]) -> list[ChangeLine]:
    """A line for each field, newest act first."""
    return [
        ChangeLine(change.at, change.title, change.by, field.label, field.before, field.after)
        for change in changes
        for field in change.changes
    ]


CHANGES: tuple[Column[ChangeLine], ...] = (
    Column("at", "时间", lambda c: text.moment(c.at), 132),
    Column("title", "操作", lambda c: c.title, 108),
    Column("label", "项目", lambda c: c.label, 108),
    Column("before", "原来", lambda c: c.before or "空", 130),
    Column("after", "现在", lambda c: c.after or "空", 130),
    Column("by", "人员", lambda c: c.by, 76),
)
MEANINGS = {
    EntryKind.INSPECTION: Meaning.INFORMATION,
    EntryKind.HAZARD: Meaning.ATTENTION,
    EntryKind.ORDER: Meaning.DUE_SOON,
    EntryKind.EXTENSION: Meaning.ATTENTION,
    EntryKind.REINSPECTION: Meaning.INFORMATION,
    EntryKind.ESCALATION: Meaning.OVERDUE,
    EntryKind.SUPERVISION: Meaning.OVERDUE,
    EntryKind.URGING: Meaning.DUE_SOON,
    EntryKind.REVISIT: Meaning.INFORMATION,
    EntryKind.CASE: Meaning.OVERDUE,
    EntryKind.MEASURE: Meaning.INFORMATION,
    EntryKind.PERMIT: Meaning.DONE,
    EntryKind.NAME: Meaning.QUIET,
    EntryKind.EDIT: Meaning.QUIET,
}
CLEARED = "隐患销号"


def event_of(entry: TimelineEntry) -> Event:
    """A line of the story as the timeline draws it."""
    meaning = Meaning.DONE if entry.title == CLEARED else MEANINGS[entry.kind]
    return Event(entry.on, entry.title, entry.text, meaning, entry.record)
