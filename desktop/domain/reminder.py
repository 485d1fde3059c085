"""Reminders: which open obligations are before one's eyes now, and when to look again.

A reminder is a level, not an edge. What is shown depends on the obligations, what was put off, and the moment alone:
nothing is remembered as "already shown", so days without the program, a second run or a clock put back lose nothing.
Putting off hides an item until its time, and no longer than it stays as urgent as it was.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import IntEnum, StrEnum

from desktop.domain.obligation import is_overdue

AHEAD_DAYS = 3
"""How many days before its planning date an obligation is spoken of, unless the user chose otherwise."""

CLOCK_SLACK = timedelta(minutes=10)
"""A clock put right by less than this is no clock put back."""


class Urgency(IntEnum):
    """How pressing an open obligation is; a greater one is more so."""

    SOON = 1
    TODAY = 2
    OVERDUE = 3


class PutOff(StrEnum):
    """推迟 until when."""

    HOUR = "hour"
    MORNING = "morning"
    MONDAY = "monday"


@dataclass(frozen=True, slots=True)
class Duty:
    """What a reminder needs to know of an open obligation: its legal date and its planning date."""

    id: int
    due_on: date
    plan_on: date


@dataclass(frozen=True, slots=True)
class Snooze:
    """An item put off at `since` until `until`, when it was due on `due_on` and as urgent as `urgency` says."""

    until: datetime
    since: datetime
    due_on: date
    urgency: Urgency


@dataclass(frozen=True, slots=True)
class Reminder:
    """An obligation to be shown. `has_risen` says that it was put off and became more urgent meanwhile."""

    id: int
    urgency: Urgency
    has_risen: bool = False


def urgency_of(duty: Duty, today: date, ahead: int = AHEAD_DAYS) -> Urgency | None:
    """How urgent an open obligation is; None when it is further off than `ahead` days."""
    if is_overdue(duty.due_on, today):
        return Urgency.OVERDUE
    first = min(duty.plan_on, duty.due_on)
    if first <= today:
        return Urgency.TODAY
    return Urgency.SOON if (first - today).days <= ahead else None


def hides(snooze: Snooze, duty: Duty, urgency: Urgency, now: datetime) -> bool:
    """Whether a snooze still holds.

    It does until its time, for the due date and the urgency it was made at. One that lies in the future of the clock
    was made before the clock was put back: it would hide for longer than anybody asked, so it does not count.
    """
    return (
        snooze.since - CLOCK_SLACK <= now < snooze.until and duty.due_on == snooze.due_on and urgency <= snooze.urgency
    )


def reminders(
    duties: Iterable[Duty], snoozes: Mapping[int, Snooze], now: datetime, ahead: int = AHEAD_DAYS
) -> list[Reminder]:
    """What is to be shown at `now`, the most pressing first and the longest overdue before the others."""
    found = []
    for duty in duties:
        urgency = urgency_of(duty, now.date(), ahead)
        if urgency is None:
            continue
        snooze = snoozes.get(duty.id)
        if snooze is None or not hides(snooze, duty, urgency, now):
            has_risen = snooze is not None and now < snooze.until and urgency > snooze.urgency
            found.append((-urgency, duty.due_on, duty.id, Reminder(duty.id, urgency, has_risen)))
    return [entry[3] for entry in sorted(found, key=lambda entry: entry[:3])]


def until(choice: PutOff, now: datetime, morning: time) -> datetime:
    """The end of a snooze made at `now`; a day begins at `morning`."""
    if choice is PutOff.HOUR:
        return now + timedelta(hours=1)
    days = 1 if choice is PutOff.MORNING else 7 - now.weekday()
    return datetime.combine(now.date() + timedelta(days=days), morning)


def is_time_to_remind(seen: datetime, now: datetime, daily: time, snoozes: Iterable[Snooze]) -> bool:
    """Whether since `seen` the day has turned, the daily moment has come, or a snooze has run out.

    A clock put back tells nothing: whoever looks then begins anew from that moment.
    """
    if now < seen:
        return False
    at = datetime.combine(now.date(), daily)
    return (
        seen.date() < now.date()
        or seen < at <= now
        or any(seen < snooze.until <= now and snooze.since <= now for snooze in snoozes)
    )
