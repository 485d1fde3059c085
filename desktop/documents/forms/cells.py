"""Blanks and table cells laid into a width: their lines, their height, and how they are drawn or cut in two."""

from dataclasses import dataclass
from typing import Any

from desktop.documents.forms.glyphs import DROP, Glyphs, draw, lines_of, width_of
from desktop.documents.forms.page import Blank, Cell, Line, Piece, Row

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
            shift = self.width - width_of(line, self.size) if self.is_right else first + (0 if self.is_plain else 3)
            draw(canvas, line, x + shift, y, self.size)
            y -= pitch


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
    is_label: bool

    @property
    def height(self) -> float:
        """What the cell needs."""
        return CELL_LEADING * (len(self.heading) + len(self.lines)) + BELOW_PITCH * len(self.below) + 2 * PADDING

    def draw(self, canvas: Any, x: float, top: float, height: float) -> None:
        """The cell with its borders."""
        canvas.setLineWidth(HAIR)
        canvas.rect(x, top - height, self.width, height)
        written = self.heading + self.lines
        is_middle = not self.heading and not self.below and len(self.lines) * CELL_LEADING < height / 2
        slack = (height - CELL_LEADING * len(written)) / 2 if self.is_label or is_middle else PADDING
        y = top - slack - 12
        for line in written:
            shift = (self.width - width_of(line, SIZE)) / 2 if self.is_label else PADDING
            draw(canvas, line, x + shift, y, SIZE)
            y -= CELL_LEADING
        y = top - height + PADDING + 6 + BELOW_PITCH * (len(self.below) - 1)
        for blanks in self.below:
            left = x + PADDING
            for part in blanks:
                part.draw(canvas, left, y, BELOW_PITCH)
                left += part.width + 6
            y -= BELOW_PITCH

    def split(self, room: float) -> "tuple[LaidCell, LaidCell]":
        """The lines that fit into `room`, and the rest with the foot. A label stands on both pages."""
        if self.is_label:
            return self, self
        fit = max(0, int((room - 2 * PADDING) // CELL_LEADING) - len(self.heading))
        head = LaidCell(self.width, self.heading, self.lines[:fit], [], False)
        return head, LaidCell(self.width, [], self.lines[fit:], self.below, False)


def laid_cell(cell: Cell, width: float) -> LaidCell:
    room = width - 2 * PADDING
    heading = lines_of((Piece(f"{cell.heading}："),), SIZE, room) if cell.heading else []
    lines = lines_of(cell.pieces, SIZE, room) if cell.pieces else []
    below = [laid_below(line, room) for line in cell.below]
    return LaidCell(width, heading, lines, below, cell.is_label)


def laid_below(line: Line, room: float) -> list[LaidBlank]:
    whole = sum(blank.share for blank in line.blanks)
    room -= 6 * (len(line.blanks) - 1)
    return [laid_blank(blank, room * blank.share / whole, SIZE) for blank in line.blanks]


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


def laid_row(row: Row, widths: list[float]) -> LaidRow:
    """A row in columns of these widths."""
    cells = []
    column = 0
    for cell in row.cells:
        cells.append(laid_cell(cell, sum(widths[column : column + cell.span])))
        column += cell.span
    return LaidRow(cells, max([row.height, *(each.height for each in cells)]))
