"""Photos and scans: what the program reads of a picture. The file itself is an attachment."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, one_of, table_args
from desktop.domain.photo import PhotoRole


class Photo(Base):
    """A picture of a finding, a visit or a paper. `likeness` is a hash of what it looks like, 16 hex digits.

    The record it belongs to is its attachment's; enterprise and inspection are that record's, kept here to find by.
    """

    __tablename__ = "photo"
    __table_args__ = table_args(one_of("role", PhotoRole), Index(None, "likeness"))

    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id"), unique=True)
    enterprise_id: Mapped[int | None] = mapped_column(ForeignKey("enterprise.id"), index=True)
    inspection_id: Mapped[int | None] = mapped_column(ForeignKey("inspection.id"), index=True)
    role: Mapped[PhotoRole]
    width: Mapped[int | None]
    height: Mapped[int | None]
    taken_at: Mapped[datetime | None]
    likeness: Mapped[str | None]
    note: Mapped[str] = mapped_column(default="")
    added_by: Mapped[str] = mapped_column(default="")
