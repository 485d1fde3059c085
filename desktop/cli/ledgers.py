"""import, ledger, stats: ledgers in, ledgers out, and every figure with its definition."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.cli.call import DONE, REFUSED, Call
from desktop.cli.output import table
from desktop.cli.parser import Unusable

if TYPE_CHECKING:
    from desktop.domain.statistics import Figure, Records
    from desktop.exchange.ledger import Layout
    from desktop.services import Services
    from desktop.services.imports.plan import ImportPlan


MOST_ROWS = 40  # so many rows are printed for people; JSON has them all


def import_(call: Call) -> int:
    """Take ledgers in. All or nothing, over all files, unless the good rows are to be taken; backed up before."""
    with call.office(writes=not call.dry_run) as services:
        work = _Import(call, services)
        plans = [work.plan(path) for path in call.files]
        is_wanted = not call.dry_run and (call.accept_good or all(plan.is_clean for plan in plans))
        if is_wanted:
            plans = work.apply(plans)
        is_applied = is_wanted and len(plans) == work.applied_count
        reports = [services.imports.report(plan, applied=is_applied, all_rows=call.rows == "all") for plan in plans]
        left_out = [plan.ledger.left_out for plan in plans]
    lines = [line for told in zip(reports, left_out, strict=True) for line in _report_lines(*told, call)]
    call.out.say(reports[0] if len(reports) == 1 else reports, lines)
    return DONE if all(plan.is_clean for plan in plans) else REFUSED


class _Import:
    """One import of one or several files."""

    def __init__(self, call: Call, services: "Services") -> None:
        from desktop.exchange.ledger_fields import LedgerKind

        self._call = call
        self._services = services
        self._kind = LedgerKind(call.kind)
        self._layouts = self._read_map()
        self.applied_count = 0

    def _read_map(self) -> "tuple[Layout, ...]":
        from desktop.exchange.ledger import read_map

        path = self._call.map
        return () if path is None else read_map(self._call.read_file(path), path.name, self._kind)

    def plan(self, path: Path) -> "ImportPlan":
        """What becomes of each row of a file as things stand."""
        from desktop.exchange.sheets import read_sheets

        progress = self._call.out.progress()
        sheets = read_sheets(path)
        ledger = self._services.imports.read(
            str(path), sheets, self._kind, only=self._call.sheet, layouts=self._layouts, progress=progress
        )
        return self._services.imports.plan(ledger, progress)

    def apply(self, plans: "list[ImportPlan]") -> "list[ImportPlan]":
        """Do the plans one after another. A later file is planned anew, for an earlier one may have brought what it names.

        If a file then turns out not to be clean, the earlier ones are taken back.
        """
        from desktop.services.backups import BackupReason

        if not all(plan.is_empty for plan in plans):
            self._services.backups.make(BackupReason.IMPORT, self._call.out.progress())
        done: list[ImportPlan] = []
        written = 0
        for number, plan in enumerate(plans):
            now = self.plan(Path(plan.ledger.file)) if number else plan
            done.append(now)
            if not now.is_clean and not self._call.accept_good:
                for _ in range(written):
                    self._services.store.undo()
                return [*done, *plans[number + 1 :]]
            if not now.is_empty:
                self._services.imports.apply(
                    now, accept_good=self._call.accept_good, progress=self._call.out.progress()
                )
                written += 1
        self.applied_count = len(done)
        return done


def _report_lines(report: dict[str, Any], left_out: Any, call: Call) -> Iterator[str]:
    from desktop.exchange.ledger import refusal_sentence

    counts = report["counts"]
    yield f"{report['file']}：{_outcome(report, call)}"
    yield (
        f"读到 {counts['read']} 行：新增 {counts['new']}，更新 {counts['changed']}，不变 {counts['unchanged']}，"
        f"不能导入 {counts['rejected']}，跳过 {counts['skipped']}"
    )
    yield from (f"{refusal_sentence(*one)}。" for one in left_out)
    shown = sorted(
        (row for row in report["rows"] if row["problems"] or call.rows == "all"),
        key=lambda row: row["action"] != "rejected",
    )
    told = [
        (
            row["sheet"],
            row["row"],
            _ACTIONS[row["action"]],
            problem["column"] or "",
            problem["value"],
            problem["message"],
        )
        for row in shown
        for problem in row["problems"] or [{"column": "", "value": row["key"], "message": ""}]
    ]
    if told:
        yield from table(("工作表", "行", "处理", "列", "内容", "问题"), told[:MOST_ROWS])
    if len(told) > MOST_ROWS:
        yield f"……另有 {len(told) - MOST_ROWS} 条，用 --json 可以看到全部"


_ACTIONS = {"new": "新增", "changed": "更新", "unchanged": "不变", "rejected": "不能导入", "skipped": "跳过"}


def _outcome(report: dict[str, Any], call: Call) -> str:
    if report["applied"]:
        return "已导入"
    return (
        "只是预演，没有写入"
        if call.dry_run
        else "没有导入（有不能导入的行；改好后再导入，或加 --accept-good 只导入没有问题的行）"
    )


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
    found = statistics.figures_between(records, period, first.year)
    outside = {f"m{month:02d}" for month in range(1, 13) if not first.month <= month <= last.month}
    return tuple(figure for figure in found if figure.part not in outside)


def _refuse_backward(call: Call) -> None:
    if call.last < call.first:
        raise Unusable(f"截止日期 {call.last} 早于起始日期 {call.first}，请把先后对调")
