"""The journal 操作日志: every act with the rows it touched, each entry carrying the hash of the one before."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, table_args


class Operation(Base):
    """One act: what it was called, who did it and when. `undoes` names the act that it takes back."""

    __tablename__ = "operation"
    JOURNALED = False

    title: Mapped[str]
    done_at: Mapped[datetime]
    done_by: Mapped[str]
    undoes: Mapped[int | None] = mapped_column(ForeignKey("operation.id"))
    row_count: Mapped[int]
    previous_hash: Mapped[str]
    hash: Mapped[str]


class OperationRow(Base):
    """One changed row: its image before (nothing for a new row) and after (nothing for a removed one), as JSON."""

    __tablename__ = "operation_row"
    __table_args__ = table_args(Index(None, "table_name", "row_id"))
    JOURNALED = False

    operation_id: Mapped[int] = mapped_column(ForeignKey("operation.id"), index=True)
    table_name: Mapped[str]
    row_id: Mapped[int]
    before: Mapped[str | None]
    after: Mapped[str | None]
