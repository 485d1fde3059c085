"""The annual plans of the sample: key enterprises every year, of the rest a draw, spread over the months and officers."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from desktop.domain.enterprise import RiskLevel, StandardLevel
from desktop.domain.plan import PlanSource, last_day_of
from desktop.services.sample.acts import Acts, Item
from desktop.services.sample.days import Days
from desktop.services.sample.people import Crew
from desktop.services.sample.roster import Firm
from desktop.services.sample.words import township

# Drawn visits to each visit of a key enterprise: before, too many (77 % on key targets), now as the notice wants it.
DRAWN_BEFORE, DRAWN_NOW = 0.30, 0.23
AHEAD_MONTHS = 3


def _visits(firm: Firm) -> int:
    """How often a key enterprise is visited in a year; one of the first level no more than the cap lets it."""
    return 2 if firm.risk_level in _TWICE and firm.standard_level is not StandardLevel.ONE else 1


_TWICE = frozenset({RiskLevel.RED, RiskLevel.ORANGE})


class YearPlans:
    """Makes the plan items of a year."""

    def __init__(
        self, rng: random.Random, today: date, days: Days, acts: Acts, crew: Crew, firms: Sequence[Firm]
    ) -> None:
        self._rng = rng
        self._today = today
        self._days = days
        self._acts = acts
        self._crew = crew
        self._key = [firm for firm in firms if firm.is_key and firm.is_working]
        self._rest = [firm for firm in firms if not firm.is_key and firm.is_working]

    def year(self, year: int) -> Iterator[Item]:
        """The plan of one year: every key enterprise, red and orange ones twice, and the draw."""
        visits = 0
        for turn, firm in enumerate(self._key):
            month = turn * 12 // len(self._key) + 1
            for nth in range(_visits(firm)):
                yield self._item(firm, year, (month - 1 + 6 * nth) % 12 + 1, self._reason(firm))
                visits += 1
        share = DRAWN_NOW if year == self._today.year else DRAWN_BEFORE
        drawn = self._rng.sample(self._rest, min(len(self._rest), max(1, round(share * visits))))
        for turn, firm in enumerate(drawn):
            yield self._item(firm, year, turn * 12 // len(drawn) + 1, township()["words"]["random_reason"])

    def ahead(self, year: int) -> Iterator[Item]:
        """The first months of next year, when the year is old enough for them to be thought of."""
        if self._today.month < 11:
            return
        red = [firm for firm in self._key if firm.risk_level is RiskLevel.RED]
        for turn, firm in enumerate(red[:40]):
            yield self._item(firm, year, turn % AHEAD_MONTHS + 1, self._reason(firm))

    def _reason(self, firm: Firm) -> str:
        reasons = township()["words"]["plan_reasons"]
        return str(reasons[0] if firm.risk_level is RiskLevel.RED else self._rng.choice(reasons[1:]))

    def _item(self, firm: Firm, year: int, month: int, reason: str) -> Item:
        on = self._some_day(year, month)
        source = PlanSource.SUGGESTED if firm.is_key else PlanSource.IMPORT
        made_on = min(self._days.on_or_after(date(year, 1, 4)), self._today)
        if on > self._today + timedelta(days=45) and self._rng.random() < 0.5:
            return self._acts.plan(firm, year, month, None, self._officer(self._today), source, reason, made_on)
        return self._acts.plan(firm, year, month, on, self._officer(min(on, self._today)), source, reason, made_on)

    def _officer(self, on: date) -> int:
        """Somebody who can go on the day, as far as it is known today."""
        return self._crew.lead(on).id

    def _some_day(self, year: int, month: int) -> date:
        """A working day of the month; the year begins slowly."""
        first = date(year, month, 6 if month == 1 else 1)
        return self._days.some(self._rng, first, last_day_of(year, month))
