"""The calendar's reading of plan, visits and obligations."""

from datetime import date

import pytest

from desktop.domain.errors import Refused
from desktop.services.agenda import Agenda, AgendaKind
from desktop.services.inspections import InspectionDraft, crew_of
from desktop.services.plans import PlanDraft
from desktop.services.rules import shipped_calendar
from tests.integration.test_work_chain import Work, work

__all__ = ["work"]

MARCH = (date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture
def agenda(work: Work) -> Agenda:
    clock = work.plans._clock
    return Agenda(work.store, clock, work.plans, work.inspections, work.obligations, shipped_calendar)


def test_a_day_shows_plan_visit_and_deadline_once_each(work: Work, agenda: Agenda) -> None:
    work.plans.add(PlanDraft(2026, 3, 2, planned_on=date(2026, 3, 20)))
    work.inspections.schedule(InspectionDraft(2, planned_on=date(2026, 3, 20), officers=crew_of([1, 2])))
    work.ordered(due_on=date(2026, 3, 20))
    on_day = [item for item in agenda.items(*MARCH) if item.on == date(2026, 3, 20)]
    assert [item.kind for item in on_day] == [AgendaKind.DUE, AgendaKind.PLANNED, AgendaKind.SCHEDULED]
    assert [item.kind for item in agenda.items(*MARCH) if item.on == date(2026, 3, 2)] == [AgendaKind.DONE]


def test_dragging_moves_a_plan_item_but_never_a_deadline(work: Work, agenda: Agenda) -> None:
    work.plans.add(PlanDraft(2026, 3, 2, planned_on=date(2026, 3, 20)))
    work.ordered()
    moved = next(item for item in agenda.items(*MARCH) if item.kind is AgendaKind.PLANNED)
    agenda.move(moved.key, date(2026, 3, 24))
    assert next(item for item in agenda.items(*MARCH) if item.key == moved.key).on == date(2026, 3, 24)
    fixed = next(item for item in agenda.items(*MARCH) if item.kind is AgendaKind.DUE)
    with pytest.raises(Refused, match="deadline_not_movable"):
        agenda.move(fixed.key, date(2026, 3, 24))


def test_days_carry_the_marks_of_the_published_calendar(agenda: Agenda) -> None:
    marks = {day.on: day.mark for day in agenda.days(date(2026, 2, 13), date(2026, 2, 16))}
    assert marks[date(2026, 2, 13)] == ""
    assert marks[date(2026, 2, 14)] == "班"
    assert marks[date(2026, 2, 15)] == "休"
    assert agenda.days(date(2027, 1, 4), date(2027, 1, 4))[0].is_provisional
