"""Holiday arrangements read from files that people hand over."""

import json
from datetime import date
from pathlib import Path

import pytest

from desktop.domain.calendar import DayKind, HolidayYear, NamedDay
from desktop.domain.errors import Trouble
from desktop.exchange.holidays import read_holiday_year
from desktop.text import sentence

NEW_YEAR = NamedDay(date(2027, 1, 1), DayKind.OFF, "元旦")
MADE_UP = NamedDay(date(2027, 2, 14), DayKind.WORK, "春节")


def read(text: str, encoding: str = "utf-8") -> HolidayYear:
    return read_holiday_year(text.encode(encoding), "安排")


@pytest.mark.parametrize(
    "text",
    [
        '{"year": 2027, "source": "国办通知", "days": [{"date": "2027-01-01", "kind": "off", "name": "元旦"},'
        ' {"date": "2027-02-14", "kind": "work", "name": "春节"}]}',
        '{"year": 2027, "papers": [], "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true},'
        ' {"name": "春节", "date": "2027-02-14", "isOffDay": false}]}',
        "date,kind,name\n2027-01-01,off,元旦\n2027-02-14,work,春节\n",
        "日期,类型,名称\r\n2027年2月14日,班,春节\r\n2027/1/1,休,元旦\r\n,,\r\n",
        "日期\t名称\t类型\n20270101\t元旦\t放假\n2027.2.14\t春节\t调休上班\n",
    ],
)
def test_every_layout_gives_the_same_days(text: str) -> None:
    year = read(text)
    assert (year.year, year.days) == (2027, (NEW_YEAR, MADE_UP))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_encodings_of_office_files_are_read(encoding: str) -> None:
    assert read("日期,类型,名称\n2027-01-01,休,元旦\n", encoding).days == (NEW_YEAR,)


def test_the_december_before_may_belong_to_a_year() -> None:
    year = read(
        '{"year": 2027, "days": [{"date": "2026-12-31", "kind": "off"}, {"date": "2027-01-01", "kind": "off"}]}'
    )
    assert [day.on for day in year.days] == [date(2026, 12, 31), date(2027, 1, 1)]


def test_a_plain_weekday_named_as_worked_gets_no_mark() -> None:
    assert read("日期,类型,名称\n2027-01-01,休,元旦\n2027-01-04,班,元旦\n").days == (NEW_YEAR,)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"year": 2027, "papers": [], "days": []}', "holiday_empty"),
        ("日期,类型,名称\n", "holiday_empty"),
        ('{"year": 2027', "holiday_layout"),
        ('{"year": "二〇二七", "days": []}', "holiday_layout"),
        ('{"year": 2027, "days": {"2027-01-01": "off"}}', "holiday_layout"),
        ('{"year": 2027, "days": ["2027-01-01"]}', "holiday_layout"),
        ("企业名称,地址\n甲厂,某村\n", "holiday_layout"),
        ("", "holiday_layout"),
        ("日期,类型,名称\n2027-02-30,休,春节\n", "holiday_day"),
        ("日期,类型,名称\n2027-01-01,半天,元旦\n", "holiday_day"),
        ("日期,类型,名称\n2027-01-01,休,元旦\n2027-01-01,班,元旦\n", "holiday_twice"),
        ("日期,类型,名称\n2027-01-02,休,元旦\n2027-01-02,班,元旦\n", "holiday_twice"),
        ("日期,类型,名称\n2026-05-01,休,劳动节\n2027-01-01,休,元旦\n2027-05-01,休,劳动节\n", "holiday_years"),
    ],
)
def test_what_is_no_arrangement_is_refused_with_a_sentence(text: str, code: str) -> None:
    with pytest.raises(Trouble) as told:
        read(text)
    assert told.value.code == code
    assert "安排" in sentence(told.value)


def test_bytes_of_no_encoding_are_refused() -> None:
    with pytest.raises(Trouble, match="holiday_encoding"):
        read_holiday_year(b"\xff\xfe\xff\xff\x00\x81", "安排")


@pytest.mark.parametrize("year", range(2018, 2027))
def test_the_public_files_agree_with_what_is_shipped(year: int, samples: Path, years: tuple[HolidayYear, ...]) -> None:
    content = (samples / "holidays" / "holiday-cn" / f"{year}.json").read_bytes()
    shipped = {day.on: day.kind for each in years for day in each.days}
    for day in read_holiday_year(content, f"{year}.json").days:
        plain = day.kind is (DayKind.OFF if day.on.weekday() >= 5 else DayKind.WORK)
        assert shipped.get(day.on) is day.kind or plain


def test_the_empty_public_file_of_2027_says_that_nothing_is_published(samples: Path) -> None:
    content = (samples / "holidays" / "holiday-cn" / "2027.json").read_bytes()
    assert json.loads(content)["days"] == []
    with pytest.raises(Trouble, match="holiday_empty"):
        read_holiday_year(content, "2027.json")
