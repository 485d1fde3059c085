"""Inspections 检查: scheduled, recorded with their meetings and findings, cancelled, listed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from db.models import Enterprise, Inspection, InspectionExpert, InspectionOfficer, PlanItem
from db.store import Store
from desktop.domain import inspection as rules
from desktop.domain.deadline import RuleBook
from desktop.domain.errors import Invalid, Refused
from desktop.domain.gate import GateWarning
from desktop.domain.hazard import HazardLevel
from desktop.domain.inspection import InspectionKind, InspectionOrigin, InspectionStatus, OfficerRole, Signature
from desktop.domain.obligation_kind import Actor, EndKind, ObligationKind, SubjectType
from desktop.domain.officer import gate_recusal, gate_two_officers
from desktop.services.clock import Clock
from desktop.services.crew import Member, certificate_number, crew_on, recused
from desktop.services.gates import pass_gates
from desktop.services.hazards import HazardDraft, Hazards
from desktop.services.obligations import Obligations
from desktop.services.stored import day_of


@dataclass(frozen=True, slots=True)
class Finding:
    """A hazard found at the inspection; `is_cleared` when it was put right on the spot."""

    description: str
    level: HazardLevel = HazardLevel.GENERAL
    location: str = ""
    category: str = ""
    basis: str = ""
    measures: str = ""
    person_in_charge: str = ""
    is_cleared: bool = False
    clause: str = ""
    checklist_code: str = ""


@dataclass(frozen=True, slots=True)
class InspectionDraft:
    """An inspection as the form holds it. `reasons` answers the gates that warned, by gate id."""

    enterprise_id: int
    kind: InspectionKind = InspectionKind.ROUTINE
    origin: InspectionOrigin = InspectionOrigin.PLAN
    plan_item_id: int | None = None
    planned_on: date | None = None
    inspected_on: date | None = None
    officers: tuple[Member, ...] = ()
    experts: tuple[int, ...] = ()
    approved_by: str = ""
    approved_on: date | None = None
    opening_meeting: str = ""
    site_record: str = ""
    closing_meeting: str = ""
    unit_person: str = ""
    signature: Signature | None = None
    refusal_note: str = ""
    document_number: str = ""
    result: str = ""
    remark: str = ""
    findings: tuple[Finding, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InspectionRow:
    """An inspection as lists show it."""

    id: int
    enterprise_id: int
    enterprise: str
    village: str
    kind: InspectionKind
    origin: InspectionOrigin
    status: InspectionStatus
    planned_on: date | None
    inspected_on: date | None
    officers: str
    hazards: int
    open_hazards: int
    majors: int
    document_number: str
    result: str


@dataclass(frozen=True, slots=True)
class InspectionDetail:
    """Everything of one inspection."""

    row: InspectionRow
    draft: InspectionDraft
    officer_names: tuple[str, ...]
    expert_names: tuple[str, ...]
    hazard_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class InspectionQuery:
    """Which inspections; nothing given means all, newest first."""

    text: str = ""
    statuses: frozenset[InspectionStatus] = frozenset()
    kinds: frozenset[InspectionKind] = frozenset()
    enterprise_id: int | None = None
    officer_id: int | None = None
    first_on: date | None = None
    last_on: date | None = None
    is_key: bool | None = None
    sort: tuple[str, bool] = ("inspected_on", True)


ROW_SQL = """
SELECT i.id, i.enterprise_id, e.name, e.village, i.kind, i.origin, i.status, i.planned_on, i.inspected_on,
       (SELECT GROUP_CONCAT(f.name, '、') FROM inspection_officer m JOIN officer f ON f.id = m.officer_id
         WHERE m.inspection_id = i.id),
       (SELECT COUNT(*) FROM hazard h WHERE h.inspection_id = i.id AND h.status <> 'void'),
       (SELECT COUNT(*) FROM hazard h WHERE h.inspection_id = i.id AND h.status NOT IN ('void', 'cleared')),
       (SELECT COUNT(*) FROM hazard h WHERE h.inspection_id = i.id AND h.status <> 'void' AND h.level = 'major'),
       i.document_number, i.result
FROM inspection i JOIN enterprise e ON e.id = i.enterprise_id
"""
SORTS = {
    "inspected_on": "COALESCE(i.inspected_on, i.planned_on)",
    "planned_on": "i.planned_on",
    "enterprise": "e.sort_key",
    "village": "e.village",
    "status": "i.status",
    "kind": "i.kind",
}


NoteNumber = Callable[[Session, str, str, str], object]
"""Tells the book of numbers: the form, the number written on its record, and under what its documents share one."""


def unnoted(_session: Session, _form: str, _number: str, _chain: str) -> None:
    """Where there is no book of numbers."""


class Inspections:
    """What the office does with an inspection, from the date in the calendar to the signed record."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset(
        {"inspection", "inspection_officer", "inspection_expert", "enterprise", "hazard", "officer", "plan_item"}
    )

    def __init__(
        self,
        store: Store,
        clock: Clock,
        rules: RuleBook,
        obligations: Obligations,
        hazards: Hazards,
        note_number: NoteNumber = unnoted,
    ) -> None:
        self._store = store
        self._note_number = note_number
        self._clock = clock
        self._rules = rules
        self._obligations = obligations
        self._hazards = hazards

    # ---- gates ---------------------------------------------------------------------------------------------

    def gates(self, draft: InspectionDraft) -> list[GateWarning]:
        """What the law wants in order before this inspection is recorded: two certified officers, approval, signature."""
        on = draft.inspected_on or draft.planned_on or self._clock.today()
        with self._store.read() as session:
            crew = crew_on(session, draft.officers, on)
            away = recused(session, draft.officers, draft.enterprise_id, on)
        warnings = list(gate_two_officers(self._rules.gates["two_officers"], crew, on))
        warnings += gate_recusal(self._rules.gates["recusal"], away, on)
        if draft.inspected_on is not None:
            warnings += self._paper_gates(draft, on)
        return warnings

    def _paper_gates(self, draft: InspectionDraft, on: date) -> list[GateWarning]:
        found = []
        approval = self._rules.gates["inspection_approval"]
        if approval.in_force_from <= on and not draft.approved_by.strip():
            found.append(self._warning("inspection_approval", "没有登记检查方案的批准人"))
        is_signed = draft.signature is Signature.SIGNED
        is_refused = draft.signature is Signature.REFUSED and draft.refusal_note.strip()
        if self._rules.gates["unit_signature"].in_force_from <= on and not (is_signed or is_refused):
            found.append(self._warning("unit_signature", "没有被检查单位负责人签字，也没有拒签说明"))
        return found

    def _warning(self, gate_id: str, text: str) -> GateWarning:
        gate = self._rules.gates[gate_id]
        return GateWarning(gate_id, text, f"{gate.source} {gate.article}")

    # ---- acts ----------------------------------------------------------------------------------------------

    def schedule(self, draft: InspectionDraft) -> int:
        """Put an inspection that is not in the plan into the calendar; its obligation is due on that day."""
        if draft.planned_on is None:
            raise Invalid({"planned_on": "missing"})
        with self._store.write("安排检查") as session:
            record = self._new(session, draft)
            self._write(session, record, draft)
            enterprise = session.get_one(Enterprise, draft.enterprise_id)
            if draft.plan_item_id is None:
                self._obligations.open(
                    session,
                    kind=ObligationKind.INSPECT,
                    title=f"检查：{enterprise.name}",
                    subject=(SubjectType.INSPECTION, record.id),
                    actor=Actor.AGENCY,
                    triggered_on=self._clock.today(),
                    due=self._obligations.due_on_day(draft.planned_on),
                    enterprise_id=draft.enterprise_id,
                    officer_id=draft.officers[0][0] if draft.officers else None,
                )
            return record.id

    def reschedule(self, inspection_id: int, planned_on: date, reason: str = "改期") -> None:
        """Another day for an inspection that stands in the calendar."""
        with self._store.write("调整检查日期") as session:
            record = session.get_one(Inspection, inspection_id)
            if record.status is not InspectionStatus.PLANNED:
                raise Refused("inspection_not_planned")
            record.planned_on = planned_on
            duty = self._obligations.open_id(session, (SubjectType.INSPECTION, inspection_id), ObligationKind.INSPECT)
            if duty is not None:
                self._obligations.move(session, duty, self._obligations.due_on_day(planned_on), reason=reason)

    def start(self, inspection_id: int) -> None:
        """The opening meeting has begun."""
        with self._store.write("开始检查") as session:
            record = session.get_one(Inspection, inspection_id)
            rules.FLOW.check(record.status, InspectionStatus.UNDER_WAY, None)
            record.status = InspectionStatus.UNDER_WAY

    def record(self, draft: InspectionDraft, inspection_id: int | None = None) -> int:
        """Record an inspection that was made: its findings become hazards, its obligation is done."""
        self._check(draft)
        warnings = self.gates(draft)
        with self._store.write("登记检查") as session:
            record = self._new(session, draft) if inspection_id is None else session.get_one(Inspection, inspection_id)
            rules.FLOW.check(record.status, InspectionStatus.DONE, None)
            record.status = InspectionStatus.DONE
            self._write(session, record, draft)
            pass_gates(session, self._store, self._clock, warnings, draft.reasons, ("inspection", record.id))
            self._discharge(session, record, draft)
            for finding in draft.findings:
                self._hazards.insert(session, _hazard_of(finding, draft), inspection_id=record.id)
            return record.id

    def _discharge(self, session: Session, record: Inspection, draft: InspectionDraft) -> None:
        assert draft.inspected_on is not None
        subjects = [(SubjectType.INSPECTION, record.id)]
        if record.plan_item_id is not None:
            subjects.append((SubjectType.PLAN_ITEM, record.plan_item_id))
        for subject in subjects:
            self._obligations.end(session, subject, ObligationKind.INSPECT, EndKind.DONE, draft.inspected_on)

    def change(self, inspection_id: int, draft: InspectionDraft) -> None:
        """Mend a record. What was found is changed at the hazards themselves; new findings may be added."""
        with self._store.write("修改检查记录") as session:
            record = session.get_one(Inspection, inspection_id)
            if record.status is InspectionStatus.DONE:
                self._check(draft)
                warnings = self.gates(draft)
                pass_gates(session, self._store, self._clock, warnings, draft.reasons, ("inspection", record.id))
                for finding in draft.findings:
                    self._hazards.insert(session, _hazard_of(finding, draft), inspection_id=record.id)
            self._write(session, record, draft)

    def cancel(self, inspection_id: int, reason: str) -> None:
        """Call off an inspection that was not made."""
        if not reason.strip():
            raise Invalid({"reason": "missing"})
        with self._store.write("取消检查") as session:
            record = session.get_one(Inspection, inspection_id)
            rules.FLOW.check(record.status, InspectionStatus.CANCELLED, None)
            record.status = InspectionStatus.CANCELLED
            record.remark = f"{record.remark}（取消：{reason.strip()}）".strip()
            self._obligations.end(
                session,
                (SubjectType.INSPECTION, inspection_id),
                None,
                EndKind.VOID,
                self._clock.today(),
                reason.strip(),
            )

    def _new(self, session: Session, draft: InspectionDraft) -> Inspection:
        session.get_one(Enterprise, draft.enterprise_id)
        if draft.plan_item_id is not None:
            self._refuse_foreign_item(session, draft)
        record = Inspection(
            enterprise_id=draft.enterprise_id,
            kind=draft.kind,
            origin=draft.origin,
            status=InspectionStatus.PLANNED,
            plan_item_id=draft.plan_item_id,
        )
        session.add(record)
        session.flush()
        return record

    def _refuse_foreign_item(self, session: Session, draft: InspectionDraft) -> None:
        item = session.get_one(PlanItem, draft.plan_item_id)
        if item.enterprise_id != draft.enterprise_id:
            raise Refused("plan_other_enterprise")
        if item.cancelled_on is not None:
            raise Refused("plan_cancelled")
        taken = select(Inspection.id).where(
            Inspection.plan_item_id == item.id, Inspection.status == InspectionStatus.DONE
        )
        if session.scalars(taken).first() is not None:
            raise Refused("plan_done")

    def _write(self, session: Session, record: Inspection, draft: InspectionDraft) -> None:
        record.kind, record.origin = draft.kind, draft.origin
        record.planned_on, record.inspected_on = draft.planned_on, draft.inspected_on
        record.approved_by, record.approved_on = draft.approved_by.strip(), draft.approved_on
        record.opening_meeting, record.site_record = draft.opening_meeting.strip(), draft.site_record.strip()
        record.closing_meeting, record.unit_person = draft.closing_meeting.strip(), draft.unit_person.strip()
        record.signature, record.refusal_note = draft.signature, draft.refusal_note.strip()
        if draft.document_number.strip() != record.document_number:
            number = draft.document_number.strip()
            self._note_number(session, "inspection_record", number, f"inspection:{record.id}")
        record.document_number, record.remark = draft.document_number.strip(), draft.remark.strip()
        record.result = draft.result.strip()
        self._write_crew(session, record, draft)

    def _write_crew(self, session: Session, record: Inspection, draft: InspectionDraft) -> None:
        on = draft.inspected_on or draft.planned_on or self._clock.today()
        session.flush()
        session.execute(delete(InspectionOfficer).where(InspectionOfficer.inspection_id == record.id))
        session.execute(delete(InspectionExpert).where(InspectionExpert.inspection_id == record.id))
        for officer_id, role in draft.officers:
            number = certificate_number(session, officer_id, on)
            session.add(
                InspectionOfficer(inspection_id=record.id, officer_id=officer_id, role=role, certificate_number=number)
            )
        session.add_all(InspectionExpert(inspection_id=record.id, expert_id=expert) for expert in draft.experts)
        session.flush()

    def _check(self, draft: InspectionDraft) -> None:
        problems = {}
        if draft.inspected_on is None:
            problems["inspected_on"] = "missing"
        elif draft.inspected_on > self._clock.today():
            problems["inspected_on"] = "date_future"
        elif draft.approved_on is not None and draft.approved_on > draft.inspected_on:
            problems["approved_on"] = "after_inspection"
        if draft.signature is Signature.REFUSED and not draft.refusal_note.strip():
            problems["refusal_note"] = "missing"
        if problems:
            raise Invalid(problems)

    # ---- questions -----------------------------------------------------------------------------------------

    def ids(self, query: InspectionQuery = InspectionQuery()) -> list[int]:
        """The ids asked for, in the order asked for."""
        where, values = _conditions(query)
        column, descending = query.sort
        order = SORTS.get(column, SORTS["inspected_on"]) + (" DESC" if descending else "")
        with self._store.read() as session:
            found = session.connection().exec_driver_sql(
                f"SELECT i.id FROM inspection i JOIN enterprise e ON e.id = i.enterprise_id {where} "
                f"ORDER BY {order}, i.id DESC",
                values,
            )
            return [row[0] for row in found]

    def rows(self, ids: Sequence[int]) -> list[InspectionRow]:
        """The rows of these ids, in their order."""
        with self._store.read() as session:
            marks = ", ".join("?" * len(ids))
            found = session.connection().exec_driver_sql(f"{ROW_SQL} WHERE i.id IN ({marks})", tuple(ids))
            by_id = {row[0]: _row(row) for row in found}
        return [by_id[key] for key in ids if key in by_id]

    def detail(self, inspection_id: int) -> InspectionDetail:
        """Everything of one inspection."""
        with self._store.read() as session:
            record = session.get_one(Inspection, inspection_id)
            members = session.scalars(
                select(InspectionOfficer)
                .where(InspectionOfficer.inspection_id == inspection_id)
                .order_by(InspectionOfficer.id)
            ).all()
            experts = session.scalars(
                select(InspectionExpert.expert_id).where(InspectionExpert.inspection_id == inspection_id)
            ).all()
            run = session.connection().exec_driver_sql
            hazards = run("SELECT id FROM hazard WHERE inspection_id = ? ORDER BY id", (inspection_id,)).all()
            officer_names = run(
                "SELECT f.name FROM inspection_officer m JOIN officer f ON f.id = m.officer_id "
                "WHERE m.inspection_id = ? ORDER BY m.id",
                (inspection_id,),
            ).all()
            expert_names = run(
                "SELECT x.name FROM inspection_expert m JOIN expert x ON x.id = m.expert_id "
                "WHERE m.inspection_id = ? ORDER BY m.id",
                (inspection_id,),
            ).all()
            draft = _draft(record, tuple((m.officer_id, m.role) for m in members), tuple(experts))
        return InspectionDetail(
            self.rows([inspection_id])[0],
            draft,
            tuple(row[0] for row in officer_names),
            tuple(row[0] for row in expert_names),
            tuple(row[0] for row in hazards),
        )

    def last_of(self, enterprise_id: int) -> int | None:
        """The newest inspection made of an enterprise."""
        found = self.ids(InspectionQuery(enterprise_id=enterprise_id, statuses=frozenset({InspectionStatus.DONE})))
        return found[0] if found else None

    def draft_from_last(self, enterprise_id: int) -> InspectionDraft:
        """A new draft with all of the last inspection but dates, names, signatures, numbers and photos.

        Its findings stay with it: each is a hazard with a life of its own, and would be registered a second time.
        """
        last = self.last_of(enterprise_id)
        if last is None:
            return InspectionDraft(enterprise_id, inspected_on=self._clock.today())
        old = self.detail(last).draft
        return InspectionDraft(
            enterprise_id,
            old.kind,
            old.origin,
            inspected_on=self._clock.today(),
            opening_meeting=old.opening_meeting,
            site_record=old.site_record,
            closing_meeting=old.closing_meeting,
            result=old.result,
            remark=old.remark,
        )


def _hazard_of(finding: Finding, draft: InspectionDraft) -> HazardDraft:
    assert draft.inspected_on is not None
    return HazardDraft(
        draft.enterprise_id,
        draft.inspected_on,
        finding.description,
        finding.level,
        finding.location,
        finding.category,
        finding.basis,
        finding.measures,
        finding.person_in_charge,
        cleared_on=draft.inspected_on if finding.is_cleared else None,
        clause=finding.clause,
        checklist_code=finding.checklist_code,
    )


def _draft(record: Inspection, officers: tuple[Member, ...], experts: tuple[int, ...]) -> InspectionDraft:
    return InspectionDraft(
        record.enterprise_id,
        record.kind,
        record.origin,
        record.plan_item_id,
        record.planned_on,
        record.inspected_on,
        officers,
        experts,
        record.approved_by,
        record.approved_on,
        record.opening_meeting,
        record.site_record,
        record.closing_meeting,
        record.unit_person,
        record.signature,
        record.refusal_note,
        record.document_number,
        record.result,
        record.remark,
    )


def _conditions(query: InspectionQuery) -> tuple[str, tuple[Any, ...]]:
    parts: list[tuple[str, list[Any]]] = []
    for word in query.text.split():
        parts.append(("(e.name LIKE ? OR i.document_number LIKE ?)", [f"%{word}%", f"%{word}%"]))
    if query.statuses:
        marks = ", ".join("?" * len(query.statuses))
        parts.append((f"i.status IN ({marks})", [status.value for status in query.statuses]))
    if query.kinds:
        parts.append((f"i.kind IN ({', '.join('?' * len(query.kinds))})", [kind.value for kind in query.kinds]))
    if query.enterprise_id is not None:
        parts.append(("i.enterprise_id = ?", [query.enterprise_id]))
    if query.officer_id is not None:
        member = "EXISTS (SELECT 1 FROM inspection_officer m WHERE m.inspection_id = i.id AND m.officer_id = ?)"
        parts.append((member, [query.officer_id]))
    if query.first_on is not None:
        parts.append(("COALESCE(i.inspected_on, i.planned_on) >= ?", [query.first_on.isoformat()]))
    if query.last_on is not None:
        parts.append(("COALESCE(i.inspected_on, i.planned_on) <= ?", [query.last_on.isoformat()]))
    if query.is_key is not None:
        parts.append(("e.is_key = ?", [int(query.is_key)]))
    where = " AND ".join(condition for condition, _ in parts)
    return (f"WHERE {where}" if where else ""), tuple(value for _, values in parts for value in values)


def _row(row: Any) -> InspectionRow:
    return InspectionRow(
        row[0],
        row[1],
        row[2],
        row[3],
        InspectionKind(row[4]),
        InspectionOrigin(row[5]),
        InspectionStatus(row[6]),
        day_of(row[7]),
        day_of(row[8]),
        row[9] or "",
        row[10],
        row[11],
        row[12],
        row[13],
        row[14],
    )


LEAD_AND_MEMBER = (OfficerRole.LEAD, OfficerRole.MEMBER)


def crew_of(officer_ids: Sequence[int]) -> tuple[Member, ...]:
    """Officers as a crew: the first leads."""
    return tuple((officer, LEAD_AND_MEMBER[min(place, 1)]) for place, officer in enumerate(officer_ids))
