"""A document as PDF, in the layout of the official set of 2016: A4, Word's margins, 10.5 point type, ruled blanks.

Everything is laid by hand on the canvas: blocks become boxes, boxes fill pages, and the pages are drawn when their
number is known. Nothing is drawn over anything else, a block of signatures never stands alone on a page, and the same
document gives the same bytes.
"""

import io
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from desktop.documents import fonts
from desktop.documents.blocks import Made
from desktop.documents.fonts import FontSet, Role
from desktop.documents.forms.cells import HAIR, SIZE, LaidCell, LaidRow, laid_blanks, laid_row
from desktop.documents.forms.fitting import FEWEST_LINES, PITCH, fitted
from desktop.documents.forms.glyphs import DROP, Glyphs, draw, lines_of, width_of
from desktop.documents.forms.page import (
    Block,
    Cell,
    Document,
    Face,
    Gap,
    Grid,
    Line,
    Picture,
    Piece,
    Ruled,
    Seal,
    Sheet,
    Signs,
    Text,
)

MM = 72 / 25.4
PAPER = (210 * MM, 297 * MM)
PAPERS = {"A4": PAPER, "A4 landscape": (297 * MM, 210 * MM), "A4 official": PAPER, "A3": (420 * MM, 297 * MM)}
TOP = BOTTOM = 25.4 * MM
SIDE = 31.75 * MM
OFFICIAL_TOP, OFFICIAL_BOTTOM, OFFICIAL_LEFT, OFFICIAL_RIGHT = 37 * MM, 35 * MM, 28 * MM, 26 * MM
OFFICIAL_SIZE, OFFICIAL_LEADING, PAGE_NUMBER_SIZE = 16.0, 28.95, 14.0  # GB/T 9704: 22 lines a page
TABLE_SIDE = 25.4 * MM  # tables use a little more than the text, as those of the official set do
LEADING = 23.4
NOTE_SIZE, NOTE_LEADING = 9.0, 15.0
MARK_SIZE = 12.0
TITLE_SIZE, TITLE_LEADING, NUMBER_SIZE = 18.0, 30.0, 15.0
SEAL_WIDTH, SEAL_HEIGHT = 40 * MM, 78.0
THICK, THIN = 1.5, 0.6
RULE_WIDTH, FOOT_WIDTH = 441.0, 432.0
FOOT_LEADING = 15.0

SCALES = (0.93, 0.86)

Drawing = Callable[[Any, float], None]


@dataclass(slots=True)
class Box:
    """Something of a height that is drawn with its top at a height. `holds` keeps it on one page with the next box."""

    height: float
    draw: Drawing
    holds: bool = False
    split: "Callable[[float], tuple[Box, Box] | None] | None" = None
    is_new_sheet: bool = False
    fills_with: "Callable[[float], Box] | None" = None
    is_header: bool = False
    starts_table: bool = False


def pdf(document: Document, chosen: FontSet | None = None) -> Made:
    """The document as a PDF file, and the characters that no font can draw. Without a choice the bundled fonts draw it."""
    from reportlab.pdfgen.canvas import Canvas

    with fonts.LOCK, fonts.using(chosen):
        fonts.registered(fonts.file_of(Role.BODY))
        target = io.BytesIO()
        body = fonts.pdf_name(fonts.file_of(Role.BODY))
        size = PAPERS[document.paper]
        canvas = Canvas(target, pagesize=size, invariant=1, pageCompression=1, initialFontName=body)
        canvas.setTitle(f"{document.title} {document.number}".strip())
        canvas.setAuthor(document.author)
        canvas.setCreator("TownSafe")
        setter = _Setter(document, size)
        pages = setter.pages()
        for at, page in enumerate(pages, 1):
            setter.draw(canvas, page, at, len(pages))
            canvas.showPage()
        canvas.save()
        drawn = frozenset(canvas._doc.fontMapping)
    return Made(target.getvalue(), missing_glyphs(document, chosen), drawn)


def missing_glyphs(document: Document, chosen: FontSet | None = None) -> frozenset[str]:
    """The characters of the document that no font has: to be told before anything is printed."""
    with fonts.using(chosen):
        return fonts.undrawable(document.texts())


def fitted_to_page(document: Document, spare: float) -> tuple[list[Block], float]:
    """The blocks as they fill the page, leaving so many points, and how far lines draw together: for the Word file."""
    with fonts.LOCK:
        setter = _Setter(document, PAPERS[document.paper], spare)
        return setter.filled_blocks(), setter.scale


Placed = list[tuple[float, Box]]
"""The boxes of a page, each with the height of its top."""


class _Pages:
    """Puts boxes on pages one after another, from `top` of a page down to `floor`."""

    def __init__(
        self, top: float, floor: float, first_head: Iterable[Box], next_head: Callable[[], Iterable[Box]]
    ) -> None:
        self._top, self._floor, self._next_head = top, floor, next_head
        self._header: list[Box] = []
        self._rest: deque[Box] = deque()
        self.pages: list[Placed] = []
        self._open(first_head)

    def _open(self, head: Iterable[Box]) -> None:
        self.pages.append([])
        self._at = self._top
        for box in head:
            self._place(box)
        self._is_fresh = True

    def _next_page(self) -> None:
        """A new page; a table that goes on has its header rows again."""
        self._open(self._next_head())
        if self._rest[0].is_header:
            self._header = []
        for box in self._header:
            self._place(box)
        self._is_fresh = True

    def _place(self, box: Box) -> None:
        self.pages[-1].append((self._at, box))
        self._at -= box.height
        self._is_fresh = False

    def put(self, boxes: Iterable[Box]) -> None:
        """All of them."""
        self._rest.extend(boxes)
        while self._rest:
            box = self._rest.popleft()
            if box.is_new_sheet:
                self._header = []
                self._open(())
            if box.starts_table or box.split is None:
                self._header = []
            if box.is_header:
                self._header.append(box)
            self._put(box)

    def _put(self, box: Box) -> None:
        left = self._at - self._floor + 0.01
        if box.fills_with is not None and box.height <= left:
            box = box.fills_with(left)
        if box.height <= left and (self._is_fresh or self._held(box) <= left):
            self._place(box)
            return
        parts = box.split(left) if box.split is not None and box.height > left else None
        if parts is not None:
            self._place(parts[0])
            self._rest.appendleft(parts[1])
            self._next_page()
        elif self._is_fresh:
            self._place(box)  # taller than a whole page, and nothing to cut it at
        else:
            self._rest.appendleft(box)
            self._next_page()

    def _held(self, box: Box) -> float:
        """The height of a box with those that must stay on its page."""
        height = box.height
        for following in self._rest:
            if not box.holds:
                break
            box = following
            height += box.height
        return height


class _Setter:
    """Lays one document out."""

    def __init__(self, document: Document, size: tuple[float, float], spare: float = 0.0) -> None:
        self._document = document
        self._size = size
        self._spare = spare
        wide = size[0]
        plain = document.paper == "A4"
        self._is_official = document.paper == "A4 official"
        self._top = OFFICIAL_TOP if self._is_official else TOP
        self._bottom = OFFICIAL_BOTTOM if self._is_official else BOTTOM
        lefts = {"A4": SIDE, "A4 landscape": 20 * MM, "A4 official": OFFICIAL_LEFT, "A3": wide / 2 + SIDE}
        self._left = lefts[document.paper]
        right = {"A4 official": OFFICIAL_RIGHT, "A3": SIDE}.get(document.paper, self._left)
        self._width = wide - self._left - right
        self._table_left = TABLE_SIDE if plain else self._left
        self._table_width = wide - 2 * TABLE_SIDE if plain else self._width
        self._made: dict[int, tuple[Block, list[Box]]] = {}
        self._cells: dict[tuple[float, ...], dict[tuple[int, int], tuple[Cell, LaidCell]]] = {}
        self._foot_blocks = self._below_every_page()
        self._scale = 1.0
        self._blocks = list(document.blocks[: len(document.blocks) - len(self._foot_blocks)])
        self._foot_boxes = [box for block in self._foot_blocks for box in self._boxes_of(block)]
        self._foot_height = sum(box.height for box in self._foot_boxes)
        self._fitted = self._fit()

    @property
    def scale(self) -> float:
        """How far the lines were drawn together."""
        return self._scale

    def filled_blocks(self) -> list[Block]:
        """All blocks with their empty room fitted; lines that go on to the foot of the page are counted out."""
        left = self._room() - sum(self._height(each) for each in self._fitted)
        filled = [
            replace(each, lines=self._line_count(each) + int(max(0.0, left) // PITCH))
            if isinstance(each, Ruled) and each.is_filling
            else each
            for each in self._fitted
        ]
        return [*filled, *self._foot_blocks]

    def _line_count(self, block: Ruled) -> int:
        return max(block.lines, round(self._height(replace(block, note="")) / PITCH))

    def _fit(self) -> list[Block]:
        """The blocks fitted to the page. Lines draw together a little when that saves a page with only the end on it."""
        if self._foot_blocks or any(isinstance(each, Sheet) for each in self._blocks):
            return self._fitted_at(1.0)
        blocks = self._fitted_at(1.0)
        tall = sum(self._height(each) for each in blocks)
        if tall <= self._room() or tall - self._yielding(blocks) > self._room():
            return blocks
        for scale in SCALES:
            closer = self._fitted_at(scale)
            if sum(self._height(each) for each in closer) <= self._room():
                return closer
        return self._fitted_at(1.0)

    def _yielding(self, blocks: list[Block]) -> float:
        """What could be given up at most: by lines that draw together, and by ruled lines that may be empty."""
        lines = sum(self._height(each) for each in blocks if isinstance(each, Text | Line | Ruled | Signs))
        empty = sum(max(0, each.lines - FEWEST_LINES) for each in blocks if isinstance(each, Ruled))
        return lines * (1 - SCALES[-1]) + empty * PITCH

    def _fitted_at(self, scale: float) -> list[Block]:
        self._scale = scale
        self._made.clear()
        later = self._size[1] - self._top - self._floor() - self._spare
        return fitted(self._blocks, self._room(), self._height, later_room=later)

    def _below_every_page(self) -> list[Block]:
        """The signatures that stand on every page, and the note below them."""
        blocks = self._document.blocks
        start = next((at for at, each in enumerate(blocks) if isinstance(each, Signs) and each.every_page), len(blocks))
        return list(blocks[start:])

    # ---- pages ---------------------------------------------------------------------------------------------

    def pages(self) -> list[Placed]:
        """Every page with what stands on it."""
        pages = _Pages(self._size[1] - self._top, self._floor(), self._first_head(), self._next_head)
        pages.put(self._all_boxes())
        return pages.pages

    def _floor(self) -> float:
        return self._bottom + self._foot_height

    # ---- heads and feet ------------------------------------------------------------------------------------

    def _first_head(self) -> Iterator[Box]:
        told = self._document
        if told.heading:
            yield self._centred(told.heading, TITLE_SIZE, 27.0, Face.TITLE)
            yield Box(9.0, self._double_rule)
        if told.has_title:
            yield self._centred(told.title, TITLE_SIZE, TITLE_LEADING, Face.TITLE)
        if told.number:
            yield self._centred(told.number, NUMBER_SIZE, 27.0, Face.BODY)
        yield Box(8.0, _nothing)

    def _next_head(self) -> Iterator[Box]:
        told = self._document
        if told.has_continuation:
            yield self._right("续页", SIZE, 18.0)
            yield Box(4.0, self._rule(THICK))
        elif told.has_annex:
            yield self._centred(
                "　".join(each for each in (told.title, told.number, "附页") if each), SIZE, 20.0, Face.BODY
            )
            yield Box(6.0, self._rule(THIN))

    def _centred(self, text: str, size: float, leading: float, face: Face) -> Box:
        made = lines_of((Piece(text),), size, self._width + 2 * (SIDE - TABLE_SIDE), face=face)

        def drawn(canvas: Any, top: float) -> None:
            for at, line in enumerate(made):
                middle = self._left + self._width / 2
                draw(canvas, line, middle - width_of(line, size) / 2, top - leading * at - size * 1.1, size)

        return Box(leading * len(made), drawn)

    def _right(self, text: str, size: float, leading: float) -> Box:
        line = lines_of((Piece(text),), size, self._width)[0]

        def drawn(canvas: Any, top: float) -> None:
            draw(canvas, line, self._left + self._width - width_of(line, size), top - size, size)

        return Box(leading, drawn)

    def _double_rule(self, canvas: Any, top: float) -> None:
        middle = self._size[0] / 2
        canvas.setLineWidth(HAIR)
        for y in (top, top - 2.5):
            canvas.line(middle - RULE_WIDTH / 2, y, middle + RULE_WIDTH / 2, y)
        canvas.setLineWidth(THIN)

    def _rule(self, thickness: float) -> Drawing:
        def drawn(canvas: Any, top: float) -> None:
            middle = self._size[0] / 2
            canvas.setLineWidth(thickness)
            canvas.line(middle - FOOT_WIDTH / 2, top, middle + FOOT_WIDTH / 2, top)
            canvas.setLineWidth(THIN)

        return drawn

    def draw(self, canvas: Any, page: Placed, number: int, count: int) -> None:
        """A page with its foot."""
        canvas.setLineWidth(THIN)
        for top, box in page:
            box.draw(canvas, top)
        top = self._floor()
        for box in self._foot_boxes:
            box.draw(canvas, top)
            top -= box.height
        self._foot(canvas, number, count)
        if self._document.mark:
            line = lines_of((Piece(self._document.mark),), MARK_SIZE, self._width)[0]
            canvas.setFillGray(0.3)
            draw(canvas, line, self._left + self._width - width_of(line, MARK_SIZE), self._size[1] - 40, MARK_SIZE)
            canvas.setFillGray(0)

    def _page_number(self, canvas: Any, number: int) -> None:
        """— 1 — in size four, one character in from the right on odd pages and from the left on even ones."""
        line = lines_of((Piece(f"— {number} —"),), PAGE_NUMBER_SIZE, self._width)[0]
        inset = PAGE_NUMBER_SIZE
        x = (
            self._left + inset
            if number % 2 == 0
            else self._left + self._width - inset - width_of(line, PAGE_NUMBER_SIZE)
        )
        draw(canvas, line, x, self._bottom - 7 * MM - PAGE_NUMBER_SIZE * 0.8, PAGE_NUMBER_SIZE)

    def _foot(self, canvas: Any, number: int, count: int) -> None:
        told = self._document
        if self._is_official:
            self._page_number(canvas, number)
            return
        pages = f"共 {count} 页 第 {number} 页" if told.has_page_count or count > 1 else ""
        if not (told.foot or pages):
            return
        y = BOTTOM - 6
        self._rule(THICK)(canvas, y)
        left = self._size[0] / 2 - FOOT_WIDTH / 2
        counted = lines_of((Piece(pages),), SIZE, FOOT_WIDTH)[0]
        right = width_of(counted, SIZE)
        for at, line in enumerate(lines_of((Piece(told.foot),), SIZE, FOOT_WIDTH - right - 12) if told.foot else []):
            draw(canvas, line, left, y - 14 - FOOT_LEADING * at, SIZE)
        draw(canvas, counted, left + FOOT_WIDTH - right, y - 14, SIZE)

    # ---- boxes ---------------------------------------------------------------------------------------------

    def _all_boxes(self) -> Iterator[Box]:
        """The boxes in order. What follows on a block of signatures or the seal stays with it, and the last lines too."""
        blocks = self._fitted
        for at, block in enumerate(blocks):
            made = self._boxes_of(block)
            if at + 1 < len(blocks) and isinstance(blocks[at + 1], Signs | Seal) and made:
                made[-1].holds = True
                if len(made) > 1 and isinstance(block, Text | Ruled):
                    made[-2].holds = True
            yield from made

    def _room(self) -> float:
        """What the first page holds below its head."""
        return self._size[1] - self._top - self._floor() - self._spare - sum(box.height for box in self._first_head())

    def _height(self, block: Block) -> float:
        return sum([box.height for box in self._boxes_of(block)])

    def _boxes_of(self, block: Block) -> list[Box]:
        """The boxes of a block, laid once: they are measured, fitted and then drawn."""
        if id(block) not in self._made:
            self._made[id(block)] = (block, list(self._boxes(block)))  # the block is held, so that its id stays its own
        return self._made[id(block)][1]

    def _boxes(self, block: Block) -> Iterator[Box]:
        match block:
            case Text():
                yield from self._text(block)
            case Line():
                yield self._line(block)
            case Ruled():
                yield from self._ruled(block)
            case Grid():
                yield from self._grid(block)
            case Signs():
                yield self._together([Box(4.0, _nothing), *(self._line(line) for line in block.lines)])
            case Seal():
                yield self._seal(block)
            case Gap():
                yield Box(block.height, _nothing)
            case Sheet():
                title = self._centred(block.title, TITLE_SIZE, TITLE_LEADING + 6, Face.TITLE)
                title.is_new_sheet = True
                yield title
            case Picture():
                yield self._picture(block)

    def _text(self, block: Text) -> Iterator[Box]:
        size = NOTE_SIZE if block.is_note else block.size
        leading = NOTE_LEADING if block.is_note else LEADING * self._scale if size < 12 else size * 1.7
        if self._is_official:
            leading = max(leading, OFFICIAL_LEADING)
        for line in lines_of(block.pieces, size, self._width, face=block.face):
            yield Box(leading, self._drawn(line, size, is_centred=block.is_centred), holds=block.holds)

    def _drawn(self, line: Glyphs, size: float, *, is_centred: bool = False) -> Drawing:
        def drawn(canvas: Any, top: float) -> None:
            shift = (self._width - width_of(line, size)) / 2 if is_centred else 0.0
            draw(canvas, line, self._left + shift, top - size - 5 * self._scale, size)

        return drawn

    def _line(self, line: Line) -> Box:
        gap = 8.0
        parts = laid_blanks(line, self._width, gap)
        pitch = PITCH * self._scale if line.size < 12 else line.size * 2.2
        count = max(len(part.value) for part in parts)

        def drawn(canvas: Any, top: float) -> None:
            left = self._left
            for part in parts:
                part.draw(canvas, left, top - pitch + 8, pitch)
                left += part.width + gap

        return Box(pitch * count, drawn)

    def _ruled(self, block: Ruled) -> Iterator[Box]:
        label = lines_of((Piece(block.label),), block.size, self._width)[0] if block.label else []
        first = width_of(label, block.size) + (0 if block.label.endswith("：") or not block.label else 3)
        written = self._written(block, first)
        written += [[]] * (block.lines - len(written))
        pitch = PITCH * self._scale if block.size < 12 else block.size * 2.2
        for at, line in enumerate(written):
            box = self._ruled_line(line, label if at == 0 else [], first if at == 0 else 0.0, pitch, block.size)
            if block.is_filling and at == len(written) - 1:
                box.fills_with = lambda room, last=box: self._filled(last, room, pitch, block.size)
            yield box
        if block.note:
            note = lines_of((Piece(block.note),), SIZE, self._width)[0]
            yield Box(16.0, self._drawn_right(note))

    def _written(self, block: Ruled, first: float) -> list[Glyphs]:
        made: list[Glyphs] = []
        for at, paragraph in enumerate(block.paragraphs):
            text = paragraph.lstrip("　") if at == 0 and block.label else paragraph
            made += lines_of((Piece(text),), block.size, self._width, first=first if at == 0 else 0.0)
        return made or [[]]

    def _drawn_right(self, line: Glyphs) -> Drawing:
        def drawn(canvas: Any, top: float) -> None:
            draw(canvas, line, self._left + self._width - width_of(line, SIZE), top - 13, SIZE)

        return drawn

    def _ruled_line(self, line: Glyphs, label: Glyphs, first: float, pitch: float, size: float) -> Box:
        def drawn(canvas: Any, top: float) -> None:
            x, y = self._left, top - pitch + 8
            draw(canvas, label, x, y, size)
            canvas.line(x + first, y - DROP - 1, x + self._width, y - DROP - 1)
            draw(canvas, line, x + first, y, size)

        return Box(pitch, drawn)

    def _filled(self, last: Box, room: float, pitch: float, size: float) -> Box:
        """The last written line and empty ones to the foot of the page."""
        count = int((room - last.height) // pitch)
        return self._together([last, *(self._ruled_line([], [], 0.0, pitch, size) for _ in range(count))])

    @staticmethod
    def _together(boxes: list[Box]) -> Box:
        def drawn(canvas: Any, top: float) -> None:
            for box in boxes:
                box.draw(canvas, top)
                top -= box.height

        return Box(sum(box.height for box in boxes), drawn)

    def _seal(self, block: Seal) -> Box:
        """The authority and the date at the right, with the free width that a stamp needs and nothing beside it."""
        size = OFFICIAL_SIZE if self._is_official else SIZE
        label = lines_of((Piece(block.label),), size, self._width)[0] if block.label else []
        on = lines_of(block.on, size, self._width)[0] if block.on else []
        height = SEAL_HEIGHT if label else 34.0

        def drawn(canvas: Any, top: float) -> None:
            middle = self._left + self._width - max(SEAL_WIDTH, width_of(label, size), width_of(on, size)) / 2 - 10
            y = top - (30 if label else 20)
            for line in (label, on):
                draw(canvas, line, middle - width_of(line, size) / 2, y, size)
                y -= max(24, size * 1.8) if line else 0

        return Box(height, drawn)

    def _picture(self, block: Picture) -> Box:
        def drawn(canvas: Any, top: float) -> None:
            canvas.rect(self._table_left, top - block.height, self._table_width, block.height)
            if block.content:
                from reportlab.lib.utils import ImageReader

                canvas.drawImage(
                    ImageReader(io.BytesIO(block.content)),
                    self._table_left + 6,
                    top - block.height + 6,
                    self._table_width - 12,
                    block.height - 12,
                    preserveAspectRatio=True,
                    anchor="c",
                )

        return Box(block.height, drawn)

    # ---- tables --------------------------------------------------------------------------------------------

    def _grid(self, grid: Grid) -> Iterator[Box]:
        whole = sum(grid.widths)
        widths = [self._table_width * width / whole for width in grid.widths]
        at = 0
        known = self._cells.setdefault(grid.widths, {})
        while at < len(grid.rows):
            merged = 1
            while at + merged < len(grid.rows) and any(cell.is_merged for cell in grid.rows[at + merged].cells):
                merged += 1
            rows = [laid_row(row, widths, known) for row in grid.rows[at : at + merged]]
            if merged > 1:
                yield self._merged(rows)
            else:
                box = self._row_box(rows[0])
                box.starts_table = at == 0
                box.is_header = box.holds = at < grid.header_rows
                yield box
            at += merged

    def _row_box(self, row: "LaidRow") -> Box:
        def drawn(canvas: Any, top: float) -> None:
            left = self._table_left
            for cell in row.cells:
                cell.draw(canvas, left, top, row.height)
                left += cell.width

        def split(room: float) -> tuple[Box, Box] | None:
            parts = row.split(room)
            if parts is None:
                return None
            first, rest = self._row_box(parts[0]), self._row_box(parts[1])
            rest.holds = box.holds
            return first, rest

        box = Box(row.height, drawn, split=split)
        return box

    def _merged(self, rows: "list[LaidRow]") -> Box:
        """Rows whose first cell runs through all of them; they stay on one page."""
        height = sum(row.height for row in rows)

        def drawn(canvas: Any, top: float) -> None:
            rows[0].cells[0].draw(canvas, self._table_left, top, height)
            for row in rows:
                left = self._table_left + row.cells[0].width
                for cell in row.cells[1:]:
                    cell.draw(canvas, left, top, row.height)
                    left += cell.width
                top -= row.height

        return Box(height, drawn)


def _nothing(canvas: Any, top: float) -> None:
    """Free space."""
