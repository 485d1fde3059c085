"""Checklists: which lists an enterprise is asked, the wording of a day, doubts, levels, and what a 不符合 says."""

from dataclasses import replace
from datetime import date

import pytest

from desktop.domain.checklist import (
    Certainty,
    Criterion,
    Item,
    OldNumbers,
    applies,
    doubt,
    finding_words,
    is_blocked,
    lists_for,
    reworded,
    suggested_level,
    version_on,
    worded_on,
)
from desktop.domain.hazard import HazardLevel

OLD = OldNumbers({"AWSL2021-036": "第三十三条"}, {"AWSL2021-099-02": "《安全生产法》（2014修正）第九十六条第（二）项"})
GUARDS = Item(
    "CK-JX-001",
    "JX",
    "机械",
    "机械防护",
    "危险部位是否设置防护罩",
    basis="《安全生产法》第三十六条第一款",
    clause="《安全生产法》第九十九条第（二）项",
    basis_ids=("AWSL2021-036#1",),
    penalty_ids=("AWSL2021-099-02",),
    in_force_from=date(2021, 9, 1),
)
CHEMICAL = Item(
    "CK-HC-001",
    "HC",
    "危险化学品",
    "许可登记",
    "是否取得许可证",
    basis="《危险化学品安全管理条例》第十四条第一款",
    basis_ids=("HCR2013-014#1",),
    in_force_from=date(2011, 12, 1),
    recheck_from=date(2026, 5, 1),
)


def office(of: Item, from_on: date, **changed: object) -> Item:
    words = {"basis": of.basis, "clause": of.clause, "text": of.text, **changed}
    return reworded(of, Item(of.code, of.list_code, of.sector, of.grp, from_on=from_on, edited_by="张所", **words))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lineage", "attributes", "wanted"),
    [
        ([], {}, {"G"}),
        (["sector.hc.station", "sector.hc"], {}, {"G", "HC"}),
        (["sector.fw.retail_temp", "sector.fw"], {}, {"G", "FR"}),
        (["sector.fw.prod", "sector.fw"], {}, {"G"}),
        (["sector.gm.jx", "sector.gm"], {"attr.dust": "是", "attr.nh3": "否"}, {"G", "JX", "DU"}),
        (["sector.gm.fz", "sector.gm"], {"attr.mhi": "无"}, {"G"}),
        ([], {"attr.mhi": "四级"}, {"G", "HC"}),
    ],
)
def test_lists_come_from_sector_and_attributes(
    lineage: list[str], attributes: dict[str, str], wanted: set[str]
) -> None:
    opened_by = {"attr.dust": "DU", "attr.nh3": "NH", "attr.mhi": "HC"}

    assert lists_for(lineage, attributes, opened_by) == wanted


def test_the_version_is_that_of_the_day() -> None:
    first = office(GUARDS, date(2026, 3, 1), text="冲床是否设置光电保护")
    gone = replace(office(GUARDS, date(2026, 6, 1)), is_left_out=True)

    assert version_on(GUARDS, [first, gone], date(2026, 2, 28)) is GUARDS
    assert version_on(GUARDS, [gone, first], date(2026, 5, 31)) is first
    assert version_on(GUARDS, [first, gone], date(2026, 6, 1)) is None


def test_an_item_is_asked_only_while_it_is_in_force() -> None:
    assert version_on(CHEMICAL, [], date(2011, 11, 30)) is None
    assert version_on(CHEMICAL, [], date(2011, 12, 1)) is CHEMICAL


def test_before_september_2021_the_older_law_is_cited_and_marked() -> None:
    version = version_on(GUARDS, [], date(2020, 5, 6))
    assert version is not None
    item = worded_on(version, date(2020, 5, 6), OLD)

    assert item.basis == "《安全生产法》（2014修正）第三十三条"
    assert item.clause == "《安全生产法》（2014修正）第九十六条第（二）项"
    assert item.certainty is Certainty.OLD_LAW
    assert "2014" in doubt(item)
    assert worded_on(GUARDS, date(2021, 9, 1), OLD).certainty is Certainty.VERIFIED


def test_an_article_that_newer_law_replaced_is_blocked_until_it_is_rewritten() -> None:
    before, after = worded_on(CHEMICAL, date(2026, 4, 30), OLD), worded_on(CHEMICAL, date(2026, 5, 1), OLD)
    same_article = office(CHEMICAL, date(2026, 5, 2), text="是否有许可证")
    new_article = office(CHEMICAL, date(2026, 5, 2), basis="《危险化学品安全法》第二十条")

    assert not is_blocked(before)
    assert doubt(before) == ""
    assert is_blocked(after)
    assert is_blocked(worded_on(same_article, date(2026, 5, 2), OLD))
    assert not doubt(worded_on(new_article, date(2026, 5, 2), OLD))


def test_rewording_does_not_make_a_recalled_article_certain() -> None:
    recalled = Item("CK-DU-001", "DU", "粉尘涉爆", "制度", "是否建立制度", basis="第七条", certainty=Certainty.RECALLED)

    assert office(recalled, date(2026, 3, 1), text="是否有制度").certainty is Certainty.RECALLED
    assert office(recalled, date(2026, 3, 1), basis="第八条").certainty is Certainty.OFFICE


@pytest.mark.parametrize(
    ("belongs", "on", "level"),
    [
        ({"sector.gm.jx", "sector.gm"}, date(2026, 3, 2), HazardLevel.MAJOR),
        ({"sector.fw"}, date(2026, 3, 2), HazardLevel.GENERAL),
        ({"sector.gm.jx", "sector.gm"}, date(2023, 5, 14), HazardLevel.GENERAL),
    ],
)
def test_major_is_suggested_only_where_the_criterion_applies(belongs: set[str], on: date, level: HazardLevel) -> None:
    trade = Criterion(
        "GM23-03-02", "特种作业人员…", "工贸", "通用", "判定标准", "第三条（二）", (), Certainty.VERIFIED,
        in_force_from=date(2023, 5, 15),
    )  # fmt: skip
    met = [trade.code] if applies(trade, on, belongs) else []

    assert suggested_level(("GM23-03-02",), met) is level


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("是否建立有限空间管理台账", "未建立有限空间管理台账"),
        ("仓库是否符合标准", "仓库不符合标准"),
        ("是否存在违章指挥", "存在违章指挥"),
        ("有无销售非法烟花爆竹", "有销售非法烟花爆竹"),
        ("对照检查是否存在：作业现场积尘严重", "作业现场积尘严重"),
        ("从业人员是否经培训合格后上岗", "不符合检查项“从业人员是否经培训合格后上岗”的要求"),
        ("证是否有效，是否申请延期", "不符合检查项“证是否有效，是否申请延期”的要求"),
        ("是否订立免除事故责任的协议", "不符合检查项“是否订立免除事故责任的协议”的要求"),
    ],
)
def test_what_a_finding_says_is_never_turned_round_by_guessing(question: str, said: str) -> None:
    assert finding_words(question) == said
