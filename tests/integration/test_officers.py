"""Officers and their certificates on a real file, with the duty to renew in time."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from builders import a_plan_item, an_obligation, content
from roster_services import TODAY, Roster, opened

from desktop.domain.deadline import Gate
from desktop.domain.errors import Invalid, Refused
from desktop.domain.inspection import OfficerRole
from desktop.domain.obligation_kind import Actor, ObligationKind, SubjectType
from desktop.domain.officer import (
    CertificateDraft,
    CertificateState,
    CrewMember,
    ExpertDraft,
    OfficerDraft,
    gate_two_officers,
)
from desktop.services.rules import rule_book

FIRST = CertificateDraft("苏0626001", "江苏省人民政府", date(2022, 3, 1), date(2027, 2, 28))
SECOND = CertificateDraft("苏0626001", "江苏省人民政府", date(2026, 11, 20), date(2031, 11, 19))


@pytest.fixture
def roster(tmp_path: Path) -> Iterator[Roster]:
    with opened(tmp_path) as found:
        yield found


def renewals(roster: Roster) -> list[tuple[date, date]]:
    """Due and planning day of each open renewal."""
    return [(item.due_on, item.plan_on) for item in roster.obligations.due() if item.kind is ObligationKind.CERTIFICATE]


def test_a_certificate_opens_the_duty_to_renew_ninety_days_ahead(roster: Roster) -> None:
    number = roster.officers.register(OfficerDraft("李四", "副所长"), FIRST)
    # Ninety days before 2027-02-28 is 2026-11-30, a Monday.
    assert renewals(roster) == [(date(2027, 2, 28), date(2026, 11, 30))]
    item = roster.obligations.due_of((SubjectType.OFFICER, number))[0]
    assert (item.title, item.actor, item.rule, item.officer_id) == (
        "执法证换证：李四", Actor.AGENCY, "officer.cert_renew", number
    )  # fmt: skip


def test_a_new_card_discharges_the_duty_and_opens_the_next(roster: Roster) -> None:
    number = roster.officers.register(OfficerDraft("李四"), FIRST)
    before = content(roster.store)
    roster.officers.add_certificate(number, SECOND)
    assert [due for due, _ in renewals(roster)] == [date(2031, 11, 19)]
    ended = "SELECT end_kind, ended_on, end_reason FROM obligation WHERE ended_on IS NOT NULL"
    assert roster.rows(ended) == [("done", "2026-11-20", "已换证：苏0626001")]
    assert [card.valid_until for card in roster.officers.detail(number).certificates] == [
        date(2031, 11, 19), date(2027, 2, 28)
    ]  # fmt: skip
    roster.store.undo()
    assert content(roster.store) == before


def test_an_old_card_entered_afterwards_changes_nothing_that_is_due(roster: Roster) -> None:
    number = roster.officers.register(OfficerDraft("李四"), SECOND)
    roster.officers.add_certificate(number, FIRST)
    assert [due for due, _ in renewals(roster)] == [date(2031, 11, 19)]
    assert roster.officers.valid_on(number, date(2026, 1, 1)) == "苏0626001"
    assert roster.officers.valid_on(number, date(2021, 1, 1)) is None


def test_a_corrected_expiry_adds_a_link_instead_of_overwriting(roster: Roster) -> None:
    number = roster.officers.register(OfficerDraft("李四"), FIRST)
    card = roster.officers.detail(number).certificates[0]
    roster.officers.change_certificate(card.id, CertificateDraft(FIRST.number, "", FIRST.issued_on, date(2027, 3, 31)))
    obligation = roster.obligations.due_of((SubjectType.OFFICER, number))[0]
    assert [(link.due_on, link.reason) for link in roster.obligations.chain(obligation.id)] == [
        (date(2027, 2, 28), ""), (date(2027, 3, 31), "更正有效期")
    ]  # fmt: skip
    roster.officers.remove_certificate(card.id)
    assert renewals(roster) == []
    roster.store.undo()
    assert [due for due, _ in renewals(roster)] == [date(2027, 3, 31)]


def test_a_helper_has_no_renewal(roster: Roster) -> None:
    number = roster.officers.register(OfficerDraft("李四"), FIRST)
    roster.officers.change(number, OfficerDraft("李四", is_helper=True))
    assert renewals(roster) == []
    assert roster.officers.rows()[0].state is CertificateState.HELPER
    roster.officers.change(number, OfficerDraft("李四"))
    assert len(renewals(roster)) == 1


@pytest.mark.parametrize(
    ("on", "state"),
    [
        (date(2022, 2, 28), CertificateState.NONE),
        (date(2022, 3, 1), CertificateState.VALID),
        (date(2026, 11, 29), CertificateState.VALID),
        (date(2026, 11, 30), CertificateState.EXPIRING),
        (date(2027, 2, 28), CertificateState.EXPIRING),
        (date(2027, 3, 1), CertificateState.EXPIRED),
    ],
)
def test_the_state_of_a_card_on_each_day(roster: Roster, on: date, state: CertificateState) -> None:
    roster.officers.register(OfficerDraft("李四"), FIRST)
    assert roster.officers.rows(on)[0].state is state


def test_choices_put_who_may_act_first_and_say_why_others_may_not(roster: Roster) -> None:
    roster.officers.register(OfficerDraft("王五", is_helper=True))
    roster.officers.register(OfficerDraft("赵六"))
    expired = CertificateDraft("苏0626009", "", date(2019, 1, 1), date(2024, 1, 1))
    roster.officers.register(OfficerDraft("钱七"), expired)
    roster.officers.register(OfficerDraft("李四"), FIRST)
    offered = roster.officers.choices(TODAY)
    assert [(choice.name, choice.may_act) for choice in offered] == [
        ("李四", True), ("赵六", False), ("钱七", False), ("王五", False)
    ]  # fmt: skip
    assert [choice.reason for choice in offered] == [
        "", "当日没有有效的执法证", "执法证已于 2024-01-01 到期", "辅助人员，只能协助"
    ]  # fmt: skip


def test_a_number_belongs_to_one_person(roster: Roster) -> None:
    roster.officers.register(OfficerDraft("李四"), FIRST)
    before = content(roster.store)
    with pytest.raises(Invalid) as caught:
        roster.officers.register(OfficerDraft("钱七"), FIRST)
    assert (caught.value.problems, caught.value.facts) == ({"number": "certificate_of_other"}, {"name": "李四"})
    assert content(roster.store) == before


@pytest.mark.parametrize(
    ("draft", "problems"),
    [
        (CertificateDraft(), {"number": "missing", "valid_until": "missing"}),
        (CertificateDraft("1", "", date(2026, 2, 1), date(2026, 1, 1)), {"valid_until": "expires_before_issue"}),
    ],
)
def test_a_card_must_say_until_when(roster: Roster, draft: CertificateDraft, problems: dict[str, str]) -> None:
    with pytest.raises(Invalid) as caught:
        roster.officers.register(OfficerDraft("李四"), draft)
    assert caught.value.problems == problems
    with pytest.raises(Invalid):
        roster.officers.register(OfficerDraft(" "))
    assert roster.officers.rows() == []


def test_who_has_work_in_hand_is_not_archived(roster: Roster) -> None:
    number = roster.officers.register(OfficerDraft("李四"), FIRST)
    enterprise = roster.an_enterprise()
    item = a_plan_item(roster.store, enterprise, with_duty=False)
    an_obligation(
        roster.store,
        ObligationKind.INSPECT,
        (SubjectType.PLAN_ITEM, item),
        due_on=date(2026, 11, 23),
        officer_id=number,
    )
    row = roster.officers.rows()[0]
    assert (row.planned_count, row.open_count, row.overdue_count) == (1, 2, 1)
    with pytest.raises(Refused) as caught:
        roster.officers.archive([number])
    assert (caught.value.code, caught.value.facts["count"]) == ("officer_has_open_work", 1)
    roster.plans.assign([item], None)
    roster.officers.archive([number])
    assert roster.officers.rows() == []
    assert renewals(roster) == []
    roster.officers.bring_back([number])
    assert len(renewals(roster)) == 1


def test_experts_come_and_go(roster: Roster) -> None:
    number = roster.officers.register_expert(ExpertDraft("周工", "粉尘防爆", "某某院", "13912345678"))
    roster.officers.change_expert(number, ExpertDraft("周工", "粉尘防爆、涂装"))
    assert [(each.name, each.field) for each in roster.officers.experts()] == [("周工", "粉尘防爆、涂装")]
    roster.officers.archive_expert([number])
    assert roster.officers.experts() == []
    roster.store.undo()
    assert len(roster.officers.experts()) == 1
    with pytest.raises(Invalid):
        roster.officers.register_expert(ExpertDraft())


# ---- the gate of two officers ------------------------------------------------------------------------------------

GOOD = CrewMember("李四", OfficerRole.LEAD, CertificateState.VALID)
SOON = CrewMember("赵六", OfficerRole.MEMBER, CertificateState.EXPIRING)
LATE = CrewMember("钱七", OfficerRole.MEMBER, CertificateState.EXPIRED, date(2024, 1, 1))
BARE = CrewMember("孙八", OfficerRole.MEMBER, CertificateState.NONE)
HELPER = CrewMember("王五", OfficerRole.HELPER, CertificateState.HELPER)
POSING = CrewMember("王五", OfficerRole.MEMBER, CertificateState.HELPER)


def gate() -> Gate:
    return rule_book().gates["two_officers"]


@pytest.mark.parametrize(
    ("crew", "texts"),
    [
        ([GOOD, SOON], []),
        ([GOOD, SOON, HELPER], []),
        ([GOOD], ["有效持证的执法人员只有 1 名"]),
        ([], ["有效持证的执法人员只有 0 名"]),
        ([GOOD, HELPER], ["有效持证的执法人员只有 1 名"]),
        ([GOOD, LATE], ["有效持证的执法人员只有 1 名", "钱七的执法证已于 2024-01-01 到期"]),
        ([GOOD, SOON, BARE], ["孙八当日没有有效的执法证"]),
        ([GOOD, SOON, POSING], ["王五是辅助人员"]),
    ],
)
def test_two_certified_officers_are_needed(crew: list[CrewMember], texts: list[str]) -> None:
    found = gate_two_officers(gate(), crew, TODAY)
    assert len(found) == len(texts)
    assert all(warning.text.startswith(text) for warning, text in zip(found, texts, strict=True))
    assert all(
        warning.is_void and warning.gate == "two_officers" and "行政处罚法" in warning.source for warning in found
    )


def test_before_the_law_the_same_is_only_said() -> None:
    assert [warning.is_void for warning in gate_two_officers(gate(), [GOOD], date(2021, 7, 14))] == [False]
    assert [warning.is_void for warning in gate_two_officers(gate(), [GOOD], date(2021, 7, 15))] == [True]
