"""一企一策 on a real file: a measure and its duty begin and end together; a day is moved only for a reason."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from builders import content
from roster_services import Roster, opened

from desktop.domain.errors import Invalid, Refused
from desktop.domain.obligation_kind import Actor, ObligationKind, SubjectType
from desktop.services.measures import MeasureDraft, Measures

DUE = date(2026, 12, 31)


@pytest.fixture
def roster(tmp_path: Path) -> Iterator[Roster]:
    with opened(tmp_path) as found:
        yield found


@pytest.fixture
def measures(roster: Roster) -> Measures:
    return Measures(roster.store, roster.permits._clock, roster.obligations)


@pytest.fixture
def enterprise(roster: Roster) -> int:
    return roster.an_enterprise("启东宏达化工厂")


def a_draft(enterprise: int, due_on: date | None = DUE, **more: object) -> MeasureDraft:
    values = {"text": "喷漆间防爆改造", "person": "王厂长", "set_on": date(2026, 9, 1), **more}
    return MeasureDraft(enterprise, due_on=due_on, **values)  # type: ignore[arg-type]


def dues(roster: Roster) -> list[tuple[str, date, Actor]]:
    return [
        (item.title, item.due_on, item.actor)
        for item in roster.obligations.due()
        if item.kind is ObligationKind.MEASURE
    ]


def test_a_measure_is_due_until_it_is_done(roster: Roster, measures: Measures, enterprise: int) -> None:
    number = measures.add(a_draft(enterprise))
    assert dues(roster) == [("一企一策：喷漆间防爆改造", DUE, Actor.ENTERPRISE)]
    measures.finish(number, date(2026, 10, 1), "已验收")
    assert dues(roster) == []
    row = measures.row(number)
    assert (row.done_on, row.progress, row.days_left, row.is_open) == (date(2026, 10, 1), "已验收", None, False)
    with pytest.raises(Refused, match="measure_ended"):
        measures.note(number, "再说")


def test_an_overdue_measure_stays_on_the_list(roster: Roster, measures: Measures, enterprise: int) -> None:
    number = measures.add(a_draft(enterprise, date(2026, 9, 10)))
    row = measures.row(number)
    assert row.is_overdue
    assert row.days_left == (date(2026, 9, 10) - roster.permits._clock.today()).days
    measures.note(number, "已招标")
    assert [due for _, due, _ in dues(roster)] == [date(2026, 9, 10)]


def test_an_extension_keeps_the_old_day_and_its_reason(roster: Roster, measures: Measures, enterprise: int) -> None:
    number = measures.add(a_draft(enterprise))
    with pytest.raises(Invalid) as early:
        measures.extend(number, DUE, "设备晚到")
    assert early.value.problems == {"due_on": "not_later"}
    with pytest.raises(Invalid):
        measures.extend(number, date(2027, 3, 1), " ")
    measures.extend(number, date(2027, 3, 1), "设备晚到", "王所")
    item = roster.obligations.due_of((SubjectType.MEASURE, number))[0]
    chain = roster.obligations.chain(item.id)
    assert [(link.due_on, link.reason, link.approver) for link in chain] == [
        (DUE, "", ""),
        (date(2027, 3, 1), "设备晚到", "王所"),
    ]
    row = measures.row(number)
    assert (row.original_due_on, row.due_on) == (DUE, date(2027, 3, 1))


def test_giving_up_needs_a_reason_and_waives(roster: Roster, measures: Measures, enterprise: int) -> None:
    number = measures.add(a_draft(enterprise))
    with pytest.raises(Invalid):
        measures.give_up(number, date(2026, 9, 20), "")
    measures.give_up(number, date(2026, 9, 20), "喷漆工序外包")
    assert dues(roster) == []
    row = measures.row(number)
    assert (row.ended_on, row.ended_reason, row.done_on) == (date(2026, 9, 20), "喷漆工序外包", None)


@pytest.mark.parametrize(
    ("more", "problems"),
    [
        ({"text": " "}, {"text": "missing"}),
        ({"person": ""}, {"person": "missing"}),
        ({"due_on": None}, {"due_on": "missing"}),
        ({"due_on": date(2026, 8, 1)}, {"due_on": "due_before_measure"}),
        ({"set_on": date(2030, 1, 1), "due_on": date(2030, 2, 1)}, {"set_on": "date_future"}),
    ],
)
def test_what_is_wrong_is_said_of_its_field(
    measures: Measures, enterprise: int, more: dict[str, object], problems: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as wrong:
        measures.add(a_draft(enterprise, **more))  # type: ignore[arg-type]
    assert wrong.value.problems == problems
    assert measures.rows() == []


def test_mended_words_reach_the_duty_and_all_of_it_is_undone(
    roster: Roster, measures: Measures, enterprise: int
) -> None:
    number = measures.add(a_draft(enterprise))
    before = content(roster.store)
    measures.change(number, "喷漆间整体搬迁", "李厂长")
    assert [title for title, _, _ in dues(roster)] == ["一企一策：喷漆间整体搬迁"]
    roster.store.undo()
    assert content(roster.store) == before


def test_the_story_of_the_enterprise_tells_it(roster: Roster, measures: Measures, enterprise: int) -> None:
    number = measures.add(a_draft(enterprise))
    measures.finish(number, date(2026, 10, 1))
    told = [(entry.on, entry.title) for entry in roster.enterprises.timeline(enterprise) if "一企一策" in entry.title]
    assert told == [(date(2026, 10, 1), "一企一策：措施完成"), (date(2026, 9, 1), "一企一策：定措施")]
