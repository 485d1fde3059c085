"""import, ledger, stats: ledgers in, ledgers out, and every figure with its definition."""

from datetime import date
from typing import TYPE_CHECKING

from desktop.cli.call import DONE, Call
from desktop.cli.output import table
from desktop.cli.parser import Unusable

if TYPE_CHECKING:
    from desktop.domain.statistics import Figure, Records


def ledger(call: Call) -> int:
    """One ledger of a period as an Excel file."""
    from desktop.services.ledgers import LedgerName, Ledgers

    _refuse_backward(call)
    with call.office() as services:
        ledgers = Ledgers(services)
        sheet = ledgers.sheet(LedgerName(call.name), call.first, call.last)
        content = ledgers.workbook(sheet, call.today)
    call.write_file(call.xlsx, content)
    document = {"ledger": call.name, "from": call.first, "to": call.last, "file": call.xlsx, "rows": len(sheet.rows)}
    call.out.say(document, [f"已写出 {call.xlsx}：{sheet.title}，{len(sheet.rows)} 行"])
    return DONE


def stats(call: Call) -> int:
    """Every figure of a period with its definition; what lies after the business date is not in it."""
    from desktop.exchange import records as rec

    _refuse_backward(call)
    if call.first.year != call.last.year:
        raise Unusable(f"统计期 {call.first} 至 {call.last} 跨了年度，请按年度分开统计")
    last = min(call.last, call.today)
    if last < call.first:
        raise Unusable(f"起始日期 {call.first} 还没有到，没有可以统计的内容")
    with call.office() as services:
        records = services.reporting.content(call.first.year, last).records
    found = [(figure, rec.definitions()[figure.code]) for figure in _figures(records, call.first, last)]
    parts = rec.part_names()
    items = [
        {
            "code": figure.code,
            "part": figure.part,
            "title": told.title,
            "part_name": parts[figure.part] if figure.part else None,
            "unit": told.unit,
            "value": None if figure.value is None else float(figure.value),
            "numerator": figure.numerator,
            "denominator": figure.denominator,
            "definition": told.text,
        }
        for figure, told in found
    ]
    rows = [(told.title, figure.text, told.unit, told.text) for figure, told in found if not figure.part]
    lines = [f"{call.first} 至 {last} 统计指标", *table(("指标", "数值", "单位", "口径"), rows)]
    call.out.say({"from": call.first, "to": last, "figures": items}, lines)
    return DONE


def _figures(records: "Records", first: date, last: date) -> "tuple[Figure, ...]":
    """The package's figures over any days of a year; `statistics.figures` itself always begins on 1 January."""
    from desktop.domain import statistics

    period = statistics.Period(first.isoformat(), last.isoformat())
    work = statistics._Work(records, period, first.year)
    found = (figure for part in statistics._PARTS for figure in part(work))
    outside = {f"m{month:02d}" for month in range(1, 13) if not first.month <= month <= last.month}
    return tuple(figure for figure in found if figure.part not in outside)


def _refuse_backward(call: Call) -> None:
    if call.last < call.first:
        raise Unusable(f"截止日期 {call.last} 早于起始日期 {call.first}，请把先后对调")
