"""What follows a finding: urging, proposals and their answers, supervised major hazards; each duty opened and ended."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import builders
import pytest

from db.models import Hazard, Office
from db.store import Store
from desktop.domain.errors import Invalid, Refused
from desktop.domain.hazard import EscalationKind, HazardLevel, HazardStatus
from desktop.domain.obligation_kind import ObligationKind, SubjectType
from desktop.domain.reinspection import ReinspectionOutcome
from desktop.domain.supervision import Readiness
from desktop.domain.urging import UrgingWay
from desktop.services import Services
from desktop.services.clock import Clock
from desktop.services.hazard_story import HazardStories, StoryKind
from desktop.services.hazards import ExtensionDraft, HazardAct, HazardQuery
from desktop.services.obligations import DueQuery
from desktop.services.reinspections import ReinspectionDraft, ResultDraft
from desktop.services.supervisions import SupervisionDraft
from desktop.services.urgings import UrgingDraft

TODAY = date(2026, 4, 16)
NOW = datetime(2026, 4, 16, 9)
CLEARED, FAILED = ReinspectionOutcome.CLEARED, ReinspectionOutcome.FAILED


@dataclass
class Office_:
    """Services over an empty office whose day the test may move."""

    services: Services
    store: Store
    today: date = TODAY

    def hazard(self, **more: object) -> int:
        """A hazard of the first enterprise under an order due on 20 April, found on 2 March."""
        order = builders.an_order(self.store, self.firm, due_on=date(2026, 4, 20))
        found = self.services.hazards.ids(HazardQuery(order_id=order))[0]
        with self.store.write("准备") as session:
            for name, value in more.items():
                setattr(session.get_one(Hazard, found), name, value)
        return found

    def open(self, kind: ObligationKind) -> list[tuple[SubjectType, int, date]]:
        items = self.services.obligations.due(DueQuery(kinds=frozenset({kind})))
        return [(item.subject_type, item.subject_id, item.due_on) for item in items]

    @property
    def firm(self) -> int:
        return 1


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office_]:
    store = builders.an_office(tmp_path / "office")
    with store.write("准备") as session:
        session.add(Office(name="惠萍镇安监所", code="320681102", created_at=NOW))
    builders.an_enterprise(store, "宏达机械厂", contact="王厂长", phone="13800000000", village="三和村")
    builders.an_enterprise(store, "顺发木业", principal="李总", village="大兴村")
    for name in ("陈刚", "李敏"):
        builders.an_officer(store, name)
    made = Office_(None, store)  # type: ignore[arg-type]
    clock = Clock(lambda: made.today, lambda: datetime.combine(made.today, NOW.time()))
    made.services = Services(store, tmp_path / "office", clock)
    yield made
    made.services.close()


def urging(hazard: int, **more: object) -> UrgingDraft:
    draft = UrgingDraft(1, (hazard,), NOW, UrgingWay.PHONE, "王厂长", "13800000000", "话术", "正在整改")
    return replace(draft, **more)  # type: ignore[arg-type]


# ---- urging ------------------------------------------------------------------------------------------------


def test_an_urging_is_kept_and_changes_no_deadline(office: Office_) -> None:
    hazard = office.hazard()
    before = office.open(ObligationKind.RECTIFY)
    office.services.urgings.log(urging(hazard))
    (row,) = office.services.urgings.of_hazard(hazard)
    assert (row.urged_at, row.way, row.person, row.answer, row.urged_by) == (
        NOW, UrgingWay.PHONE, "王厂长", "正在整改", "张三",
    )  # fmt: skip
    assert office.open(ObligationKind.RECTIFY) == before
    listed = office.services.hazards.rows([hazard])[0]
    assert (listed.urged_at, listed.urged_count, listed.age_days) == (NOW, 1, 45)
    assert HazardStories(office.store).story(hazard).entries[-1].kind is StoryKind.URGING
    assert "电话催办" in [entry.title for entry in office.services.enterprises.timeline(1)]
    office.store.undo()
    assert office.services.urgings.of_hazard(hazard) == []


def test_urgings_of_several_enterprises_are_kept_together_or_not_at_all(office: Office_) -> None:
    first = office.hazard()
    other = builders.a_hazard(office.store, 2)
    wrong = urging(other, enterprise_id=1)
    with pytest.raises(Refused, match="urging_other_hazard"):
        office.services.urgings.log_many([urging(first), wrong])
    assert office.services.urgings.of_enterprise(1) == []
    office.services.urgings.log_many([urging(first), urging(other, enterprise_id=2)])
    assert len(office.services.urgings.of_enterprise(2)) == 1


def test_an_urging_says_whom_and_is_no_plan(office: Office_) -> None:
    hazard = office.hazard()
    with pytest.raises(Invalid) as found:
        office.services.urgings.log(urging(hazard, person=" ", urged_at=NOW + timedelta(minutes=1)))
    assert found.value.problems == {"person": "missing", "urged_at": "moment_future"}
    with office.store.write("准备") as session:
        session.get_one(Hazard, hazard).status = HazardStatus.CLEARED
    with pytest.raises(Refused, match="hazard_closed"):
        office.services.urgings.log(urging(hazard))


def test_whom_to_urge_comes_with_the_items_of_each_enterprise(office: Office_) -> None:
    first, second = office.hazard(), office.hazard(location="东车间")
    other = builders.a_hazard(office.store, 2)
    gone = builders.a_hazard(office.store, 2, status=HazardStatus.CLEARED)
    firm, next_firm = office.services.urgings.subjects([first, second, other, gone])
    assert (firm.urge.contact, firm.phone, firm.urge.office) == ("王厂长", "13800000000", "惠萍镇安监所")
    assert [item.days_left for item in firm.urge.items] == [4, 4]
    assert next_firm.hazard_ids == (other,)
    assert next_firm.urge.contact == "李总"
    made = office.services.urgings.log(urging(first, answer=""))
    office.services.urgings.answer(made, "月底前完成")
    assert office.services.urgings.subjects([first])[0].last == office.services.urgings.row(made)


# ---- proposals ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [EscalationKind.SUSPENSION, EscalationKind.CLOSURE])
def test_a_proposal_waits_for_its_answer(office: Office_, kind: EscalationKind) -> None:
    hazard = office.hazard()
    office.today = date(2026, 4, 27)
    office.services.hazards.escalate(hazard, kind, office.today, "逾期未整改")
    (proposal,) = office.services.hazards.escalations(hazard)
    # ten working days after Monday 27 April, with 1-5 May off and Saturday 9 May worked
    assert office.open(ObligationKind.PROPOSE) == [(SubjectType.ESCALATION, proposal.id, date(2026, 5, 13))]
    assert HazardStories(office.store).story(hazard).waiting_escalation_id == proposal.id
    office.today = date(2026, 5, 6)
    office.services.hazards.answer_escalation(proposal.id, office.today, "同意，责令停产停业整顿")
    assert office.open(ObligationKind.PROPOSE) == []
    assert office.services.hazards.escalation(proposal.id).answer == "同意，责令停产停业整顿"
    with pytest.raises(Refused, match="escalation_answered"):
        office.services.hazards.answer_escalation(proposal.id, office.today, "再答")


def test_proposing_closure_before_the_deadline_wants_a_reason(office: Office_) -> None:
    hazard = office.hazard()
    with pytest.raises(Refused, match="gate_reason_needed"):
        office.services.hazards.escalate(hazard, EscalationKind.CLOSURE, TODAY, "整改无望")
    assert office.services.hazards.rows([hazard])[0].status is HazardStatus.ORDERED
    reasons = {"propose_after_expiry": "企业书面表示无力整改"}
    office.services.hazards.escalate(hazard, EscalationKind.CLOSURE, TODAY, "整改无望", reasons)
    assert office.services.hazards.rows([hazard])[0].status is HazardStatus.ESCALATED


def test_several_are_proposed_all_or_none(office: Office_) -> None:
    general, major = office.hazard(), office.hazard(level=HazardLevel.MAJOR)
    with pytest.raises(Refused, match="supervision_only_major"):
        office.services.hazards.escalate_all([major, general], EscalationKind.SUPERVISION, TODAY, "重大")
    assert office.open(ObligationKind.PROPOSE) == []
    office.services.hazards.escalate_all([major, general], EscalationKind.CASE, TODAY, "拒不整改")
    assert len(office.open(ObligationKind.FILE_CASE)) == 2


def test_a_filed_case_answers_its_proposal(office: Office_) -> None:
    hazard = office.hazard()
    office.services.hazards.escalate(hazard, EscalationKind.CASE, TODAY, "拒不整改")
    office.services.hazards.case_filed(hazard, TODAY, "9号")
    (proposal,) = office.services.hazards.escalations(hazard)
    assert (proposal.answered_on, proposal.answer) == (TODAY, "已立案 9号")


def test_a_cleared_hazard_leaves_nothing_to_close(office: Office_) -> None:
    hazard = office.hazard()
    office.today = date(2026, 4, 21)
    office.services.hazards.escalate(hazard, EscalationKind.CLOSURE, office.today, "逾期未整改")
    office.services.reinspections.record(ReinspectionDraft(1, office.today, (1, 2), (ResultDraft(hazard, CLEARED),)))
    assert office.open(ObligationKind.PROPOSE) == []


# ---- clocks ------------------------------------------------------------------------------------------------


def test_the_clock_of_an_early_application_is_not_stopped_by_more_time_or_a_second_one(office: Office_) -> None:
    """A later expiry and a later application both used to put the duty to go back off."""
    hazard = office.hazard()
    (before,) = [due for _, _, due in office.open(ObligationKind.REINSPECT)]
    office.services.hazards.request_reinspection([hazard], date(2026, 4, 10))
    assert [due for _, _, due in office.open(ObligationKind.REINSPECT)] == [min(before, date(2026, 4, 20))]
    office.services.hazards.request_reinspection([hazard], date(2026, 4, 15))
    office.services.hazards.extend([hazard], ExtensionDraft(TODAY, "等配件", date(2026, 5, 20)), "王所", TODAY)
    assert [due for _, _, due in office.open(ObligationKind.REINSPECT)] == [date(2026, 4, 20)]
    assert office.services.hazards.due_on(hazard) == date(2026, 5, 20)


def test_what_was_never_ordered_is_not_reinspected(office: Office_) -> None:
    hazard = builders.a_hazard(office.store, 1)
    with pytest.raises(Refused, match="hazard_has_no_deadline"):
        office.services.reinspections.record(ReinspectionDraft(1, TODAY, (1, 2), (ResultDraft(hazard, CLEARED),)))


# ---- a selection -------------------------------------------------------------------------------------------


def test_a_selection_says_which_lines_an_act_refuses_and_why(office: Office_) -> None:
    ordered = office.hazard()
    fresh = builders.a_hazard(office.store, 1)
    cleared = office.hazard(status=HazardStatus.CLEARED)
    escalated = office.hazard(status=HazardStatus.ESCALATED)
    ids = [ordered, fresh, cleared, escalated]
    told = {
        act: ({*office.services.hazards.fitness(act, ids).fit}, [error.code for _, error in
              office.services.hazards.fitness(act, ids).refused])
        for act in HazardAct
    }  # fmt: skip
    assert told[HazardAct.ORDER] == ({fresh}, ["hazard_ordered_already", "hazard_closed", "hazard_ordered_already"])
    assert told[HazardAct.EXTEND] == ({ordered}, ["hazard_has_no_deadline", "hazard_closed", "hazard_escalated"])
    assert told[HazardAct.REQUEST] == ({ordered}, ["hazard_has_no_deadline", "hazard_closed", "hazard_escalated"])
    assert told[HazardAct.REINSPECT] == ({ordered, escalated}, ["hazard_has_no_deadline", "hazard_closed"])
    assert told[HazardAct.ESCALATE] == ({ordered, escalated}, ["hazard_has_no_deadline", "hazard_closed"])
    assert told[HazardAct.URGE] == ({ordered, fresh, escalated}, ["hazard_closed"])


def test_hazards_are_found_by_officer_and_by_age_and_counted_for_the_filters(office: Office_) -> None:
    hazard = office.hazard()
    visit = builders.an_inspection(office.store, 2)
    with office.store.write("准备") as session:
        from db.models import InspectionOfficer
        from desktop.domain.inspection import OfficerRole

        session.add(InspectionOfficer(inspection_id=visit, officer_id=2, role=OfficerRole.LEAD))
    led = builders.a_hazard(office.store, 2, inspection_id=visit, found_on=date(2026, 1, 5))
    with office.store.write("准备") as session:
        office.services.obligations.assign(session, (SubjectType.HAZARD, hazard), 1)
    hazards = office.services.hazards
    assert hazards.ids(HazardQuery(officers=frozenset({"陈刚"}))) == [hazard]
    assert hazards.ids(HazardQuery(officers=frozenset({"李敏"}))) == [led]
    assert hazards.ids(HazardQuery(sort=("age", True))) == [led, hazard]
    assert hazards.tallies()["officer"] == {"陈刚": 1, "李敏": 1}
    assert hazards.tallies()["village"] == {"三和村": 1, "大兴村": 1}
    assert hazards.ids(HazardQuery(due="today")) == []
    office.today = date(2026, 4, 20)
    assert hazards.ids(HazardQuery(due="today")) == [hazard]


# ---- supervision -------------------------------------------------------------------------------------------


def listing(hazard: int, **more: object) -> SupervisionDraft:
    draft = SupervisionDraft(hazard, "启东市安委办", date(2026, 4, 10), date(2026, 6, 30), "县级", "启安督〔2026〕3号")
    return replace(draft, **more)  # type: ignore[arg-type]


def test_a_supervised_hazard_has_its_deadline_until_it_is_taken_off(office: Office_) -> None:
    hazard = office.hazard(level=HazardLevel.MAJOR)
    supervisions = office.services.supervisions
    made = supervisions.put_up(listing(hazard, measures="更换防爆电机", responsible="王厂长"))
    assert office.open(ObligationKind.SUPERVISE) == [(SubjectType.SUPERVISION, made, date(2026, 6, 30))]
    row = supervisions.row(made)
    assert [each for each, is_lit in row.lights if is_lit] == [Readiness.MEASURES, Readiness.RESPONSIBLE]
    assert row.days_left == 75
    supervisions.change(made, replace(supervisions.draft_of(made), funds="12 万元", published_on=date(2026, 4, 12)))
    assert supervisions.row(made).lit == 3
    supervisions.extend(made, date(2026, 7, 31), "设备到货晚", "李主任")
    assert supervisions.row(made).original_due_on == date(2026, 6, 30)
    assert office.open(ObligationKind.SUPERVISE) == [(SubjectType.SUPERVISION, made, date(2026, 7, 31))]
    with pytest.raises(Refused, match="supervision_not_accepted"):
        supervisions.take_down(made, TODAY)
    with pytest.raises(Refused, match="supervision_standing"):
        supervisions.put_up(listing(hazard))
    office.services.reinspections.record(ReinspectionDraft(1, TODAY, (1, 2), (ResultDraft(hazard, CLEARED),)))
    assert office.open(ObligationKind.SUPERVISE)  # cleared is not taken off yet
    supervisions.take_down(made, TODAY)
    assert office.open(ObligationKind.SUPERVISE) == []
    assert not supervisions.row(made).is_standing
    titles = [entry.title for entry in HazardStories(office.store).story(hazard).entries]
    assert titles[-2:] == ["复查合格，销号", "摘牌"]


def test_an_application_to_resume_is_reviewed_within_ten_days(office: Office_) -> None:
    made = office.services.supervisions.put_up(listing(office.hazard(level=HazardLevel.MAJOR)))
    supervisions = office.services.supervisions
    supervisions.ask_resumption(made, TODAY)
    # ten days after Thursday 16 April is Sunday 26, so Monday
    assert supervisions.row(made).review_due_on == date(2026, 4, 27)
    with pytest.raises(Refused, match="supervision_request_open"):
        supervisions.ask_resumption(made, TODAY)
    supervisions.review(made, TODAY, "联锁没有恢复", is_accepted=False)
    assert supervisions.row(made).review_due_on is None
    assert supervisions.row(made).accepted_on is None
    assert [due for _, _, due in office.open(ObligationKind.SUPERVISE)] == [date(2026, 6, 30)]
    with pytest.raises(Refused, match="supervision_no_request"):
        supervisions.review(made, TODAY, "", is_accepted=True)
    supervisions.ask_resumption(made, TODAY)
    supervisions.review(made, TODAY, "", is_accepted=True)
    supervisions.take_down(made, TODAY)
    assert office.open(ObligationKind.SUPERVISE) == []


def test_taking_off_over_an_application_that_nobody_reviewed_wants_a_reason(office: Office_) -> None:
    hazard = office.hazard(level=HazardLevel.MAJOR)
    supervisions = office.services.supervisions
    made = supervisions.put_up(listing(hazard))
    supervisions.ask_resumption(made, TODAY)
    office.services.reinspections.record(ReinspectionDraft(1, TODAY, (1, 2), (ResultDraft(hazard, CLEARED),)))
    with pytest.raises(Refused, match="gate_reason_needed"):
        supervisions.take_down(made, TODAY)
    supervisions.take_down(made, TODAY, {"resume_approval": "企业已撤回申请"})
    assert office.open(ObligationKind.SUPERVISE) == []


def test_a_proposal_to_list_is_answered_by_the_listing_and_the_duty_to_go_back_stays(office: Office_) -> None:
    hazard = office.hazard(level=HazardLevel.MAJOR)
    office.services.hazards.escalate(hazard, EscalationKind.SUPERVISION, date(2026, 4, 8), "判定为重大")
    assert len(office.open(ObligationKind.REINSPECT)) == 1
    assert len(office.open(ObligationKind.PROPOSE)) == 1
    office.services.supervisions.put_up(listing(hazard))
    assert office.open(ObligationKind.PROPOSE) == []
    assert office.services.hazards.escalations(hazard)[0].answer == "启东市安委办挂牌督办 启安督〔2026〕3号"


def test_a_failed_round_that_is_proposed_for_supervision_ends_its_round(office: Office_) -> None:
    hazard = office.hazard(level=HazardLevel.MAJOR)
    office.today = date(2026, 4, 21)
    failed = ResultDraft(hazard, FAILED, "没有整改", escalation=EscalationKind.SUPERVISION)
    office.services.reinspections.record(ReinspectionDraft(1, office.today, (1, 2), (failed,)))
    assert office.open(ObligationKind.REINSPECT) == []
    assert len(office.open(ObligationKind.PROPOSE)) == 1


def test_a_listing_asks_for_what_it_needs(office: Office_) -> None:
    hazard = office.hazard(level=HazardLevel.MAJOR)
    with pytest.raises(Invalid) as found:
        office.services.supervisions.put_up(listing(hazard, listed_by="", due_on=None))
    assert found.value.problems == {"listed_by": "missing", "due_on": "missing"}
    with pytest.raises(Refused, match="supervision_only_major"):
        office.services.supervisions.put_up(listing(office.hazard()))


def test_a_supervised_hazard_is_not_struck_out(office: Office_) -> None:
    hazard = builders.a_hazard(office.store, 1, level=HazardLevel.MAJOR)
    office.services.supervisions.put_up(listing(hazard))
    with pytest.raises(Refused, match="hazard_supervised"):
        office.services.hazards.void(hazard, "误录")
