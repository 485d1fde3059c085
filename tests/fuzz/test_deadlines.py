"""Properties of time limits, and a second, naive implementation to compare with."""

import tomllib
from datetime import date, datetime, timedelta
from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from desktop.domain.calendar import DayKind, HolidayYear, NamedDay, WorkCalendar
from desktop.domain.deadline import Direction, Roll, Rule, RuleBook, Unit, add_months, work_out
from desktop.exchange.holidays import read_holiday_years
from resources import resource

BOOK = RuleBook.from_data(tomllib.loads(resource("rules/deadlines.toml").read_text("utf-8"), parse_float=Decimal))
SHIPPED = WorkCalendar.of(read_holiday_years(resource("holidays/arrangements.json").read_bytes(), "arrangements.json"))
RULES = sorted(BOOK.rules.values(), key=lambda rule: rule.id)
IN_DAYS = st.sampled_from([rule for rule in RULES if rule.unit is not Unit.HOUR])
FORWARD = st.sampled_from([rule for rule in RULES if rule.unit is not Unit.HOUR and rule.direction is Direction.AFTER])
DAYS = st.dates(date(2004, 1, 1), date(2029, 12, 31))
DAY = timedelta(days=1)


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    """A calendar with any days off and on, though never a year without a workday."""
    named = draw(st.dictionaries(DAYS, st.sampled_from(DayKind), max_size=40))
    return WorkCalendar.of([HolidayYear(2026, tuple(NamedDay(on, kind) for on, kind in named.items()))])


CALENDARS = st.one_of(st.just(SHIPPED), calendars())


def naive_last_day(rule: Rule, start: date, calendar: WorkCalendar) -> date:
    """The last day, found by walking one day at a time and asking of each whether it counts."""
    if rule.unit is Unit.FIXED_DATE:
        return naive_fixed_date(rule, start)
    if rule.unit in (Unit.MONTH, Unit.YEAR):
        return naive_months(start, rule.length * (12 if rule.unit is Unit.YEAR else 1))
    step = DAY if rule.direction is Direction.AFTER else -DAY
    on, wanted = start, rule.length + (1 if rule.clear_days else 0)
    counted = 0 if rule.start_day_excluded else 1
    while counted < wanted:
        on += step
        if rule.unit is Unit.NATURAL_DAY or calendar.is_workday(on):
            counted += 1
    return on


def naive_months(start: date, months: int) -> date:
    """Walk to the month, then to the corresponding day or the last one."""
    month = start.replace(day=1)
    for _ in range(months):
        month = (month + 31 * DAY).replace(day=1)
    on = month
    while on.day < start.day and (on + DAY).month == month.month:
        on += DAY
    return on


def naive_fixed_date(rule: Rule, start: date) -> date:
    on = date(start.year + 1, 1, 1) if rule.next_year else start
    while on.day != rule.day or (rule.month and on.month != rule.month):
        on += DAY
    return on


@given(IN_DAYS, DAYS, CALENDARS)
def test_the_three_dates_stand_in_order_and_on_workdays(rule: Rule, start: date, calendar: WorkCalendar) -> None:
    worked = work_out(rule, start, calendar)
    assert worked.plan_on <= worked.raw_on <= worked.legal_on
    assert calendar.is_workday(worked.plan_on)
    if rule.roll is Roll.FORWARD:
        assert calendar.is_workday(worked.legal_on)
    else:
        assert worked.legal_on == worked.raw_on
    between = [worked.plan_on + n * DAY for n in range(1, (worked.legal_on - worked.plan_on).days)]
    assert not any(calendar.is_workday(on) for on in between)


@given(IN_DAYS, DAYS, CALENDARS)
def test_the_last_day_is_that_of_the_naive_walk(rule: Rule, start: date, calendar: WorkCalendar) -> None:
    assert work_out(rule, start, calendar).raw == naive_last_day(rule, start, calendar)


@given(FORWARD, DAYS, DAYS, CALENDARS)
def test_a_later_trigger_never_gives_an_earlier_date(
    rule: Rule, first: date, second: date, calendar: WorkCalendar
) -> None:
    early, late = (work_out(rule, on, calendar) for on in sorted((first, second)))
    assert early.raw_on <= late.raw_on
    assert early.legal_on <= late.legal_on
    assert early.plan_on <= late.plan_on


@given(IN_DAYS, DAYS, st.integers(0, 2), CALENDARS)
def test_a_longer_limit_never_ends_earlier(rule: Rule, start: date, more: int, calendar: WorkCalendar) -> None:
    assume(rule.unit is not Unit.FIXED_DATE)
    longer = BOOK.rules[rule.id].__class__(
        **{name: getattr(rule, name) for name in rule.__slots__} | {"length": rule.length + more}
    )
    short, long = work_out(rule, start, calendar).raw_on, work_out(longer, start, calendar).raw_on
    assert short <= long if rule.direction is Direction.AFTER else long <= short


@given(
    st.sampled_from([rule for rule in RULES if rule.unit is Unit.HOUR]),
    st.datetimes(datetime.fromisoformat("2004-01-02"), datetime.fromisoformat("2029-12-30")),
)
def test_hours_pass_whatever_the_day(rule: Rule, start: datetime) -> None:
    worked = work_out(rule, start, SHIPPED)
    assert isinstance(worked.raw, datetime)
    assert abs(worked.raw - start) == timedelta(hours=rule.length)
    assert worked.raw == worked.legal == worked.plan


@given(st.sampled_from(sorted(BOOK.families)), DAYS)
def test_the_version_chosen_is_in_force_and_of_the_family(family: str, on: date) -> None:
    versions = [rule for rule in BOOK.families[family] if rule.in_force(on)]
    assume(versions)
    assert BOOK.rule_for(family, on) in versions


@given(IN_DAYS, DAYS)
def test_a_firm_date_does_not_move_when_an_unpublished_year_is_published(rule: Rule, start: date) -> None:
    """What is not 暂估 must never change, whatever the arrangement of 2027 and later will say."""
    worked = work_out(rule, start, SHIPPED)
    assume(not worked.provisional)
    flipped = tuple(
        NamedDay(on, DayKind.WORK if on.weekday() >= 5 else DayKind.OFF)
        for on in (date(2027, 1, 1) + n * DAY for n in range(60))
    )
    published = WorkCalendar.of([HolidayYear(2027, flipped), HolidayYear(2026, tuple(SHIPPED.days.values()))])
    after = work_out(rule, start, published)
    assert (after.raw, after.legal) == (worked.raw, worked.legal)
    if worked.reminds:
        assert after.plan == worked.plan


@given(DAYS, DAYS, CALENDARS)
def test_workdays_counted_by_arithmetic_are_those_counted_one_by_one(
    first: date, last: date, calendar: WorkCalendar
) -> None:
    last = min(last, first + 800 * DAY)
    one_by_one = sum(calendar.is_workday(first + n * DAY) for n in range((last - first).days + 1))
    assert calendar.count_workdays(first, last) == one_by_one


@given(DAYS, st.integers(0, 60), CALENDARS)
def test_walking_there_and_counting_agree(start: date, count: int, calendar: WorkCalendar) -> None:
    there = calendar.add_workdays(start, count)
    assert calendar.count_workdays(start + DAY, there) == count
    back = calendar.subtract_workdays(start, count)
    assert calendar.count_workdays(back, start - DAY) == count


@given(DAYS, st.integers(0, 400))
def test_months_stay_within_the_month_they_reach(start: date, months: int) -> None:
    end = add_months(start, months)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day == start.day or (end + DAY).day == 1
