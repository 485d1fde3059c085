"""The work calendar against the published arrangements."""

import tomllib
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from desktop.domain.calendar import DayKind, HolidayYear, NamedDay, WorkCalendar, YearStatus

PUBLISHED = tomllib.loads(Path(__file__).with_name("calendar_2020_2026.toml").read_text("utf-8"))["calendar"]


def days_of(year: int) -> list[date]:
    return [
        date(year, 1, 1) + timedelta(days=n) for n in range(366) if (date(year, 1, 1) + timedelta(days=n)).year == year
    ]


@pytest.mark.parametrize("year", range(2004, 2027))
def test_every_day_is_worked_or_off_as_the_source_says(year: int, calendar: WorkCalendar) -> None:
    assert [calendar.is_workday(day) for day in days_of(year)] == [
        chinese_calendar.is_workday(day) for day in days_of(year)
    ]


@pytest.mark.parametrize("year", range(2020, 2027))
def test_days_off_and_make_up_days_are_those_of_the_notice(year: int, calendar: WorkCalendar) -> None:
    facts = PUBLISHED[str(year)]
    named = {
        kind: [day for day in days_of(year) if (mark := calendar.day_mark(day)) and mark.kind is kind]
        for kind in DayKind
    }
    assert named == {DayKind.OFF: facts["off"], DayKind.WORK: facts["work"]}
    assert calendar.count_workdays(date(year, 1, 1), date(year, 12, 31)) == facts["working_days"]


def test_the_spring_festival_of_2020_has_its_emergency_extension(calendar: WorkCalendar) -> None:
    assert calendar.is_day_off(date(2020, 1, 31))
    assert calendar.is_day_off(date(2020, 2, 1))
    assert calendar.add_workdays(date(2020, 1, 23), 1) == date(2020, 2, 3)


def test_marks_name_the_holiday(calendar: WorkCalendar) -> None:
    off, worked = calendar.day_mark(date(2026, 2, 17)), calendar.day_mark(date(2026, 2, 14))
    assert off == NamedDay(date(2026, 2, 17), DayKind.OFF, "春节")
    assert (off.mark, worked and worked.mark) == ("休", "班")
    assert calendar.day_mark(date(2026, 11, 22)) is None


def test_an_unpublished_year_is_counted_on_weekends_and_says_so(calendar: WorkCalendar) -> None:
    assert calendar.year_status(2027) is YearStatus.PROVISIONAL
    assert calendar.is_workday(date(2027, 1, 1))
    assert calendar.is_day_off(date(2027, 1, 2))
    assert calendar.is_provisional(date(2026, 12, 31), date(2027, 1, 1))
    assert calendar.is_provisional(date(2027, 1, 1), date(2026, 12, 31))
    assert not calendar.is_provisional(date(2026, 1, 1), date(2026, 12, 31))
    assert calendar.is_provisional(date(2003, 12, 31))


def test_the_office_edits_a_day_on_top_of_the_arrangement() -> None:
    year = HolidayYear(2026, (NamedDay(date(2026, 10, 10), DayKind.WORK, "国庆节"),))
    calendar = WorkCalendar.of([year], [NamedDay(date(2026, 10, 10), DayKind.OFF, "台风停工")])
    assert calendar.is_day_off(date(2026, 10, 10))
    assert calendar.year_status(2026) is YearStatus.EDITED


def test_single_edits_do_not_publish_a_year() -> None:
    calendar = WorkCalendar.of([], [NamedDay(date(2027, 1, 1), DayKind.OFF, "元旦")])
    assert calendar.is_day_off(date(2027, 1, 1))
    assert calendar.year_status(2027) is YearStatus.PROVISIONAL


def test_a_later_arrangement_corrects_the_year_before_it() -> None:
    """元旦 2023 began on Saturday 2022-12-31, which the notice of 2023 named."""
    calendar = WorkCalendar.of(
        [
            HolidayYear(2026, (NamedDay(date(2026, 1, 1), DayKind.OFF, "元旦"),)),
            HolidayYear(2027, (NamedDay(date(2026, 12, 31), DayKind.OFF, "元旦"),)),
        ]
    )
    assert calendar.is_day_off(date(2026, 12, 31))


def test_counting_takes_both_ends_and_nothing_backwards(calendar: WorkCalendar) -> None:
    assert calendar.count_workdays(date(2026, 2, 14), date(2026, 2, 14)) == 1
    assert calendar.count_workdays(date(2026, 2, 13), date(2026, 2, 24)) == 3
    assert calendar.count_workdays(date(2026, 2, 24), date(2026, 2, 13)) == 0


def test_walking_starts_after_the_given_day(calendar: WorkCalendar) -> None:
    assert calendar.add_workdays(date(2026, 2, 13), 2) == date(2026, 2, 24)
    assert calendar.subtract_workdays(date(2026, 2, 24), 1) == date(2026, 2, 14)
    assert calendar.add_workdays(date(2026, 2, 15), 0) == date(2026, 2, 15)
    assert calendar.next_workday_on_or_after(date(2026, 2, 15)) == date(2026, 2, 24)
    assert calendar.previous_workday_on_or_before(date(2026, 2, 15)) == date(2026, 2, 14)
    with pytest.raises(ValueError, match="other way"):
        calendar.add_workdays(date(2026, 2, 13), -1)
