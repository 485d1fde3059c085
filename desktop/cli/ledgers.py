"""import, ledger, stats: ledgers in, ledgers out, and every figure with its definition."""

from typing import TYPE_CHECKING

from desktop.cli.call import DONE, Call
from desktop.cli.parser import Unusable

if TYPE_CHECKING:
    pass


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


def _refuse_backward(call: Call) -> None:
    if call.last < call.first:
        raise Unusable(f"截止日期 {call.last} 早于起始日期 {call.first}，请把先后对调")
