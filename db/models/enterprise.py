"""The enterprise and all that is kept about it: attributes of risk, former names, tags, permits."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, one_of, table_args
from desktop.domain.enterprise import CodeState, EnterpriseStatus, RiskLevel, Size, StandardLevel


class Enterprise(Base):
    """One 生产经营单位 of the roster. `established_on` may be a year or a month: it is kept as it is known."""

    __tablename__ = "enterprise"
    __table_args__ = table_args(
        one_of("code_state", CodeState),
        one_of("risk_level", RiskLevel),
        one_of("size", Size),
        one_of("standard_level", StandardLevel),
        one_of("status", EnterpriseStatus),
        Index("uq_enterprise_uscc", "uscc", unique=True, sqlite_where=text("uscc IS NOT NULL AND archived_on IS NULL")),
        Index(None, "name_key"),
        Index(None, "legacy_code"),
        Index(None, "village"),
        Index(None, "sort_key"),
    )

    name: Mapped[str]
    name_key: Mapped[str]
    sort_key: Mapped[str]
    uscc: Mapped[str | None]
    code_state: Mapped[CodeState] = mapped_column(default=CodeState.NONE)
    legacy_code: Mapped[str | None]
    address: Mapped[str] = mapped_column(default="")
    village: Mapped[str] = mapped_column(default="")
    grid_worker: Mapped[str] = mapped_column(default="")
    legal_person: Mapped[str] = mapped_column(default="")
    principal: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    safety_officer: Mapped[str] = mapped_column(default="")
    safety_phone: Mapped[str] = mapped_column(default="")
    sector: Mapped[str | None]
    industry: Mapped[str] = mapped_column(default="")
    industry_code: Mapped[str | None]
    risk_level: Mapped[RiskLevel | None]
    size: Mapped[Size | None]
    standard_level: Mapped[StandardLevel | None]
    standard_valid_until: Mapped[date | None]
    employees: Mapped[int | None]
    established_on: Mapped[str | None]
    registered_capital_fen: Mapped[int | None]
    status: Mapped[EnterpriseStatus] = mapped_column(default=EnterpriseStatus.OPERATING)
    is_key: Mapped[bool] = mapped_column(default=False)
    remark: Mapped[str] = mapped_column(default="")
    search_text: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    archived_on: Mapped[date | None]


class EnterpriseAttribute(Base):
    """A risk attribute of an enterprise, by its id in the catalogue (`attr.dust`)."""

    __tablename__ = "enterprise_attribute"
    __table_args__ = table_args(UniqueConstraint("enterprise_id", "attribute"))

    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    attribute: Mapped[str] = mapped_column(index=True)
    value: Mapped[str]


class FormerName(Base):
    """A name that the enterprise bore until a day."""

    __tablename__ = "former_name"

    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(index=True)
    until_on: Mapped[date]


class EnterpriseTag(Base):
    """A word of the office's own on an enterprise."""

    __tablename__ = "enterprise_tag"
    __table_args__ = table_args(UniqueConstraint("enterprise_id", "tag"))

    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    tag: Mapped[str] = mapped_column(index=True)


class Permit(Base):
    """A permit of the enterprise or a certificate of one of its people (`person`), with its expiry."""

    __tablename__ = "permit"

    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    kind: Mapped[str]
    person: Mapped[str] = mapped_column(default="")
    trade: Mapped[str] = mapped_column(default="")
    number: Mapped[str] = mapped_column(default="")
    issuer: Mapped[str] = mapped_column(default="")
    issued_on: Mapped[date | None]
    valid_until: Mapped[date | None] = mapped_column(index=True)
    remark: Mapped[str] = mapped_column(default="")
    archived_on: Mapped[date | None]
