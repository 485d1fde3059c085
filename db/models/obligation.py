"""What must be done by when: the one place where a due date is stored."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, one_of, table_args
from desktop.domain.obligation_kind import Actor, EndKind, ObligationKind, SubjectType


class Obligation(Base):
    """A 时限事项: kind, subject, enterprise, rule, trigger, officer, and how it ended. Overdue is never stored."""

    __tablename__ = "obligation"
    __table_args__ = table_args(
        one_of("kind", ObligationKind),
        one_of("subject_type", SubjectType),
        one_of("actor", Actor),
        one_of("end_kind", EndKind),
        CheckConstraint("(ended_on IS NULL) = (end_kind IS NULL)", name="ended"),
        Index(None, "subject_type", "subject_id"),
        Index("ix_obligation_open", "kind", sqlite_where=text("ended_on IS NULL")),
    )

    kind: Mapped[ObligationKind]
    title: Mapped[str]
    subject_type: Mapped[SubjectType]
    subject_id: Mapped[int]
    enterprise_id: Mapped[int | None] = mapped_column(ForeignKey("enterprise.id"), index=True)
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"), index=True)
    actor: Mapped[Actor]
    rule: Mapped[str | None]
    triggered_on: Mapped[date]
    ended_on: Mapped[date | None] = mapped_column(index=True)
    end_kind: Mapped[EndKind | None]
    end_reason: Mapped[str] = mapped_column(default="")


class ObligationDue(Base):
    """One link of the chain: the original due date, then each extension. The last one is in force."""

    __tablename__ = "obligation_due"
    __table_args__ = table_args(UniqueConstraint("obligation_id", "sequence"))

    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligation.id"))
    sequence: Mapped[int]
    raw_on: Mapped[date]
    due_on: Mapped[date] = mapped_column(index=True)
    plan_on: Mapped[date]
    due_at: Mapped[datetime | None]
    is_provisional: Mapped[bool] = mapped_column(default=False)
    rule: Mapped[str | None]
    set_on: Mapped[date]
    reason: Mapped[str] = mapped_column(default="")
    approver: Mapped[str] = mapped_column(default="")
