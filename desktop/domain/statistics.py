"""Every figure of a year, worked out from plain record rows, so that whoever holds the records can work it out again.

A row is a mapping with the columns of `resources/schemas/records.toml`: dates are ISO text (they compare as text),
numbers are integers, money is 分. What lies after the cut-off is not in the rows. Titles and definitions of the figures
are data (`resources/report/figures.toml`); here are only the counts. Nothing divided by nothing is None, never 100 %.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import Any

Row = Mapping[str, Any]
Records = Mapping[str, Sequence[Row]]

KEY_SHARE_FLOOR = Decimal(80)
"""Per cent of enforcement on key targets that the notice asks for (一、目标任务1)."""

FIELDS = ("sector.hc", "sector.gm", "sector.fw", "sector.other", "none")
"""The three focus fields of the notice, everything else, and enterprises without a sector."""

EXEMPT_ORIGINS = frozenset({"tip", "assigned"})
"""Inspections that the office did not choose: told beside the key-target share, in neither of its parts."""

LAST_YEAR = "last_year"
_TENTH, _HUNDREDTH = Decimal("0.1"), Decimal("0.01")
_FEN_IN_WAN = 1_000_000
_FIFTY_THOUSAND, _HUNDRED_THOUSAND = 5_000_000, 10_000_000


class Unit(StrEnum):
    """How a figure is read: a count, a share in per cent, or money in 万元 (the numerator is 分)."""

    COUNT = "count"
    PERCENT = "percent"
    WAN = "wan"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `rows` are the ids of `table` that were counted, `base` those they are a share of.

    `part` is empty for the whole period, `m04` for April, a sector id for a field, `last_year` for the same period of
    the year before.
    """

    code: str
    part: str
    unit: Unit
    numerator: int
    denominator: int | None = None
    table: str = ""
    rows: tuple[int, ...] = ()
    base: tuple[int, ...] = ()

    @property
    def value(self) -> Decimal | None:
        """The figure as it is printed, shares with one decimal and money with two; None where a share is of nothing."""
        if self.unit is Unit.COUNT:
            return Decimal(self.numerator)
        if self.denominator == 0:
            return None
        factor, step = (Decimal(100), _TENTH) if self.unit is Unit.PERCENT else (Decimal(1) / _FEN_IN_WAN, _HUNDREDTH)
        return (self.numerator * factor / (self.denominator or 1)).quantize(step, ROUND_HALF_UP)

    @property
    def text(self) -> str:
        """The figure in words of digits: `12`, `83.3%`, `2.00`, or `—`."""
        value = self.value
        if value is None:
            return "—"
        return f"{value}%" if self.unit is Unit.PERCENT else f"{value}"


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, both included, as ISO text."""

    first: str
    last: str

    def has(self, on: str | None) -> bool:
        """Whether the day lies inside."""
        return bool(on) and self.first <= str(on) <= self.last

    @classmethod
    def of_year(cls, year: int, cut_off: date) -> "Period":
        """From January 1 to the cut-off."""
        return cls(f"{year}-01-01", min(cut_off.isoformat(), f"{year}-12-31"))

    def year_before(self) -> "Period":
        """The same days of the year before; February 29 becomes 28."""
        year = int(self.first[:4]) - 1
        end = "02-28" if self.last[5:] == "02-29" else self.last[5:]
        return Period(f"{year}{self.first[4:]}", f"{year}-{end}")

    def months(self) -> list[str]:
        """The months begun, `01` to that of the last day."""
        return [f"{month:02d}" for month in range(1, int(self.last[5:7]) + 1)]


def field_of(sector: str | None) -> str:
    """The field a sector counts in; non-coal mines count with 冶金等工贸, as the notice has it."""
    if not sector:
        return "none"
    head = ".".join(sector.split(".")[:2])
    return {"sector.mine": "sector.gm"}.get(head, head if head in FIELDS else "sector.other")


def figures(records: Records, year: int, cut_off: date) -> tuple[Figure, ...]:
    """All figures of a year up to the cut-off."""
    return figures_between(records, Period.of_year(year, cut_off), year)


def figures_between(records: Records, period: Period, year: int) -> tuple[Figure, ...]:
    """Every figure of a period, which lies within `year`."""
    work = _Work(records, period, year)
    return tuple(figure for part in _PARTS for figure in part(work))


def by_key(found: Iterable[Figure]) -> dict[tuple[str, str], Figure]:
    """Figures by code and part."""
    return {(figure.code, figure.part): figure for figure in found}


def ids(rows: Iterable[Row]) -> tuple[int, ...]:
    """The ids of rows, in order."""
    return tuple(sorted(row["id"] for row in rows))


def count(code: str, rows: Collection[Row], table: str, part: str = "") -> Figure:
    """How many rows."""
    return Figure(code, part, Unit.COUNT, len(rows), None, table, ids(rows))


def share(code: str, met: Collection[Row], base: Collection[Row], table: str, part: str = "") -> Figure:
    """Which part of the base was met."""
    return Figure(code, part, Unit.PERCENT, len(met), len(base), table, ids(met), ids(base))


def compared(code: str, now: Figure, before: Figure) -> Figure:
    """This period as a share of the same period last year: 90 % means a tenth less."""
    return Figure(code, "", Unit.PERCENT, now.numerator, before.numerator, now.table, now.rows)


def figure_mark(code: str, part: str) -> str:
    """A short name of a figure, as it marks its number in the Word report: a bookmark holds 40 characters at most."""
    return "_f_" + sha256(f"{code}:{part}".encode()).hexdigest()[:16]


class _Work:
    """The rows of a period, looked up once and used by many figures."""

    def __init__(self, records: Records, period: Period, year: int) -> None:
        self.records = records
        self.period = period
        self.before = period.year_before()
        self.year = year

    def rows(self, table: str) -> Sequence[Row]:
        return self.records.get(table, ())

    @cached_property
    def enterprises(self) -> Mapping[int, Row]:
        return {row["id"]: row for row in self.rows("enterprises")}

    @cached_property
    def due(self) -> Mapping[int, str]:
        """The due date in force of each obligation: the last link of its chain."""
        last: dict[int, tuple[int, str]] = {}
        for row in self.rows("obligation_dues"):
            last[row["obligation_id"]] = max(last.get(row["obligation_id"], (0, "")), (row["sequence"], row["due_on"]))
        return {owner: due for owner, (_, due) in last.items()}

    def inspections(self, period: Period) -> list[Row]:
        return [row for row in self.rows("inspections") if row["status"] == "done" and period.has(row["inspected_on"])]

    def hazards(self, period: Period) -> list[Row]:
        return [row for row in self.rows("hazards") if row["status"] != "void" and period.has(row["found_on"])]

    def cases(self, period: Period) -> list[Row]:
        return [row for row in self.rows("cases") if period.has(case_day(row))]

    def orders(self, period: Period) -> list[Row]:
        return [row for row in self.rows("orders") if row["status"] != "void" and period.has(row["issued_on"])]

    def reinspections(self) -> list[Row]:
        return [row for row in self.rows("reinspections") if self.period.has(row["reinspected_on"])]

    def field(self, row: Row) -> str:
        return field_of(self._enterprise(row).get("sector"))

    def is_key(self, row: Row) -> bool:
        return bool(self._enterprise(row).get("is_key"))

    def _enterprise(self, row: Row) -> Row:
        return self.enterprises.get(row["enterprise_id"], {})

    @cached_property
    def exempt_inspections(self) -> frozenset[int]:
        return frozenset(row["id"] for row in self.rows("inspections") if row["origin"] in EXEMPT_ORIGINS)

    @cached_property
    def orders_inspection(self) -> Mapping[int, int | None]:
        """The inspection that each order came of."""
        return {row["id"]: row["inspection_id"] for row in self.rows("orders")}

    @cached_property
    def overdue(self) -> list[Row]:
        """Obligations open at the cut-off whose legal day had passed."""
        return [
            row
            for row in self.rows("obligations")
            if not row["ended_on"] and self.due.get(row["id"], "9999") < self.period.last
        ]


def case_day(row: Row) -> str:
    """The day a case counts on: when it was filed, or decided where the filing is not known."""
    return row["filed_on"] or row["decided_on"] or ""


def distinct(code: str, rows: Iterable[Row], part: str = "") -> Figure:
    """How many different enterprises the rows are about."""
    found = tuple(sorted({row["enterprise_id"] for row in rows}))
    return Figure(code, part, Unit.COUNT, len(found), None, "enterprises", found)


Maker = Callable[[str, list[Row], str], Figure]


def _spread(work: _Work, code: str, rows: Sequence[Row], day: str, make: Maker) -> Iterator[Figure]:
    """The figure, by month and by field."""
    yield make(code, list(rows), "")
    by_month: dict[str, list[Row]] = {month: [] for month in work.period.months()}
    by_field: dict[str, list[Row]] = {field: [] for field in FIELDS}
    for row in rows:
        by_month[(case_day(row) if day == "case" else row[day])[5:7]].append(row)
        by_field[work.field(row)].append(row)
    for month, found in by_month.items():
        yield make(code, found, f"m{month}")
    for field, found in by_field.items():
        yield make(code, found, field)


def _of(table: str) -> Maker:
    return lambda code, rows, part: count(code, rows, table, part)


def _visits(work: _Work) -> Iterator[Figure]:
    now, before = work.inspections(work.period), work.inspections(work.before)
    yield from _spread(work, "enterprises_inspected", now, "inspected_on", distinct)
    yield distinct("enterprises_inspected", before, LAST_YEAR)
    yield compared("enterprises_inspected_ratio", distinct("", now), distinct("", before))
    yield from _spread(work, "inspections", now, "inspected_on", _of("inspections"))
    yield count("inspections", before, "inspections", LAST_YEAR)
    yield compared("inspections_ratio", count("", now, "inspections"), count("", before, "inspections"))
    met = [row for row in now if row["has_opening_meeting"] and row["has_closing_meeting"]]
    yield share("meetings_rate", met, now, "inspections")
    yield count("expert_inspections", [row for row in now if row["expert_count"]], "inspections")
    yield count("roster", [row for row in work.rows("enterprises") if not row["archived_on"]], "enterprises")
    yield count(
        "roster_key",
        [row for row in work.rows("enterprises") if row["is_key"] and not row["archived_on"]],
        "enterprises",
    )


def _plan(work: _Work) -> Iterator[Figure]:
    done_items = {
        row["plan_item_id"]
        for row in work.rows("inspections")
        if row["status"] == "done" and row["inspected_on"] and row["inspected_on"] <= work.period.last
    }
    items = [row for row in work.rows("plan_items") if row["year"] == work.year and not row["cancelled_on"]]
    done = [row for row in items if row["id"] in done_items]
    yield count("plan_items", items, "plan_items")
    yield count("plan_done", done, "plan_items")
    yield share("plan_completion", done, items, "plan_items")
    for month in range(1, 13):
        base = [row for row in items if row["month"] == month]
        met = [row for row in done if row["month"] == month]
        yield share("plan_completion", met, base, "plan_items", f"m{month:02d}")


def _documents(work: _Work) -> Iterator[Figure]:
    found = _papers(work)
    for table in _PAPERS:
        yield count(f"documents_{table}", [row for name, row in found if name == table], table)
    yield Figure("documents", "", Unit.COUNT, len(found))


_PAPERS = ("inspections", "orders", "reinspections")


def _papers(work: _Work) -> list[tuple[str, Row]]:
    """The enforcement documents of the period: numbered inspection records, orders, numbered re-inspection opinions."""
    found = [("inspections", row) for row in work.inspections(work.period) if row["document_number"]]
    found += [("orders", row) for row in work.orders(work.period)]
    return found + [("reinspections", row) for row in work.reinspections() if row["document_number"]]


def _key_share(work: _Work) -> Iterator[Figure]:
    visits = work.inspections(work.period)
    chosen = [row for row in visits if row["origin"] not in EXEMPT_ORIGINS]
    yield share("share_inspections", [row for row in chosen if work.is_key(row)], chosen, "inspections")
    yield count("share_exempt", [row for row in visits if row["origin"] in EXEMPT_ORIGINS], "inspections")
    papers = [row for name, row in _papers(work) if not _is_exempt(work, name, row)]
    key = sum(work.is_key(row) for row in papers)
    yield Figure("share_documents", "", Unit.PERCENT, key, len(papers))
    cases = work.cases(work.period)
    yield share("share_cases", [row for row in cases if work.is_key(row)], cases, "cases")


def _is_exempt(work: _Work, table: str, row: Row) -> bool:
    """Whether a document came of an inspection that the office did not choose."""
    if table == "reinspections":
        return work.orders_inspection.get(row["order_id"]) in work.exempt_inspections if row["order_id"] else False
    return (row["id"] if table == "inspections" else row["inspection_id"]) in work.exempt_inspections


def _hazards(work: _Work) -> Iterator[Figure]:
    found = work.hazards(work.period)
    yield from _spread(work, "hazards_found", found, "found_on", _of("hazards"))
    yield count("hazards_found", work.hazards(work.before), "hazards", LAST_YEAR)
    cleared = [row for row in found if row["cleared_on"]]
    yield from _spread(work, "hazards_rectified", cleared, "found_on", _of("hazards"))
    yield share("rectification_rate", cleared, found, "hazards")
    for level in ("general", "major"):
        base = [row for row in found if row["level"] == level]
        met = [row for row in cleared if row["level"] == level]
        yield from _spread(work, f"hazards_{level}_found", base, "found_on", _of("hazards"))
        yield count(f"hazards_{level}_rectified", met, "hazards")
        yield share(f"rectification_rate_{level}", met, base, "hazards")
    still = [row for row in work.rows("hazards") if row["status"] != "void" and not row["cleared_on"]]
    yield count("hazards_open", still, "hazards")
    yield count("majors_open", [row for row in still if row["level"] == "major"], "hazards")


def _rectification(work: _Work) -> Iterator[Figure]:
    yield count("orders", work.orders(work.period), "orders")
    rounds = work.reinspections()
    yield count("reinspections", rounds, "reinspections")
    inside = {row["id"] for row in rounds}
    results = [row for row in work.rows("reinspection_results") if row["reinspection_id"] in inside]
    yield count("reinspected_hazards", results, "reinspection_results")
    yield count("reinspections_failed", [row for row in results if row["outcome"] == "failed"], "reinspection_results")
    base = _reinspection_duties(work)
    timely = [row for row in base if row["ended_on"] and row["ended_on"] <= work.due.get(row["id"], "")]
    yield share("timely_reinspection", timely, base, "obligations")
    asked = [row for row in work.rows("extensions") if work.period.has(row["applied_on"])]
    yield count("extensions", asked, "extensions")
    yield count("extensions_granted", [row for row in asked if row["is_granted"]], "extensions")
    raised = [row for row in work.rows("escalations") if work.period.has(row["escalated_on"])]
    yield count("escalations", raised, "escalations")
    yield count("closures_proposed", [row for row in raised if row["kind"] == "closure"], "escalations")


def _reinspection_duties(work: _Work) -> list[Row]:
    """The re-inspections that were to be made: those made in the period, and those that fell due in it and were late."""
    duties = [row for row in work.rows("obligations") if row["kind"] == "reinspect"]
    late = {row["id"] for row in work.overdue if work.period.has(work.due[row["id"]])}
    return [
        row for row in duties if row["id"] in late or (row["end_kind"] == "done" and work.period.has(row["ended_on"]))
    ]


def _lateness(work: _Work) -> Iterator[Figure]:
    yield count("overdue", work.overdue, "obligations")
    for actor in ("agency", "enterprise"):
        yield count(f"overdue_{actor}", [row for row in work.overdue if row["actor"] == actor], "obligations")


def _cases(work: _Work) -> Iterator[Figure]:
    now, before = work.cases(work.period), work.cases(work.before)
    pre, pre_before = _before_accident(now), _before_accident(before)
    yield from _spread(work, "cases", now, "case", _of("cases"))
    yield count("cases", before, "cases", LAST_YEAR)
    yield count("cases_accident", [row for row in now if row["is_accident"]], "cases")
    yield from _spread(work, "cases_pre", pre, "case", _of("cases"))
    yield count("cases_pre", pre_before, "cases", LAST_YEAR)
    yield compared("cases_pre_ratio", count("", pre, "cases"), count("", pre_before, "cases"))
    yield share("cases_pre_share", pre, now, "cases")
    inspected = distinct("", work.inspections(work.period))
    yield Figure("cases_pre_per_inspected", "", Unit.PERCENT, len(pre), inspected.numerator, "cases", ids(pre))
    unfined = [row for row in pre if row["decided_on"] and not row["fine_fen"]]
    yield count("cases_pre_unfined", unfined, "cases")
    bands = (("cases_pre_50k", _FIFTY_THOUSAND, _HUNDRED_THOUSAND), ("cases_pre_100k", _HUNDRED_THOUSAND, None))
    for code, low, high in bands:
        rows = [row for row in pre if low <= (row["fine_fen"] or 0) and (high is None or row["fine_fen"] < high)]
        yield count(code, rows, "cases")


def _before_accident(rows: Iterable[Row]) -> list[Row]:
    """事前立案: cases that no accident gave rise to."""
    return [row for row in rows if not row["is_accident"]]


def _fines(work: _Work) -> Iterator[Figure]:
    now, before = (_fined(work, period) for period in (work.period, work.before))
    pre, pre_before = _before_accident(now), _before_accident(before)
    yield from _spread_fines(work, now)
    yield _money("fines", before, LAST_YEAR)
    yield _money("fines_accident", [row for row in now if row["is_accident"]])
    yield _money("fines_pre", pre)
    yield _money("fines_pre", pre_before, LAST_YEAR)
    yield compared("fines_pre_ratio", _money("", pre), _money("", pre_before))
    total = _money("", now).numerator
    yield Figure("fines_pre_share", "", Unit.PERCENT, _money("", pre).numerator, total, "cases", ids(pre), ids(now))
    yield Figure("fines_pre_average", "", Unit.WAN, _money("", pre).numerator, len(pre), "cases", ids(pre))


def _spread_fines(work: _Work, rows: list[Row]) -> Iterator[Figure]:
    yield from _spread(work, "fines", rows, "decided_on", _money)


def _fined(work: _Work, period: Period) -> list[Row]:
    """Cases with a fine decided in the period."""
    return [row for row in work.rows("cases") if row["fine_fen"] and period.has(row["decided_on"])]


def _money(code: str, rows: Collection[Row], part: str = "") -> Figure:
    return Figure(code, part, Unit.WAN, sum(row["fine_fen"] or 0 for row in rows), None, "cases", ids(rows))


def _afterwards(work: _Work) -> Iterator[Figure]:
    made = [row for row in work.rows("revisits") if work.period.has(row["revisited_on"])]
    yield count("revisits", made, "revisits")
    yield share("revisits_clean", [row for row in made if row["is_clean"]], made, "revisits")
    running = [row for row in work.rows("revisit_programmes") if not row["ended_on"]]
    yield count("revisit_programmes", running, "revisit_programmes")


def _people(work: _Work) -> Iterator[Figure]:
    staff = [row for row in work.rows("officers") if not row["archived_on"] and not row["is_helper"]]
    valid = {
        row["officer_id"]
        for row in work.rows("certificates")
        if row["valid_until"] >= work.period.last and (row["issued_on"] or "") <= work.period.last
    }
    yield count("officers", staff, "officers")
    yield share("officers_certified", [row for row in staff if row["id"] in valid], staff, "officers")


_PARTS: tuple[Callable[[_Work], Iterator[Figure]], ...] = (
    _visits,
    _plan,
    _key_share,
    _documents,
    _hazards,
    _rectification,
    _lateness,
    _cases,
    _fines,
    _afterwards,
    _people,
)


ADDITIVE = frozenset(
    {
        "inspections",
        "hazards_found",
        "hazards_rectified",
        "hazards_general_found",
        "hazards_major_found",
        "cases",
        "cases_pre",
        "fines",
    }
)
"""Figures whose months and whose fields must add up to the whole; distinct enterprises do not."""


def not_adding_up(found: Mapping[tuple[str, str], int]) -> list[str]:
    """The codes whose months or fields do not sum to their total, by their numerators."""
    return [
        code
        for code in sorted(ADDITIVE)
        if any(_sum(found, code, inside) != found.get((code, ""), 0) for inside in (_is_month, _is_field))
    ]


def _sum(found: Mapping[tuple[str, str], int], code: str, inside: Callable[[str], bool]) -> int:
    return sum(number for (name, part), number in found.items() if name == code and inside(part))


def _is_month(part: str) -> bool:
    return part[:1] == "m" and part[1:].isdigit()


def _is_field(part: str) -> bool:
    return part in FIELDS
