"""The field pack on a real file: made, printed, filled in, read back, read back again, and what is refused."""

import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import builders
import pypdfium2 as pdfium
import pytest
from field_files import AT, a_document, a_file, a_picture, a_sheet, shot
from jsonschema import Draft202012Validator
from sqlalchemy import select

from db.models import Attachment, FieldReturn, Office
from db.store import Store
from desktop.documents.field_pack import FieldPack, code_widget, field_pack_pdf
from desktop.documents.phone_page import phone_page
from desktop.domain.checklist import Answer
from desktop.domain.errors import Refused, Trouble
from desktop.domain.field_code import read_code
from desktop.domain.inspection import InspectionStatus, OfficerRole, Signature
from desktop.domain.officer import RecusalDraft
from desktop.domain.photo import PhotoOwner, PhotoRole
from desktop.services import Services
from desktop.services.clock import Clock
from desktop.services.inspections import InspectionDraft
from desktop.services.photo_places import PhotoSubject
from desktop.services.progress import Cancelled, Progress
from desktop.services.reinspections import ReinspectionDraft, ResultDraft
from desktop.text import sentence
from resources import resource

TODAY = date(2026, 3, 2)


@pytest.fixture
def services(store: Store, data_folder: Path) -> Services:
    """All services over an office with two enterprises in today's plan."""
    services = Services(store, data_folder, Clock(lambda: TODAY, lambda: datetime(2026, 3, 2, 15)))
    with store.write("单位") as session:
        session.add(Office(name="惠萍镇安监所", code="320681102", created_at=datetime(2026, 1, 1)))
    officer = builders.an_officer(store, "张三")
    for name in ("宏达机械厂", "永兴木业"):
        firm = builders.an_enterprise(store, name, sector="sector.gm.jx", phone="13800001234", address=f"{name}旁")
        builders.a_plan_item(store, firm, planned_on=TODAY, officer_id=officer)
    return services


@pytest.fixture
def pack(services: Services) -> FieldPack:
    """The pack of the day."""
    return services.field_packs.make(TODAY, services.field_packs.route(TODAY), "张三")


def refused(services: Services, path: Path) -> str:
    """The sentence that a file is refused with; nothing is changed by it."""
    before = builders.content(services.store)
    with pytest.raises(Trouble) as caught:
        services.field_packs.plan(path)
    assert builders.content(services.store) == before
    return sentence(caught.value)


def schema() -> Draft202012Validator:
    """The published description of a result file; the reader checks the same without it."""
    return Draft202012Validator(json.loads(resource("schemas/field_result.schema.json").read_text(encoding="utf-8")))


def visit_of(services: Services, pack: FieldPack, place: int = 0) -> int:
    found = services.field_packs.find(pack.pages[place].shown_code)
    assert found is not None
    return found.inspection_id


def filled(pack: FieldPack, **more: Any) -> dict[str, Any]:
    """The first visit with two answers, a finding with a picture, words and a signature."""
    page, picture, name = pack.pages[0], a_picture(), a_picture(200)
    first, second = page.items[0].code, page.items[1].code
    facts = {
        "answers": {first: {"answer": "good", "note": ""}, second: {"answer": "bad", "note": "无台账"}},
        "findings": [{"key": "F-1", "text": "配电箱未关", "place": "一车间", "cleared": True}],
        "note": "现场有两名工人作业",
        "unit_person": "王厂长",
        "pictures": [shot(picture, "F-1")],
        "signature": shot(name),
        **more,
    }
    return a_document(pack, a_sheet(page, **facts), pictures=(picture, name))


# ---- making ------------------------------------------------------------------------------------------------


def test_an_item_of_the_plan_gets_its_visit_and_one_code_for_good(services: Services, pack: FieldPack) -> None:
    route = services.field_packs.route(TODAY)
    assert [stop.inspection_id is not None for stop in route] == [True, True]
    again = services.field_packs.make(TODAY, list(reversed(route)))

    assert [page.code for page in again.pages] == [page.code for page in reversed(pack.pages)]
    detail = services.inspections.detail(visit_of(services, pack))
    assert (detail.row.status, detail.draft.planned_on) == (InspectionStatus.PLANNED, TODAY)
    assert detail.officer_names == ("张三",)
    assert services.plans.between(TODAY, TODAY)[0].is_open  # the visit is still to be made


def test_the_route_of_one_officer_is_that_officers(services: Services) -> None:
    other = builders.an_officer(services.store, "李四")
    assert services.field_packs.route(TODAY, other) == []
    with pytest.raises(Refused) as caught:
        services.field_packs.make(TODAY, [])
    assert "没有可以做现场包的检查" in sentence(caught.value)


def test_one_undo_takes_the_visits_and_codes_of_a_pack_back(services: Services) -> None:
    before = builders.content(services.store)
    pack = services.field_packs.make(TODAY, services.field_packs.route(TODAY))
    services.store.undo()
    assert builders.content(services.store) == before
    assert services.field_packs.find(pack.pages[0].code) is None


def test_a_pack_stopped_while_it_is_laid_out_leaves_no_visit_and_no_code(services: Services) -> None:
    before = builders.content(services.store)
    progress = Progress()

    def lay_out(pack: FieldPack) -> bytes:
        progress.cancel()
        return field_pack_pdf(pack, progress.step).content

    with pytest.raises(Cancelled):
        services.field_packs.laid_out(TODAY, services.field_packs.route(TODAY), "张三", lay_out, progress)
    assert builders.content(services.store) == before
    again = services.field_packs.laid_out(TODAY, services.field_packs.route(TODAY), "", lambda pack: pack.pages)
    assert services.field_packs.find(again[0].code) is not None


def test_the_setting_tells_of_each_visit_and_each_page_and_only_goes_on(services: Services) -> None:
    whole = services.field_packs.make(TODAY, services.field_packs.route(TODAY), "张三")
    pack = replace(whole, pages=tuple(replace(page, items=page.items[:9]) for page in whole.pages))
    told: list[tuple[int, int, str]] = []
    made = field_pack_pdf(pack, lambda *step: told.append(step))
    with pdfium.PdfDocument(made.content) as paper:
        count = len(paper)
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)
    assert {total for _, total, _ in told} == {3 * len(pack.pages)}
    assert told[-1][0] == told[-1][1]
    words = [said for _, _, said in told]
    assert sum(said.startswith("正在准备第") for said in words) == len(pack.pages)
    assert words.count("正在排版") == count
    assert sum(said.startswith("正在写第") for said in words) == count
    assert made.content == field_pack_pdf(pack).content


def test_the_paper_has_route_hazards_checklist_and_a_code_on_every_page_of_a_visit(services: Services) -> None:
    first = services.field_packs.route(TODAY)[0]
    builders.a_hazard(services.store, first.enterprise_id, description="消防通道堵塞𠮷")
    whole = services.field_packs.make(TODAY, services.field_packs.route(TODAY), "张三")
    pack = replace(whole, pages=tuple(replace(page, items=page.items[:9]) for page in whole.pages))
    made = field_pack_pdf(pack)

    with pdfium.PdfDocument(made.content) as paper:
        texts = [page.get_textpage().get_text_range() for page in paper]
    assert "13800001234" in texts[0]
    assert all(page.shown_code in texts[0] for page in pack.pages)
    for page in pack.pages:
        own = [text for text in texts[1:] if page.shown_code in text]
        assert len(own) >= 2
        assert all(page.enterprise in text for text in own)
        assert any("检查人员" in text for text in own)
        # The end of one visit never bears the code of the next.
        assert not any(other.shown_code in text for text in own for other in pack.pages if other is not page)
    assert "消防通道堵塞" in "".join(texts)
    assert f"第 1 页，共 {len(texts)} 页" in texts[0]


def test_the_qr_code_holds_the_code_as_it_is_typed(pack: FieldPack) -> None:
    page = pack.pages[0]
    widget = code_widget(page)
    assert widget.value == page.shown_code
    assert read_code(widget.value) == page.code


def test_the_phone_page_asks_nothing_of_a_network_and_no_name_breaks_out(services: Services) -> None:
    firm = builders.an_enterprise(services.store, "</script><script>alert(1)</script>厂")
    builders.a_plan_item(services.store, firm, planned_on=TODAY)
    pack = services.field_packs.make(TODAY, services.field_packs.route(TODAY))
    page = phone_page(pack).decode("utf-8")

    assert "default-src 'none'" in page
    assert "http://" not in page
    assert "https://" not in page
    assert "alert(1)" in page
    assert page.count("<script") == 2
    data = page.partition('id="pack">')[2].partition("</script>")[0]
    assert [each["enterprise"] for each in json.loads(data)["pages"]] == [each.enterprise for each in pack.pages]


# ---- reading back ------------------------------------------------------------------------------------------


def test_what_the_phone_brings_lands_in_the_visit_and_one_undo_takes_it_back(
    services: Services, pack: FieldPack, tmp_path: Path
) -> None:
    schema().validate(filled(pack))
    path = a_file(tmp_path / "现场结果-1.json", filled(pack))
    before = builders.content(services.store)
    plan = services.field_packs.plan(path)
    told = plan.sheets[0]
    assert (told.enterprise, told.answers, told.findings, told.pictures, told.has_words) == (
        pack.pages[0].enterprise, 2, 1, 2, True
    )  # fmt: skip
    assert builders.content(services.store) == before

    outcome = services.field_packs.apply(plan)

    assert (outcome.sheets, outcome.answers, outcome.findings, outcome.pictures, outcome.unreadable) == (1, 2, 1, 2, 0)
    visit = visit_of(services, pack)
    answers = {row.code: (row.answer, row.note) for row in services.checklists.answers(visit)}
    assert answers[pack.pages[0].items[1].code] == (Answer.BAD, "无台账")
    detail = services.inspections.detail(visit)
    assert (detail.draft.site_record, detail.draft.unit_person) == ("现场有两名工人作业", "王厂长")
    assert detail.draft.signature is None  # a finger on a phone is not the signature of the record
    hazard = services.hazards.rows(detail.hazard_ids)[0]
    assert (hazard.description, hazard.location, hazard.found_on, hazard.cleared_on) == (
        "配电箱未关", "一车间", TODAY, TODAY
    )  # fmt: skip
    assert [photo.role for photo in services.photos.of(PhotoSubject(PhotoOwner.HAZARD, hazard.id))] == [
        PhotoRole.BEFORE
    ]
    assert [photo.role for photo in services.photos.of(PhotoSubject(PhotoOwner.INSPECTION, visit))] == [PhotoRole.SCAN]
    # What was sent goes into every backup: without it a later file could not be told from the clerk's own changes.
    with services.store.read() as session:
        sent = set(session.scalars(select(FieldReturn.sha256)))
        assert sent <= set(session.scalars(select(Attachment.sha256)))
    services.store.undo()
    assert builders.content(services.store) == before


def test_the_same_file_again_brings_nothing(services: Services, pack: FieldPack, tmp_path: Path) -> None:
    path = a_file(tmp_path / "一.json", filled(pack))
    services.field_packs.apply(services.field_packs.plan(path))
    before = builders.content(services.store)
    again = services.field_packs.plan(a_file(tmp_path / "二.json", filled(pack)))
    assert (again.brings, again.sheets[0].is_known) == (False, True)
    services.field_packs.apply(again)
    assert builders.content(services.store) == before


def test_a_later_file_adds_only_what_is_new(services: Services, pack: FieldPack, tmp_path: Path) -> None:
    services.field_packs.apply(services.field_packs.plan(a_file(tmp_path / "一.json", filled(pack))))
    page, picture, name, more = pack.pages[0], a_picture(), a_picture(200), a_picture(150)
    first, second, third = (page.items[place].code for place in range(3))
    later = a_sheet(
        page,
        saved_at="2026-03-02T11:30:00",
        answers={
            first: {"answer": "bad", "note": "改判"},
            second: {"answer": "bad", "note": "无台账"},
            third: {"answer": "not_applicable", "note": ""},
        },
        findings=[
            {"key": "F-1", "text": "配电箱未关", "place": "一车间", "cleared": True},
            {"key": "F-2", "text": "灭火器过期", "place": "", "cleared": False},
        ],
        note="现场有两名工人作业，已停机",
        pictures=[shot(picture, "F-1"), shot(more)],
        signature=shot(name),
    )
    plan = services.field_packs.plan(
        a_file(tmp_path / "二.json", a_document(pack, later, pictures=(picture, name, more)))
    )
    told = plan.sheets[0]
    assert (told.answers, told.findings, told.pictures, told.kept) == (2, 1, 1, ())
    services.field_packs.apply(plan)

    visit = visit_of(services, pack)
    detail = services.inspections.detail(visit)
    assert [row.description for row in services.hazards.rows(detail.hazard_ids)] == ["配电箱未关", "灭火器过期"]
    assert detail.draft.site_record == "现场有两名工人作业，已停机"
    answers = {row.code: row.answer for row in services.checklists.answers(visit)}
    assert (answers[first], answers[third]) == (Answer.BAD, Answer.NOT_APPLICABLE)


def test_what_was_changed_in_the_program_since_is_kept(services: Services, pack: FieldPack, tmp_path: Path) -> None:
    visit, page = visit_of(services, pack), pack.pages[0]
    services.checklists.save_answers(visit, {page.items[0].code: (Answer.BAD, "核对后改判")})
    plan = services.field_packs.plan(a_file(tmp_path / "一.json", filled(pack)))
    assert plan.sheets[0].kept == (page.items[0].text,)
    services.field_packs.apply(plan)
    answers = {row.code: (row.answer, row.note) for row in services.checklists.answers(visit)}
    assert answers[page.items[0].code] == (Answer.BAD, "核对后改判")


def test_nothing_goes_into_a_visit_that_was_called_off(services: Services, pack: FieldPack, tmp_path: Path) -> None:
    services.inspections.cancel(visit_of(services, pack), "企业停产")
    plan = services.field_packs.plan(a_file(tmp_path / "一.json", filled(pack)))
    assert "已经取消" in plan.sheets[0].problem
    before = builders.content(services.store)
    assert services.field_packs.apply(plan).sheets == 0
    assert builders.content(services.store) == before


def test_each_fault_of_a_file_has_its_sentence(services: Services, pack: FieldPack, tmp_path: Path) -> None:
    good = filled(pack)
    text = json.dumps(good, ensure_ascii=False)
    cut = tmp_path / "断.json"
    cut.write_text(text[: len(text) // 2], encoding="utf-8")
    assert "没有传完整" in refused(services, cut)
    cut.write_text("这不是", encoding="utf-8")
    assert "不是手机页生成的结果文件" in refused(services, cut)
    cut.write_bytes(b"\xff\xfe\x00PK")
    assert "不是手机页生成的结果文件" in refused(services, cut)
    assert "找不到文件" in refused(services, tmp_path / "没有.json")
    assert "更新版本" in refused(services, a_file(cut, {**good, "version": 2}))
    altered = json.loads(text)
    altered["sheets"][0]["note"] = "现场无人作业"
    assert "被改动过" in refused(services, a_file(cut, altered))
    # Altered by somebody who makes the outer hash anew but has no page: the seal tells.
    assert "被改动过" in refused(
        services, a_file(cut, a_document(pack, altered["sheets"][0]) | {"pictures": good["pictures"]})
    )
    assert "缺 2 张照片" in refused(services, a_file(cut, {**good, "pictures": {}}))
    swapped = dict.fromkeys(good["pictures"], next(iter(good["pictures"].values())))
    assert "被改动过" in refused(services, a_file(cut, {**good, "pictures": swapped}))


def test_a_file_of_another_office_or_of_an_unknown_sheet_is_refused(
    services: Services, pack: FieldPack, tmp_path: Path
) -> None:
    other = a_document(pack, a_sheet(pack.pages[0]), office={"code": "320681103", "name": "吕四港镇安监所"})
    assert "是吕四港镇安监所的现场结果" in refused(services, a_file(tmp_path / "别.json", other))
    services.store.undo()  # the pack was never made
    assert "不在本单位的现场包里" in refused(services, a_file(tmp_path / "一.json", filled(pack)))


def test_what_is_too_large_is_refused_unread(
    services: Services, pack: FieldPack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.exchange.field_result.MAX_BYTES", 1 << 20)
    path = tmp_path / "大.json"
    path.write_bytes(b"{" + b" " * (1 << 20))
    assert "超过 1 MB" in refused(services, path)


def test_strange_content_is_refused_whole(services: Services, pack: FieldPack, tmp_path: Path) -> None:
    strange: list[dict[str, Any]] = [
        {"answers": {"CK": {"answer": "perhaps", "note": ""}}},
        {"answers": {"../x": {"answer": "good", "note": ""}}},
        {"answers": []},
        {"findings": [{"key": "F", "text": " ", "place": "", "cleared": False}]},
        {"findings": [{"key": "F", "text": "x", "place": "", "cleared": "no"}]},
        {"note": 5},
        {"note": "长" * 4001},
        {"saved_at": "昨天"},
        {"pictures": [{"sha256": "xyz", "of": "", "taken_at": AT}]},
    ]
    for more in strange:
        document = a_document(pack, a_sheet(pack.pages[0], **more))
        path = a_file(tmp_path / "怪.json", document)
        assert "看不懂的内容" in refused(services, path), more
        assert not schema().is_valid(document), more


# ---- recusal -----------------------------------------------------------------------------------------------


def test_an_officer_who_must_keep_away_is_warned_of_and_passes_with_a_reason(services: Services) -> None:
    first, second = (builders.an_officer(services.store, name) for name in ("赵六", "钱七"))
    firm = builders.an_enterprise(services.store, "顺达化工")
    entry = services.officers.recuse(RecusalDraft(first, firm, "配偶是该厂股东", date(2026, 1, 1)))
    crew = ((first, OfficerRole.LEAD), (second, OfficerRole.MEMBER))
    draft = InspectionDraft(
        firm, inspected_on=TODAY, officers=crew, approved_by="所长", unit_person="厂长", signature=Signature.SIGNED
    )
    warning = services.inspections.gates(draft)[0]
    assert (warning.gate, warning.is_void) == ("recusal", False)
    assert warning.text == "赵六登记为应当回避（配偶是该厂股东），请改派他人；确需前往的，写明单位负责人的决定。"
    assert "第四十三条" in warning.source
    with pytest.raises(Refused):
        services.inspections.record(draft)
    assert services.inspections.gates(InspectionDraft(firm, inspected_on=TODAY, officers=crew[1:]))[0].gate != "recusal"

    hazard = builders.a_hazard(services.store, firm)
    back = ReinspectionDraft(firm, TODAY, (first, second), (ResultDraft(hazard, "cleared"),))  # type: ignore[arg-type]
    assert [each.gate for each in services.reinspections.gates(back)] == ["recusal"]

    services.officers.end_recusal(entry, date(2026, 2, 28))
    assert services.inspections.gates(draft) == []
    assert services.officers.recusals(enterprise_id=firm)[0].to_on == date(2026, 2, 28)


def test_an_expert_or_a_helper_never_goes_alone(services: Services) -> None:
    helper = builders.an_officer(services.store, "小周", valid_until=None, is_helper=True)
    officer = builders.an_officer(services.store, "孙八")
    firm = builders.an_enterprise(services.store, "顺达化工")
    alone = InspectionDraft(firm, inspected_on=TODAY, experts=(1,), officers=((helper, OfficerRole.HELPER),))
    assert next(each for each in services.inspections.gates(alone) if each.gate == "two_officers").is_void
    beside_one = InspectionDraft(
        firm, inspected_on=TODAY, officers=((officer, OfficerRole.LEAD), (helper, OfficerRole.HELPER))
    )
    assert next(each for each in services.inspections.gates(beside_one) if each.gate == "two_officers").is_void
