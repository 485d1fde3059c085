"""Which backups stay: all of two days, then one a day, one a week and one a month, each the newest of its time.

Days, weeks and months are counted as far as there are backups of them: weeks in which the computer stood still push
nothing out. What is left over from the days goes into the weeks, what is left over from the weeks into the months, so
that applying the rule again and again gives the same as applying it once.
"""

from collections.abc import Callable, Hashable, Iterable
from datetime import datetime, timedelta

ALL_OF = timedelta(days=2)
DAYS = 12
WEEKS = 10
MONTHS = 9


def kept(moments: Iterable[datetime], now: datetime) -> frozenset[datetime]:
    """The moments whose backups stay. The newest always does; one from the future (a clock set back) does, too."""
    newest_first = sorted(set(moments), reverse=True)
    stay = {moment for moment in newest_first if now - moment < ALL_OF} | set(newest_first[:1])
    rest = [moment for moment in newest_first if moment not in stay]
    for number, period in ((DAYS, _day), (WEEKS, _week), (MONTHS, _month)):
        chosen = _newest_of_each(rest, period)[:number]
        stay.update(chosen)
        rest = [moment for moment in rest if chosen and moment < chosen[-1] and period(moment) != period(chosen[-1])]
    return frozenset(stay)


def _newest_of_each(newest_first: list[datetime], period: Callable[[datetime], Hashable]) -> list[datetime]:
    firsts: dict[Hashable, datetime] = {}
    for moment in newest_first:
        firsts.setdefault(period(moment), moment)
    return list(firsts.values())


def _day(moment: datetime) -> Hashable:
    return moment.date()


def _week(moment: datetime) -> Hashable:
    return moment.isocalendar()[:2]


def _month(moment: datetime) -> Hashable:
    return moment.year, moment.month
