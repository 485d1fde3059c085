"""The lines of the workbench: open obligations, alike ones of one enterprise told in one line, each with its next step."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from desktop import text
from desktop.domain.obligation import DueGroup, due_group
from desktop.domain.obligation_kind import ObligationKind, SubjectType
from desktop.services.clock import Clock
from desktop.services.obligations import DueItem, DueQuery, Obligations

ALL = DueQuery()


@dataclass(frozen=True, slots=True)
class DueLine:
    """One line: the obligations it stands for (of one enterprise, kind, day and officer), and where it is shown."""

    items: tuple[DueItem, ...]
    group: DueGroup
    is_new: bool

    @property
    def first(self) -> DueItem:
        """The obligation that speaks for the line."""
        return self.items[0]

    @property
    def title(self) -> str:
        """What is due; the enterprise stands beside it and is not said twice."""
        if len(self.items) == 1:
            return (
                self.first.title.replace(self.first.enterprise, "").rstrip("：")
                if self.first.enterprise
                else self.first.title
            )
        return f"{text.label(self.first.kind)} {len(self.items)} 项"

    @property
    def subject_ids(self) -> tuple[int, ...]:
        """The records behind the line."""
        return tuple(item.subject_id for item in self.items)


@dataclass(frozen=True, slots=True)
class DueCounts:
    """What the status bar and the badges say."""

    overdue: int
    today: int
    late: Mapping[ObligationKind, int]


class Workbench:
    """Reads what lies before the office, from obligations alone."""

    DEPENDS_ON: ClassVar[frozenset[str]] = Obligations.DEPENDS_ON

    def __init__(self, clock: Clock, obligations: Obligations) -> None:
        self._clock = clock
        self._obligations = obligations

    def lines(self, query: DueQuery = ALL, since: date | None = None) -> list[DueLine]:
        """The lines, the most overdue first. `since` marks what became late after that day."""
        today = self._clock.today()
        gathered: dict[tuple[object, ...], list[DueItem]] = {}
        for item in self._obligations.due(query):
            gathered.setdefault(alike(item), []).append(item)
        return [_line(items, today, since) for items in gathered.values()]

    def counts(self) -> DueCounts:
        """How many obligations are late and how many want doing today."""
        today = self._clock.today()
        items = self._obligations.due()
        late = Counter(item.kind for item in items if item.is_overdue)
        groups = Counter(due_group(item.due_on, item.plan_on, today) for item in items)
        return DueCounts(groups[DueGroup.OVERDUE], groups[DueGroup.TODAY], late)


def alike(item: DueItem) -> tuple[object, ...]:
    """What makes two obligations one line; only those about hazards come in numbers."""
    if item.subject_type is not SubjectType.HAZARD or item.kind is ObligationKind.FILE_CASE:
        return (item.id,)
    return (item.enterprise_id, item.kind, item.due_on, item.plan_on, item.officer_id)


def _line(items: Sequence[DueItem], today: date, since: date | None) -> DueLine:
    first = items[0]
    group = due_group(first.due_on, first.plan_on, today)
    is_new = since is not None and group is DueGroup.OVERDUE and first.due_on >= since
    return DueLine(tuple(items), group, is_new)
