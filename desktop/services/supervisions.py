"""Supervised major hazards 挂牌督办: listed, kept with their 五到位, reviewed before work resumes, accepted, taken off.

The deadline is the obligation `SUPERVISE` without a rule; a review of resumption is one of its own under
`hazard.resume_review`. Both stay until the act is recorded.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Escalation, Hazard, Obligation, Supervision
from db.store import Store
from desktop.domain.errors import Invalid, Refused
from desktop.domain.gate import GateWarning
from desktop.domain.hazard import EscalationKind, HazardStatus
from desktop.domain.obligation_kind import Actor, EndKind, ObligationKind, SubjectType
from desktop.domain.supervision import RESUME_REVIEW, Delisting, Readiness, lights, may_be_delisted, may_be_listed
from desktop.services.clock import Clock
from desktop.services.gates import pass_gates
from desktop.services.hazards import Hazards
from desktop.services.obligations import Obligations
from desktop.services.stored import day_of

Reasons = dict[str, str]


@dataclass(frozen=True, slots=True)
class SupervisionDraft:
    """A listing as the form holds it. `due_on` is the deadline of the rectification; later it moves by `extend`."""

    hazard_id: int
    listed_by: str
    listed_on: date
    due_on: date | None = None
    level: str = ""
    number: str = ""
    standard: str = ""
    supervisor: str = ""
    measures: str = ""
    funds: str = ""
    time_limit: str = ""
    responsible: str = ""
    contingency: str = ""
    interim_control: str = ""
    published_on: date | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class SupervisionRow:
    """A supervised hazard as lists and panels show it."""

    id: int
    hazard_id: int
    enterprise_id: int
    enterprise: str
    village: str
    description: str
    location: str
    hazard_status: HazardStatus
    found_on: date
    listed_by: str
    level: str
    listed_on: date
    number: str
    standard: str
    supervisor: str
    measures: str
    funds: str
    time_limit: str
    responsible: str
    contingency: str
    interim_control: str
    published_on: date | None
    resumption_asked_on: date | None
    accepted_on: date | None
    delisted_on: date | None
    remark: str
    original_due_on: date | None
    due_on: date | None
    review_due_on: date | None
    days_left: int | None

    @property
    def is_standing(self) -> bool:
        """Not taken off yet."""
        return self.delisted_on is None

    @property
    def lights(self) -> tuple[tuple[Readiness, bool], ...]:
        """The five, each with whether it is in place."""
        return lights({each.value: getattr(self, each.value) for each in Readiness})

    @property
    def lit(self) -> int:
        """How many of the five are in place."""
        return sum(is_lit for _, is_lit in self.lights)


_DUE = (
    "(SELECT d.due_on FROM obligation b JOIN obligation_due d ON d.obligation_id = b.id "
    "WHERE b.subject_type = 'supervision' AND b.subject_id = s.id AND b.kind = 'supervise' {wanted} "
    "ORDER BY b.id DESC, d.sequence {order} LIMIT 1)"
)
ROW_SQL = f"""
SELECT s.id, s.hazard_id, h.enterprise_id, e.name, e.village, h.description, h.location, h.status, h.found_on,
       s.listed_by, s.level, s.listed_on, s.number, s.standard, s.supervisor, s.measures, s.funds, s.time_limit,
       s.responsible, s.contingency, s.interim_control, s.published_on, s.resumption_asked_on, s.accepted_on,
       s.delisted_on, s.remark,
       {_DUE.format(wanted="AND b.rule IS NULL", order="ASC")},
       {_DUE.format(wanted="AND b.rule IS NULL", order="DESC")},
       {_DUE.format(wanted="AND b.rule IS NOT NULL AND b.ended_on IS NULL", order="DESC")}
FROM supervision s JOIN hazard h ON h.id = s.hazard_id JOIN enterprise e ON e.id = h.enterprise_id
"""
_WORDS = (
    "listed_by", "level", "number", "standard", "supervisor", "measures", "funds", "time_limit", "responsible",
    "contingency", "interim_control", "remark",
)  # fmt: skip


class Supervisions:
    """Keeps the register of supervised hazards in step with their obligations."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset(
        {"supervision", "hazard", "enterprise", "obligation", "obligation_due", "escalation"}
    )

    def __init__(self, store: Store, clock: Clock, obligations: Obligations, hazards: Hazards) -> None:
        self._store = store
        self._clock = clock
        self._obligations = obligations
        self._hazards = hazards

    # ---- acts ----------------------------------------------------------------------------------------------

    def put_up(self, draft: SupervisionDraft) -> int:
        """List a major hazard: it takes its deadline; a proposal to list it is thereby answered."""
        self._check(draft, is_new=True)
        with self._store.write("挂牌督办") as session:
            hazard = session.get_one(Hazard, draft.hazard_id)
            may_be_listed(hazard.level, hazard.status, self._standing(session, hazard.id) is not None)
            if draft.listed_on < hazard.found_on:
                raise Invalid({"listed_on": "before_found"})
            proposal = self._proposal(session, hazard.id)
            record = Supervision(hazard_id=hazard.id, escalation_id=proposal.id if proposal else None)
            self._write(record, draft)
            session.add(record)
            session.flush()
            if proposal is not None:
                answered = max(draft.listed_on, proposal.escalated_on)
                self._hazards.answer_in(
                    session, proposal, answered, f"{record.listed_by}挂牌督办 {record.number}".strip()
                )
            assert draft.due_on is not None
            self._obligations.open(
                session,
                kind=ObligationKind.SUPERVISE,
                title=f"挂牌督办：{hazard.description[:20]}",
                subject=(SubjectType.SUPERVISION, record.id),
                actor=Actor.AGENCY,
                triggered_on=draft.listed_on,
                due=self._obligations.due_on_day(draft.due_on),
                enterprise_id=hazard.enterprise_id,
            )
            return record.id

    def change(self, supervision_id: int, draft: SupervisionDraft) -> None:
        """Mend or fill in the record; its deadline is moved by `extend` alone."""
        self._check(draft, is_new=False)
        with self._store.write("修改挂牌督办") as session:
            self._write(self._open(session, supervision_id), draft)

    def extend(self, supervision_id: int, due_on: date, reason: str, approver: str) -> None:
        """A later deadline, with its reason and who approved it: one more link of the chain."""
        problems = {key: "missing" for key, words in (("reason", reason), ("approver", approver)) if not words.strip()}
        if problems:
            raise Invalid(problems)
        with self._store.write("延长督办期限") as session:
            self._open(session, supervision_id)
            duty = self._deadline(session, supervision_id)
            now = self._obligations.last_due_on(session, duty)
            if due_on <= now:
                raise Invalid({"due_on": "not_later"}, due_on=now)
            due = self._obligations.due_on_day(due_on)
            self._obligations.move(session, duty, due, reason=reason.strip(), approver=approver.strip())

    def ask_resumption(self, supervision_id: int, on: date) -> None:
        """The enterprise reports that it wants to resume: a review on the spot is due (`hazard.resume_review`)."""
        self._not_future("on", on)
        with self._store.write("登记恢复生产申请") as session:
            record = self._open(session, supervision_id)
            if record.resumption_asked_on is not None and record.accepted_on is None:
                raise Refused("supervision_request_open", on=record.resumption_asked_on)
            if on < record.listed_on:
                raise Invalid({"on": "before_listing"})
            record.resumption_asked_on = on
            hazard = session.get_one(Hazard, record.hazard_id)
            self._obligations.open(
                session,
                kind=ObligationKind.SUPERVISE,
                title=f"恢复生产现场审查：{hazard.description[:20]}",
                subject=(SubjectType.SUPERVISION, record.id),
                actor=Actor.AGENCY,
                triggered_on=on,
                due=self._obligations.due_by_rule(RESUME_REVIEW, on),
                enterprise_id=hazard.enterprise_id,
            )

    def review(self, supervision_id: int, on: date, note: str, *, is_accepted: bool) -> None:
        """The review of the application: accepted, or not and then the application is at an end and work stays stopped."""
        self._not_future("on", on)
        if not is_accepted and not note.strip():
            raise Invalid({"note": "missing"})
        with self._store.write("登记恢复生产审查") as session:
            record = self._open(session, supervision_id)
            if record.resumption_asked_on is None or record.accepted_on is not None:
                raise Refused("supervision_no_request")
            if on < record.resumption_asked_on:
                raise Invalid({"on": "before_resumption"})
            told = "审查通过" if is_accepted else "审查未通过"
            said = f"{on} {told}" + (f"：{note.strip()}" if note.strip() else "")
            record.remark = "；".join(filter(None, (record.remark, said)))
            if is_accepted:
                record.accepted_on = on
            else:
                record.resumption_asked_on = None
            subject = (SubjectType.SUPERVISION, record.id)
            kind = ObligationKind.SUPERVISE
            self._obligations.end(session, subject, kind, EndKind.DONE, on, said, rule=RESUME_REVIEW)

    def accept(self, supervision_id: int, on: date, note: str = "") -> None:
        """Accepted 验收 without an application to resume: work was never stopped."""
        self._not_future("on", on)
        with self._store.write("登记督办验收") as session:
            record = self._open(session, supervision_id)
            if record.resumption_asked_on is not None:
                raise Refused("supervision_request_open", on=record.resumption_asked_on)
            if on < record.listed_on:
                raise Invalid({"on": "before_listing"})
            record.accepted_on = on
            said = f"{on} 验收" + (f"：{note.strip()}" if note.strip() else "")
            record.remark = "；".join(filter(None, (record.remark, said)))

    def delisting_gates(self, supervision_id: int) -> list[GateWarning]:
        """Work resumes only with consent after a review (安全生产法 65): an application that nobody reviewed wants a word."""
        row = self.row(supervision_id)
        if row.resumption_asked_on is None or row.accepted_on is not None:
            return []
        gate = self._obligations.gate("resume_approval")
        text = f"企业 {row.resumption_asked_on} 申请恢复生产，还没有审查同意的记录"
        return [GateWarning(gate.id, text, f"{gate.source} {gate.article}")]

    def take_down(self, supervision_id: int, on: date, reasons: Reasons | None = None) -> None:
        """Take a hazard off 摘牌: only when it was cleared or accepted; what was due is done."""
        self._not_future("on", on)
        warnings = self.delisting_gates(supervision_id)
        with self._store.write("摘牌") as session:
            record = session.get_one(Supervision, supervision_id)
            hazard = session.get_one(Hazard, record.hazard_id)
            may_be_delisted(Delisting(hazard.status, record.accepted_on, record.delisted_on))
            if on < record.listed_on:
                raise Invalid({"on": "before_listing"})
            pass_gates(session, self._store, self._clock, warnings, reasons or {}, ("supervision", record.id))
            record.delisted_on = on
            self._obligations.end(session, (SubjectType.SUPERVISION, record.id), None, EndKind.DONE, on, "摘牌")

    # ---- inside the acts -----------------------------------------------------------------------------------

    def _write(self, record: Supervision, draft: SupervisionDraft) -> None:
        for name in _WORDS:
            setattr(record, name, getattr(draft, name).strip())
        record.listed_on, record.published_on = draft.listed_on, draft.published_on

    def _open(self, session: Session, supervision_id: int) -> Supervision:
        record = session.get_one(Supervision, supervision_id)
        if record.delisted_on is not None:
            raise Refused("supervision_ended", on=record.delisted_on)
        return record

    def _standing(self, session: Session, hazard_id: int) -> Supervision | None:
        wanted = select(Supervision).where(Supervision.hazard_id == hazard_id, Supervision.delisted_on.is_(None))
        return session.scalars(wanted).first()

    def _proposal(self, session: Session, hazard_id: int) -> Escalation | None:
        wanted = select(Escalation).where(
            Escalation.hazard_id == hazard_id,
            Escalation.kind == EscalationKind.SUPERVISION,
            Escalation.answered_on.is_(None),
        )
        return session.scalars(wanted.order_by(Escalation.id.desc())).first()

    def _deadline(self, session: Session, supervision_id: int) -> int:
        """The open obligation that holds the deadline, not the review."""
        wanted = select(Obligation.id).where(
            Obligation.subject_type == SubjectType.SUPERVISION,
            Obligation.subject_id == supervision_id,
            Obligation.rule.is_(None),
            Obligation.ended_on.is_(None),
        )
        duty = session.scalars(wanted).first()
        if duty is None:
            raise Refused("hazard_has_no_deadline")
        return duty

    def _check(self, draft: SupervisionDraft, *, is_new: bool) -> None:
        today, problems = self._clock.today(), {}
        if not draft.listed_by.strip():
            problems["listed_by"] = "missing"
        if draft.listed_on > today:
            problems["listed_on"] = "date_future"
        if is_new and draft.due_on is None:
            problems["due_on"] = "missing"
        if draft.due_on is not None and draft.due_on < draft.listed_on:
            problems["due_on"] = "before_listing"
        if draft.published_on is not None and draft.published_on < draft.listed_on:
            problems["published_on"] = "before_listing"
        if draft.published_on is not None and draft.published_on > today:
            problems["published_on"] = "date_future"
        if problems:
            raise Invalid(problems)

    def _not_future(self, field: str, on: date) -> None:
        if on > self._clock.today():
            raise Invalid({field: "date_future"})

    # ---- questions -----------------------------------------------------------------------------------------

    def rows(self) -> list[SupervisionRow]:
        """The register: what stands first by its deadline, then what was taken off, the latest first."""
        found = self._rows("ORDER BY s.id")
        standing = sorted((row for row in found if row.is_standing), key=lambda row: row.due_on or date.max)
        ended = sorted((row for row in found if not row.is_standing), key=_ended, reverse=True)
        return standing + ended

    def row(self, supervision_id: int) -> SupervisionRow:
        """One of them."""
        return self._rows("WHERE s.id = ?", supervision_id)[0]

    def row_or_none(self, supervision_id: int) -> SupervisionRow | None:
        """One of them, unless it is gone."""
        return next(iter(self._rows("WHERE s.id = ?", supervision_id)), None)

    def of_hazard(self, hazard_id: int) -> list[SupervisionRow]:
        """Every listing of a hazard, oldest first."""
        return self._rows("WHERE s.hazard_id = ? ORDER BY s.id", hazard_id)

    def draft_of(self, supervision_id: int) -> SupervisionDraft:
        """A listing as a form shows it for mending."""
        row = self.row(supervision_id)
        return SupervisionDraft(**{field.name: getattr(row, field.name) for field in fields(SupervisionDraft)})

    def chain(self, supervision_id: int) -> Sequence[tuple[date, str, str]]:
        """The chain of the deadline: each day with its reason and approver."""
        with self._store.read() as session:
            found = session.connection().exec_driver_sql(
                "SELECT d.due_on, d.reason, d.approver FROM obligation b JOIN obligation_due d ON d.obligation_id = b.id "
                "WHERE b.subject_type = 'supervision' AND b.subject_id = ? AND b.rule IS NULL ORDER BY d.sequence",
                (supervision_id,),
            )
            return [(date.fromisoformat(due_on), reason, approver) for due_on, reason, approver in found]

    def _rows(self, where: str, *values: int) -> list[SupervisionRow]:
        today = self._clock.today()
        with self._store.read() as session:
            return [_row(row, today) for row in session.connection().exec_driver_sql(f"{ROW_SQL} {where}", values)]


def _ended(row: SupervisionRow) -> date:
    return row.delisted_on or date.min


_DAYS = frozenset({"found_on", "listed_on", "published_on", "resumption_asked_on", "accepted_on", "delisted_on",
                   "original_due_on", "due_on", "review_due_on"})  # fmt: skip
_NAMES = tuple(field.name for field in fields(SupervisionRow))


def _row(row: Any, today: date) -> SupervisionRow:
    told = dict(zip(_NAMES, row, strict=False))
    for name in _DAYS:
        told[name] = day_of(told[name])
    told["hazard_status"] = HazardStatus(told["hazard_status"])
    due_on = told["due_on"]
    is_open = told["delisted_on"] is None and due_on is not None
    return SupervisionRow(**told, days_left=(due_on - today).days if is_open else None)
