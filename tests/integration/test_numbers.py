"""One book of numbers for papers and orders: shared, never given twice, never lost, after a change or an undo neither."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

import builders
import pytest
from sqlalchemy import select

from db.models import DocumentNumber, Hazard, NumberSequence, RectificationOrder
from desktop.domain.errors import Invalid, Refused
from desktop.domain.form import DocumentStatus, NumberCounting, NumberState, RecordKind
from desktop.domain.hazard import HazardStatus
from desktop.domain.inspection import Signature
from desktop.domain.order import OfficeMode, OrderStatus
from desktop.domain.reinspection import ReinspectionOutcome
from desktop.services import Services
from desktop.services.clock import Clock
from desktop.services.forms import FormDraft
from desktop.services.hazards import HazardQuery
from desktop.services.inspections import InspectionDraft, crew_of
from desktop.services.office import ORDER_FORM, ORDER_PATTERN, SHORT_NAME, OfficeDraft, PowerDraft
from desktop.services.orders import OrderDraft, Orders
from desktop.services.reinspections import ReinspectionDraft, ResultDraft

TODAY = date(2026, 3, 2)
ORDER = "rectification_order"


@dataclass
class Desk:
    """An office with an enterprise; orders and papers are made in a word."""

    services: Services
    enterprise: int
    made: list[int] = field(default_factory=list)

    def order(self, visit: int | None = None, on: date = TODAY, number: str = "") -> int:
        hazard = builders.a_hazard(self.services.store, self.enterprise, status=HazardStatus.REGISTERED)
        draft = OrderDraft(self.enterprise, ((hazard, date(on.year, 12, 31)),), on, inspection_id=visit, number=number)
        reasons = {gate.gate: "工程量大" for gate in self.services.orders.gates(draft)}
        made = self.services.orders.issue(_with(draft, reasons))
        self.made.append(made)
        return made

    def number(self, order: int) -> str:
        return self.services.orders.row(order).number

    def visit(self) -> int:
        return builders.an_inspection(self.services.store, self.enterprise)

    def paper(self, form: str, kind: RecordKind, record: int, on: date = TODAY) -> str:
        return self.services.forms.detail(self.issue(form, kind, record, on)).row.number

    def issue(self, form: str, kind: RecordKind, record: int, on: date = TODAY) -> int:
        forms = self.services.forms
        draft = forms.new(form, (kind, record), on)
        if forms.doubts(form, on):
            forms.confirmations.confirm(form, on)
        reasons = {gate.gate: "现场手写" for gate in forms.gates(draft)}
        return forms.issue(FormDraft(form, kind, record, on, draft.values, draft.number, reasons))

    def book(self, year: int = 2026) -> dict[str, NumberState]:
        rows = [row for book in self.services.form_numbers.number_book(year) for row in book.rows]
        assert len({row.text for row in rows}) == len(rows)
        return {row.text: row.state for row in rows}

    def reason(self, text: str, year: int = 2026) -> str:
        rows = [row for book in self.services.form_numbers.number_book(year) for row in book.rows]
        return next(row.reason for row in rows if row.text == text)


def _with(draft: OrderDraft, reasons: dict[str, str]) -> OrderDraft:
    return OrderDraft(
        draft.enterprise_id, draft.items, draft.issued_on, inspection_id=draft.inspection_id, number=draft.number,
        reasons=reasons,
    )  # fmt: skip


@contextmanager
def _desk(folder: Path) -> Iterator[Desk]:
    folder.mkdir(exist_ok=True)
    store = builders.an_office(folder)
    services = Services(store, folder, Clock(lambda: TODAY, lambda: datetime(2026, 3, 2, 9, 41)))
    services.offices.establish(
        OfficeDraft("惠萍镇", "320681115", "启东市", "启东市应急管理局", prefix="苏启"),
        PowerDraft(OfficeMode.DELEGATED, date(2019, 3, 1), basis="委托书"),
    )
    try:
        yield Desk(services, builders.an_enterprise(store, "启东市宏达机械厂"))
    finally:
        store.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with _desk(tmp_path / "office") as found:
        yield found


# ---- one row of numbers ------------------------------------------------------------------------------------


def test_orders_run_without_gaps_and_begin_again_each_year(desk: Desk) -> None:
    numbers = desk.services.form_numbers
    assert numbers.peek(ORDER, TODAY) == "（苏启）应急责改〔2026〕1号"
    orders = [desk.order(), desk.order(), desk.order(on=date(2025, 12, 31))]
    assert [desk.number(order) for order in orders] == [
        "（苏启）应急责改〔2026〕1号",
        "（苏启）应急责改〔2026〕2号",
        "（苏启）应急责改〔2025〕1号",
    ]
    assert numbers.peek(ORDER, TODAY) == "（苏启）应急责改〔2026〕3号"
    assert numbers.years() == [2026, 2025]
    assert [book.gaps for year in (2025, 2026) for book in numbers.number_book(year)] == [(), ()]


def test_an_order_shares_the_number_of_its_inspection(desk: Desk) -> None:
    """Counting by case, only the code word changes; the order of another visit goes on from there."""
    first, second = desk.visit(), desk.visit()
    assert desk.paper("inspection_scheme", RecordKind.INSPECTION, first) == "（苏启）应急检查〔2026〕1号"
    assert desk.services.form_numbers.peek(ORDER, TODAY, f"inspection:{first}") == "（苏启）应急责改〔2026〕1号"
    assert desk.number(desk.order(second)) == "（苏启）应急责改〔2026〕2号"
    assert desk.number(desk.order(first)) == "（苏启）应急责改〔2026〕1号"
    assert desk.paper("inspection_record", RecordKind.INSPECTION, second) == "（苏启）应急检记〔2026〕2号"
    assert desk.number(desk.order(first)) == "（苏启）应急责改〔2026〕3号"


def test_an_office_that_counts_by_form_counts_orders_alone(desk: Desk, tmp_path: Path) -> None:
    with _desk(tmp_path / "other") as other:
        other.services.form_numbers.set_counting(NumberCounting.FORM)
        for each in (desk, other):
            each.paper("inspection_record", RecordKind.INSPECTION, each.visit())
        assert desk.number(desk.order(desk.visit())) == "（苏启）应急责改〔2026〕2号"
        assert other.number(other.order(other.visit())) == "（苏启）应急责改〔2026〕1号"


def test_the_paper_of_an_order_bears_its_number_and_takes_no_other(desk: Desk) -> None:
    order = desk.order(desk.visit())
    assert desk.paper(ORDER, RecordKind.ORDER, order) == desk.number(order)
    (book,) = desk.services.form_numbers.number_book(2026)
    assert [(row.text, row.form, row.enterprise, row.document_id is not None) for row in book.rows] == [
        (desk.number(order), ORDER, "启东市宏达机械厂", True)
    ]


def test_counting_another_way_goes_on_after_what_was_used(desk: Desk) -> None:
    for _ in range(3):
        desk.order()
    desk.services.form_numbers.set_counting(NumberCounting.FORM)
    assert desk.number(desk.order()) == "（苏启）应急责改〔2026〕4号"
    desk.services.form_numbers.set_counting(NumberCounting.CASE)
    assert desk.number(desk.order()) == "（苏启）应急责改〔2026〕5号"
    books = {book.series: book for book in desk.services.form_numbers.number_book(2026)}
    assert (books["责改"].start, books["责改"].gaps, books["chain:inspection"].gaps) == (3, (), ())


def test_a_failed_issue_burns_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Orders, "_expect_delivery", _break)
        with pytest.raises(OSError, match="disk full"):
            desk.order()
    assert desk.book() == {}
    assert desk.number(desk.order()) == "（苏启）应急责改〔2026〕1号"


def _break(*_: object) -> None:
    raise OSError("disk full")


def test_a_number_by_hand_is_kept_apart_and_given_to_nobody_else(desk: Desk) -> None:
    assert desk.number(desk.order(number="（苏启）应急责改〔2026〕1号")) == "（苏启）应急责改〔2026〕1号"
    with pytest.raises(Invalid, match="duplicate"):
        desk.order(number="（苏启）应急责改〔2026〕1号")
    assert desk.number(desk.order()) == "（苏启）应急责改〔2026〕2号"
    assert set(desk.book().values()) == {NumberState.USED, NumberState.VOID}


def test_an_order_written_into_a_paper_book_uses_its_sheet(desk: Desk) -> None:
    kept = desk.services.form_numbers.reserve(ORDER, 2026, 2, "李四 现场本")
    order = desk.order(number=kept[1])
    assert desk.book() == {kept[0]: NumberState.RESERVED, kept[1]: NumberState.USED}
    desk.services.store.undo()
    assert desk.book()[kept[1]] is NumberState.RESERVED, "the sheet is still in the book"
    assert desk.services.orders.row_or_none(order) is None
    other = desk.services.form_numbers.reserve("inspection_record", 2026, 1, "李四")
    with pytest.raises(Invalid, match="duplicate"):
        desk.order(number=other[0])


def test_a_sheet_of_a_paper_book_is_used_by_the_visit_and_by_going_back(desk: Desk) -> None:
    """Typed on the record, its paper bears it later; a number of another act is refused."""
    numbers, services = desk.services.form_numbers, desk.services
    officers = [builders.an_officer(services.store, name) for name in ("张三", "李四")]
    (sheet,) = numbers.reserve("inspection_record", 2026, 1, "李四 现场本")
    (back,) = numbers.reserve("reinspection_opinion", 2026, 1, "李四 现场本")
    draft = InspectionDraft(desk.enterprise, inspected_on=TODAY, officers=crew_of(officers), approved_by="王所")
    draft = replace(draft, approved_on=TODAY, signature=Signature.SIGNED, document_number=sheet)
    visit = services.inspections.record(draft)
    assert desk.book()[sheet] is NumberState.USED
    assert desk.paper("inspection_record", RecordKind.INSPECTION, visit) == sheet
    with pytest.raises(Invalid, match="duplicate"):
        services.inspections.record(draft)
    order = desk.order(visit)
    hazards = services.hazards.ids(HazardQuery(order_id=order))
    results = tuple(ResultDraft(hazard, ReinspectionOutcome.CLEARED) for hazard in hazards)
    went = ReinspectionDraft(desk.enterprise, TODAY, tuple(officers), results, document_number=sheet)
    with pytest.raises(Invalid, match="duplicate"):
        services.reinspections.record(went)
    services.reinspections.record(replace(went, document_number=back))
    assert desk.book()[back] is NumberState.USED


# ---- what was before ---------------------------------------------------------------------------------------


def test_an_office_from_before_the_book_goes_on_after_its_last_number(desk: Desk) -> None:
    """Its orders keep their numbers and their look; new ones never meet them."""
    with desk.services.store.write("旧版") as session:
        session.add(NumberSequence(form=ORDER_FORM, year=2026, last=7))
    old = builders.an_order(desk.services.store, desk.enterprise, number="苏启惠萍应急责改〔2026〕7号")
    builders.an_order(desk.services.store, desk.enterprise, number="苏启惠萍应急责改〔2026〕9号")
    assert desk.services.form_numbers.peek(ORDER, TODAY) == "苏启惠萍应急责改〔2026〕10号"
    assert desk.number(desk.order()) == "苏启惠萍应急责改〔2026〕10号"
    assert desk.number(old) == "苏启惠萍应急责改〔2026〕7号"
    books = {book.series: book for book in desk.services.form_numbers.number_book(2026)}
    assert (books["chain:inspection"].start, books["chain:inspection"].gaps) == (9, ())
    assert len(books["order"].rows) == 2


def test_numbers_written_into_records_by_hand_are_passed(desk: Desk) -> None:
    builders.an_inspection(desk.services.store, desk.enterprise, document_number="（苏启）应急检记〔2026〕41号")
    builders.an_inspection(desk.services.store, desk.enterprise, document_number="（苏启）应急检记〔2025〕80号")
    assert desk.number(desk.order()) == "（苏启）应急责改〔2026〕42号"


def test_an_order_pattern_without_a_code_word_stays_with_the_orders(desk: Desk) -> None:
    desk.services.offices.set_setting(ORDER_PATTERN, "甲{year}-{number}")
    assert desk.number(desk.order()) == "甲2026-1"
    assert desk.paper("inspection_scheme", RecordKind.INSPECTION, desk.visit()) == "（苏启）应急检查〔2026〕2号"
    desk.services.form_numbers.set_pattern("{prefix}{town}{word}{code}〔{year}〕{number}号")
    desk.services.offices.set_setting(SHORT_NAME, "惠")
    assert desk.number(desk.order()) == "苏启惠应急责改〔2026〕3号"


def test_the_sample_of_a_pattern_is_told_while_it_is_typed(desk: Desk) -> None:
    numbers = desk.services.form_numbers
    assert numbers.sample(ORDER) == "（苏启）应急责改〔2026〕1号"
    assert numbers.sample(ORDER, "{town}{code}〔{year}〕{number}", "惠") == "惠责改〔2026〕1"
    with pytest.raises(Invalid, match="form_pattern_invalid"):
        numbers.sample(ORDER, "{year}{number}")
    assert desk.book() == {}


# ---- taken back, and made void -----------------------------------------------------------------------------


def test_an_order_that_is_undone_leaves_its_number_void(desk: Desk) -> None:
    """Ctrl+Z after a mistake works, and the next order does not get the number again."""
    order = desk.order()
    first = desk.number(order)
    desk.services.store.undo()
    assert desk.services.orders.row_or_none(order) is None
    assert desk.book() == {first: NumberState.VOID}
    assert desk.reason(first) == "撤销：下达责令限期整改指令书"
    assert desk.number(desk.order()) == "（苏启）应急责改〔2026〕2号"
    (book,) = desk.services.form_numbers.number_book(2026)
    assert book.gaps == ()
    assert desk.services.store.first_broken() is None


def test_an_order_that_is_redone_has_its_number_again(desk: Desk) -> None:
    order = desk.order()
    number = desk.number(order)
    for _ in range(2):
        desk.services.store.undo()
        assert desk.book() == {number: NumberState.VOID}
        desk.services.store.redo()
        assert desk.number(order) == number
        assert desk.book() == {number: NumberState.USED}


def test_several_orders_are_undone_one_after_the_other(desk: Desk) -> None:
    """What was counted meanwhile does not stand in the way."""
    orders = [desk.order() for _ in range(3)]
    for order in reversed(orders):
        desk.services.store.undo()  # the order
        desk.services.store.undo()  # its hazard
        assert desk.services.orders.row_or_none(order) is None
    assert list(desk.book().values()) == [NumberState.VOID] * 3
    with desk.services.store.read() as session:
        assert session.scalars(select(NumberSequence.last)).one() == 3


def test_an_undone_number_by_hand_can_be_written_again(desk: Desk) -> None:
    desk.order(number="苏启责改字12号")
    desk.services.store.undo()
    assert desk.book() == {}
    assert desk.number(desk.order(number="苏启责改字12号")) == "苏启责改字12号"


def test_an_order_with_a_paper_is_not_undone(desk: Desk) -> None:
    """The paper may be out: the order under it must not vanish."""
    order = desk.order()
    desk.issue(ORDER, RecordKind.ORDER, order)
    while desk.services.store.undoable is not None and desk.services.store.undoable.title != "下达责令限期整改指令书":
        desk.services.store.undo()
    with pytest.raises(Refused, match="undo_changed_since"):
        desk.services.store.undo()
    assert desk.book() == {desk.number(order): NumberState.USED}


def test_a_void_order_makes_its_paper_and_number_void_for_the_same_reason(desk: Desk) -> None:
    order = desk.order()
    paper = desk.issue(ORDER, RecordKind.ORDER, order)
    desk.services.orders.void(order, "企业名称写错")
    row = desk.services.forms.detail(paper).row
    assert (row.status, row.void_reason) == (DocumentStatus.VOID, "企业名称写错")
    number = desk.number(order)
    assert (desk.book()[number], desk.reason(number)) == (NumberState.VOID, "企业名称写错")
    assert desk.services.forms.is_as_issued(paper)
    with desk.services.store.read() as session:
        assert session.scalars(select(RectificationOrder.status)).one() is OrderStatus.VOID
        assert session.scalars(select(Hazard.order_id)).one() is None


def test_a_void_order_without_a_paper_can_be_brought_back(desk: Desk) -> None:
    order = desk.order()
    desk.services.orders.void(order, "点错")
    assert desk.book() == {desk.number(order): NumberState.VOID}
    desk.services.store.undo()
    assert desk.book() == {desk.number(order): NumberState.USED}


def test_voiding_the_paper_says_what_it_means_for_the_order(desk: Desk) -> None:
    order = desk.order(visit := desk.visit())
    paper = desk.issue(ORDER, RecordKind.ORDER, order)
    said = desk.services.forms.void_means(paper)
    assert desk.number(order) in said
    assert "整改期限仍然有效" in said
    record = desk.issue("inspection_record", RecordKind.INSPECTION, visit)
    assert "另编新号" in desk.services.forms.void_means(record)
    scheme = desk.issue("inspection_scheme", RecordKind.INSPECTION, visit)
    assert desk.services.forms.void_means(scheme) == ""
    desk.services.forms.void(paper, "打印错误")
    assert desk.services.orders.row(order).status is OrderStatus.ISSUED
    assert desk.book()[desk.number(order)] is NumberState.VOID


def test_numbers_of_other_forms_stay_their_own(desk: Desk) -> None:
    offices = desk.services.offices
    with desk.services.store.write("取号") as session:
        assert [offices.next_number(session, form, 2026) for form in ("甲", "乙", "甲")] == [1, 1, 2]
    with desk.services.store.read() as session:
        assert session.scalars(select(DocumentNumber)).all() == []
