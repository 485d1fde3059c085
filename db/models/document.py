"""Official documents 执法文书: who issues them, what was made, the numbers given out, and whose word confirmed a form."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Image, Json, one_of, table_args
from desktop.domain.form import BY_HAND, DocumentStatus, NumberState, RecordKind


class FormConfirmation(Base):
    """A named person's word on something in a form that was marked 待法制人员确认. `mark` says on what."""

    __tablename__ = "form_confirmation"

    mark: Mapped[str] = mapped_column(unique=True)
    confirmed_by: Mapped[str]
    confirmed_on: Mapped[date]
    remark: Mapped[str] = mapped_column(default="")


class FormIssuer(Base):
    """What forms say of the authority from a day on: its names, who hears appeals, and where fines are paid."""

    __tablename__ = "form_issuer"

    from_on: Mapped[date] = mapped_column(unique=True)
    region: Mapped[str] = mapped_column(default="")
    prefix: Mapped[str] = mapped_column(default="")
    dept: Mapped[str] = mapped_column(default="")
    unit: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    postcode: Mapped[str] = mapped_column(default="")
    higher: Mapped[str] = mapped_column(default="")
    gov: Mapped[str] = mapped_column(default="")
    court: Mapped[str] = mapped_column(default="")
    bank: Mapped[str] = mapped_column(default="")
    account: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")


class FormDocument(Base):
    """A filled form with everything it was made from: the same row gives the same file again.

    The keys to enterprise, inspection and case are those of its record, kept here so that the documents of one
    inspection or case are found without knowing what each was made for.
    """

    __tablename__ = "form_document"
    __table_args__ = table_args(
        one_of("record_kind", RecordKind),
        one_of("status", DocumentStatus),
        Index(None, "record_kind", "record_id"),
        Index(None, "form", "status"),
    )

    form: Mapped[str]
    record_kind: Mapped[RecordKind | None]
    record_id: Mapped[int | None]
    enterprise_id: Mapped[int | None] = mapped_column(ForeignKey("enterprise.id"), index=True)
    inspection_id: Mapped[int | None] = mapped_column(ForeignKey("inspection.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("penalty_case.id"), index=True)
    status: Mapped[DocumentStatus] = mapped_column(default=DocumentStatus.DRAFT)
    number: Mapped[str] = mapped_column(default="")
    dated_on: Mapped[date] = mapped_column(index=True)
    content: Mapped[Any] = mapped_column(Json)
    issuer: Mapped[Any] = mapped_column(Json)
    sha256: Mapped[str] = mapped_column(default="")
    page_count: Mapped[int | None]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(default="")
    issued_at: Mapped[datetime | None]
    void_reason: Mapped[str] = mapped_column(default="")
    voided_by: Mapped[str] = mapped_column(default="")
    voided_at: Mapped[datetime | None]


class DocumentNumber(Base):
    """A number that was given out, in its row of numbers (`series`) of a year. None is ever given out twice.

    An act that put one on a paper, or kept some for a paper book, is not undone: it may be in other hands. An act that
    only registered what bears the number is undone like any other; then the number stays, void, and says why.
    """

    __tablename__ = "document_number"
    __table_args__ = table_args(
        one_of("state", NumberState),
        UniqueConstraint("series", "year", "sequence", "code"),
        Index(None, "chain"),
    )

    @classmethod
    def is_final(cls, before: Image, after: Image) -> bool:
        """On a paper, or kept for a paper book."""
        if after is None:
            return False
        is_new_book = before is None and after["state"] == NumberState.RESERVED
        is_spoilt = before is not None and (before["state"], after["state"]) == (NumberState.RESERVED, NumberState.VOID)
        return after["document_id"] is not None or is_new_book or is_spoilt

    @classmethod
    def left_by_undo(cls, image: Mapping[str, Any], title: str) -> Mapping[str, Any] | None:
        """A number of the program's own stays, void. One written by hand goes: the clerk will write it again."""
        if image["series"] == BY_HAND:
            return None
        if image["state"] != NumberState.USED:
            return {}
        return {"state": NumberState.VOID.value, "reason": f"撤销：{title}"}

    series: Mapped[str]
    year: Mapped[int]
    sequence: Mapped[int]
    code: Mapped[str]
    text: Mapped[str] = mapped_column(unique=True)
    state: Mapped[NumberState]
    chain: Mapped[str] = mapped_column(default="")
    document_id: Mapped[int | None] = mapped_column(ForeignKey("form_document.id"), index=True)
    reason: Mapped[str] = mapped_column(default="")
    taken_on: Mapped[date]
    taken_by: Mapped[str]
