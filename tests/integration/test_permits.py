"""Permits on a real file: registered, corrected, renewed, archived, each with its obligation."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from builders import content
from roster_services import Roster, opened

from desktop.domain.errors import Invalid, Refused
from desktop.domain.obligation_kind import Actor, ObligationKind, SubjectType
from desktop.domain.permit import PermitDraft, PermitState
from desktop.services.permits import PermitQuery

SAFETY, OPERATOR = "VL-09", "VL-01"


@pytest.fixture
def roster(tmp_path: Path) -> Iterator[Roster]:
    with opened(tmp_path) as found:
        yield found


@pytest.fixture
def enterprise(roster: Roster) -> int:
    return roster.an_enterprise("启东宏达化工厂")


def a_permit(
    enterprise: int, until: date | None = date(2027, 6, 30), kind: str = SAFETY, **more: object
) -> PermitDraft:
    values = {"enterprise_id": enterprise, "kind": kind, "number": "（苏）1", "issued_on": date(2024, 7, 1), **more}
    return PermitDraft(valid_until=until, **values)  # type: ignore[arg-type]


def dues(roster: Roster) -> list[tuple[date, date]]:
    return [(item.due_on, item.plan_on) for item in roster.obligations.due() if item.kind is ObligationKind.PERMIT]


def test_a_permit_is_due_on_its_last_day_and_reminded_as_its_kind_says(roster: Roster, enterprise: int) -> None:
    number = roster.permits.add(a_permit(enterprise))
    # 安全生产许可证: three months ahead; 2027-03-30 is a Tuesday.
    assert dues(roster) == [(date(2027, 6, 30), date(2027, 3, 30))]
    item = roster.obligations.due_of((SubjectType.PERMIT, number))[0]
    assert (item.title, item.actor, item.enterprise_id) == (
        "安全生产许可证换证：启东宏达化工厂",
        Actor.ENTERPRISE,
        enterprise,
    )
    row = roster.permits.detail(number)
    assert (row.kind_label, row.state, row.days_left) == ("安全生产许可证", PermitState.VALID, 218)
    roster.store.undo()
    assert dues(roster) == []
    assert roster.permits.rows() == []


def test_a_certificate_of_a_person_names_the_person(roster: Roster, enterprise: int) -> None:
    number = roster.permits.add(a_permit(enterprise, kind=OPERATOR, person="陈师傅", trade="低压电工作业"))
    assert (
        roster.obligations.due_of((SubjectType.PERMIT, number))[0].title == "特种作业操作证换证：启东宏达化工厂 陈师傅"
    )
    # The catalogue gives no reminder for this kind: sixty days, a default of the program.
    assert roster.permits.detail(number).remind_on == date(2027, 5, 1)


def test_a_paper_without_expiry_has_no_obligation(roster: Roster, enterprise: int) -> None:
    number = roster.permits.add(a_permit(enterprise, None))
    assert dues(roster) == []
    assert roster.permits.detail(number).state is PermitState.OPEN
    roster.permits.change(number, a_permit(enterprise, date(2028, 1, 31)))
    assert [due for due, _ in dues(roster)] == [date(2028, 1, 31)]


def test_a_correction_adds_a_link(roster: Roster, enterprise: int) -> None:
    number = roster.permits.add(a_permit(enterprise))
    before = content(roster.store)
    roster.permits.change(number, a_permit(enterprise, date(2027, 7, 31)))
    obligation = roster.obligations.due_of((SubjectType.PERMIT, number))[0]
    assert [link.due_on for link in roster.obligations.chain(obligation.id)] == [date(2027, 6, 30), date(2027, 7, 31)]
    roster.store.undo()
    assert content(roster.store) == before


def test_a_renewal_keeps_the_old_paper(roster: Roster, enterprise: int) -> None:
    old = roster.permits.add(a_permit(enterprise))
    before = content(roster.store)
    new = roster.permits.renew(
        old, a_permit(enterprise, date(2030, 6, 30), number="（苏）2", issued_on=date(2026, 11, 20))
    )
    assert [row.id for row in roster.permits.rows()] == [new]
    assert [row.id for row in roster.permits.rows(PermitQuery(with_archived=True))] == [old, new]
    assert [due for due, _ in dues(roster)] == [date(2030, 6, 30)]
    assert roster.rows("SELECT end_kind, ended_on FROM obligation WHERE ended_on IS NOT NULL") == [
        ("done", "2026-11-20")
    ]
    with pytest.raises(Refused):
        roster.permits.renew(old, a_permit(enterprise, date(2033, 1, 1)))
    with pytest.raises(Invalid) as caught:
        roster.permits.renew(new, a_permit(enterprise, date(2030, 6, 30)))
    assert caught.value.problems == {"valid_until": "not_later"}
    roster.store.undo()
    assert content(roster.store) == before


def test_archiving_makes_the_obligation_void(roster: Roster, enterprise: int) -> None:
    number = roster.permits.add(a_permit(enterprise))
    roster.permits.archive([number])
    assert (dues(roster), roster.permits.rows()) == ([], [])
    roster.permits.bring_back([number])
    assert len(dues(roster)) == 1


def test_the_permits_of_an_archived_enterprise_fall_silent_and_wake_again(roster: Roster, enterprise: int) -> None:
    roster.permits.add(a_permit(enterprise))
    before = content(roster.store)
    roster.enterprises.archive([enterprise])
    assert (dues(roster), roster.permits.rows()) == ([], [])
    roster.enterprises.bring_back([enterprise])
    assert len(dues(roster)) == 1
    roster.store.undo()
    roster.store.undo()
    assert content(roster.store) == before


def test_expired_and_expiring_are_found(roster: Roster, enterprise: int) -> None:
    expired = roster.permits.add(a_permit(enterprise, date(2026, 11, 23)))
    today = roster.permits.add(a_permit(enterprise, date(2026, 11, 24)))
    soon = roster.permits.add(a_permit(enterprise, date(2027, 2, 24)))
    later = roster.permits.add(a_permit(enterprise, date(2027, 2, 25)))

    def found(*states: PermitState) -> list[int]:
        return [row.id for row in roster.permits.rows(PermitQuery(states=frozenset(states)))]

    assert found(PermitState.EXPIRED) == [expired]
    assert found(PermitState.EXPIRING) == [today, soon]
    assert found(PermitState.VALID) == [later]
    assert found() == [expired, today, soon, later]
    assert [row.id for row in roster.permits.rows(PermitQuery(text="宏达"))] == [expired, today, soon, later]
    assert roster.permits.rows(PermitQuery(text="没有")) == []
    row = roster.lists.rows([enterprise])[0]
    assert (row.expired_permit_count, row.overdue_count) == (1, 1)


@pytest.mark.parametrize(
    ("draft", "problems"),
    [
        (PermitDraft(), {"enterprise": "missing", "kind": "missing"}),
        (PermitDraft(1, "unheard"), {"kind": "choice_unknown"}),
        (
            PermitDraft(1, SAFETY, issued_on=date(2026, 2, 1), valid_until=date(2026, 1, 1)),
            {"valid_until": "expires_before_issue"},
        ),
    ],
)
def test_a_permit_is_checked(roster: Roster, enterprise: int, draft: PermitDraft, problems: dict[str, str]) -> None:
    with pytest.raises(Invalid) as caught:
        roster.permits.add(draft)
    assert caught.value.problems == problems


def test_the_usual_end_is_proposed(roster: Roster) -> None:
    assert roster.permits.kind(SAFETY).usual_end(date(2024, 7, 1)) == date(2027, 6, 30)
    assert roster.permits.kind("other").usual_end(date(2024, 7, 1)) is None


# ---- duties that come round, and duties done once ------------------------------------------------------------------


def a_duty(enterprise: int, kind: str, done_on: date | None = None, until: date | None = None) -> PermitDraft:
    return PermitDraft(enterprise, kind, issued_on=done_on, valid_until=until)


@pytest.mark.parametrize(
    ("kind", "done_on", "due_on"),
    [
        ("VL-16", date(2026, 5, 20), date(2027, 5, 20)),  # 综合或者专项预案演练: every year
        ("VL-17", date(2026, 5, 20), date(2026, 11, 20)),  # 现场处置方案演练: every half-year
        ("VL-15", date(2026, 5, 20), date(2029, 5, 20)),  # 应急预案评估: every three years
        ("VL-26", date(2026, 11, 20), date(2027, 2, 20)),  # 全面检查: every quarter
        ("VL-25", date(2026, 2, 20), date(2027, 3, 31)),  # 风险报告: in the first quarter of each year
        ("VL-22", date(2026, 11, 20), date(2026, 12, 5)),  # 重大危险源备案: 15 days
        ("VL-14", date(2026, 11, 16), date(2026, 12, 14)),  # 预案备案: 20 working days
    ],
)
def test_the_next_day_of_a_duty_is_worked_out_from_its_last_act(
    roster: Roster, enterprise: int, kind: str, done_on: date, due_on: date
) -> None:
    number = roster.permits.add(a_duty(enterprise, kind, done_on))
    assert roster.permits.detail(number).valid_until == due_on
    assert [due for due, _ in dues(roster)] == [due_on]


def test_no_period_is_invented_where_the_catalogue_gives_none(roster: Roster, enterprise: int) -> None:
    roster.permits.add(a_duty(enterprise, "VL-35", date(2026, 5, 20)))
    assert dues(roster) == []


def test_a_drill_held_again_ends_the_old_duty_and_opens_the_next(roster: Roster, enterprise: int) -> None:
    number = roster.permits.add(a_duty(enterprise, "VL-17", date(2026, 5, 20)))
    item = roster.obligations.due_of((SubjectType.PERMIT, number))[0]
    assert (item.title, item.is_overdue) == ("现场处置方案演练：启东宏达化工厂", True)
    roster.permits.renew(number, a_duty(enterprise, "VL-17", date(2026, 11, 23)))
    assert [due for due, _ in dues(roster)] == [date(2027, 5, 23)]
    ended = roster.rows("SELECT end_kind, ended_on, end_reason FROM obligation WHERE ended_on IS NOT NULL")
    assert ended == [("done", "2026-11-23", "已再次办理")]


def test_a_filing_is_done_once(roster: Roster, enterprise: int) -> None:
    number = roster.permits.add(a_duty(enterprise, "VL-14", date(2026, 11, 2)))
    before = content(roster.store)
    with pytest.raises(Invalid):
        roster.permits.finish(number, None)
    roster.permits.finish(number, date(2026, 11, 20), "启应急备〔2026〕12号")
    assert (dues(roster), roster.permits.rows()) == ([], [])
    [row] = roster.permits.rows(PermitQuery(with_archived=True))
    assert row.number == "启应急备〔2026〕12号"
    with pytest.raises(Refused):
        roster.permits.finish(number, date(2026, 11, 21))
    roster.store.undo()
    assert content(roster.store) == before


def test_a_duty_is_not_done_in_the_future(roster: Roster, enterprise: int) -> None:
    with pytest.raises(Invalid) as caught:
        roster.permits.add(a_duty(enterprise, "VL-16", date(2027, 1, 1)))
    assert caught.value.problems == {"issued_on": "date_future"}


def test_where_a_length_comes_from_is_told_with_its_doubt(roster: Roster) -> None:
    told = roster.permits.basis("VL-17", date(2026, 5, 1))
    assert told == "6 个月　每半年至少1次　生产安全事故应急预案管理办法（2019修正）第三十三条"
    assert roster.permits.basis("VL-14", date(2026, 5, 1)).endswith("待法制人员确认")
    assert "待法制人员确认" not in roster.permits.basis("VL-01", date(2026, 5, 1))
    later = roster.permits.basis("VL-01", date(2026, 6, 1))
    assert "该规定只到 2026-05-31 有效" in later
    assert later.endswith("待法制人员确认")
    assert roster.permits.basis("other", date(2026, 5, 1)) == ""
