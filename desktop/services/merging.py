"""The bureau's side: the packages of many offices checked, added up, and written down as a workbook and as JSON.

The result depends on the packages alone: not on their order, the clock or the machine. Needs no office of its own.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from desktop.documents.sheets import Column, Kind, Sheet, workbook
from desktop.exchange.package_merge import Merged, figure_title, merge, record_files
from desktop.exchange.package_verify import verify
from desktop.exchange.records import definitions
from desktop.services.progress import Progress
from desktop.system.file_names import write_whole

BOOK, DOCUMENT, RECORDS = "汇总.xlsx", "汇总.json", "records"
AUTHOR = "镇安"
NO_DAY = date(2000, 1, 1)


def merge_files(paths: Sequence[Path], progress: Progress) -> Merged:
    """Check every package and add up those with which nothing is wrong."""
    checked = []
    for number, path in enumerate(paths):
        progress.step(number, len(paths), f"查验 {path.name}")
        checked.append(verify(path))
    progress.step(len(paths), len(paths), "汇总")
    return merge(checked)


def document(merged: Merged) -> dict[str, Any]:
    """The result as plain values, for programs."""
    return {
        "members": [
            {
                "office": each.office,
                "office_code": each.office_code,
                "county": each.county,
                "year": each.year,
                "cut_off": each.cut_off,
                "file": each.file,
                "sha256": each.sha256,
                "signed_by": each.signed_by or None,
            }
            for each in merged.members
        ],
        "rejected": [
            {
                "file": each.file,
                "sha256": each.sha256,
                "faults": [{"code": fault.code, "where": fault.where, "text": fault.text} for fault in each.faults],
            }
            for each in merged.rejected
        ],
        "replaced": [
            {
                "office": each.office,
                "year": each.year,
                "earlier": each.earlier,
                "later": each.later,
                "differences": [
                    {"code": one.code, "part": one.part, "title": one.title, "before": one.before, "after": one.after}
                    for one in each.differences
                ],
            }
            for each in merged.replaced
        ],
        "shared": [
            {"year": each.year, "by": each.by, "key": each.key, "names": each.names, "offices": each.offices}
            for each in merged.shared
        ],
        "totals": [
            {
                "year": year,
                "code": figure.code,
                "part": figure.part,
                "title": figure_title(figure.code, figure.part),
                "text": figure.text,
                "numerator": figure.numerator,
                "denominator": figure.denominator,
            }
            for year, figures in merged.totals.items()
            for figure in figures
        ],
    }


def write(merged: Merged, folder: Path) -> tuple[Path, Path]:
    """Write the workbook, the JSON document and the merged record tables into `folder`; the answer is the first two."""
    (folder / RECORDS).mkdir(parents=True, exist_ok=True)
    for name, content in record_files(merged).items():
        write_whole(folder / RECORDS / name, content)
    text = json.dumps(document(merged), ensure_ascii=False, indent=1) + "\n"
    write_whole(folder / BOOK, book(merged))
    write_whole(folder / DOCUMENT, text.encode())
    return folder / BOOK, folder / DOCUMENT


def book(merged: Merged) -> bytes:
    """The workbook: totals, packages, what was replaced, enterprises of two towns, packages left out."""
    days = [date.fromisoformat(each.cut_off) for each in merged.members]
    return workbook([*_sheets(merged)], author=AUTHOR, on=max(days, default=NO_DAY))


def _sheets(merged: Merged) -> Iterator[Sheet]:
    for year in merged.totals:
        yield _totals(merged, year)
    yield _sheet(
        "参与汇总的年终包",
        (("单位", 16), ("代码", 12), ("县市", 12), ("年度", 8), ("截止日期", 12), ("文件", 44), ("签名密钥", 22)),
        ((each.office, each.office_code, each.county, str(each.year), each.cut_off, each.file, each.signed_by)
         for each in merged.members),
    )  # fmt: skip
    yield _sheet(
        "被替换的年终包",
        (("单位", 16), ("年度", 8), ("较早的文件", 44), ("较晚的文件", 44), ("指标", 30), ("原来", 12), ("现在", 12)),
        ((each.office, str(each.year), each.earlier, each.later, one.title, one.before, one.after)
         for each in merged.replaced for one in each.differences),
    )  # fmt: skip
    yield _sheet(
        "两地都有的企业",
        (("年度", 8), ("统一社会信用代码或名称", 40), ("企业名称", 40), ("上报单位", 30)),
        ((str(each.year), each.key, "、".join(each.names), "、".join(each.offices)) for each in merged.shared),
    )  # fmt: skip
    yield _sheet(
        "没有通过查验的年终包",
        (("文件", 44), ("位置", 36), ("问题", 60)),
        ((each.file, fault.where, fault.text) for each in merged.rejected for fault in each.faults),
    )


def _totals(merged: Merged, year: int) -> Sheet:
    """The totals of a year with each office beside them."""
    members = [each for each in merged.members if each.year == year]
    own = [{(figure.code, figure.part): figure.text for figure in each.package.figures} for each in members]
    columns = [
        Column("指标", 34), Column("单位", 8), Column("合计", 12), *(Column(each.office, 12) for each in members),
        Column("口径", 60),
    ]  # fmt: skip
    rows = [
        (figure_title(figure.code, figure.part), definitions()[figure.code].unit, figure.text,
         *(each.get((figure.code, figure.part), "—") for each in own), definitions()[figure.code].text)
        for figure in merged.totals[year]
    ]  # fmt: skip
    note = "企业数按各单位相加；两地都有的企业见后面的表。比率用分子之和除以分母之和，不是比率的平均。"
    return Sheet(f"{year}年合计", f"{year}年度执法统计汇总（{len(members)} 个单位）", tuple(columns), rows, note)


def _sheet(name: str, columns: Sequence[tuple[str, float]], rows: Iterable[Sequence[str]]) -> Sheet:
    numbered = [(at, *row) for at, row in enumerate(rows, start=1)]
    titled = (Column("序号", 6, Kind.WHOLE), *(Column(title, width) for title, width in columns))
    return Sheet(name, name, titled, numbered)
