"""Checklists as the office edits them, what was answered at an inspection, and the phrases people write again."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, one_of, table_args
from desktop.domain.checklist import Answer
from desktop.domain.hazard import HazardLevel


class ChecklistItem(Base):
    """An item as this office words it from a day on: a change of a shipped item, one of its own, or one left out.

    An edit never overwrites: it is a new row of the same `code` with a later `from_on`.
    """

    __tablename__ = "checklist_item"
    __table_args__ = table_args(UniqueConstraint("code", "from_on"))

    code: Mapped[str]
    from_on: Mapped[date]
    sector: Mapped[str]
    grp: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    method: Mapped[str] = mapped_column(default="")
    basis: Mapped[str] = mapped_column(default="")
    clause: Mapped[str] = mapped_column(default="")
    is_major: Mapped[bool] = mapped_column(default=False)
    is_left_out: Mapped[bool] = mapped_column(default=False)
    edited_by: Mapped[str]
    edited_at: Mapped[datetime]


class InspectionAnswer(Base):
    """One item of the list that an inspection went by: its wording as it stood on that day, and what was answered."""

    __tablename__ = "inspection_answer"
    __table_args__ = table_args(
        one_of("answer", Answer), one_of("level", HazardLevel), UniqueConstraint("inspection_id", "code")
    )

    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"), index=True)
    sequence: Mapped[int]
    code: Mapped[str]
    sector: Mapped[str] = mapped_column(default="")
    grp: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    method: Mapped[str] = mapped_column(default="")
    basis: Mapped[str] = mapped_column(default="")
    clause: Mapped[str] = mapped_column(default="")
    confidence: Mapped[str] = mapped_column(default="")
    is_major: Mapped[bool] = mapped_column(default=False)
    answer: Mapped[Answer | None]
    note: Mapped[str] = mapped_column(default="")
    location: Mapped[str] = mapped_column(default="")
    level: Mapped[HazardLevel | None]
    proposed_due_on: Mapped[date | None]
    hazard_id: Mapped[int | None] = mapped_column(ForeignKey("hazard.id"), index=True)


class Phrase(Base):
    """Words that the office writes again and again, found by their pinyin initials and ranked by use."""

    __tablename__ = "phrase"
    __table_args__ = table_args(Index(None, "initials"))

    text: Mapped[str] = mapped_column(unique=True)
    initials: Mapped[str]
    used_count: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]
    archived_on: Mapped[date | None]
