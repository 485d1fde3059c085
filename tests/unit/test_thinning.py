"""Thinning of backups: 400 days of an office's work against a table and a second, independent rule."""

from datetime import date, datetime, timedelta
from itertools import groupby

import pytest

from desktop.domain.thinning import kept

START = datetime(2025, 1, 6, 8, 30)


def second_opinion(moments: list[datetime], now: datetime) -> set[datetime]:
    """The same promise from the other end: walk from the oldest, and let each period keep its last moment."""
    newest = max(moments)
    young = {each for each in moments if each > now - timedelta(days=2)} | {newest}
    left = sorted(set(moments) - young)
    answer = set(young)
    for number, form in ((12, "%Y-%m-%d"), (10, "%G-%V"), (9, "%Y-%m")):
        groups = [list(group) for _, group in groupby(left, key=lambda each: each.strftime(form))]
        for group in groups[-number:]:
            answer.add(group[-1])
        left = [each for group in groups[:-number] for each in group]
    return answer


def works_on(day: date) -> bool:
    """Working days of an office that also closes for a fortnight in summer."""
    return day.weekday() < 5 and not date(2025, 7, 28) <= day <= date(2025, 8, 10)


def test_400_days_of_half_hourly_backups() -> None:
    standing: set[datetime] = set()
    all_made: list[datetime] = []
    for number in range(400):
        morning = START + timedelta(days=number)
        if not works_on(morning.date()):
            continue
        for turn in range(18):
            now = morning + timedelta(minutes=30 * turn)
            all_made.append(now)
            standing.add(now)
            chosen = kept(standing, now)
            if turn in (0, 9, 17):
                assert chosen == second_opinion(sorted(standing), now)
            assert now in chosen
            standing = set(chosen)
        check_promise(standing, all_made, now)
    assert len(standing) <= 2 * 18 + 18 + 12 + 10 + 9


def check_promise(standing: set[datetime], made: list[datetime], now: datetime) -> None:
    """What a person may count on, whatever the rule is called."""
    assert {each for each in made if now - each < timedelta(days=2)} <= standing
    days = sorted({each.date() for each in made})
    assert {each.date() for each in standing} >= set(days[-12:])
    weeks = sorted({each.isocalendar()[:2] for each in made})
    assert {each.isocalendar()[:2] for each in standing} >= set(weeks[-12:])
    months = sorted({(each.year, each.month) for each in made})
    assert {(each.year, each.month) for each in standing} >= set(months[-11:])


def test_applying_it_again_changes_nothing() -> None:
    moments = [START + timedelta(hours=7 * number) for number in range(1500)]
    now = moments[-1]
    once = kept(moments, now)
    assert kept(once, now) == once


def test_the_newest_stays_however_old_it_is() -> None:
    assert kept([START], START + timedelta(days=4000)) == {START}


def test_a_clock_set_back_throws_nothing_away() -> None:
    moments = [START + timedelta(hours=number) for number in range(40)]
    assert kept(moments, START - timedelta(days=30)) == frozenset(moments)


@pytest.mark.parametrize(("days_old", "stays"), [(1, 18), (3, 1), (20, 1)])
def test_a_day_keeps_all_or_its_last(days_old: int, stays: int) -> None:
    now = START + timedelta(days=days_old, hours=9)
    moments = [START + timedelta(minutes=30 * turn) for turn in range(18)]
    assert len(kept([*moments, now], now)) == stays + 1


def test_nothing_is_kept_of_nothing() -> None:
    assert kept([], START) == frozenset()
