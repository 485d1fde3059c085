"""The bureau's side: verify packages, add them up, and write the result into a folder."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from desktop.domain.cell import neutral
from desktop.domain.statistics import FIELDS
from desktop.exchange.package import write_whole
from desktop.exchange.package_merge import Merged, figure_title, merge
from desktop.exchange.package_verify import Verified, verify
from desktop.exchange.records import WHOLE, definitions, part_names, tables
from desktop.services.progress import Progress

OWNER = ("office_code", "office", "year")


def merge_files(paths: Sequence[Path], progress: Progress | None = None) -> Merged:
    """Verify and add up these files."""
    steps, found = progress or Progress(), []
    for number, path in enumerate(paths):
        steps.step(number, len(paths), f"查验 {path.name}")
        found.append(verify(path))
    steps.step(len(paths), len(paths), "汇总")
    return merge(found)


def write_merged(merged: Merged, out: Path) -> list[Path]:
    """Write `merged.json`, `merged.xlsx` and `records/*.csv` into a folder; the same packages give the same files."""
    from desktop.documents.sheets import workbook

    files = {"merged.json": _json(merged), **{f"records/{name}.csv": body for name, body in _record_files(merged)}}
    on = max((date.fromisoformat(each.cut_off) for each in merged.members), default=date(2000, 1, 1))
    files["merged.xlsx"] = workbook(list(_sheets(merged)), author="镇安 TownSafe", on=on)
    for name, body in files.items():
        write_whole(out / name, body)
    return [out / name for name in files]


def summary(merged: Merged) -> dict[str, Any]:
    """The result as one JSON document."""
    return {
        "packages": [
            {"office_code": each.office_code, "office": each.office, "county": each.county, "year": each.year,
             "cut_off": each.cut_off, "sha256": each.sha256, "signed_by": each.signed_by}
            for each in merged.members
        ],
        "rejected": [{"sha256": each.sha256, "faults": fault_rows(each.faults)} for each in merged.rejected],
        "replaced": [
            {"office": each.office, "year": each.year, "differences": [asdict(one) for one in each.differences]}
            for each in merged.replaced
        ],
        "shared_enterprises": [asdict(each) for each in merged.shared],
        "totals": {str(year): [_total(figure) for figure in found] for year, found in merged.totals.items()},
    }


def fault_rows(faults: Iterable[Any]) -> list[dict[str, str]]:
    """Faults as plain values."""
    return [{"code": each.code, "where": each.where, "text": each.text} for each in faults]


def verdict(found: Verified) -> dict[str, Any]:
    """What `verify` found, as one JSON document."""
    return {
        "file": found.path, "sha256": found.sha256, "ok": found.is_good, "files": found.files, "size": found.size,
        "signed_by": found.signed_by, "facts": dict(found.facts), "faults": fault_rows(found.faults),
        "figures": len(found.figures),
    }


def _total(figure: Any) -> dict[str, Any]:
    value = figure.value
    return {"code": figure.code, "part": figure.part or WHOLE, "title": figure_title(figure.code, figure.part),
            "unit": definitions()[figure.code].unit, "value": None if value is None else str(value),
            "numerator": figure.numerator, "denominator": figure.denominator}


def _json(merged: Merged) -> bytes:
    return (json.dumps(summary(merged), ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _record_files(merged: Merged) -> Iterator[tuple[str, bytes]]:
    """Every table with the owner's columns in front; ids are unique only together with them."""
    for name, table in tables().items():
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([*OWNER, *table.names])
        for member in merged.members:
            owner = (neutral(member.office_code), neutral(member.office), str(member.year))
            for row in member.package.records[name]:
                writer.writerow([*owner, *(_cell(row[column]) for column in table.names)])
        yield name, text.getvalue().encode("utf-8")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return neutral(value) if isinstance(value, str) else str(value)


def _sheets(merged: Merged) -> Iterator[Any]:
    from desktop.documents.sheets import Column, Kind, Sheet

    for year in merged.totals:
        yield _year_sheet(merged, year)
        yield _field_sheet(merged, year)
    packages = [(each.office, each.office_code, each.county, each.year, each.cut_off, each.signed_by or "未签名", each.sha256)
                for each in merged.members]
    columns = (Column("单位", 26), Column("代码", 14), Column("县级市", 12), Column("年度", 8, Kind.WHOLE),
               Column("截止日", 12, Kind.DATE), Column("签名", 22), Column("校验值", 68))
    yield Sheet("参加汇总的年终包", "参加汇总的年终包", columns, packages)
    yield _shared_sheet(merged)
    yield _replaced_sheet(merged)
    rejected = [(each.file, fault.where, fault.text) for each in merged.rejected for fault in each.faults]
    yield Sheet("未通过查验", "未通过查验、没有计入的年终包", (Column("文件", 36), Column("位置", 36), Column("问题", 60)), rejected)


def _year_sheet(merged: Merged, year: int) -> Any:
    from desktop.documents.sheets import Column, Kind, Sheet

    members = [each for each in merged.members if each.year == year]
    columns = (Column("指标", 32), Column("单位", 9), Column("合计", 13, Kind.NUMBER),
               *(Column(each.office, 16, Kind.NUMBER) for each in members))
    own = [{(figure.code, figure.part): figure for figure in each.package.figures} for each in members]
    rows = [
        (figure_title(figure.code, ""), definitions()[figure.code].unit, _shown(figure),
         *(_shown(found[(figure.code, "")]) for found in own))
        for figure in merged.totals[year] if figure.part == ""
    ]
    note = "比率按分子、分母分别相加后计算。实际检查企业数为各单位之和，同一企业由两个单位检查的各计一次，见“两镇重复企业”。"
    return Sheet(f"{year}年汇总", f"{year}年度安全生产执法汇总", columns, rows, note)


def _field_sheet(merged: Merged, year: int) -> Any:
    from desktop.documents.sheets import Column, Kind, Sheet

    codes = ("enterprises_inspected", "inspections", "hazards_found", "hazards_major_found", "hazards_rectified", "cases", "fines")
    found = {(figure.code, figure.part): figure for figure in merged.totals[year]}
    columns = (Column("行业领域", 26), *(Column(definitions()[code].title, 14, Kind.NUMBER) for code in codes))
    rows = [(part_names()[part], *(_shown(found[(code, part)]) for code in codes)) for part in FIELDS]
    rows.append(("合计", *(_shown(found[(code, "")]) for code in codes)))
    return Sheet(f"{year}年分行业领域", f"{year}年度分行业领域汇总", columns, rows)


def _shown(figure: Any) -> Any:
    return "—" if figure.value is None else figure.value


def _shared_sheet(merged: Merged) -> Any:
    from desktop.documents.sheets import Column, Kind, Sheet

    columns = (Column("年度", 8, Kind.WHOLE), Column("比对依据", 12), Column("代码或名称地址", 44), Column("名称", 40),
               Column("单位", 40))
    rows = [(each.year, "信用代码" if each.by == "uscc" else "名称和地址", each.key, "、".join(each.names),
             "、".join(each.offices)) for each in merged.shared]
    return Sheet("两镇重复企业", "出现在两个以上单位名册中的企业", columns, rows)


def _replaced_sheet(merged: Merged) -> Any:
    from desktop.documents.sheets import Column, Kind, Sheet

    columns = (Column("单位", 26), Column("年度", 8, Kind.WHOLE), Column("被替换的文件", 36), Column("采用的文件", 36),
               Column("指标", 34), Column("原为", 12), Column("现为", 12))
    rows = [
        (each.office, each.year, each.earlier, each.later, one.title, one.before, one.after)
        for each in merged.replaced for one in each.differences
    ]
    return Sheet("替换和差异", "同一单位同一年度被后报年终包替换的内容", columns, rows)
