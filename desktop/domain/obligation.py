"""The obligation 时限事项: what must be done by when, and how its due date came about.

Due dates form a chain that only grows: the original, then each extension with its reason and approver. Overdue is
judged by the legal date, reminders go by the planning date, and both are computed from today, never stored.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from desktop.domain.deadline import Deadline
from desktop.domain.errors import Invalid, Refused
from desktop.domain.obligation_kind import EndKind, ObligationKind


class DueGroup(StrEnum):
    """逾期 · 今天 · 本周 · 后续: in the order they are shown."""

    OVERDUE = "overdue"
    TODAY = "today"
    THIS_WEEK = "this_week"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class DueDate:
    """One link of the chain. `due_on` is the legal date; `due_at` its moment when the limit runs in hours."""

    sequence: int
    raw_on: date
    due_on: date
    plan_on: date
    set_on: date
    reason: str = ""
    approver: str = ""
    is_provisional: bool = False
    rule: str | None = None
    due_at: datetime | None = None

    @classmethod
    def of(cls, deadline: Deadline, set_on: date) -> "DueDate":
        """The original due date that a worked-out rule gives."""
        due_at = deadline.legal if isinstance(deadline.legal, datetime) else None
        return cls(
            1,
            deadline.raw_on,
            deadline.legal_on,
            deadline.plan_on,
            set_on,
            is_provisional=deadline.provisional,
            rule=deadline.rule.id,
            due_at=due_at,
        )

    @classmethod
    def on(cls, day: date, plan_on: date, set_on: date, rule: str | None = None) -> "DueDate":
        """A due date that someone fixed as a day, such as 整改期限: raw and legal are that day."""
        return cls(1, day, day, plan_on, set_on, rule=rule)


@dataclass(frozen=True, slots=True)
class Ending:
    """How an obligation ended: `reason` says by what act, or why it was waived or is void."""

    kind: EndKind
    on: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Obligation:
    """An obligation with its chain of due dates, the original first. It leaves the list only by an `Ending`."""

    kind: ObligationKind
    rule: str | None
    triggered_on: date
    due_dates: tuple[DueDate, ...]
    ending: Ending | None = None

    def __post_init__(self) -> None:
        if [due.sequence for due in self.due_dates] != list(range(1, len(self.due_dates) + 1)) or not self.due_dates:
            raise ValueError("the chain of due dates runs 1, 2, 3 … without gaps")

    @property
    def original(self) -> DueDate:
        """The due date it began with."""
        return self.due_dates[0]

    @property
    def current(self) -> DueDate:
        """The due date in force."""
        return self.due_dates[-1]

    @property
    def is_open(self) -> bool:
        """Whether it still has to be done."""
        return self.ending is None

    @property
    def has_extension(self) -> bool:
        """Whether its due date was ever moved."""
        return len(self.due_dates) > 1

    @property
    def was_on_time(self) -> bool | None:
        """Whether it was done by the legal date then in force; None while open, or when waived or void."""
        if self.ending is None or self.ending.kind is not EndKind.DONE:
            return None
        return self.ending.on <= self.current.due_on

    def days_left(self, today: date) -> int | None:
        """Days until the legal date, negative when past; None once ended."""
        return (self.current.due_on - today).days if self.is_open else None

    def is_overdue(self, today: date) -> bool:
        """Whether it is open and its legal date has gone by."""
        return self.is_open and is_overdue(self.current.due_on, today)

    def group(self, today: date) -> DueGroup | None:
        """Where the workbench shows it; None once ended."""
        return due_group(self.current.due_on, self.current.plan_on, today) if self.is_open else None

    def extended(self, due: DueDate) -> "Obligation":
        """The obligation with `due` as its new due date; its sequence number is given here.

        Refuses when it has ended; invalid unless the new date is later and says why and who approved it.
        """
        if self.ending is not None:
            raise Refused("obligation_ended", on=self.ending.on)
        problems = dict(_extension_problems(self.current, due))
        if problems:
            raise Invalid(problems, current_on=self.current.due_on)
        return replace(self, due_dates=(*self.due_dates, replace(due, sequence=self.current.sequence + 1)))

    def ended(self, ending: Ending) -> "Obligation":
        """The obligation as it ended. Refuses to end twice; a waiver needs a reason, and no act lies before the trigger."""
        if self.ending is not None:
            raise Refused("obligation_ended", on=self.ending.on)
        if ending.kind is EndKind.WAIVED and not ending.reason.strip():
            raise Invalid({"reason": "reason_missing"})
        if ending.on < self.triggered_on:
            raise Invalid({"ended_on": "ended_before_trigger"}, triggered_on=self.triggered_on)
        return replace(self, ending=ending)


def _extension_problems(current: DueDate, due: DueDate) -> Iterable[tuple[str, str]]:
    if due.due_on <= current.due_on:
        yield "due_on", "extension_not_later"
    if not due.reason.strip():
        yield "reason", "reason_missing"
    if not due.approver.strip():
        yield "approver", "approver_missing"


def is_overdue(due_on: date, today: date) -> bool:
    """Whether an open obligation with the legal date `due_on` is late: from the day after it."""
    return today > due_on


def due_group(due_on: date, plan_on: date, today: date) -> DueGroup:
    """The group of an open obligation: late by its legal date, otherwise by its planning date.

    A planning date that has come or gone by means today, until the legal date is past; the week ends on Sunday.
    """
    if is_overdue(due_on, today):
        return DueGroup.OVERDUE
    if min(plan_on, due_on) <= today:
        return DueGroup.TODAY
    return DueGroup.THIS_WEEK if plan_on <= end_of_week(today) else DueGroup.LATER


def end_of_week(today: date) -> date:
    """The Sunday of today's week."""
    return today + timedelta(days=6 - today.weekday())


SENTENCES: dict[str, str] = {
    "obligation_ended": "这一事项已于 {on} 办结，不能再改期限或重复办结。",
    "extension_not_later": "新的期限必须晚于现在的期限（{current_on}）。",
    "reason_missing": "请写明理由。",
    "approver_missing": "请填写批准人。",
    "ended_before_trigger": "办结日期不能早于起算日期（{triggered_on}）。",
}
