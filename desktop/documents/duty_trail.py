"""尽职留痕 on paper: the acts in their order, what was late, and every paper and file with its hash.

It bears the day it speaks of and no other: no clock, so the same trail is the same file.
"""

from dataclasses import dataclass

from desktop.documents.blocks import Align, Block, Grid, Heading, Made, Paper, Paragraph, Span, Title, said
from desktop.documents.pdf import pdf

Line = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrailSheet:
    """Everything as words. `on` is the day that the trail speaks of."""

    title: str
    office: str
    on: str
    head: str
    acts: tuple[Line, ...]
    duties: tuple[Line, ...]
    late: tuple[str, ...]
    papers: tuple[Line, ...]
    files: tuple[Line, ...]
    closing: str


ACTS = (("序号", "日期", "类别", "事项", "内容", "人员", "录入"), (5, 10, 9, 16, 38, 12, 13))
DUTIES = (("种类", "事项", "由谁办", "经办", "期限", "当日状态", "说明"), (9, 27, 7, 8, 14, 17, 18))
PAPERS = (("签发", "文书", "文号", "状态", "SHA-256"), (10, 20, 22, 12, 39))
FILES = (("加入", "属于", "文件", "字节", "SHA-256"), (10, 9, 33, 10, 39))


def trail_pdf(sheet: TrailSheet) -> Made:
    """The trail as a PDF file, across."""
    return pdf(Paper(sheet.title, sheet.office, sheet.on, tuple(_blocks(sheet)), landscape=True))


def _blocks(sheet: TrailSheet) -> list[Block]:
    date_line = "　".join(part for part in (sheet.office, f"截至{sheet.on}") if part)
    return [
        Title(sheet.title),
        Paragraph(said(date_line), Align.CENTER),
        Paragraph(said(sheet.head), Align.NOTE),
        *_part("一、经过", *ACTS, sheet.acts, "截至当日没有记录在案的事项。"),
        Heading(1, "二、逾期和迟办"),
        *[Paragraph(said(line), Align.NOTE) for line in sheet.late or ("截至当日没有逾期或者迟办的事项。",)],
        *_part("三、时限事项", *DUTIES, sheet.duties, "截至当日没有时限事项。"),
        *_part("四、签发的文书", *PAPERS, sheet.papers, "截至当日没有签发过文书。"),
        *_part("五、附件和照片", *FILES, sheet.files, "截至当日没有附件。"),
        Paragraph(said(sheet.closing), Align.NOTE),
    ]


def _part(title: str, heads: Line, widths: tuple[float, ...], rows: tuple[Line, ...], empty: str) -> list[Block]:
    if not rows:
        return [Heading(1, title), Paragraph(said(empty), Align.NOTE)]
    lines = tuple(tuple(Span(words) for words in row) for row in rows)
    return [Heading(1, title), Grid("", heads, lines, widths)]
