"""A document as an editable Word file: the same words as the PDF, and the fonts that the official set asks for.

What Word, WPS and LibreOffice all understand in the same way: blanks side by side are a table without borders, ruled
lines are underlined to a tab stop at the margin, signatures that stand on every page lie in the footer, and the pages
are counted by fields.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from desktop.documents import fonts
from desktop.documents.archive import settled
from desktop.documents.forms.cells import BELOW_PITCH, laid_blanks, laid_cell, need_of
from desktop.documents.forms.glyphs import lines_of
from desktop.documents.forms.page import (
    SPACE,
    Blank,
    Block,
    Cell,
    Document,
    Face,
    Gap,
    Grid,
    Line,
    Picture,
    Piece,
    Pieces,
    Row,
    Ruled,
    Seal,
    Sheet,
    Signs,
    Text,
    shared,
)
from desktop.documents.forms.pdf import fitted_to_page

EAST = {Face.BODY: "仿宋", Face.TITLE: "华文中宋", Face.HEADING: "黑体", Face.KAI: "楷体"}
LATIN = "Times New Roman"
SIZE, PITCH, LEADING, CELL_LEADING = 10.5, 26.0, 23.4, 16.0
CELL_MARGIN = 60  # twentieths of a point
GAP = 2.8  # mm between blanks side by side
SPARE = 24.0  # points left free on a page, because no two programs measure lines in just the same way
PAPERS = {
    "A4": (210.0, 297.0, 31.75, 31.75),
    "A4 official": (210.0, 297.0, 28.0, 26.0),
    "A4 landscape": (297.0, 210.0, 20.0, 20.0),
    "A3": (420.0, 297.0, 241.75, 31.75),
}


def docx(document: Document) -> bytes:
    """The document as a .docx file, the same bytes for the same document."""
    from docx import Document as NewFile

    file = NewFile()
    with fonts.LOCK:
        blocks, scale = fitted_to_page(document, SPARE)
        _Writer(file, replace(document, blocks=tuple(blocks)), scale).write()
    target = io.BytesIO()
    file.save(target)
    return settled(target.getvalue())


def _element(tag: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


@dataclass(slots=True)
class _Writer:
    """Writes one document into one file."""

    file: Any
    document: Document
    scale: float = 1.0

    @property
    def _width(self) -> float:
        wide, _, left, right = PAPERS[self.document.paper]
        return wide - left - right

    @property
    def _is_official(self) -> bool:
        return self.document.paper == "A4 official"

    def write(self) -> None:
        """All of it, in order."""
        self._set_up()
        self._head()
        blocks = self.document.blocks
        start = next((at for at, each in enumerate(blocks) if isinstance(each, Signs) and each.every_page), len(blocks))
        for at, block in enumerate(blocks[:start]):
            self._block(self.file, block)
            if isinstance(block, Grid) and not _is_one_table(block, blocks[at + 1] if at + 1 < start else None):
                self._gap(self.file, 1)
        self._foot(blocks[start:])
        section = self.file.sections[0]
        if isinstance(blocks[start - 1] if start else None, Line | Signs | Picture):
            self._gap(self.file, 1)  # a Word file ends with a paragraph
        parts = [self.file, section.header, section.footer]
        if section.different_first_page_header_footer:
            parts += [section.first_page_header, section.first_page_footer]
        for part in parts:
            _in_order(part)

    def _set_up(self) -> None:
        from docx.enum.section import WD_ORIENT
        from docx.shared import Mm, Pt

        section = self.file.sections[0]
        wide, tall, left, right = PAPERS[self.document.paper]
        if wide > tall:
            section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(wide), Mm(tall)
        section.left_margin, section.right_margin = Mm(left), Mm(right)
        section.top_margin = section.bottom_margin = Mm(25.4)
        section.header_distance = section.footer_distance = Mm(12)
        if self._is_official:
            section.top_margin, section.bottom_margin, section.footer_distance = Mm(37), Mm(35), Mm(22)
        style = self.file.styles["Normal"]
        style.font.size = Pt(SIZE)
        _name_fonts(style.font, style.element.get_or_add_rPr(), Face.BODY)
        style.paragraph_format.space_after = Pt(0)
        style.paragraph_format.line_spacing = Pt(LEADING * self.scale)
        told = style.element.get_or_add_pPr()
        for tag in ("w:autoSpaceDE", "w:autoSpaceDN"):  # no extra space beside figures: lines break as in the PDF
            told.insert_element_before(_element(tag, val="0"), "w:adjustRightInd", "w:snapToGrid", "w:spacing")
        told, moment = self.file.core_properties, datetime.fromisoformat(self.document.on)
        told.title = f"{self.document.title} {self.document.number}".strip()
        told.author = told.last_modified_by = self.document.author
        told.comments, told.revision = "", 1
        told.created = told.modified = moment

    # ---- head and foot -------------------------------------------------------------------------------------

    def _head(self) -> None:
        from docx.shared import Pt

        told = self.document
        self._page_heads()
        if told.heading:
            line = self._centred(told.heading, 18, 26, Face.TITLE)
            line._p.get_or_add_pPr().append(_borders(bottom="double"))
        if told.has_title:
            self._centred(told.title, 18, 30, Face.TITLE).paragraph_format.space_after = Pt(0 if told.number else 8)
        if told.number:
            self._centred(told.number, 15, 28, Face.BODY).paragraph_format.space_after = Pt(6)

    def _page_heads(self) -> None:
        """What stands above the text: the mark on every page, and from the second page on 续页 or 附页."""
        told, section = self.document, self.file.sections[0]
        later = "续页" if told.has_continuation else ""
        if not later and told.has_annex:
            later = SPACE.join(each for each in (told.title, told.number, "附页") if each)
        section.different_first_page_header_footer = bool(later)
        for header, text in (
            ((section.header, later), (section.first_page_header, "")) if later else ((section.header, ""),)
        ):
            line = header.paragraphs[0]
            if told.mark:
                _align(line, "right")
                self._runs(line, (Piece(told.mark),), size=12)
                line = header.add_paragraph() if text else line
            if text:
                _align(line, "right" if told.has_continuation else "center")
                line._p.get_or_add_pPr().append(_borders(bottom="single", size="12" if told.has_continuation else "4"))
                self._runs(line, (Piece(text),))

    def _centred(self, text: str, size: float, leading: float, face: Face) -> Any:
        from docx.shared import Pt

        line = self.file.add_paragraph()
        _align(line, "center")
        line.paragraph_format.line_spacing = Pt(leading)
        line.paragraph_format.keep_with_next = True
        self._runs(line, (Piece(text),), size=size, face=face)
        return line

    def _foot(self, blocks: Sequence[Block]) -> None:
        section = self.file.sections[0]
        self._foot_of(section.footer, blocks)
        if section.different_first_page_header_footer:
            self._foot_of(section.first_page_footer, blocks)

    def _foot_of(self, footer: Any, blocks: Sequence[Block]) -> None:
        from docx.shared import Mm, Pt

        for block in blocks:
            self._block(footer, block)
        told = self.document
        if self._is_official:
            self._page_number(footer.paragraphs[0])
            return
        if not (told.foot or told.has_page_count or blocks):
            return
        line = footer.add_paragraph() if blocks else footer.paragraphs[0]
        line.paragraph_format.line_spacing = Pt(18)
        line._p.get_or_add_pPr().append(_borders(top="single", size="12"))
        _tab(line, Mm(self._width), right=True)
        self._runs(line, (Piece(told.foot),) if told.foot else ())
        if told.has_page_count:
            self._runs(line, (Piece("\t共 "),))
            _field(line, "NUMPAGES")
            self._runs(line, (Piece(" 页 第 "),))
            _field(line, "PAGE")
            self._runs(line, (Piece(" 页"),))
        if blocks:
            empty = footer.paragraphs[0]
            empty._p.getparent().remove(empty._p)

    def _page_number(self, line: Any) -> None:
        _align(line, "right")
        self._runs(line, (Piece("— "),), size=14)
        _field(line, "PAGE", size=14)
        self._runs(line, (Piece(" —"),), size=14)

    # ---- blocks --------------------------------------------------------------------------------------------

    def _block(self, place: Any, block: Block) -> None:
        match block:
            case Text():
                self._text(place, block)
            case Line():
                self._lines(place, [block])
            case Ruled():
                self._ruled(place, block)
            case Grid():
                self._grid(place, block)
            case Signs():
                self._lines(place, block.lines)
            case Seal():
                self._seal(place, block)
            case Gap():
                self._gap(place, block.height)
            case Sheet():
                place.add_page_break()
                self._centred(block.title, 18, 34, Face.TITLE)
            case Picture():
                self._picture(place, block)

    def _text(self, place: Any, block: Text) -> None:
        from docx.shared import Pt

        line = place.add_paragraph()
        size = 9.0 if block.is_note else block.size
        if block.is_note or size >= 12:
            line.paragraph_format.line_spacing = Pt(15 if block.is_note else size * 1.7)
        if self._is_official:
            line.paragraph_format.line_spacing = Pt(max(28.95, size * 1.7))
        line.paragraph_format.keep_with_next = block.holds or None
        if block.is_centred:
            _align(line, "center")
        self._runs(line, block.pieces, size=size, face=block.face)

    def _gap(self, place: Any, height: float) -> None:
        from docx.shared import Pt

        place.add_paragraph().paragraph_format.line_spacing = Pt(max(height, 1))

    def _ruled(self, place: Any, block: Ruled) -> None:
        """Writing underlined to the margin, then empty lines that are nothing but a rule."""
        from docx.shared import Mm, Pt

        written = list(block.paragraphs) or [""]
        room = self._width / 25.4 * 72
        used = sum(len(lines_of((Piece(text),), block.size, room)) for text in written)
        for at, text in enumerate([*written, *[""] * max(0, block.lines - used)]):
            line = place.add_paragraph()
            line.paragraph_format.line_spacing = Pt(PITCH * self.scale if block.size < 12 else block.size * 2.2)
            _tab(line, Mm(self._width), right=False)
            if at == 0 and block.label:
                self._runs(line, (Piece(block.label),), size=block.size)
                text = text.lstrip(SPACE)
            # A line with nothing but a tab is only half as high in LibreOffice.
            self._runs(line, (Piece(f"{text or SPACE}\t", is_filled=True),), size=block.size)
        if block.note:
            line = place.add_paragraph()
            line.paragraph_format.line_spacing = Pt(CELL_LEADING)
            _align(line, "right")
            self._runs(line, (Piece(block.note),))

    def _seal(self, place: Any, block: Seal) -> None:
        from docx.shared import Mm, Pt

        for pieces, before in (((Piece(block.label),), 16), (block.on, 0)):
            if any(piece.text for piece in pieces):
                line = place.add_paragraph()
                _align(line, "right")
                line.paragraph_format.right_indent = Mm(8)
                line.paragraph_format.space_before = Pt(before)
                line.paragraph_format.keep_with_next = pieces is not block.on
                self._runs(line, pieces, size=16 if self._is_official else SIZE)

    def _picture(self, place: Any, block: Picture) -> None:
        from docx.shared import Pt

        table = self._new_table(place, 1, [1.0], bordered=True)
        self._row_height(table.rows[0], block.height)
        if block.content:
            run = table.rows[0].cells[0].paragraphs[0].add_run()
            run.add_picture(io.BytesIO(block.content), height=Pt(block.height - 12))

    # ---- blanks side by side -------------------------------------------------------------------------------

    def _lines(self, place: Any, lines: Sequence[Line]) -> None:
        for line in lines:
            self._line(place, line)

    def _line(self, place: Any, line: Line) -> None:
        """A table without borders: a cell for each label, and one with a rule below for each value."""
        from docx.shared import Pt

        shares: list[float] = []
        cells: list[tuple[Pieces, bool, bool]] = []
        needs = [_need(each, line.size) for each in line.blanks]
        gaps = GAP * (len(line.blanks) - 1)
        widths = shared(self._width - gaps, [each.share for each in line.blanks], needs)
        is_long = any(
            _need(replace(blank, least=0.0), line.size, slack=0.0) > width
            for blank, width in zip(line.blanks, widths, strict=True)
        )
        for blank, width in zip(line.blanks, widths, strict=True):
            if shares:
                shares.append(GAP)
                cells.append(((), False, False))
            label = _millimetres(blank.label, line.size)
            if blank.is_plain:
                shares.append(width)
                cells.append(((*blank.label, *blank.value), False, not blank.label))
                continue
            label = min(label, width - 8)
            if label > 0:
                shares.append(label)
                cells.append((blank.label, False, False))
            shares.append(max(width - max(label, 0), 6))
            cells.append((blank.value, True, False))
        table = self._new_table(place, 1, shares, bordered=False)
        self._row_height(table.rows[0], PITCH * self.scale if line.size < 12 else line.size * 2.2)
        for cell, (pieces, is_ruled, is_right) in zip(table.rows[0].cells, cells, strict=True):
            _settle(cell, bottom=not is_long, margins=(50, 20) if is_ruled else (0, 0))
            if is_ruled:
                cell._tc.get_or_add_tcPr().append(_cell_borders())
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.line_spacing = Pt(CELL_LEADING if line.size < 12 else line.size * 1.4)
            paragraph.paragraph_format.space_before = Pt(8) if is_long else None
            if is_right:
                _align(paragraph, "right")
            self._runs(
                paragraph, pieces if not is_ruled else tuple(Piece(each.text) for each in pieces), size=line.size
            )

    # ---- tables --------------------------------------------------------------------------------------------

    def _grid(self, place: Any, grid: Grid) -> None:
        table = self._new_table(place, len(grid.rows), grid.widths, bordered=True)
        for at, row in enumerate(grid.rows):
            self._row(table, at, row, grid.widths)
            if at < grid.header_rows:
                table.rows[at]._tr.get_or_add_trPr().append(_element("w:tblHeader", val="true"))

    def _row(self, table: Any, at: int, row: Row, widths: Sequence[float]) -> None:
        from docx.shared import Pt

        self._row_height(table.rows[at], row.height)
        wide = sum(column.width for column in table.columns) / 12700
        whole = sum(widths)
        column = 0
        cells = table.rows[at].cells
        for cell in row.cells:
            target = cells[column]
            if cell.span > 1:
                target = target.merge(cells[column + cell.span - 1])
            if cell.is_merged:
                target = table.rows[at - 1].cells[column].merge(target)
            else:
                self._cell(target, cell, wide * sum(widths[column : column + cell.span]) / whole, row.height)
            column += cell.span
            target.paragraphs[0].paragraph_format.line_spacing = Pt(CELL_LEADING)

    def _cell(self, target: Any, cell: Cell, width: float, height: float) -> None:
        from docx.shared import Pt

        _settle(
            target, bottom=False, margins=(CELL_MARGIN, CELL_MARGIN), is_middle=cell.is_label or not cell.is_written
        )
        if cell.halves is not None:
            self._halves(target, cell.halves)
            return
        paragraphs = ([(Piece(f"{cell.heading}："),)] if cell.heading else []) + _split(cell.pieces)
        for number, pieces in enumerate(paragraphs or [()]):
            line = target.paragraphs[0] if number == 0 else target.add_paragraph()
            line.paragraph_format.line_spacing = Pt(CELL_LEADING)
            if cell.is_label or cell.is_centred:
                _align(line, "center")
            self._runs(line, pieces)
        free = height - laid_cell(cell, width).height - 6
        for number, below in enumerate(cell.below):
            line = target.add_paragraph()
            line.paragraph_format.line_spacing = Pt(BELOW_PITCH)
            line.paragraph_format.space_before = (
                Pt(free) if number == 0 and free > 0 else None
            )  # at the foot of the cell
            self._below(line, below, width - 2 * CELL_MARGIN / 20 - 8)

    def _below(self, line: Any, below: Line, room: float) -> None:
        """Blanks side by side at the foot of a cell: each ruled to a tab stop where it ends."""
        from docx.enum.text import WD_TAB_ALIGNMENT
        from docx.shared import Pt

        stops, left = line.paragraph_format.tab_stops, 0.0
        parts = laid_blanks(below, room, 6)
        for number, (blank, part) in enumerate(zip(below.blanks, parts, strict=True)):
            is_right = blank.is_plain and not blank.label
            if number or is_right:
                end = left + part.width if is_right else left
                stops.add_tab_stop(Pt(end), WD_TAB_ALIGNMENT.RIGHT if is_right else WD_TAB_ALIGNMENT.LEFT)
                self._runs(line, (Piece("\t"),))
            self._runs(line, (*blank.label, *(blank.value if blank.is_plain else ())))
            if not blank.is_plain:
                said = "".join(piece.text for piece in blank.value)
                is_last = number == len(parts) - 1
                if is_last:  # LibreOffice draws no rule for a tab that ends a paragraph in a cell
                    said += SPACE * int((part.width - need_of(replace(blank, least=0.0), SIZE) - 4) // SIZE)
                else:
                    stops.add_tab_stop(Pt(left + part.width - 2))
                self._runs(line, (Piece(said if is_last else f"{said}\t", is_filled=True), Piece("\u00a0")))
            left += part.width + 6

    def _halves(self, target: Any, halves: tuple[Pieces, Pieces]) -> None:
        """What two people write, above and below a rule through the middle of the cell."""
        from docx.shared import Pt

        upper, lower = target.paragraphs[0], target.add_paragraph()
        for line, pieces in ((upper, halves[0]), (lower, halves[1])):
            line.paragraph_format.line_spacing = Pt(20)
            self._runs(line, pieces)
        upper._p.get_or_add_pPr().append(_borders(bottom="single", size="4"))

    def _new_table(self, place: Any, rows: int, widths: Iterable[float], *, bordered: bool) -> Any:
        from docx.enum.table import WD_TABLE_ALIGNMENT
        from docx.shared import Mm

        shares = list(widths)
        wide = self._width + (12.0 if bordered and self.document.paper == "A4" else 0.0)
        sizes = [wide * each / sum(shares) for each in shares]
        if isinstance(place, type(self.file)):
            table = place.add_table(rows, len(shares))
        else:
            table = place.add_table(rows, len(shares), Mm(wide))
        table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
        if bordered:
            table.style = "Table Grid"
        for row in table.rows:
            for cell, size in zip(row.cells, sizes, strict=True):
                cell.width = Mm(size)
        for column, size in zip(table.columns, sizes, strict=True):
            column.width = Mm(size)
        return table

    @staticmethod
    def _row_height(row: Any, height: float) -> None:
        from docx.enum.table import WD_ROW_HEIGHT_RULE
        from docx.shared import Pt

        row.height, row.height_rule = Pt(height), WD_ROW_HEIGHT_RULE.AT_LEAST

    def _runs(self, line: Any, pieces: Pieces, *, size: float = SIZE, face: Face = Face.BODY) -> None:
        from docx.shared import Pt

        for piece in pieces:
            run = line.add_run(piece.text)
            run.font.size = Pt(size)
            run.underline = True if piece.is_filled else None
            _name_fonts(run.font, run._r.get_or_add_rPr(), face)


def _is_one_table(grid: Grid, following: Block | None) -> bool:
    """Whether two tables stand as one, with nothing between them; rows that are printed again would be the wrong ones."""
    return isinstance(following, Grid) and not grid.header_rows and not following.header_rows


def _need(blank: Blank, size: float, slack: float = 2.0) -> float:
    """About how wide a blank must be, in millimetres, to hold label and value on one line, or a pen."""
    value = max(_millimetres(blank.value, size), blank.least * size / 72 * 25.4)
    return _millimetres(blank.label, size) + value + (slack if value and not blank.is_plain else 0.0)


def _millimetres(pieces: Pieces, size: float) -> float:
    """About how wide a label is; a half-width character counts half."""
    ems = sum(0.5 if ord(character) < 0x2E80 else 1.0 for piece in pieces for character in piece.text)
    return ems * size / 72 * 25.4 + 0.8 if ems else 0.0


def _split(pieces: Pieces) -> list[Pieces]:
    """Pieces by paragraph: a line break in a cell begins a new one."""
    if not any("\n" in piece.text for piece in pieces):
        return [pieces] if pieces else []
    made: list[list[Piece]] = [[]]
    for piece in pieces:
        first, *others = piece.text.split("\n")
        made[-1].append(replace(piece, text=first))
        made += [[replace(piece, text=line)] for line in others]
    return [tuple(line) for line in made]


def _name_fonts(font: Any, properties: Any, face: Face) -> None:
    from docx.oxml.ns import qn

    font.name = LATIN
    fonts = properties.get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), EAST[face])
    fonts.set(qn("w:hAnsi"), LATIN)


def _align(line: Any, side: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    line.alignment = {"center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}[side]


def _tab(line: Any, at: Any, *, right: bool) -> None:
    from docx.enum.text import WD_TAB_ALIGNMENT

    line.paragraph_format.tab_stops.add_tab_stop(at, WD_TAB_ALIGNMENT.RIGHT if right else WD_TAB_ALIGNMENT.LEFT)


def _borders(size: str = "6", **sides: str) -> Any:
    element = _element("w:pBdr")
    for side, kind in sides.items():
        element.append(_element(f"w:{side}", val=kind, sz=size, space="1", color="000000"))
    return element


def _cell_borders() -> Any:
    element = _element("w:tcBorders")
    element.append(_element("w:bottom", val="single", sz="5", space="0", color="000000"))
    return element


# Word refuses a file whose properties do not stand in the order of the standard (ECMA-376, part 1, 17.3.1.26, 17.4.70).
_ORDER = {
    "w:pPr": (
        "pStyle", "keepNext", "keepLines", "pageBreakBefore", "widowControl", "numPr", "pBdr", "shd", "tabs",
        "snapToGrid", "spacing", "ind", "contextualSpacing", "jc", "rPr", "sectPr",
    ),
    "w:tcPr": ("tcW", "gridSpan", "vMerge", "tcBorders", "shd", "noWrap", "tcMar", "vAlign"),
}  # fmt: skip


def _in_order(part: Any) -> None:
    """Put the properties of every paragraph and cell of a part into the order of the standard."""
    from docx.oxml.ns import qn

    for tag, order in _ORDER.items():
        places = {qn(f"w:{name}"): at for at, name in enumerate(order)}
        for properties in part._element.iter(qn(tag)):
            ranked = sorted((places[child.tag], at) for at, child in enumerate(properties))
            properties[:] = [properties[at] for _, at in ranked]


def _settle(cell: Any, *, bottom: bool, margins: tuple[int, int], is_middle: bool = False) -> None:
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT

    where = WD_CELL_VERTICAL_ALIGNMENT
    cell.vertical_alignment = where.BOTTOM if bottom else where.CENTER if is_middle else where.TOP
    element = _element("w:tcMar")
    left, right = margins
    above = CELL_MARGIN if not bottom else 0
    for side, size in (("top", above), ("left", left), ("bottom", above), ("right", right)):
        element.append(_element(f"w:{side}", w=str(size), type="dxa"))
    cell._tc.get_or_add_tcPr().append(element)


def _field(line: Any, name: str, size: float = SIZE) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    for kind in ("begin", "code", "separate", "1", "end"):
        run = line.add_run()
        run.font.size = Pt(size)
        _name_fonts(run.font, run._r.get_or_add_rPr(), Face.BODY)
        if kind == "code":
            code = _element("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = f" {name} "
            run._r.append(code)
        elif kind == "1":
            run.text = "1"
        else:
            run._r.append(_element("w:fldChar", fldCharType=kind))
