"""Service of papers on a real file: rows, gates, what an order does, the clock of a public notice, the receipt."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import builders
import pytest
from sqlalchemy import select

from db.models import GateEntry
from desktop.domain.delivery import DeliveryWay
from desktop.domain.errors import Invalid, Refused
from desktop.domain.form import RecordKind
from desktop.domain.hazard import HazardStatus
from desktop.domain.obligation_kind import ObligationKind, SubjectType
from desktop.domain.order import OfficeMode, OrderStatus
from desktop.domain.reinspection import ReinspectionOutcome
from desktop.services import Services
from desktop.services.clock import Clock
from desktop.services.deliveries import DeliveryDraft
from desktop.services.office import OfficeDraft, PowerDraft
from desktop.services.orders import OrderDraft
from desktop.services.reinspections import ReinspectionDraft, ResultDraft
from desktop.services.rule_confirmations import is_doubtful

MONDAY = date(2026, 3, 2)
ORDER = "rectification_order"


@dataclass
class Desk:
    """An office with two officers, a visit of theirs, and an order of it; the day can be moved on."""

    services: Services
    day: list[date]
    enterprise: int
    officers: tuple[int, int]
    visit: int
    hazard: int
    order: int

    def issue(self, form: str, kind: RecordKind, record: int, **values: object) -> int:
        forms = self.services.forms
        draft = forms.new(form, (kind, record), self.day[0])
        draft = replace(draft, values={**draft.values, **values})
        if forms.doubts(form, self.day[0]):
            forms.confirmations.confirm(form, self.day[0])
        return forms.issue(replace(draft, reasons={gate.gate: "现场手写" for gate in forms.gates(draft)}))

    def draft(self, *documents: int, **more: object) -> DeliveryDraft:
        draft = DeliveryDraft(
            datetime.combine(self.day[0], datetime(2026, 1, 1, 8).time()),
            documents=documents,
            servers=self.officers,
            place="厂区办公室",
            recipient="陈会计",
        )
        return replace(draft, **more)  # type: ignore[arg-type]

    def record(self, draft: DeliveryDraft) -> list[int]:
        reasons = {gate.gate: "已口头说明" for gate in self.services.deliveries.gates(draft)}
        return self.services.deliveries.record(replace(draft, reasons=reasons))

    def waiting(self) -> list[tuple[SubjectType, str, date]]:
        due = self.services.obligations.due()
        return [(item.subject_type, item.title, item.due_on) for item in due if item.kind is ObligationKind.DELIVER]

    @property
    def row(self) -> tuple[OrderStatus, date | None, str]:
        order = self.services.orders.row(self.order)
        return order.status, order.delivered_on, order.delivered_to


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    day = [MONDAY]
    store = builders.an_office(tmp_path)
    services = Services(store, tmp_path, Clock(lambda: day[0], lambda: datetime.combine(day[0], datetime.max.time())))
    services.offices.establish(
        OfficeDraft("惠萍镇", "320681115", "启东市", "启东市应急管理局", prefix="苏启"),
        PowerDraft(OfficeMode.DELEGATED, date(2019, 3, 1), basis="委托书"),
    )
    firm = builders.an_enterprise(store, "启东市宏达机械厂", address="惠萍镇兴园路18号")
    officers = (builders.an_officer(store, "张三"), builders.an_officer(store, "李四"))
    visit = builders.an_inspection(store, firm, officers, inspected_on=MONDAY)
    hazard = builders.a_hazard(store, firm, inspection_id=visit, status=HazardStatus.REGISTERED)
    order = services.orders.issue(OrderDraft(firm, ((hazard, date(2026, 3, 20)),), MONDAY, inspection_id=visit))
    yield Desk(services, day, firm, officers, visit, hazard, order)
    store.close()


# ---- rows --------------------------------------------------------------------------------------------------


def test_serving_the_paper_of_an_order_delivers_the_order_in_one_act(desk: Desk) -> None:
    paper = desk.issue(ORDER, RecordKind.ORDER, desk.order)
    assert [item[0] for item in desk.waiting()] == [SubjectType.ORDER]
    (served,) = desk.services.deliveries.record(desk.draft(paper))
    assert desk.row == (OrderStatus.DELIVERED, MONDAY, "陈会计")
    assert desk.waiting() == []
    row = desk.services.deliveries.row(served)
    assert (row.servers, row.way, row.place) == (("张三", "李四"), DeliveryWay.DIRECT, "厂区办公室")
    assert row.number == desk.services.orders.row(desk.order).number
    desk.services.store.undo()
    assert desk.row == (OrderStatus.ISSUED, None, "")
    assert len(desk.waiting()) == 1
    assert desk.services.deliveries.rows(document_id=paper) == []


def test_several_papers_are_served_at_once_each_in_a_row(desk: Desk) -> None:
    record = desk.issue("inspection_record", RecordKind.INSPECTION, desk.visit)
    decision = desk.issue("on_site_measures_decision", RecordKind.INSPECTION, desk.visit)
    paper = desk.issue(ORDER, RecordKind.ORDER, desk.order)
    offered = desk.services.deliveries.servable(inspection_id=desk.visit)
    assert [each.document_id for each in offered] == [decision, paper], "a record stays with the office"
    assert desk.services.deliveries.servable(document_id=record)[0].document_id == record, "unless somebody asks for it"
    desk.record(desk.draft(decision, paper))
    rows = desk.services.deliveries.rows(inspection_id=desk.visit)
    assert [row.title for row in rows] == ["现场处理措施决定书", "责令限期整改指令书"]
    assert [each.served for each in desk.services.deliveries.servable(inspection_id=desk.visit)] == [1, 1]
    assert len(desk.services.deliveries.rows(order_id=desk.order)) == 1


def test_an_order_written_on_paper_is_served_as_well(desk: Desk) -> None:
    (offered,) = desk.services.deliveries.servable(order_id=desk.order)
    assert (offered.document_id, offered.order_id) == (None, desk.order)
    desk.record(desk.draft(order_id=desk.order))
    assert desk.row == (OrderStatus.DELIVERED, MONDAY, "陈会计")
    paper = desk.issue(ORDER, RecordKind.ORDER, desk.order)
    rows = desk.services.forms.new("service_receipt", (RecordKind.ORDER, desk.order)).values["rows"]
    assert [row[4] for row in rows] == ["直接送达"], "the paper that was made later knows of it"
    assert desk.services.deliveries.servable(document_id=paper)[0].order_id == desk.order


def test_what_cannot_be_is_told_and_nothing_is_kept(desk: Desk) -> None:
    paper = desk.issue(ORDER, RecordKind.ORDER, desk.order)
    early = desk.draft(paper).delivered_at - timedelta(days=1)
    wrong: tuple[tuple[dict[str, object], dict[str, str]], ...] = (
        ({"delivered_at": early + timedelta(days=3)}, {"delivered_on": "date_future"}),
        ({"delivered_at": early}, {"delivered_on": "before_issue"}),
        ({"recipient": " "}, {"recipient": "missing"}),
        ({"way": DeliveryWay.MAIL}, {"receipt_number": "missing"}),
        ({"way": DeliveryWay.ELECTRONIC, "place": ""}, {"place": "missing"}),
        ({"documents": ()}, {"documents": "missing"}),
    )
    for change, problems in wrong:
        with pytest.raises(Invalid) as caught:
            desk.record(desk.draft(paper, **change) if "documents" not in change else desk.draft())
        assert caught.value.problems == problems
    assert desk.row[0] is OrderStatus.ISSUED
    assert desk.services.deliveries.rows(document_id=paper) == []
    draft = desk.services.forms.save(desk.services.forms.new("inspection_record", (RecordKind.INSPECTION, desk.visit)))
    with pytest.raises(Refused, match="form_document_state"):
        desk.record(desk.draft(draft))
    desk.services.orders.void(desk.order, "写错")
    with pytest.raises(Refused, match="order_void"):
        desk.record(desk.draft(order_id=desk.order))


# ---- gates -------------------------------------------------------------------------------------------------


def gates(desk: Desk, draft: DeliveryDraft) -> dict[str, str]:
    return {gate.gate: gate.text + gate.source for gate in desk.services.deliveries.gates(draft)}


def test_two_servers_need_certificates_of_that_day(desk: Desk) -> None:
    expired = builders.an_officer(desk.services.store, "过期者", valid_until=date(2025, 6, 30))
    assert gates(desk, desk.draft(order_id=desk.order)) == {}
    one = desk.draft(order_id=desk.order, servers=(desk.officers[0], expired))
    assert "过期者的执法证已于 2025-06-30 到期" in gates(desk, one)["svc.servers"]
    with pytest.raises(Refused, match="gate_reason_needed"):
        desk.services.deliveries.record(one)
    desk.services.deliveries.record(replace(one, reasons={"svc.servers": "换证中"}))
    with desk.services.store.read() as session:
        kept = session.scalars(select(GateEntry).where(GateEntry.gate == "svc.servers")).one()
    assert (kept.subject_type, kept.reason) == ("document_delivery", "换证中")
    others = desk.draft(order_id=desk.order, servers=(), way=DeliveryWay.ENTRUSTED)
    assert gates(desk, others) == {}, "whoever was entrusted hands it over"
    with pytest.raises(Invalid, match="servers_too_many"):
        desk.record(replace(one, servers=(*desk.officers, expired)))


def test_what_is_left_behind_needs_a_witness(desk: Desk) -> None:
    left = desk.draft(order_id=desk.order, way=DeliveryWay.LEFT, recipient="")
    assert "证明人" in gates(desk, left)["svc.left"]
    assert gates(desk, replace(left, witness="村干部王某", note="负责人拒收，留在门卫")) == {}


def test_electronic_service_wants_the_party_to_have_agreed(desk: Desk) -> None:
    sent = desk.draft(order_id=desk.order, way=DeliveryWay.ELECTRONIC, place="boss@hongda.cn", recipient="")
    assert "第六十一条" in gates(desk, sent)["svc.electronic"]
    desk.issue("service_address_confirmation", RecordKind.ENTERPRISE, desk.enterprise, agree="不同意")
    assert "svc.electronic" in gates(desk, sent)
    desk.issue("service_address_confirmation", RecordKind.ENTERPRISE, desk.enterprise, agree="同意")
    assert gates(desk, sent) == {}


# ---- public notice -----------------------------------------------------------------------------------------


def test_a_public_notice_counts_when_its_time_has_run(desk: Desk) -> None:
    paper = desk.issue(ORDER, RecordKind.ORDER, desk.order)
    (notice,) = desk.record(desk.draft(paper, way=DeliveryWay.PUBLIC, place="镇政府公告栏", recipient=""))
    assert desk.row[0] is OrderStatus.ISSUED
    ends = date(2026, 4, 1)
    ((subject, title, due_on),) = desk.waiting()
    assert (subject, due_on) == (SubjectType.DELIVERY, ends)
    assert title.startswith("公告期满：责令限期整改指令书")
    row = desk.services.deliveries.row(notice)
    assert (row.counts_on, row.is_waiting) == (ends, True)
    desk.day[0] = ends - timedelta(days=1)
    with pytest.raises(Refused, match="notice_running"):
        desk.services.deliveries.notice_ended(notice)
    desk.day[0] = date(2026, 4, 3)
    desk.services.deliveries.notice_ended(notice)
    assert desk.row == (OrderStatus.DELIVERED, ends, "公告送达")
    assert desk.waiting() == []
    assert not desk.services.deliveries.row(notice).is_waiting
    with pytest.raises(Refused, match="notice_not_waiting"):
        desk.services.deliveries.notice_ended(notice)


def test_the_period_of_a_notice_is_that_of_its_day(desk: Desk) -> None:
    deliveries = desk.services.deliveries
    assert (deliveries.public_rule(date(2021, 12, 31)).length, deliveries.counts_on(date(2021, 12, 31))) == (
        60, date(2022, 3, 1)
    )  # fmt: skip
    assert deliveries.counts_on(date(2022, 1, 1)) == date(2022, 1, 31)
    assert is_doubtful(deliveries.public_rule(date(2021, 1, 1)))


def test_a_notice_that_was_struck_out_waits_for_nothing(desk: Desk) -> None:
    (notice,) = desk.record(desk.draft(order_id=desk.order, way=DeliveryWay.PUBLIC, recipient=""))
    desk.services.deliveries.void(notice, "地点写错")
    assert [item[0] for item in desk.waiting()] == [SubjectType.ORDER], "the order waits to be delivered again"
    with pytest.raises(Refused, match="notice_not_waiting"):
        desk.services.deliveries.notice_ended(notice)


# ---- struck out --------------------------------------------------------------------------------------------


def test_a_row_is_struck_out_with_a_reason_and_the_order_waits_again(desk: Desk) -> None:
    (served,) = desk.record(desk.draft(order_id=desk.order))
    with pytest.raises(Invalid, match="missing"):
        desk.services.deliveries.void(served, " ")
    desk.services.deliveries.void(served, "签收人写错")
    assert desk.row == (OrderStatus.ISSUED, None, "")
    assert len(desk.waiting()) == 1
    assert desk.services.deliveries.row(served).void_reason == "签收人写错"
    with pytest.raises(Refused, match="delivery_void"):
        desk.services.deliveries.void(served, "又一次")


def test_another_row_that_stands_keeps_the_order_delivered(desk: Desk) -> None:
    (first,) = desk.record(desk.draft(order_id=desk.order))
    desk.day[0] = date(2026, 3, 4)
    desk.record(desk.draft(order_id=desk.order, recipient="周厂长"))
    assert desk.row == (OrderStatus.DELIVERED, MONDAY, "陈会计"), "its clocks run from the first"
    desk.services.deliveries.void(first, "不是本人")
    assert desk.row == (OrderStatus.DELIVERED, date(2026, 3, 4), "周厂长")


def test_what_was_gone_back_to_is_not_undelivered(desk: Desk) -> None:
    (served,) = desk.record(desk.draft(order_id=desk.order))
    result = ResultDraft(desk.hazard, ReinspectionOutcome.FAILED, "仍未上锁", date(2026, 4, 1))
    desk.services.reinspections.record(ReinspectionDraft(desk.enterprise, MONDAY, desk.officers, (result,)))
    with pytest.raises(Refused, match="order_reinspected"):
        desk.services.deliveries.void(served, "写错")
    assert desk.services.deliveries.row(served).void_reason == ""


# ---- the receipt -------------------------------------------------------------------------------------------


def test_the_receipt_is_filled_from_the_rows(desk: Desk) -> None:
    paper = desk.issue(ORDER, RecordKind.ORDER, desk.order)
    decision = desk.issue("on_site_measures_decision", RecordKind.INSPECTION, desk.visit)
    left = desk.draft(paper, way=DeliveryWay.LEFT, recipient="", witness="村干部王某", note="负责人拒收")
    (wrong,) = desk.record(desk.draft(paper))
    desk.services.deliveries.void(wrong, "写错")
    desk.record(left)
    values = desk.services.forms.new("service_receipt", (RecordKind.INSPECTION, desk.visit)).values
    number = desk.services.orders.row(desk.order).number
    rows = {row[0]: row for row in values["rows"]}
    assert rows[f"责令限期整改指令书{number}"][1:] == ["", "厂区办公室", "2026年3月2日", "留置送达", "张三\n李四"]
    waiting = desk.services.forms.detail(decision).row
    assert rows[f"{waiting.title}{waiting.number}"][1:] == ["", "", "", "", ""]
    assert values["remark"] == "留置送达：负责人拒收，证明人村干部王某"
    receipt = desk.issue("service_receipt", RecordKind.INSPECTION, desk.visit)
    assert desk.services.forms.is_as_issued(receipt)
