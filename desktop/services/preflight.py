"""The check before the year-end package is made: what is missing or does not agree, and where to put it right."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from desktop.documents.report import Source, section_titles, unwritten
from desktop.domain.classification import KeyTargets, RiskProfile
from desktop.domain.enterprise import RiskLevel, StandardLevel
from desktop.domain.statistics import KEY_SHARE_FLOOR, Row, not_adding_up
from desktop.services.year_findings import Year


class Severity(StrEnum):
    """An error makes the package wrong or incomplete; a warning wants a look; a note only says."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class PreflightItem:
    """One finding: a sentence, how many, and the page and filters (or record ids) where 去处理 leads."""

    code: str
    severity: Severity
    text: str
    count: int = 1
    page: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rule:
    severity: Severity
    text: str
    page: str
    rows: Callable[[Year], Sequence[Row]]
    filters: Mapping[str, str] = field(default_factory=dict)


def _missing_code(year: Year) -> Sequence[Row]:
    return [row for row in year.records["enterprises"] if not row["uscc"] and not row["archived_on"]]


def _without_sector(year: Year) -> Sequence[Row]:
    return [row for row in year.records["enterprises"] if not row["sector"] and not row["archived_on"]]


def _undated_cases(year: Year) -> Sequence[Row]:
    return [row for row in year.records["cases"] if not row["filed_on"] and not row["decided_on"]]


def _cleared_without_day(year: Year) -> Sequence[Row]:
    return [row for row in year.records["hazards"] if row["status"] == "cleared" and not row["cleared_on"]]


def _unexplained(year: Year) -> Sequence[Row]:
    return [row for row in year.overdue if not year.notes.get(row["id"])]


_RULES: Mapping[str, _Rule] = {
    "overdue_unexplained": _Rule(
        Severity.ERROR,
        "{count} 项逾期未办事项没有说明，请办结，或写明原因。",
        "workbench",
        _unexplained,
        {"due": "overdue"},
    ),
    "hazard_without_deadline": _Rule(
        Severity.ERROR,
        "{count} 条未销号隐患没有整改期限，请下达责令限期整改指令书。",
        "hazards",
        lambda year: year.without_deadline,
        {"due": "none"},
    ),
    "inspection_few_officers": _Rule(
        Severity.ERROR,
        "{count} 次检查持有效执法证的人员不足两人，请核对检查人员和证件有效期。",
        "inspections",
        lambda year: year.understaffed,
    ),
    "cleared_without_day": _Rule(
        Severity.ERROR, "{count} 条已销号隐患没有销号日期，不会计入整改数。", "hazards", _cleared_without_day
    ),
    "case_undated": _Rule(
        Severity.ERROR, "{count} 件案件既没有立案日期也没有决定日期，不会计入统计。", "cases", _undated_cases
    ),
    "officer_expired": _Rule(
        Severity.WARNING,
        "{count} 名在岗执法人员在截止日没有有效执法证。",
        "settings",
        lambda year: year.uncertified,
        {"tab": "officers"},
    ),
    "uscc_missing": _Rule(
        Severity.WARNING,
        "{count} 家企业没有统一社会信用代码，市局汇总时只能按名称和地址比对。",
        "enterprises",
        _missing_code,
        {"code_state": "none"},
    ),
    "sector_missing": _Rule(
        Severity.WARNING,
        "{count} 家企业没有行业领域，会归入“未分行业”，也不能判定是否重点监管。",
        "enterprises",
        _without_sector,
    ),
    "plan_undone": _Rule(
        Severity.WARNING, "{count} 项年度计划没有完成，请补检查或写明取消原因。", "plan", lambda year: year.plan_undone
    ),
    "deadline_provisional": _Rule(
        Severity.WARNING,
        "{count} 个期限所在年度的放假安排还没有公布，日期是暂估的；公布后请导入。",
        "settings",
        lambda year: year.provisional,
        {"tab": "calendar"},
    ),
}


def preflight(year: Year, source: Source, targets: KeyTargets) -> list[PreflightItem]:
    """Everything that deserves a look before export, the gravest first."""
    found = [
        *_office(source),
        *_rows(year),
        *_key_marks(year, targets),
        *_numbers(source),
        *_rules(source),
        *_words(source),
    ]
    order = list(Severity)
    return sorted(found, key=lambda item: order.index(item.severity))


def _office(source: Source) -> Iterator[PreflightItem]:
    for value, name, severity in (
        (source.office, "单位名称", Severity.ERROR),
        (source.county, "所属县级市", Severity.ERROR),
        (source.bureau, "报送的市局名称", Severity.WARNING),
        (source.contact, "联系人", Severity.WARNING),
        (source.phone, "联系电话", Severity.WARNING),
    ):
        if not value:
            text = f"单位资料里还没有{name}。"
            yield PreflightItem("office_incomplete", severity, text, page="settings", filters={"tab": "office"})


def _rows(year: Year) -> Iterator[PreflightItem]:
    for code, rule in _RULES.items():
        rows = rule.rows(year)
        if rows:
            ids = tuple(row["id"] for row in rows)
            yield PreflightItem(
                code, rule.severity, rule.text.format(count=len(rows)), len(rows), rule.page, rule.filters, ids
            )


def _key_marks(year: Year, targets: KeyTargets) -> Iterator[PreflightItem]:
    """The key mark decides the share, so it must be what the criteria say of the recorded attributes."""
    wrong = tuple(
        row["id"]
        for row in year.records["enterprises"]
        if not row["archived_on"] and targets.classify(profile(row)).is_key != row["is_key"]
    )
    if wrong:
        text = f"{len(wrong)} 家企业的重点监管标记与行业领域、风险属性不一致，请打开核对后保存。"
        yield PreflightItem("key_mark", Severity.WARNING, text, len(wrong), "enterprises", ids=wrong)


def profile(row: Row) -> RiskProfile:
    """What classification needs, from a row of the enterprises table."""
    pairs = (pair.partition("=") for pair in row["attributes"].split(";") if pair)
    level = RiskLevel(row["risk_level"]) if row["risk_level"] else None
    standard = StandardLevel(row["standard_level"]) if row["standard_level"] else None
    return RiskProfile(row["sector"] or None, {name: value for name, _, value in pairs}, level, standard)


def _numbers(source: Source) -> Iterator[PreflightItem]:
    wrong = not_adding_up({key: figure.numerator for key, figure in source.figures.items()})
    for code in wrong:
        text = f"“{source.titles[code][0]}”各月或各领域之和不等于合计。"
        yield PreflightItem("figures_sum", Severity.ERROR, text, page="report")
    share = source.figure(f"share_{source.official}")
    if share.value is not None and share.value < KEY_SHARE_FLOOR:
        text = f"重点监管执法量占比 {share.text}，低于 {KEY_SHARE_FLOOR}%，报告会如实写明。"
        yield PreflightItem("share_low", Severity.WARNING, text, page="plan", ids=share.base)


def _rules(source: Source) -> Iterator[PreflightItem]:
    rules = source.findings.unconfirmed_rules
    if rules:
        text = f"{len(rules)} 条时限规则待法制人员确认（{'、'.join(rules[:3])}{'等' if len(rules) > 3 else ''}），报告会注明。"
        yield PreflightItem("rule_unconfirmed", Severity.WARNING, text, len(rules), "settings", {"tab": "rules"})


def _words(source: Source) -> Iterator[PreflightItem]:
    titles = section_titles()
    for section, what in unwritten(source):
        name = titles[section].replace("{next_year}", str(source.year + 1))
        text = f"“{name}”还有一处要人来写：{what}"
        yield PreflightItem("section_to_write", Severity.WARNING, text, page="report", filters={"section": section})
    for section in source.bodies:
        if section in titles:
            name = titles[section].replace("{next_year}", str(source.year + 1))
            text = f"“{name}”用的是本单位改写的文字，其中直接写出的数字不会随记录更新，请核对。"
            yield PreflightItem("section_rewritten", Severity.NOTE, text, page="report", filters={"section": section})
