"""Blanks and table cells laid into a width: their lines, their height, and how they are drawn or cut in two."""

from dataclasses import dataclass, replace
from typing import Any

from desktop.documents.forms.glyphs import DROP, Glyphs, draw, glyphs_of, lines_of, width_of
from desktop.documents.forms.page import Blank, Cell, Line, Piece, Pieces, Row, shared, text_of

SIZE = 10.5
HAIR = 0.5
CELL_LEADING, PADDING, BELOW_PITCH = 16.0, 4.0, 21.0
SHORTEST_CUT = 200.0  # a row lower than this moves to the next page as a whole


@dataclass(slots=True)
class LaidBlank:
    """A label and the lines of its value."""

    width: float
    label: Glyphs
    value: list[Glyphs]
    size: float
    is_plain: bool
    is_right: bool

    def draw(self, canvas: Any, x: float, y: float, pitch: float) -> None:
        """The first line with its baseline at `y`, the others below."""
        draw(canvas, self.label, x, y, self.size)
        first = width_of(self.label, self.size)
        for line in self.value:
            if not self.is_plain and self.width > first:
                canvas.line(x + first, y - DROP - 1, x + self.width, y - DROP - 1)
            shift = self.width - width_of(line, self.size) if self.is_right else first + (3 if self.label else 0)
            draw(canvas, line, x + shift, y, self.size)
            y -= pitch


def need_of(blank: Blank, size: float) -> float:
    """How wide a blank must be to hold label and value on one line, or a pen."""
    label = width_of(lines_of(blank.label, size, 10_000)[0], size) if blank.label else 0.0
    value = width_of(glyphs_of(blank.value), size) + 7 if blank.value else 0.0
    return label + max(value, blank.least * size)


def laid_blanks(line: Line, room: float, gap: float) -> list[LaidBlank]:
    """The blanks of a line side by side in a width, with gaps between them."""
    room -= gap * (len(line.blanks) - 1)
    if len(line.blanks) == 1:
        return [laid_blank(line.blanks[0], room, line.size)]
    needs = [need_of(blank, line.size) for blank in line.blanks]
    widths = shared(room, [blank.share for blank in line.blanks], needs)
    return [laid_blank(blank, width, line.size) for blank, width in zip(line.blanks, widths, strict=True)]


def laid_blank(blank: Blank, width: float, size: float) -> LaidBlank:
    label = lines_of(blank.label, size, 10_000)[0] if blank.label else []
    first = width_of(label, size)
    room = max(width - first - 6, size)
    value = lines_of(blank.value, size, room) if blank.value else [[]]
    return LaidBlank(width, label, value, size, blank.is_plain, is_right=blank.is_plain and not blank.label)


@dataclass(slots=True)
class LaidCell:
    """The lines of a cell: a heading, what is written, and what stands at its foot."""

    width: float
    heading: list[Glyphs]
    lines: list[Glyphs]
    below: list[list[LaidBlank]]
    is_label: bool = False
    is_centred: bool = False
    is_written: bool = False
    halves: tuple[list[Glyphs], list[Glyphs]] | None = None

    @property
    def height(self) -> float:
        """What the cell needs."""
        if self.halves is not None:
            return 2 * (CELL_LEADING * max(len(half) for half in self.halves) + PADDING)
        below = sum(map(_rows_of, self.below))
        return CELL_LEADING * (len(self.heading) + len(self.lines)) + BELOW_PITCH * below + 2 * PADDING

    def draw(self, canvas: Any, x: float, top: float, height: float) -> None:
        """The cell with its borders."""
        canvas.setLineWidth(HAIR)
        canvas.rect(x, top - height, self.width, height)
        if self.halves is not None:
            self._draw_halves(canvas, x, top, height)
            return
        written = self.heading + self.lines
        is_middle = self.is_label or not self.is_written
        slack = (height - CELL_LEADING * len(written)) / 2 if is_middle else PADDING
        self._draw_lines(canvas, written, x, top - slack)
        y = top - height + PADDING + 6 + BELOW_PITCH * (sum(map(_rows_of, self.below)) - 1)
        for blanks in self.below:
            left = x + PADDING
            for part in blanks:
                part.draw(canvas, left, y, BELOW_PITCH)
                left += part.width + 6
            y -= BELOW_PITCH * _rows_of(blanks)

    def _split_halves(self, room: float) -> "tuple[LaidCell, LaidCell]":
        assert self.halves is not None
        fit = max(1, int((room / 2 - PADDING) // CELL_LEADING))
        upper, lower = self.halves
        return replace(self, halves=(upper[:fit], lower[:fit])), replace(self, halves=(upper[fit:], lower[fit:]))

    def _draw_lines(self, canvas: Any, written: list[Glyphs], x: float, top: float) -> None:
        y = top - 12
        for line in written:
            is_centred = self.is_label or self.is_centred
            draw(canvas, line, x + ((self.width - width_of(line, SIZE)) / 2 if is_centred else PADDING), y, SIZE)
            y -= CELL_LEADING

    def _draw_halves(self, canvas: Any, x: float, top: float, height: float) -> None:
        """What two people write, above and below a line through the middle."""
        assert self.halves is not None
        canvas.line(x, top - height / 2, x + self.width, top - height / 2)
        for at, half in enumerate(self.halves):
            slack = (height / 2 - CELL_LEADING * len(half)) / 2
            self._draw_lines(canvas, half, x, top - at * height / 2 - slack)

    def split(self, room: float) -> "tuple[LaidCell, LaidCell]":
        """The lines that fit into `room`, and the rest with the foot. A label stands on both pages."""
        if self.is_label:
            return self, self
        if self.halves is not None:
            return self._split_halves(room)
        fit = max(0, int((room - 2 * PADDING) // CELL_LEADING) - len(self.heading))
        head = replace(self, lines=self.lines[:fit], below=[], is_written=True)
        return head, replace(self, heading=[], lines=self.lines[fit:], is_written=True)


def _rows_of(blanks: list[LaidBlank]) -> int:
    """How many lines blanks side by side take: a long value goes on below."""
    return max((len(part.value) for part in blanks), default=1)


def laid_cell(cell: Cell, width: float) -> LaidCell:
    room = width - 2 * PADDING
    heading = lines_of((Piece(f"{cell.heading}："),), SIZE, room) if cell.heading else []
    lines = lines_of(cell.pieces, SIZE, room) if cell.pieces else []
    if cell.is_label and len(lines) > 1:
        lines = _evenly(cell.pieces, lines, room)
    below = [laid_blanks(line, room, 6) for line in cell.below]
    halves = tuple(lines_of(half, SIZE, room) for half in cell.halves) if cell.halves else None
    return LaidCell(width, heading, lines, below, cell.is_label, cell.is_centred, cell.is_written, halves)  # type: ignore[arg-type]


def _evenly(pieces: Pieces, lines: list[Glyphs], room: float) -> list[Glyphs]:
    """The lines of a label of about the same length, so that no character stands alone in the last one."""
    text = text_of(pieces)
    if len(lines) == 2 and "（" in text[1:] and "\n" not in text:
        head, tail = text[: text.index("（", 1)], text[text.index("（", 1) :]
        made = lines_of((Piece(f"{head}\n{tail}"),), SIZE, room)
        if len(made) == 2:
            return made
    even = sum(width_of(line, SIZE) for line in lines) / len(lines)
    while even < room:
        made = lines_of(pieces, SIZE, even)
        if len(made) <= len(lines):
            return made
        even += SIZE / 2
    return lines


@dataclass(slots=True)
class LaidRow:
    """A row of laid cells."""

    cells: list[LaidCell]
    height: float

    def split(self, room: float) -> "tuple[LaidRow, LaidRow] | None":
        """In two, when it is taller than a third of a page and at least three lines fit; else it moves as a whole."""
        if room < 3 * CELL_LEADING + 2 * PADDING or self.height < SHORTEST_CUT:
            return None
        pairs = [cell.split(room) for cell in self.cells]
        rest = [second for _, second in pairs]
        height = max(cell.height for cell in rest)
        return LaidRow([first for first, _ in pairs], room), LaidRow(rest, height)


def laid_row(row: Row, widths: list[float], known: dict[tuple[int, int], tuple[Cell, LaidCell]]) -> LaidRow:
    """A row in columns of these widths. `known` are the cells laid already: a row that grows has the same ones."""
    cells = []
    column = 0
    for cell in row.cells:
        laid = known.get((id(cell), column))
        if laid is None:
            laid = known[id(cell), column] = (cell, laid_cell(cell, sum(widths[column : column + cell.span])))
        cells.append(laid[1])
        column += cell.span
    return LaidRow(cells, max([row.height, *(each.height for each in cells)]))
