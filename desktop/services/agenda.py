"""What lies on which day: planned and made inspections, and every open obligation, for calendar, week and agenda."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar

from db.store import Store
from desktop.domain.calendar import DayKind, WorkCalendar
from desktop.domain.errors import Refused
from desktop.domain.obligation_kind import ObligationKind, SubjectType
from desktop.services.clock import Clock
from desktop.services.inspections import Inspections
from desktop.services.obligations import Obligations
from desktop.services.plans import Plans


class AgendaKind(StrEnum):
    """What an entry is."""

    PLANNED = "planned"
    SCHEDULED = "scheduled"
    DONE = "done"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One entry on one day. `subject` opens its record; a movable one may be dragged to another day."""

    key: str
    on: date
    kind: AgendaKind
    title: str
    detail: str
    enterprise_id: int | None
    officer_id: int | None
    officer: str
    subject: tuple[SubjectType, int]
    duty: ObligationKind | None
    is_movable: bool
    is_late: bool
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class DayInfo:
    """What the work calendar says of a day: `mark` is 休, 班 or nothing, `name` the holiday."""

    on: date
    mark: str
    name: str
    is_workday: bool
    is_provisional: bool


class Agenda:
    """Reads the calendar from plan, inspections and obligations, and moves what may be moved."""

    DEPENDS_ON: ClassVar[frozenset[str]] = (
        Plans.DEPENDS_ON | Inspections.DEPENDS_ON | Obligations.DEPENDS_ON | {"calendar_day", "calendar_year"}
    )

    def __init__(
        self,
        store: Store,
        clock: Clock,
        plans: Plans,
        inspections: Inspections,
        obligations: Obligations,
        calendar: Callable[[], WorkCalendar],
    ) -> None:
        self._store = store
        self._clock = clock
        self._plans = plans
        self._inspections = inspections
        self._obligations = obligations
        self._calendar = calendar

    def days(self, first: date, last: date) -> list[DayInfo]:
        """Every day from `first` to `last` with its mark."""
        calendar = self._calendar()
        return [_day_info(calendar, first + timedelta(days=number)) for number in range((last - first).days + 1)]

    def items(self, first: date, last: date) -> list[AgendaItem]:
        """Everything on the days from `first` to `last`, the late first, then by kind."""
        found = [*self._visits(first, last), *self._planned(first, last), *self._due(first, last)]
        return sorted(found, key=lambda item: (item.on, not item.is_late, item.kind.value, item.key))

    def _planned(self, first: date, last: date) -> Iterator[AgendaItem]:
        today = self._clock.today()
        for row in self._plans.between(first, last):
            if row.is_open and row.planned_on is not None:
                yield AgendaItem(
                    f"plan-{row.id}",
                    row.planned_on,
                    AgendaKind.PLANNED,
                    row.enterprise,
                    "计划检查",
                    row.enterprise_id,
                    row.officer_id,
                    row.officer,
                    (SubjectType.PLAN_ITEM, row.id),
                    ObligationKind.INSPECT,
                    is_movable=True,
                    is_late=row.planned_on < today,
                    is_provisional=False,
                )

    def _visits(self, first: date, last: date) -> Iterator[AgendaItem]:
        today = self._clock.today()
        with self._store.read() as session:
            rows = (
                session.connection()
                .exec_driver_sql(
                    "SELECT i.id, COALESCE(i.inspected_on, i.planned_on), i.status, e.name, e.id, "
                    "(SELECT m.officer_id FROM inspection_officer m WHERE m.inspection_id = i.id ORDER BY m.id LIMIT 1), "
                    "(SELECT GROUP_CONCAT(f.name, '、') FROM inspection_officer m JOIN officer f ON f.id = m.officer_id "
                    " WHERE m.inspection_id = i.id) "
                    "FROM inspection i JOIN enterprise e ON e.id = i.enterprise_id WHERE i.status <> 'cancelled' "
                    "AND COALESCE(i.inspected_on, i.planned_on) BETWEEN ? AND ? ORDER BY i.id",
                    (first.isoformat(), last.isoformat()),
                )
                .all()
            )
        for number, on, status, name, owner, lead, officers in rows:
            day, is_done = date.fromisoformat(on), status == "done"
            yield AgendaItem(
                f"inspection-{number}",
                day,
                AgendaKind.DONE if is_done else AgendaKind.SCHEDULED,
                name,
                "已检查" if is_done else "已安排检查",
                owner,
                lead,
                officers or "",
                (SubjectType.INSPECTION, number),
                None if is_done else ObligationKind.INSPECT,
                is_movable=status == "planned",
                is_late=not is_done and day < today,
                is_provisional=False,
            )

    def _due(self, first: date, last: date) -> Iterator[AgendaItem]:
        """Open obligations on their planning day; those to inspect are there as visits already."""
        for item in self._obligations.due():
            if item.kind is ObligationKind.INSPECT or not first <= item.plan_on <= last:
                continue
            yield AgendaItem(
                f"due-{item.id}",
                item.plan_on,
                AgendaKind.DUE,
                item.enterprise or item.title,
                item.title,
                item.enterprise_id,
                item.officer_id,
                item.officer,
                (item.subject_type, item.subject_id),
                item.kind,
                is_movable=False,
                is_late=item.is_overdue,
                is_provisional=item.is_provisional,
            )

    def move(self, key: str, on: date) -> None:
        """Drag an entry to another day. Deadlines of the law and of orders are not dragged: refused with the reason."""
        kind, _, number = key.partition("-")
        if kind == "plan":
            self._plans.move(int(number), on)
        elif kind == "inspection":
            self._inspections.reschedule(int(number), on)
        else:
            raise Refused("deadline_not_movable")


def _day_info(calendar: WorkCalendar, on: date) -> DayInfo:
    named = calendar.day_mark(on)
    if named is None:
        return DayInfo(on, "", "", calendar.is_workday(on), calendar.is_provisional(on))
    mark = "休" if named.kind is DayKind.OFF else "班"
    return DayInfo(on, mark, named.name, calendar.is_workday(on), calendar.is_provisional(on))
