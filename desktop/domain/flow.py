"""A status machine: a table from each status to the moves allowed from it, with guards as named functions.

Each noun declares its own `Flow`. What the table does not allow is refused, whoever asks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from desktop.domain.errors import Refused

Status = TypeVar("Status", bound=StrEnum)
Case = TypeVar("Case")

Guard = Callable[[Case], None]
"""Raises `Refused` when the case may not make the move; returns nothing when it may."""


@dataclass(frozen=True, slots=True)
class Flow(Generic[Status, Case]):
    """The moves of one noun. `moves[from][to]` holds the guards of that move, in the order they are asked."""

    noun: str
    moves: Mapping[Status, Mapping[Status, tuple[Guard[Case], ...]]]

    def allowed(self, status: Status) -> frozenset[Status]:
        """Where one can go from `status`, guards not asked."""
        return frozenset(self.moves.get(status, {}))

    def is_final(self, status: Status) -> bool:
        """Whether nothing leads away from `status`."""
        return not self.moves.get(status)

    def check(self, status: Status, to: Status, case: Case) -> None:
        """Refuse the move from `status` to `to` unless the table has it and its guards let `case` pass."""
        if to not in self.allowed(status):
            raise Refused(
                "move_not_allowed", noun=self.noun, status=status, to=to, allowed=sorted(self.allowed(status))
            )
        for guard in self.moves[status][to]:
            guard(case)

    def can(self, status: Status, to: Status, case: Case) -> bool:
        """Whether `check` would let `case` pass."""
        try:
            self.check(status, to, case)
        except Refused:
            return False
        return True


SENTENCES: dict[str, str] = {
    "move_not_allowed": "当前状态为“{status}”，不能改为“{to}”。",
}
