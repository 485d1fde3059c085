"""The radar counts occasions, not lines of a record, and says by what two findings are the same."""

from datetime import date

import pytest

from desktop.domain.errors import Invalid
from desktop.domain.radar import Finding, RadarPolicy, SameBy, cells

ON = date(2026, 4, 16)
_POLICY = RadarPolicy()


def a_finding(number: int, on: date = date(2026, 3, 2), enterprise: int = 1, **more: str) -> Finding:
    facts = {"village": "三和村", "sector": "dust", "category": "用电安全", **more}
    return Finding(number, enterprise, on, **facts)


def test_one_enterprise_twice_and_several_enterprises_are_told_apart() -> None:
    again = [a_finding(1), a_finding(2, date(2026, 4, 1))]
    spread = [a_finding(3, village="大同村"), a_finding(4, enterprise=2, village="大同村")]
    found = {cell.village: cell for cell in cells([*again, *spread], _POLICY, ON)}
    assert (found["三和村"].repeated_ids, found["三和村"].is_spread) == ((1,), False)
    assert (found["大同村"].repeated_ids, found["大同村"].is_spread) == ((), True)
    assert found["三和村"].hazard_ids == (2, 1)


def test_two_findings_of_one_visit_are_one_occasion() -> None:
    assert cells([a_finding(1), a_finding(2)], _POLICY, ON) == []
    [cell] = cells([a_finding(1), a_finding(2), a_finding(3, enterprise=2)], _POLICY, ON)
    assert (cell.times, len(cell.hazard_ids)) == (2, 3)


@pytest.mark.parametrize("more", [{"village": "大同村"}, {"sector": "fire"}, {"category": "消防疏散"}])
def test_another_village_sector_or_word_is_another_cell(more: dict[str, str]) -> None:
    assert cells([a_finding(1), a_finding(2, enterprise=2, **more)], _POLICY, ON) == []


@pytest.mark.parametrize(
    ("on", "counts"),
    [(date(2025, 4, 16), False), (date(2025, 4, 17), True), (ON, True), (date(2026, 4, 17), False)],
)
def test_the_window_ends_today_and_begins_twelve_months_before(on: date, counts: bool) -> None:
    assert bool(cells([a_finding(1), a_finding(2, on, 2)], _POLICY, ON)) is counts


def test_the_clause_goes_before_the_item_and_the_item_before_the_category() -> None:
    by = {"clause": "A-94", "checklist_code": "CK-1", "category": "用电安全"}
    assert a_finding(1, **by).same == (SameBy.CLAUSE, "A-94")
    assert a_finding(1, **{**by, "clause": " "}).same == (SameBy.CHECKLIST, "CK-1")
    assert a_finding(1, **{**by, "clause": "", "checklist_code": ""}).same == (SameBy.CATEGORY, "用电安全")
    assert a_finding(1, category="").same is None


def test_a_clause_is_not_mixed_with_a_category_of_the_same_word() -> None:
    assert cells([a_finding(1, clause="用电安全"), a_finding(2, enterprise=2)], _POLICY, ON) == []


def test_spaces_in_a_clause_do_not_matter() -> None:
    [cell] = cells([a_finding(1, clause="A 94"), a_finding(2, enterprise=2, clause="A94 ")], _POLICY, ON)
    assert cell.same == "A94"


def test_the_threshold_moves_what_is_shown_and_the_most_come_first() -> None:
    few = [a_finding(number, enterprise=number) for number in (1, 2)]
    many = [a_finding(number, enterprise=number, village="大同村") for number in (3, 4, 5)]
    assert [cell.times for cell in cells([*few, *many], _POLICY, ON)] == [3, 2]
    assert [cell.times for cell in cells([*few, *many], RadarPolicy(times=3), ON)] == [3]


@pytest.mark.parametrize("policy", [RadarPolicy(0), RadarPolicy(61), RadarPolicy(12, 1), RadarPolicy(12, 51)])
def test_a_policy_that_cannot_be_counted_with_is_refused(policy: RadarPolicy) -> None:
    with pytest.raises(Invalid):
        policy.checked()
