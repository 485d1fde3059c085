"""Time limits: the worked examples, the choice of version, and what a date may depend on."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from desktop.domain.calendar import DayKind, HolidayYear, NamedDay, WorkCalendar
from desktop.domain.deadline import (
    Confidence,
    Deadline,
    Direction,
    Moment,
    Roll,
    Rule,
    RuleBook,
    RuleChange,
    Unit,
    add_months,
    work_out,
)
from desktop.domain.errors import Refused

EXAMPLES = tomllib.loads(Path(__file__).with_name("deadline_examples.toml").read_text("utf-8"))["example"]


WorkOut = Callable[..., Deadline]


@pytest.fixture
def deadline(book: RuleBook, calendar: WorkCalendar) -> WorkOut:
    def worked(name: str, start: Moment, law_on: date | None = None) -> Deadline:
        return book.work_out(name, start, calendar, law_on)

    return worked


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def example(case_id: str) -> Mapping[str, Any]:
    return next(case for case in EXAMPLES if case["id"] == case_id)


def test_all_examples_are_here() -> None:
    assert [case["id"] for case in EXAMPLES] == [f"x{n:02d}" for n in range(1, 29)]


@pytest.mark.parametrize("case", EXAMPLES, ids=lambda case: case["id"])
def test_worked_example(case: Mapping[str, Any], deadline: WorkOut) -> None:
    worked = deadline(case["rule"], case["start"])
    assert worked.rule.id == case["rule"]
    if case["id"] == "x21":
        assert worked.wide == case["expected"]
        return
    assert worked.raw == case["expected"]
    assert worked.legal == case.get("rolled", case["expected"])
    assert worked.plan == case.get("plan", case["expected"])


@pytest.mark.parametrize("case", [case for case in EXAMPLES if "sequence" in case], ids=lambda case: case["id"])
def test_the_days_counted_are_the_workdays_of_the_sequence(case: Mapping[str, Any], calendar: WorkCalendar) -> None:
    walk = calendar.subtract_workdays if case["op"].endswith("before") else calendar.add_workdays
    assert ",".join(f"{walk(case['start'], n):%m-%d}" for n in range(1, case["n"] + 1)) == case["sequence"]


def test_a_hearing_notice_shows_the_strict_and_the_wide_day(deadline: WorkOut) -> None:
    worked = deadline("pen.hearing_notice", date(2026, 10, 14))
    assert (worked.raw, worked.wide) == (example("x22")["expected"], example("x21")["expected"])


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("acc.unit_report", moment("2026-05-03T22:50"), moment("2026-05-03T23:50")),
        ("acc.level_report", moment("2026-05-03T23:45"), moment("2026-05-04T01:45")),
        ("xs.transfer", moment("2026-04-30T17:00"), moment("2026-05-01T17:00")),
        ("insp.powercut_notice", moment("2026-05-01T08:00"), moment("2026-04-30T08:00")),
    ],
)
def test_hours_run_through_nights_and_holidays(name: str, start: datetime, end: datetime, deadline: WorkOut) -> None:
    worked = deadline(name, start)
    assert (worked.raw, worked.legal, worked.plan, worked.provisional) == (end, end, end, False)


def test_hours_need_a_moment(deadline: WorkOut) -> None:
    with pytest.raises(Refused, match="moment_needed"):
        deadline("xs.transfer", date(2026, 4, 30))


def test_a_limit_in_days_takes_the_day_of_a_moment(deadline: WorkOut) -> None:
    assert deadline("pay.due", moment("2025-04-18T23:59")).raw == date(2025, 5, 3)


@pytest.mark.parametrize(
    ("name", "start", "raw", "plan"),
    [
        ("hazard.annual_stat", date(2020, 12, 31), date(2021, 1, 31), date(2021, 1, 29)),
        ("pub.annual", date(2024, 12, 31), date(2025, 1, 31), date(2025, 1, 27)),
        ("pub.annual", date(2025, 12, 31), date(2026, 1, 31), date(2026, 1, 30)),
        ("seed.yearend", date(2020, 12, 25), date(2020, 12, 25), date(2020, 12, 25)),
        ("seed.yearend", date(2020, 12, 26), date(2021, 12, 25), date(2021, 12, 24)),
        ("seed.yearend", date(2022, 1, 1), date(2022, 12, 25), date(2022, 12, 23)),
        ("seed.yearend", date(2023, 1, 1), date(2023, 12, 25), date(2023, 12, 25)),
        ("seed.yearend", date(2026, 1, 1), date(2026, 12, 25), date(2026, 12, 25)),
        ("stat.monthly", date(2026, 9, 30), date(2026, 10, 5), date(2026, 9, 30)),
        ("stat.monthly", date(2025, 12, 31), date(2026, 1, 5), date(2026, 1, 5)),
        ("archive.daily", date(2025, 3, 1), date(2026, 6, 30), date(2026, 6, 30)),
        ("archive.daily", date(2025, 12, 31), date(2026, 6, 30), date(2026, 6, 30)),
    ],
)
def test_fixed_dates_do_not_roll_but_remind_before(
    name: str, start: date, raw: date, plan: date, deadline: WorkOut
) -> None:
    worked = deadline(name, start)
    assert (worked.raw, worked.legal, worked.plan) == (raw, raw, plan)


def test_closure_window_of_180_days_holds_the_third_penalty(deadline: WorkOut) -> None:
    assert deadline("close.180d_window", date(2026, 1, 10)).raw == date(2026, 7, 9)


def test_an_accident_report_extended_ends_after_120_days(deadline: WorkOut) -> None:
    first = deadline("acc.investigate", date(2026, 3, 15))
    assert deadline("acc.investigate_ext", first.raw).raw == date(2026, 7, 13)


def test_the_day_on_which_a_surcharge_begins_is_itself_day_one(deadline: WorkOut) -> None:
    assert deadline("pay.surcharge", date(2026, 3, 18)).raw == date(2026, 3, 18)


@pytest.mark.parametrize(
    ("name", "on", "expected"),
    [
        ("reinsp.due", date(2026, 1, 31), "reinsp.due"),
        ("reinsp.due", date(2026, 2, 1), "reinsp.due.o18"),
        ("reinsp.due.o18", date(2025, 12, 1), "reinsp.due"),
        ("pen.hearing_request", date(2021, 7, 14), "pen.hearing_request.old"),
        ("pen.hearing_request.old", date(2021, 7, 15), "pen.hearing_request"),
        ("pen.decision_90", date(2020, 6, 1), "pen.decision_90.o77"),
        ("pen.decision_90", date(2025, 6, 1), "pen.decision_90"),
        ("pen.decision_90.o77", date(2025, 6, 1), "pen.decision_90.o77"),
        ("pen.decision_90.o77", date(2026, 6, 1), "pen.decision_90"),
        ("rep.handle", date(2017, 6, 1), "rep.handle.2012"),
        ("rem.recon_reply", date(2023, 12, 31), "rem.recon_reply.old"),
    ],
)
def test_the_version_is_that_of_the_day_of_the_act(name: str, on: date, expected: str, book: RuleBook) -> None:
    assert book.rule_for(name, on).id == expected


def test_the_law_of_the_act_governs_a_trigger_of_another_day(deadline: WorkOut) -> None:
    """A hearing notice served on the last day of the old law: three natural days, whatever day is asked from."""
    worked = deadline("pen.hearing_request", date(2021, 7, 20), law_on=date(2021, 7, 14))
    assert (worked.rule.id, worked.raw) == ("pen.hearing_request.old", date(2021, 7, 23))


def test_no_version_in_force_and_unknown_names_are_refused(book: RuleBook) -> None:
    with pytest.raises(Refused, match="rule_not_in_force"):
        book.rule_for("pen.daily_penalty", date(2021, 8, 31))
    with pytest.raises(Refused, match="rule_not_in_force"):
        book.rule_for("pen.decision_30", date(2026, 2, 1))
    with pytest.raises(Refused, match="rule_unknown"):
        book.rule_for("reinsp", date(2026, 2, 1))


def test_the_book_is_whole(book: RuleBook) -> None:
    assert (len(book.rules), len(book.thresholds), len(book.gates)) == (101, 23, 20)
    assert all(rule.source and rule.article and rule.name_zh for rule in book.rules.values())
    assert {
        rule.id for rule in book.rules.values() if rule.id.endswith(".o18") and not rule.needs_confirmation
    } == set()


def test_versions_of_a_rule_overlap_only_where_the_law_itself_does(book: RuleBook) -> None:
    clashes = {
        family
        for family, versions in book.families.items()
        for earlier, later in pairwise(versions)
        if earlier.in_force_to is None or earlier.in_force_to >= later.in_force_from
    }
    assert clashes == {"pen.decision_90"}


def test_thresholds_have_versions_too(book: RuleBook) -> None:
    old, new = (
        book.threshold_for("simple.entity", date(2020, 6, 1)),
        book.threshold_for("simple.entity", date(2026, 6, 1)),
    )
    assert old is not None
    assert new is not None
    assert (old.value, new.value) == (1000, 3000)
    assert book.threshold_for("key_share", date(2021, 1, 1)) is None


def test_a_day_that_mattered_in_an_unpublished_year_makes_a_date_provisional(deadline: WorkOut) -> None:
    assert deadline("pen.publish", date(2026, 12, 28)).provisional
    assert not deadline("pen.publish", date(2026, 12, 1)).provisional
    assert deadline("pay.due", date(2026, 12, 20)).provisional
    assert deadline("seed.yearend", date(2027, 1, 1)).provisional
    assert not deadline("ban.5y", date(2026, 1, 1)).provisional


def test_only_the_days_counted_back_matter(book: RuleBook, calendar: WorkCalendar) -> None:
    rule = replace(book.rules["pen.hearing_notice"], length=2)
    assert not work_out(rule, date(2027, 1, 1), calendar).provisional
    assert work_out(rule, date(2027, 1, 4), calendar).provisional


def test_an_imported_year_ends_the_provisional_state_and_moves_the_date(
    book: RuleBook, years: tuple[HolidayYear, ...], deadline: WorkOut
) -> None:
    before = deadline("enf.demand", date(2026, 12, 25))
    year = HolidayYear(2027, (NamedDay(date(2027, 1, 1), DayKind.OFF, "元旦"),))
    after = book.work_out("enf.demand", date(2026, 12, 25), WorkCalendar.of([*years, year]))
    assert (before.raw, before.provisional) == (date(2027, 1, 8), True)
    assert (after.raw, after.provisional) == (date(2027, 1, 11), False)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 12, 31), 2, date(2025, 2, 28)),
        (date(2025, 3, 31), -1, date(2025, 2, 28)),
        (date(2025, 1, 15), -1, date(2024, 12, 15)),
    ],
)
def test_months_end_on_the_corresponding_day_or_the_last(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end


def test_a_confirmed_rule_is_no_longer_doubtful_and_may_count_in_workdays(
    book: RuleBook, calendar: WorkCalendar
) -> None:
    """Order 18 may turn out to mean ten working days: the office says so when its lawyer confirms."""
    settled = book.with_changes([RuleChange("reinsp.due.o18", confirmed=True, unit=Unit.WORKING_DAY)])
    worked = settled.work_out("reinsp.due", date(2026, 9, 18), calendar)
    assert not worked.rule.needs_confirmation
    assert worked.legal == date(2026, 10, 9)
    assert book.rules["reinsp.due.o18"].needs_confirmation


def test_the_office_cannot_change_the_law(book: RuleBook) -> None:
    with pytest.raises(Refused, match="rule_is_law"):
        book.with_changes([RuleChange("pay.due", length=30)])
    assert book.with_changes([RuleChange("revisit.first", length=20)]).rules["revisit.first"].length == 20


def test_the_convention_is_told_in_words(book: RuleBook) -> None:
    rules = book.rules
    assert rules["reinsp.due"].convention == (
        "自次日起算，10日（自然日，节假日照算）；末日遇休息日顺延到下一个工作日；提醒排在末日或之前的最近一个工作日"
    )
    assert "空满7个工作日" in rules["pen.hearing_notice"].convention
    assert rules["stat.monthly"].convention.startswith("固定日期：每月5日")
    assert all(rule.convention for rule in rules.values())


A_RULE: dict[str, Any] = {
    "id": "a",
    "name_zh": "甲",
    "group": "g",
    "actor": "agency",
    "trigger_zh": "起",
    "length": 3,
    "unit": "natural_day",
    "direction": "after",
    "start_day_excluded": True,
    "roll": "none",
    "plan_roll": "none",
    "source": "法",
    "article": "一",
    "in_force_from": date(2020, 1, 1),
    "if_missed": "无",
    "severity": "low",
    "confidence": "verified",
    "article_confidence": "recalled",
}


def test_a_rule_of_the_file_is_typed() -> None:
    rule = RuleBook.from_data({"rule": [A_RULE]}).rules["a"]
    assert isinstance(rule, Rule)
    assert (rule.unit, rule.direction, rule.roll) == (Unit.NATURAL_DAY, Direction.AFTER, Roll.NONE)
    assert (rule.family, rule.article_confidence) == ("a", Confidence.RECALLED)


@pytest.mark.parametrize(
    "fault",
    [
        {"unit": "week"},
        {"in_force_to": date(2019, 1, 1)},
        {"length": 0},
        {"in_force_from": "2020-01-01"},
        {"surprise": 1},
        {"unit": "fixed_date", "length": 0},
        {"unit": "hour", "roll": "forward"},
    ],
)
def test_a_faulty_rule_is_named(fault: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Rule a"):
        RuleBook.from_data({"rule": [{**A_RULE, **fault}]})


def test_a_rule_given_twice_is_an_error() -> None:
    with pytest.raises(ValueError, match="twice"):
        RuleBook.from_data({"rule": [A_RULE, A_RULE]})
