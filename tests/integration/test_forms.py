"""Official documents as the office makes them: filled, tried out, confirmed, issued, numbered, void, made again."""

import io
import re
import shutil
import subprocess
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import builders
import pytest
from docx import Document as WordFile
from PIL import Image
from sqlalchemy import select

from db.attachments import Attachments
from db.models import DocumentNumber, FormDocument, GateEntry, Inspection, NumberSequence
from db.store import Store
from desktop.domain.errors import Invalid, Refused, Trouble
from desktop.domain.form import DocumentStatus, NumberCounting, NumberState, RecordKind
from desktop.domain.inspection import Signature
from desktop.domain.order import OfficeMode
from desktop.domain.reinspection import ReinspectionOutcome
from desktop.services import Services
from desktop.services.cases import CaseDraft
from desktop.services.clock import Clock
from desktop.services.form_filling import SOURCES
from desktop.services.form_issuers import NAMES, Issuer
from desktop.services.forms import DocumentQuery, FormDraft, Forms
from desktop.services.hazards import ExtensionDraft, HazardQuery
from desktop.services.inspections import Finding, InspectionDraft, crew_of
from desktop.services.office import OfficeDraft, PowerDraft
from desktop.services.orders import OrderDraft
from desktop.services.reinspections import ReinspectionDraft, ResultDraft
from desktop.system.folders import OfficeFolder

BEFORE = date(2023, 6, 5)  # a day on which nothing in the forms of an inspection is doubtful
TODAY = builders.TODAY
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler")


@dataclass
class Desk:
    """An office with two officers and an enterprise, and its forms."""

    services: Services
    enterprise: int
    officers: tuple[int, int]

    @property
    def forms(self) -> Forms:
        return self.services.forms

    @property
    def store(self) -> Store:
        return self.services.store

    def visited(self, on: date = BEFORE, findings: int = 3) -> int:
        return self.services.inspections.record(
            InspectionDraft(
                self.enterprise,
                inspected_on=on,
                officers=crew_of(list(self.officers)),
                approved_by="王所",
                approved_on=on,
                site_record="启动会后检查喷涂车间和仓库。",
                signature=Signature.SIGNED,
                findings=tuple(Finding(f"隐患{number}", location="喷涂车间") for number in range(1, findings + 1)),
            )
        )

    def ordered(self, visit: int, on: date = BEFORE) -> int:
        hazards = sorted(self.services.hazards.ids(HazardQuery(inspection_id=visit)))
        days = (date(on.year, 7, 5), date(on.year, 7, 20), date(on.year, 7, 5))
        items = tuple(zip(hazards, days, strict=False))
        return self.services.orders.issue(
            OrderDraft(self.enterprise, items, on, inspection_id=visit, reasons={"rect.period_default": "工程量大"})
        )

    def draft(self, form: str, kind: RecordKind, record: int, **more: object) -> FormDraft:
        draft = self.forms.new(form, (kind, record))
        reasons = {f"form_order.{draft.form}": "现场另行处理", f"form_blank.{draft.form}": "现场手写"}
        return replace(draft, reasons=reasons, **more)  # type: ignore[arg-type]

    def issued(self, form: str, kind: RecordKind, record: int, **more: object) -> int:
        return self.forms.issue(self.draft(form, kind, record, **more))


@pytest.fixture
def desk(data_folder: Path, store: Store) -> Desk:
    services = Services(store, data_folder, Clock(lambda: TODAY, lambda: datetime(2026, 3, 2, 9, 41)))
    services.offices.establish(
        OfficeDraft(
            "惠萍镇", "320681115", "启东市", "启东市应急管理局", "惠萍镇中心路1号", "0513-83791001", "王所", "苏启"
        ),
        PowerDraft(OfficeMode.DELEGATED, date(2019, 3, 1), basis="委托书"),
    )
    enterprise = builders.an_enterprise(
        store,
        "启东市宏达机械厂",
        address="惠萍镇兴园路18号",
        legal_person="张𠮷安",
        phone="13812345678",
        contact="陈会计",
        industry="通用设备制造业",
    )
    officers = (builders.an_officer(store, "张三"), builders.an_officer(store, "李四"))
    return Desk(services, enterprise, officers)


def text_of(content: bytes, folder: Path) -> str:
    path = folder / "one.pdf"
    path.write_bytes(content)
    told = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True).stdout.decode()
    return re.sub(r"\s", "", told)


# ---- filling -----------------------------------------------------------------------------------------------


def test_every_source_that_a_form_names_is_known(desk: Desk) -> None:
    for form in desk.forms.book.forms.values():
        for field in form.fields:
            part, _, key = field.source.partition(".")
            known = (
                not field.source
                or field.source in SOURCES
                or field.source == "document.day"
                or (part == "org" and key in (*NAMES, "contact_and_phone"))
            )
            assert known, (form.id, field.source)


def test_an_order_is_filled_from_its_record(desk: Desk) -> None:
    order = desk.ordered(desk.visited())
    draft = desk.forms.new("zegai", (RecordKind.ORDER, order))
    assert draft.form == "rectification_order"
    assert draft.dated_on == BEFORE
    assert draft.values["company"] == "启东市宏达机械厂"
    assert draft.values["problems"] == [f"喷涂车间：隐患{number}" for number in (1, 2, 3)]
    assert draft.values["item_nos"] == ["1、3", "2"]
    assert draft.values["due"] == ["2023-07-05", "2023-07-20"]
    assert len(draft.values["officer_ids"]) == 2
    assert draft.number == desk.services.orders.row(order).number


def test_an_extension_does_not_change_what_the_order_said(desk: Desk) -> None:
    visit = desk.visited(TODAY)
    order = desk.ordered(visit, TODAY)
    hazard = min(desk.services.hazards.ids(HazardQuery(inspection_id=visit)))
    asked = ExtensionDraft(TODAY, "备件未到", date(2026, 8, 1), reasons={"rect.ext_apply": "提前申请"})
    desk.services.hazards.apply_extension([hazard], asked)
    values = desk.forms.new("rectification_order", (RecordKind.ORDER, order)).values
    assert values["due"] == ["2026-07-05", "2026-07-20"]
    applied = desk.forms.new("extension_application", (RecordKind.HAZARD, hazard)).values
    assert (applied["until"], applied["days"], applied["reason"]) == ("2026-08-01", "27", "备件未到")
    assert applied["order_number"] == desk.services.orders.row(order).number
    assert desk.forms.new("extension_approval", (RecordKind.HAZARD, hazard)).values["old_due"] == "2026-07-05"


def test_a_record_names_who_went_and_leaves_the_hours_to_the_pen(desk: Desk) -> None:
    values = desk.forms.new("inspection_record", (RecordKind.INSPECTION, desk.visited())).values
    assert values["officers"] == ["张三", "李四"]
    assert values["legal_rep"] == "张𠮷安"
    assert values["dept"] == "启东市应急管理局"
    assert values["time"] == {"from": "2023-06-05", "to": ""}
    assert values["findings"][0] == "启动会后检查喷涂车间和仓库。"
    assert len(values["findings"]) == 4


def test_a_reinspection_says_item_by_item_what_was_found(desk: Desk) -> None:
    visit = desk.visited()
    order = desk.ordered(visit)
    first, second, third = sorted(desk.services.hazards.ids(HazardQuery(order_id=order)))
    back = desk.services.reinspections.record(
        ReinspectionDraft(
            desk.enterprise,
            date(2023, 7, 6),
            desk.officers,
            (
                ResultDraft(third, ReinspectionOutcome.CLEARED),
                ResultDraft(first, ReinspectionOutcome.FAILED, "仍堆放杂物", date(2023, 8, 1)),
            ),
        )
    )
    values = desk.forms.new("fucha", (RecordKind.REINSPECTION, back)).values
    assert values["opinion"].splitlines()[0] == "第3项已整改；第1项未整改，仍堆放杂物。"
    assert values["opinion"].splitlines()[1] == "本次复查2项，已整改1项，未整改1项"
    assert values["order_number"] == desk.services.orders.row(order).number
    assert values["order_date"] == "2023-06-05"
    assert second not in (first, third)


def test_forms_of_cases_know_party_and_office(desk: Desk) -> None:
    case = desk.services.cases.register(
        CaseDraft(desk.enterprise, "涉嫌未消除事故隐患", fine_fen=3_000_000, decided_on=TODAY)
    )
    values = desk.forms.new("penalty_decision_unit", (RecordKind.CASE, case)).values
    assert values["o_name"] == "启东市宏达机械厂"
    cover = desk.forms.new("case_cover", (RecordKind.CASE, case)).values
    assert cover["case_name"] == "启东市宏达机械厂涉嫌未消除事故隐患案"
    assert cover["result"] == "罚款叁万元整（30000元）"
    assert cover["organ"] == "启东市应急管理局"


@pytest.mark.parametrize("kind", list(RecordKind))
def test_every_form_can_be_begun_for_any_record_or_none(desk: Desk, kind: RecordKind) -> None:
    visit = desk.visited()
    order = desk.ordered(visit)
    hazard = min(desk.services.hazards.ids(HazardQuery(order_id=order)))
    back = desk.services.reinspections.record(
        ReinspectionDraft(
            desk.enterprise, date(2023, 7, 6), desk.officers, (ResultDraft(hazard, ReinspectionOutcome.CLEARED),)
        )
    )
    case = desk.services.cases.register(CaseDraft(desk.enterprise, "案由"))
    record = {
        RecordKind.ENTERPRISE: desk.enterprise,
        RecordKind.INSPECTION: visit,
        RecordKind.ORDER: order,
        RecordKind.REINSPECTION: back,
        RecordKind.HAZARD: hazard,
        RecordKind.CASE: case,
    }[kind]
    for form in desk.forms.book.forms:
        draft = desk.forms.new(form, (kind, record))
        assert desk.forms.preview(draft).content.startswith(b"%PDF")
    assert desk.forms.preview(desk.forms.new("rectification_order")).content.startswith(b"%PDF")


def test_a_record_that_is_gone_is_told(desk: Desk) -> None:
    with pytest.raises(Refused, match="form_record_missing"):
        desk.forms.new("rectification_order", (RecordKind.ORDER, 99))


def test_values_that_no_field_takes_are_refused(desk: Desk) -> None:
    with pytest.raises(Invalid, match="form_field_unknown"):
        desk.forms.save(FormDraft("rectification_order", values={"firm": "厂"}))


# ---- issuing -----------------------------------------------------------------------------------------------


@needs_poppler
def test_an_issued_document_makes_the_same_file_again(desk: Desk, tmp_path: Path) -> None:
    order = desk.ordered(desk.visited())
    document = desk.issued("rectification_order", RecordKind.ORDER, order)
    first = desk.forms.file(document)
    assert desk.forms.is_as_issued(document)
    row = desk.forms.detail(document).row
    assert (row.status, row.issued_by, row.number) == (
        DocumentStatus.ISSUED, "张三", desk.services.orders.row(order).number
    )  # fmt: skip
    # what it was made from may change: the document does not
    desk.services.offices.change(replace(desk.services.offices.detail().draft, bureau="另一个局", prefix="苏"))
    desk.services.enterprises.rename(desk.enterprise, "启东市宏达重工有限公司", TODAY)
    assert desk.forms.file(document) == first
    assert desk.forms.is_as_issued(document)
    text = text_of(first.content, tmp_path)
    assert "启东市宏达机械厂：" in text
    assert "草稿" not in text
    words = "".join(node.text or "" for node in WordFile(io.BytesIO(desk.forms.word(document))).element.body.iter())
    assert "喷涂车间：隐患2；" in words


def test_a_changed_row_is_noticed(desk: Desk) -> None:
    document = desk.issued("rectification_order", RecordKind.ORDER, desk.ordered(desk.visited()))
    with desk.store.write("改动") as session:
        record = session.get_one(FormDocument, document)
        record.content = {**record.content, "problems": ["另一条"]}
    assert not desk.forms.is_as_issued(document)


@needs_poppler
def test_a_draft_is_marked_and_takes_no_number(desk: Desk, tmp_path: Path) -> None:
    visit = desk.visited()
    draft = desk.forms.new("inspection_record", (RecordKind.INSPECTION, visit))
    kept = desk.forms.save(draft)
    assert "草稿，未签发" in text_of(desk.forms.file(kept).content, tmp_path)
    with desk.store.read() as session:
        assert session.scalars(select(DocumentNumber)).all() == []
        assert session.scalars(select(NumberSequence).where(NumberSequence.form != "order")).all() == []
    again = desk.forms.save(replace(draft, values={**draft.values, "place": "仓库"}), kept)
    assert again == kept
    assert desk.forms.detail(kept).values["place"] == "仓库"
    desk.forms.discard(kept)
    assert desk.forms.rows() == []


def test_what_is_doubtful_is_not_issued_before_a_named_person_confirms_it(desk: Desk) -> None:
    order = desk.ordered(desk.visited(TODAY), TODAY)
    draft = desk.draft("rectification_order", RecordKind.ORDER, order)
    (doubt,) = desk.forms.doubts(draft.form, TODAY)
    with pytest.raises(Refused, match="form_unconfirmed"):
        desk.forms.issue(draft)
    desk.store.person = ""
    with pytest.raises(Invalid, match="missing"):
        desk.forms.confirmations.confirm(draft.form, TODAY)
    desk.forms.confirmations.confirm(draft.form, TODAY, "已核对复议法", by="法制科李某")
    kept = desk.forms.confirmations.confirmed()[doubt.mark]
    assert (kept.confirmed_by, kept.confirmed_on, kept.remark) == ("法制科李某", TODAY, "已核对复议法")
    act = desk.store.last_act()
    assert act is not None
    assert act.title == "确认文书《责令限期整改指令书》"
    desk.forms.issue(draft)
    desk.forms.confirmations.withdraw(doubt.mark)
    with pytest.raises(Refused, match="form_is_verified"):
        desk.forms.confirmations.confirm("case_filing_approval", TODAY)


def test_one_word_on_a_clause_serves_every_form_that_prints_it(desk: Desk) -> None:
    desk.forms.confirmations.confirm("on_site_measures_decision", TODAY)
    assert desk.forms.doubts("seizure_decision", TODAY) == ()
    assert desk.forms.doubts("rectification_order", TODAY) != ()


def test_the_wrong_order_of_documents_wants_a_reason_that_is_kept(desk: Desk) -> None:
    visit = desk.services.inspections.schedule(InspectionDraft(desk.enterprise, planned_on=TODAY))
    draft = desk.forms.new("inspection_record", (RecordKind.INSPECTION, visit), BEFORE)
    gates = {warning.gate: warning for warning in desk.forms.gates(draft)}
    assert "《现场检查方案》" in gates["form_order.inspection_record"].text
    assert "检查场所" not in gates["form_blank.inspection_record"].text  # filled with the address of the enterprise
    assert "检查情况" in gates["form_blank.inspection_record"].text
    with pytest.raises(Refused, match="gate_reason_needed"):
        desk.forms.issue(draft)
    assert desk.forms.rows() == []
    document = desk.forms.issue(replace(draft, reasons=dict.fromkeys(gates, "突击检查")))
    with desk.store.read() as session:
        kept = session.scalars(select(GateEntry).where(GateEntry.subject_type == "form_document")).all()
    assert {(entry.gate, entry.subject_id, entry.reason) for entry in kept} == {
        (gate, document, "突击检查") for gate in gates
    }


def test_what_the_records_show_as_done_does_not_warn(desk: Desk) -> None:
    visit = desk.visited()
    order = desk.ordered(visit)
    draft = desk.forms.new("rectification_order", (RecordKind.ORDER, order))
    assert not [each for each in desk.forms.gates(draft) if each.gate.startswith("form_order")]


def test_a_court_that_nobody_entered_is_told(desk: Desk) -> None:
    draft = desk.forms.new("rectification_order", (RecordKind.ORDER, desk.ordered(desk.visited())))
    (warning,) = desk.forms.gates(draft)
    assert "人民法院" in warning.text
    desk.forms.issuers.change(
        Issuer(dept="启东市应急管理局", court="启东市人民法院", higher="南通市应急管理局"), BEFORE
    )
    assert desk.forms.gates(draft) == []


def test_the_form_of_2010_is_refused_today(desk: Desk) -> None:
    with pytest.raises(Refused, match="form_not_in_force"):
        desk.forms.issue(FormDraft("coercive_measure_decision_2010", dated_on=TODAY))


# ---- in whose name -----------------------------------------------------------------------------------------


def test_the_issuer_follows_the_powers_of_the_day_and_what_was_entered(desk: Desk) -> None:
    assert desk.forms.issuers.on(BEFORE).dept == "启东市应急管理局"
    assert desk.forms.issuers.on(BEFORE).gov == "启东市人民政府"
    desk.services.offices.change_mode(PowerDraft(OfficeMode.EMPOWERED, date(2024, 1, 1), basis="赋权清单"))
    assert desk.forms.issuers.on(BEFORE).dept == "启东市应急管理局"
    assert desk.forms.issuers.on(TODAY).dept == "启东市惠萍镇人民政府"
    desk.forms.issuers.change(Issuer(dept="启东市惠萍镇政府", court="某法院"), date(2025, 1, 1))
    assert desk.forms.issuers.on(date(2024, 6, 1)).court == ""
    assert (desk.forms.issuers.on(TODAY).dept, desk.forms.issuers.on(TODAY).court) == ("启东市惠萍镇政府", "某法院")
    with pytest.raises(Invalid):
        desk.forms.issuers.change(Issuer(), TODAY)


def test_the_day_of_the_reform_is_the_offices_own(desk: Desk) -> None:
    assert desk.forms.issuers.words(date(2019, 2, 1))["word"] == "应急"
    desk.forms.issuers.set_reformed_on(date(2019, 3, 8))
    assert desk.forms.issuers.words(date(2019, 3, 7)) == {"word": "安监", "dept_noun": "安全生产监督管理部门"}
    assert desk.forms.issuers.words(date(2019, 3, 8)) == {"word": "应急", "dept_noun": "应急管理部门"}


# ---- numbers -----------------------------------------------------------------------------------------------


def numbers(desk: Desk) -> list[str]:
    return [row.number for row in reversed(desk.forms.rows())]


def test_an_inspection_has_one_number_of_which_only_the_code_word_changes(desk: Desk) -> None:
    first, second = desk.visited(), desk.visited()
    for visit, form in ((first, "inspection_scheme"), (second, "inspection_scheme"), (first, "inspection_record")):
        desk.issued(form, RecordKind.INSPECTION, visit)
    assert [row.number for row in desk.forms.rows(DocumentQuery(inspection_id=first))] == [
        "（苏启）应急检记〔2023〕1号",
        "（苏启）应急检查〔2023〕1号",
    ]
    assert desk.forms.rows(DocumentQuery(inspection_id=second))[0].number == "（苏启）应急检查〔2023〕2号"
    with desk.store.read() as session:
        assert session.get_one(Inspection, first).document_number == "（苏启）应急检记〔2023〕1号"


def test_a_second_document_of_the_same_kind_draws_the_next_number(desk: Desk) -> None:
    visit = desk.visited()
    for _ in range(2):
        desk.issued("on_site_measures_decision", RecordKind.INSPECTION, visit)
    assert numbers(desk) == ["（苏启）应急现决〔2023〕1号", "（苏启）应急现决〔2023〕2号"]


def test_each_form_counts_for_itself_when_the_office_says_so(desk: Desk) -> None:
    desk.forms.numbers.set_counting(NumberCounting.FORM)
    first, second = desk.visited(), desk.visited()
    desk.issued("inspection_record", RecordKind.INSPECTION, first)
    desk.issued("inspection_scheme", RecordKind.INSPECTION, second)
    desk.issued("inspection_record", RecordKind.INSPECTION, second)
    assert numbers(desk) == [
        "（苏启）应急检记〔2023〕1号",
        "（苏启）应急检查〔2023〕1号",
        "（苏启）应急检记〔2023〕2号",
    ]


def test_numbers_begin_again_each_year_and_follow_the_offices_pattern(desk: Desk) -> None:
    desk.forms.numbers.set_pattern("{prefix}{town}{word}{code}〔{year}〕{number}号")
    desk.issued(
        "inspection_scheme", RecordKind.INSPECTION, desk.visited(date(2022, 12, 30)), dated_on=date(2022, 12, 30)
    )
    desk.issued("inspection_scheme", RecordKind.INSPECTION, desk.visited(), dated_on=BEFORE)
    assert numbers(desk) == ["苏启惠萍应急检查〔2022〕1号", "苏启惠萍应急检查〔2023〕1号"]
    with pytest.raises(Invalid, match="form_pattern_invalid"):
        desk.forms.numbers.set_pattern("{year}{number}")


def test_a_number_of_a_void_document_never_comes_back(desk: Desk) -> None:
    visit = desk.visited()
    spoilt = desk.issued("inspection_record", RecordKind.INSPECTION, visit)
    with pytest.raises(Invalid, match="missing"):
        desk.forms.void(spoilt, " ")
    desk.forms.void(spoilt, "时间写错")
    again = desk.forms.issue(replace(desk.forms.again(spoilt), reasons={"form_blank.inspection_record": "现场手写"}))
    assert desk.forms.detail(spoilt).row.number == "（苏启）应急检记〔2023〕1号"
    assert desk.forms.detail(again).row.number == "（苏启）应急检记〔2023〕2号"
    (book,) = desk.forms.numbers.number_book(2023)
    assert [(row.sequence, row.state, row.reason) for row in book.rows] == [
        (1, NumberState.VOID, "时间写错"),
        (2, NumberState.USED, ""),
    ]
    assert book.gaps == ()
    with pytest.raises(Refused, match="form_document_state"):
        desk.forms.void(spoilt, "再作废一次")


def test_a_failed_issue_burns_no_number(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    visit = desk.visited()
    draft = desk.draft("inspection_scheme", RecordKind.INSPECTION, visit)

    def no_room(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(Forms, "_seal", no_room)
        with pytest.raises(OSError, match="disk full"):
            desk.forms.issue(draft)
    assert desk.forms.rows() == []
    desk.forms.issue(draft)
    assert numbers(desk) == ["（苏启）应急检查〔2023〕1号"]


def test_numbers_kept_for_a_paper_book_are_passed_over_used_and_spoilt(desk: Desk) -> None:
    desk.forms.numbers.set_counting(NumberCounting.FORM)
    kept = desk.forms.numbers.reserve("inspection_record", 2023, 3, "李四 现场本")
    assert kept == [f"（苏启）应急检记〔2023〕{number}号" for number in (1, 2, 3)]
    desk.issued("inspection_record", RecordKind.INSPECTION, desk.visited())
    paper = desk.issued("inspection_record", RecordKind.INSPECTION, desk.visited(), number=kept[1])
    assert desk.forms.detail(paper).row.number == kept[1]
    with pytest.raises(Invalid, match="duplicate"):
        desk.issued("inspection_record", RecordKind.INSPECTION, desk.visited(), number=kept[1])
    (book,) = desk.forms.numbers.number_book(2023)
    desk.forms.numbers.spoil(book.rows[2].id, "淋湿")
    (book,) = desk.forms.numbers.number_book(2023)
    assert [(row.sequence, row.state) for row in book.rows] == [
        (1, NumberState.RESERVED),
        (2, NumberState.USED),
        (3, NumberState.VOID),
        (4, NumberState.USED),
    ]
    assert book.rows[2].reason == "李四 现场本：淋湿"
    with pytest.raises(Refused, match="number_not_reserved"):
        desk.forms.numbers.spoil(book.rows[1].id, "丢失")
    with pytest.raises(Invalid, match="reserve_count"):
        desk.forms.numbers.reserve("inspection_record", 2023, 0, "李四")
    with pytest.raises(Refused, match="form_without_number"):
        desk.forms.numbers.reserve("questioning_record", 2023, 1, "李四")


def test_a_number_written_by_hand_is_kept_apart_and_never_doubled(desk: Desk) -> None:
    desk.issued("inspection_record", RecordKind.INSPECTION, desk.visited(), number="（苏启）应急检记〔2023〕1号")
    desk.issued("inspection_record", RecordKind.INSPECTION, desk.visited())
    assert numbers(desk) == ["（苏启）应急检记〔2023〕1号", "（苏启）应急检记〔2023〕2号"]
    by_series = {book.series: book for book in desk.forms.numbers.number_book(2023)}
    chain = by_series["chain:inspection"]
    assert [(row.sequence, row.state) for row in chain.rows] == [(1, NumberState.VOID), (2, NumberState.USED)]
    assert "另行使用" in chain.rows[0].reason
    assert chain.gaps == ()
    assert len(by_series["hand"].rows) == 1


def test_a_form_without_numbers_takes_none(desk: Desk) -> None:
    document = desk.issued(
        "questioning_record", RecordKind.ENTERPRISE, desk.enterprise, number="（苏启）应急询〔2023〕1号"
    )
    assert desk.forms.detail(document).row.number == ""


def test_an_order_has_one_paper(desk: Desk) -> None:
    order = desk.ordered(desk.visited())
    document = desk.issued("rectification_order", RecordKind.ORDER, order)
    with pytest.raises(Invalid, match="duplicate"):
        desk.issued("rectification_order", RecordKind.ORDER, order)
    desk.forms.void(document, "打印错误")
    with pytest.raises(Invalid, match="duplicate"):
        desk.issued("rectification_order", RecordKind.ORDER, order)
    (book,) = desk.forms.numbers.number_book(2023)
    assert [row.text for row in book.rows] == [desk.services.orders.row(order).number]


def test_an_issue_that_gave_out_a_number_is_not_undone(desk: Desk) -> None:
    """The paper may be in other hands: undone, its number would be given to another."""
    desk.store.forget_undo()
    desk.issued("inspection_scheme", RecordKind.INSPECTION, desk.visited())
    visit_act = desk.store.undoable
    assert visit_act is not None
    assert not visit_act.title.startswith("签发")
    with pytest.raises(Refused, match="undo_given_out"):
        desk.store.undo_last()
    desk.forms.numbers.reserve("inspection_record", 2023, 2, "现场本")
    with pytest.raises(Refused, match="undo_given_out"):
        desk.store.undo_last()
    assert numbers(desk) == ["（苏启）应急检查〔2023〕1号"]
    assert desk.store.first_broken() is None


def test_a_draft_is_undone_like_any_act(desk: Desk) -> None:
    desk.forms.save(desk.forms.new("inspection_scheme", (RecordKind.INSPECTION, desk.visited())))
    desk.store.undo()
    assert desk.forms.rows() == []


# ---- service and file --------------------------------------------------------------------------------------


def test_the_receipt_and_the_contents_list_what_was_issued(desk: Desk) -> None:
    visit = desk.visited(findings=40)
    order = desk.ordered(visit)
    scheme = desk.issued("inspection_scheme", RecordKind.INSPECTION, visit)
    record = desk.issued("inspection_record", RecordKind.INSPECTION, visit)
    paper = desk.issued("rectification_order", RecordKind.ORDER, order)
    desk.services.orders.deliver(order, date(2023, 6, 6), "陈会计")
    pages = [desk.forms.detail(each).row.page_count for each in (scheme, record, paper)]
    assert pages[1] is not None
    assert pages[1] > 1
    receipt = desk.forms.new("service_receipt", (RecordKind.INSPECTION, visit)).values
    assert [row[0] for row in receipt["rows"]] == [f"责令限期整改指令书{desk.services.orders.row(order).number}"]
    assert receipt["rows"][0][3] == "2023年6月6日"
    rows = desk.forms.new("file_contents", (RecordKind.INSPECTION, visit)).values["rows"]
    assert [row[3] for row in rows] == ["1", "2", str(2 + pages[1])]
    assert "现场检查记录（（苏启）应急检记〔2023〕1号）" in rows[1][1]
    note = desk.forms.new("file_reference_note", (RecordKind.INSPECTION, visit)).values["note"]
    assert note == f"本卷共3件{sum(filter(None, pages))}页。"


def test_a_kept_draft_is_issued_in_its_place(desk: Desk) -> None:
    draft = desk.draft("inspection_scheme", RecordKind.INSPECTION, desk.visited())
    kept = desk.forms.save(draft)
    assert desk.forms.issue(draft, kept) == kept
    assert [row.status for row in desk.forms.rows()] == [DocumentStatus.ISSUED]
    for act in (lambda: desk.forms.discard(kept), lambda: desk.forms.save(draft, kept)):
        with pytest.raises(Refused, match="form_document_state"):
            act()


@needs_poppler
def test_a_void_document_says_so_on_every_page(desk: Desk, tmp_path: Path) -> None:
    document = desk.issued("inspection_scheme", RecordKind.INSPECTION, desk.visited())
    desk.forms.void(document, "方案改期")
    assert "已作废" in text_of(desk.forms.file(document).content, tmp_path)
    assert desk.forms.is_as_issued(document)


def test_a_photo_page_carries_the_photo_that_is_kept(desk: Desk) -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(drawn, "JPEG")
    photo = drawn.getvalue()
    sha256 = Attachments(OfficeFolder(desk.services.folder).attachments).put(photo)
    draft = desk.forms.new("photo_evidence_page", (RecordKind.INSPECTION, desk.visited()))
    empty = desk.forms.preview(draft)
    made = desk.forms.preview(replace(draft, values={**draft.values, "photo": sha256}))
    assert b"/Subtype /Image" in made.content
    assert b"/Subtype /Image" not in empty.content
    with pytest.raises(Trouble, match="attachment_missing"):
        desk.forms.preview(replace(draft, values={**draft.values, "photo": "0" * 64}))


def test_the_steps_of_a_visit_tell_what_is_done_and_what_comes_next(desk: Desk) -> None:
    visit = desk.visited()
    paper = desk.issued("inspection_scheme", RecordKind.INSPECTION, visit)
    steps = {row.forms[0]: row for row in desk.forms.steps("日常检查", (RecordKind.INSPECTION, visit))}
    assert [row.id for row in steps["inspection_scheme"].documents] == [paper]
    assert steps["inspection_record"].is_done, "the visit is on record, though no paper was made here"
    assert steps["rectification_order"].is_optional
    assert not any(row.is_next for row in steps.values()), "nothing is re-inspected where nothing was ordered"
    assert any("第六十八条" in law for law in steps["inspection_record"].law)
    order = desk.ordered(visit)
    steps = {row.forms[0]: row for row in desk.forms.steps("日常检查", (RecordKind.ORDER, order))}
    assert steps["rectification_order"].is_done
    assert [name for name, row in steps.items() if row.is_next] == ["reinspection_opinion"]
    fresh = desk.services.inspections.schedule(InspectionDraft(desk.enterprise, planned_on=TODAY))
    steps = {row.forms[0]: row for row in desk.forms.steps("日常检查", (RecordKind.INSPECTION, fresh))}
    assert [name for name, row in steps.items() if row.is_next] == ["inspection_scheme"]
