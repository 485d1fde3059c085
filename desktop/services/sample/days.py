"""Working days at hand: the stretch of the calendar that the sample walks through, as a sorted list."""

import random
from bisect import bisect_left, bisect_right
from datetime import date, timedelta

from desktop.domain.calendar import WorkCalendar


class Days:
    """The working days from `first` to `last`; asking beyond them gives the nearest one."""

    def __init__(self, calendar: WorkCalendar, first: date, last: date) -> None:
        span = range((last - first).days + 1)
        days = (first + timedelta(days=step) for step in span)
        self._days = [day for day in days if calendar.is_workday(day)]

    def on_or_after(self, day: date) -> date:
        """`day` itself when it is worked, else the next one."""
        return self._days[min(bisect_left(self._days, day), len(self._days) - 1)]

    def on_or_before(self, day: date) -> date:
        """`day` itself when it is worked, else the one before."""
        return self._days[max(bisect_right(self._days, day) - 1, 0)]

    def plus(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`."""
        return self._days[min(bisect_right(self._days, day) + count - 1, len(self._days) - 1)]

    def between(self, first: date, last: date) -> list[date]:
        """The working days from `first` to `last`, both included."""
        return self._days[bisect_left(self._days, first) : bisect_right(self._days, last)]

    def some(self, rng: random.Random, first: date, last: date) -> date:
        """One of them by chance; where there is none, the next after `first`."""
        low, high = bisect_left(self._days, first), bisect_right(self._days, last)
        return self._days[rng.randrange(low, high)] if low < high else self.on_or_after(first)
