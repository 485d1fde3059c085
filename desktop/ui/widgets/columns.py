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

    `key` is what `sort_requested` names and what the arrangement is stored under. `width` is in pixels at 100 %; where
    the table is narrow it may shrink to `least`. Of the columns that have no room together those of the lowest `rank`
    stay longest; those without one give way first, from the right. In a table without any rank nothing gives way. What
    is personal is masked on paper.
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
    rank: int | None = None
    least: int | None = None


@dataclass(slots=True)
class Arrangement:
    """Which columns are shown, in which order and how wide; read from and written to a store as plain JSON values."""

    order: list[str]
    hidden: set[str]
    widths: dict[str, int]
    wanted: set[str]
    """Columns that the user ticked: they never give way."""

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
        known = known if len(known) < len(keys) else set()
        ticked = {column.key for column in columns if not column.is_shown and column.key not in known}
        wanted = set(_texts(kept["wanted"])) & set(keys) if "wanted" in kept else ticked
        return cls(order, known, widths, wanted)

    def tick(self, key: str, is_shown: bool) -> bool:
        """Show or hide a column because the user says so; the last one stays, which is answered with no."""
        hidden = (self.hidden - {key}) if is_shown else (self.hidden | {key})
        if len(hidden) == len(self.order):
            return False
        self.hidden = hidden
        self.wanted = (self.wanted | {key}) if is_shown else (self.wanted - {key})
        return True

    def as_stored(self) -> dict[str, Any]:
        """Plain values for the store."""
        return {
            "order": list(self.order),
            "hidden": sorted(self.hidden),
            "widths": dict(self.widths),
            "wanted": sorted(self.wanted),
        }

    def fitted(self, columns: Sequence[Column[Any]], room: int) -> dict[str, int]:
        """The columns that have room beside one another, in `room` pixels at 100 %, and how wide each of them is.

        First columns shrink as far as they may, then they give way. What the user ticked stays, if need be with a bar to
        scroll by, and so does the one of the best rank.
        """
        known = {column.key: column for column in columns}
        shown = [known[key] for key in self.order if key not in self.hidden]
        if all(column.rank is None for column in columns):
            return {column.key: self.widths[column.key] for column in shown}
        least = {column.key: min(self.widths[column.key], column.least or column.width) for column in shown}
        leaving = sorted(
            (column for column in shown if column.key not in self.wanted),
            key=lambda column: (UNRANKED if column.rank is None else column.rank, self.order.index(column.key)),
        )
        while len(leaving) > 1 and sum(least.values()) > room:
            del least[leaving.pop().key]
        return self._widened(least, room)

    def _widened(self, least: dict[str, int], room: int) -> dict[str, int]:
        """Give what is left over to those that shrank, from the left, up to the width they are meant to have."""
        left, found = max(room - sum(least.values()), 0), {}
        for key, width in least.items():
            found[key] = min(self.widths[key], width + left)
            left -= found[key] - width
        return found


UNRANKED = 1_000


def _texts(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
