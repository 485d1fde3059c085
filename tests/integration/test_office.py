"""The office on a real file: set up, its powers by date, its settings and yearly report."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from builders import content
from roster_services import Roster, opened

from desktop.domain.errors import Invalid, Refused
from desktop.domain.obligation_kind import ObligationKind
from desktop.domain.order import OfficeMode
from desktop.services.office import OfficeDraft, PowerDraft

TOWN = OfficeDraft("惠萍镇", "320681102", "启东市", "启东市应急管理局", prefix="苏启")
DELEGATED = PowerDraft(OfficeMode.DELEGATED, date(2024, 1, 1), None, "委托书〔2024〕1号", "检查、责令整改")


@pytest.fixture
def roster(tmp_path: Path) -> Iterator[Roster]:
    with opened(tmp_path) as found:
        yield found


@pytest.fixture
def office(roster: Roster) -> Roster:
    roster.offices.establish(TOWN, DELEGATED)
    return roster


def reports(roster: Roster) -> list[tuple[str, date, date]]:
    found = [item for item in roster.obligations.due() if item.kind is ObligationKind.REPORT]
    return [(item.title, item.due_on, item.plan_on) for item in found]


def test_an_office_is_set_up_once_with_its_yearly_reports(roster: Roster) -> None:
    assert not roster.offices.exists()
    with pytest.raises(Refused) as caught:
        roster.offices.detail()
    assert caught.value.code == "no_office"
    roster.offices.establish(TOWN, DELEGATED)
    detail = roster.offices.detail()
    assert (detail.draft, detail.short_name, detail.mode) == (TOWN, "惠萍", OfficeMode.DELEGATED)
    # 2026-12-25 is a Friday; 2027-12-25 a Saturday, so the reminder comes the day before.
    assert reports(roster) == [
        ("报送 2026 年度执法工作总结", date(2026, 12, 25), date(2026, 12, 25)),
        ("报送 2027 年度执法工作总结", date(2027, 12, 25), date(2027, 12, 24)),
    ]
    with pytest.raises(Refused):
        roster.offices.establish(TOWN)
    roster.store.undo()
    assert not roster.offices.exists()
    assert reports(roster) == []


def test_standing_duties_are_listed_once_and_next_year_in_its_turn(office: Roster) -> None:
    before = office.store.head_hash()
    assert office.offices.ensure_standing() == 0
    assert office.store.head_hash() == before
    office.day.on = date(2027, 1, 4)
    assert office.offices.ensure_standing() == 1
    assert office.offices.ensure_standing() == 0
    assert [due for _, due, _ in reports(office)] == [date(year, 12, 25) for year in (2026, 2027, 2028)]


def test_before_the_notice_there_was_no_report(roster: Roster) -> None:
    roster.day.on = date(2019, 6, 1)
    roster.offices.establish(TOWN)
    assert [title for title, _, _ in reports(roster)] == ["报送 2020 年度执法工作总结"]


@pytest.mark.parametrize(
    ("draft", "problems"),
    [
        (OfficeDraft(" ", "320681102"), {"name": "missing"}),
        (OfficeDraft("惠萍镇", "32068"), {"code": "office_code"}),
        (OfficeDraft("惠萍镇", "32068110X"), {"code": "office_code"}),
    ],
)
def test_an_office_is_checked(roster: Roster, draft: OfficeDraft, problems: dict[str, str]) -> None:
    with pytest.raises(Invalid) as caught:
        roster.offices.establish(draft)
    assert caught.value.problems == problems


def test_a_change_of_the_office_can_be_undone(office: Roster) -> None:
    office.offices.change(OfficeDraft("汇龙镇", "320681100", prefix="苏启"))
    assert office.offices.detail().name == "汇龙镇"
    office.store.undo()
    assert office.offices.detail().draft == TOWN


# ---- in whose name -----------------------------------------------------------------------------------------------


def test_the_mode_follows_the_day(office: Roster) -> None:
    office.offices.change_mode(PowerDraft(OfficeMode.EMPOWERED, date(2026, 3, 1), date(2026, 9, 30)))
    modes = [
        (date(2023, 12, 31), OfficeMode.NEITHER),
        (date(2024, 1, 1), OfficeMode.DELEGATED),
        (date(2026, 2, 28), OfficeMode.DELEGATED),
        (date(2026, 3, 1), OfficeMode.EMPOWERED),
        (date(2026, 9, 30), OfficeMode.EMPOWERED),
        (date(2026, 10, 1), OfficeMode.NEITHER),
    ]
    assert [(on, office.offices.mode_on(on)) for on, _ in modes] == modes
    assert [(row.from_on, row.to_on) for row in office.offices.powers()] == [
        (date(2026, 3, 1), date(2026, 9, 30)), (date(2024, 1, 1), date(2026, 2, 28))
    ]  # fmt: skip
    office.store.undo()
    assert office.offices.mode_on(date(2026, 10, 1)) is OfficeMode.DELEGATED


def test_periods_never_overlap(office: Roster) -> None:
    office.offices.change_mode(PowerDraft(OfficeMode.EMPOWERED, date(2026, 3, 1)))
    before = content(office.store)
    for draft in (
        PowerDraft(OfficeMode.NEITHER, date(2025, 6, 1), date(2026, 3, 1)),
        PowerDraft(OfficeMode.NEITHER, date(2023, 1, 1)),
        PowerDraft(OfficeMode.NEITHER, date(2026, 3, 1)),
    ):
        with pytest.raises(Invalid) as caught:
            office.offices.change_mode(draft)
        assert caught.value.problems == {"from_on": "power_overlaps"}
    assert content(office.store) == before
    office.offices.change_mode(PowerDraft(OfficeMode.NEITHER, date(2023, 1, 1), date(2023, 12, 31)))
    assert office.offices.mode_on(date(2023, 5, 1)) is OfficeMode.NEITHER


def test_a_period_is_corrected_in_place(office: Roster) -> None:
    number = office.offices.powers()[0].id
    office.offices.correct_mode(number, PowerDraft(OfficeMode.DELEGATED, date(2024, 7, 1), date(2026, 12, 31)))
    assert office.offices.mode_on(date(2024, 6, 30)) is OfficeMode.NEITHER
    for draft, problem in (
        (PowerDraft(from_on=None), {"from_on": "missing"}),
        (PowerDraft(from_on=date(2026, 1, 1), to_on=date(2025, 1, 1)), {"to_on": "ends_before_start"}),
    ):
        with pytest.raises(Invalid) as caught:
            office.offices.correct_mode(number, draft)
        assert caught.value.problems == problem


# ---- settings ----------------------------------------------------------------------------------------------------


def test_settings_have_defaults_and_go_back_to_them(office: Roster) -> None:
    assert office.offices.setting("key_share.counting") == "inspections"
    office.offices.set_setting("key_share.counting", "cases")
    office.offices.set_setting("plan.policy", {"visits": {"red": 4}})
    assert office.offices.setting("plan.policy") == {"visits": {"red": 4}}
    office.offices.set_setting("key_share.counting", None)
    assert office.offices.setting("key_share.counting") == "inspections"
    office.store.undo()
    assert office.offices.setting("key_share.counting") == "cases"
    assert office.offices.setting("unheard.of") is None
