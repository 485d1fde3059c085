"""What follows a finding: urging, service of papers, supervised major hazards, and an enterprise's own plan."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, one_of, table_args
from desktop.domain.delivery import DeliveryWay
from desktop.domain.urging import UrgingWay


class Urging(Base):
    """One time that an enterprise was urged 催办: when, how, whom, with what words, and what it answered."""

    __tablename__ = "urging"
    __table_args__ = table_args(one_of("way", UrgingWay))

    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    urged_at: Mapped[datetime]
    way: Mapped[UrgingWay]
    person: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")
    answer: Mapped[str] = mapped_column(default="")
    urged_by: Mapped[str] = mapped_column(default="")


class UrgingHazard(Base):
    """A hazard that an urging was about."""

    __tablename__ = "urging_hazard"
    __table_args__ = table_args(UniqueConstraint("urging_id", "hazard_id"))

    urging_id: Mapped[int] = mapped_column(ForeignKey("urging.id"))
    hazard_id: Mapped[int] = mapped_column(ForeignKey("hazard.id"), index=True)


class DocumentDelivery(Base):
    """A row of the 送达回执: one document served on a day, in a way, by two servers, to a recipient.

    An order that was written on paper has no document here; then the row is the order's alone.
    """

    __tablename__ = "document_delivery"
    __table_args__ = table_args(
        one_of("way", DeliveryWay),
        CheckConstraint("document_id IS NOT NULL OR order_id IS NOT NULL", name="of"),
    )

    document_id: Mapped[int | None] = mapped_column(ForeignKey("form_document.id"), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("rectification_order.id"), index=True)
    delivered_at: Mapped[datetime]
    way: Mapped[DeliveryWay]
    place: Mapped[str] = mapped_column(default="")
    recipient: Mapped[str] = mapped_column(default="")
    first_server: Mapped[str] = mapped_column(default="")
    second_server: Mapped[str] = mapped_column(default="")
    witness: Mapped[str] = mapped_column(default="")
    receipt_number: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    void_reason: Mapped[str] = mapped_column(default="")


class Supervision(Base):
    """A major hazard under 挂牌督办, with the five things its rectification needs 五到位. Its deadline is an obligation."""

    __tablename__ = "supervision"

    hazard_id: Mapped[int] = mapped_column(ForeignKey("hazard.id"), index=True)
    escalation_id: Mapped[int | None] = mapped_column(ForeignKey("escalation.id"))
    standard: Mapped[str] = mapped_column(default="")
    listed_by: Mapped[str]
    level: Mapped[str] = mapped_column(default="")
    listed_on: Mapped[date]
    number: Mapped[str] = mapped_column(default="")
    supervisor: Mapped[str] = mapped_column(default="")
    measures: Mapped[str] = mapped_column(default="")
    funds: Mapped[str] = mapped_column(default="")
    time_limit: Mapped[str] = mapped_column(default="")
    responsible: Mapped[str] = mapped_column(default="")
    contingency: Mapped[str] = mapped_column(default="")
    interim_control: Mapped[str] = mapped_column(default="")
    published_on: Mapped[date | None]
    resumption_asked_on: Mapped[date | None]
    accepted_on: Mapped[date | None]
    delisted_on: Mapped[date | None]
    remark: Mapped[str] = mapped_column(default="")


class EnterpriseMeasure(Base):
    """A measure of an enterprise's own plan 一企一策. When it is due is the obligation's to say."""

    __tablename__ = "enterprise_measure"

    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    text: Mapped[str]
    person: Mapped[str] = mapped_column(default="")
    set_on: Mapped[date]
    progress: Mapped[str] = mapped_column(default="")
    done_on: Mapped[date | None]
    ended_reason: Mapped[str] = mapped_column(default="")


class OfficerRecusal(Base):
    """An officer who must keep away from an enterprise 回避, and why (行政处罚法第四十三条)."""

    __tablename__ = "officer_recusal"

    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    reason: Mapped[str]
    from_on: Mapped[date]
    to_on: Mapped[date | None]


class FieldSheet(Base):
    """The code on a paper or phone page that leads back to its inspection 纸上现场包.

    `token` is the random secret in the phone page with which its result is sealed.
    """

    __tablename__ = "field_sheet"

    code: Mapped[str] = mapped_column(unique=True)
    token: Mapped[str]
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"), index=True)
    made_at: Mapped[datetime]


class FieldReturn(Base):
    """What a phone page sent back of one sheet, by the hash of its content; the same content again changes nothing."""

    __tablename__ = "field_return"

    sheet_id: Mapped[int] = mapped_column(ForeignKey("field_sheet.id"), index=True)
    sha256: Mapped[str] = mapped_column(unique=True)
    file_name: Mapped[str]
    read_at: Mapped[datetime]
    read_by: Mapped[str] = mapped_column(default="")


class FieldFinding(Base):
    """Which hazard a finding of a phone page became: the same finding in a later file is not registered again."""

    __tablename__ = "field_finding"
    __table_args__ = table_args(UniqueConstraint("sheet_id", "key"))

    sheet_id: Mapped[int] = mapped_column(ForeignKey("field_sheet.id"))
    key: Mapped[str]
    hazard_id: Mapped[int] = mapped_column(ForeignKey("hazard.id"), index=True)
