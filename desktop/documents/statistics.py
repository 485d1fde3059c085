"""The statistics tables of a year: every figure with last year's, by month and by field, and how each is counted."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from desktop.documents.blocks import Align, Block, Grid, Heading, Paper, Paragraph, Span, Title, said
from desktop.documents.report import Source, long_day, number, unit_of
from desktop.documents.sheets import Column, Kind, Sheet, workbook
from desktop.domain.statistics import FIELDS, LAST_YEAR, Figure, Unit

BY_FIELD = (
    "enterprises_inspected",
    "inspections",
    "hazards_general_found",
    "hazards_major_found",
    "hazards_found",
    "hazards_rectified",
    "cases",
    "cases_pre",
    "fines",
)
BY_MONTH = (
    "enterprises_inspected",
    "inspections",
    "plan_completion",
    "hazards_general_found",
    "hazards_major_found",
    "hazards_found",
    "hazards_rectified",
    "cases",
    "cases_pre",
    "fines",
)
NOTE = "分母为零的比率以“—”表示。金额单位为万元，数据背后为元（分）。"


def statistics_paper(source: Source, mark: str = "") -> Paper:
    """The tables on paper, landscape."""
    title = f"{source.office}{source.year}年度安全生产执法统计表"
    cut = f"统计期：{source.year}年1月1日至{long_day(source.cut_off)}"
    blocks: list[Block] = [
        Title(title),
        Paragraph(said(cut), Align.CENTER),
        Heading(1, "一、年度汇总"),
        _whole(source),
        Heading(1, "二、分行业领域"),
        _by_field(source),
        Heading(1, "三、分月"),
        _by_month(source),
        Heading(1, "四、口径"),
        *_definitions(source),
        Paragraph(said(NOTE), Align.NOTE),
    ]
    return Paper(title, source.office, source.cut_off.isoformat(), tuple(blocks), mark, landscape=True)


def whole_figures(source: Source) -> list[Figure]:
    """The figures of the whole period, in their own order."""
    return [figure for (_, part), figure in source.figures.items() if part == ""]


def _whole(source: Source) -> Grid:
    rows = []
    for figure in whole_figures(source):
        title, _, _ = source.titles[figure.code]
        before = source.figures.get((figure.code, LAST_YEAR))
        last = Span("") if before is None else number(source, figure.code, LAST_YEAR)
        rows.append(
            (Span(title), Span(unit_of(figure, source) or "%"), number(source, figure.code), last, Span(_parts(figure)))
        )
    return Grid(
        "", ("指标", "单位", "本期", "上年同期", "分子／分母"), tuple(rows), (4, 1.2, 1.4, 1.4, 2), frozenset({2, 3, 4})
    )


def _parts(figure: Figure) -> str:
    """The two parts of a share of counts; those of money are 分 and say nothing on paper."""
    if figure.denominator is None or figure.code.startswith("fines"):
        return ""
    return f"{figure.numerator}／{figure.denominator}"


def _by_field(source: Source) -> Grid:
    heads = ("行业领域", *(_head(source, code) for code in BY_FIELD))
    rows = [(Span(source.part_names[part]), *(number(source, code, part) for code in BY_FIELD)) for part in FIELDS]
    rows.append((Span("合计"), *(number(source, code) for code in BY_FIELD)))
    return Grid("", heads, tuple(rows), (2.4, *(1.0 for _ in BY_FIELD)), frozenset(range(1, len(heads))))


def _by_month(source: Source) -> Grid:
    heads = ("月份", *(_head(source, code) for code in BY_MONTH))
    parts = [f"m{month:02d}" for month in range(1, source.cut_off.month + 1)]
    rows = [(Span(source.part_names[part]), *(number(source, code, part) for code in BY_MONTH)) for part in parts]
    rows.append((Span("累计"), *(number(source, code) for code in BY_MONTH)))
    return Grid("", heads, tuple(rows), (1.0, *(1.0 for _ in BY_MONTH)), frozenset(range(1, len(heads))))


def _head(source: Source, code: str) -> str:
    title, unit, _ = source.titles[code]
    return f"{title}\n（{unit}）"


def _definitions(source: Source) -> Iterator[Block]:
    rows = tuple((Span(title), Span(text)) for title, _, text in (source.titles[f.code] for f in whole_figures(source)))
    yield Grid("", ("指标", "口径"), rows, (1, 3))


# ---- workbook ----------------------------------------------------------------------------------------------


def statistics_book(source: Source) -> bytes:
    """The same tables as a workbook."""
    sheets = (
        _whole_sheet(source),
        _part_sheet(source, "分行业领域", BY_FIELD, FIELDS),
        _part_sheet(source, "分月", BY_MONTH, [f"m{month:02d}" for month in range(1, source.cut_off.month + 1)]),
    )
    return workbook(sheets, author=source.office, on=source.cut_off)


def _value(figure: Figure | None) -> Any:
    if figure is None:
        return ""
    value = figure.value
    if value is None:
        return "—"
    return int(value) if figure.unit is Unit.COUNT else value


def _title(source: Source, name: str, on: date) -> str:
    return f"{source.office}{source.year}年度执法统计（{name}，截至{on.isoformat()}）"


def _whole_sheet(source: Source) -> Sheet:
    columns = (
        Column("指标", 34),
        Column("单位", 9),
        Column("本期", 12, Kind.NUMBER),
        Column("上年同期", 12, Kind.NUMBER),
        Column("分子", 12, Kind.WHOLE),
        Column("分母", 12, Kind.WHOLE),
        Column("口径", 70),
    )
    rows = []
    for figure in whole_figures(source):
        title, unit, text = source.titles[figure.code]
        before = source.figures.get((figure.code, LAST_YEAR))
        rows.append((title, unit, _value(figure), _value(before), figure.numerator, figure.denominator, text))
    return Sheet("年度汇总", _title(source, "年度汇总", source.cut_off), columns, rows, NOTE)


def _part_sheet(source: Source, name: str, codes: Iterable[str], parts: Iterable[str]) -> Sheet:
    codes = tuple(codes)
    columns = (Column("范围", 24), *(Column(_head(source, code), 13, Kind.NUMBER) for code in codes))
    rows = [(source.part_names[part], *(_value(source.figure(code, part)) for code in codes)) for part in parts]
    rows.append(("合计", *(_value(source.figure(code)) for code in codes)))
    return Sheet(name, _title(source, name, source.cut_off), columns, rows, NOTE)
