"""The chain of the work: plan, inspection, hazard, order, extension, re-inspection, revisit, and cases as records."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, one_of, table_args
from desktop.domain.hazard import EscalationKind, HazardLevel, HazardStatus
from desktop.domain.inspection import InspectionKind, InspectionOrigin, InspectionStatus, OfficerRole, Signature
from desktop.domain.order import OfficeMode, OrderStatus
from desktop.domain.plan import PlanKind, PlanSource
from desktop.domain.reinspection import ReinspectionOutcome


class PlanItem(Base):
    """One enterprise to be inspected in a month of the annual plan. When is the obligation's to say."""

    __tablename__ = "plan_item"
    __table_args__ = table_args(
        one_of("kind", PlanKind),
        one_of("source", PlanSource),
        CheckConstraint("month BETWEEN 1 AND 12", name="month"),
        Index(None, "year", "month"),
    )

    year: Mapped[int]
    month: Mapped[int]
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    kind: Mapped[PlanKind]
    source: Mapped[PlanSource] = mapped_column(default=PlanSource.HAND)
    planned_on: Mapped[date | None] = mapped_column(index=True)
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    reason: Mapped[str] = mapped_column(default="")
    cancelled_on: Mapped[date | None]
    cancel_reason: Mapped[str] = mapped_column(default="")


class Inspection(Base):
    """One visit under the rules of enforcement: opening meeting 启动会, site check 现场检查, closing meeting 总结会."""

    __tablename__ = "inspection"
    __table_args__ = table_args(
        one_of("kind", InspectionKind),
        one_of("origin", InspectionOrigin),
        one_of("status", InspectionStatus),
        one_of("signature", Signature),
    )

    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    plan_item_id: Mapped[int | None] = mapped_column(ForeignKey("plan_item.id"), index=True)
    kind: Mapped[InspectionKind]
    origin: Mapped[InspectionOrigin] = mapped_column(default=InspectionOrigin.PLAN)
    status: Mapped[InspectionStatus] = mapped_column(default=InspectionStatus.PLANNED)
    planned_on: Mapped[date | None] = mapped_column(index=True)
    inspected_on: Mapped[date | None] = mapped_column(index=True)
    approved_by: Mapped[str] = mapped_column(default="")
    approved_on: Mapped[date | None]
    opening_meeting: Mapped[str] = mapped_column(default="")
    site_record: Mapped[str] = mapped_column(default="")
    closing_meeting: Mapped[str] = mapped_column(default="")
    unit_person: Mapped[str] = mapped_column(default="")
    signature: Mapped[Signature | None]
    refusal_note: Mapped[str] = mapped_column(default="")
    document_number: Mapped[str] = mapped_column(default="")
    result: Mapped[str] = mapped_column(default="")
    remark: Mapped[str] = mapped_column(default="")


class InspectionOfficer(Base):
    """An officer at an inspection, with the certificate number as it stood on that day."""

    __tablename__ = "inspection_officer"
    __table_args__ = table_args(one_of("role", OfficerRole), UniqueConstraint("inspection_id", "officer_id"))

    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"))
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    role: Mapped[OfficerRole]
    certificate_number: Mapped[str] = mapped_column(default="")


class InspectionExpert(Base):
    """An expert at an inspection."""

    __tablename__ = "inspection_expert"
    __table_args__ = table_args(UniqueConstraint("inspection_id", "expert_id"))

    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"))
    expert_id: Mapped[int] = mapped_column(ForeignKey("expert.id"))


class RectificationOrder(Base):
    """A 责令限期整改指令书 over one or more hazards of one enterprise."""

    __tablename__ = "rectification_order"
    __table_args__ = table_args(one_of("mode", OfficeMode), one_of("status", OrderStatus))

    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    inspection_id: Mapped[int | None] = mapped_column(ForeignKey("inspection.id"), index=True)
    number: Mapped[str] = mapped_column(unique=True)
    mode: Mapped[OfficeMode]
    status: Mapped[OrderStatus] = mapped_column(default=OrderStatus.ISSUED)
    issued_on: Mapped[date]
    delivered_on: Mapped[date | None]
    delivered_to: Mapped[str] = mapped_column(default="")
    void_reason: Mapped[str] = mapped_column(default="")
    remark: Mapped[str] = mapped_column(default="")


class Hazard(Base):
    """One hazard. Its deadline is not here: the obligation holds it."""

    __tablename__ = "hazard"
    __table_args__ = table_args(
        one_of("level", HazardLevel), one_of("status", HazardStatus), Index(None, "status", "level")
    )

    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    inspection_id: Mapped[int | None] = mapped_column(ForeignKey("inspection.id"), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("rectification_order.id"), index=True)
    found_on: Mapped[date] = mapped_column(index=True)
    description: Mapped[str]
    location: Mapped[str] = mapped_column(default="")
    category: Mapped[str] = mapped_column(default="")
    level: Mapped[HazardLevel]
    status: Mapped[HazardStatus] = mapped_column(default=HazardStatus.REGISTERED)
    basis: Mapped[str] = mapped_column(default="")
    clause: Mapped[str | None]
    checklist_code: Mapped[str | None] = mapped_column(index=True)
    measures: Mapped[str] = mapped_column(default="")
    person_in_charge: Mapped[str] = mapped_column(default="")
    cleared_on: Mapped[date | None]
    remark: Mapped[str] = mapped_column(default="")


class Extension(Base):
    """An application to extend a hazard's deadline, and the answer (Order 77 Art. 16: `rect.ext_apply`)."""

    __tablename__ = "extension"

    hazard_id: Mapped[int] = mapped_column(ForeignKey("hazard.id"), index=True)
    applied_on: Mapped[date]
    reason: Mapped[str]
    done_so_far: Mapped[str] = mapped_column(default="")
    requested_due_on: Mapped[date]
    is_granted: Mapped[bool | None]
    granted_due_on: Mapped[date | None]
    approver: Mapped[str] = mapped_column(default="")
    decided_on: Mapped[date | None]
    refusal: Mapped[str] = mapped_column(default="")


class ReinspectionRequest(Base):
    """The enterprise's own application to be re-inspected before the deadline: it starts the clock at once."""

    __tablename__ = "reinspection_request"

    hazard_id: Mapped[int] = mapped_column(ForeignKey("hazard.id"), index=True)
    received_on: Mapped[date]
    remark: Mapped[str] = mapped_column(default="")


class Reinspection(Base):
    """One re-inspection 整改复查: it may look at several hazards of one enterprise."""

    __tablename__ = "reinspection"

    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("rectification_order.id"), index=True)
    reinspected_on: Mapped[date] = mapped_column(index=True)
    document_number: Mapped[str] = mapped_column(default="")
    unit_person: Mapped[str] = mapped_column(default="")
    remark: Mapped[str] = mapped_column(default="")


class ReinspectionOfficer(Base):
    """A re-inspector: two are needed."""

    __tablename__ = "reinspection_officer"
    __table_args__ = table_args(UniqueConstraint("reinspection_id", "officer_id"))

    reinspection_id: Mapped[int] = mapped_column(ForeignKey("reinspection.id"))
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    certificate_number: Mapped[str] = mapped_column(default="")


class ReinspectionResult(Base):
    """What was found of one hazard in one round."""

    __tablename__ = "reinspection_result"
    __table_args__ = table_args(
        one_of("outcome", ReinspectionOutcome), UniqueConstraint("reinspection_id", "hazard_id")
    )

    reinspection_id: Mapped[int] = mapped_column(ForeignKey("reinspection.id"))
    hazard_id: Mapped[int] = mapped_column(ForeignKey("hazard.id"), index=True)
    outcome: Mapped[ReinspectionOutcome]
    note: Mapped[str] = mapped_column(default="")


class Escalation(Base):
    """A proposal that follows a failed rectification, to be decided above the town."""

    __tablename__ = "escalation"
    __table_args__ = table_args(one_of("kind", EscalationKind))

    hazard_id: Mapped[int] = mapped_column(ForeignKey("hazard.id"), index=True)
    kind: Mapped[EscalationKind]
    escalated_on: Mapped[date]
    reason: Mapped[str]
    answered_on: Mapped[date | None]
    answer: Mapped[str | None]


class RevisitProgramme(Base):
    """Why an enterprise is revisited again and again until it is let go (监察执法回访制)."""

    __tablename__ = "revisit_programme"

    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("penalty_case.id"))
    reason: Mapped[str]
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(default="")


class Revisit(Base):
    """One revisit that was made."""

    __tablename__ = "revisit"

    programme_id: Mapped[int] = mapped_column(ForeignKey("revisit_programme.id"), index=True)
    revisited_on: Mapped[date] = mapped_column(index=True)
    officers: Mapped[str] = mapped_column(default="")
    is_clean: Mapped[bool]
    note: Mapped[str] = mapped_column(default="")


class PenaltyCase(Base):
    """A penalty case as a record in the ledger; its procedure is not kept here."""

    __tablename__ = "penalty_case"

    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    number: Mapped[str] = mapped_column(default="")
    cause: Mapped[str]
    filed_on: Mapped[date | None] = mapped_column(index=True)
    decided_on: Mapped[date | None] = mapped_column(index=True)
    fine_fen: Mapped[int | None]
    is_accident: Mapped[bool] = mapped_column(default=False)
    closed_on: Mapped[date | None]
    remark: Mapped[str] = mapped_column(default="")


class ImportBatch(Base):
    """A ledger that was taken in: what, from whom, with what result."""

    __tablename__ = "import_batch"

    kind: Mapped[str]
    file_name: Mapped[str]
    sha256: Mapped[str] = mapped_column(default="")
    applied_at: Mapped[datetime]
    read_count: Mapped[int]
    new_count: Mapped[int]
    changed_count: Mapped[int]
    unchanged_count: Mapped[int]
    rejected_count: Mapped[int]
    skipped_count: Mapped[int]


class ImportMapping(Base):
    """How the columns of a sender's layout were understood, found again by the signature of its headings."""

    __tablename__ = "import_mapping"
    __table_args__ = table_args(UniqueConstraint("kind", "signature"))

    kind: Mapped[str]
    signature: Mapped[str]
    columns: Mapped[str]
    used_at: Mapped[datetime]


class ReportText(Base):
    """A paragraph of the year-end report as the office rewrote it."""

    __tablename__ = "report_text"
    __table_args__ = table_args(UniqueConstraint("year", "section"))

    year: Mapped[int]
    section: Mapped[str]
    body: Mapped[str]


class Submission(Base):
    """A year-end package that was made: what it said, and the hash of the file."""

    __tablename__ = "submission"

    year: Mapped[int] = mapped_column(index=True)
    cut_off_on: Mapped[date]
    made_at: Mapped[datetime]
    file_name: Mapped[str]
    sha256: Mapped[str]
    figures: Mapped[str]
