"""The office's calendar on a real file: years imported, days edited, open obligations counted anew."""

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from builders import TODAY as BUILT_ON
from builders import content
from roster_services import Roster, opened
from sqlalchemy import text

from desktop.domain.calendar import DayKind, HolidayYear, NamedDay, YearStatus
from desktop.domain.errors import Refused, Trouble
from desktop.domain.obligation_kind import Actor, EndKind, ObligationKind, SubjectType
from desktop.domain.officer import CertificateDraft, OfficerDraft
from desktop.services.obligations import Due

OFF, WORK = DayKind.OFF, DayKind.WORK


def days(kind: DayKind, name: str, *ons: str) -> tuple[NamedDay, ...]:
    return tuple(NamedDay(date.fromisoformat(on), kind, name) for on in ons)


# Invented for the test: nothing of this was published.
NEXT = HolidayYear(
    2027,
    (
        *days(OFF, "元旦", "2026-12-31", "2027-01-01", "2027-01-02", "2027-01-03"),
        *days(OFF, "春节", *(f"2027-02-{day:02}" for day in range(5, 12))),
        *days(WORK, "春节", "2027-02-13"),
    ),
    "国务院办公厅通知",
)


@pytest.fixture
def roster(tmp_path: Path) -> Iterator[Roster]:
    with opened(tmp_path) as found:
        yield found


def opened_duty(roster: Roster, kind: ObligationKind, due: Due, on: date, subject: int = 1) -> int:
    with roster.store.write("立一件事") as session:
        return roster.obligations.open(
            session, kind=kind, title="事项", subject=(SubjectType.HAZARD, subject), actor=Actor.AGENCY, triggered_on=on,
            due=due,
        )  # fmt: skip


def chain(roster: Roster, number: int) -> list[tuple[date, date, bool, str]]:
    return [(link.due_on, link.plan_on, link.is_provisional, link.reason) for link in roster.obligations.chain(number)]


def test_the_shipped_years_are_there_from_the_start(roster: Roster) -> None:
    calendar = roster.calendars.calendar()
    assert not calendar.is_workday(date(2026, 10, 1))
    assert calendar.is_workday(date(2026, 10, 10))
    newest = roster.calendars.years()[0]
    assert (newest.year, newest.status) == (2027, YearStatus.PROVISIONAL)
    this = next(row for row in roster.calendars.years() if row.year == 2026)
    assert (this.status, this.workday_count, len(this.off_days)) == (YearStatus.PUBLISHED, 248, 33)


def test_an_imported_year_counts_anew_what_is_open(roster: Roster) -> None:
    # Ten days after 2027-01-30 is 2027-02-09, a Tuesday by the plain week.
    natural = opened_duty(
        roster,
        ObligationKind.REINSPECT,
        roster.obligations.due_by_rule("reinsp.due", date(2027, 1, 30)),
        date(2027, 1, 30),
    )
    working = opened_duty(
        roster, ObligationKind.FILE_CASE, roster.obligations.due_by_rule("case.file_after_failed", date(2027, 2, 4)),
        date(2027, 2, 4), 2,
    )  # fmt: skip
    fixed = opened_duty(
        roster, ObligationKind.RECTIFY, roster.obligations.due_on_day(date(2027, 2, 6)), date(2026, 11, 1), 3
    )
    calm = opened_duty(
        roster, ObligationKind.RECTIFY, roster.obligations.due_on_day(date(2027, 3, 3)), date(2026, 11, 1), 4
    )
    known = opened_duty(
        roster, ObligationKind.RECTIFY, roster.obligations.due_on_day(date(2026, 12, 3)), date(2026, 11, 1), 5
    )
    ended = opened_duty(
        roster, ObligationKind.RECTIFY, roster.obligations.due_on_day(date(2027, 2, 6)), date(2026, 11, 1), 6
    )
    with roster.store.write("办结") as session:
        roster.obligations.end(session, (SubjectType.HAZARD, 6), None, EndKind.DONE, date(2026, 11, 20))
    assert chain(roster, natural) == [(date(2027, 2, 9), date(2027, 2, 9), True, "")]
    before = content(roster.store)

    seen = roster.calendars.preview(NEXT)
    assert content(roster.store) == before
    assert roster.store.undoable is not None
    assert roster.store.undoable.title == "办结"
    done = roster.calendars.import_year(NEXT)
    assert done == seen
    assert (done.replaces, done.off_count, done.work_count) == (YearStatus.PROVISIONAL, 11, 1)
    assert [(move.obligation_id, move.old_due_on, move.new_due_on) for move in done.moves] == [
        (fixed, date(2027, 2, 6), date(2027, 2, 6)),
        (natural, date(2027, 2, 9), date(2027, 2, 12)),
        (working, date(2027, 2, 11), date(2027, 2, 17)),
    ]
    assert done.confirmed_count == 1

    assert chain(roster, natural)[1:] == [(date(2027, 2, 12), date(2027, 2, 4), False, "日历更新")]
    assert chain(roster, fixed)[1:] == [(date(2027, 2, 6), date(2027, 2, 4), False, "日历更新")]
    assert chain(roster, calm)[1:] == [(date(2027, 3, 3), date(2027, 3, 3), False, "日历更新")]
    assert [len(chain(roster, number)) for number in (known, ended)] == [1, 1]
    assert not roster.calendars.calendar().is_workday(date(2026, 12, 31))

    roster.store.undo()
    assert content(roster.store) == before
    assert roster.calendars.calendar().year_status(2027) is YearStatus.PROVISIONAL
    roster.store.redo()
    assert roster.calendars.calendar().year_status(2027) is YearStatus.PUBLISHED


def test_taking_the_same_year_in_again_moves_nothing(roster: Roster) -> None:
    opened_duty(roster, ObligationKind.RECTIFY, roster.obligations.due_on_day(date(2027, 2, 6)), date(2026, 11, 1))
    roster.calendars.import_year(NEXT)
    again = roster.calendars.import_year(NEXT)
    assert (again.moves, again.confirmed_count, again.replaces) == ((), 0, YearStatus.PUBLISHED)


def test_a_corrected_arrangement_replaces_the_first(roster: Roster) -> None:
    roster.calendars.import_year(NEXT)
    shorter = HolidayYear(
        2027, tuple(day for day in NEXT.days if day.on != date(2027, 2, 11) and day.on.year == 2027), "更正"
    )
    roster.calendars.import_year(shorter)
    calendar = roster.calendars.calendar()
    assert calendar.is_workday(date(2027, 2, 11))
    assert calendar.is_workday(date(2026, 12, 31)), (
        "a day of the first arrangement that reached into December is gone too"
    )
    assert not calendar.is_workday(date(2027, 2, 10))
    assert calendar.is_workday(date(2026, 10, 10)), "the shipped neighbour is untouched"


def test_a_shipped_year_can_be_replaced(roster: Roster) -> None:
    roster.calendars.import_year(HolidayYear(2026, days(OFF, "国庆节", "2026-10-01"), "临时通知"))
    calendar = roster.calendars.calendar()
    assert calendar.is_workday(date(2026, 10, 2))
    assert not calendar.is_workday(date(2026, 10, 1))
    assert not calendar.is_workday(date(2025, 10, 2))


def test_an_edited_day_wins_and_survives_an_import(roster: Roster) -> None:
    roster.calendars.edit_day(date(2027, 2, 5), WORK, "本镇值班")
    roster.calendars.import_year(NEXT)
    assert roster.calendars.calendar().is_workday(date(2027, 2, 5))
    row = next(row for row in roster.calendars.years() if row.year == 2027)
    assert (row.status, [day.name for day in row.edited_days]) == (YearStatus.EDITED, ["本镇值班"])


def test_taking_an_edit_back_brings_the_imported_day_back(roster: Roster) -> None:
    roster.calendars.import_year(NEXT)
    day = date(2027, 2, 13)
    roster.calendars.edit_day(day, OFF, "台风")
    assert not roster.calendars.calendar().is_workday(day)
    roster.calendars.edit_day(day, None)
    assert roster.calendars.calendar().day_mark(day) == NamedDay(day, WORK, "春节")
    with pytest.raises(Refused) as caught:
        roster.calendars.edit_day(day, None)
    assert caught.value.code == "day_not_edited"
    other = date(2026, 11, 30)
    roster.calendars.edit_day(other, OFF, "台风")
    roster.calendars.edit_day(other, None)
    assert roster.calendars.calendar().is_workday(other)


def test_an_emergency_holiday_moves_open_deadlines_of_a_published_year(roster: Roster) -> None:
    """In January 2020 the arrangement was changed while deadlines were running."""
    number = opened_duty(
        roster, ObligationKind.FILE_CASE, roster.obligations.due_by_rule("case.file_after_failed", date(2026, 11, 24)),
        date(2026, 11, 24),
    )  # fmt: skip
    assert chain(roster, number)[0][0] == date(2026, 12, 1)
    seen = roster.calendars.preview_day(date(2026, 11, 27), OFF, "台风")
    assert [(move.old_due_on, move.new_due_on) for move in seen.moves] == [(date(2026, 12, 1), date(2026, 12, 2))]
    assert roster.calendars.edit_day(date(2026, 11, 27), OFF, "台风") == seen
    assert chain(roster, number)[1][0] == date(2026, 12, 2)


def test_a_working_day_limit_that_was_moved_by_hand_is_left_alone(roster: Roster) -> None:
    due = roster.obligations.due_by_rule("case.file_after_failed", date(2026, 11, 24))
    number = opened_duty(roster, ObligationKind.FILE_CASE, due, date(2026, 11, 24))
    with roster.store.write("改期") as session:
        later = Due(date(2026, 12, 4), date(2026, 12, 4), date(2026, 12, 4), False, due.rule)
        roster.obligations.move(session, number, later, reason="领导批准")
    assert roster.calendars.edit_day(date(2026, 11, 27), OFF).moves == ()


def test_certificates_and_permits_keep_their_day_and_move_the_reminder(roster: Roster) -> None:
    number = roster.officers.register(OfficerDraft("李四"), CertificateDraft("1", "", None, date(2027, 5, 8)))
    # Ninety days before is 2027-02-07, a Sunday: the Friday before is a holiday in the invented arrangement.
    item = roster.obligations.due_of((SubjectType.OFFICER, number))[0]
    assert item.plan_on == date(2027, 2, 5)
    roster.calendars.import_year(NEXT)
    moved = roster.obligations.due_of((SubjectType.OFFICER, number))[0]
    assert (moved.due_on, moved.plan_on, moved.is_provisional) == (date(2027, 5, 8), date(2027, 2, 4), False)


def test_a_file_is_read_or_refused_with_nothing_changed(roster: Roster) -> None:
    before = content(roster.store)
    with pytest.raises(Trouble):
        roster.calendars.import_file(b"name,phone\nx,1\n", "x.csv")
    assert content(roster.store) == before
    lines = "日期,类型,名称\n2027-01-01,休,元旦\n2027-01-09,班,元旦\n"
    seen = roster.calendars.preview_file(lines.encode("gb18030"), "2027.csv")
    assert (seen.year, seen.off_count, seen.work_count) == (2027, 1, 1)
    roster.calendars.import_file(lines.encode("gb18030"), "2027.csv")
    assert roster.calendars.calendar().is_workday(date(2027, 1, 9))


@pytest.mark.slow
def test_two_thousand_open_obligations_are_counted_anew_in_seconds(roster: Roster) -> None:
    with roster.store.write("准备") as session:
        rows = [{"n": number} for number in range(1, 2_001)]
        session.execute(
            text(
                "INSERT INTO obligation (id, kind, title, subject_type, subject_id, actor, rule, triggered_on, end_reason) "
                "VALUES (:n, 'reinspect', '复查', 'hazard', :n, 'agency', 'reinsp.due.o18', '2027-01-30', '')"
            ),
            rows,
        )
        session.execute(
            text(
                "INSERT INTO obligation_due (obligation_id, sequence, raw_on, due_on, plan_on, is_provisional, rule, set_on, "
                "reason, approver) VALUES (:n, 1, '2027-02-09', '2027-02-09', '2027-02-09', 1, 'reinsp.due.o18', :on, '', '')"
            ),
            [{**row, "on": BUILT_ON.isoformat()} for row in rows],
        )
    start = time.perf_counter()
    assert len(roster.calendars.preview(NEXT).moves) == 2_000
    assert time.perf_counter() - start < 30
