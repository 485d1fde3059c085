"""Rectification orders 责令限期整改指令书: issued over hazards with a deadline each, delivered, closed, made void."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Enterprise, FormDocument, Hazard, InspectionOfficer, RectificationOrder, ReinspectionResult
from db.store import Store
from desktop.domain import order as rules
from desktop.domain.errors import Invalid, Refused
from desktop.domain.form import DocumentStatus, RecordKind
from desktop.domain.gate import GateWarning
from desktop.domain.hazard import OPEN, HazardStatus, may_be_ordered, moved
from desktop.domain.inspection import OfficerRole
from desktop.domain.obligation_kind import Actor, EndKind, ObligationKind, SubjectType
from desktop.domain.order import OfficeMode, OrderCase, OrderStatus
from desktop.services.clock import Clock
from desktop.services.gates import pass_gates
from desktop.services.obligations import Obligations
from desktop.services.stored import day_of

ModeOn = Callable[[date], OfficeMode]


class Numbering(Protocol):
    """Where orders get their numbers, and what becomes of them (`FormNumbers`)."""

    def take_for_order(self, session: Session, on: date, chain: str, given: str = "") -> str:
        """The number, in the act that issues; `given` is one from a paper book or written by hand."""

    def join(self, session: Session, number: str, chain: str) -> None:
        """Say to which order a number belongs."""

    def void_number(self, session: Session, number: str, reason: str) -> None:
        """The number of an order made void."""


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """An order as the form holds it: each hazard with its own deadline. `number` empty means the next one."""

    enterprise_id: int
    items: tuple[tuple[int, date], ...]
    issued_on: date
    delivered_on: date | None = None
    delivered_to: str = ""
    inspection_id: int | None = None
    officer_id: int | None = None
    number: str = ""
    remark: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order as lists show it."""

    id: int
    number: str
    enterprise_id: int
    enterprise: str
    mode: OfficeMode
    status: OrderStatus
    issued_on: date
    delivered_on: date | None
    delivered_to: str
    hazards: int
    open_hazards: int
    next_due_on: date | None
    inspection_id: int | None


ROW_SQL = """
SELECT o.id, o.number, o.enterprise_id, e.name, o.mode, o.status, o.issued_on, o.delivered_on, o.delivered_to,
       (SELECT COUNT(*) FROM hazard h WHERE h.order_id = o.id),
       (SELECT COUNT(*) FROM hazard h WHERE h.order_id = o.id AND h.status NOT IN ('cleared', 'void')),
       (SELECT MIN(d.due_on) FROM hazard h JOIN obligation b ON b.subject_type = 'hazard' AND b.subject_id = h.id
           AND b.kind = 'rectify' AND b.ended_on IS NULL
         JOIN obligation_due d ON d.obligation_id = b.id
           AND d.sequence = (SELECT MAX(sequence) FROM obligation_due WHERE obligation_id = b.id)
         WHERE h.order_id = o.id),
       o.inspection_id
FROM rectification_order o JOIN enterprise e ON e.id = o.enterprise_id
"""


class Orders:
    """Issues orders and keeps their state in step with the hazards they name."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset(
        {"rectification_order", "hazard", "enterprise", "obligation", "obligation_due"}
    )

    def __init__(
        self, store: Store, clock: Clock, obligations: Obligations, numbers: Numbering, mode_on: ModeOn
    ) -> None:
        self._store = store
        self._clock = clock
        self._obligations = obligations
        self._numbers = numbers
        self._mode_on = mode_on

    # ---- gates ---------------------------------------------------------------------------------------------

    def gates(self, draft: OrderDraft) -> list[GateWarning]:
        """A deadline beyond the default (30 days) wants a reason; an office without powers hands the case over."""
        found = []
        rule = self._obligations.rule_for("rect.period_default", draft.issued_on)
        start = draft.delivered_on or draft.issued_on
        limit = self._obligations.deadline("rect.period_default", start, draft.issued_on).raw_on
        if any(due_on > limit for _, due_on in draft.items):
            text = f"整改期限超过 {rule.length} 天（{limit} 以后），请写明理由"
            found.append(GateWarning(rule.id, text, f"{rule.source} {rule.article}"))
        if self._mode_on(draft.issued_on) is OfficeMode.NEITHER:
            text = "本单位当日既无委托也无赋权，责令整改文书应由上级机关作出，请移交"
            found.append(GateWarning("office_mode", text))
        return found

    # ---- acts ----------------------------------------------------------------------------------------------

    def issue(self, draft: OrderDraft) -> int:
        """Issue an order: it takes its number, and every hazard its deadline and the duty to go back."""
        self._check(draft)
        warnings = self.gates(draft)
        with self._store.write("下达责令限期整改指令书") as session:
            chain = f"inspection:{draft.inspection_id}" if draft.inspection_id else ""
            record = RectificationOrder(
                enterprise_id=draft.enterprise_id,
                inspection_id=draft.inspection_id,
                number=self._numbers.take_for_order(session, draft.issued_on, chain, draft.number.strip()),
                mode=self._mode_on(draft.issued_on),
                status=OrderStatus.DELIVERED if draft.delivered_on else OrderStatus.ISSUED,
                issued_on=draft.issued_on,
                delivered_on=draft.delivered_on,
                delivered_to=draft.delivered_to.strip(),
                remark=draft.remark.strip(),
            )
            session.add(record)
            session.flush()
            self._numbers.join(session, record.number, f"order:{record.id}")
            pass_gates(session, self._store, self._clock, warnings, draft.reasons, ("rectification_order", record.id))
            for hazard_id, due_on in draft.items:
                self._put_under(session, record, hazard_id, due_on, draft)
            if draft.delivered_on is None:
                self._expect_delivery(session, record, draft.officer_id)
            return record.id

    def _put_under(
        self, session: Session, order: RectificationOrder, hazard_id: int, due_on: date, draft: OrderDraft
    ) -> None:
        hazard = session.get_one(Hazard, hazard_id)
        if hazard.enterprise_id != order.enterprise_id:
            raise Refused("hazard_other_enterprise")
        may_be_ordered(hazard.status)
        hazard.status = moved(hazard.status, HazardStatus.ORDERED)
        hazard.order_id = order.id
        subject = (SubjectType.HAZARD, hazard_id)
        self._obligations.open(
            session,
            kind=ObligationKind.RECTIFY,
            title=f"整改：{_short(hazard.description)}",
            subject=subject,
            actor=Actor.ENTERPRISE,
            triggered_on=order.issued_on,
            due=self._obligations.due_on_day(due_on),
            enterprise_id=order.enterprise_id,
            officer_id=draft.officer_id,
        )
        self.expect_reinspection(session, hazard, due_on, order.issued_on, draft.officer_id)

    def expect_reinspection(
        self, session: Session, hazard: Hazard, expiry_on: date, acted_on: date, officer_id: int | None
    ) -> None:
        """The office's duty to go back within the days of `reinsp.due` after the expiry, by the law of the act."""
        self._obligations.open(
            session,
            kind=ObligationKind.REINSPECT,
            title=f"复查：{_short(hazard.description)}",
            subject=(SubjectType.HAZARD, hazard.id),
            actor=Actor.AGENCY,
            triggered_on=expiry_on,
            due=self._obligations.due_by_rule("reinsp.due", expiry_on, acted_on),
            enterprise_id=hazard.enterprise_id,
            officer_id=officer_id,
        )

    def _expect_delivery(self, session: Session, order: RectificationOrder, officer_id: int | None) -> None:
        """An issued order is to be handed over on its day; the day is the office's own, no law names one."""
        self._obligations.open(
            session,
            kind=ObligationKind.DELIVER,
            title=f"送达 {order.number}",
            subject=(SubjectType.ORDER, order.id),
            actor=Actor.AGENCY,
            triggered_on=order.issued_on,
            due=self._obligations.due_on_day(order.issued_on),
            enterprise_id=order.enterprise_id,
            officer_id=officer_id,
        )

    def deliver(self, order_id: int, on: date, to: str) -> None:
        """The order was handed over."""
        with self._store.write("登记送达") as session:
            record = session.get_one(RectificationOrder, order_id)
            if on < record.issued_on:
                raise Invalid({"delivered_on": "before_issue"})
            if on > self._clock.today():
                raise Invalid({"delivered_on": "date_future"})
            rules.FLOW.check(record.status, OrderStatus.DELIVERED, self._case(session, order_id))
            record.status, record.delivered_on, record.delivered_to = OrderStatus.DELIVERED, on, to.strip()
            self._obligations.end(session, (SubjectType.ORDER, order_id), ObligationKind.DELIVER, EndKind.DONE, on)

    def await_notice(self, session: Session, order_id: int) -> None:
        """The order is served by public notice: it counts as delivered when the notice has run its time, not before."""
        subject = (SubjectType.ORDER, order_id)
        self._obligations.end(
            session, subject, ObligationKind.DELIVER, EndKind.WAIVED, self._clock.today(), "已公告送达，期满视为送达"
        )

    def not_delivered(self, session: Session, order_id: int) -> None:
        """What delivered the order was struck out: it waits to be delivered again. Called inside that act."""
        record = session.get_one(RectificationOrder, order_id)
        if record.status is OrderStatus.DELIVERED:
            rules.FLOW.check(record.status, OrderStatus.ISSUED, self._case(session, order_id))
            record.status, record.delivered_on, record.delivered_to = OrderStatus.ISSUED, None, ""
        waits = self._obligations.open_id(session, (SubjectType.ORDER, order_id), ObligationKind.DELIVER)
        if record.status is OrderStatus.ISSUED and waits is None:
            self._expect_delivery(session, record, None)

    def void(self, order_id: int, reason: str) -> None:
        """Make an order void, and its paper with it: its hazards are without an order again, its deadlines void.

        The number stays in the book, void for the same reason, and never comes back.
        """
        if not reason.strip():
            raise Invalid({"reason": "missing"})
        with self._store.write("作废整改指令书") as session:
            record = session.get_one(RectificationOrder, order_id)
            rules.FLOW.check(record.status, OrderStatus.VOID, self._case(session, order_id))
            record.status, record.void_reason = OrderStatus.VOID, reason.strip()
            today = self._clock.today()
            self._obligations.end(session, (SubjectType.ORDER, order_id), None, EndKind.VOID, today, reason.strip())
            self._numbers.void_number(session, record.number, reason.strip())
            self._void_paper(session, order_id, reason.strip())
            for hazard in session.scalars(select(Hazard).where(Hazard.order_id == order_id)):
                hazard.status = moved(hazard.status, HazardStatus.REGISTERED)
                hazard.order_id = None
                self._obligations.end(
                    session, (SubjectType.HAZARD, hazard.id), None, EndKind.VOID, today, reason.strip()
                )

    def _void_paper(self, session: Session, order_id: int, reason: str) -> None:
        """A paper of an order that is void orders nothing any more."""
        wanted = select(FormDocument).where(
            FormDocument.form == "rectification_order",
            FormDocument.record_kind == RecordKind.ORDER,
            FormDocument.record_id == order_id,
            FormDocument.status == DocumentStatus.ISSUED,
        )
        for paper in session.scalars(wanted):
            paper.status, paper.void_reason = DocumentStatus.VOID, reason
            paper.voided_by, paper.voided_at = self._store.person, self._clock.now()

    def settle(self, session: Session, order_id: int) -> None:
        """Close an order when its last hazard was cleared. Called inside the act that cleared it."""
        session.flush()
        record = session.get_one(RectificationOrder, order_id)
        case = self._case(session, order_id)
        if case.open_hazards == 0 and record.status in {OrderStatus.ISSUED, OrderStatus.DELIVERED}:
            rules.FLOW.check(record.status, OrderStatus.CLOSED, case)
            record.status = OrderStatus.CLOSED
            self._obligations.end(
                session, (SubjectType.ORDER, order_id), None, EndKind.WAIVED, self._clock.today(), "隐患已全部销号"
            )

    def _case(self, session: Session, order_id: int) -> OrderCase:
        open_count = session.scalar(
            select(func.count()).select_from(Hazard).where(Hazard.order_id == order_id, Hazard.status.in_(OPEN))
        )
        seen = session.scalar(
            select(func.count())
            .select_from(ReinspectionResult)
            .join(Hazard, Hazard.id == ReinspectionResult.hazard_id)
            .where(Hazard.order_id == order_id)
        )
        return OrderCase(open_count or 0, seen or 0)

    def _check(self, draft: OrderDraft) -> None:
        problems = {}
        if not draft.items:
            problems["items"] = "missing"
        if draft.issued_on > self._clock.today():
            problems["issued_on"] = "date_future"
        if draft.delivered_on is not None and draft.delivered_on < draft.issued_on:
            problems["delivered_on"] = "before_issue"
        if draft.delivered_on is not None and draft.delivered_on > self._clock.today():
            problems["delivered_on"] = "date_future"
        if any(due_on < draft.issued_on for _, due_on in draft.items):
            problems["due_on"] = "due_before_issue"
        if problems:
            raise Invalid(problems)

    # ---- questions -----------------------------------------------------------------------------------------

    def rows(
        self, *, enterprise_id: int | None = None, statuses: frozenset[OrderStatus] = frozenset()
    ) -> list[OrderRow]:
        """Orders, newest first."""
        parts, values = [], []
        if enterprise_id is not None:
            parts.append("o.enterprise_id = ?")
            values.append(enterprise_id)
        if statuses:
            parts.append("o.status IN (" + ", ".join(f"'{status.value}'" for status in sorted(statuses)) + ")")
        where = "WHERE " + " AND ".join(parts) if parts else ""
        return self._rows(f"{where} ORDER BY o.issued_on DESC, o.id DESC", tuple(values))

    def row(self, order_id: int) -> OrderRow:
        """One order."""
        return self._rows("WHERE o.id = ?", (order_id,))[0]

    def row_or_none(self, order_id: int) -> OrderRow | None:
        """One order, unless it is gone."""
        return next(iter(self._rows("WHERE o.id = ?", (order_id,))), None)

    def find(self, text: str, limit: int = 8) -> list[OrderRow]:
        """Orders whose number holds the text."""
        return self._rows("WHERE o.number LIKE ? ORDER BY o.id DESC LIMIT ?", (f"%{text}%", limit))

    def _rows(self, where: str, values: tuple[Any, ...]) -> list[OrderRow]:
        with self._store.read() as session:
            return [_row(row) for row in session.connection().exec_driver_sql(f"{ROW_SQL} {where}", values)]

    def orderable(self, enterprise_id: int) -> list[int]:
        """Hazards of an enterprise that have no order yet."""
        with self._store.read() as session:
            wanted = select(Hazard.id).where(
                Hazard.enterprise_id == enterprise_id, Hazard.status == HazardStatus.REGISTERED
            )
            return list(session.scalars(wanted.order_by(Hazard.id)))

    def draft_for(self, hazard_ids: Sequence[int], days: int = 15) -> OrderDraft:
        """An order filled in for these hazards, due in `days` days: a proposal the clerk changes."""
        today = self._clock.today()
        with self._store.read() as session:
            hazards = [session.get_one(Hazard, hazard_id) for hazard_id in hazard_ids]
            owners = {hazard.enterprise_id for hazard in hazards}
            if len(owners) != 1:
                raise Refused("hazard_other_enterprise")
            visits = {hazard.inspection_id for hazard in hazards}
            visit = visits.pop() if len(visits) == 1 else None
            session.get_one(Enterprise, hazards[0].enterprise_id)
            due_on = date.fromordinal(today.toordinal() + days)
            return OrderDraft(
                hazards[0].enterprise_id,
                tuple((hazard.id, due_on) for hazard in hazards),
                today,
                inspection_id=visit,
                officer_id=_lead_of(session, visit),
            )


def _lead_of(session: Session, inspection_id: int | None) -> int | None:
    """Who led the inspection that found the hazards."""
    lead = select(InspectionOfficer.officer_id).where(
        InspectionOfficer.inspection_id == inspection_id, InspectionOfficer.role == OfficerRole.LEAD
    )
    return session.scalars(lead).first()


def _short(text: str, limit: int = 24) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _row(row: Any) -> OrderRow:
    return OrderRow(
        row[0],
        row[1],
        row[2],
        row[3],
        OfficeMode(row[4]),
        OrderStatus(row[5]),
        date.fromisoformat(row[6]),
        day_of(row[7]),
        row[8],
        row[9],
        row[10],
        day_of(row[11]),
        row[12],
    )
