"""Hazards 隐患: registered, described, extended, applied for, escalated, voided; found again by any filter.

A hazard's deadline lives in its obligation `RECTIFY`, the office's own duty to go back in `REINSPECT`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import (
    Enterprise,
    Escalation,
    Extension,
    Hazard,
    InspectionAnswer,
    Reinspection,
    ReinspectionRequest,
    ReinspectionResult,
    Supervision,
)
from db.store import Store
from desktop.domain import hazard as rules
from desktop.domain.errors import Invalid, Refused
from desktop.domain.gate import GateWarning
from desktop.domain.hazard import EscalationKind, HazardLevel, HazardStatus, moved
from desktop.domain.obligation_kind import Actor, EndKind, ObligationKind, SubjectType
from desktop.services.clock import Clock
from desktop.services.gates import pass_gates
from desktop.services.obligations import Obligations
from desktop.services.stored import day_of


@dataclass(frozen=True, slots=True)
class HazardDraft:
    """A hazard as it is found. `cleared_on` is set when it was put right on the spot 当场整改."""

    enterprise_id: int
    found_on: date
    description: str
    level: HazardLevel = HazardLevel.GENERAL
    location: str = ""
    category: str = ""
    basis: str = ""
    measures: str = ""
    person_in_charge: str = ""
    remark: str = ""
    cleared_on: date | None = None
    clause: str = ""
    checklist_code: str = ""


@dataclass(frozen=True, slots=True)
class HazardRow:
    """A hazard as lists show it."""

    id: int
    enterprise_id: int
    enterprise: str
    village: str
    sector: str | None
    found_on: date
    description: str
    location: str
    level: HazardLevel
    status: HazardStatus
    order_id: int | None
    order_number: str
    original_due_on: date | None
    due_on: date | None
    reinspect_due_on: date | None
    cleared_on: date | None
    officer: str
    rounds: int
    days_left: int | None
    age_days: int = 0
    urged_at: datetime | None = None
    urged_count: int = 0

    @property
    def is_open(self) -> bool:
        """Not cleared and not void."""
        return self.status in rules.OPEN

    @property
    def is_overdue(self) -> bool:
        """Open, and its deadline has passed."""
        return self.is_open and self.days_left is not None and self.days_left < 0


@dataclass(frozen=True, slots=True)
class HazardQuery:
    """Which hazards. `due` is one of overdue, today, week, later, none; nothing given means all.

    An officer is whoever has the open duty, else who led the inspection; `""` among them means nobody. What was not
    urged since a day was urged before it, or never.
    """

    text: str = ""
    statuses: frozenset[HazardStatus] = frozenset()
    levels: frozenset[HazardLevel] = frozenset()
    due: str = ""
    enterprise_id: int | None = None
    inspection_id: int | None = None
    order_id: int | None = None
    villages: frozenset[str] = frozenset()
    sectors: frozenset[str] = frozenset()
    found_from: date | None = None
    found_to: date | None = None
    sort: tuple[str, bool] = ("due_on", False)
    officers: frozenset[str] = frozenset()
    not_urged_since: date | None = None


class HazardAct(StrEnum):
    """What can be done with several hazards at once."""

    ORDER = "order"
    REINSPECT = "reinspect"
    EXTEND = "extend"
    REQUEST = "request"
    ESCALATE = "escalate"
    URGE = "urge"


@dataclass(frozen=True, slots=True)
class Fitness:
    """Of a selection: the hazards that an act can be done with, and of each other one why not."""

    fit: tuple[int, ...]
    refused: tuple[tuple[HazardRow, Refused], ...]


@dataclass(frozen=True, slots=True)
class EscalationRow:
    """A proposal in the record; `answered_on` is empty while it waits."""

    id: int
    hazard_id: int
    kind: EscalationKind
    escalated_on: date
    reason: str
    answered_on: date | None
    answer: str


@dataclass(frozen=True, slots=True)
class ExtensionDraft:
    """An application to extend, for one or several hazards at once, and perhaps the answer with it."""

    applied_on: date
    reason: str
    requested_due_on: date
    done_so_far: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExtensionRow:
    """An extension in the record."""

    id: int
    hazard_id: int
    applied_on: date
    reason: str
    done_so_far: str
    requested_due_on: date
    is_granted: bool | None
    granted_due_on: date | None
    approver: str
    decided_on: date | None
    refusal: str


OFFICER_OF_HAZARD = """COALESCE(
       (SELECT f.name FROM obligation b JOIN officer f ON f.id = b.officer_id
         WHERE b.subject_type = 'hazard' AND b.subject_id = h.id AND b.ended_on IS NULL
         ORDER BY b.kind = 'reinspect' DESC, b.id DESC LIMIT 1),
       (SELECT f.name FROM obligation b JOIN officer f ON f.id = b.officer_id
         WHERE b.subject_type = 'hazard' AND b.subject_id = h.id ORDER BY b.id LIMIT 1),
       (SELECT f.name FROM inspection_officer m JOIN officer f ON f.id = m.officer_id
         WHERE m.inspection_id = h.inspection_id AND m.role = 'lead' ORDER BY m.id LIMIT 1), '')"""
LAST_URGED = (
    "(SELECT MAX(u.urged_at) FROM urging_hazard g JOIN urging u ON u.id = g.urging_id WHERE g.hazard_id = h.id)"
)
ROW_SQL = f"""
SELECT h.id, h.enterprise_id, e.name, e.village, e.sector, h.found_on, h.description, h.location, h.level, h.status,
       h.order_id, o.number,
       (SELECT d.due_on FROM obligation b JOIN obligation_due d ON d.obligation_id = b.id AND d.sequence = 1
         WHERE b.subject_type = 'hazard' AND b.subject_id = h.id AND b.kind = 'rectify' AND b.end_kind IS NOT 'void'
         ORDER BY b.id DESC LIMIT 1),
       (SELECT d.due_on FROM obligation b JOIN obligation_due d ON d.obligation_id = b.id
         WHERE b.subject_type = 'hazard' AND b.subject_id = h.id AND b.kind = 'rectify' AND b.end_kind IS NOT 'void'
         ORDER BY b.id DESC, d.sequence DESC LIMIT 1),
       (SELECT d.due_on FROM obligation b JOIN obligation_due d ON d.obligation_id = b.id
         WHERE b.subject_type = 'hazard' AND b.subject_id = h.id AND b.kind = 'reinspect' AND b.ended_on IS NULL
         ORDER BY d.sequence DESC LIMIT 1),
       h.cleared_on,
       {OFFICER_OF_HAZARD},
       (SELECT COUNT(*) FROM reinspection_result r WHERE r.hazard_id = h.id),
       {LAST_URGED}, (SELECT COUNT(*) FROM urging_hazard g WHERE g.hazard_id = h.id)
FROM hazard h JOIN enterprise e ON e.id = h.enterprise_id LEFT JOIN rectification_order o ON o.id = h.order_id
"""

DUE_OF_HAZARD = (
    "(SELECT d.due_on FROM obligation b JOIN obligation_due d ON d.obligation_id = b.id "
    "WHERE b.subject_type = 'hazard' AND b.subject_id = h.id AND b.kind = 'rectify' AND b.ended_on IS NULL "
    "ORDER BY d.sequence DESC LIMIT 1)"
)
SORTS = {
    "due_on": f"{DUE_OF_HAZARD} IS NULL, {DUE_OF_HAZARD}",
    "days": f"{DUE_OF_HAZARD} IS NULL, {DUE_OF_HAZARD}",
    "found_on": "h.found_on",
    "age": "-julianday(h.found_on)",
    "officer": OFFICER_OF_HAZARD,
    "sector": "e.sector",
    "urged": LAST_URGED,
    "enterprise": "e.sort_key",
    "village": "e.village",
    "level": "h.level",
    "status": "h.status",
    "cleared_on": "h.cleared_on",
}


class Hazards:
    """What the office does with a hazard between finding it and going back."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset(
        {
            "hazard",
            "enterprise",
            "rectification_order",
            "obligation",
            "obligation_due",
            "reinspection_result",
            "officer",
            "inspection_officer",
            "urging",
            "urging_hazard",
        }
    )

    def __init__(self, store: Store, clock: Clock, obligations: Obligations) -> None:
        self._store = store
        self._clock = clock
        self._obligations = obligations

    # ---- acts ----------------------------------------------------------------------------------------------

    def register(self, draft: HazardDraft) -> int:
        """Register a hazard that was not found at a recorded inspection (a tip, a report by the enterprise)."""
        with self._store.write("登记隐患") as session:
            return self.insert(session, draft, inspection_id=None)

    def insert(self, session: Session, draft: HazardDraft, *, inspection_id: int | None) -> int:
        """Put a hazard into the record, inside the act of another service."""
        self._check(draft)
        session.get_one(Enterprise, draft.enterprise_id)
        record = Hazard(
            enterprise_id=draft.enterprise_id,
            inspection_id=inspection_id,
            found_on=draft.found_on,
            description=draft.description.strip(),
            location=draft.location.strip(),
            category=draft.category.strip(),
            level=draft.level,
            basis=draft.basis.strip(),
            clause=draft.clause.strip() or None,
            checklist_code=draft.checklist_code or None,
            measures=draft.measures.strip(),
            person_in_charge=draft.person_in_charge.strip(),
            remark=draft.remark.strip(),
            status=HazardStatus.CLEARED if draft.cleared_on else HazardStatus.REGISTERED,
            cleared_on=draft.cleared_on,
        )
        session.add(record)
        session.flush()
        if inspection_id is not None and draft.checklist_code:
            _answered(session, inspection_id, record)
        return record.id

    def change(self, hazard_id: int, draft: HazardDraft) -> None:
        """Mend what is written of a hazard; its state and deadline are changed by acts of their own."""
        self._check(draft)
        with self._store.write("修改隐患") as session:
            record = session.get_one(Hazard, hazard_id)
            record.description, record.level = draft.description.strip(), draft.level
            record.location, record.category = draft.location.strip(), draft.category.strip()
            record.basis, record.measures = draft.basis.strip(), draft.measures.strip()
            record.clause, record.checklist_code = draft.clause.strip() or None, draft.checklist_code or None
            record.person_in_charge, record.remark = draft.person_in_charge.strip(), draft.remark.strip()
            record.found_on = draft.found_on

    def void(self, hazard_id: int, reason: str) -> None:
        """Strike out a hazard that was registered by mistake; it stays in the record with the reason."""
        if not reason.strip():
            raise Invalid({"reason": "missing"})
        with self._store.write("作废隐患") as session:
            record = session.get_one(Hazard, hazard_id)
            if _is_supervised(session, hazard_id):
                raise Refused("hazard_supervised")
            record.status = moved(record.status, HazardStatus.VOID)
            record.remark = f"{record.remark}（作废：{reason.strip()}）".strip()

    def clear_on_the_spot(self, hazard_id: int, on: date) -> None:
        """Note that a registered hazard was put right before any order was needed."""
        with self._store.write("当场整改") as session:
            record = session.get_one(Hazard, hazard_id)
            if record.status is not HazardStatus.REGISTERED:
                raise Refused("hazard_needs_reinspection")
            record.status = moved(record.status, HazardStatus.CLEARED)
            record.cleared_on = on

    # ---- extension -----------------------------------------------------------------------------------------

    def extension_gates(self, hazard_ids: Iterable[int], draft: ExtensionDraft) -> list[GateWarning]:
        """What speaks against taking the application in: the window of `rect.ext_apply` opens ten days before expiry."""
        warnings = []
        for hazard_id in hazard_ids:
            due_on = self.due_on(hazard_id)
            if due_on is None:
                continue
            rule = self._obligations.rule_for("rect.ext_apply", draft.applied_on)
            opens = self._obligations.deadline("rect.ext_apply", due_on, draft.applied_on).raw_on
            if draft.applied_on < opens:
                source = f"{rule.source} {rule.article}"
                text = f"整改期限 {due_on} 届满前 {rule.length} 日内（{opens} 起）才受理延期申请，现在申请偏早"
                warnings.append(GateWarning("rect.ext_apply", text, source))
        return warnings[:1]

    def apply_extension(self, hazard_ids: Sequence[int], draft: ExtensionDraft) -> list[int]:
        """Take in an application for more time. After expiry it is refused (`rect.ext_apply`); an answer is due."""
        _check_extension(draft)
        with self._store.write(f"登记延期申请 {len(hazard_ids)} 项") as session:
            ids = [self._apply_one(session, hazard_id, draft) for hazard_id in hazard_ids]
            warnings = self.extension_gates(hazard_ids, draft)
            pass_gates(session, self._store, self._clock, warnings, draft.reasons, ("extension", ids[0]))
            return ids

    def _apply_one(self, session: Session, hazard_id: int, draft: ExtensionDraft) -> int:
        record = session.get_one(Hazard, hazard_id)
        due_on = self.due_on(hazard_id)
        rules.may_be_extended(record.status, due_on, draft.applied_on)
        assert due_on is not None
        rules.must_be_later(due_on, draft.requested_due_on)
        asked = Extension(
            hazard_id=hazard_id,
            applied_on=draft.applied_on,
            reason=draft.reason.strip(),
            done_so_far=draft.done_so_far.strip(),
            requested_due_on=draft.requested_due_on,
        )
        session.add(asked)
        session.flush()
        self._obligations.open(
            session,
            kind=ObligationKind.EXTENSION_REPLY,
            title="答复整改延期申请",
            subject=(SubjectType.EXTENSION, asked.id),
            actor=Actor.AGENCY,
            triggered_on=draft.applied_on,
            due=self._obligations.due_by_rule("rect.ext_reply", draft.applied_on),
            enterprise_id=record.enterprise_id,
        )
        return asked.id

    def grant_extension(self, extension_ids: Sequence[int], due_on: date, approver: str, on: date) -> None:
        """Allow more time: a new link in the chain of the deadline, and of the duty to go back."""
        if not approver.strip():
            raise Invalid({"approver": "missing"})
        with self._store.write(f"批准延期 {len(extension_ids)} 项") as session:
            for extension_id in extension_ids:
                asked = self._undecided(session, extension_id)
                asked.is_granted, asked.granted_due_on = True, due_on
                asked.approver, asked.decided_on = approver.strip(), on
                self._answered(session, extension_id, on)
                self.set_deadline(session, asked.hazard_id, due_on, f"准予延期：{asked.reason}", approver.strip(), on)

    def refuse_extension(self, extension_id: int, refusal: str, approver: str, on: date) -> None:
        """Refuse more time: the old expiry stays."""
        problems = {key: "missing" for key, text in (("refusal", refusal), ("approver", approver)) if not text.strip()}
        if problems:
            raise Invalid(problems)
        with self._store.write("不予延期") as session:
            asked = self._undecided(session, extension_id)
            asked.is_granted, asked.refusal = False, refusal.strip()
            asked.approver, asked.decided_on = approver.strip(), on
            self._answered(session, extension_id, on)

    def extend(self, hazard_ids: Sequence[int], draft: ExtensionDraft, approver: str, decided_on: date) -> None:
        """Application and grant in one act, as a clerk enters both from the same paper."""
        with self._store.write(f"延期 {len(hazard_ids)} 项"):
            ids = self.apply_extension(hazard_ids, draft)
            self.grant_extension(ids, draft.requested_due_on, approver, decided_on)

    def _undecided(self, session: Session, extension_id: int) -> Extension:
        asked = session.get_one(Extension, extension_id)
        if asked.decided_on is not None:
            raise Refused("extension_decided")
        return asked

    def _answered(self, session: Session, extension_id: int, on: date) -> None:
        self._obligations.end(
            session, (SubjectType.EXTENSION, extension_id), ObligationKind.EXTENSION_REPLY, EndKind.DONE, on
        )

    def set_deadline(
        self, session: Session, hazard_id: int, due_on: date, reason: str, approver: str, acted_on: date
    ) -> None:
        """A later deadline: it must be later than the one in force, and moves the duty to go back with it."""
        now = self.due_on(hazard_id)
        if now is not None and due_on <= now:
            raise Invalid({"granted_due_on": "not_later"}, due_on=now)
        subject = (SubjectType.HAZARD, hazard_id)
        duty = self._obligations.open_id(session, subject, ObligationKind.RECTIFY)
        if duty is None:
            raise Refused("hazard_has_no_deadline")
        self._obligations.move(session, duty, self._obligations.due_on_day(due_on), reason=reason, approver=approver)
        back = self._obligations.open_id(session, subject, ObligationKind.REINSPECT)
        if back is not None and not self._has_early_request(session, hazard_id):
            due = self._obligations.due_by_rule("reinsp.due", due_on, acted_on)
            self._obligations.move(session, back, due, reason=reason, approver=approver)

    # ---- early application, escalation ---------------------------------------------------------------------

    def request_reinspection(self, hazard_ids: Sequence[int], received_on: date, remark: str = "") -> None:
        """The enterprise says it is done: the clock of the re-inspection starts at once (the earlier event counts)."""
        with self._store.write(f"登记复查申请 {len(hazard_ids)} 项") as session:
            for hazard_id in hazard_ids:
                self._request_one(session, hazard_id, received_on, remark)

    def _request_one(self, session: Session, hazard_id: int, received_on: date, remark: str) -> None:
        record = session.get_one(Hazard, hazard_id)
        rules.may_request_reinspection(record.status)
        if received_on > self._clock.today():
            raise Invalid({"received_on": "date_future"})
        if received_on < record.found_on:
            raise Invalid({"received_on": "before_found"})
        session.add(ReinspectionRequest(hazard_id=hazard_id, received_on=received_on, remark=remark.strip()))
        due_on = self.due_on(hazard_id)
        duty = self._obligations.open_id(session, (SubjectType.HAZARD, hazard_id), ObligationKind.REINSPECT)
        if duty is None or due_on is None or received_on >= due_on:
            return
        due = self._obligations.due_by_rule("reinsp.due", received_on)
        if due.due_on < self._obligations.last_due_on(session, duty):  # a second application starts no later clock
            self._obligations.move(session, duty, due, reason=f"企业 {received_on} 提出复查申请")

    def _has_early_request(self, session: Session, hazard_id: int) -> bool:
        """Whether an application of this round already runs the duty to go back: a later expiry does not stop that."""
        last_round = (
            select(func.max(Reinspection.reinspected_on))
            .join(ReinspectionResult, ReinspectionResult.reinspection_id == Reinspection.id)
            .where(ReinspectionResult.hazard_id == hazard_id)
        )
        since = session.scalar(last_round) or date.min
        wanted = select(ReinspectionRequest.id).where(
            ReinspectionRequest.hazard_id == hazard_id, ReinspectionRequest.received_on > since
        )
        return session.scalars(wanted).first() is not None

    def escalation_gates(self, hazard_ids: Iterable[int], kind: EscalationKind, on: date) -> list[GateWarning]:
        """A proposal to stop or close where no deadline has passed and no re-inspection failed wants a reason."""
        if kind not in (EscalationKind.SUSPENSION, EscalationKind.CLOSURE):
            return []
        early = [row for row in self.rows(list(hazard_ids)) if not row.rounds and not (row.due_on and row.due_on < on)]
        if not early:
            return []
        gate = self._obligations.gate("propose_after_expiry")
        first = early[0]
        until = f"（{first.due_on} 到期）" if first.due_on else ""
        text = f"“{first.description[:20]}”{until}整改期限没有届满，也没有复查不合格的记录，请写明提请的事实"
        return [GateWarning(gate.id, text, f"{gate.source} {gate.article}")]

    def escalate(
        self, hazard_id: int, kind: EscalationKind, on: date, reason: str, reasons: Mapping[str, str] | None = None
    ) -> None:
        """Propose what follows a failed rectification. The town proposes; a case must be filed in time."""
        self.escalate_all([hazard_id], kind, on, reason, reasons)

    def escalate_all(
        self,
        hazard_ids: Sequence[int],
        kind: EscalationKind,
        on: date,
        reason: str,
        reasons: Mapping[str, str] | None = None,
    ) -> None:
        """The same for several hazards, all of them or none."""
        if on > self._clock.today():
            raise Invalid({"on": "date_future"})
        warnings = self.escalation_gates(hazard_ids, kind, on)
        with self._store.write("提请处理" if len(hazard_ids) == 1 else f"提请处理 {len(hazard_ids)} 项") as session:
            pass_gates(session, self._store, self._clock, warnings, reasons or {}, ("hazard", hazard_ids[0]))
            for hazard_id in hazard_ids:
                self.escalate_in(session, hazard_id, kind, on, reason)

    def escalate_in(self, session: Session, hazard_id: int, kind: EscalationKind, on: date, reason: str) -> None:
        """The same, inside the act of another service. Under supervision the duty to go back stays.

        A case is to be filed; whatever else is proposed is answered by the bureau or the government.
        """
        if not reason.strip():
            raise Invalid({"reason": "missing"})
        record = session.get_one(Hazard, hazard_id)
        rules.may_be_escalated(record.status, record.level, kind)
        if on < record.found_on:
            raise Invalid({"on": "before_found"})
        record.status = moved(record.status, HazardStatus.ESCALATED)
        escalation = Escalation(hazard_id=hazard_id, kind=kind, escalated_on=on, reason=reason.strip())
        session.add(escalation)
        session.flush()
        subject = (SubjectType.HAZARD, hazard_id)
        if kind is not EscalationKind.SUPERVISION:
            self._obligations.end(session, subject, ObligationKind.REINSPECT, EndKind.DONE, on, "转入处理程序")
        if kind is not EscalationKind.CASE:
            self._obligations.open(
                session,
                kind=ObligationKind.PROPOSE,
                title=f"{PROPOSALS[kind]}，登记答复：{record.description[:20]}",
                subject=(SubjectType.ESCALATION, escalation.id),
                actor=Actor.AGENCY,
                triggered_on=on,
                due=self._obligations.due_by_rule("case.propose", on),
                enterprise_id=record.enterprise_id,
            )
        elif self._obligations.open_id(session, subject, ObligationKind.FILE_CASE) is None:
            self._obligations.open(
                session,
                kind=ObligationKind.FILE_CASE,
                title="复查不合格，办理立案",
                subject=subject,
                actor=Actor.AGENCY,
                triggered_on=on,
                due=self._obligations.due_by_rule("case.file_after_failed", on),
                enterprise_id=record.enterprise_id,
            )

    def case_filed(self, hazard_id: int, on: date, number: str) -> None:
        """Note that the case was filed (by the bureau or here): the duty to file it is done."""
        with self._store.write("登记立案") as session:
            subject = (SubjectType.HAZARD, hazard_id)
            ended = self._obligations.end(
                session, subject, ObligationKind.FILE_CASE, EndKind.DONE, on, f"立案号 {number}" if number else ""
            )
            if not ended:
                raise Refused("nothing_to_file")
            for record in session.scalars(_waiting(hazard_id).where(Escalation.kind == EscalationKind.CASE)):
                record.answered_on, record.answer = on, f"已立案 {number}".strip()

    def answer_escalation(self, escalation_id: int, on: date, answer: str) -> None:
        """Note what the bureau or the government answered: the duty to follow the proposal up is done."""
        if not answer.strip():
            raise Invalid({"answer": "missing"})
        if on > self._clock.today():
            raise Invalid({"on": "date_future"})
        with self._store.write("登记提请的答复") as session:
            self.answer_in(session, session.get_one(Escalation, escalation_id), on, answer.strip())

    def answer_in(self, session: Session, record: Escalation, on: date, answer: str) -> None:
        """The same, inside the act of another service."""
        if record.answered_on is not None:
            raise Refused("escalation_answered", on=record.answered_on)
        if on < record.escalated_on:
            raise Invalid({"on": "before_escalation"})
        record.answered_on, record.answer = on, answer
        subject = (SubjectType.ESCALATION, record.id)
        self._obligations.end(session, subject, ObligationKind.PROPOSE, EndKind.DONE, on, answer)

    def drop_proposals(self, session: Session, hazard_id: int, on: date) -> None:
        """A hazard that is cleared leaves nothing to stop or close; a case is still to be filed."""
        for record in session.scalars(_waiting(hazard_id)):
            subject = (SubjectType.ESCALATION, record.id)
            self._obligations.end(session, subject, ObligationKind.PROPOSE, EndKind.VOID, on, "隐患已复查合格")

    # ---- a selection ---------------------------------------------------------------------------------------

    def fitness(self, act: HazardAct, ids: Sequence[int]) -> Fitness:
        """Which of these an act can be done with today, by the guards that the act itself asks."""
        guard, today = self._guard(act), self._clock.today()
        fit, refused = list[int](), list[tuple[HazardRow, Refused]]()
        for row in self.rows(ids):
            try:
                guard(row, today)
            except Refused as error:
                refused.append((row, error))
            else:
                fit.append(row.id)
        return Fitness(tuple(fit), tuple(refused))

    def _guard(self, act: HazardAct) -> Callable[[HazardRow, date], None]:
        guards: dict[HazardAct, Callable[[HazardRow, date], None]] = {
            HazardAct.ORDER: lambda row, _: rules.may_be_ordered(row.status),
            HazardAct.REINSPECT: lambda row, _: rules.may_be_reinspected(row.status),
            HazardAct.REQUEST: lambda row, _: rules.may_request_reinspection(row.status),
            HazardAct.EXTEND: lambda row, today: rules.may_be_extended(row.status, row.due_on, today),
            HazardAct.ESCALATE: lambda row, _: rules.may_be_escalated(row.status, row.level, None),
            HazardAct.URGE: lambda row, _: rules.may_be_urged(row.status),
        }
        return guards[act]

    # ---- questions -----------------------------------------------------------------------------------------

    def due_on(self, hazard_id: int) -> date | None:
        """The deadline in force, None where no order stands."""
        with self._store.read() as session:
            row = (
                session.connection()
                .exec_driver_sql(f"SELECT {DUE_OF_HAZARD} FROM hazard h WHERE h.id = ?", (hazard_id,))
                .first()
            )
        return None if row is None or row[0] is None else date.fromisoformat(row[0])

    def escalations(self, hazard_id: int) -> list[EscalationRow]:
        """The proposals over a hazard, oldest first."""
        with self._store.read() as session:
            wanted = select(Escalation).where(Escalation.hazard_id == hazard_id).order_by(Escalation.id)
            return [_escalation_row(record) for record in session.scalars(wanted)]

    def escalation(self, escalation_id: int) -> EscalationRow:
        """One proposal."""
        with self._store.read() as session:
            return _escalation_row(session.get_one(Escalation, escalation_id))

    def tallies(self, statuses: frozenset[HazardStatus] = rules.OPEN) -> dict[str, Counter[str]]:
        """How many hazards in these states each village, sector, officer and level has, for the filters."""
        marks = ", ".join("?" * len(statuses))
        with self._store.read() as session:
            found = (
                session.connection()
                .exec_driver_sql(
                    f"SELECT e.village, COALESCE(e.sector, ''), {OFFICER_OF_HAZARD}, h.level, h.found_on FROM hazard h "
                    f"JOIN enterprise e ON e.id = h.enterprise_id WHERE h.status IN ({marks})",
                    tuple(status.value for status in sorted(statuses)),
                )
                .all()
            )
        columns = dict(zip(("village", "sector", "officer", "level", "found"), zip(*found, strict=True), strict=False))
        return {key: Counter(columns.get(key, ())) for key in ("village", "sector", "officer", "level", "found")}

    def ids(self, query: HazardQuery = HazardQuery()) -> list[int]:
        """The ids of the hazards asked for, in the order asked for."""
        where, values = _conditions(query, self._clock.today())
        column, descending = query.sort
        order = SORTS.get(column, SORTS["due_on"]) + (" DESC" if descending else "")
        with self._store.read() as session:
            found = session.connection().exec_driver_sql(
                f"SELECT h.id FROM hazard h JOIN enterprise e ON e.id = h.enterprise_id {where} ORDER BY {order}, h.id",
                values,
            )
            return [row[0] for row in found]

    def rows(self, ids: Sequence[int]) -> list[HazardRow]:
        """The rows of these ids, in their order."""
        with self._store.read() as session:
            marks = ", ".join("?" * len(ids))
            found = session.connection().exec_driver_sql(f"{ROW_SQL} WHERE h.id IN ({marks})", tuple(ids))
            today = self._clock.today()
            by_id = {row[0]: _row(row, today) for row in found}
        return [by_id[key] for key in ids if key in by_id]

    def draft_of(self, hazard_id: int) -> HazardDraft:
        """A hazard as a form shows it for mending."""
        with self._store.read() as session:
            record = session.get_one(Hazard, hazard_id)
            return HazardDraft(
                record.enterprise_id,
                record.found_on,
                record.description,
                record.level,
                record.location,
                record.category,
                record.basis,
                record.measures,
                record.person_in_charge,
                record.remark,
                record.cleared_on,
                record.clause or "",
                record.checklist_code or "",
            )

    def extensions(self, hazard_id: int) -> list[ExtensionRow]:
        """The applications for more time, oldest first."""
        with self._store.read() as session:
            found = session.query(Extension).filter_by(hazard_id=hazard_id).order_by(Extension.id)
            return [_extension_row(record) for record in found]

    def extension(self, extension_id: int) -> ExtensionRow:
        """One application."""
        with self._store.read() as session:
            return _extension_row(session.get_one(Extension, extension_id))

    def counts(self) -> dict[str, int]:
        """The living figures of the page: open, overdue, major, awaiting an order."""
        today = self._clock.today().isoformat()
        with self._store.read() as session:
            row = (
                session.connection()
                .exec_driver_sql(
                    "SELECT COUNT(*), SUM(h.level = 'major'), SUM(h.status = 'registered'), "
                    f"SUM(COALESCE({DUE_OF_HAZARD} < ?, 0)), SUM(h.status = 'escalated') "
                    "FROM hazard h WHERE h.status IN ('registered', 'ordered', 'again', 'escalated')",
                    (today,),
                )
                .one()
            )
        return dict(zip(("open", "major", "registered", "overdue", "escalated"), (n or 0 for n in row), strict=True))

    def _check(self, draft: HazardDraft) -> None:
        problems = {}
        if not draft.description.strip():
            problems["description"] = "missing"
        if draft.found_on > self._clock.today():
            problems["found_on"] = "date_future"
        if draft.cleared_on is not None and draft.cleared_on < draft.found_on:
            problems["cleared_on"] = "before_found"
        if problems:
            raise Invalid(problems)


def _answered(session: Session, inspection_id: int, hazard: Hazard) -> None:
    """The item of the checklist that was answered 不符合 knows its hazard."""
    item = select(InspectionAnswer).where(
        InspectionAnswer.inspection_id == inspection_id,
        InspectionAnswer.code == hazard.checklist_code,
        InspectionAnswer.hazard_id.is_(None),
    )
    answer = session.scalars(item).first()
    if answer is not None:
        answer.hazard_id = hazard.id


PROPOSALS = {
    EscalationKind.SUSPENSION: "提请停产停业整顿",
    EscalationKind.CLOSURE: "提请关闭",
    EscalationKind.SUPERVISION: "提请挂牌督办",
}


def _waiting(hazard_id: int) -> Any:
    return select(Escalation).where(Escalation.hazard_id == hazard_id, Escalation.answered_on.is_(None))


def _is_supervised(session: Session, hazard_id: int) -> bool:
    wanted = select(Supervision.id).where(Supervision.hazard_id == hazard_id, Supervision.delisted_on.is_(None))
    return session.scalars(wanted).first() is not None


def _escalation_row(record: Escalation) -> EscalationRow:
    return EscalationRow(
        record.id,
        record.hazard_id,
        record.kind,
        record.escalated_on,
        record.reason,
        record.answered_on,
        record.answer or "",
    )


def _check_extension(draft: ExtensionDraft) -> None:
    problems = {}
    if not draft.reason.strip():
        problems["reason"] = "missing"
    if draft.requested_due_on <= draft.applied_on:
        problems["requested_due_on"] = "before_application"
    if problems:
        raise Invalid(problems)


def _conditions(query: HazardQuery, today: date) -> tuple[str, tuple[Any, ...]]:
    parts: list[tuple[str, list[Any]]] = []
    for word in query.text.split():
        like = f"%{word}%"
        parts.append(("(h.description LIKE ? OR e.name LIKE ? OR h.location LIKE ?)", [like, like, like]))
    for column, wanted in (
        ("h.status", query.statuses),
        ("h.level", query.levels),
        ("e.village", query.villages),
        ("e.sector", query.sectors),
    ):
        if wanted:
            parts.append((f"{column} IN ({', '.join('?' * len(wanted))})", [str(value) for value in sorted(wanted)]))
    for column, value in (
        ("h.enterprise_id", query.enterprise_id),
        ("h.inspection_id", query.inspection_id),
        ("h.order_id", query.order_id),
    ):
        if value is not None:
            parts.append((f"{column} = ?", [value]))
    if query.officers:
        marks = ", ".join("?" * len(query.officers))
        parts.append((f"{OFFICER_OF_HAZARD} IN ({marks})", sorted(query.officers)))
    if query.not_urged_since is not None:
        parts.append((f"COALESCE({LAST_URGED}, '') < ?", [query.not_urged_since.isoformat()]))
    if query.found_from is not None:
        parts.append(("h.found_on >= ?", [query.found_from.isoformat()]))
    if query.found_to is not None:
        parts.append(("h.found_on <= ?", [query.found_to.isoformat()]))
    if query.due:
        parts.append(_due_condition(query.due, today))
    where = " AND ".join(condition for condition, _ in parts)
    return (f"WHERE {where}" if where else ""), tuple(value for _, values in parts for value in values)


def _due_condition(due: str, today: date) -> tuple[str, list[Any]]:
    sunday = date.fromordinal(today.toordinal() + 6 - today.weekday())
    day, week = today.isoformat(), sunday.isoformat()
    return {
        "overdue": (f"{DUE_OF_HAZARD} < ?", [day]),
        "today": (f"{DUE_OF_HAZARD} = ?", [day]),
        "week": (f"{DUE_OF_HAZARD} BETWEEN ? AND ?", [day, week]),
        "later": (f"{DUE_OF_HAZARD} > ?", [week]),
        "none": (f"{DUE_OF_HAZARD} IS NULL", []),
    }[due]


def _row(row: Any, today: date) -> HazardRow:
    due_on, status = day_of(row[13]), HazardStatus(row[9])
    return HazardRow(
        row[0],
        row[1],
        row[2],
        row[3],
        row[4],
        date.fromisoformat(row[5]),
        row[6],
        row[7],
        HazardLevel(row[8]),
        status,
        row[10],
        row[11] or "",
        day_of(row[12]),
        due_on,
        day_of(row[14]),
        day_of(row[15]),
        row[16] or "",
        row[17],
        (due_on - today).days if due_on is not None and status in rules.OPEN else None,
        (today - date.fromisoformat(row[5])).days,
        datetime.fromisoformat(row[18]) if row[18] else None,
        row[19],
    )


def _extension_row(record: Extension) -> ExtensionRow:
    return ExtensionRow(
        record.id,
        record.hazard_id,
        record.applied_on,
        record.reason,
        record.done_so_far,
        record.requested_due_on,
        record.is_granted,
        record.granted_due_on,
        record.approver,
        record.decided_on,
        record.refusal,
    )
