"""The manual as a PDF to print or pass on: cover, contents with page numbers, chapters with their pictures.

The same manual gives the same bytes: no clock, no machine fonts. Contents come before what they list, so the whole is
laid out twice: once to learn the pages, once to print them.
"""

import io
from collections.abc import Iterator, Mapping
from typing import Any

from desktop.documents import fonts
from desktop.documents.blocks import Made
from desktop.documents.fonts import Role
from desktop.documents.lines import width_of
from desktop.documents.manual import TITLE, Head, Kind, Manual, Picture, Words, manual, picture, plain
from desktop.documents.pdf import MM, Shape, Side, register_fonts

EDGE, TOP, BOTTOM = 24 * MM, 22 * MM, 22 * MM
ACCENT, INK, QUIET, PALE, LINE = "#1456C7", "#1D2129", "#5F6672", "#F4F6F9", "#D5DAE1"
INDENT = 20.0
TALLEST = 86 * MM
"""Of a picture, so that two of them and their words fit on a page."""
COVER = "workbench.png"

_TITLE = Shape(Role.TITLE, 32, 44, Side.CENTER, colour=INK)
_SUBTITLE = Shape(Role.PLAIN, 13, 22, Side.CENTER, after=30, colour=QUIET)
_HEADS = {
    1: Shape(Role.HEADING, 21, 30, after=8, colour=ACCENT),
    2: Shape(Role.HEADING, 13, 20, before=10, after=3, colour=INK),
}
_LISTED = {1: Shape(Role.HEADING, 11.5, 24, colour=INK), 2: Shape(Role.PLAIN, 10, 16.5, colour=INK)}
_TEXT = Shape(Role.PLAIN, 10.5, 18, after=4, colour=INK)
_SMALL = Shape(Role.PLAIN, 9.5, 16, colour=INK)
_CAPTION = Shape(Role.PLAIN, 9, 14, Side.CENTER, before=2, after=8, colour=QUIET)


def manual_pdf(version: str) -> Made:
    """The manual of this version of the program."""
    told = manual()
    with fonts.LOCK:
        register_fonts()
        pages: dict[str, int] = {}
        _build(told, version, pages)
        content = _build(told, version, pages)
    return Made(content, fonts.undrawable(_all_words(told)))


def _all_words(told: Manual) -> Iterator[str]:
    for chapter in told.chapters:
        for block in chapter.blocks:
            yield block.caption if isinstance(block, Picture) else plain(block.text)


def _build(told: Manual, version: str, pages: dict[str, int]) -> bytes:
    target = io.BytesIO()
    _document(target, pages).build(list(_flow(told, version, dict(pages))), canvasmaker=_numbered())
    return target.getvalue()


def _document(target: io.BytesIO, pages: dict[str, int]) -> Any:
    """A document that notes on which page each heading came to stand, and marks it for the reader's outline."""
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    class Document(BaseDocTemplate):  # type: ignore[misc]
        def afterFlowable(self, flowable: Any) -> None:
            head: Head | None = getattr(flowable, "head", None)
            if head is not None:
                pages[head.anchor] = self.page
                self.canv.bookmarkPage(head.anchor)
                self.canv.addOutlineEntry(head.text, head.anchor, head.level - 1)

    wide, tall = A4
    made = Document(
        target, pagesize=A4, title=TITLE, author="TownSafe", creator="TownSafe", invariant=1, pageCompression=1
    )
    made.addPageTemplates(PageTemplate("page", [Frame(EDGE, BOTTOM, wide - 2 * EDGE, tall - TOP - BOTTOM, 0, 0, 0, 0)]))
    return made


def _numbered() -> Any:
    """A canvas that prints title and page number below each page but the cover."""
    from reportlab.pdfgen.canvas import Canvas

    font = fonts.pdf_name(fonts.file_of(Role.PLAIN))

    class Numbered(Canvas):  # type: ignore[misc]
        def __init__(self, *args: Any, **more: Any) -> None:
            # Without this every file names Helvetica, a font that it neither uses nor carries.
            super().__init__(*args, **{**more, "initialFontName": font})

        def showPage(self) -> None:
            if self._pageNumber > 1:
                self.saveState()
                self.setFont(font, 9)
                self.setFillColor(QUIET)
                self.drawString(EDGE, BOTTOM - 10 * MM, TITLE)
                self.drawRightString(self._pagesize[0] - EDGE, BOTTOM - 10 * MM, str(self._pageNumber))
                self.restoreState()
            super().showPage()

    return Numbered


def _width() -> float:
    from reportlab.lib.pagesizes import A4

    return float(A4[0] - 2 * EDGE)


def _flow(told: Manual, version: str, pages: Mapping[str, int]) -> Iterator[Any]:
    yield from _cover(version)
    yield from _contents(told, pages)
    for chapter in told.chapters:
        yield from _chapter(chapter.blocks)


def _cover(version: str) -> Iterator[Any]:
    from reportlab.platypus import PageBreak, Spacer

    yield Spacer(1, 62 * MM)
    yield _TITLE.paragraph(TITLE, _width())
    yield _SUBTITLE.paragraph(f"写给办事员，十分钟读完　版本 {version}", _width())
    yield _image(COVER, _width())
    yield PageBreak()


def _contents(told: Manual, pages: Mapping[str, int]) -> Iterator[Any]:
    yield _HEADS[1].paragraph("目录", _width())
    for head in told.heads:
        yield _listed(head, pages.get(head.anchor, 0))


def _listed(head: Head, page: int) -> Any:
    """A line of the contents: the words, dots, the page at the right; the whole line leads there."""
    from reportlab.platypus import Flowable

    shape = _LISTED[head.level]
    font = fonts.pdf_name(fonts.file_of(shape.role))

    class Line(Flowable):  # type: ignore[misc]
        def wrap(self, room: float, _: float) -> tuple[float, float]:
            self.room = room
            return room, shape.leading

        def draw(self) -> None:
            canvas, left, number = self.canv, (head.level - 1) * INDENT, str(page)
            canvas.setFont(font, shape.size)
            canvas.setFillColor(INK)
            canvas.drawString(left, 5, head.text)
            canvas.drawRightString(self.room, 5, number)
            from_, to = left + _wide(head.text, shape) + 8, self.room - _wide(number, shape) - 8
            canvas.setStrokeColor(LINE)
            canvas.setDash(1, 3)
            canvas.line(from_, 8, to, 8)
            canvas.setDash()
            canvas.linkRect("", head.anchor, (0, 0, self.room, shape.leading), relative=1)

    return Line()


def _wide(text: str, shape: Shape) -> float:
    return sum(width_of(character, shape.role) for character in text) * shape.size


def _chapter(blocks: tuple[Head | Words | Picture, ...]) -> Iterator[Any]:
    """Headings stand on the page of what follows them; reportlab's own way does not see into a picture and its words."""
    from reportlab.platypus import KeepTogether, PageBreak

    waiting: list[Any] = []
    for block in blocks:
        if isinstance(block, Head):
            if block.level == 1:
                yield PageBreak()
            made = _HEADS[block.level].paragraph(block.text, _width())
            made.head = block
            waiting.append(made)
        else:
            yield KeepTogether([*waiting, *_block(block)])
            waiting.clear()


def _block(block: Words | Picture) -> Iterator[Any]:
    if isinstance(block, Words):
        yield _words(block)
    else:
        yield _image(block.name, _width())
        yield _CAPTION.paragraph(block.caption, _width())


def _words(words: Words) -> Any:
    text = plain(words.text)
    match words.kind:
        case Kind.TEXT:
            return _TEXT.paragraph(text, _width())
        case Kind.ITEM:
            return _beside(_TEXT.paragraph(words.mark, INDENT), _TEXT.paragraph(text, _width() - INDENT))
        case _:
            return _boxed(_SMALL.paragraph(text, _width() - 2 * INDENT), words.kind is Kind.NOTE)


def _beside(mark: Any, words: Any) -> Any:
    return _table([[mark, words]], [INDENT, _width() - INDENT], [("BOTTOMPADDING", (0, 0), (-1, -1), 3)])


def _boxed(words: Any, is_note: bool) -> Any:
    from reportlab.lib.colors import HexColor

    edge = [("LINEBEFORE", (0, 0), (0, -1), 2.5, HexColor(ACCENT))] if is_note else []
    style = [
        ("BACKGROUND", (0, 0), (-1, -1), HexColor(PALE)),
        ("LEFTPADDING", (0, 0), (-1, -1), 10),
        ("TOPPADDING", (0, 0), (-1, -1), 4),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
        *edge,
    ]
    made = _table([[words]], [_width()], style)
    made.spaceBefore, made.spaceAfter = 4, 8
    return made


def _table(cells: list[list[Any]], widths: list[float], style: list[Any]) -> Any:
    from reportlab.platypus import Table, TableStyle

    bare = [(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]
    # Without a font of ours the table would name one that the file does not carry.
    own = ("FONTNAME", (0, 0), (-1, -1), fonts.pdf_name(fonts.file_of(Role.PLAIN)))
    return Table(cells, colWidths=widths, style=TableStyle([own, ("VALIGN", (0, 0), (-1, -1), "TOP"), *bare, *style]))


def _image(name: str, room: float) -> Any:
    """The picture as wide as there is room, but never larger than on screen nor taller than `TALLEST`."""
    from reportlab.lib.utils import ImageReader
    from reportlab.platypus import Flowable

    reader = ImageReader(io.BytesIO(picture(name)))
    across, down = reader.getSize()
    scale = min(room / across, TALLEST / down, 0.6)

    class Drawn(Flowable):  # type: ignore[misc]
        def wrap(self, _room: float, _: float) -> tuple[float, float]:
            return room, down * scale + 8

        def draw(self) -> None:
            left = (room - across * scale) / 2
            self.canv.drawImage(reader, left, 4, across * scale, down * scale)
            self.canv.setStrokeColor(LINE)
            self.canv.setLineWidth(0.5)
            self.canv.rect(left, 4, across * scale, down * scale)

    return Drawn()
