"""What the roster can be filtered by, with how many each value would give. Counts are asked only when a list opens."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import partial

from desktop.domain.enterprise import EnterpriseStatus, RiskLevel, Size, StandardLevel
from desktop.services import Services
from desktop.services.enterprise_query import NO, UNKNOWN, YES, EnterpriseQuery
from desktop.services.search_text import sort_key
from desktop.ui.widgets.filter_bar import Facet, FilterState, Tick

Counts = Mapping[str, int]

CLAIMS = {
    "is_key": ("重点监管", "重点监管", "非重点"),
    "has_open_hazard": ("有未销号隐患", "有", "没有"),
    "has_overdue": ("有逾期", "有", "没有"),
    "permit_expired": ("证照过期", "有过期", "没有过期"),
    "archived": ("已归档", "已归档", "在册"),
}
CODES: dict[str, tuple[str, type[StrEnum], str]] = {
    "risk_level": ("风险等级", RiskLevel, "未评定"),
    "status": ("状态", EnterpriseStatus, ""),
    "size": ("规模", Size, "未填写"),
    "standard_level": ("标准化", StandardLevel, "未填写"),
}
TITLES = (
    ("is_key", "重点监管"), ("risk_level", "风险等级"), ("sector", "行业"), ("village", "村居"), ("status", "状态"),
    ("size", "规模"), ("standard_level", "标准化"), ("tag", "标签"), ("attribute", "风险属性"),
    ("has_open_hazard", "有未销号隐患"), ("has_overdue", "有逾期"), ("permit_expired", "证照过期"), ("archived", "已归档"),
)  # fmt: skip


def facets(services: Services, asked: Callable[[], EnterpriseQuery]) -> list[Facet]:
    """The facets in their order; `asked` is the query in force, whose other filters the counts respect."""
    return [Facet(key, title, partial(_ticks, services, asked, key)) for key, title in TITLES]


def query_of(state: FilterState, sort: tuple[str, bool]) -> EnterpriseQuery:
    """What the service is asked for a state of the filter bar."""
    return EnterpriseQuery(state.text, {key: frozenset(values) for key, values in state.picked.items()}, sort)


def _ticks(services: Services, asked: Callable[[], EnterpriseQuery], key: str) -> list[Tick]:
    query = asked()
    counts = dict.fromkeys(query.facets.get(key, ()), 0) | services.roster.facet_counts(query, key)
    if key in CLAIMS:
        _, yes, no = CLAIMS[key]
        return [Tick(YES, yes, counts.get(YES, 0)), Tick(NO, no, counts.get(NO, 0))]
    if key in CODES:
        return list(_of_codes(key, counts))
    if key == "sector":
        return list(_of_sectors(services, counts))
    if key == "attribute":
        known = services.catalogue.attributes
        return [Tick(each.id, each.label, counts[each.id]) for each in known.values() if each.id in counts]
    return _of_words(counts)


def _of_codes(key: str, counts: Counts) -> Iterator[Tick]:
    from desktop import text

    _, codes, unknown = CODES[key]
    for code in codes:
        yield Tick(code.value, text.label(code), counts.get(code.value, 0))
    if unknown and UNKNOWN in counts:
        yield Tick(UNKNOWN, unknown, counts[UNKNOWN])


def _of_sectors(services: Services, counts: Counts) -> Iterator[Tick]:
    """A sector counts with all below it, as choosing it lists them."""
    catalogue = services.catalogue
    for sector in catalogue.sectors.values():
        count = sum(counts.get(each, 0) for each in catalogue.with_below(frozenset({sector.id})))
        if count or sector.id in counts:
            yield Tick(sector.id, sector.label, count)
    if UNKNOWN in counts:
        yield Tick(UNKNOWN, "未填写", counts[UNKNOWN])


def _of_words(counts: Counts) -> list[Tick]:
    named: Sequence[str] = sorted((word for word in counts if word), key=sort_key)
    ticks = [Tick(word, word, counts[word]) for word in named]
    return [*ticks, Tick(UNKNOWN, "未填写", counts[UNKNOWN])] if UNKNOWN in counts else ticks
