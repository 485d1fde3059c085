"""Reminders as levels: whatever is put off and however long nobody looks, nothing is ever lost."""

from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.reminder import (
    CLOCK_SLACK,
    Duty,
    PutOff,
    Snooze,
    Urgency,
    is_time_to_remind,
    reminders,
    until,
    urgency_of,
)

MORNING = time(8, 30)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31))
CHOICES = st.sampled_from(PutOff)
GAPS = st.sampled_from([0, 1, 7, 400])


@st.composite
def duties(draw: st.DrawFn) -> list[Duty]:
    """Open obligations within two years of 2026, each planned for its last day or some days before."""
    dues = draw(st.lists(st.dates(date(2025, 1, 1), date(2027, 12, 31)), max_size=12))
    return [Duty(n, on, on - timedelta(days=draw(st.integers(0, 4)))) for n, on in enumerate(dues)]


def put_off(listed: list[Duty], choice: PutOff, now: datetime) -> dict[int, Snooze]:
    """Everything in sight at `now`, put off."""
    known = {duty.id: duty for duty in listed}
    return {
        each.id: Snooze(until(choice, now, MORNING), now, known[each.id].due_on, each.urgency)
        for each in reminders(listed, {}, now)
    }


@given(duties(), MOMENTS)
def test_without_snoozes_all_that_is_late_or_near_is_shown_and_nothing_else(listed: list[Duty], now: datetime) -> None:
    shown = {each.id for each in reminders(listed, {}, now)}
    assert shown == {duty.id for duty in listed if urgency_of(duty, now.date()) is not None}
    assert {duty.id for duty in listed if duty.due_on < now.date()} <= shown


@given(duties(), MOMENTS, CHOICES, GAPS)
def test_what_was_put_off_is_back_however_long_nobody_looked(
    listed: list[Duty], now: datetime, choice: PutOff, days: int
) -> None:
    snoozes = put_off(listed, choice, now)
    later = max([now, *(each.until for each in snoozes.values())]) + timedelta(days=days)
    assert reminders(listed, {}, later) == reminders(listed, snoozes, later)


@given(duties(), MOMENTS, CHOICES, st.timedeltas(timedelta(0), timedelta(days=10)))
def test_the_answer_depends_on_the_moment_alone_and_asking_changes_nothing(
    listed: list[Duty], now: datetime, choice: PutOff, gap: timedelta
) -> None:
    snoozes = put_off(listed, choice, now)
    once = reminders(listed, snoozes, now + gap)
    for minutes in range(0, 60, 7):
        reminders(listed, snoozes, now + timedelta(minutes=minutes))
    assert reminders(reversed(listed), dict(reversed(snoozes.items())), now + gap) == once


@given(duties(), MOMENTS, CHOICES, st.timedeltas(timedelta(0), timedelta(days=10)))
def test_what_became_overdue_meanwhile_is_shown_and_says_so(
    listed: list[Duty], now: datetime, choice: PutOff, gap: timedelta
) -> None:
    snoozes, later = put_off(listed, choice, now), now + gap
    shown = {each.id: each for each in reminders(listed, snoozes, later)}
    for duty in listed:
        snooze = snoozes.get(duty.id)
        if urgency_of(duty, later.date()) is Urgency.OVERDUE and (
            snooze is None or snooze.urgency is not Urgency.OVERDUE
        ):
            assert shown[duty.id].urgency is Urgency.OVERDUE
            assert shown[duty.id].has_risen == (snooze is not None and later < snooze.until)


@given(duties(), MOMENTS, CHOICES, st.timedeltas(timedelta(0), timedelta(days=3000)))
def test_a_clock_put_back_shows_everything_that_is_near_then(
    listed: list[Duty], now: datetime, choice: PutOff, gap: timedelta
) -> None:
    earlier = now - CLOCK_SLACK - timedelta(seconds=1) - gap
    assert reminders(listed, put_off(listed, choice, now), earlier) == reminders(listed, {}, earlier)


@given(duties(), MOMENTS, CHOICES)
def test_putting_off_hides_at_once_and_other_items_stay(listed: list[Duty], now: datetime, choice: PutOff) -> None:
    snoozes = put_off(listed, choice, now)
    assert reminders(listed, snoozes, now) == []
    for kept in list(snoozes):
        rest = {key: value for key, value in snoozes.items() if key != kept}
        assert [each.id for each in reminders(listed, rest, now)] == [kept]


@given(duties(), MOMENTS, CHOICES)
def test_an_extended_deadline_is_no_longer_put_off(listed: list[Duty], now: datetime, choice: PutOff) -> None:
    snoozes = put_off(listed, choice, now)
    moved = [Duty(duty.id, duty.due_on + timedelta(days=1), now.date()) for duty in listed]
    assert reminders(moved, snoozes, now) == reminders(moved, {}, now)


@given(MOMENTS, CHOICES)
def test_a_snooze_ends_later_than_it_begins_and_within_a_week_and_a_morning(now: datetime, choice: PutOff) -> None:
    end = until(choice, now, MORNING)
    assert now < end <= now + timedelta(days=8)
    if choice is PutOff.MONDAY:
        assert end.weekday() == 0
    if choice is not PutOff.HOUR:
        assert end.time() == MORNING
        assert end.date() > now.date()


@given(MOMENTS, st.lists(st.timedeltas(timedelta(seconds=1), timedelta(hours=30)), min_size=1, max_size=20))
def test_looking_often_or_seldom_finds_the_same_days(start: datetime, gaps: list[timedelta]) -> None:
    """Every day on which anybody looks at or after the daily moment is told, once for the turn and once for the time."""
    seen, told = start, []
    for gap in gaps:
        now = seen + gap
        if is_time_to_remind(seen, now, MORNING, ()):
            told.append(now.date())
        else:
            assert now.date() == seen.date()
            assert not seen.time() < MORNING <= now.time()
        seen = now
    assert all(told.count(day) <= 2 for day in told)


def test_midnight_the_hour_and_a_clock_put_back() -> None:
    evening, night = datetime(2026, 12, 31, 23, 59, 59), datetime(2027, 1, 1)
    assert is_time_to_remind(evening, night, MORNING, ())
    assert not is_time_to_remind(night, evening, MORNING, ())
    eight = datetime(2026, 6, 1, 8)
    snooze = Snooze(datetime(2026, 6, 1, 8, 20), eight, date(2026, 6, 1), Urgency.TODAY)
    assert not is_time_to_remind(eight, datetime(2026, 6, 1, 8, 19, 59), MORNING, [snooze])
    assert is_time_to_remind(eight, datetime(2026, 6, 1, 8, 20), MORNING, [snooze])
    assert is_time_to_remind(eight, datetime(2026, 6, 1, 8, 30), MORNING, ())
    assert not is_time_to_remind(datetime(2026, 6, 1, 8, 30), datetime(2026, 6, 1, 8, 31), MORNING, ())


def test_urgency_goes_by_the_planning_date_and_overdue_by_the_legal_one() -> None:
    duty = Duty(1, date(2026, 6, 8), date(2026, 6, 5))
    expected = {
        date(2026, 6, 1): None,
        date(2026, 6, 2): Urgency.SOON,
        date(2026, 6, 4): Urgency.SOON,
        date(2026, 6, 5): Urgency.TODAY,
        date(2026, 6, 8): Urgency.TODAY,
        date(2026, 6, 9): Urgency.OVERDUE,
    }
    assert {on: urgency_of(duty, on) for on in expected} == expected
