"""A paper as PDF, in the layout of official documents: A4, margins 37/35/28/26 mm, 三号 type, numbered pages.

The same paper gives the same bytes: no clock, no machine fonts. What no bundled font can draw is told, not hidden.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
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
    Title,
    text_of,
)
from desktop.documents.fonts import Role
from desktop.documents.lines import lines

MM = 72 / 25.4
TOP, BOTTOM, LEFT, RIGHT = 37 * MM, 35 * MM, 28 * MM, 26 * MM
SIZE, LEADING = 16, 28
HEADINGS = {1: Role.HEADING, 2: Role.KAI, 3: Role.BODY}
LINE = "#8A94A3"


def pdf(paper: Paper) -> Made:
    """The paper as a PDF file."""
    with fonts.LOCK:
        register_fonts()
        target = io.BytesIO()
        _document(paper, target).build(list(_flow(paper)), canvasmaker=_numbered(paper))
    return Made(target.getvalue(), fonts.undrawable(text_of(paper.blocks)))


def register_fonts() -> None:
    """Make every bundled font known to reportlab; hold `fonts.LOCK` meanwhile."""
    for name in fonts.font_files():
        _registered_family(name)


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
        target,
        pagesize=(wide, tall),
        title=paper.title,
        author=paper.author,
        creator="TownSafe",
        keywords=paper.mark,
        leftMargin=left,
        rightMargin=right,
        topMargin=top,
        bottomMargin=bottom,
        invariant=1,
        pageCompression=1,
    )
    frame = Frame(left, bottom, wide - left - right, tall - top - bottom, 0, 0, 0, 0)
    document.addPageTemplates(PageTemplate("page", [frame]))
    return document


def _numbered(paper: Paper) -> Any:
    """A canvas that prints — 1 — below each page, outside on both sides of the sheet."""
    from reportlab.pdfgen.canvas import Canvas

    font = fonts.pdf_name(fonts.file_of(Role.BODY))

    class Numbered(Canvas):  # type: ignore[misc]
        def __init__(self, *args: Any, **more: Any) -> None:
            # Without this every file names Helvetica, a font that it neither uses nor carries.
            super().__init__(*args, **{**more, "initialFontName": font})

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

    whole = (842 - 40 * MM) if paper.landscape else (595.27 - LEFT - RIGHT)
    for block in paper.blocks:
        match block:
            case Break():
                yield PageBreak()
            case Chart():
                yield from _chart(block)
            case Grid():
                yield from _grid(block, whole)
            case _:
                yield _text(block, whole)


def _text(block: Block, whole: float) -> Any:
    match block:
        case Title():
            shape = Shape(Role.TITLE, 22, 34, Side.CENTER, before=6, after=18)
            return shape.paragraph(block.text, whole)
        case Heading():
            shape = Shape(HEADINGS[block.level], SIZE, LEADING, indent=2 * SIZE, before=4, with_next=True)
            return shape.paragraph(block.text, whole)
        case Paragraph():
            return _SHAPES[block.align].paragraph(block.text, whole)
    raise TypeError(block)


class Side(IntEnum):
    """Where lines stand; the numbers are reportlab's."""

    LEFT = 0
    CENTER = 1
    RIGHT = 2


@dataclass(frozen=True, slots=True)
class Shape:
    """How a paragraph is set. Lines are broken here, in `lines`, and arrive finished."""

    role: Role
    size: float
    leading: float
    side: Side = Side.LEFT
    indent: float = 0.0
    right: float = 0.0
    before: float = 0.0
    after: float = 0.0
    colour: str = "#000000"
    with_next: bool = False

    def paragraph(self, text: str, width: float) -> Any:
        """The text as a flowable of at most `width`."""
        from reportlab.platypus import Paragraph as Text

        made = lines(text, self.role, self.size, width - self.right, self.indent)
        return Text("<br/>".join(_marked(line, self.role) or "&nbsp;" for line in made), self._style())

    def _style(self) -> Any:
        from reportlab.lib.styles import ParagraphStyle

        return ParagraphStyle(
            str(self),
            fontName=fonts.pdf_name(fonts.file_of(self.role)),
            fontSize=self.size,
            leading=self.leading,
            alignment=int(self.side),
            firstLineIndent=self.indent,
            rightIndent=self.right,
            spaceBefore=self.before,
            spaceAfter=self.after,
            textColor=self.colour,
            keepWithNext=int(self.with_next),
            splitLongWords=0,
        )


_SHAPES = {
    Align.BODY: Shape(Role.BODY, SIZE, LEADING, indent=2 * SIZE),
    Align.PLAIN: Shape(Role.BODY, SIZE, LEADING),
    Align.CENTER: Shape(Role.BODY, SIZE, LEADING, Side.CENTER),
    Align.RIGHT: Shape(Role.BODY, SIZE, LEADING, Side.RIGHT, right=2 * SIZE),
    Align.NOTE: Shape(Role.BODY, 10.5, 16, after=8, colour="#5F6672"),
}


def _marked(text: str, role: Role) -> str:
    """The text as reportlab's markup, each stretch in the font that has its characters; spaces stay as they are."""
    pieces, _ = fonts.runs(text, role)
    plain = fonts.pdf_name(fonts.file_of(role))
    return "".join(
        _kept(run.text) if run.font == plain else f'<font name="{run.font}">{_kept(run.text)}</font>' for run in pieces
    )


def _kept(text: str) -> str:
    return escape(text, quote=False).replace("\u3000", "&nbsp;&nbsp;&nbsp;&nbsp;").replace(" ", "&nbsp;")


def _chart(chart: Chart) -> Iterator[Any]:
    from reportlab.platypus import Flowable, Spacer

    class Drawn(Flowable):  # type: ignore[misc]
        def wrap(self, room: float, _: float) -> tuple[float, float]:
            self.left = (room - charts.WIDTH) / 2
            return room, charts.height_of(chart)

        def draw(self) -> None:
            charts.draw(self.canv, chart, self.left, 0)

    yield Spacer(1, 8)
    yield Drawn()
    yield Spacer(1, 8)


def _grid(grid: Grid, whole: float) -> Iterator[Any]:
    from reportlab.platypus import CondPageBreak, KeepTogether, Spacer, Table

    shares = grid.widths or tuple(1.0 for _ in grid.headers)
    widths = [whole * share / sum(shares) for share in shares]
    head = [_cell(text, HEAD_CELL, width) for text, width in zip(grid.headers, widths, strict=True)]
    body = [
        [_cell(span.text, NUMBER_CELL if at in grid.numeric else CELL, widths[at]) for at, span in enumerate(row)]
        for row in grid.rows
    ]
    is_short = len(grid.rows) <= SHORT
    pieces = [replace(CAPTION, with_next=is_short).paragraph(grid.title, whole)] if grid.title else []
    pieces.append(Table([head, *body], colWidths=widths, repeatRows=1, style=_grid_style()))
    pieces += [TABLE_NOTE.paragraph(grid.note, whole)] if grid.note else []
    if is_short:
        yield KeepTogether(pieces)
    else:
        yield CondPageBreak(120)
        yield from pieces
    yield Spacer(1, 10)


SHORT = 8
PADDING = 2.5
CAPTION = Shape(Role.HEADING, 12, 20, Side.CENTER, before=8, after=2, with_next=True)
TABLE_NOTE = Shape(Role.BODY, 9, 14, before=3, colour="#5F6672")
HEAD_CELL = Shape(Role.HEADING, 10, 14, Side.CENTER)
CELL = Shape(Role.BODY, 10, 14)
NUMBER_CELL = Shape(Role.BODY, 10, 14, Side.RIGHT)


def _cell(text: str, shape: Shape, width: float) -> Any:
    return shape.paragraph(text, width - 2 * PADDING)


def _grid_style() -> Any:
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import TableStyle

    return TableStyle(
        [
            ("FONTNAME", (0, 0), (-1, -1), fonts.pdf_name(fonts.file_of(Role.BODY))),
            ("GRID", (0, 0), (-1, -1), 0.5, HexColor(LINE)),
            ("BACKGROUND", (0, 0), (-1, 0), HexColor("#EEF2F7")),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("TOPPADDING", (0, 0), (-1, -1), 2.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
            ("LEFTPADDING", (0, 0), (-1, -1), PADDING),
            ("RIGHTPADDING", (0, 0), (-1, -1), PADDING),
        ]
    )
