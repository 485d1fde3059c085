"""反复违法雷达: the same clause, in one village and one sector, more than once within some months.

What counts is the occasion, an enterprise on a day: two findings under one clause at one visit are one occasion.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from desktop.domain.deadline import add_months
from desktop.domain.errors import Invalid

MOST_MONTHS, MOST_TIMES = 60, 50


class SameBy(StrEnum):
    """By what two findings count as the same, the surest first."""

    CLAUSE = "clause"
    CHECKLIST = "checklist"
    CATEGORY = "category"


@dataclass(frozen=True, slots=True)
class RadarPolicy:
    """How far back is looked, and how many occasions are a repetition: the office's choice, not law."""

    months: int = 12
    times: int = 2

    def checked(self) -> "RadarPolicy":
        """This policy; raises `Invalid` when it cannot be counted with."""
        problems = {}
        if not 1 <= self.months <= MOST_MONTHS:
            problems["months"] = "radar_months"
        if not 2 <= self.times <= MOST_TIMES:
            problems["times"] = "radar_times"
        if problems:
            raise Invalid(problems, months=MOST_MONTHS, times=MOST_TIMES)
        return self

    def first_day(self, on: date) -> date:
        """The first day of the window that ends with `on`."""
        return add_months(on, -self.months) + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Finding:
    """A hazard as the radar sees it."""

    id: int
    enterprise_id: int
    found_on: date
    village: str
    sector: str
    clause: str = ""
    checklist_code: str = ""
    category: str = ""

    @property
    def same(self) -> tuple[SameBy, str] | None:
        """What it is the same by, and the word; None when nothing is known of it."""
        known = (
            (SameBy.CLAUSE, self.clause),
            (SameBy.CHECKLIST, self.checklist_code),
            (SameBy.CATEGORY, self.category),
        )
        return next(((kind, words) for kind, raw in known if (words := "".join(raw.split()))), None)


@dataclass(frozen=True, slots=True)
class RadarCell:
    """One clause in one village and sector: its occasions, and the findings behind them, newest first."""

    same_by: SameBy
    same: str
    village: str
    sector: str
    hazard_ids: tuple[int, ...]
    enterprise_ids: tuple[int, ...]
    repeated_ids: tuple[int, ...]
    times: int
    first_on: date
    last_on: date

    @property
    def is_spread(self) -> bool:
        """Whether several enterprises are in it."""
        return len(self.enterprise_ids) > 1

    @property
    def is_repeated(self) -> bool:
        """Whether one enterprise did it again."""
        return bool(self.repeated_ids)


def cells(findings: Iterable[Finding], policy: RadarPolicy, on: date) -> list[RadarCell]:
    """The cells with at least as many occasions as the policy asks, the most first."""
    first = policy.first_day(on)
    found: dict[tuple[SameBy, str, str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        if first <= finding.found_on <= on and (same := finding.same) is not None:
            found[(*same, finding.village, finding.sector)].append(finding)
    made = (_cell(key, rows) for key, rows in found.items())
    return sorted((cell for cell in made if cell.times >= policy.times), key=_order)


def _cell(key: tuple[SameBy, str, str, str], rows: list[Finding]) -> RadarCell:
    occasions = {(row.enterprise_id, row.found_on) for row in rows}
    days: dict[int, int] = defaultdict(int)
    for enterprise_id, _ in occasions:
        days[enterprise_id] += 1
    newest = sorted(rows, key=lambda row: (row.found_on, row.id), reverse=True)
    return RadarCell(
        *key,
        hazard_ids=tuple(row.id for row in newest),
        enterprise_ids=tuple(sorted(days)),
        repeated_ids=tuple(sorted(number for number, count in days.items() if count > 1)),
        times=len(occasions),
        first_on=newest[-1].found_on,
        last_on=newest[0].found_on,
    )


def _order(cell: RadarCell) -> tuple[object, ...]:
    return -cell.times, -len(cell.repeated_ids), -cell.last_on.toordinal(), cell.same, cell.village, cell.sector
