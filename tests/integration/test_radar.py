"""The radar on a real file: counted, adjusted, and turned into a special check or drafts of 清单提醒."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import builders
import pytest

from db.models import InspectionAnswer
from desktop.domain.checklist import Answer
from desktop.domain.errors import Invalid
from desktop.domain.hazard import HazardStatus
from desktop.domain.inspection import InspectionKind, InspectionStatus
from desktop.domain.obligation_kind import ObligationKind
from desktop.domain.radar import RadarPolicy, SameBy
from desktop.services import Services
from desktop.services.clock import Clock

MARCH = date(2026, 3, 2)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Services]:
    store = builders.an_office(tmp_path / "office")
    services = Services(store, tmp_path / "office", Clock(lambda: MARCH, lambda: datetime(2026, 3, 2, 9)))
    for name in ("宏达木业", "顺发木业"):
        builders.an_enterprise(store, name, village="三和村", sector="sec.wood")
    yield services
    services.close()


def found(services: Services, enterprise: int, on: date = date(2026, 2, 2), **more: object) -> int:
    facts = {"category": "粉尘防爆", "description": "除尘器未清灰", "basis": "粉尘规定第六条", **more}
    return builders.a_hazard(services.store, enterprise, found_on=on, **facts)


def test_what_repeats_is_told_with_who_and_by_what(office: Services) -> None:
    first, second = found(office, 1), found(office, 2, date(2026, 2, 10))
    found(office, 1, date(2026, 2, 20), status=HazardStatus.VOID)
    found(office, 2, date(2026, 1, 5), category="")
    report = office.radar.report()
    [row] = report.rows
    assert (row.cell.same_by, row.same, row.village, row.cell.hazard_ids) == (
        SameBy.CATEGORY, "粉尘防爆", "三和村", (second, first),
    )  # fmt: skip
    assert row.enterprises == ("宏达木业", "顺发木业")
    assert (report.finding_count, report.unsorted_count) == (3, 1)
    assert "2 次，涉及 2 家" in row.reason


def test_the_words_of_a_checklist_item_stand_for_its_code(office: Services) -> None:
    found(office, 1, checklist_code="CK-G-004")
    found(office, 2, checklist_code="CK-G-004")
    visit = builders.an_inspection(office.store, 1)
    with office.store.write("检查表") as session:
        session.add(
            InspectionAnswer(
                inspection_id=visit, sequence=1, code="CK-G-004", text="除尘器是否按规定清灰", answer=Answer.BAD
            )
        )
    [row] = office.radar.report().rows
    assert (row.cell.same_by, row.cell.same, row.same) == (SameBy.CHECKLIST, "CK-G-004", "除尘器是否按规定清灰")


def test_the_office_counts_as_it_chooses(office: Services) -> None:
    found(office, 1, date(2025, 6, 1))
    found(office, 2)
    assert len(office.radar.report().rows) == 1
    office.radar.set_policy(RadarPolicy(6, 2))
    report = office.radar.report()
    assert (report.rows, report.from_on) == ((), date(2025, 9, 3))
    office.radar.set_policy(RadarPolicy(12, 3))
    assert office.radar.policy() == RadarPolicy(12, 3)
    assert office.radar.report().rows == ()
    with pytest.raises(Invalid):
        office.radar.set_policy(RadarPolicy(0, 2))
    assert office.radar.policy() == RadarPolicy(12, 3)


def test_a_special_check_is_one_act_with_a_duty_each(office: Services) -> None:
    found(office, 1)
    found(office, 2)
    [row] = office.radar.report().rows
    assert [(each.enterprise, each.times) for each in office.radar.targets(row)] == [("宏达木业", 1), ("顺发木业", 1)]
    with pytest.raises(Invalid):
        office.radar.schedule_check(row, [1], date(2026, 3, 1))
    ids = office.radar.schedule_check(row, [1, 2], date(2026, 3, 9))
    visits = office.inspections.rows(ids)
    assert {(each.kind, each.status, each.planned_on) for each in visits} == {
        (InspectionKind.SPECIAL, InspectionStatus.PLANNED, date(2026, 3, 9))
    }
    assert office.inspections.detail(ids[0]).draft.remark == row.reason
    duties = [item.due_on for item in office.obligations.due() if item.kind is ObligationKind.INSPECT]
    assert duties == [date(2026, 3, 9)] * 2
    office.store.undo()
    assert office.inspections.ids() == []


def test_a_reminder_is_drafted_for_each_and_not_issued(office: Services) -> None:
    from desktop.services.office import OfficeDraft

    office.offices.establish(OfficeDraft("惠萍镇", "320681115"))
    visit = builders.an_inspection(office.store, 1, inspected_on=date(2026, 2, 2))
    found(office, 1, inspection_id=visit)
    found(office, 2)
    [row] = office.radar.report().rows
    ids = office.radar.draft_reminders(row, [1, 2])
    details = [office.forms.detail(number) for number in ids]
    assert [each.row.status.value for each in details] == ["draft", "draft"]
    rows = details[0].values["rows"]
    assert rows[0][1].startswith("粉尘防爆（")
    assert rows[0][2] == "粉尘规定第六条"
    assert office.forms.preview(office.forms.again(ids[1])).content.startswith(b"%PDF")
