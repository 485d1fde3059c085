"""The year-end report and the statistics tables, composed from figures and findings as blocks.

Sentences come from `resources/report/report.toml`, numbers from the figures alone; what only people can write is left
as 〔…〕 for them. A section that the office rewrote keeps its tables and charts. Knows no file format.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from desktop.documents.blocks import (
    Align,
    Block,
    Break,
    Chart,
    FigureKey,
    Grid,
    Heading,
    Paper,
    Paragraph,
    Series,
    Span,
    Title,
    said,
)
from desktop.domain.statistics import FIELDS, KEY_SHARE_FLOOR, LAST_YEAR, Figure, Unit
from resources import resource

TO_WRITE = re.compile(r"〔[^〕]*〕")
_PLACE = re.compile(r"\{([a-z0-9_]+)(?:@([a-z0-9_.]+))?\}")
_HEADING_2 = re.compile(r"（[一二三四五六七八九十]+）[^。；]{1,24}")
UNCONFIRMED = "待法制人员确认"


@dataclass(frozen=True, slots=True)
class Late:
    """A re-inspection that was late, or is."""

    enterprise: str
    what: str
    due_on: str
    done_on: str
    days: int
    note: str


@dataclass(frozen=True, slots=True)
class Overdue:
    """An obligation past its legal day at the cut-off."""

    enterprise: str
    what: str
    due_on: str
    days: int
    note: str


@dataclass(frozen=True, slots=True)
class OpenMajor:
    """A major hazard that is not cleared."""

    enterprise: str
    description: str
    found_on: str
    due_on: str
    status: str


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One of the seven points: what the records show, what is wrong, and what they cannot show."""

    point: str
    shows: str
    problems: tuple[str, ...]
    limit: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What the records say beyond figures: starting material for what people write."""

    top_hazards: tuple[tuple[str, int], ...] = ()
    top_enterprises: tuple[tuple[str, int], ...] = ()
    late: tuple[Late, ...] = ()
    overdue: tuple[Overdue, ...] = ()
    majors: tuple[OpenMajor, ...] = ()
    uncertified: tuple[str, ...] = ()
    certificates_expiring: int = 0
    permits_expiring: int = 0
    unconfirmed_rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """All that a report is made of."""

    office: str
    county: str
    bureau: str
    contact: str
    phone: str
    year: int
    cut_off: date
    figures: Mapping[FigureKey, Figure]
    titles: Mapping[str, tuple[str, str, str]]
    part_names: Mapping[str, str]
    findings: Findings = Findings()
    official: str = "inspections"
    bodies: Mapping[str, str] = field(default_factory=dict)

    def figure(self, code: str, part: str = "") -> Figure:
        """A figure; a part that has none counts nothing."""
        return self.figures.get((code, part), Figure(code, part, self.figures[(code, "")].unit, 0))


@cache
def templates() -> Mapping[str, Any]:
    """The shipped wording."""
    return tomllib.loads(resource("report/report.toml").read_text(encoding="utf-8"))


@cache
def section_titles() -> Mapping[str, str]:
    """The sections in order, by id."""
    return {row["id"]: row["title"] for row in templates()["section"]}


# ---- sentences ---------------------------------------------------------------------------------------------


def facts(source: Source) -> dict[str, str]:
    """The words and lists that sentences use beside figures; an empty one counts as not there."""
    found, words = source.findings, templates()["words"]
    share = source.figure(f"share_{source.official}")
    floor = f"{KEY_SHARE_FLOOR}%"
    judged = words["no_share"] if share.value is None else words["met" if share.value >= KEY_SHARE_FLOOR else "not_met"]
    return {
        **_names(source),
        "material": words["material"],
        "official_counting": f"采用{_COUNTINGS[source.official]}的口径，占比{share.text}",
        "share_judged": judged.format(floor=floor),
        "share_is_low": "1" if share.value is not None and share.value < KEY_SHARE_FLOOR else "",
        "plan_undone": _number(source.figure("plan_items").numerator - source.figure("plan_done").numerator),
        "late_count": _number(len(found.late)),
        "top_hazards": "、".join(f"“{text}”（{number}条）" for text, number in found.top_hazards[:3]),
        "top_enterprises": "、".join(name for name, _ in found.top_enterprises[:3]),
        "top_field": _top_field(source),
        "uncertified": "、".join(found.uncertified),
        "certificates_expiring": str(found.certificates_expiring),
        "permits_expiring": str(found.permits_expiring),
        "expiring": _number(found.certificates_expiring + found.permits_expiring),
        **{f"versus_{code}": versus(source, code) for code in _COMPARED},
    }


_COUNTINGS = {"inspections": "按检查计", "documents": "按文书计", "cases": "按案件计"}
_COMPARED = ("inspections", "hazards_found", "cases_pre", "fines_pre")


def _number(number: int) -> str:
    return str(number) if number else ""


def _names(source: Source) -> dict[str, str]:
    words = templates()["words"]
    return {
        "office": source.office,
        "year": str(source.year),
        "next_year": str(source.year + 1),
        "first_day": f"{source.year}年1月1日",
        "cut_off_day": long_day(source.cut_off),
        "addressee": f"{source.bureau or '市应急管理局'}监察大队",
        "basis": words["basis_2020"] if source.year == 2020 and "启东" in source.county else words["basis"],
    }


def long_day(on: date) -> str:
    """`2026年12月20日`."""
    return f"{on.year}年{on.month}月{on.day}日"


def versus(source: Source, code: str) -> str:
    """How a figure compares with the same period last year, in words that follow the number."""
    now, before = source.figure(code).numerator, source.figure(code, LAST_YEAR).numerator
    if not before:
        return "（上年同期无记录，不作比较）"
    if now == before:
        return "（与上年同期持平）"
    change = abs(now - before) * 100 / before
    return f"（比上年同期{'上升' if now > before else '下降'}{change:.1f}%）"


def _top_field(source: Source) -> str:
    fields = [(source.figure("hazards_found", part).numerator, part) for part in FIELDS]
    number, part = max(fields, key=lambda each: each[0])
    return source.part_names[part] if number else ""


def spans(text: str, source: Source, told: Mapping[str, str]) -> tuple[Span, ...]:
    """A sentence with its figures and facts filled in; what is not known stays as it was written."""
    made: list[Span] = []
    at = 0
    for place in _PLACE.finditer(text):
        made.append(Span(text[at : place.start()]))
        made.append(_filled(place, source, told))
        at = place.end()
    made.append(Span(text[at:]))
    return tuple(span for span in made if span.text)


def _filled(place: re.Match[str], source: Source, told: Mapping[str, str]) -> Span:
    code, part = place[1], place[2] or ""
    if (code, "") in source.figures:
        return Span(source.figure(code, part).text, (code, part))
    return Span(told.get(code, place[0]))


def sentence(text: str, source: Source) -> str:
    """A sentence as plain text."""
    return "".join(span.text for span in spans(text, source, facts(source)))


def _is_used(line: Any, source: Source, told: Mapping[str, str]) -> bool:
    if isinstance(line, str):
        return True

    def is_there(name: str) -> bool:
        if (name, "") in source.figures:
            return bool(source.figure(name).numerator)
        return bool(told.get(name))

    return all(map(is_there, line.get("needs", ()))) and not any(map(is_there, line.get("lacks", ())))


def written_lines(section: str, source: Source) -> list[tuple[Span, ...]]:
    """The lines of a section: the office's own, or computed."""
    told = facts(source)
    own = source.bodies.get(section)
    if own is not None:
        return [spans(line.strip(), source, told) for line in own.splitlines() if line.strip()]
    template = next(row for row in templates()["section"] if row["id"] == section)
    used = [line for line in template["lines"] if _is_used(line, source, told)]
    return [
        spans(line, source, told) for line in _counted(line if isinstance(line, str) else line["text"] for line in used)
    ]


def _counted(lines: Iterable[str]) -> Iterator[str]:
    """Number the lines that begin with （#） or #., so that a line left out leaves no gap."""
    counts = {"（#）": 0, "#.": 0}
    for line in lines:
        for sign in counts:
            if line.startswith(sign):
                counts[sign] += 1
                number = f"（{_NUMERALS[counts[sign]]}）" if sign == "（#）" else f"{counts[sign]}."
                line = number + line.removeprefix(sign)
        yield line


_NUMERALS = "〇一二三四五六七八九十"


def body_text(section: str, source: Source) -> str:
    """What the editor of a section shows: the lines as they would be printed."""
    return "\n".join("".join(span.text for span in line) for line in written_lines(section, source))


# ---- the report --------------------------------------------------------------------------------------------


def report(source: Source, mark: str = "") -> Paper:
    """The whole report: letter, title, nine sections."""
    title = f"{source.office}{source.year}年度安全生产执法工作总结"
    blocks: list[Block] = [
        *_letter(source),
        Break(),
        Title(title.replace(f"{source.year}年度", f"\n{source.year}年度", 1)),
    ]
    for section in section_titles():
        blocks += section_blocks(section, source)
    blocks += _ending(source)
    return Paper(title, source.office, source.cut_off.isoformat(), tuple(blocks), mark)


def _letter(source: Source) -> list[Block]:
    told, letter = facts(source), templates()["letter"]
    lines = [spans(line, source, told) for line in letter["lines"]]
    attached = [spans(line, source, told) for line in letter["attachments"]]
    contact = "，".join(
        text
        for text in (
            f"联系人：{source.contact}" if source.contact else "",
            f"联系电话：{source.phone}" if source.phone else "",
        )
        if text
    )
    return [
        Title(sentence(letter["title"], source)),
        Paragraph(lines[0], Align.PLAIN),
        *(Paragraph(line) for line in lines[1:]),
        Paragraph(said("附件：")),
        *(Paragraph(line) for line in attached),
        *([Paragraph(said(contact))] if contact else []),
        Paragraph(()),
        *_signature(source),
    ]


def _signature(source: Source) -> list[Block]:
    """The place of the seal; the day is written when the paper is sealed."""
    return [
        Paragraph(said(f"{source.office}（盖章）"), Align.RIGHT),
        Paragraph(said("\u3000\u3000\u3000\u3000年\u3000\u3000月\u3000\u3000日"), Align.RIGHT),
    ]


def _ending(source: Source) -> list[Block]:
    note = f"数据统计截止{long_day(source.cut_off)}；各项数字的口径见执法统计表。"
    rules = source.findings.unconfirmed_rules
    extra = f"本报告所用时限规则中，以下各项{UNCONFIRMED}：{'、'.join(rules)}。" if rules else ""
    return [
        Paragraph(()),
        *_signature(source),
        Paragraph(said(note), Align.NOTE),
        *([Paragraph(said(extra), Align.NOTE)] if extra else []),
    ]


def section_blocks(section: str, source: Source) -> list[Block]:
    """The blocks of one section."""
    template = next(row for row in templates()["section"] if row["id"] == section)
    title = sentence(template["title"], source)
    blocks: list[Block] = [Heading(1, title, section)]
    blocks += [_line(line) for line in written_lines(section, source)]
    for name in template.get("blocks", ()):
        blocks += _ILLUSTRATIONS[name](source)
    return blocks


def _line(line: tuple[Span, ...]) -> Block:
    text = "".join(span.text for span in line)
    return Heading(2, text) if _HEADING_2.fullmatch(text) else Paragraph(line)


def unwritten(source: Source) -> list[tuple[str, str]]:
    """The sections where something is left for people to write, with what."""
    return [(section, found) for section in section_titles() for found in TO_WRITE.findall(body_text(section, source))]


# ---- tables and charts -------------------------------------------------------------------------------------


def number(source: Source, code: str, part: str = "") -> Span:
    """A cell that prints a figure."""
    return Span(source.figure(code, part).text, (code, part))


def _months(source: Source) -> list[str]:
    return [f"m{month:02d}" for month in range(1, source.cut_off.month + 1)]


def _values(source: Source, code: str, parts: Iterable[str]) -> tuple[float | None, ...]:
    found = [source.figure(code, part).value for part in parts]
    return tuple(None if value is None else float(value) for value in found)


def _chart_months(source: Source) -> Iterator[Block]:
    parts = _months(source)
    labels = tuple(source.part_names[part] for part in parts)
    series = (
        Series("检查家次", _values(source, "inspections", parts)),
        Series("发现隐患", _values(source, "hazards_found", parts)),
    )
    yield Chart(f"{source.year}年各月检查家次和发现隐患", labels, series)


def _table_months(source: Source) -> Iterator[Block]:
    codes = (
        "enterprises_inspected",
        "inspections",
        "hazards_found",
        "hazards_major_found",
        "hazards_rectified",
        "cases",
        "fines",
    )
    heads = ("月份", "检查企业", "检查家次", "发现隐患", "重大隐患", "其中已整改", "立案", "罚款（万元）")
    rows = [
        (Span(source.part_names[part]), *(number(source, code, part) for code in codes)) for part in _months(source)
    ]
    rows.append((Span("累计"), *(number(source, code) for code in codes)))
    note = "检查企业按月去重，同一企业跨月重复检查的，累计只计一次，故各月之和不等于累计。已整改按隐患发现月份统计。"
    yield Grid(
        f"{source.year}年各月执法情况",
        heads,
        tuple(rows),
        (1.1, 1, 1, 1, 1, 1.1, 0.8, 1.3),
        frozenset(range(1, 8)),
        note,
    )


def _chart_share(source: Source) -> Iterator[Block]:
    codes = ("share_inspections", "share_documents", "share_cases")
    values = tuple(_values(source, code, [""])[0] for code in codes)
    yield Chart(
        "重点监管执法量占比",
        ("按检查计", "按文书计", "按案件计"),
        (Series("占比", values),),
        float(KEY_SHARE_FLOOR),
        f"要求不低于 {KEY_SHARE_FLOOR}%",
        is_share=True,
    )


def _chart_fields(source: Source) -> Iterator[Block]:
    labels = ("危险化学品", "冶金等工贸", "烟花爆竹", "其他行业", "未分行业")
    series = (
        Series("一般隐患", _values(source, "hazards_general_found", FIELDS)),
        Series("重大隐患", _values(source, "hazards_major_found", FIELDS)),
    )
    yield Chart("各行业领域发现隐患", labels, series)


def _table_fields(source: Source) -> Iterator[Block]:
    codes = (
        "enterprises_inspected",
        "inspections",
        "hazards_found",
        "hazards_major_found",
        "hazards_rectified",
        "cases",
        "cases_pre",
        "fines",
    )
    heads = ("行业领域", "检查企业", "检查家次", "发现隐患", "重大隐患", "已整改", "立案", "事前立案", "罚款（万元）")
    rows = [(Span(source.part_names[part]), *(number(source, code, part) for code in codes)) for part in FIELDS]
    rows.append((Span("合计"), *(number(source, code) for code in codes)))
    yield Grid(
        "各行业领域执法情况",
        heads,
        tuple(rows),
        (1.9, 1.05, 1.05, 1.05, 1.05, 0.9, 0.7, 1.05, 1.1),
        frozenset(range(1, 9)),
    )


def _table_majors(source: Source) -> Iterator[Block]:
    if source.findings.majors:
        rows = [
            _texts(each.enterprise, each.description, each.found_on, each.due_on or "未定期限", each.status)
            for each in source.findings.majors
        ]
        yield Grid(
            "未销号重大隐患", ("企业", "隐患", "发现日期", "整改期限", "状态"), tuple(rows), (2, 3, 1.3, 1.3, 1.2)
        )


def _table_late(source: Source) -> Iterator[Block]:
    yield from _limited(
        "未按时限完成的复查",
        ("企业", "事项", "应完成", "实际完成", "超期天数", "说明"),
        [
            _texts(each.enterprise, each.what, each.due_on, each.done_on or "未完成", str(each.days), each.note or "—")
            for each in source.findings.late
        ],
        (2, 2.2, 1.35, 1.35, 1.05, 1.4),
        frozenset({4}),
    )


def _table_overdue(source: Source) -> Iterator[Block]:
    yield from _limited(
        "逾期未办事项",
        ("企业", "事项", "截止日", "逾期天数", "说明"),
        [
            _texts(each.enterprise or "—", each.what, each.due_on, str(each.days), each.note or "—")
            for each in source.findings.overdue
        ],
        (2, 2.4, 1.3, 1.05, 1.6),
        frozenset({3}),
    )


def _table_hazards(source: Source) -> Iterator[Block]:
    rows = [_texts(text, str(count)) for text, count in source.findings.top_hazards]
    yield from _limited("出现最多的隐患", ("隐患", "条数"), rows, (5, 1), frozenset({1}))


LONGEST = 12


def _limited(
    title: str,
    heads: tuple[str, ...],
    rows: Sequence[tuple[Span, ...]],
    widths: tuple[float, ...],
    numeric: frozenset[int],
) -> Iterator[Block]:
    """A table of the first rows; the ledgers hold the rest, and the note says so."""
    if rows:
        note = f"共 {len(rows)} 项，此处列出前 {LONGEST} 项，其余见台账。" if len(rows) > LONGEST else ""
        yield Grid(title, heads, tuple(rows[:LONGEST]), widths, numeric, note)


def _texts(*texts: str) -> tuple[Span, ...]:
    return tuple(Span(text) for text in texts)


_ILLUSTRATIONS = {
    "chart_months": _chart_months,
    "table_months": _table_months,
    "chart_share": _chart_share,
    "chart_fields": _chart_fields,
    "table_fields": _table_fields,
    "table_majors": _table_majors,
    "table_late": _table_late,
    "table_overdue": _table_overdue,
    "table_hazards": _table_hazards,
}


def unit_of(figure: Figure, source: Source) -> str:
    """The unit to print beside a figure: a share carries its own sign."""
    return "" if figure.unit is Unit.PERCENT else source.titles[figure.code][1]
