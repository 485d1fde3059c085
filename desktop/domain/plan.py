"""The annual plan 年度监督检查计划: its codes."""

from calendar import monthrange
from datetime import date
from enum import StrEnum


class PlanKind(StrEnum):
    """重点检查 (a fixed list, all of it each year) or 一般检查 (drawn at random from the rest)."""

    KEY = "key"
    GENERAL = "general"


class PlanSource(StrEnum):
    """Where an item of the plan came from."""

    HAND = "hand"
    IMPORT = "import"
    SUGGESTED = "suggested"


def last_day_of(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])
