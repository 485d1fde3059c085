"""Ledgers made up in every untidy manner, with the truth known: what is read must be the truth, row by row.

A seed decides titles, order and wording of headings, groups over them, hidden and unknown columns, numbering and
group rows, merged cells, totals, notes, how dates and numbers are written, and the kind of file.
"""

import csv
import html
import io
import random
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import openpyxl
import pytest

from desktop.domain.uscc import make
from desktop.exchange.ledger import LedgerKind, ParsedRow, read_ledger
from desktop.exchange.ledger_headings import guess_kind
from desktop.exchange.sheets import from_clipboard, read_sheets

ON = date(2026, 3, 2)
Record = Mapping[str, Any]
Grid = list[list[Any]]

HEADINGS: Mapping[LedgerKind, Mapping[str, Sequence[str]]] = {
    LedgerKind.ENTERPRISES: {
        "name": (
            "企业名称",
            "单位名称",
            "生产经营单位",
            "市场主体名称",
            "企业（单位）名称",
            "企 业 名 称",
            "公司名称*",
            "1.企业全称",
        ),
        "uscc": (
            "统一社会信用代码",
            "社会信用代码",
            "统一社会\n信用代码",
            "信用代码（18位）",
            "统一社会信用代码/注册号",
        ),
        "address": ("地址", "生产经营地址", "注册地址（住所）", "详细地址"),
        "village": ("所属村（社区）", "村/社区", "所在村"),
        "legal_person": ("法定代表人", "法人代表", "法人", "法定代表人（负责人）"),
        "phone": ("联系电话", "手机号码", "联系方式", "电 话"),
        "safety_officer": ("安全管理人员", "安全员", "专（兼）职安全员"),
        "employees": ("从业人员数", "员工人数（人）", "职工人数", "从业人员\n（人）"),
        "established_on": ("成立日期", "成立时间", "注册时间"),
        "risk_grade": ("风险等级", "安全风险等级（红橙黄蓝）", "风险分级"),
        "remark": ("备注", "备 注"),
    },
    LedgerKind.HAZARDS: {
        "enterprise": ("企业名称", "被检查单位", "受检单位名称", "责任单位", "隐患单位"),
        "description": ("隐患内容", "存在问题", "问题描述", "存在的问题及隐患", "检查发现的问题（隐患）"),
        "found_on": ("检查日期", "检查时间", "排查日期", "发现时间"),
        "level": ("隐患级别", "隐患等级", "级别（一般/重大）"),
        "deadline": ("整改期限", "整改时限", "要求完成时间", "整改\n期限"),
        "measures": ("整改措施", "整改要求", "整改意见"),
        "person_in_charge": ("整改责任人", "责任人", "整改负责人"),
        "reinspected_on": ("复查日期", "复查时间", "验收时间"),
        "result": ("复查结果", "整改情况", "复查情况", "是否整改到位"),
        "officer": ("复查人", "复查人员", "验收人"),
    },
    LedgerKind.INSPECTIONS: {
        "enterprise": ("企业名称", "被检查单位", "检查对象"),
        "inspected_on": ("检查日期", "检查时间", "执法检查时间"),
        "kind": ("检查类型", "检查类别", "检查方式"),
        "officers": ("检查人员", "执法人员"),
        "document_number": ("文书编号", "现场检查记录编号"),
        "result": ("检查情况", "检查结果"),
    },
    LedgerKind.OFFICERS: {
        "name": ("姓名", "执法人员姓名", "姓  名"),
        "cert_number": ("执法证号", "行政执法证编号", "证件编号"),
        "valid_until": ("有效期至", "证件有效期", "到期日期"),
        "phone": ("联系电话", "手机"),
        "duty": ("职务", "岗位"),
    },
    LedgerKind.PERMITS: {
        "holder": ("企业名称", "持证单位", "所属单位"),
        "person": ("姓名", "持证人"),
        "trade": ("工种", "作业类别", "准操项目"),
        "number": ("证书编号", "操作证号"),
        "issued_on": ("发证日期", "初领日期", "领证日期"),
        "valid_until": ("有效期至", "证书有效期", "到期日期"),
    },
    LedgerKind.CASES: {
        "enterprise": ("当事人", "被处罚单位名称", "企业名称"),
        "cause": ("案由", "违法行为", "主要违法事实"),
        "number": ("处罚决定书文号", "案件编号", "文号"),
        "filed_on": ("立案日期", "立案时间"),
        "decided_on": ("处罚决定日期", "处罚日期"),
        "fine": ("罚款金额（元）", "罚款（万元）", "处罚金额"),
    },
    LedgerKind.PLAN: {
        "enterprise": ("企业名称", "检查对象", "被检查单位"),
        "month": ("计划月份", "检查月份", "月份"),
        "planned_on": ("计划检查日期", "计划检查时间", "拟检查日期"),
        "reason": ("列入理由", "检查重点"),
    },
}
TITLES = (
    "惠萍镇安全生产台账",
    "2025年度汇总表（第一季度）",
    "单位：惠萍镇应急管理办公室        填报日期：2025年6月1日",
)
UNKNOWN = ("经营范围", "邮编", "所属镇", "照片", "传真")
NOTES = (
    "注：以上数据截至2025年12月31日。",
    "填表人：张三        审核人：李四        填表日期：2026年1月5日",
    "说明：本表一式两份。",
)
GROUPS = {"name": "企业基本情况", "enterprise": "基本情况", "holder": "单位情况"}


@dataclass
class Messy:
    """A ledger as it was made: the grid, what the file is told about it, and which row says what."""

    kind: LedgerKind
    rows: Grid = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    truth: dict[int, Record] = field(default_factory=dict)


def a_day(chance: random.Random, first: int = 2024) -> date:
    return date(first, 1, 1) + timedelta(days=chance.randrange(700))


def a_firm(chance: random.Random, number: int) -> str:
    return f"启东市{chance.choice('宏达兴盛恒泰')}{chance.choice('源丰利昌')}{number}机械有限公司"


def an_enterprise(chance: random.Random, number: int) -> Record:
    return {
        "name": a_firm(chance, number),
        "uscc": make("320681", 700_000 + number),
        "address": f"惠萍镇东兴路{number}号",
        "village": chance.choice(("东兴镇村", "大兴村")),
        "legal_person": chance.choice(("张三", "欧阳锋", "李小四")),
        "phone": f"138{number:08d}",
        "safety_officer": chance.choice(("王五", "赵六")),
        "employees": chance.randrange(1, 500),
        "established_on": a_day(chance, 2008).isoformat(),
        "risk_grade": chance.choice(("red", "orange", "yellow", "blue")),
        "remark": chance.choice((None, "重点企业")),
    }


def a_hazard(chance: random.Random, number: int) -> Record:
    found = a_day(chance)
    deadline = found + timedelta(days=chance.randrange(1, 30))
    return {
        "enterprise": a_firm(chance, number // 3),
        "description": f"{number}号车间配电箱未接地，未张贴安全警示标志",
        "found_on": found.isoformat(),
        "level": chance.choice(("general", "major")),
        "deadline": deadline.isoformat(),
        "measures": "立即整改，落实专人负责",
        "person_in_charge": "张三",
        "reinspected_on": (found + timedelta(days=1)).isoformat(),
        "result": chance.choice(("cleared", "failed")),
        "officer": "王五、赵六",
    }


def an_inspection(chance: random.Random, number: int) -> Record:
    return {
        "enterprise": a_firm(chance, number),
        "inspected_on": a_day(chance).isoformat(),
        "kind": chance.choice(("routine", "special")),
        "officers": "王五、赵六",
        "document_number": f"（苏启惠）应急检记〔2025〕{number}号",
        "result": "现场检查未发现明显问题",
    }


def an_officer(chance: random.Random, number: int) -> Record:
    return {
        "name": f"王{'甲乙丙丁戊己庚辛'[number % 8]}{'一二三四五六'[number // 8 % 6]}",
        "cert_number": f"苏F{number:06d}",
        "valid_until": (date(2027, 1, 1) + timedelta(days=number)).isoformat(),
        "phone": f"139{number:08d}",
        "duty": chance.choice(("所长", "执法员")),
    }


def a_permit(chance: random.Random, number: int) -> Record:
    issued = a_day(chance)
    return {
        "holder": a_firm(chance, number),
        "person": "孙小七",
        "trade": chance.choice(("低压电工作业", "熔化焊接与热切割作业")),
        "number": f"T32068119800101{number:04d}",
        "issued_on": issued.isoformat(),
        "valid_until": (issued + timedelta(days=2190)).isoformat(),
    }


def a_case(chance: random.Random, number: int) -> Record:
    filed = a_day(chance)
    return {
        "enterprise": a_firm(chance, number),
        "cause": f"未按规定对从业人员进行安全生产教育和培训案{number}",
        "number": f"（苏启）应急罚〔2025〕{number}号",
        "filed_on": filed.isoformat(),
        "decided_on": (filed + timedelta(days=30)).isoformat(),
        "fine": f"{chance.randrange(10, 200) * 1000}.00",
    }


def a_plan_item(chance: random.Random, number: int) -> Record:
    day = a_day(chance, 2026)
    return {
        "enterprise": a_firm(chance, number),
        "month": day.month,
        "planned_on": day.isoformat(),
        "reason": "风险等级较高，上年发现隐患较多",
    }


RECORDS: Mapping[LedgerKind, Callable[[random.Random, int], Record]] = {
    LedgerKind.ENTERPRISES: an_enterprise,
    LedgerKind.HAZARDS: a_hazard,
    LedgerKind.INSPECTIONS: an_inspection,
    LedgerKind.OFFICERS: an_officer,
    LedgerKind.PERMITS: a_permit,
    LedgerKind.CASES: a_case,
    LedgerKind.PLAN: a_plan_item,
}
WORDS = {
    "red": ("红", "红色", "重大风险"), "orange": ("橙", "较大"), "yellow": ("黄", "黄色"), "blue": ("蓝", "低风险"),
    "general": ("一般", "一般隐患", "一般事故隐患"), "major": ("重大", "重大隐患"),
    "cleared": ("已整改", "整改完成", "是", "合格"), "failed": ("未整改", "否", "不合格"),
    "routine": ("日常检查", "双随机"), "special": ("专项检查", "专项"),
}  # fmt: skip


def written_date(chance: random.Random, iso: str, texts_only: bool) -> Any:
    day = date.fromisoformat(iso)
    texts = [
        f"{day.year}.{day.month}.{day.day}", f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}", f"{day:%Y/%m/%d}",
        f" {day:%Y-%m-%d} ", f"{day.year}-{day.month}-{day.day}", str((day - date(1899, 12, 30)).days),
    ]  # fmt: skip
    return chance.choice(texts if texts_only else [*texts, day, day, (day - date(1899, 12, 30)).days])


def written(chance: random.Random, name: str, value: Any, heading: str, texts_only: bool) -> Any:
    """One value as some clerk would write it."""
    if value is None:
        return chance.choice((None, None, "无", "/"))
    if name.endswith("_on") or name in ("deadline", "valid_until"):
        return written_date(chance, value, texts_only)
    if name == "uscc":
        return chance.choice((value, value, value.lower(), f"{value[:6]} {value[6:]}", "".join(map(wide, value))))
    if name == "phone":
        return chance.choice((value, f"{value[:3]} {value[3:7]} {value[7:]}", value if texts_only else int(value)))
    if name == "employees":
        return chance.choice((value if not texts_only else str(value), f"{value}人", str(value)))
    if name == "month":
        return chance.choice((f"{value}月", f"{value}月份", str(value) if texts_only else value))
    if name == "fine":
        yuan = float(value)
        return f"{yuan / 10000:g}" if "万" in heading else chance.choice((str(int(yuan)), f"{yuan / 10000:g}万元"))
    if name in ("officers", "officer"):
        return value.replace("、", chance.choice(("、", "，", " ", "/", "；", "\n")))
    if str(value) in WORDS:
        return chance.choice(WORDS[str(value)])
    return chance.choice((value, value, f" {value} ", f"{value}\u3000"))


def wide(letter: str) -> str:
    return chr(ord(letter) + 0xFEE0)


def a_messy_ledger(kind: LedgerKind, seed: int, *, keeps_merges: bool, texts_only: bool) -> Messy:
    chance = random.Random(seed)
    made = Messy(kind)
    fields = [name for name in HEADINGS[kind] if name in REQUIRED[kind] or chance.random() < 0.85]
    if chance.random() < 0.5:
        chance.shuffle(fields)
    headings = {name: chance.choice(HEADINGS[kind][name]) for name in fields}
    layout = list(fields)
    for unknown in chance.sample(UNKNOWN, chance.randrange(3)):
        layout.insert(chance.randrange(len(layout) + 1), unknown)
    has_numbers = chance.random() < 0.7
    layout = ["序号", *layout] if has_numbers else layout
    _add_head(made, chance, layout, headings, keeps_merges)
    _add_rows(made, chance, layout, headings, texts_only)
    _add_tail(made, chance, layout, keeps_merges)
    if chance.random() < 0.4:
        made.hidden = [chance.randrange(len(layout))]
    return made


REQUIRED = {
    LedgerKind.ENTERPRISES: ("name", "uscc"),
    LedgerKind.HAZARDS: ("enterprise", "description", "found_on"),
    LedgerKind.INSPECTIONS: ("enterprise", "inspected_on", "officers", "kind"),
    LedgerKind.OFFICERS: ("name", "cert_number"),
    LedgerKind.PERMITS: ("holder", "person", "number", "valid_until"),
    LedgerKind.CASES: ("enterprise", "cause", "number"),
    LedgerKind.PLAN: ("enterprise", "month", "planned_on"),
}


def _add_head(
    made: Messy, chance: random.Random, layout: Sequence[str], headings: Mapping[str, str], keeps_merges: bool
) -> None:
    for title in TITLES[: chance.randrange(4)]:
        if keeps_merges:
            made.merges.append((len(made.rows), 0, len(made.rows), len(layout) - 1))
        made.rows.append([title] + [None] * (len(layout) - 1))
    texts = [headings.get(name, name) for name in layout]
    if chance.random() < 0.4:
        _add_groups(made, chance, layout, texts, keeps_merges)
    else:
        made.rows.append(list(texts))
    if chance.random() < 0.2:
        made.rows.append([number for number, _ in enumerate(layout, 1)])


def _add_groups(
    made: Messy, chance: random.Random, layout: Sequence[str], texts: Sequence[str], keeps_merges: bool
) -> None:
    """Two rows of headings: a stretch of columns under a common one, the others merged over both rows."""
    first = chance.randrange(0, max(1, len(layout) - 3))
    last = min(len(layout) - 1, first + chance.randrange(1, 3))
    top, row = list(texts), len(made.rows)
    below: list[Any] = [None] * len(layout)
    for column in range(first, last + 1):
        below[column], top[column] = texts[column], None
    top[first] = "基本情况"
    made.rows += [top, below]
    if keeps_merges:
        made.merges.append((row, first, row, last))
        made.merges += [(row, column, row + 1, column) for column in range(len(layout)) if not first <= column <= last]


def _add_rows(
    made: Messy, chance: random.Random, layout: Sequence[str], headings: Mapping[str, str], texts_only: bool
) -> None:
    for number in range(chance.randrange(5, 25)):
        if chance.random() < 0.05:
            made.rows.append([None] * len(layout))
        if number == 3 and chance.random() < 0.3:
            made.rows.append(["一、工贸企业"] + [None] * (len(layout) - 1))
        record = RECORDS[made.kind](chance, number)
        row = [
            number + 1 if name == "序号" else written(chance, name, record[name], headings[name], texts_only)
            if name in headings else chance.choice((None, "其他内容")) for name in layout
        ]  # fmt: skip
        made.rows.append(row)
        made.truth[len(made.rows)] = {name: record[name] for name in headings}


def _add_tail(made: Messy, chance: random.Random, layout: Sequence[str], keeps_merges: bool) -> None:
    blank: list[Any] = [None] * (len(layout) - 1)
    if chance.random() < 0.6:
        made.rows.append([chance.choice(("合计", "合 计", "总计：", "小计")), *blank[:-1], chance.choice((None, 12))])
    for note in NOTES[: chance.randrange(4)]:
        if keeps_merges and chance.random() < 0.5:
            made.merges.append((len(made.rows), 0, len(made.rows), len(layout) - 1))
        made.rows.append([note, *blank])


def saved_xlsx(made: Messy, path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in made.rows:
        sheet.append(row)
    for top, left, bottom, right in made.merges:
        sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
    for column in made.hidden:
        sheet.column_dimensions[openpyxl.utils.get_column_letter(column + 1)].hidden = True
    target = path.with_suffix(".xlsx")
    book.save(target)
    return target


def saved_text(made: Messy, path: Path, separator: str, encoding: str) -> Path:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(made.rows)
    target = path.with_suffix(".csv")
    target.write_bytes(out.getvalue().encode(encoding))
    return target


def _xml_cells(row: Sequence[Any]) -> Iterator[str]:
    for column, cell in enumerate(row, 1):
        if cell is None:
            continue
        kind = "DateTime" if isinstance(cell, date) else "Number" if isinstance(cell, int) else "String"
        text = f"{cell.isoformat()}T00:00:00.000" if isinstance(cell, date) else escape(str(cell))
        yield f'<Cell ss:Index="{column}"><Data ss:Type="{kind}">{text}</Data></Cell>'


def saved_xml(made: Messy, path: Path) -> Path:
    rows = "".join(f'<Row ss:Index="{n}">{"".join(_xml_cells(row))}</Row>' for n, row in enumerate(made.rows, 1))
    target = path.with_suffix(".xlsx")
    target.write_text(
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f"<Worksheet ss:Name={quoteattr('台账')}><Table>{rows}</Table></Worksheet></Workbook>",
        "utf-8",
    )
    return target


def saved_html(made: Messy, path: Path) -> Path:
    """What web systems call .xls."""
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(text(cell)).replace(chr(10), '<br/>')}</td>" for cell in row) + "</tr>"
        for row in made.rows
    )
    target = path.with_suffix(".xls")
    target.write_bytes(
        f"<html><head><title>x</title></head><body><table>{rows}</table></body></html>".encode("gb18030")
    )
    return target


def text(cell: Any) -> str:
    return "" if cell is None else str(cell)


def saved_ods(made: Messy, path: Path) -> Path:
    def cell(value: Any) -> str:
        if value is None:
            return "<table:table-cell/>"
        return f'<table:table-cell office:value-type="string"><text:p>{escape(text(value))}</text:p></table:table-cell>'

    rows = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in made.rows)
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    target = path.with_suffix(".ods")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        manifest = '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        package.writestr("META-INF/manifest.xml", manifest)
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        package.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content{spaces}><office:body><office:spreadsheet>'
            f'<table:table table:name="台账">{rows}<table:table-row table:number-rows-repeated="1048000">'
            '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return target


FILES: Mapping[str, tuple[bool, bool, Callable[[Messy, Path], Path]]] = {
    "xlsx": (True, False, saved_xlsx),
    "csv in UTF-8 with a mark": (False, True, lambda made, path: saved_text(made, path, ",", "utf-8-sig")),
    "csv in GB 18030": (False, True, lambda made, path: saved_text(made, path, ",", "gb18030")),
    "tabs in UTF-16": (False, True, lambda made, path: saved_text(made, path, "\t", "utf-16")),
    "semicolons in UTF-8": (False, True, lambda made, path: saved_text(made, path, ";", "utf-8")),
    "SpreadsheetML": (False, False, saved_xml),
    "a web page": (False, True, saved_html),
    "ods": (False, True, saved_ods),
}
"""Kind of file: whether it keeps merged cells, whether it has only texts, and how it is written."""


def differences(rows: Mapping[int, ParsedRow], truth: Mapping[int, Record]) -> Iterator[str]:
    """Where what was read is not the truth."""
    for number in sorted(set(rows) - set(truth)):
        if not rows[number].skipped:
            yield f"row {number} became a record: {dict(rows[number].values)}"
    for number, record in truth.items():
        row = rows.get(number)
        if row is None or row.skipped or row.problems:
            yield f"row {number}: {'gone' if row is None else row.skipped or row.problems}"
            continue
        yield from (
            f"row {number} {name}: {row.values.get(name)!r} is not {value!r}"
            for name, value in record.items()
            if row.values.get(name) != value
        )


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("kind", LedgerKind)
def test_a_messy_ledger_is_read_as_it_is_meant(kind: LedgerKind, file: str, tmp_path: Path) -> None:
    keeps_merges, texts_only, save = FILES[file]
    for seed in range(12):
        made = a_messy_ledger(kind, seed, keeps_merges=keeps_merges, texts_only=texts_only)
        path = save(made, tmp_path / f"台账{seed}")
        read = read_ledger(path.name, read_sheets(path), kind, ON)
        wrong = list(differences({row.row: row for row in read.rows}, made.truth))
        assert not wrong, f"{path.name}: {made.rows[:6]} {read.sheets[0].columns}: {wrong[:3]}"


@pytest.mark.parametrize("kind", LedgerKind)
def test_the_kind_of_a_messy_ledger_is_told_from_its_headings(kind: LedgerKind, tmp_path: Path) -> None:
    for seed in range(12):
        made = a_messy_ledger(kind, seed, keeps_merges=True, texts_only=False)
        [sheet] = read_sheets(saved_xlsx(made, tmp_path / f"{seed}"))
        guess = guess_kind(sheet)
        assert guess is not None
        assert guess.kind is kind, made.rows[:5]


def test_pasting_cells_reads_like_the_file(tmp_path: Path) -> None:
    for seed in range(8):
        made = a_messy_ledger(LedgerKind.HAZARDS, seed, keeps_merges=False, texts_only=True)
        out = io.StringIO()
        csv.writer(out, delimiter="\t", lineterminator="\r\n").writerows(made.rows)
        read = read_ledger("粘贴", from_clipboard(out.getvalue()), LedgerKind.HAZARDS, ON)
        assert not list(differences({row.row: row for row in read.rows}, made.truth))


def test_runs_of_equal_cells_may_be_merged_downwards(tmp_path: Path) -> None:
    """One inspection of one firm found several hazards: the firm and the day stand once, merged over all of them."""
    made = a_messy_ledger(LedgerKind.HAZARDS, 5, keeps_merges=True, texts_only=True)
    made.rows = [["企业名称", "检查日期", "隐患内容", "整改期限"]]
    made.merges, made.hidden, made.truth = [], [], {}
    chance = random.Random(1)
    records = [a_hazard(chance, number) for number in range(12)]
    for firm, group in groupby(records, key=lambda record: record["enterprise"]):
        start, found = len(made.rows), None
        for record in group:
            first = len(made.rows) == start
            found = found or record["found_on"]
            cells = [firm, found] if first else [None, None]
            made.rows.append([*cells, record["description"], "2026-12-31"])
            made.truth[len(made.rows)] = {
                "enterprise": firm, "found_on": found, "description": record["description"], "deadline": "2026-12-31",
            }  # fmt: skip
        made.merges += [(start, column, len(made.rows) - 1, column) for column in (0, 1)]
    read = read_ledger("x", read_sheets(saved_xlsx(made, tmp_path / "合并")), LedgerKind.HAZARDS, ON)
    assert not list(differences({row.row: row for row in read.rows}, made.truth))
