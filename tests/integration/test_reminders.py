"""Reminders over a real office: put off, due again, kept beside the file, and never a fact of it."""

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from desktop.domain.errors import Trouble
from desktop.domain.obligation_kind import Actor, ObligationKind, SubjectType
from desktop.domain.reminder import PutOff, Urgency
from desktop.services import Services
from desktop.services.clock import Clock
from desktop.services.opening import create_office, open_office
from desktop.services.reminders import FILE_NAME

MONDAY = date(2026, 6, 1)
MORNING = time(8, 30)


class Wrist:
    """A clock that the test sets."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.at.date(), lambda: self.at)


@pytest.fixture
def wrist() -> Wrist:
    return Wrist(datetime(2026, 6, 1, 9))


@pytest.fixture
def services(tmp_path: Path, wrist: Wrist) -> Services:
    made = create_office(tmp_path / "office", person="张所", clock=wrist.clock)
    with made.store.write("事项") as session:
        for number, days in enumerate((-12, 0, 2, 30)):
            on = MONDAY + timedelta(days=days)
            made.obligations.open(
                session,
                kind=ObligationKind.RECTIFY,
                title=f"事项{days}",
                subject=(SubjectType.HAZARD, number),
                actor=Actor.AGENCY,
                triggered_on=MONDAY - timedelta(days=30),
                due=made.obligations.due_on_day(on),
            )
    return made


def titles(services: Services) -> list[str]:
    return [row.item.title for row in services.reminders.rows()]


def test_what_is_late_due_and_near_is_shown_in_that_order(services: Services) -> None:
    assert [(row.item.title, row.urgency) for row in services.reminders.rows()] == [
        ("事项-12", Urgency.OVERDUE),
        ("事项0", Urgency.TODAY),
        ("事项2", Urgency.SOON),
    ]
    assert len(services.reminders.rows(0)) == 2
    services.close()


def test_put_off_for_an_hour_it_is_back_in_an_hour_also_after_a_restart(services: Services, wrist: Wrist) -> None:
    rows = services.reminders.rows()
    assert services.reminders.put_off(rows[:1], PutOff.HOUR, MORNING) == datetime(2026, 6, 1, 10)
    assert titles(services) == ["事项0", "事项2"]
    services.close()
    again = open_office(services.folder, clock=wrist.clock)
    assert titles(again) == ["事项0", "事项2"]
    assert not again.reminders.is_time(wrist.at, time(8))
    seen, wrist.at = wrist.at, wrist.at + timedelta(hours=1)
    assert again.reminders.is_time(seen, time(8))
    assert titles(again) == ["事项-12", "事项0", "事项2"]
    again.close()


def test_all_put_off_until_next_monday_still_speaks_of_what_became_overdue(services: Services, wrist: Wrist) -> None:
    services.reminders.put_off(services.reminders.rows(), PutOff.MONDAY, MORNING)
    assert titles(services) == []
    wrist.at = datetime(2026, 6, 2, 9)
    (row,) = services.reminders.rows()
    assert (row.item.title, row.has_risen) == ("事项0", True)
    wrist.at = datetime(2026, 6, 8, 8, 30)
    assert [row.has_risen for row in services.reminders.rows()] == [False, False, False]
    services.close()


def test_an_item_that_was_done_is_gone_and_the_file_forgets_it(services: Services, wrist: Wrist) -> None:
    rows = services.reminders.rows()
    services.reminders.put_off(rows[:1], PutOff.HOUR, MORNING)
    services.obligations.waive(rows[1].item.id, "已并案")
    assert titles(services) == ["事项2"]
    wrist.at += timedelta(days=400)
    assert titles(services) == ["事项-12", "事项2", "事项30"]
    services.reminders.put_off(services.reminders.rows()[2:], PutOff.HOUR, MORNING)
    kept = json.loads((services.folder / FILE_NAME).read_text("utf-8"))
    assert len(kept) == 1
    services.close()


def test_what_is_put_off_is_no_fact_of_the_office(services: Services) -> None:
    before = services.store.undoable, services.store.changed_at, len(services.obligations.due())
    services.reminders.put_off(services.reminders.rows(), PutOff.MORNING, MORNING)
    assert (services.store.undoable, services.store.changed_at, len(services.obligations.due())) == before
    services.close()


@pytest.mark.parametrize("content", [b"", b"[]", b'{"1": {}}', b'{"x": 1}', b"\xff", b'{"1": {"until": "soon"}}'])
def test_a_broken_file_hides_nothing(services: Services, wrist: Wrist, content: bytes) -> None:
    services.close()
    (services.folder / FILE_NAME).write_bytes(content)
    again = open_office(services.folder, clock=wrist.clock)
    assert len(again.reminders.rows()) == 3
    again.reminders.put_off(again.reminders.rows(), PutOff.HOUR, MORNING)
    assert titles(again) == []
    again.close()


def test_what_cannot_be_written_is_told_and_hides_nothing(services: Services) -> None:
    (services.folder / FILE_NAME).mkdir()
    with pytest.raises(Trouble, match="cannot_write"):
        services.reminders.put_off(services.reminders.rows(), PutOff.HOUR, MORNING)
    assert len(titles(services)) == 3
    services.close()


def test_the_business_date_of_a_chosen_day_is_what_counts(services: Services) -> None:
    services.close()
    later = open_office(services.folder, clock=Clock.on(MONDAY + timedelta(days=7)))
    assert [row.urgency for row in later.reminders.rows()] == [Urgency.OVERDUE] * 3
    later.close()
