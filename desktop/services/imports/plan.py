"""What an import would do, row by row: the preview, and afterwards exactly what is done."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from desktop.exchange.ledger import ParsedLedger, ParsedRow, Problem


class Action(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"
    SKIPPED = "skipped"


ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One row of the sheet with its fate. `changes` holds field → (old, new) as they would be stored."""

    row: ParsedRow
    action: Action
    key: str = ""
    target_id: int | None = None
    problems: tuple[Problem, ...] = ()
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)

    def with_problem(self, code: str, field_name: str, message: str, level: str = WARNING) -> "PlannedRow":
        """The row with one more problem; an error rejects it."""
        found = Problem(
            column="", field=field_name, code=code, level=level, value=_word(self.row, field_name), message=message
        )
        action = Action.REJECTED if level == ERROR else self.action
        return replace(self, problems=(*self.problems, found), action=action)


def _word(row: ParsedRow, field_name: str) -> str:
    value = row.values.get(field_name)
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """A ledger with the fate of every row, as of a moment of the journal (`head`)."""

    ledger: ParsedLedger
    kind: str
    rows: tuple[PlannedRow, ...]
    head: str

    @property
    def counts(self) -> dict[str, int]:
        """How many rows were read, and how many meet which fate."""
        found = Counter(row.action for row in self.rows)
        return {"read": len(self.rows), **{action.value: found[action] for action in Action}}

    @property
    def is_clean(self) -> bool:
        """Whether nothing was rejected."""
        return not any(row.action is Action.REJECTED for row in self.rows)

    @property
    def is_empty(self) -> bool:
        """Whether applying it would change nothing."""
        return not any(row.action in {Action.NEW, Action.CHANGED} for row in self.rows)


def first_fate(row: ParsedRow, key: str = "") -> PlannedRow:
    """The fate that the sheet alone decides: skipped lines and rows with an error."""
    if row.skipped:
        return PlannedRow(row, Action.SKIPPED, key, problems=tuple(row.problems))
    return PlannedRow(row, Action.REJECTED if row.is_rejected else Action.NEW, key, problems=tuple(row.problems))


def differences(
    values: Mapping[str, Any], names: Sequence[str], stored: Mapping[str, Any]
) -> dict[str, tuple[Any, Any]]:
    """What the sheet would change of a record. An empty cell says nothing: it never wipes what is known."""
    found = {}
    for name in names:
        new = values.get(name)
        if new not in (None, "") and new != stored.get(name):
            found[name] = (stored.get(name), new)
    return found


def day_of(value: Any) -> date | None:
    """A whole date of the sheet; a partial one says too little for a deadline and is left out."""
    return date.fromisoformat(str(value)) if value and len(str(value)) == 10 else None
