"""Columns of a table: how a row is read, and how the user arranged them."""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, TypeVar

from PySide6.QtCore import Qt

from desktop.ui.theme import Meaning
from desktop.ui.widgets.pills import Pill

Row = TypeVar("Row")
Store = MutableMapping[str, Any]
"""Where an arrangement is kept: a JSON-like mapping that the settings own."""


class Align(Enum):
    """Words stand left, numbers and dates right."""

    LEFT = Qt.AlignmentFlag.AlignLeft
    RIGHT = Qt.AlignmentFlag.AlignRight
    CENTRE = Qt.AlignmentFlag.AlignHCenter


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column. `text(row)` is what is shown and copied; `pill(row)` draws a pill instead of the words.

    `key` is what `sort_requested` names and what the arrangement is stored under. `width` is in pixels at 100 %. What is
    personal is masked on paper.
    """

    key: str
    title: str
    text: Callable[[Row], str]
    width: int = 120
    align: Align = Align.LEFT
    pill: Callable[[Row], Pill | None] | None = None
    meaning: Callable[[Row], Meaning | None] | None = None
    tooltip: Callable[[Row], str] | None = None
    definition: str = ""
    is_sortable: bool = True
    is_shown: bool = True
    is_personal: bool = False


@dataclass(slots=True)
class Arrangement:
    """Which columns are shown, in which order and how wide; read from and written to a store as plain JSON values."""

    order: list[str]
    hidden: set[str]
    widths: dict[str, int]

    @classmethod
    def of(cls, columns: Sequence[Column[Any]], stored: Mapping[str, Any] | None = None) -> "Arrangement":
        """The stored arrangement, mended: unknown columns are dropped, new ones come where the table has them."""
        kept = stored or {}
        keys = [column.key for column in columns]
        order = [key for key in _texts(kept.get("order")) if key in keys]
        for place, key in enumerate(keys):
            if key not in order:
                order.insert(min(place, len(order)), key)
        hidden = set(_texts(kept.get("hidden"))) if "hidden" in kept else {c.key for c in columns if not c.is_shown}
        widths = {column.key: column.width for column in columns}
        stored_widths = kept.get("widths")
        if isinstance(stored_widths, Mapping):
            widths |= {
                key: int(width)
                for key, width in stored_widths.items()
                if key in widths and isinstance(width, int | float) and 20 <= width <= 2000
            }
        known = hidden & set(keys)
        return cls(order, known if len(known) < len(keys) else set(), widths)

    def as_stored(self) -> dict[str, Any]:
        """Plain values for the store."""
        return {"order": list(self.order), "hidden": sorted(self.hidden), "widths": dict(self.widths)}


def _texts(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
