"""Re-inspections 整改复查: round by round, hazard by hazard: cleared, or failed and then again or escalated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from db.models import Hazard, RectificationOrder, Reinspection, ReinspectionOfficer, ReinspectionResult
from db.store import Store
from desktop.domain.deadline import RuleBook
from desktop.domain.errors import Invalid, Refused
from desktop.domain.gate import GateWarning
from desktop.domain.hazard import EscalationKind, HazardStatus, may_be_reinspected, moved
from desktop.domain.obligation_kind import Actor, EndKind, ObligationKind, SubjectType
from desktop.domain.officer import gate_recusal, gate_two_officers
from desktop.domain.reinspection import ReinspectionOutcome
from desktop.services.clock import Clock
from desktop.services.crew import certificate_number, crew_on, recused
from desktop.services.gates import pass_gates
from desktop.services.hazards import Hazards
from desktop.services.inspections import NoteNumber, crew_of, unnoted
from desktop.services.obligations import Obligations
from desktop.services.orders import Orders


@dataclass(frozen=True, slots=True)
class ResultDraft:
    """What was found of one hazard. A failed one needs a new deadline, or a proposal of what follows."""

    hazard_id: int
    outcome: ReinspectionOutcome
    note: str = ""
    again_due_on: date | None = None
    escalation: EscalationKind | None = None


@dataclass(frozen=True, slots=True)
class ReinspectionDraft:
    """A re-inspection of one enterprise as the form holds it."""

    enterprise_id: int
    reinspected_on: date
    officers: tuple[int, ...]
    results: tuple[ResultDraft, ...]
    document_number: str = ""
    unit_person: str = ""
    remark: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RoundRow:
    """One round of one hazard in the record."""

    reinspection_id: int
    hazard_id: int
    reinspected_on: date
    outcome: ReinspectionOutcome
    note: str
    officers: str
    document_number: str


ROUND_SQL = """
SELECT r.id, x.hazard_id, r.reinspected_on, x.outcome, x.note,
       (SELECT GROUP_CONCAT(f.name, '、') FROM reinspection_officer m JOIN officer f ON f.id = m.officer_id
         WHERE m.reinspection_id = r.id), r.document_number
FROM reinspection r JOIN reinspection_result x ON x.reinspection_id = r.id
"""


class Reinspections:
    """Records that the office went back, and what follows for each hazard."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset(
        {"reinspection", "reinspection_result", "reinspection_officer", "hazard", "officer"}
    )

    def __init__(
        self,
        store: Store,
        clock: Clock,
        rules: RuleBook,
        obligations: Obligations,
        hazards: Hazards,
        orders: Orders,
        note_number: NoteNumber = unnoted,
    ) -> None:
        self._store = store
        self._note_number = note_number
        self._clock = clock
        self._rules = rules
        self._obligations = obligations
        self._hazards = hazards
        self._orders = orders

    def gates(self, draft: ReinspectionDraft) -> list[GateWarning]:
        """Two certified officers, as for every act of enforcement, and none who must keep away."""
        with self._store.read() as session:
            members, on = crew_of(draft.officers), draft.reinspected_on
            crew = crew_on(session, members, on)
            away = recused(session, members, draft.enterprise_id, on)
        warnings = list(gate_two_officers(self._rules.gates["two_officers"], crew, on))
        return [*warnings, *gate_recusal(self._rules.gates["recusal"], away, on)]

    def record(self, draft: ReinspectionDraft) -> int:
        """Record a re-inspection: every named hazard gets its result, and its obligations follow."""
        self._check(draft)
        warnings = self.gates(draft)
        with self._store.write(f"登记复查 {len(draft.results)} 项") as session:
            record = self._new(session, draft)
            pass_gates(session, self._store, self._clock, warnings, draft.reasons, ("reinspection", record.id))
            orders = {self._apply(session, record, result, draft) for result in draft.results}
            record.order_id = next(iter(orders)) if len(orders) == 1 else None
            self._note_number(session, "reinspection_opinion", record.document_number, _chain(session, record))
            for order_id in orders - {None}:
                assert order_id is not None
                self._orders.settle(session, order_id)
            return record.id

    def _new(self, session: Session, draft: ReinspectionDraft) -> Reinspection:
        record = Reinspection(
            enterprise_id=draft.enterprise_id,
            reinspected_on=draft.reinspected_on,
            document_number=draft.document_number.strip(),
            unit_person=draft.unit_person.strip(),
            remark=draft.remark.strip(),
        )
        session.add(record)
        session.flush()
        for officer_id in draft.officers:
            number = certificate_number(session, officer_id, draft.reinspected_on)
            session.add(
                ReinspectionOfficer(reinspection_id=record.id, officer_id=officer_id, certificate_number=number)
            )
        return record

    def _apply(
        self, session: Session, record: Reinspection, result: ResultDraft, draft: ReinspectionDraft
    ) -> int | None:
        hazard = session.get_one(Hazard, result.hazard_id)
        if hazard.enterprise_id != draft.enterprise_id:
            raise Refused("hazard_other_enterprise")
        may_be_reinspected(hazard.status)
        if draft.reinspected_on < hazard.found_on:
            raise Invalid({"reinspected_on": "before_found"})
        session.add(
            ReinspectionResult(
                reinspection_id=record.id,
                hazard_id=hazard.id,
                outcome=result.outcome,
                note=result.note.strip(),
            )
        )
        if result.outcome is ReinspectionOutcome.CLEARED:
            self._clear(session, hazard, draft.reinspected_on)
        else:
            self._fail(session, hazard, result, draft)
        return hazard.order_id

    def _clear(self, session: Session, hazard: Hazard, on: date) -> None:
        hazard.status, hazard.cleared_on = moved(hazard.status, HazardStatus.CLEARED), on
        subject = (SubjectType.HAZARD, hazard.id)
        for kind in (ObligationKind.RECTIFY, ObligationKind.REINSPECT):
            self._obligations.end(session, subject, kind, EndKind.DONE, on)
        self._drop_open_applications(session, hazard.id, on)
        self._hazards.drop_proposals(session, hazard.id, on)

    def _drop_open_applications(self, session: Session, hazard_id: int, on: date) -> None:
        """An application for more time has no object any more once the hazard is gone."""
        for extension in self._hazards.extensions(hazard_id):
            if extension.decided_on is None:
                subject = (SubjectType.EXTENSION, extension.id)
                self._obligations.end(session, subject, None, EndKind.VOID, on, "隐患已复查合格")

    def _fail(self, session: Session, hazard: Hazard, result: ResultDraft, draft: ReinspectionDraft) -> None:
        on, subject = draft.reinspected_on, (SubjectType.HAZARD, hazard.id)
        if result.escalation is not None:
            self._obligations.end(session, subject, ObligationKind.REINSPECT, EndKind.DONE, on, "复查不合格")
            self._hazards.escalate_in(session, hazard.id, result.escalation, on, result.note)
            return
        assert result.again_due_on is not None
        hazard.status = moved(hazard.status, HazardStatus.AGAIN)
        self._obligations.end(session, subject, ObligationKind.REINSPECT, EndKind.DONE, on, "复查不合格")
        self._set_again(session, hazard, on, result.again_due_on)
        self._orders.expect_reinspection(session, hazard, result.again_due_on, on, draft.officers[0])

    def _set_again(self, session: Session, hazard: Hazard, on: date, due_on: date) -> None:
        """A new link in the chain of the deadline; a deadline that was waived meanwhile begins a chain of its own."""
        subject, due = (SubjectType.HAZARD, hazard.id), self._obligations.due_on_day(due_on)
        duty = self._obligations.open_id(session, subject, ObligationKind.RECTIFY)
        if duty is not None:
            self._obligations.move(session, duty, due, reason=f"{on} 复查不合格，继续整改")
            return
        self._obligations.open(
            session,
            kind=ObligationKind.RECTIFY,
            title=f"继续整改：{hazard.description[:20]}",
            subject=subject,
            actor=Actor.ENTERPRISE,
            triggered_on=on,
            due=due,
            enterprise_id=hazard.enterprise_id,
        )

    def _check(self, draft: ReinspectionDraft) -> None:
        problems = {}
        if draft.reinspected_on > self._clock.today():
            problems["reinspected_on"] = "date_future"
        if not draft.results:
            problems["results"] = "missing"
        for result in draft.results:
            if result.outcome is ReinspectionOutcome.CLEARED:
                continue
            if result.escalation is None and result.again_due_on is None:
                problems[f"again_due_on.{result.hazard_id}"] = "missing"
            elif result.escalation is None and result.again_due_on is not None:
                if result.again_due_on <= draft.reinspected_on:
                    problems[f"again_due_on.{result.hazard_id}"] = "before_reinspection"
            elif not result.note.strip():
                problems[f"note.{result.hazard_id}"] = "missing"
        if problems:
            raise Invalid(problems)

    def due_ids(self, enterprise_id: int) -> list[int]:
        """The hazards of an enterprise that can be re-inspected: ordered, in another round, or escalated."""
        with self._store.read() as session:
            found = session.connection().exec_driver_sql(
                "SELECT id FROM hazard WHERE enterprise_id = ? AND status IN ('ordered', 'again', 'escalated') "
                "ORDER BY found_on, id",
                (enterprise_id,),
            )
            return [row[0] for row in found]

    def rounds(self, hazard_ids: Sequence[int]) -> list[RoundRow]:
        """All rounds of these hazards, oldest first."""
        marks = ", ".join("?" * len(hazard_ids))
        with self._store.read() as session:
            found = session.connection().exec_driver_sql(
                f"{ROUND_SQL} WHERE x.hazard_id IN ({marks}) ORDER BY r.reinspected_on, r.id", tuple(hazard_ids)
            )
            return [_round(row) for row in found]


def _chain(session: Session, record: Reinspection) -> str:
    """Its documents share the number of the inspection, or else of the order, that it goes back to."""
    if record.order_id is None:
        return ""
    visit = session.get_one(RectificationOrder, record.order_id).inspection_id
    return f"inspection:{visit}" if visit is not None else f"order:{record.order_id}"


def _round(row: Any) -> RoundRow:
    return RoundRow(
        row[0], row[1], date.fromisoformat(row[2]), ReinspectionOutcome(row[3]), row[4], row[5] or "", row[6]
    )
