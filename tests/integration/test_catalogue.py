"""The lists to choose from, as shipped, with the villages and tags of the roster; and saved views."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from roster_services import Roster, opened

from desktop.domain.enterprise import RiskLevel
from desktop.domain.errors import Invalid


@pytest.fixture
def roster(tmp_path: Path) -> Iterator[Roster]:
    with opened(tmp_path) as found:
        yield found


def test_sectors_form_a_tree_with_parents_first(roster: Roster) -> None:
    sectors = roster.catalogue.sectors
    seen: set[str] = set()
    for sector in sectors.values():
        assert not sector.parent or sector.parent in seen
        assert sector.depth == (sectors[sector.parent].depth + 1 if sector.parent else 0)
        seen.add(sector.id)
    assert (sectors["sector.hc.station"].label, sectors["sector.hc.station"].depth) == ("加油站", 1)
    assert sectors["sector.mine.open"].depth == 2
    assert sectors["sector.fw"].is_focus
    assert not sectors["sector.other.construct"].is_focus


def test_a_sector_holds_what_is_below_it(roster: Roster) -> None:
    below = roster.catalogue.with_below(frozenset({"sector.gm"}))
    assert {"sector.gm", "sector.gm.jx", "sector.mine", "sector.mine.tailing"} <= below
    assert "sector.hc" not in below
    assert roster.catalogue.sector_label("sector.gm.jx") == "机械"
    assert roster.catalogue.sector_label(None) == ""


def test_an_enterprise_is_asked_for_the_attributes_of_its_sector(roster: Roster) -> None:
    asked = {each.id for each in roster.catalogue.attributes_for("sector.hc.prod")}
    assert {"attr.key_process", "attr.dust", "attr.confined"} <= asked
    assert "attr.deepcast" not in asked
    assert "attr.deepcast" in {each.id for each in roster.catalogue.attributes_for("sector.gm.jx")}
    assert "attr.key_process" not in {each.id for each in roster.catalogue.attributes_for(None)}


def test_attributes_say_how_they_are_answered(roster: Roster) -> None:
    attributes = roster.catalogue.attributes
    assert attributes["attr.dust"].values == ("是", "否")
    assert attributes["attr.mhi"].values == ("无", "一级", "二级", "三级", "四级")
    assert "硝化工艺" in attributes["attr.key_process"].values
    assert attributes["attr.dust30"].is_derived
    assert not {"attr.staff", "attr.size", "attr.risk_grade", "attr.std_grade"} & set(attributes), "fields of their own"
    choices = roster.catalogue.choices
    assert choices.attributes["attr.mhi"] == frozenset(attributes["attr.mhi"].values)
    assert choices.attributes["attr.key_process"] == frozenset()


def test_grades_stand_gravest_first(roster: Roster) -> None:
    assert list(roster.catalogue.grades) == [RiskLevel.RED, RiskLevel.ORANGE, RiskLevel.YELLOW, RiskLevel.BLUE]
    assert roster.catalogue.grades[RiskLevel.RED].label == "重大风险"


def test_kinds_of_permit_are_papers_with_an_expiry(roster: Roster) -> None:
    kinds = roster.catalogue.permit_kinds
    assert (kinds["VL-01"].label, kinds["VL-01"].months) == ("特种作业操作证", 72)
    assert kinds["VL-09"].remind_on(date(2027, 5, 31)) == date(2027, 2, 28)
    assert list(kinds)[-1] == "other"
    assert not {"VL-07", "VL-19", "VL-29"} & set(kinds), "what is a worker's, the town's or an officer's own"
    assert {kind.id for kind in kinds.values() if kind.is_duty} == {
        "VL-05", "VL-06", "VL-08", "VL-14", "VL-15", "VL-16", "VL-17", "VL-18", "VL-21", "VL-22", "VL-23", "VL-25",
        "VL-26", "VL-27", "VL-28", "VL-35",
    }  # fmt: skip


def test_industries_and_regions_are_listed(roster: Roster) -> None:
    assert roster.catalogue.industries["GB-34"].code == "34"
    assert roster.catalogue.industries["GB-34"].section == "C"
    towns = {region.label: region.code for region in roster.catalogue.regions}
    assert towns["惠萍镇"] == "320681102"
    assert "海门市" not in towns, "a region that is no more is not offered"
    assert len(roster.catalogue.trades) > 50


def test_villages_and_tags_come_from_the_roster(roster: Roster) -> None:
    for village, tags in (("东风村", {"粉尘"}), ("三和村", {"粉尘", "外贸"}), ("三和村", set()), ("", set())):
        roster.an_enterprise(village=village, tags=frozenset(tags))
    assert roster.catalogue.villages() == ["三和村", "东风村"]
    assert roster.catalogue.tags() == ["粉尘", "外贸"]


# ---- saved views -------------------------------------------------------------------------------------------------


def test_views_are_kept_by_page_and_name(roster: Roster) -> None:
    content = {"facets": {"attribute": ["attr.dust"]}, "columns": ["name", "village"], "sort": ["name", False]}
    roster.views.save("enterprises", " 粉尘 涉爆 ", content)
    roster.views.save("hazards", "粉尘 涉爆", {})
    roster.views.save("enterprises", "重点", {"facets": {"is_key": ["yes"]}})
    assert [(view.name, view.content) for view in roster.views.list("enterprises")] == [
        ("粉尘 涉爆", content), ("重点", {"facets": {"is_key": ["yes"]}})
    ]  # fmt: skip


def test_saving_again_replaces_and_undo_brings_back(roster: Roster) -> None:
    first = roster.views.save("enterprises", "重点", {"a": 1})
    assert roster.views.save("enterprises", "重点", {"a": 2}) == first
    roster.views.remove("enterprises", "重点")
    assert roster.views.list("enterprises") == []
    roster.store.undo()
    assert [view.content for view in roster.views.list("enterprises")] == [{"a": 2}]
    roster.store.undo()
    assert [replace(view, id=0).content for view in roster.views.list("enterprises")] == [{"a": 1}]


@pytest.mark.parametrize(("name", "code"), [("  ", "missing"), ("长" * 41, "too_long")])
def test_a_view_needs_a_short_name(roster: Roster, name: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        roster.views.save("enterprises", name, {})
    assert caught.value.problems == {"name": code}
