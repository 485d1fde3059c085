"""What all tables have in common: an integer id that is never used twice, and names for every constraint."""

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Dialect, Enum, MetaData, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Image = Mapping[str, Any] | None
"""A row before or after a change, as the journal keeps it; None where there was or is none."""


class Base(DeclarativeBase):
    """Every table. AUTOINCREMENT keeps an id from coming back after an undo, so a link can never lead astray."""

    metadata = MetaData(naming_convention=NAMES)
    # Codes are stored as their values: a member may be renamed, a stored word never.
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        StrEnum: Enum(
            StrEnum,
            native_enum=False,
            create_constraint=False,
            length=24,
            values_callable=lambda codes: [code.value for code in codes],
        )
    }
    __table_args__: Any = {"sqlite_autoincrement": True}  # noqa: RUF012 (SQLAlchemy reads it from the class)

    id: Mapped[int] = mapped_column(primary_key=True)

    JOURNALED: ClassVar[bool] = True
    COUNTS_UP: ClassVar[bool] = False
    """Whether its rows stay as they are when the act that wrote them is taken back: what was counted is not uncounted."""

    @classmethod
    def is_final(cls, before: Image, after: Image) -> bool:  # noqa: ARG003 (for the tables that override it)
        """Whether an act that changed a row so is never taken back: what it gave out has left the program."""
        return False

    @classmethod
    def left_by_undo(cls, image: Mapping[str, Any], title: str) -> Mapping[str, Any] | None:  # noqa: ARG003
        """What stays of a row when the act `title` that made it is taken back: its changed columns; None for nothing."""
        return None


class Json(TypeDecorator[Any]):
    """A value kept as JSON text. SQLite would take the type name JSON for a number, and round large ones."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 (as SQLAlchemy calls it)
        """To text."""
        return None if value is None else json.dumps(value, ensure_ascii=False)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 (as SQLAlchemy calls it)
        """From text."""
        return None if value is None else json.loads(value)


class JsonOrNull(Json):
    """As `Json`, where no value is a value too: None is kept as the word null."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:  # noqa: ARG002 (as SQLAlchemy calls it)
        """To text."""
        return json.dumps(value, ensure_ascii=False)


def one_of(column: str, codes: type) -> CheckConstraint:
    """A CHECK that `column` holds one of an enum's stored words."""
    words = ", ".join(f"'{code.value}'" for code in codes)  # type: ignore[attr-defined]
    return CheckConstraint(f"{column} IN ({words})", name=column)


def table_args(*rules: Any) -> Any:
    """Constraints and indexes of a table, with the option that all tables share."""
    return (*rules, {"sqlite_autoincrement": True})
