"""A paper as an editable Word file: the same words, the fonts that official documents ask for, margins 37/35/28/26 mm.

East Asian fonts are named for every run, so that Word and WPS use 仿宋, 黑体 and 楷体 where they are installed. Each
number that a figure gave stands in a bookmark of its own: it can be edited like any text, and found again.
"""

import io
from datetime import datetime
from typing import Any

from desktop.documents import charts
from desktop.documents.archive import settled
from desktop.documents.blocks import Align, Block, Break, Chart, Grid, Heading, Paper, Paragraph, Span, Title
from desktop.domain.statistics import figure_mark

SONG, FANG, HEI, KAI = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
LATIN = "Times New Roman"
MARGINS = {"top_margin": 37, "bottom_margin": 35, "left_margin": 28, "right_margin": 26}
HEADING_FONTS = {1: HEI, 2: KAI, 3: FANG}


def docx(paper: Paper) -> bytes:
    """The paper as a .docx file, the same bytes for the same paper."""
    from docx import Document

    document = Document()
    _set_up(document, paper)
    marks = _Marks()
    for block in paper.blocks:
        _add(document, block, marks)
    target = io.BytesIO()
    document.save(target)
    return settled(target.getvalue())


class _Marks:
    """Numbers the bookmarks of one document."""

    def __init__(self) -> None:
        self.count = 0

    def wrap(self, run: Any, figure: tuple[str, str]) -> None:
        """Put the run into a bookmark that names its figure."""
        self.count += 1
        name = f"{figure_mark(*figure)}_{self.count}"
        run._r.addprevious(_element("w:bookmarkStart", {"w:id": str(self.count), "w:name": name}))
        run._r.addnext(_element("w:bookmarkEnd", {"w:id": str(self.count)}))


def _element(tag: str, attributes: dict[str, str]) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(name), value)
    return element


def _set_up(document: Any, paper: Paper) -> None:
    from docx.shared import Mm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for name, size in MARGINS.items():
        setattr(section, name, Mm(size))
    style = document.styles["Normal"]
    style.font.size = Pt(16)
    _name_fonts(style.font, style.element.get_or_add_rPr(), FANG)
    style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing = Pt(28)
    _page_numbers(section)
    told, moment = document.core_properties, datetime.fromisoformat(paper.on)
    told.title, told.author, told.last_modified_by, told.comments = paper.title, paper.author, paper.author, ""
    told.created = told.modified = moment
    told.revision = 1


def _name_fonts(font: Any, properties: Any, east: str) -> None:
    from docx.oxml.ns import qn

    font.name = LATIN
    fonts = properties.get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), east)
    fonts.set(qn("w:hAnsi"), LATIN)


def _page_numbers(section: Any) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    line = section.footer.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(line, "— ", FANG, 14)
    run = _run(line, "", FANG, 14)
    for kind in ("begin", None, "end"):
        if kind is None:
            code = _element("w:instrText", {"xml:space": "preserve"})
            code.text = " PAGE "
            run._r.append(code)
        else:
            run._r.append(_element("w:fldChar", {"w:fldCharType": kind}))
    _run(line, " —", FANG, 14)


def _run(line: Any, text: str, east: str, size: float, *, bold: bool = False) -> Any:
    from docx.shared import Pt

    run = line.add_run(text)
    run.font.size, run.bold = Pt(size), bold or None
    _name_fonts(run.font, run._r.get_or_add_rPr(), east)
    return run


def _add(document: Any, block: Block, marks: _Marks) -> None:
    match block:
        case Title():
            _add_title(document, block)
        case Heading():
            _add_heading(document, block)
        case Paragraph():
            _add_paragraph(document.add_paragraph(), block, marks)
        case Grid():
            _add_grid(document, block, marks)
        case Chart():
            _add_chart(document, block)
        case Break():
            document.add_page_break()


def _add_title(document: Any, block: Title) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    line = document.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.paragraph_format.space_after, line.paragraph_format.line_spacing = Pt(18), Pt(34)
    _run(line, block.text, SONG, 22)


def _add_heading(document: Any, block: Heading) -> None:
    from docx.shared import Pt, RGBColor

    line = document.add_heading(level=block.level)
    line.paragraph_format.first_line_indent = Pt(32)
    line.paragraph_format.space_before = Pt(4)
    run = _run(line, block.text, HEADING_FONTS[block.level], 16)
    run.bold, run.italic, run.font.color.rgb = False, False, RGBColor(0, 0, 0)


def _add_paragraph(line: Any, block: Paragraph, marks: _Marks) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    shape, size = line.paragraph_format, 10.5 if block.align is Align.NOTE else 16
    if block.align is Align.BODY:
        shape.first_line_indent = Pt(32)
    elif block.align is Align.CENTER:
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    elif block.align is Align.RIGHT:
        line.alignment, shape.right_indent = WD_ALIGN_PARAGRAPH.RIGHT, Pt(32)
    elif block.align is Align.NOTE:
        shape.line_spacing = Pt(16)
    _add_spans(line, block.spans, size, marks)


def _add_spans(line: Any, spans: tuple[Span, ...], size: float, marks: _Marks) -> None:
    for span in spans:
        run = _run(line, span.text, FANG, size)
        if span.figure is not None:
            marks.wrap(run, span.figure)


def _add_grid(document: Any, grid: Grid, marks: _Marks) -> None:
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.shared import Mm, Pt

    if grid.title:
        _add_caption(document, grid.title)
    table = document.add_table(rows=1, cols=len(grid.headers))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    shares = grid.widths or tuple(1.0 for _ in grid.headers)
    widths = [Mm(156 * share / sum(shares)) for share in shares]
    for at, text in enumerate(grid.headers):
        _fill(table.rows[0].cells[at], Span(text), widths[at], marks, is_head=True)
    table.rows[0]._tr.get_or_add_trPr().append(_element("w:tblHeader", {"w:val": "true"}))
    for row in grid.rows:
        cells = table.add_row().cells
        for at, span in enumerate(row):
            _fill(cells[at], span, widths[at], marks, is_number=at in grid.numeric)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(_element("w:cantSplit", {"w:val": "true"}))
    after = document.add_paragraph()
    after.paragraph_format.line_spacing = Pt(16)
    if grid.note:
        _run(after, grid.note, FANG, 9)


def _add_caption(document: Any, text: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    line = document.add_paragraph()
    line.alignment, line.paragraph_format.keep_with_next = WD_ALIGN_PARAGRAPH.CENTER, True
    line.paragraph_format.line_spacing, line.paragraph_format.space_before = Pt(20), Pt(8)
    _run(line, text, HEI, 12)


def _fill(cell: Any, span: Span, width: Any, marks: _Marks, *, is_head: bool = False, is_number: bool = False) -> None:
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    cell.width, cell.vertical_alignment = width, WD_CELL_VERTICAL_ALIGNMENT.CENTER
    line = cell.paragraphs[0]
    line.paragraph_format.line_spacing = Pt(15)
    if is_head:
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        cell._tc.get_or_add_tcPr().append(_element("w:shd", {"w:val": "clear", "w:color": "auto", "w:fill": "EEF2F7"}))
        _run(line, span.text, HEI, 10)
        return
    if is_number:
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _add_spans(line, (span,), 10, marks)


def _add_chart(document: Any, chart: Chart) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
    from docx.shared import Mm

    line = document.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    picture = line.add_run().add_picture(io.BytesIO(charts.png(chart)), width=Mm(152))
    picture._inline.docPr.set("descr", chart.title)
