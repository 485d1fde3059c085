"""A paper as PDF, in the layout of official documents: A4, margins 37/35/28/26 mm, 三号 type, numbered pages.

The same paper gives the same bytes: no clock, no machine fonts. What no bundled font can draw is told, not hidden.
"""

import io
from collections.abc import Iterator
from html import escape
from typing import Any

from desktop.documents import charts, fonts
from desktop.documents.blocks import (
    Align,
    Block,
    Break,
    Chart,
    Grid,
    Heading,
    Made,
    Paper,
    Paragraph,
    Span,
    Title,
    text_of,
)
from desktop.documents.fonts import Role

MM = 72 / 25.4
TOP, BOTTOM, LEFT, RIGHT = 37 * MM, 35 * MM, 28 * MM, 26 * MM
SIZE, LEADING = 16, 28
HEADINGS = {1: Role.HEADING, 2: Role.KAI, 3: Role.BODY}
LINE = "#8A94A3"


def pdf(paper: Paper) -> Made:
    """The paper as a PDF file."""
    with fonts.LOCK:
        for name in fonts.font_files():
            _registered_family(name)
        target = io.BytesIO()
        _document(paper, target).build(list(_flow(paper)), canvasmaker=_numbered(paper))
    return Made(target.getvalue(), fonts.undrawable(text_of(paper.blocks)))


def _registered_family(name: str) -> None:
    from reportlab.pdfbase.pdfmetrics import registerFontFamily

    fonts.registered(name)
    own = fonts.pdf_name(name)
    registerFontFamily(own, normal=own, bold=own, italic=own, boldItalic=own)


def _document(paper: Paper, target: io.BytesIO) -> Any:
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    wide, tall = landscape(A4) if paper.landscape else A4
    left, right, top, bottom = (20 * MM, 20 * MM, 22 * MM, 20 * MM) if paper.landscape else (LEFT, RIGHT, TOP, BOTTOM)
    document = BaseDocTemplate(
        target, pagesize=(wide, tall), title=paper.title, author=paper.author, creator="TownSafe", keywords=paper.mark,
        leftMargin=left, rightMargin=right, topMargin=top, bottomMargin=bottom, invariant=1, pageCompression=1,
    )
    frame = Frame(left, bottom, wide - left - right, tall - top - bottom, 0, 0, 0, 0)
    document.addPageTemplates(PageTemplate("page", [frame]))
    return document


def _numbered(paper: Paper) -> Any:
    """A canvas that prints — 1 — below each page, outside on both sides of the sheet."""
    from reportlab.pdfgen.canvas import Canvas

    font = fonts.pdf_name(fonts.file_of(Role.BODY))

    class Numbered(Canvas):  # type: ignore[misc]
        def showPage(self) -> None:
            self.saveState()
            self.setFont(font, 14)
            wide, number = self._pagesize[0], f"— {self._pageNumber} —"
            if paper.landscape:
                self.drawCentredString(wide / 2, 10 * MM, number)
            elif self._pageNumber % 2:
                self.drawRightString(wide - RIGHT - 14, BOTTOM - 12 * MM, number)
            else:
                self.drawString(LEFT + 14, BOTTOM - 12 * MM, number)
            self.restoreState()
            super().showPage()

    return Numbered


def _flow(paper: Paper) -> Iterator[Any]:
    from reportlab.platypus import PageBreak

    for block in paper.blocks:
        match block:
            case Break():
                yield PageBreak()
            case Chart():
                yield from _chart(block)
            case Grid():
                yield from _grid(block, paper.landscape)
            case _:
                yield _text(block)


def _style(role: Role, size: float, leading: float, **more: Any) -> Any:
    from reportlab.lib.styles import ParagraphStyle

    font = fonts.pdf_name(fonts.file_of(role))
    name = f"{role}-{size}-{sorted(more.items())}"
    return ParagraphStyle(name, fontName=font, fontSize=size, leading=leading, wordWrap="CJK", **more)


def _text(block: Block) -> Any:
    from reportlab.lib.enums import TA_CENTER, TA_RIGHT
    from reportlab.platypus import Paragraph as Text

    match block:
        case Title():
            style = _style(Role.TITLE, 22, 34, alignment=TA_CENTER, spaceBefore=6, spaceAfter=18)
            return Text(_marked(block.text, Role.TITLE), style)
        case Heading():
            role = HEADINGS[block.level]
            style = _style(role, SIZE, LEADING, firstLineIndent=2 * SIZE, keepWithNext=1, spaceBefore=4)
            return Text(_marked(block.text, role), style)
        case Paragraph():
            words = "".join(_marked(span.text, Role.BODY) for span in block.spans)
            more: dict[str, Any] = {
                Align.BODY: {"firstLineIndent": 2 * SIZE},
                Align.PLAIN: {},
                Align.CENTER: {"alignment": TA_CENTER},
                Align.RIGHT: {"alignment": TA_RIGHT, "rightIndent": 2 * SIZE},
                Align.NOTE: {"textColor": "#5F6672", "spaceAfter": 8},
            }[block.align]
            size, leading = (10.5, 16) if block.align is Align.NOTE else (SIZE, LEADING)
            return Text(words or "&nbsp;", _style(Role.BODY, size, leading, **more))
    raise TypeError(block)


def _marked(text: str, role: Role) -> str:
    """The text as reportlab's markup, each stretch in the font that has its characters."""
    pieces, _ = fonts.runs(text, role)
    plain = fonts.pdf_name(fonts.file_of(role))
    return "".join(
        escape(run.text, quote=False) if run.font == plain else f'<font name="{run.font}">{escape(run.text, quote=False)}</font>'
        for run in pieces
    ).replace("\n", "<br/>")


def _chart(chart: Chart) -> Iterator[Any]:
    from reportlab.platypus import Spacer

    yield Spacer(1, 8)
    yield charts.pdf_drawing(chart)
    yield Spacer(1, 8)


def _grid(grid: Grid, is_wide: bool) -> Iterator[Any]:
    from reportlab.lib.enums import TA_CENTER
    from reportlab.platypus import CondPageBreak, Spacer, Table
    from reportlab.platypus import Paragraph as Text

    yield CondPageBreak(90)
    if grid.title:
        style = _style(Role.HEADING, 12, 20, alignment=TA_CENTER, spaceBefore=8, spaceAfter=2, keepWithNext=1)
        yield Text(_marked(grid.title, Role.HEADING), style)
    head = [_cell(Span(text), Role.HEADING, TA_CENTER) for text in grid.headers]
    body = [[_cell(span, Role.BODY, 2 if at in grid.numeric else 0) for at, span in enumerate(row)] for row in grid.rows]
    whole = (842 - 40 * MM) if is_wide else (595.27 - LEFT - RIGHT)
    shares = grid.widths or tuple(1.0 for _ in grid.headers)
    widths = [whole * share / sum(shares) for share in shares]
    yield Table([head, *body], colWidths=widths, repeatRows=1, style=_grid_style())
    if grid.note:
        yield Text(_marked(grid.note, Role.BODY), _style(Role.BODY, 9, 14, textColor="#5F6672", spaceBefore=3))
    yield Spacer(1, 10)


def _cell(span: Span, role: Role, alignment: int) -> Any:
    from reportlab.platypus import Paragraph as Text

    return Text(_marked(span.text, role), _style(role, 10, 14, alignment=alignment))


def _grid_style() -> Any:
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import TableStyle

    return TableStyle(
        [
            ("GRID", (0, 0), (-1, -1), 0.5, HexColor(LINE)),
            ("BACKGROUND", (0, 0), (-1, 0), HexColor("#EEF2F7")),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("TOPPADDING", (0, 0), (-1, -1), 2.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
            ("LEFTPADDING", (0, 0), (-1, -1), 4),
            ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ]
    )
