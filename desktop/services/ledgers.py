"""The ledgers 台账 of any period, as sheets: what an office prints or sends when somebody asks for one.

The package carries the ledgers of a whole year as of its cut-off; these tell the records as they are now. Phone and
identity numbers are masked, as in every export.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from desktop.documents.sheets import Column, Kind, Sheet, workbook
from desktop.domain.cell import masked, masked_number
from desktop.domain.hazard import HazardStatus
from desktop.domain.inspection import InspectionStatus
from desktop.domain.order import OrderStatus
from desktop.services.hazards import HazardQuery
from desktop.services.inspections import InspectionQuery
from desktop.text import label

if TYPE_CHECKING:
    from desktop.services import Services

DATE, WHOLE, MONEY = Kind.DATE, Kind.WHOLE, Kind.MONEY


class LedgerName(StrEnum):
    """The ledgers that there are."""

    ROSTER = "roster"
    INSPECTIONS = "inspections"
    HAZARDS = "hazards"
    ORDERS = "orders"
    REINSPECTIONS = "reinspections"
    PLAN = "plan"
    OFFICERS = "officers"
    CASES = "cases"
    PERMITS = "permits"


TITLES: Mapping[LedgerName, str] = {
    LedgerName.ROSTER: "企业名册",
    LedgerName.INSPECTIONS: "执法检查台账",
    LedgerName.HAZARDS: "隐患整改台账",
    LedgerName.ORDERS: "责令限期整改指令书台账",
    LedgerName.REINSPECTIONS: "整改复查台账",
    LedgerName.PLAN: "检查计划台账",
    LedgerName.OFFICERS: "执法人员台账",
    LedgerName.CASES: "立案处罚台账",
    LedgerName.PERMITS: "证照台账",
}
AS_OF_NOW = frozenset({LedgerName.ROSTER, LedgerName.OFFICERS, LedgerName.PERMITS})
"""Lists of what there is, not of what was done: the period says only for when the validity is told."""


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, both included."""

    first: date
    last: date

    def has(self, on: date | None) -> bool:
        """Whether the day lies inside."""
        return on is not None and self.first <= on <= self.last


Rows = Iterable[Sequence[Any]]


class Ledgers:
    """Makes a ledger from what the services list."""

    def __init__(self, services: "Services") -> None:
        self._services = services

    def sheet(self, name: LedgerName, first: date, last: date) -> Sheet:
        """The ledger called `name` of the days from `first` to `last`."""
        columns, rows = self._makers[name](self, Period(first, last))
        office = self._services.offices.detail().name
        span = f"截至{last}" if name in AS_OF_NOW else f"{first}至{last}"
        numbered = [(at, *row) for at, row in enumerate(rows, start=1)]
        return Sheet(
            TITLES[name], f"{office}{TITLES[name]}（{span}）", (Column("序号", 6, WHOLE), *columns), numbered, NOTE
        )

    def workbook(self, sheet: Sheet, on: date) -> bytes:
        """The sheet as an .xlsx file."""
        return workbook([sheet], author=self._services.offices.detail().name, on=on)

    def _roster(self, _: Period) -> tuple[Sequence[Column], Rows]:
        columns = (
            Column("企业名称", 30), Column("统一社会信用代码", 21), Column("村社区", 12), Column("地址", 30),
            Column("行业领域", 16), Column("行业类别", 18), Column("风险等级", 9), Column("标准化", 10),
            Column("从业人数", 9, WHOLE), Column("主要负责人", 11), Column("电话", 15), Column("重点监管", 9),
            Column("状态", 8),
        )  # fmt: skip
        roster = self._services.roster
        rows = (
            (row.name, row.uscc or row.legacy_code or "", row.village, row.address, row.sector_label, row.industry,
             word(row.risk_level), word(row.standard_level), row.employees, row.principal or row.legal_person,
             masked(row.phone), yes(row.is_key), label(row.status))
            for row in roster.rows(roster.ids())
        )  # fmt: skip
        return columns, rows

    def _inspections(self, period: Period) -> tuple[Sequence[Column], Rows]:
        columns = (
            Column("企业名称", 30), Column("检查日期", 12, DATE), Column("检查类型", 11), Column("检查由来", 11),
            Column("检查人员", 18), Column("文书号", 24), Column("发现隐患", 9, WHOLE), Column("重大隐患", 9, WHOLE),
            Column("未销号", 8, WHOLE), Column("检查结论", 24),
        )  # fmt: skip
        inspections = self._services.inspections
        query = InspectionQuery(
            statuses=frozenset({InspectionStatus.DONE}),
            first_on=period.first,
            last_on=period.last,
            sort=("inspected_on", False),
        )
        rows = (
            (row.enterprise, row.inspected_on, label(row.kind), label(row.origin), row.officers, row.document_number,
             row.hazards, row.majors, row.open_hazards, masked(row.result))
            for row in inspections.rows(inspections.ids(query)) if period.has(row.inspected_on)
        )  # fmt: skip
        return columns, rows

    def _hazards(self, period: Period) -> tuple[Sequence[Column], Rows]:
        columns = (
            Column("企业名称", 30), Column("发现日期", 12, DATE), Column("隐患内容", 40), Column("位置", 14),
            Column("等级", 7), Column("指令书", 24), Column("原期限", 12, DATE), Column("现期限", 12, DATE),
            Column("状态", 10), Column("复查次数", 9, WHOLE), Column("销号日期", 12, DATE), Column("检查人员", 12),
        )  # fmt: skip
        hazards = self._services.hazards
        query = HazardQuery(found_from=period.first, found_to=period.last, sort=("found_on", False))
        rows = (
            (row.enterprise, row.found_on, masked(row.description), row.location, label(row.level), row.order_number,
             row.original_due_on, row.due_on, label(row.status), row.rounds, row.cleared_on, row.officer)
            for row in hazards.rows(hazards.ids(query)) if row.status is not HazardStatus.VOID
        )  # fmt: skip
        return columns, rows

    def _orders(self, period: Period) -> tuple[Sequence[Column], Rows]:
        columns = (
            Column("文书号", 26), Column("企业名称", 30), Column("下达日期", 12, DATE), Column("送达日期", 12, DATE),
            Column("签收人", 11), Column("隐患", 7, WHOLE), Column("未销号", 8, WHOLE), Column("最近期限", 12, DATE),
            Column("状态", 10),
        )  # fmt: skip
        rows = (
            (row.number, row.enterprise, row.issued_on, row.delivered_on, row.delivered_to, row.hazards,
             row.open_hazards, row.next_due_on, label(row.status))
            for row in sorted(self._services.orders.rows(), key=lambda row: (row.issued_on, row.id))
            if period.has(row.issued_on) and row.status is not OrderStatus.VOID
        )  # fmt: skip
        return columns, rows

    def _reinspections(self, period: Period) -> tuple[Sequence[Column], Rows]:
        columns = (
            Column("企业名称", 30), Column("复查日期", 12, DATE), Column("隐患内容", 40), Column("现期限", 12, DATE),
            Column("结论", 9), Column("情况", 24), Column("复查人员", 18), Column("文书号", 24),
        )  # fmt: skip
        hazards = self._services.hazards
        listed = {row.id: row for row in hazards.rows(hazards.ids(HazardQuery(found_to=period.last)))}
        rounds = [each for each in self._services.reinspections.rounds(list(listed)) if period.has(each.reinspected_on)]
        rows = (
            (listed[each.hazard_id].enterprise, each.reinspected_on, masked(listed[each.hazard_id].description),
             listed[each.hazard_id].due_on, label(each.outcome), masked(each.note), each.officers, each.document_number)
            for each in sorted(rounds, key=lambda each: (each.reinspected_on, each.reinspection_id, each.hazard_id))
        )  # fmt: skip
        return columns, rows

    def _plan(self, period: Period) -> tuple[Sequence[Column], Rows]:
        columns = (
            Column("年度", 7, WHOLE), Column("月份", 7, WHOLE), Column("企业名称", 30), Column("类别", 10),
            Column("计划日期", 12, DATE), Column("人员", 11), Column("理由", 24), Column("完成日期", 12, DATE),
            Column("取消日期", 12, DATE), Column("取消原因", 18),
        )  # fmt: skip
        first, last = (period.first.year, period.first.month), (period.last.year, period.last.month)
        rows = (
            (row.year, row.month, row.enterprise, label(row.kind), row.planned_on, row.officer, row.reason, row.done_on,
             row.cancelled_on, row.cancel_reason)
            for year in range(period.first.year, period.last.year + 1)
            for row in self._services.plans.rows(year) if first <= (row.year, row.month) <= last
        )  # fmt: skip
        return columns, rows

    def _officers(self, period: Period) -> tuple[Sequence[Column], Rows]:
        columns = (
            Column("姓名", 11), Column("职务", 14), Column("电话", 15), Column("执法证号", 20),
            Column("有效期至", 12, DATE), Column("证件情况", 10), Column("备注", 20),
        )  # fmt: skip
        rows = (
            (row.name, row.duty, masked(row.phone), masked_number(row.certificate_number), row.valid_until,
             label(row.state), row.remark)
            for row in self._services.officers.rows(period.last)
        )  # fmt: skip
        return columns, rows

    def _cases(self, period: Period) -> tuple[Sequence[Column], Rows]:
        columns = (
            Column("案号", 26), Column("企业名称", 30), Column("案由", 34), Column("立案日期", 12, DATE),
            Column("处罚决定日期", 13, DATE), Column("罚款（元）", 12, MONEY), Column("事故案件", 9),
            Column("结案日期", 12, DATE),
        )  # fmt: skip
        cases = self._services.cases
        rows = (
            (row.number, row.enterprise, masked(row.cause), row.filed_on, row.decided_on,
             None if row.fine_fen is None else row.fine_fen / 100, yes(row.is_accident), row.closed_on)
            for row in cases.rows(cases.ids(sort=("filed_on", False)))
            if period.has(row.filed_on or row.decided_on)
        )  # fmt: skip
        return columns, rows

    def _permits(self, _: Period) -> tuple[Sequence[Column], Rows]:
        columns = (
            Column("企业名称", 30), Column("证照种类", 20), Column("持证人", 11), Column("作业类别", 18),
            Column("编号", 22), Column("发证机关", 20), Column("发证日期", 12, DATE), Column("有效期至", 12, DATE),
            Column("情况", 10),
        )  # fmt: skip
        rows = (
            (row.enterprise, row.kind_label, row.person, row.trade,
             masked_number(row.number) if row.person else row.number, row.issuer, row.issued_on, row.valid_until,
             label(row.state))
            for row in self._services.permits.rows()
        )  # fmt: skip
        return columns, rows

    _makers: Mapping[LedgerName, Callable[["Ledgers", Period], tuple[Sequence[Column], Rows]]] = {
        LedgerName.ROSTER: _roster,
        LedgerName.INSPECTIONS: _inspections,
        LedgerName.HAZARDS: _hazards,
        LedgerName.ORDERS: _orders,
        LedgerName.REINSPECTIONS: _reinspections,
        LedgerName.PLAN: _plan,
        LedgerName.OFFICERS: _officers,
        LedgerName.CASES: _cases,
        LedgerName.PERMITS: _permits,
    }


NOTE = "由镇安按现有记录生成；手机号和证件号已遮蔽。"


def word(code: StrEnum | None) -> str:
    """The word for a code; a cell for nothing stays empty."""
    return "" if code is None else label(code)


def yes(claim: bool) -> str:
    """是, or an empty cell."""
    return "是" if claim else ""
