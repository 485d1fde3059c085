"""The chain of the work on a real file: plan, inspect, order, extend, go back, escalate, revisit."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import pytest

from db.migrate import create_store
from db.models import Enterprise, Office, Officer, OfficerCertificate
from db.store import Store
from desktop.domain.errors import Invalid, Refused
from desktop.domain.hazard import EscalationKind, HazardLevel, HazardStatus
from desktop.domain.inspection import InspectionStatus, Signature
from desktop.domain.obligation_kind import ObligationKind, SubjectType
from desktop.domain.order import OfficeMode, OrderStatus
from desktop.domain.plan import PlanKind
from desktop.domain.reinspection import ReinspectionOutcome
from desktop.services.clock import Clock
from desktop.services.figures import Figures
from desktop.services.form_numbers import FormNumbers
from desktop.services.hazards import ExtensionDraft, HazardDraft, HazardQuery, Hazards
from desktop.services.inspections import Finding, InspectionDraft, InspectionQuery, Inspections, crew_of
from desktop.services.obligations import DueQuery, Obligations
from desktop.services.office import Offices
from desktop.services.orders import OrderDraft, Orders
from desktop.services.plans import PlanDraft, Plans
from desktop.services.reinspections import ReinspectionDraft, Reinspections, ResultDraft
from desktop.services.revisits import RevisitDraft, Revisits
from desktop.services.rules import rule_book, shipped_calendar

CLEARED, FAILED = ReinspectionOutcome.CLEARED, ReinspectionOutcome.FAILED


class Today:
    """A business date that the test moves on."""

    def __init__(self, on: date) -> None:
        self.on = on

    def __call__(self) -> date:
        return self.on


@dataclass
class Work:
    """The services of the chain over one empty office with two certified officers and two enterprises."""

    store: Store
    today: Today
    obligations: Obligations
    plans: Plans
    hazards: Hazards
    inspections: Inspections
    orders: Orders
    reinspections: Reinspections
    revisits: Revisits
    figures: Figures

    def inspected(self, *findings: Finding, on: date = date(2026, 3, 2), **more: object) -> int:
        draft = InspectionDraft(
            1,
            inspected_on=on,
            officers=crew_of([1, 2]),
            approved_by="王所",
            signature=Signature.SIGNED,
            findings=findings or (Finding("配电箱未上锁"),),
        )
        return self.inspections.record(replace(draft, **more))  # type: ignore[arg-type]

    def ordered(self, due_on: date = date(2026, 3, 20), count: int = 1) -> list[int]:
        visit = self.inspected(*(Finding(f"隐患{number}") for number in range(count)))
        ids = self.hazards.ids(HazardQuery(inspection_id=visit))
        self.orders.issue(OrderDraft(1, tuple((key, due_on) for key in ids), date(2026, 3, 2), date(2026, 3, 2)))
        return ids

    def went_back(self, results: list[ResultDraft], on: date) -> int:
        return self.reinspections.record(ReinspectionDraft(1, on, (1, 2), tuple(results)))

    def open(self, kind: ObligationKind) -> list[tuple[int, date]]:
        return [(item.subject_id, item.due_on) for item in self.obligations.due(DueQuery(kinds=frozenset({kind})))]

    def status(self, hazard_id: int) -> HazardStatus:
        return self.hazards.rows([hazard_id])[0].status


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Work]:
    store = create_store(tmp_path / "office.db", person="张所")
    with store.write("建立") as session:
        session.add(Office(name="惠萍镇", code="320681115", prefix="苏启", created_at=datetime(2026, 1, 1)))
        for number, name in enumerate(("宏达机械厂", "顺发木业"), 1):
            session.add(
                Enterprise(
                    id=number,
                    name=name,
                    name_key=name,
                    sort_key=name,
                    is_key=number == 1,
                    created_at=datetime(2026, 1, 1),
                )
            )
        for number, (name, until) in enumerate((("陈刚", 2028), ("李敏", 2028), ("过期者", 2025)), 1):
            session.add(Officer(id=number, name=name))
            session.flush()
            session.add(OfficerCertificate(officer_id=number, number=f"苏F{number}", valid_until=date(until, 6, 30)))
    today = Today(date(2026, 3, 2))
    clock = Clock(today, lambda: datetime.combine(today(), datetime(2026, 1, 1, 9).time()))
    book = rule_book()
    obligations = Obligations(store, clock, book, shipped_calendar)
    hazards = Hazards(store, clock, obligations)

    offices = Offices(store, clock, obligations)
    orders = Orders(store, clock, obligations, FormNumbers(store, clock, offices), lambda _: OfficeMode.DELEGATED)
    result = Work(
        store,
        today,
        obligations,
        Plans(store, clock, obligations),
        hazards,
        Inspections(store, clock, book, obligations, hazards),
        orders,
        Reinspections(store, clock, book, obligations, hazards, orders),
        Revisits(store, clock, obligations),
        Figures(store, clock, book),
    )
    yield result
    store.close()


# ---- plan --------------------------------------------------------------------------------------------------


def test_a_planned_inspection_is_due_at_the_end_of_its_month_and_done_by_the_record(work: Work) -> None:
    item = work.plans.add(PlanDraft(2026, 3, 1, PlanKind.KEY))
    assert work.open(ObligationKind.INSPECT) == [(item, date(2026, 3, 31))]
    work.inspected(plan_item_id=item)
    assert work.open(ObligationKind.INSPECT) == []
    assert work.plans.row(item).done_on == date(2026, 3, 2)


def test_moving_a_planned_day_keeps_the_old_one_in_the_chain(work: Work) -> None:
    item = work.plans.add(PlanDraft(2026, 3, 1, planned_on=date(2026, 3, 10)))
    work.plans.move(item, date(2026, 4, 2))
    due = work.obligations.due_of((SubjectType.PLAN_ITEM, item))[0]
    assert (due.original_due_on, due.due_on, due.links) == (date(2026, 3, 10), date(2026, 4, 2), 2)
    assert work.plans.row(item).month == 4
    with pytest.raises(Refused, match="plan_other_year"):
        work.plans.move(item, date(2027, 1, 4))


def test_a_cancelled_item_is_not_due_and_cannot_be_moved(work: Work) -> None:
    item = work.plans.add(PlanDraft(2026, 3, 1))
    with pytest.raises(Invalid):
        work.plans.cancel(item, " ")
    work.plans.cancel(item, "企业停产")
    assert work.open(ObligationKind.INSPECT) == []
    with pytest.raises(Refused, match="plan_cancelled"):
        work.plans.move(item, date(2026, 3, 9))


def test_a_suggestion_leaves_out_what_the_plan_already_holds(work: Work) -> None:
    names = [each.enterprise for each in work.plans.suggest(2026)]
    assert "宏达机械厂" in names
    work.plans.add_many([each.draft for each in work.plans.suggest(2026)])
    assert "宏达机械厂" not in [each.enterprise for each in work.plans.suggest(2026)]


# ---- inspection --------------------------------------------------------------------------------------------


def test_an_expired_officer_does_not_count_as_one_of_the_two(work: Work) -> None:
    with pytest.raises(Refused, match="gate_blocks"):
        work.inspected(officers=crew_of([1, 3]))
    assert work.inspections.ids(InspectionQuery()) == []


def test_a_missing_signature_is_passed_only_with_a_reason_that_is_kept(work: Work) -> None:
    with pytest.raises(Refused, match="gate_reason_needed"):
        work.inspected(signature=None)
    work.inspected(signature=None, reasons={"unit_signature": "负责人不在场，已电话告知"})
    with work.store.read() as session:
        kept = session.connection().exec_driver_sql("SELECT gate, reason, passed_by FROM gate_entry").all()
    assert kept == [("unit_signature", "负责人不在场，已电话告知", "张所")]


def test_an_inspection_cannot_be_recorded_before_it_happens(work: Work) -> None:
    with pytest.raises(Invalid):
        work.inspected(on=date(2026, 3, 3))


def test_what_was_put_right_on_the_spot_needs_no_order(work: Work) -> None:
    visit = work.inspected(Finding("灭火器被遮挡", is_cleared=True), Finding("未培训", HazardLevel.MAJOR))
    rows = work.hazards.rows(work.hazards.ids(HazardQuery(inspection_id=visit)))
    assert [row.status for row in rows] == [HazardStatus.CLEARED, HazardStatus.REGISTERED]
    assert work.inspections.rows([visit])[0].majors == 1


def test_a_scheduled_visit_is_due_moved_and_cancelled(work: Work) -> None:
    visit = work.inspections.schedule(InspectionDraft(2, planned_on=date(2026, 3, 5), officers=crew_of([1, 2])))
    work.inspections.reschedule(visit, date(2026, 3, 6))
    assert work.open(ObligationKind.INSPECT) == [(visit, date(2026, 3, 6))]
    work.inspections.cancel(visit, "企业停电")
    assert work.open(ObligationKind.INSPECT) == []
    assert work.inspections.rows([visit])[0].status is InspectionStatus.CANCELLED


# ---- order, deadline, extension ----------------------------------------------------------------------------


def test_an_order_gives_every_hazard_its_deadline_and_the_duty_to_go_back(work: Work) -> None:
    first, second = work.ordered(count=2)
    assert work.open(ObligationKind.RECTIFY) == [(first, date(2026, 3, 20)), (second, date(2026, 3, 20))]
    # 2026-03-20 + 10 natural days, by the rule carried over to Order 18.
    assert work.open(ObligationKind.REINSPECT) == [(first, date(2026, 3, 30)), (second, date(2026, 3, 30))]
    assert work.obligations.due()[-1].rule == "reinsp.due.o18"


def test_an_order_that_was_not_handed_over_stays_on_the_list_until_it_is(work: Work) -> None:
    visit = work.inspected()
    hazard = work.hazards.ids(HazardQuery(inspection_id=visit))[0]
    order = work.orders.issue(OrderDraft(1, ((hazard, date(2026, 3, 20)),), date(2026, 3, 2)))
    work.today.on = date(2026, 3, 9)
    item = work.obligations.due(DueQuery(kinds=frozenset({ObligationKind.DELIVER})))[0]
    assert item.days_left == -7
    work.orders.deliver(order, date(2026, 3, 9), "周厂长")
    assert work.open(ObligationKind.DELIVER) == []
    assert work.orders.row(order).status is OrderStatus.DELIVERED


def test_more_than_thirty_days_want_a_reason(work: Work) -> None:
    visit = work.inspected()
    hazard = work.hazards.ids(HazardQuery(inspection_id=visit))[0]
    draft = OrderDraft(1, ((hazard, date(2026, 5, 20)),), date(2026, 3, 2), date(2026, 3, 2))
    with pytest.raises(Refused, match="gate_reason_needed"):
        work.orders.issue(draft)
    work.orders.issue(replace(draft, reasons={"rect.period_default": "需更换进口设备"}))


def test_a_refused_order_burns_no_number_and_leaves_no_trace(work: Work) -> None:
    visit = work.inspected()
    hazard = work.hazards.ids(HazardQuery(inspection_id=visit))[0]
    with pytest.raises(Refused, match="hazard_other_enterprise"):
        work.orders.issue(OrderDraft(2, ((hazard, date(2026, 3, 20)),), date(2026, 3, 2)))
    assert work.orders.rows() == []
    assert work.status(hazard) is HazardStatus.REGISTERED


def test_a_void_order_sets_its_hazards_free_and_keeps_its_number(work: Work) -> None:
    (hazard,) = work.ordered()
    order = work.hazards.rows([hazard])[0].order_id
    assert order is not None
    work.orders.void(order, "引用文号有误")
    assert work.status(hazard) is HazardStatus.REGISTERED
    assert work.obligations.due() == []
    with pytest.raises(Invalid):
        work.orders.issue(
            OrderDraft(1, ((hazard, date(2026, 3, 20)),), date(2026, 3, 2), number=work.orders.row(order).number)
        )


def test_an_extended_deadline_is_not_overdue_and_moves_the_duty_to_go_back(work: Work) -> None:
    (hazard,) = work.ordered()
    work.today.on = date(2026, 3, 18)
    ask = ExtensionDraft(date(2026, 3, 18), "等配件", date(2026, 4, 3), "已订货")
    work.hazards.extend([hazard], ask, "王所", date(2026, 3, 18))
    work.today.on = date(2026, 3, 25)
    row = work.hazards.rows([hazard])[0]
    assert (row.original_due_on, row.due_on, row.is_overdue) == (date(2026, 3, 20), date(2026, 4, 3), False)
    # 2026-04-03 + 10 days = 04-13, a Monday.
    assert work.open(ObligationKind.REINSPECT) == [(hazard, date(2026, 4, 13))]


def test_an_application_after_expiry_is_refused_and_one_too_early_wants_a_reason(work: Work) -> None:
    (hazard,) = work.ordered()
    early = ExtensionDraft(date(2026, 3, 5), "等配件", date(2026, 4, 3))
    with pytest.raises(Refused, match="gate_reason_needed"):
        work.hazards.apply_extension([hazard], early)
    with pytest.raises(Refused, match="extension_after_expiry"):
        work.hazards.apply_extension([hazard], replace(early, applied_on=date(2026, 3, 21)))


def test_an_application_must_be_answered_and_a_refusal_leaves_the_old_day(work: Work) -> None:
    (hazard,) = work.ordered()
    work.today.on = date(2026, 3, 18)
    (asked,) = work.hazards.apply_extension([hazard], ExtensionDraft(date(2026, 3, 18), "等配件", date(2026, 4, 3)))
    assert work.open(ObligationKind.EXTENSION_REPLY) == [(asked, date(2026, 3, 23))]
    work.hazards.refuse_extension(asked, "非不可抗力", "王所", date(2026, 3, 19))
    assert work.open(ObligationKind.EXTENSION_REPLY) == []
    assert work.hazards.due_on(hazard) == date(2026, 3, 20)
    with pytest.raises(Refused, match="extension_decided"):
        work.hazards.grant_extension([asked], date(2026, 4, 3), "王所", date(2026, 3, 19))


def test_an_early_application_starts_the_clock_at_once(work: Work) -> None:
    (hazard,) = work.ordered()
    work.today.on = date(2026, 3, 9)
    work.hazards.request_reinspection([hazard], date(2026, 3, 9))
    assert work.open(ObligationKind.REINSPECT) == [(hazard, date(2026, 3, 19))]


# ---- re-inspection -----------------------------------------------------------------------------------------


def test_a_cleared_hazard_closes_its_order_only_with_the_last_one(work: Work) -> None:
    first, second = work.ordered(count=2)
    work.today.on = date(2026, 3, 19)
    work.went_back([ResultDraft(first, CLEARED)], date(2026, 3, 19))
    assert work.orders.rows()[0].status is OrderStatus.DELIVERED
    work.went_back([ResultDraft(second, CLEARED)], date(2026, 3, 19))
    assert work.orders.rows()[0].status is OrderStatus.CLOSED
    assert work.obligations.due() == []


def test_a_failed_hazard_gets_a_new_day_and_a_new_round_in_the_same_chain(work: Work) -> None:
    (hazard,) = work.ordered()
    work.today.on = date(2026, 3, 25)
    work.went_back([ResultDraft(hazard, FAILED, "仍未上锁", date(2026, 4, 8))], date(2026, 3, 25))
    row = work.hazards.rows([hazard])[0]
    assert (row.status, row.original_due_on, row.due_on) == (HazardStatus.AGAIN, date(2026, 3, 20), date(2026, 4, 8))
    assert work.open(ObligationKind.REINSPECT) == [(hazard, date(2026, 4, 20))]  # 04-18 is a Saturday
    assert [each.outcome for each in work.reinspections.rounds([hazard])] == [FAILED]


def test_a_waived_deadline_begins_anew_when_the_hazard_fails(work: Work) -> None:
    (hazard,) = work.ordered()
    work.today.on = date(2026, 3, 25)
    duty = work.obligations.due(DueQuery(kinds=frozenset({ObligationKind.RECTIFY})))[0]
    work.obligations.waive(duty.id, "误列")
    work.went_back([ResultDraft(hazard, FAILED, "仍未上锁", date(2026, 4, 8))], date(2026, 3, 25))
    assert work.open(ObligationKind.RECTIFY) == [(hazard, date(2026, 4, 8))]


def test_a_failed_hazard_that_is_escalated_has_a_case_to_file(work: Work) -> None:
    (hazard,) = work.ordered()
    work.today.on = date(2026, 3, 25)
    work.went_back([ResultDraft(hazard, FAILED, "拒不整改", escalation=EscalationKind.CASE)], date(2026, 3, 25))
    assert work.status(hazard) is HazardStatus.ESCALATED
    assert work.open(ObligationKind.FILE_CASE) == [(hazard, date(2026, 4, 1))]
    work.hazards.case_filed(hazard, date(2026, 3, 25), "启应急立〔2026〕3号")
    assert work.open(ObligationKind.FILE_CASE) == []
    assert work.open(ObligationKind.RECTIFY) == [(hazard, date(2026, 3, 20))]


def test_a_failed_result_must_say_what_follows(work: Work) -> None:
    (hazard,) = work.ordered()
    work.today.on = date(2026, 3, 25)
    with pytest.raises(Invalid):
        work.went_back([ResultDraft(hazard, FAILED, "没改")], date(2026, 3, 25))
    with pytest.raises(Refused, match="gate_blocks"):
        work.reinspections.record(ReinspectionDraft(1, date(2026, 3, 25), (1, 3), (ResultDraft(hazard, CLEARED),)))
    assert work.status(hazard) is HazardStatus.ORDERED


def test_overdue_never_drops_out_however_long_the_program_was_closed(work: Work) -> None:
    (hazard,) = work.ordered()
    for later in (date(2026, 3, 21), date(2026, 6, 1), date(2027, 5, 1)):
        work.today.on = later
        assert (hazard, date(2026, 3, 20)) in work.open(ObligationKind.RECTIFY)
    assert [item.subject_id for item in work.obligations.became_late(date(2026, 3, 20))] == [hazard, hazard]
    assert work.obligations.became_late(date(2026, 4, 1)) == []


# ---- revisits, undo, figures -------------------------------------------------------------------------------


def test_revisits_recur_until_the_enterprise_is_let_go(work: Work) -> None:
    programme = work.revisits.start(1, "处罚后回访", date(2026, 3, 2))
    assert work.open(ObligationKind.REVISIT) == [(programme, date(2026, 4, 1))]
    work.today.on = date(2026, 4, 1)
    work.revisits.record(RevisitDraft(programme, date(2026, 4, 1), "陈刚、李敏", True))
    assert work.open(ObligationKind.REVISIT) == [(programme, date(2026, 6, 30))]
    work.revisits.let_go(programme, date(2026, 4, 1), "两次无问题")
    assert work.open(ObligationKind.REVISIT) == []
    with pytest.raises(Refused, match="revisit_ended"):
        work.revisits.record(RevisitDraft(programme, date(2026, 4, 1), "陈刚", True))


def test_every_act_of_the_chain_can_be_undone_to_the_start(work: Work) -> None:
    def content() -> list[object]:
        with work.store.read() as session:
            run = session.connection().exec_driver_sql
            tables = ("hazard", "obligation", "obligation_due", "inspection", "rectification_order", "reinspection")
            return [run(f"SELECT * FROM {table} ORDER BY id").all() for table in tables]

    before, head = content(), work.store.undoable
    first, second = work.ordered(count=2)
    work.today.on = date(2026, 3, 18)
    work.hazards.extend(
        [first], ExtensionDraft(date(2026, 3, 18), "等配件", date(2026, 4, 3)), "王所", date(2026, 3, 18)
    )
    work.went_back([ResultDraft(second, CLEARED)], date(2026, 3, 18))
    after = content()
    while work.store.undoable != head:
        work.store.undo()
    assert content() == before
    while work.store.redoable:
        work.store.redo()
    assert content() == after
    assert work.store.first_broken() is None


def test_figures_count_what_was_done_and_say_nothing_of_nothing(work: Work) -> None:
    cards = {card.code: card for card in work.figures.cards(2026)}
    assert cards["rectification_rate"].share is None
    work.plans.add(PlanDraft(2026, 3, 2))
    first, _ = work.ordered(count=2)
    work.today.on = date(2026, 3, 19)
    work.went_back([ResultDraft(first, CLEARED)], date(2026, 3, 19))
    cards = {card.code: card for card in work.figures.cards(2026)}
    assert (cards["plan_completion"].part, cards["plan_completion"].whole) == (0, 1)
    assert (cards["rectification_rate"].part, cards["rectification_rate"].whole) == (1, 2)
    assert (cards["key_share"].share, cards["key_share"].meets_target) == (1.0, True)
    assert (cards["timely_reinspection"].part, cards["timely_reinspection"].whole) == (1, 1)
    assert sum(week.cleared for week in work.figures.trend()) == 1
    work.today.on = date(2026, 4, 15)
    late = {card.code: card for card in work.figures.cards(2026)}["timely_reinspection"]
    assert (late.part, late.whole) == (1, 2)


def test_an_order_is_proposed_to_whoever_led_the_inspection(work: Work) -> None:
    visit = work.inspected()
    found = work.hazards.ids(HazardQuery(inspection_id=visit))
    assert work.orders.draft_for(found).officer_id == 1
    from_a_tip = work.hazards.register(HazardDraft(1, date(2026, 3, 2), "群众举报：通道堵塞"))
    assert work.orders.draft_for([from_a_tip]).officer_id is None
    assert work.orders.draft_for([*found, from_a_tip]).officer_id is None
