"""The office itself: its name, in whose name it acts and since when, its settings, calendar, people and numbers."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Json, JsonOrNull, one_of, table_args
from desktop.domain.order import OfficeMode


class Office(Base):
    """The one office of this file."""

    __tablename__ = "office"

    name: Mapped[str]
    code: Mapped[str]
    county: Mapped[str] = mapped_column(default="")
    bureau: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    prefix: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]


class OfficePower(Base):
    """In whose name the office acts from a day on, and on what paper that rests (委托书、赋权清单)."""

    __tablename__ = "office_power"
    __table_args__ = table_args(one_of("mode", OfficeMode))

    mode: Mapped[OfficeMode]
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    basis: Mapped[str] = mapped_column(default="")
    powers: Mapped[str] = mapped_column(default="")


class Setting(Base):
    """A choice of the office that travels with its backup."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(unique=True)
    value: Mapped[Any] = mapped_column(JsonOrNull)


class RuleConfirmation(Base):
    """A named person's word that a rule marked 待法制人员确认 is right."""

    __tablename__ = "rule_confirmation"

    rule: Mapped[str] = mapped_column(unique=True)
    confirmed_by: Mapped[str]
    confirmed_on: Mapped[date]
    remark: Mapped[str] = mapped_column(default="")


class CalendarYear(Base):
    """A year whose holiday arrangement the office imported, beyond or instead of the shipped one."""

    __tablename__ = "calendar_year"

    year: Mapped[int] = mapped_column(unique=True)
    source: Mapped[str]
    imported_on: Mapped[date]


class CalendarDay(Base):
    """A day that differs from a plain Monday-to-Friday week: `is_workday` true for 班, false for 休."""

    __tablename__ = "calendar_day"

    on_date: Mapped[date] = mapped_column(unique=True)
    is_workday: Mapped[bool]
    name: Mapped[str] = mapped_column(default="")
    is_edited: Mapped[bool] = mapped_column(default=False)


class Officer(Base):
    """An inspector 执法人员 or a helper 辅助人员 of the office."""

    __tablename__ = "officer"

    name: Mapped[str]
    duty: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    is_helper: Mapped[bool] = mapped_column(default=False)
    remark: Mapped[str] = mapped_column(default="")
    archived_on: Mapped[date | None]


class OfficerCertificate(Base):
    """An enforcement certificate 行政执法证, with the dates that stand on the card."""

    __tablename__ = "officer_certificate"

    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    number: Mapped[str] = mapped_column(default="")
    issuer: Mapped[str] = mapped_column(default="")
    issued_on: Mapped[date | None]
    valid_until: Mapped[date]


class Expert(Base):
    """An industry expert 行业专家 who may come along, never alone."""

    __tablename__ = "expert"

    name: Mapped[str]
    field: Mapped[str] = mapped_column(default="")
    organisation: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    archived_on: Mapped[date | None]


class NumberSequence(Base):
    """The last number given out for a row of numbers in a year, raised in the transaction that uses it.

    `start` is what was used before the program counted this row: nothing up to it is missing.
    """

    __tablename__ = "number_sequence"
    __table_args__ = table_args(UniqueConstraint("form", "year"))
    COUNTS_UP = True

    form: Mapped[str]
    year: Mapped[int]
    last: Mapped[int]
    start: Mapped[int | None]


class GateEntry(Base):
    """A gate that warned and was passed: which, over what, why, who, when."""

    __tablename__ = "gate_entry"
    __table_args__ = table_args(Index(None, "subject_type", "subject_id"))

    gate: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[int]
    reason: Mapped[str]
    passed_by: Mapped[str]
    passed_at: Mapped[datetime]


class SavedView(Base):
    """A named set of filters, columns and order of a page."""

    __tablename__ = "saved_view"
    __table_args__ = table_args(UniqueConstraint("page", "name"))

    page: Mapped[str]
    name: Mapped[str]
    content: Mapped[Any] = mapped_column(Json)


class Attachment(Base):
    """A file kept beside the database under its SHA-256, and the record it belongs to."""

    __tablename__ = "attachment"
    __table_args__ = table_args(Index(None, "subject_type", "subject_id"))

    sha256: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    size: Mapped[int]
    subject_type: Mapped[str]
    subject_id: Mapped[int]
    added_at: Mapped[datetime]
