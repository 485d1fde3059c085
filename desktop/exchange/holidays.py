"""Reads a year's holiday arrangement from a file that someone hands over.

Three layouts are understood:

- our own JSON, ``{"year": 2027, "source": "…", "days": [{"date": "2027-01-01", "kind": "off", "name": "元旦"}]}``;
- the widely used public JSON, whose days say ``"isOffDay": true`` instead of a kind;
- CSV with the columns date, kind, name (日期, 类型, 名称), where kind is off/work, 休/班 or 放假/上班.

Only the days that differ from a plain week need be listed. Days of the neighbouring years may occur, because
元旦 of a year can begin in the December before. Pure: bytes in, value out.
"""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from desktop.domain.calendar import SATURDAY, DayKind, HolidayYear, NamedDay
from desktop.domain.errors import Trouble

_KINDS = {
    **dict.fromkeys(("off", "休", "放假", "休息", "假", "节假日", "true", "是"), DayKind.OFF),
    **dict.fromkeys(("work", "班", "上班", "调休上班", "调休", "工作日", "补班", "false", "否"), DayKind.WORK),
}
_COLUMNS = {
    "date": ("date", "日期"),
    "kind": ("kind", "类型", "休班", "isoffday", "type", "安排"),
    "name": ("name", "名称", "节日", "节假日"),
}
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{4})(\d{2})(\d{2})")


def read_holiday_year(content: bytes, name: str) -> HolidayYear:
    """The arrangement that the file called `name` holds; raises `Trouble` with a sentence when it holds none."""
    text = _decoded(content, name).strip()
    if text.startswith(("{", "[")):
        return _from_json(text, name)
    return _checked(_days(_csv_rows(text, name), name), None, name, name)


def read_holiday_years(content: bytes, name: str) -> tuple[HolidayYear, ...]:
    """All arrangements of a file with a list of ``years``, as the program ships one."""
    data = _parsed(_decoded(content, name), name)
    if not isinstance(data, dict) or not isinstance(data.get("years"), list):
        raise Trouble("holiday_layout", name=name)
    source = str(data.get("source", name))
    return tuple(_from_object({"source": source, **year}, name) for year in data["years"] if isinstance(year, dict))


def _decoded(content: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Trouble("holiday_encoding", name=name)


def _parsed(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise Trouble("holiday_layout", name=name) from fault


def _from_json(text: str, name: str) -> HolidayYear:
    data = _parsed(text, name)
    return _from_object(data if isinstance(data, dict) else {"days": data}, name)


def _from_object(data: Mapping[str, Any], name: str) -> HolidayYear:
    days, year = data.get("days"), data.get("year")
    if not isinstance(days, list) or not all(isinstance(day, dict) for day in days) or not isinstance(year, int | None):
        raise Trouble("holiday_layout", name=name)
    rows = [{str(key).lower(): _word(value) for key, value in day.items()} for day in days]
    return _checked(_days(rows, name), year, str(data.get("source", name)), name)


def _word(value: object) -> str:
    return str(value).strip()


def _csv_rows(text: str, name: str) -> list[Mapping[str, str]]:
    try:
        lines = list(csv.reader(text.splitlines(), delimiter="\t" if "\t" in text.split("\n")[0] else ","))
    except csv.Error as fault:
        raise Trouble("holiday_layout", name=name) from fault
    heads = [cell.strip().lower() for cell in lines[0]] if lines else []
    places = {
        field: next((heads.index(word) for word in words if word in heads), None) for field, words in _COLUMNS.items()
    }
    if places["date"] is None or places["kind"] is None:
        raise Trouble("holiday_layout", name=name)
    return [
        {field: line[at].strip() for field, at in places.items() if at is not None and at < len(line)}
        for line in lines[1:]
        if any(cell.strip() for cell in line)
    ]


def _days(rows: Iterable[Mapping[str, str]], name: str) -> tuple[NamedDay, ...]:
    return tuple(_named_day(row, place, name) for place, row in enumerate(rows, start=1))


def _named_day(row: Mapping[str, str], place: int, name: str) -> NamedDay:
    kind = _KINDS.get((row.get("kind") or row.get("isoffday") or "").lower())
    on = _day(row.get("date", ""))
    if kind is None or on is None:
        raise Trouble("holiday_day", name=name, place=place, value="，".join(row.values()))
    return NamedDay(on, kind, row.get("name", ""))


def _day(text: str) -> date | None:
    found = _DATE.fullmatch(text.strip())
    try:
        return date(*(int(part) for part in found.groups() if part is not None)) if found else None
    except ValueError:
        return None


def _checked(days: tuple[NamedDay, ...], year: int | None, source: str, name: str) -> HolidayYear:
    """The arrangement, once it makes sense as one year's."""
    if not any(day.kind is DayKind.OFF for day in days):
        raise Trouble("holiday_empty", name=name)
    stated = year or Counter(day.on.year for day in days).most_common(1)[0][0]
    known: dict[date, NamedDay] = {}
    for day in sorted(days, key=lambda day: day.on):
        _check_day(day, stated, name)
        if known.setdefault(day.on, day).kind is not day.kind:
            raise Trouble("holiday_twice", name=name, on=day.on)
    return HolidayYear(stated, tuple(day for day in known.values() if not _is_plain(day)), source)


def _is_plain(day: NamedDay) -> bool:
    """A weekday named as worked, as public files do for 2020-02-03: true, and nothing that a calendar would mark."""
    return day.kind is DayKind.WORK and day.on.weekday() < SATURDAY


def _check_day(day: NamedDay, year: int, name: str) -> None:
    near = date(year - 1, 12, 1) <= day.on <= date(year + 1, 1, 31)
    if not near:
        raise Trouble("holiday_years", name=name, on=day.on, year=year)
