"""Workdays: Monday to Friday, less the days off of the State Council's yearly arrangement, plus its make-up days.

A year whose arrangement is not known is counted on weekends alone; whoever relies on such a day is told so
(`is_provisional`, 暂估). Nothing here reads a file or a clock.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

ONE_DAY = timedelta(days=1)
SATURDAY = 5


class DayKind(StrEnum):
    """What an arrangement says of a day that it names: 休 or 班."""

    OFF = "off"
    WORK = "work"


class YearStatus(StrEnum):
    """How much is known of a year; a provisional year (暂估) stays so when only single days of it were edited."""

    PUBLISHED = "published"
    EDITED = "edited"
    PROVISIONAL = "provisional"


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day that an arrangement, or the office, names: off or worked, and the holiday it belongs to."""

    on: date
    kind: DayKind
    name: str = ""

    @property
    def mark(self) -> str:
        """休 or 班, as printed in calendars."""
        return "休" if self.kind is DayKind.OFF else "班"


@dataclass(frozen=True, slots=True)
class HolidayYear:
    """One published arrangement. Its days may reach into the neighbouring years (元旦 2023 began on 2022-12-31)."""

    year: int
    days: tuple[NamedDay, ...]
    source: str = ""

    @property
    def off_count(self) -> int:
        """How many days off it names; a whole arrangement has never had fewer than ten."""
        return sum(day.kind is DayKind.OFF for day in self.days)


def _changed_days(days: Mapping[date, NamedDay], kind: DayKind) -> tuple[int, ...]:
    """Ordinals of the days on which `kind` differs from the plain week, sorted for bisection."""
    weekend = kind is DayKind.WORK
    return tuple(
        sorted(on.toordinal() for on, day in days.items() if day.kind is kind and (on.weekday() >= SATURDAY) == weekend)
    )


def _weekdays_until(ordinal: int) -> int:
    """How many Mondays to Fridays have gone by up to and with the day `ordinal` (day 1 is a Monday)."""
    weeks, rest = divmod(ordinal, 7)
    return weeks * 5 + min(rest, 5)


@dataclass(frozen=True, slots=True, eq=False)
class WorkCalendar:
    """Which days are worked. Immutable; a changed arrangement makes a new calendar."""

    days: Mapping[date, NamedDay]
    published: frozenset[int]
    edited: frozenset[int]
    _off: tuple[int, ...] = field(repr=False)
    _work: tuple[int, ...] = field(repr=False)

    @classmethod
    def of(cls, years: Iterable[HolidayYear], edits: Iterable[NamedDay] = ()) -> "WorkCalendar":
        """A calendar of published years, in the order given (a later one wins), with the office's edits on top."""
        arrangements, changes = tuple(years), tuple(edits)
        days = {day.on: day for year in arrangements for day in year.days}
        days.update({day.on: day for day in changes})
        return cls(
            days=MappingProxyType(days),
            published=frozenset(year.year for year in arrangements),
            edited=frozenset(day.on.year for day in changes),
            _off=_changed_days(days, DayKind.OFF),
            _work=_changed_days(days, DayKind.WORK),
        )

    def is_workday(self, on: date) -> bool:
        """Whether `on` is worked: 工作日, make-up days included."""
        named = self.days.get(on)
        return on.weekday() < SATURDAY if named is None else named.kind is DayKind.WORK

    def is_day_off(self, on: date) -> bool:
        """Whether `on` is a 法定休假日: a weekend that is not worked, or a day of a holiday."""
        return not self.is_workday(on)

    def day_mark(self, on: date) -> NamedDay | None:
        """What an arrangement says of `on`; nothing for a plain weekday or weekend."""
        return self.days.get(on)

    def next_workday_on_or_after(self, on: date) -> date:
        """`on` itself when it is worked, else the first workday after it."""
        while not self.is_workday(on):
            on += ONE_DAY
        return on

    def previous_workday_on_or_before(self, on: date) -> date:
        """`on` itself when it is worked, else the last workday before it."""
        while not self.is_workday(on):
            on -= ONE_DAY
        return on

    def add_workdays(self, start: date, count: int) -> date:
        """The `count`-th workday after `start`, which is day 0 whether worked or not; 0 gives `start` itself."""
        return self._walk(start, count, ONE_DAY)

    def subtract_workdays(self, start: date, count: int) -> date:
        """The `count`-th workday before `start`, which is day 0 whether worked or not; 0 gives `start` itself."""
        return self._walk(start, count, -ONE_DAY)

    def _walk(self, on: date, count: int, step: timedelta) -> date:
        if count < 0:
            raise ValueError("count workdays the other way instead")
        while count:
            on += step
            count -= self.is_workday(on)
        return on

    def count_workdays(self, first: date, last: date) -> int:
        """How many workdays lie from `first` to `last`, both included; 0 when `last` comes before `first`."""
        low, high = first.toordinal(), last.toordinal()
        if high < low:
            return 0
        plain = _weekdays_until(high) - _weekdays_until(low - 1)
        return plain - _count_between(self._off, low, high) + _count_between(self._work, low, high)

    def year_status(self, year: int) -> YearStatus:
        """How much is known of `year`."""
        if year not in self.published:
            return YearStatus.PROVISIONAL
        return YearStatus.EDITED if year in self.edited else YearStatus.PUBLISHED

    def is_provisional(self, first: date, last: date | None = None) -> bool:
        """Whether any day from `first` to `last`, both included, lies in a year that is not published."""
        low, high = sorted((first, last or first))
        return any(year not in self.published for year in range(low.year, high.year + 1))


def _count_between(ordinals: tuple[int, ...], low: int, high: int) -> int:
    return bisect_right(ordinals, high) - bisect_left(ordinals, low)
