"""The duty trail on a real file: as of any day, with what came in later marked, and a PDF that comes out the same again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

import builders
import pytest

from db.models import Attachment, Enterprise, Hazard, RectificationOrder, Urging, UrgingHazard
from db.store import Store
from desktop.domain.duty_trail import TrailKind, TrailMark
from desktop.domain.errors import Invalid
from desktop.domain.inspection import Signature
from desktop.domain.order import OfficeMode
from desktop.domain.reinspection import ReinspectionOutcome
from desktop.domain.urging import UrgingWay
from desktop.services import Services
from desktop.services.clock import Clock
from desktop.services.duty_trail import DutyTrail, TrailEntry
from desktop.services.hazards import ExtensionDraft, HazardQuery
from desktop.services.inspections import Finding, InspectionDraft, crew_of
from desktop.services.office import OfficeDraft, PowerDraft
from desktop.services.orders import OrderDraft
from desktop.services.reinspections import ReinspectionDraft, ResultDraft
from desktop.services.trail_facts import gate_words

VISIT, DUE, LATE_DAY = date(2026, 3, 2), date(2026, 3, 20), date(2026, 3, 25)
HASH = "ab" * 32


@dataclass
class Desk:
    """An office whose business date and clock move together."""

    services: Services
    day: list[date]
    enterprise: int
    officers: tuple[int, int]

    def on(self, day: date) -> None:
        """It is this day now."""
        self.day[0] = day

    def trail(self, on: date) -> DutyTrail:
        """The trail as of a day."""
        return self.services.trails.trail(self.enterprise, on)

    def told(self, on: date) -> list[str]:
        """Its acts in a word each."""
        return [entry.title for entry in self.trail(on).entries]

    def ordered(self) -> tuple[int, int]:
        """An inspection with one hazard, and the order over it: their ids."""
        visit = self.services.inspections.record(
            InspectionDraft(
                self.enterprise, inspected_on=VISIT, officers=crew_of(self.officers), approved_by="王所",
                signature=Signature.SIGNED, findings=(Finding("配电箱未上锁"),),
            )
        )  # fmt: skip
        [hazard] = self.services.hazards.ids(HazardQuery(inspection_id=visit))
        return hazard, self.services.orders.issue(OrderDraft(self.enterprise, ((hazard, DUE),), VISIT, VISIT))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    day = [VISIT]

    def now() -> datetime:
        return datetime.combine(day[0], time(16, 30))

    store: Store = builders.an_office(tmp_path / "office", now=now)
    services = Services(store, tmp_path / "office", Clock(lambda: day[0], now))
    power = PowerDraft(OfficeMode.DELEGATED, date(2026, 1, 1), basis="委托书")
    services.offices.establish(OfficeDraft("惠萍镇", "320681115", prefix="苏启"), power)
    enterprise = builders.an_enterprise(store, "启东宏达机械厂")
    officers = builders.an_officer(store, "陈刚"), builders.an_officer(store, "李敏")
    yield Desk(services, day, enterprise, officers)
    services.close()


def only(trail: DutyTrail, title: str) -> TrailEntry:
    [found] = [entry for entry in trail.entries if entry.title.startswith(title)]
    return found


def test_the_chain_is_told_in_its_order_with_who_and_when(desk: Desk) -> None:
    hazard, _ = desk.ordered()
    desk.on(date(2026, 3, 19))
    desk.services.hazards.apply_extension([hazard], ExtensionDraft(date(2026, 3, 18), "等配件", date(2026, 3, 30)))
    trail = desk.trail(date(2026, 3, 19))
    assert [entry.kind for entry in trail.entries] == [
        TrailKind.INSPECTION, TrailKind.HAZARD, TrailKind.ORDER, TrailKind.ORDER, TrailKind.EXTENSION,
    ]  # fmt: skip
    visit = trail.entries[0]
    assert visit.who.startswith("陈刚（苏0626")
    assert (visit.entered_at, visit.entered_by) == (datetime(2026, 3, 2, 16, 30), "张三")
    assert "等配件" in only(trail, "企业申请延期到 2026-03-30").text
    assert desk.told(date(2026, 3, 1)) == []


def test_later_work_changes_nothing_of_a_past_day(desk: Desk) -> None:
    hazard, _ = desk.ordered()
    before = desk.trail(VISIT)
    paper = desk.services.trails.pdf(before)
    desk.on(LATE_DAY)
    result = ResultDraft(hazard, ReinspectionOutcome.CLEARED)
    desk.services.reinspections.record(ReinspectionDraft(desk.enterprise, LATE_DAY, desk.officers, (result,)))
    assert desk.trail(VISIT) == before
    assert desk.services.trails.pdf(desk.trail(VISIT)) == paper
    assert paper.startswith(b"%PDF")
    assert desk.services.trails.pdf(desk.trail(LATE_DAY)) != paper


def test_what_was_late_on_the_day_is_late_in_its_trail_even_when_done_since(desk: Desk) -> None:
    hazard, _ = desk.ordered()
    desk.on(date(2026, 4, 1))
    result = ResultDraft(hazard, ReinspectionOutcome.CLEARED)
    desk.services.reinspections.record(ReinspectionDraft(desk.enterprise, date(2026, 4, 1), desk.officers, (result,)))
    states = {duty.state for duty in desk.trail(LATE_DAY).late if duty.title.startswith("整改")}
    assert states == {"未办，逾期 5 天"}
    assert {duty.state for duty in desk.trail(date(2026, 4, 1)).late if duty.title.startswith("整改")} == {
        "2026-04-01 已办，迟 12 天"
    }


def test_an_act_entered_afterwards_is_marked_and_its_duty_was_late(desk: Desk) -> None:
    hazard, _ = desk.ordered()
    desk.on(date(2026, 4, 1))
    result = ResultDraft(hazard, ReinspectionOutcome.CLEARED)
    desk.services.reinspections.record(ReinspectionDraft(desk.enterprise, DUE, desk.officers, (result,)))
    trail = desk.trail(LATE_DAY)
    entry = only(trail, "复查合格")
    assert (entry.on, entry.mark, entry.note) == (DUE, TrailMark.LATER, "补录于 2026-04-01 16:30")
    [duty] = [duty for duty in trail.late if duty.title.startswith("整改")]
    assert (duty.state, duty.note) == ("未办，逾期 5 天", "后补录：2026-03-20 已办结（录入 2026-04-01 16:30）")
    assert only(desk.trail(date(2026, 4, 1)), "复查合格").mark is TrailMark.NONE


def test_a_correction_shows_both_wordings(desk: Desk) -> None:
    hazard, _ = desk.ordered()
    desk.on(LATE_DAY)
    with desk.services.store.write("修改隐患") as session:
        session.get_one(Hazard, hazard).description = "配电箱门缺失"
    entry = only(desk.trail(VISIT), "发现")
    assert (entry.text, entry.mark) == ("配电箱未上锁", TrailMark.CHANGED)
    assert "配电箱门缺失" in entry.note
    assert "2026-03-25 16:30" in entry.note


def test_what_was_undone_later_stays_in_the_trail_of_the_day(desk: Desk) -> None:
    desk.ordered()
    desk.on(date(2026, 3, 3))
    desk.services.store.undo()
    told = {entry.title: entry.mark for entry in desk.trail(VISIT).entries}
    assert told["下达责令限期整改指令书"] is TrailMark.GONE
    assert "下达责令限期整改指令书" not in desk.told(date(2026, 3, 3))
    assert told["发现一般隐患"] is TrailMark.NONE


def test_an_order_made_void_later_was_in_force_on_the_day(desk: Desk) -> None:
    _, order = desk.ordered()
    desk.on(date(2026, 3, 5))
    desk.services.orders.void(order, "企业名称写错")
    assert "指令书作废" not in desk.told(VISIT)
    assert only(desk.trail(date(2026, 3, 5)), "指令书作废").on == date(2026, 3, 5)
    assert {entry.mark for entry in desk.trail(VISIT).entries} == {TrailMark.NONE}


def test_urgings_and_files_are_told(desk: Desk) -> None:
    hazard, _ = desk.ordered()
    with desk.services.store.write("催办") as session:
        urging = Urging(
            enterprise_id=desk.enterprise, urged_at=datetime(2026, 3, 2, 17, 0), way=UrgingWay.PHONE, person="朱厂长",
            phone="13900000000", text="请按期整改", answer="下周换好", urged_by="陈刚",
        )  # fmt: skip
        session.add(urging)
        session.flush()
        session.add(UrgingHazard(urging_id=urging.id, hazard_id=hazard))
    builders.an_attachment(desk.services.store, HASH, size=2048, subject=("hazard", hazard))
    trail = desk.trail(VISIT)
    entry = only(trail, "电话催办")
    assert (entry.text, entry.who) == ("朱厂长 13900000000，涉及隐患 1 条，请按期整改", "陈刚")
    assert only(trail, "催办的答复").text.endswith("下周换好")
    [file] = trail.files
    assert (file.name, file.subject, file.sha256) == ("现场照片.jpg", "隐患", HASH)


def test_a_file_taken_away_later_was_there_on_the_day(desk: Desk) -> None:
    hazard, _ = desk.ordered()
    number = builders.an_attachment(desk.services.store, HASH, subject=("hazard", hazard))
    desk.on(LATE_DAY)
    with desk.services.store.write("移除附件") as session:
        session.delete(session.get_one(Attachment, number))
    assert [file.sha256 for file in desk.trail(VISIT).files] == [HASH]
    assert desk.trail(LATE_DAY).files == ()


def test_the_closing_words_pin_the_journal_of_that_day(desk: Desk) -> None:
    desk.ordered()
    head = desk.services.store.head_hash()
    desk.on(LATE_DAY)
    builders.an_enterprise(desk.services.store, "另一家")
    assert desk.trail(VISIT).head_hash == head != desk.services.store.head_hash()


def test_what_was_passed_without_being_in_order_is_named(desk: Desk) -> None:
    desk.services.inspections.record(
        InspectionDraft(
            desk.enterprise, inspected_on=VISIT, officers=crew_of(desk.officers), approved_by="王所",
            reasons={"unit_signature": "负责人不在场"},
        )
    )  # fmt: skip
    entry = only(desk.trail(VISIT), "条件不全")
    assert (entry.text, entry.who) == (f"{gate_words('unit_signature')}，理由：负责人不在场", "张三")
    assert gate_words("unit_signature") != "unit_signature"
    assert gate_words("form_blank.inspection_record") == "《现场检查记录》还有栏目空着"


def test_nothing_of_another_enterprise_gets_in(desk: Desk) -> None:
    desk.ordered()
    other = builders.an_enterprise(desk.services.store, "顺发木业")
    assert desk.services.trails.trail(other, VISIT).entries == ()


def test_a_day_to_come_is_refused(desk: Desk) -> None:
    with pytest.raises(Invalid):
        desk.trail(date(2026, 3, 3))


def test_a_moved_date_is_an_act_of_its_own(desk: Desk) -> None:
    from desktop.services.plans import PlanDraft

    item = desk.services.plans.add(PlanDraft(2026, 3, desk.enterprise, planned_on=date(2026, 3, 10)))
    desk.on(date(2026, 3, 4))
    desk.services.plans.move(item, date(2026, 3, 12))
    assert desk.told(VISIT) == ["列入检查计划", "检查定于 2026-03-10"]
    assert desk.told(date(2026, 3, 4))[-1] == "检查日期由 2026-03-10 改到 2026-03-12"


def test_an_order_not_journaled_row_by_row_is_told_without_its_entry(desk: Desk) -> None:
    """The sample township comes in one act without images: its rows are told, and the paper says so."""
    desk.services.store.close()
    folder = desk.services.folder / "示例"
    store = builders.an_office(folder)
    with store.fill("示例") as session:
        session.add(Enterprise(id=1, name="示例厂", name_key="示例厂", sort_key="s", created_at=datetime(2026, 1, 1)))
        session.flush()
        session.add(RectificationOrder(enterprise_id=1, number="示例1号", mode=OfficeMode.DELEGATED, issued_on=VISIT))
    told = Services(store, folder, Clock(lambda: VISIT)).trails.trail(1, VISIT)
    assert [(entry.title, entry.entered_at, entry.mark) for entry in told.entries] == [
        ("下达责令限期整改指令书", None, TrailMark.NONE)
    ]
    assert told.unlogged_count == 1
    store.close()
