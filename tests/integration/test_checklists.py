"""Checklists on a real file: what is asked, frozen, answered, found, reworded, left out and confirmed."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import builders
import pytest
from sqlalchemy import select

from db.models import EnterpriseAttribute, Hazard, InspectionAnswer
from db.store import Store
from desktop.domain.checklist import Answer
from desktop.domain.errors import Invalid, Refused
from desktop.domain.form import RecordKind
from desktop.domain.hazard import HazardLevel, HazardStatus
from desktop.domain.inspection import InspectionStatus, OfficerRole
from desktop.domain.order import OfficeMode
from desktop.services import Services
from desktop.services.checklists import FindingWords, ItemDraft, shipped_items
from desktop.services.clock import Clock
from desktop.services.inspections import InspectionDraft
from desktop.services.office import OfficeDraft, PowerDraft

TODAY = date(2026, 3, 2)
MACHINES = "CK-JX-001"
RECALLED = "CK-DU-001"
HANDLERS = "CK-ME-001"


@pytest.fixture
def services(store: Store, data_folder: Path) -> Services:
    """All services over an empty office on 2 March 2026."""
    return Services(store, data_folder, Clock(lambda: TODAY, lambda: datetime(2026, 3, 2, 9)))


@pytest.fixture
def firm(store: Store) -> int:
    """A machine works with combustible dust."""
    firm = builders.an_enterprise(store, "惠萍镇宏达机械厂", sector="sector.gm.jx")
    with store.write("属性") as session:
        session.add(EnterpriseAttribute(enterprise_id=firm, attribute="attr.dust", value="是"))
    return firm


def a_visit(services: Services, firm: int, **more: object) -> int:
    facts = {"status": InspectionStatus.PLANNED, "inspected_on": None, "planned_on": TODAY, **more}
    return builders.an_inspection(services.store, firm, **facts)


def test_items_follow_the_sector_and_the_risk_attributes(services: Services, firm: int) -> None:
    asked = services.checklists.items_for(firm, TODAY)

    assert {row.sector for row in asked} == {"通用", "机械", "粉尘涉爆"}
    assert [row.sector for row in asked] == sorted(
        (row.sector for row in asked), key=["通用", "粉尘涉爆", "机械"].index
    )
    guards = next(row for row in asked if row.code == MACHINES)
    assert guards.basis == "《安全生产法》第三十六条第一款"
    assert guards.clause == "《安全生产法》第九十九条第（二）项"
    assert guards.doubt == ""
    assert next(row for row in asked if row.code == RECALLED).doubt == "条文凭记忆录入，未核对原文"


def test_the_whole_catalogue_has_its_282_items(services: Services) -> None:
    assert len(shipped_items()) == 282
    asked = services.checklists.items_of((), TODAY)
    assert {row.code for row in asked} < set(shipped_items())
    assert "CK-SH-001" not in {row.code for row in asked}  # ended with the Jiangsu regulation of 2016


def test_the_wording_of_the_day_is_frozen_into_the_visit(services: Services, firm: int) -> None:
    visit = a_visit(services, firm)
    services.checklists.begin(visit)
    before = services.checklists.answers(visit)

    services.checklists.reword(MACHINES, ItemDraft("机械", "机械防护", "冲床是否装光电", TODAY))
    services.checklists.begin(visit)

    assert services.checklists.answers(visit) == before
    asked = {row.code: row.text for row in services.checklists.items_for(firm, TODAY)}
    assert asked[MACHINES] == "冲床是否装光电"


def test_answers_are_kept_in_one_act_and_taken_back_in_one(services: Services, firm: int) -> None:
    visit = a_visit(services, firm)

    services.checklists.save_answers(visit, {MACHINES: (Answer.GOOD, ""), "CK-G-004": (Answer.BAD, " 冲床无护罩 ")})

    kept = {row.code: (row.answer, row.note) for row in services.checklists.answers(visit) if row.answer}
    assert kept == {MACHINES: (Answer.GOOD, ""), "CK-G-004": (Answer.BAD, "冲床无护罩")}
    services.store.undo()
    assert services.checklists.answers(visit) == ()


def test_an_unknown_code_is_refused_and_nothing_is_kept(services: Services, firm: int) -> None:
    visit = a_visit(services, firm)

    with pytest.raises(Refused, match="checklist_code_unknown"):
        services.checklists.save_answers(visit, {MACHINES: (Answer.GOOD, ""), "CK-XX-001": (Answer.GOOD, "")})

    assert not any(row.answer for row in services.checklists.answers(visit))


def test_a_bad_answer_becomes_a_hazard_with_basis_clause_and_level(services: Services, firm: int) -> None:
    visit = a_visit(services, firm)
    services.checklists.save_answers(visit, {MACHINES: (Answer.BAD, ""), "CK-G-036": (Answer.BAD, "2名焊工无证")})
    words = FindingWords("冲床未装光电保护", "冲压车间", None, date(2026, 3, 20))
    services.checklists.describe(visit, MACHINES, words)
    findings = services.checklists.findings(visit)

    crew = tuple((builders.an_officer(services.store, name), OfficerRole.MEMBER) for name in ("王芳", "李强"))
    reasons = dict.fromkeys(("inspection_approval", "unit_signature"), "补录")
    draft = InspectionDraft(firm, inspected_on=TODAY, officers=crew, findings=findings, reasons=reasons)
    services.inspections.record(draft, visit)

    with services.store.read() as session:
        kept = {each.checklist_code: each for each in session.query(Hazard)}
        linked = {each.code: each.hazard_id for each in session.query(InspectionAnswer) if each.hazard_id}
        guards, welders = kept[MACHINES], kept["CK-G-036"]
        assert (guards.description, guards.location) == ("冲床未装光电保护", "冲压车间")
        assert guards.clause == "《安全生产法》第九十九条第（二）项"
        assert guards.basis == "《安全生产法》第三十六条第一款"
        assert guards.level is HazardLevel.GENERAL
        assert welders.level is HazardLevel.MAJOR  # 第三条（二） applies to every trade enterprise
        assert linked == {code: each.id for code, each in kept.items()}
        assert guards.status is HazardStatus.REGISTERED
    assert services.checklists.findings(visit) == ()
    assert services.checklists.proposed_due(list(linked.values())) == {linked[MACHINES]: date(2026, 3, 20)}


def test_what_may_be_major_waits_for_the_inspectors_word(services: Services, firm: int) -> None:
    visit = a_visit(services, firm)
    services.checklists.save_answers(visit, {"CK-G-036": (Answer.BAD, ""), MACHINES: (Answer.BAD, "")})

    assert [row.code for row in services.checklists.undecided(visit)] == ["CK-G-036"]
    services.checklists.describe(visit, "CK-G-036", FindingWords("", "", HazardLevel.GENERAL))

    assert services.checklists.undecided(visit) == ()
    assert {each.level for each in services.checklists.findings(visit)} == {HazardLevel.GENERAL}


def test_a_criterion_of_fireworks_says_nothing_of_a_machine_works(services: Services, firm: int) -> None:
    visit = a_visit(services, firm)

    assert "CK-G-002" not in services.checklists.suggested_levels(visit)  # linked with FW17-18 only
    assert shipped_items()["CK-G-002"].majors == ("FW17-18",)


def test_findings_of_a_recorded_visit_are_registered_at_once(services: Services, firm: int) -> None:
    visit = builders.an_inspection(services.store, firm, inspected_on=TODAY, status=InspectionStatus.DONE)
    services.checklists.save_answers(visit, {MACHINES: (Answer.BAD, "")})

    made = services.checklists.register_findings(visit)

    assert [services.hazards.draft_of(each).checklist_code for each in made] == [MACHINES]
    with pytest.raises(Refused, match="checklist_is_hazard"):
        services.checklists.save_answers(visit, {MACHINES: (Answer.GOOD, "")})


def test_an_open_visit_cannot_register_its_findings_yet(services: Services, firm: int) -> None:
    visit = a_visit(services, firm)
    services.checklists.save_answers(visit, {MACHINES: (Answer.BAD, "")})

    with pytest.raises(Refused, match="checklist_not_recorded"):
        services.checklists.register_findings(visit)


def test_the_office_adds_leaves_out_and_restores_items(services: Services, firm: int) -> None:
    lists = services.checklists
    own = lists.add(ItemDraft("机械", "机械防护", "冲床是否有双手按钮", TODAY, basis="《安全生产法》第三十六条"))
    lists.leave_out(MACHINES, TODAY)

    asked = {row.code: row for row in lists.items_for(firm, TODAY)}
    assert asked[own].confidence == "office"
    assert MACHINES not in asked
    assert next(row for row in lists.library() if row.item.code == MACHINES).item.is_left_out
    assert MACHINES in {row.code for row in lists.items_for(firm, date(2026, 3, 1))}

    lists.restore(MACHINES, TODAY)
    back = {row.code: row for row in lists.items_for(firm, TODAY)}[MACHINES]
    assert back.text == shipped_items()[MACHINES].text
    assert back.confidence == "verified"


def test_an_item_without_words_is_refused(services: Services) -> None:
    with pytest.raises(Invalid) as told:
        services.checklists.add(ItemDraft("", "", " ", TODAY))

    assert told.value.problems == {"sector": "missing", "text": "missing"}


def test_a_named_person_confirms_a_recalled_item(services: Services, firm: int) -> None:
    visit = a_visit(services, firm)
    services.checklists.save_answers(visit, {RECALLED: (Answer.BAD, ""), MACHINES: (Answer.GOOD, "")})
    assert [row.code for row in services.checklists.open_doubts(visit)] == [RECALLED]
    assert "待法制人员确认" in services.checklists.findings(visit)[0].basis

    services.checklists.confirm(RECALLED, "已对照原文", by="李法制")

    assert services.checklists.open_doubts(visit) == ()
    assert services.checklists.findings(visit)[0].basis == "《工贸企业粉尘防爆安全规定》第七条"
    row = next(each for each in services.checklists.library() if each.item.code == RECALLED)
    assert (row.confirmed_by, row.confirmed_on) == ("李法制", TODAY)
    services.checklists.withdraw(RECALLED)
    assert [row.code for row in services.checklists.open_doubts(visit)] == [RECALLED]


def test_what_needs_no_word_takes_none(services: Services) -> None:
    with pytest.raises(Refused, match="checklist_is_verified"):
        services.checklists.confirm(MACHINES)


def test_a_replaced_article_cannot_be_confirmed(store: Store, data_folder: Path) -> None:
    late = Clock(lambda: date(2026, 5, 1), lambda: datetime(2026, 5, 1, 9))
    services = Services(store, data_folder, late)

    with pytest.raises(Refused, match="checklist_blocked"):
        services.checklists.confirm("CK-HC-001")
    services.checklists.confirm("CK-HC-035", by="李法制")  # cites the 安全生产法, which has not changed


def test_a_proposed_deadline_comes_from_the_rule(services: Services) -> None:
    assert services.checklists.suggested_due_on(TODAY) == date(2026, 4, 1)


@pytest.fixture
def town(services: Services) -> None:
    """The office whose papers are issued."""
    draft = OfficeDraft("惠萍镇", "320681115", "启东市", "启东市应急管理局", prefix="苏启")
    services.offices.establish(draft, PowerDraft(OfficeMode.DELEGATED, date(2019, 3, 1), basis="委托书"))


@pytest.mark.usefixtures("town")
def test_the_official_checklist_says_what_was_answered(services: Services, firm: int) -> None:
    visit = a_visit(services, firm)
    services.checklists.save_answers(visit, {MACHINES: (Answer.BAD, "冲床无护罩"), "CK-G-004": (Answer.GOOD, "")})

    values = services.forms.new("inspection_checklist", (RecordKind.INSPECTION, visit)).values

    assert values["rows"] == [
        ["1", shipped_items()["CK-G-004"].text, "符合"],
        ["2", shipped_items()[MACHINES].text, "不符合：冲床无护罩"],
    ]


@pytest.mark.usefixtures("town")
def test_a_doubtful_item_keeps_the_official_checklist_from_being_issued(services: Services, firm: int) -> None:
    visit = a_visit(services, firm)
    services.checklists.save_answers(visit, {RECALLED: (Answer.GOOD, "")})
    draft = services.forms.new("inspection_checklist", (RecordKind.INSPECTION, visit))

    with pytest.raises(Refused, match="checklist_unconfirmed"):
        services.forms.issue(draft)
    services.checklists.confirm(RECALLED, by="李法制")
    reasons = {warning.gate: "补做文书" for warning in services.forms.gates(draft)}
    assert services.forms.issue(replace(draft, reasons=reasons))


def test_a_reworded_item_can_be_taken_into_a_visit_that_was_begun(store: Store, data_folder: Path) -> None:
    day = date(2026, 5, 6)
    services = Services(store, data_folder, Clock(lambda: day, lambda: datetime(2026, 5, 6, 9)))
    firm = builders.an_enterprise(store, "惠萍加油站", sector="sector.hc.station")
    visit = a_visit(services, firm, planned_on=day)
    services.checklists.save_answers(visit, {"CK-HC-001": (Answer.GOOD, "证在有效期内")})
    assert [row.code for row in services.checklists.open_doubts(visit)] == ["CK-HC-001"]

    new = ItemDraft("危险化学品", "许可登记", "是否取得许可证", day, basis="《危险化学品安全法》（条号由法制人员填写）")
    services.checklists.reword("CK-HC-001", new)

    assert services.checklists.take_new_wording(visit) == 1
    row = next(each for each in services.checklists.answers(visit) if each.code == "CK-HC-001")
    assert (row.text, row.answer, row.note) == ("是否取得许可证", Answer.GOOD, "证在有效期内")
    assert services.checklists.open_doubts(visit) == ()


def test_answers_of_the_last_visit_are_taken_over_without_days_and_levels(services: Services, firm: int) -> None:
    last = builders.an_inspection(services.store, firm, inspected_on=date(2026, 2, 2))
    services.checklists.save_answers(last, {MACHINES: (Answer.BAD, "冲床无护罩"), "CK-G-004": (Answer.GOOD, "")})
    services.checklists.describe(
        last, MACHINES, FindingWords("冲床无护罩", "冲压车间", HazardLevel.MAJOR, date(2026, 3, 1))
    )
    visit = a_visit(services, firm)
    services.checklists.save_answers(visit, {"CK-G-004": (Answer.NOT_APPLICABLE, "")})

    assert services.checklists.copy_last(visit) == 1
    rows = {row.code: row for row in services.checklists.answers(visit)}
    guards = rows[MACHINES]
    assert (guards.answer, guards.note, guards.location) == (Answer.BAD, "冲床无护罩", "冲压车间")
    assert (guards.level, guards.due_on, guards.hazard_id) == (None, None, None)
    assert rows["CK-G-004"].answer is Answer.NOT_APPLICABLE


def test_the_sheet_of_a_visit_says_at_once_what_is_said_singly(services: Services, firm: int) -> None:
    last = builders.an_inspection(services.store, firm, inspected_on=date(2026, 2, 2))
    services.checklists.save_answers(last, {MACHINES: (Answer.BAD, "冲床无护罩")})
    visit = builders.an_inspection(services.store, firm, inspected_on=date(2026, 3, 2))
    assert services.checklists.sheet(visit).rows == ()
    services.checklists.save_answers(visit, {"CK-G-004": (Answer.NOT_APPLICABLE, "")})
    sheet = services.checklists.sheet(visit)

    assert sheet.rows == services.checklists.answers(visit)
    assert sheet.criteria == services.checklists.suggested_levels(visit)
    assert sheet.last == services.checklists.last_answers(visit)
    assert [*sheet.last] == [MACHINES]


def test_an_answer_is_read_back_as_it_was_given(services: Services, firm: int) -> None:
    visit = a_visit(services, firm)
    words = FindingWords("冲床无护罩", "冲压车间", HazardLevel.MAJOR, date(2026, 3, 1))
    services.checklists.begin(visit)
    services.checklists.write_down(visit, {MACHINES: Answer.BAD}, {MACHINES: words})
    row = next(each for each in services.checklists.answers(visit) if each.code == MACHINES)

    assert (row.answer, row.note, row.location, row.level, row.due_on) == (
        Answer.BAD,
        "冲床无护罩",
        "冲压车间",
        HazardLevel.MAJOR,
        date(2026, 3, 1),
    )
    assert isinstance(row.is_major, bool)
    with services.store.write("在同一步里") as session:
        record = session.scalars(select(InspectionAnswer).where(InspectionAnswer.code == MACHINES)).one()
        record.note = "改过"
        assert "改过" in [each.note for each in services.checklists.answers(visit)]


def test_a_visit_begun_from_the_plan_is_not_begun_twice(services: Services, firm: int) -> None:
    item = builders.a_plan_item(services.store, firm)
    draft = InspectionDraft(firm, plan_item_id=item, planned_on=TODAY)

    visit = services.checklists.start_visit(draft)

    assert services.checklists.start_visit(draft) == visit
    assert services.checklists.has_begun(visit)
