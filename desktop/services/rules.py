"""The shipped rules and work calendar, read once when first asked for. Knows no database."""

import tomllib
from decimal import Decimal
from functools import cache

from desktop.domain.calendar import HolidayYear, WorkCalendar
from desktop.domain.classification import KeyTargets
from desktop.domain.deadline import RuleBook
from desktop.exchange.holidays import read_holiday_years
from desktop.services.shipped import catalogue
from resources import resource


@cache
def rule_book() -> RuleBook:
    """All time limits, thresholds and gates, as shipped; the office's own settings come on top by `with_changes`."""
    text = resource("rules/deadlines.toml").read_text(encoding="utf-8")
    return RuleBook.from_data(tomllib.loads(text, parse_float=Decimal))


@cache
def shipped_calendar() -> WorkCalendar:
    """The arrangements shipped (2004–2026), without what the office has imported or edited."""
    return WorkCalendar.of(shipped_years())


@cache
def shipped_years() -> tuple[HolidayYear, ...]:
    """The arrangements shipped, for a calendar that adds the office's own years and edits."""
    return read_holiday_years(resource("holidays/arrangements.json").read_bytes(), "arrangements.json")


@cache
def key_targets() -> KeyTargets:
    """What makes a key target, with the tree of sectors."""
    text = resource("rules/key_targets.toml").read_text(encoding="utf-8")
    return KeyTargets.from_data(tomllib.loads(text), {row["id"]: row["parent"] for row in catalogue("sectors")})
