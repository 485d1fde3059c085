"""Where services learn what day it is: handed in, so that a test or `--on` can choose it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """The business date (`today`) and the moment (`now`) as the office's own clock shows them."""

    today: Callable[[], date] = date.today
    now: Callable[[], datetime] = datetime.now

    @classmethod
    def on(cls, day: date) -> "Clock":
        """A clock whose business date is `day`; moments fall on that day at the present time."""
        return cls(lambda: day, lambda: datetime.combine(day, datetime.now().time()))
