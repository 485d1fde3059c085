"""The duty trail compares what was known on a day with what is known now, and flatters nobody."""

from dataclasses import replace
from datetime import date

import pytest

from desktop.domain.duty_trail import TrailFact, TrailKind, TrailMark, compared, days_late

DAY = date(2026, 3, 10)


def a_fact(
    number: int = 1, on: date = date(2026, 3, 2), kind: TrailKind = TrailKind.ORDER, **more: object
) -> TrailFact:
    return TrailFact(on, kind, ("rectification_order", number, "issued"), "下达", **more)  # type: ignore[arg-type]


def test_what_both_records_tell_bears_no_mark() -> None:
    [told] = compared([a_fact()], [a_fact()], DAY)
    assert (told.fact, told.mark) == (a_fact(), TrailMark.NONE)


def test_what_came_in_later_for_that_time_is_told_and_marked() -> None:
    told = compared([a_fact(1)], [a_fact(1), a_fact(2)], DAY)
    assert [(each.fact.key[1], each.mark) for each in told] == [(1, TrailMark.NONE), (2, TrailMark.LATER)]


def test_what_was_altered_stands_as_it_was_with_the_new_words_beside_it() -> None:
    [told] = compared([a_fact(text="原来")], [a_fact(text="后来")], DAY)
    assert (told.fact.text, told.mark, told.now and told.now.text) == ("原来", TrailMark.CHANGED, "后来")


def test_what_was_taken_out_stays() -> None:
    [told] = compared([a_fact()], [], DAY)
    assert told.mark is TrailMark.GONE


def test_an_act_moved_beyond_the_day_is_not_lost() -> None:
    [told] = compared([a_fact()], [replace(a_fact(), on=date(2026, 4, 1))], DAY)
    assert (told.mark, told.fact.on) == (TrailMark.CHANGED, date(2026, 3, 2))


def test_later_work_is_not_told() -> None:
    assert compared([a_fact(on=date(2026, 3, 11))], [a_fact(on=date(2026, 3, 11))], DAY) == []


def test_acts_of_one_day_follow_the_course_of_the_work() -> None:
    kinds = [TrailKind.DOCUMENT, TrailKind.ORDER, TrailKind.HAZARD, TrailKind.INSPECTION]
    facts = [a_fact(number, kind=kind) for number, kind in enumerate(kinds)]
    assert [each.fact.kind for each in compared(facts, facts, DAY)] == kinds[::-1]


@pytest.mark.parametrize(
    ("ended_on", "late"), [(None, 3), (date(2026, 3, 8), 1), (date(2026, 3, 7), 0), (date(2026, 3, 1), 0)]
)
def test_late_until_it_was_done_or_until_the_day(ended_on: date | None, late: int) -> None:
    assert days_late(date(2026, 3, 7), ended_on, DAY) == late
