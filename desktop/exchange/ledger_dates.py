"""Dates as clerks write them, to ISO text: 2020.4.16, 2020年4月16日, 20200416, 43937 and real dates alike.

What was written is never guessed at in silence: two-digit years, day-first dates, months and years alone come back
with a fault that says how they were read, or that they were not.
"""

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from desktop.exchange.sheet import Cell

_EPOCH = date(1899, 12, 30)
_EPOCH_1904 = date(1904, 1, 1)
_SERIALS = range(10_000, 80_000)
"""Bare numbers that Excel shows as a date between 1927 and 2119."""

_YEARS = range(1900, 2101)
_FAR = (2099, 9999)
_CHINESE = str.maketrans("〇○零一二三四五六七八九元", "0001234567891")

_FULL = re.compile(r"(\d{4})[年./\-\\,、 ]+(\d{1,2})[月./\-\\,、 ]+(\d{1,2})[日号]?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})[年./\-\\ ]+(\d{1,2})月?|(\d{4})(\d{2})")
_YEAR = re.compile(r"(\d{4})年?")
_DAY_LAST_YEAR = re.compile(r"(\d{1,2})[./\-](\d{1,2})[./\-](\d{4})")
_SHORT_YEAR = re.compile(r"['’]?(\d{2})[年./\-](\d{1,2})[月./\-](\d{1,2})[日号]?")
_NO_YEAR = re.compile(r"(\d{1,2})[月./\-](\d{1,2})[日号]?")
_TIME = re.compile(r"[T ]*(?:上午|下午|晚上)?\s*\d{1,2}[:时]\d{0,2}.*$|(?<=日)\s*\d{1,2}时.*$")
_AROUND = re.compile(r"\(.*?\)|星期.|周[一二三四五六日天]|[。;；,，]+$")
_CHINESE_COUNT = "(?:[元一二三四五六七八九]|[一二三]?十[一二三四五六七八九]?)"
_CHINESE_DATE = re.compile(f"[〇○零一二三四五六七八九]{{4}}年{_CHINESE_COUNT}月{_CHINESE_COUNT}[日号]?")
_LONG_TERM = ("长期", "永久", "无固定期限", "无期限", "长期有效", "永久有效")


@dataclass(frozen=True, slots=True)
class ReadDate:
    """What was read: ISO text, ``2008-06`` or ``2008``, or nothing, and what is wrong with it.

    `last` is the last day of a partial date. `how` tells the reader of the fault how it was understood.
    """

    value: str | None
    fault: str = ""
    how: str = ""
    last: str = ""
    is_open_ended: bool = False


_INVALID = ReadDate(None, "date_invalid")


def read_date(cell: Cell, counts_from_1904: bool = False) -> ReadDate:
    """`cell` as a date."""
    if isinstance(cell, datetime):
        return _checked(cell.date())
    if isinstance(cell, date):
        return _checked(cell)
    if isinstance(cell, bool):
        return _INVALID
    if isinstance(cell, (int, float)):
        return _from_number(float(cell), counts_from_1904)
    return _as_iso(cell) or _from_text(_tidy(cell), counts_from_1904)


def _as_iso(text: str) -> ReadDate | None:
    """The quick way for dates that are written as they are stored."""
    if len(text) != 10 or text[4] != "-" or text[7] != "-" or not text.isascii():
        return None
    try:
        return _checked(date.fromisoformat(text))
    except ValueError:
        return None


def _tidy(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = _AROUND.sub("", plain).strip()
    plain = _TIME.sub("", plain).strip()
    if _CHINESE_DATE.fullmatch(plain):
        year, _, rest = plain.partition("年")
        month, _, day = rest.partition("月")
        return f"{year.translate(_CHINESE)}-{_chinese_number(month)}-{_chinese_number(day.rstrip('日号'))}"
    return plain


def _chinese_number(text: str) -> int:
    """Up to 三十一."""
    tens, has_ten, ones = text.rpartition("十")
    if not has_ten:
        return int(text.translate(_CHINESE))
    return (int(tens.translate(_CHINESE)) if tens else 1) * 10 + (int(ones.translate(_CHINESE)) if ones else 0)


def _checked(day: date) -> ReadDate:
    if day.year in _FAR:
        return ReadDate(None, is_open_ended=True)
    return ReadDate(day.isoformat()) if day.year in _YEARS else _INVALID


def _from_number(number: float, counts_from_1904: bool) -> ReadDate:
    if number != number or abs(number) > 99_999_999:
        return _INVALID
    whole = int(number)
    if whole in _SERIALS:
        return _checked((_EPOCH_1904 if counts_from_1904 else _EPOCH) + timedelta(days=whole))
    if number == whole:
        return _from_text(str(whole), counts_from_1904)
    if whole in _YEARS:
        return ReadDate(None, "date_ambiguous", "月份末尾的 0 可能已被 Excel 去掉，分不清是 1 月还是 10 月")
    return _INVALID


def _from_text(text: str, counts_from_1904: bool) -> ReadDate:
    full = _FULL.fullmatch(text) or _COMPACT.fullmatch(text)
    if full:
        return _from_parts(int(full[1]), int(full[2]), int(full[3]))
    if text in _LONG_TERM:
        return ReadDate(None, is_open_ended=True)
    month = _MONTH.fullmatch(text)
    if month:
        return _from_month(int(month[1] or month[3]), int(month[2] or month[4]))
    if _YEAR.fullmatch(text) and int(text[:4]) in _YEARS:
        return ReadDate(text[:4], "date_partial", "只有年份", f"{text[:4]}-12-31")
    if text.isdecimal() and len(text) == 5:
        return _from_number(float(text), counts_from_1904)
    return _from_doubtful(text)


def _from_parts(year: int, month: int, day: int) -> ReadDate:
    try:
        return _checked(date(year, month, day))
    except ValueError:
        return ReadDate(None, "date_invalid", _why_impossible(year, month, day))


def _why_impossible(year: int, month: int, day: int) -> str:
    if not 1 <= month <= 12:
        return f"没有 {month} 月"
    if 1 <= year <= 9999 and day > calendar.monthrange(year, month)[1]:
        return f"{month} 月没有 {day} 日"
    return ""


def _from_month(year: int, month: int) -> ReadDate:
    if year not in _YEARS or not 1 <= month <= 12:
        return ReadDate(None, "date_invalid", _why_impossible(year, month, 1))
    last = calendar.monthrange(year, month)[1]
    return ReadDate(f"{year}-{month:02d}", "date_partial", "只有年月", f"{year}-{month:02d}-{last}")


def _from_doubtful(text: str) -> ReadDate:
    reversed_ = _DAY_LAST_YEAR.fullmatch(text)
    if reversed_:
        return _from_day_or_month_first(int(reversed_[1]), int(reversed_[2]), int(reversed_[3]))
    short = _SHORT_YEAR.fullmatch(text)
    if short:
        read = _from_parts(2000 + int(short[1]), int(short[2]), int(short[3]))
        return ReadDate(read.value, "date_ambiguous", f"年份只有两位，按 {read.value} 读取") if read.value else read
    if _NO_YEAR.fullmatch(text):
        return ReadDate(None, "date_ambiguous", "没有写年份")
    return _INVALID


def _from_day_or_month_first(first: int, second: int, year: int) -> ReadDate:
    """16/4/2020 can only be the 16th of April, 4/16/2020 as well; 5/4/2020 may be either."""
    if first <= 12 and second <= 12 and first != second:
        return ReadDate(None, "date_ambiguous", "分不清哪个是月、哪个是日")
    month, day = (second, first) if first > 12 else (first, second)
    read = _from_parts(year, month, day)
    if read.value is None or first == second:
        return read
    return ReadDate(read.value, "date_ambiguous", f"日和月的顺序不同寻常，按 {read.value} 读取")
