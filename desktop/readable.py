"""Dates, money and shares as people read them. Apart from `text`, which knows every code: a list needs no more than this."""

from datetime import date, datetime

WEEKDAYS = "一二三四五六日"


def day(on: date | None) -> str:
    """`2026-12-25 周五`; nothing known reads as a dash."""
    return "—" if on is None else f"{on:%Y-%m-%d} 周{WEEKDAYS[on.weekday()]}"


def moment(at: datetime | None) -> str:
    """`2026-12-25 09:41`."""
    return "—" if at is None else f"{at:%Y-%m-%d %H:%M}"


def long_day(on: date) -> str:
    """`2026年12月25日`, as papers write it."""
    return f"{on.year}年{on.month}月{on.day}日"


def days_left(days: int) -> str:
    """`还有 3 天`, `今天`, `逾期 12 天`: never a negative number."""
    if days < 0:
        return f"逾期 {-days} 天"
    return "今天" if days == 0 else f"还有 {days} 天"


def rate(part: int, whole: int | None) -> str:
    """A share in per cent with one decimal; of nothing it is a dash, never 100 %."""
    return f"{part * 100 / whole:.1f}%" if whole else "—"


def yuan(fen: int | None) -> str:
    """Money kept in 分, read in 元 with two decimals."""
    return "—" if fen is None else f"{fen // 100:,}.{fen % 100:02d}"


def size_of(count: int) -> str:
    """A file size as Explorer shows it."""
    return f"{count / 1024:.0f} KB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MB"
