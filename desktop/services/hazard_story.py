"""The story of one hazard: found, ordered, extended, applied for, gone back to, escalated, cleared; and its deadlines.

It reads what the acts of the other services wrote, and writes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from db.store import Store
from desktop.domain.hazard import EscalationKind
from desktop.domain.reinspection import ReinspectionOutcome
from desktop.domain.urging import UrgingWay
from desktop.text import day, label


class StoryKind(StrEnum):
    """What happened."""

    FOUND = "found"
    ORDER = "order"
    DELIVERY = "delivery"
    VOID_ORDER = "void_order"
    APPLICATION = "application"
    ANSWER = "answer"
    REQUEST = "request"
    CLEARED = "cleared"
    FAILED = "failed"
    ESCALATION = "escalation"
    CASE = "case"
    PROPOSAL_ANSWER = "proposal_answer"
    SUPERVISED = "supervised"
    DELISTED = "delisted"
    URGING = "urging"


@dataclass(frozen=True, slots=True)
class StoryEntry:
    """Something that happened on a day, in a few words and a sentence."""

    on: date
    kind: StoryKind
    title: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class DeadlineLink:
    """One deadline of the chain; the first has no reason but the order."""

    due_on: date
    set_on: date
    reason: str
    approver: str
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class HazardStory:
    """Everything that happened to one hazard, oldest first, and what still waits for an answer."""

    entries: tuple[StoryEntry, ...]
    deadlines: tuple[DeadlineLink, ...]
    basis: str
    measures: str
    person_in_charge: str
    remark: str
    waiting_extension_id: int | None
    is_case_due: bool
    is_delivery_due: bool
    waiting_escalation_id: int | None = None
    supervision_id: int | None = None
    unanswered_urging_id: int | None = None


_HAZARD = (
    "SELECT h.found_on, h.cleared_on, h.inspection_id, h.basis, h.measures, h.person_in_charge, h.remark, "
    "o.number, o.issued_on, o.delivered_on, o.delivered_to, o.status, "
    "EXISTS (SELECT 1 FROM reinspection_result r WHERE r.hazard_id = h.id AND r.outcome = 'cleared') AS was_seen, "
    "(SELECT GROUP_CONCAT(f.name, '、') FROM inspection_officer m JOIN officer f ON f.id = m.officer_id "
    "WHERE m.inspection_id = h.inspection_id) AS finders "
    "FROM hazard h LEFT JOIN rectification_order o ON o.id = h.order_id WHERE h.id = ?"
)
_CHAIN = (
    "SELECT d.due_on, d.set_on, d.reason, d.approver, d.is_provisional FROM obligation_due d "
    "WHERE d.obligation_id = (SELECT b.id FROM obligation b WHERE b.subject_type = 'hazard' AND b.subject_id = ? "
    "AND b.kind = 'rectify' AND b.end_kind IS NOT 'void' ORDER BY b.id DESC LIMIT 1) ORDER BY d.sequence"
)
_VOIDED = (
    "SELECT b.ended_on, b.end_reason FROM obligation b WHERE b.subject_type = 'hazard' AND b.subject_id = ? "
    "AND b.kind = 'rectify' AND b.end_kind = 'void' ORDER BY b.id"
)
_EXTENSIONS = (
    "SELECT id, applied_on, reason, requested_due_on, is_granted, granted_due_on, approver, decided_on, refusal "
    "FROM extension WHERE hazard_id = ? ORDER BY id"
)
_REQUESTS = "SELECT received_on, remark FROM reinspection_request WHERE hazard_id = ? ORDER BY id"
_ROUNDS = (
    "SELECT r.reinspected_on, x.outcome, x.note, r.document_number, (SELECT GROUP_CONCAT(f.name, '、') "
    "FROM reinspection_officer m JOIN officer f ON f.id = m.officer_id WHERE m.reinspection_id = r.id) "
    "FROM reinspection r JOIN reinspection_result x ON x.reinspection_id = r.id WHERE x.hazard_id = ? ORDER BY r.id"
)
_ESCALATIONS = (
    "SELECT id, escalated_on, kind, reason, answered_on, answer FROM escalation WHERE hazard_id = ? ORDER BY id"
)
_URGINGS = (
    "SELECT u.id, u.urged_at, u.way, u.person, u.answer, u.urged_by FROM urging u "
    "JOIN urging_hazard g ON g.urging_id = u.id WHERE g.hazard_id = ? ORDER BY u.urged_at, u.id"
)
_SUPERVISIONS = (
    "SELECT id, listed_on, listed_by, number, resumption_asked_on, accepted_on, delisted_on FROM supervision "
    "WHERE hazard_id = ? ORDER BY id"
)
_CASES = (
    "SELECT ended_on, end_reason, ended_on IS NULL FROM obligation WHERE subject_type = 'hazard' AND subject_id = ? "
    "AND kind = 'file_case' AND end_kind IS NOT 'void' ORDER BY id"
)


class HazardStories:
    """Tells the story of a hazard."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset(
        {
            "hazard", "rectification_order", "obligation", "obligation_due", "extension", "reinspection_request",
            "reinspection", "reinspection_result", "reinspection_officer", "inspection_officer", "escalation", "officer",
            "urging", "urging_hazard", "supervision",
        }
    )  # fmt: skip

    def __init__(self, store: Store) -> None:
        self._store = store

    def story(self, hazard_id: int) -> HazardStory:
        """Everything of one hazard."""
        with self._store.read() as session:
            head = session.connection().exec_driver_sql(_HAZARD, (hazard_id,)).one()
            extensions = _all(session, _EXTENSIONS, hazard_id)
            cases = _all(session, _CASES, hazard_id)
            raised = _all(session, _ESCALATIONS, hazard_id)
            listed = _all(session, _SUPERVISIONS, hazard_id)
            urged = _all(session, _URGINGS, hazard_id)
            entries = [*_told(session, hazard_id, head), *_asked(extensions), *_filed(cases)]
            entries += [*_raised(raised), *_listed(listed), *_urged(urged)]
            links = [
                DeadlineLink(_date(due), _date(set_on), reason, approver, bool(provisional))
                for due, set_on, reason, approver, provisional in _all(session, _CHAIN, hazard_id)
            ]
        return HazardStory(
            tuple(sorted(entries, key=lambda entry: (entry.on, _ORDER.index(entry.kind)))),
            tuple(links),
            head.basis,
            head.measures,
            head.person_in_charge,
            head.remark,
            next((row.id for row in extensions if row.decided_on is None), None),
            any(is_open for _, _, is_open in cases),
            head.status == "issued",
            next((row.id for row in raised if row.answered_on is None and row.kind != "case"), None),
            next((row.id for row in listed if row.delisted_on is None), None),
            urged[-1].id if urged and not urged[-1].answer else None,
        )


_ORDER = tuple(StoryKind)


def _all(session: Session, sql: str, hazard_id: int) -> list[Any]:
    return list(session.connection().exec_driver_sql(sql, (hazard_id,)))


def _date(text: str) -> date:
    return date.fromisoformat(text)


def _told(session: Session, hazard_id: int, head: Any) -> Iterator[StoryEntry]:
    found = f"{head.finders}检查发现" if head.finders else "检查发现" if head.inspection_id else "登记"
    yield StoryEntry(_date(head.found_on), StoryKind.FOUND, "发现隐患", found)
    if head.number:
        yield StoryEntry(_date(head.issued_on), StoryKind.ORDER, "下达责令限期整改指令书", head.number)
    if head.delivered_on:
        to = f"{head.delivered_to}签收" if head.delivered_to else ""
        yield StoryEntry(_date(head.delivered_on), StoryKind.DELIVERY, "送达指令书", to)
    for on, reason in _all(session, _VOIDED, hazard_id):
        yield StoryEntry(_date(on), StoryKind.VOID_ORDER, "指令书作废", reason)
    for on, remark in _all(session, _REQUESTS, hazard_id):
        yield StoryEntry(_date(on), StoryKind.REQUEST, "企业申请复查", remark)
    for on, outcome, note, number, officers in _all(session, _ROUNDS, hazard_id):
        yield _round(_date(on), ReinspectionOutcome(outcome), "，".join(filter(None, (officers, note, number))))
    if head.cleared_on and not head.was_seen:
        yield StoryEntry(_date(head.cleared_on), StoryKind.CLEARED, "当场整改，销号")


def _round(on: date, outcome: ReinspectionOutcome, text: str) -> StoryEntry:
    if outcome is ReinspectionOutcome.CLEARED:
        return StoryEntry(on, StoryKind.CLEARED, "复查合格，销号", text)
    return StoryEntry(on, StoryKind.FAILED, "复查不合格", text)


def _asked(extensions: list[Any]) -> Iterator[StoryEntry]:
    for row in extensions:
        wanted = f"申请延期到 {day(_date(row.requested_due_on))}"
        yield StoryEntry(_date(row.applied_on), StoryKind.APPLICATION, wanted, row.reason)
        if row.decided_on:
            title = f"准予延期到 {day(_date(row.granted_due_on))}" if row.is_granted else "不予延期"
            text = "，".join(filter(None, (row.refusal, f"{row.approver}批准" if row.is_granted else row.approver)))
            yield StoryEntry(_date(row.decided_on), StoryKind.ANSWER, title, text)


def _filed(cases: list[Any]) -> Iterator[StoryEntry]:
    for on, reason, is_open in cases:
        if not is_open:
            yield StoryEntry(_date(on), StoryKind.CASE, "立案", reason)


def _raised(rows: list[Any]) -> Iterator[StoryEntry]:
    for row in rows:
        kind = EscalationKind(row.kind)
        title = "提请挂牌督办" if kind is EscalationKind.SUPERVISION else label(kind)
        yield StoryEntry(_date(row.escalated_on), StoryKind.ESCALATION, title, row.reason)
        if row.answered_on and kind is not EscalationKind.CASE:  # a case that was filed is told as such
            yield StoryEntry(_date(row.answered_on), StoryKind.PROPOSAL_ANSWER, "提请的答复", row.answer or "")


def _listed(rows: list[Any]) -> Iterator[StoryEntry]:
    for row in rows:
        words = "，".join(filter(None, (row.listed_by, row.number)))
        yield StoryEntry(_date(row.listed_on), StoryKind.SUPERVISED, "挂牌督办", words)
        if row.resumption_asked_on:
            yield StoryEntry(_date(row.resumption_asked_on), StoryKind.REQUEST, "企业申请恢复生产")
        if row.accepted_on:
            yield StoryEntry(_date(row.accepted_on), StoryKind.DELISTED, "督办验收")
        if row.delisted_on:
            yield StoryEntry(_date(row.delisted_on), StoryKind.DELISTED, "摘牌")


def _urged(rows: list[Any]) -> Iterator[StoryEntry]:
    for _, at, way, person, answer, urged_by in rows:
        said = f"对方：{answer}" if answer else "还没有答复"
        words = "，".join(filter(None, (f"{urged_by}催办" if urged_by else "", person, said)))
        yield StoryEntry(_date(at[:10]), StoryKind.URGING, f"{label(UrgingWay(way))}催办", words)
