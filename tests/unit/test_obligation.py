"""Obligations: their chain of due dates, overdue, groups and endings."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from desktop.domain.calendar import WorkCalendar
from desktop.domain.deadline import RuleBook
from desktop.domain.errors import Invalid, Refused
from desktop.domain.obligation import DueDate, DueGroup, Ending, Obligation, due_group, end_of_week
from desktop.domain.obligation_kind import EndKind, ObligationKind

FRIDAY = date(2026, 9, 18)


def a_due(due_on: date, plan_on: date | None = None, reason: str = "", approver: str = "") -> DueDate:
    return DueDate(1, due_on, due_on, plan_on or due_on, date(2026, 9, 1), reason, approver)


def an_obligation(due_on: date = FRIDAY, plan_on: date | None = None) -> Obligation:
    return Obligation(ObligationKind.REINSPECT, "reinsp.due.o18", date(2026, 9, 1), (a_due(due_on, plan_on),))


def done(on: date) -> Ending:
    return Ending(EndKind.DONE, on, "复查合格")


def test_it_is_overdue_from_the_day_after_the_legal_date() -> None:
    item = an_obligation(due_on=FRIDAY, plan_on=FRIDAY - timedelta(days=3))
    assert not item.is_overdue(FRIDAY)
    assert item.is_overdue(FRIDAY + timedelta(days=1))
    assert item.is_overdue(FRIDAY + timedelta(days=4000))
    assert (item.days_left(FRIDAY), item.days_left(FRIDAY + timedelta(days=12))) == (0, -12)


def test_an_extended_deadline_is_not_overdue_and_keeps_its_original() -> None:
    item = an_obligation().extended(a_due(date(2026, 9, 30), reason="配件未到", approver="王所长"))
    assert not item.is_overdue(date(2026, 9, 20))
    assert (item.original.due_on, item.current.due_on, item.current.sequence) == (FRIDAY, date(2026, 9, 30), 2)
    assert item.has_extension


@pytest.mark.parametrize(
    ("due", "problems"),
    [
        (a_due(FRIDAY, reason="配件未到", approver="王所长"), {"due_on": "extension_not_later"}),
        (a_due(date(2026, 9, 1), reason="配件未到", approver="王所长"), {"due_on": "extension_not_later"}),
        (a_due(date(2026, 9, 30), reason=" ", approver="王所长"), {"reason": "reason_missing"}),
        (a_due(date(2026, 9, 30), reason="配件未到"), {"approver": "approver_missing"}),
        (a_due(FRIDAY), {"due_on": "extension_not_later", "reason": "reason_missing", "approver": "approver_missing"}),
    ],
)
def test_an_extension_is_later_reasoned_and_approved(due: DueDate, problems: dict[str, str]) -> None:
    with pytest.raises(Invalid) as told:
        an_obligation().extended(due)
    assert told.value.problems == problems


def test_what_has_ended_is_neither_extended_nor_ended_again_nor_overdue() -> None:
    item = an_obligation().ended(done(FRIDAY))
    with pytest.raises(Refused, match="obligation_ended"):
        item.extended(a_due(date(2026, 9, 30), reason="配件未到", approver="王所长"))
    with pytest.raises(Refused, match="obligation_ended"):
        item.ended(done(FRIDAY))
    later = FRIDAY + timedelta(days=30)
    assert (item.is_overdue(later), item.days_left(later), item.group(later)) == (False, None, None)


def test_on_time_is_judged_by_the_due_date_in_force() -> None:
    late_by_the_first = date(2026, 9, 25)
    assert an_obligation().ended(done(FRIDAY)).was_on_time is True
    assert an_obligation().ended(done(late_by_the_first)).was_on_time is False
    extended = an_obligation().extended(a_due(date(2026, 9, 30), reason="配件未到", approver="王所长"))
    assert extended.ended(done(late_by_the_first)).was_on_time is True
    assert an_obligation().was_on_time is None
    assert an_obligation().ended(Ending(EndKind.WAIVED, FRIDAY, "企业已关闭")).was_on_time is None


def test_a_waiver_says_why_and_nothing_ends_before_it_began() -> None:
    with pytest.raises(Invalid):
        an_obligation().ended(Ending(EndKind.WAIVED, FRIDAY))
    with pytest.raises(Invalid) as told:
        an_obligation().ended(done(date(2026, 8, 31)))
    assert told.value.problems == {"ended_on": "ended_before_trigger"}


@pytest.mark.parametrize(
    ("due_on", "plan_on", "group"),
    [
        (date(2026, 9, 15), date(2026, 9, 11), DueGroup.OVERDUE),
        (date(2026, 9, 16), date(2026, 9, 16), DueGroup.TODAY),
        (date(2026, 9, 16), date(2026, 9, 11), DueGroup.TODAY),
        (date(2026, 9, 28), date(2026, 9, 16), DueGroup.TODAY),
        (date(2026, 9, 17), date(2026, 9, 17), DueGroup.THIS_WEEK),
        (date(2026, 9, 28), date(2026, 9, 20), DueGroup.THIS_WEEK),
        (date(2026, 9, 21), date(2026, 9, 21), DueGroup.LATER),
    ],
)
def test_groups_on_wednesday_16_september(due_on: date, plan_on: date, group: DueGroup) -> None:
    assert due_group(due_on, plan_on, date(2026, 9, 16)) is group


def test_the_week_ends_on_sunday() -> None:
    assert {end_of_week(date(2026, 9, 14) + timedelta(days=n)) for n in range(7)} == {date(2026, 9, 20)}


def test_the_chain_has_no_gaps() -> None:
    with pytest.raises(ValueError, match="without gaps"):
        replace(an_obligation(), due_dates=(replace(a_due(FRIDAY), sequence=2),))
    with pytest.raises(ValueError, match="without gaps"):
        replace(an_obligation(), due_dates=())


def test_a_rule_gives_the_original_due_date(book: RuleBook, calendar: WorkCalendar) -> None:
    due = DueDate.of(book.work_out("reinsp.due", date(2026, 2, 5), calendar), date(2026, 2, 5))
    assert (due.raw_on, due.due_on, due.plan_on) == (date(2026, 2, 15), date(2026, 2, 24), date(2026, 2, 14))
    assert (due.rule, due.is_provisional, due.due_at) == ("reinsp.due.o18", False, None)


def test_a_rule_in_hours_gives_a_moment(book: RuleBook, calendar: WorkCalendar) -> None:
    start = datetime.fromisoformat("2026-04-30T17:00")
    due = DueDate.of(book.work_out("xs.transfer", start, calendar), start.date())
    assert (due.due_on, due.due_at) == (date(2026, 5, 1), datetime.fromisoformat("2026-05-01T17:00"))
