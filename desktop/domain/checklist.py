"""The checklist 检查表: its items, which of them an enterprise is asked, their wording on a day, and what follows from a 不符合.

An item is shipped with its source and the days it is in force, or worded by the office from a day on. The version is
taken by the day of the visit; what was not seen in print, or has been overtaken by newer law, says so.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from desktop.domain.hazard import HazardLevel


class Answer(StrEnum):
    """1 符合, 2 不符合, 3 不涉及."""

    GOOD = "good"
    BAD = "bad"
    NOT_APPLICABLE = "not_applicable"


class Certainty(StrEnum):
    """How an item's wording and clauses are known on the day of the visit; all but the first and last want a person's word."""

    VERIFIED = "verified"
    PARTLY = "partly"
    RECALLED = "recalled"
    RECHECK = "recheck"
    """A newer law is in force and its text is not at hand."""
    OLD_LAW = "old_law"
    """The visit was under the 安全生产法 of 2014; the numbers of its articles are taken from a table of correspondence."""
    OFFICE = "office"
    """A named person of the office worded it."""


CERTAIN = frozenset({Certainty.VERIFIED, Certainty.OFFICE})
GENERAL = "通用"
"""The list that every enterprise is asked."""
SAFETY_LAW = "AWSL2021"
SAFETY_LAW_FROM = date(2021, 9, 1)
BLOCKED_SOURCES = frozenset({"HCR2013"})
"""Regulations whose articles may not be cited for acts from their `recheck_from` on, whoever says so: the office must
first write down the article of 危险化学品安全法."""

OPENS_LIST: Mapping[str, tuple[str, ...]] = {
    "sector.hc": ("HC",),
    "sector.gm.yj": ("ME",),
    "sector.gm.ys": ("ME",),
    "sector.gm.jx": ("JX",),
    "sector.fw": ("FP", "FR"),
    "sector.fw.wholesale": ("FP",),
    "sector.fw.retail_long": ("FR",),
    "sector.fw.retail_temp": ("FR",),
    "sector.fw.prod": (),
    "sector.other.ship": ("SH",),
}
"""The lists of a sector, by the nearest sector named here; all other lists are opened by risk attributes."""
NO_VALUES = frozenset({"", "否", "无", "0", "自有", "未评估", "未创建"})
"""Answers to a risk attribute that say it does not apply."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item in one wording. `list_code` is the list it stands in; `from_on` is None for the shipped wording."""

    code: str
    list_code: str
    sector: str
    grp: str
    text: str
    method: str = ""
    basis: str = ""
    clause: str = ""
    is_major: bool = False
    majors: tuple[str, ...] = ()
    basis_ids: tuple[str, ...] = ()
    penalty_ids: tuple[str, ...] = ()
    penalty_link: str = ""
    penalty: str = ""
    source: str = ""
    evidence: str = ""
    certainty: Certainty = Certainty.VERIFIED
    note: str = ""
    in_force_from: date | None = None
    in_force_to: date | None = None
    recheck_from: date | None = None
    from_on: date | None = None
    is_left_out: bool = False
    edited_by: str = ""

    @property
    def is_office(self) -> bool:
        """Resting on what the office wrote, and no longer on what was shipped."""
        return self.certainty is Certainty.OFFICE

    @property
    def rests_on_safety_law(self) -> bool:
        """Whether its articles are numbers of the 安全生产法 as amended in 2021."""
        return any(each.startswith(SAFETY_LAW) for each in (*self.basis_ids, *self.penalty_ids))


@dataclass(frozen=True, slots=True)
class OldNumbers:
    """The numbers of the 安全生产法 of 2014 for those of 2021: articles by statute id, penalty clauses by clause id."""

    articles: Mapping[str, str]
    clauses: Mapping[str, str]


def lists_for(lineage: Sequence[str], attributes: Mapping[str, str], opened_by: Mapping[str, str]) -> frozenset[str]:
    """The codes of the lists that an enterprise is asked: the general one, its sector's, those of its risk attributes.

    `lineage` is its sector and those above, the nearest first; `opened_by` says which list an attribute opens.
    """
    found = {"G"}
    nearest = next((OPENS_LIST[each] for each in lineage if each in OPENS_LIST), ())
    found.update(nearest)
    for attribute, value in attributes.items():
        code = opened_by.get(attribute, "")
        if code and value.strip() not in NO_VALUES:
            found.add(code)
    return frozenset(found)


def version_on(shipped: Item | None, office: Iterable[Item], on: date) -> Item | None:
    """The wording in force on a day: the office's newest begun by then, else the shipped one while it is in force.

    None where the item is left out, is not in force on that day, or not yet there.
    """
    begun = [each for each in office if each.from_on is not None and each.from_on <= on]
    version = max(begun, key=lambda each: each.from_on or date.min) if begun else shipped
    if version is None or version.is_left_out:
        return None
    return version if version.is_office or is_in_force(version, on) else None


def reworded(shipped: Item | None, mine: Item) -> Item:
    """What an office's wording rests on: where it cites what was shipped, the shipped doubts stay with it."""
    if shipped is None:
        return replace(mine, certainty=Certainty.OFFICE)
    if mine.basis != shipped.basis:
        return replace(mine, majors=shipped.majors, certainty=Certainty.OFFICE)
    return replace(
        shipped,
        sector=mine.sector,
        grp=mine.grp,
        text=mine.text,
        method=mine.method,
        clause=mine.clause,
        penalty=shipped.penalty if mine.clause == shipped.clause else "",
        is_major=mine.is_major,
        from_on=mine.from_on,
        is_left_out=mine.is_left_out,
        edited_by=mine.edited_by,
    )


def is_in_force(item: Item, on: date) -> bool:
    """Whether a shipped item can be asked on a day. What rests on the 安全生产法 is asked under its older version, too."""
    if item.in_force_to is not None and on > item.in_force_to:
        return False
    if item.in_force_from is None or on >= item.in_force_from:
        return True
    return any(each.startswith(SAFETY_LAW) for each in item.basis_ids) and item.in_force_from == SAFETY_LAW_FROM


def worded_on(item: Item, on: date, old: OldNumbers) -> Item:
    """The item as it is known on a day: its certainty, and before September 2021 the article numbers of that time."""
    if item.is_office:
        return item
    if item.recheck_from is not None and on >= item.recheck_from:
        return replace(item, certainty=Certainty.RECHECK)
    if item.rests_on_safety_law and on < SAFETY_LAW_FROM:
        return replace(
            item,
            basis=_old_basis(item, old),
            clause="；".join(filter(None, (old.clauses.get(each, "") for each in item.penalty_ids))),
            penalty="",
            certainty=Certainty.OLD_LAW,
        )
    return item


def _old_basis(item: Item, old: OldNumbers) -> str:
    articles = (old.articles.get(each.partition("#")[0], "") for each in item.basis_ids)
    known = [f"《安全生产法》（2014修正）{article}" for article in articles if article]
    return "；".join(known) or "《安全生产法》（2014修正），条号待查"


def is_blocked(item: Item) -> bool:
    """Whether no confirmation helps: the article it cites has been replaced by one that nobody has entered."""
    cited = (*item.basis_ids, *item.penalty_ids)
    return item.certainty is Certainty.RECHECK and any(each.split("-")[0] in BLOCKED_SOURCES for each in cited)


def doubt(item: Item) -> str:
    """Why an item wants a person's word before it goes onto an official form; empty where it does not."""
    match item.certainty:
        case Certainty.VERIFIED | Certainty.OFFICE:
            return ""
        case Certainty.RECHECK if is_blocked(item):
            return f"自{item.recheck_from}起《危险化学品安全法》等新规定施行，原条文不得再引用，请先改写为新条文"
        case Certainty.RECHECK:
            return f"自{item.recheck_from}起有新规定施行，请先核对新条文"
        case Certainty.OLD_LAW:
            return "检查日期在2021年9月1日以前，适用《安全生产法》（2014修正），条号按对照表换算，未见原文"
        case Certainty.PARTLY:
            return "条文只核对了一部分"
        case _:
            return "条文凭记忆录入，未核对原文"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion of a major hazard 重大事故隐患判定标准. `tags` are the sectors and attributes it is for."""

    code: str
    text: str
    regime: str
    industry: str
    source: str
    article: str
    tags: tuple[str, ...]
    certainty: Certainty
    evidence: str = ""
    note: str = ""
    in_force_from: date | None = None
    in_force_to: date | None = None
    recheck_from: date | None = None

    def is_in_force(self, on: date) -> bool:
        """Whether it is judged by on a day."""
        return (self.in_force_from is None or self.in_force_from <= on) and (
            self.in_force_to is None or on <= self.in_force_to
        )


TRADE = "工贸"
TRADE_SECTOR = "sector.gm"


def applies(criterion: Criterion, on: date, belongs: Collection[str]) -> bool:
    """Whether a criterion can be met on a day by an enterprise that `belongs` to these sectors and has these attributes."""
    if not criterion.is_in_force(on):
        return False
    if criterion.tags:
        return bool(set(criterion.tags) & set(belongs))
    return criterion.regime != TRADE or TRADE_SECTOR in belongs


def suggested_level(majors: Collection[str], met: Collection[str]) -> HazardLevel:
    """重大 where one of the linked criteria can be met. It is a suggestion: the inspector must judge."""
    return HazardLevel.MAJOR if set(majors) & set(met) else HazardLevel.GENERAL


_NOT = {"符合": "不符合", "具备": "不具备", "齐全": "不齐全", "存在": "存在", "超过": "超过", "擅自": "擅自"}
_AGAINST = "对照检查是否存在："
_UN = frozenset(
    re.findall(
        r"\S+",
        """
    设置 建立 配备 定期 制定 取得 按规 经常 辨识 持证 组织 安排 进行 如实 及时 办理 落实 按照
    采取 签订 开展 执行 备案 审批 告知 履行 按要 纳入 载明 参加 安装 提供 查验 登记 明确 达到
    每年 每季 报应 经考 经安
""",
    )
)


def finding_words(text: str) -> str:
    """What a 不符合 says, made from the question: 是否建立台账 → 未建立台账. Where that cannot be told, the question is quoted."""
    question = text.strip().rstrip("。？?")
    if question.startswith(_AGAINST):
        return question.removeprefix(_AGAINST)
    if "后上岗" not in question and question.count("是否") + question.count("有无") == 1:
        before, mark, after = question.partition("是否" if "是否" in question else "有无")
        verb = after[:2]
        if mark == "有无":
            return f"{before}有{after}"
        if verb in _NOT:
            return f"{before}{_NOT[verb]}{after[2:]}"
        if verb in _UN:
            return f"{before}未{after}"
    return f"不符合检查项“{question}”的要求"


SENTENCES: dict[str, str] = {
    "checklist_cancelled": "这次检查已经取消，不能再填检查表，请另外安排一次检查。",
    "checklist_code_unknown": "检查表里没有编号为“{codes}”的检查项，请核对编号，或者先在资料库里新增。",
    "checklist_is_hazard": "“{text}”已经登记为隐患，不能改成别的答案；如果登记错了，请先在隐患整改里作废那条隐患。",
    "checklist_not_recorded": "这次检查还没有登记，请先登记检查，不符合项会随检查记录一起登记为隐患。",
    "checklist_not_left_out": "这一项没有停用，不用恢复。",
    "checklist_is_verified": "这一项的条文已核对过原文，不需要另行确认。",
    "checklist_blocked": "自{day}起新法施行，这一项引用的旧条文不能再用于执法文书，确认也不行；请修改这一项，填写新的条文。",
    "checklist_unconfirmed": "检查表里有 {count} 项条文待法制人员确认，还不能签发：{said}。"
    "请到资料库的检查表里逐项确认，或者改写为新条文后在检查表窗口里换用。",
    "phrase_known": "已经有一条一样的常用语。",
    "phrase_too_long": "常用语最多 {most} 个字，请删短一些再存。",
}
