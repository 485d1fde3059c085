"""Makes a form fill its page, as the printed set does: what is empty grows into the room that is left, or gives some up.

Only empty room moves: ruled lines and table rows that wait for a pen. What is written keeps its size, and a document
that needs a second page gets one.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from desktop.documents.forms.page import Block, Grid, Row, Ruled, Sheet

PITCH = 26.0
TALL = 40.0  # rows from here on hold writing, and may grow
FEWEST_LINES = 3
LOWER = (0.85, 0.7, 0.55, 0.4)  # how far they shrink where that saves a page
LOWEST = 28.0
MOST_GROWTH = 2.2
RESERVE = 6.0

Height = Callable[[Block], float]


def fitted(blocks: Sequence[Block], room: float, height: Height, *, later_room: float = 0.0) -> list[Block]:
    """The blocks with their empty room fitted to a page that holds `room`, and to one of `later_room` further sheets."""
    starts = [at for at, each in enumerate(blocks) if at and isinstance(each, Sheet)]
    end = starts[0] if starts else len(blocks)
    first = list(blocks[:end])
    rest = fitted(blocks[end:], later_room, height, later_room=later_room) if starts else []
    left = room - sum(height(block) for block in first) - RESERVE
    if left < 0:
        return _shrunk(first, -left - RESERVE, height) + rest
    if any(isinstance(each, Ruled) and each.is_filling for each in first):
        return first + rest
    return _grown(first, left) + rest


def _shrunk(blocks: list[Block], missing: float, height: Height) -> list[Block]:
    """Give up empty ruled lines and rows of lists where that saves a page; nothing is given up in vain."""
    if missing <= 0:
        return blocks
    whole = sum(height(block) for block in blocks)
    for factor in LOWER if any(isinstance(each, Grid) for each in blocks) else ():
        lower = [_lower(block, factor) if isinstance(block, Grid) else block for block in blocks]
        if whole - sum(height(block) for block in lower) >= missing:
            return lower
    at = next((at for at, each in enumerate(blocks) if isinstance(each, Grid) and each.header_rows), None)
    if at is not None:
        return [*blocks[:at], _shorter(blocks[at], missing), *blocks[at + 1 :]]
    spare = {at: _spare(block, height) for at, block in enumerate(blocks) if isinstance(block, Ruled)}
    wanted = int(-(-missing // PITCH))
    if sum(spare.values()) < wanted:
        return blocks
    fewer = list(blocks)
    for _ in range(wanted):
        at = max(spare, key=lambda each: spare[each])
        spare[at] -= 1
        block = fewer[at]
        assert isinstance(block, Ruled)
        fewer[at] = replace(block, lines=block.lines - 1)
    return fewer


def _lower(grid: Grid, factor: float) -> Grid:
    """A table whose tall rows are lower; none is lower than what is written in it, or than a line for the pen."""
    rows = tuple(
        replace(row, height=max(LOWEST, row.height * factor)) if _may_grow(grid, row) else row for row in grid.rows
    )
    return replace(grid, rows=rows)


def _shorter(block: Block, missing: float) -> Block:
    """A list without so many of its empty rows at the end that it takes `missing` points less, if it has them."""
    assert isinstance(block, Grid)
    rows = list(block.rows)
    while missing > 0 and len(rows) > block.header_rows and not any(cell.pieces for cell in rows[-1].cells):
        missing -= rows.pop().height
    return replace(block, rows=tuple(rows)) if missing <= 0 else block


def _spare(block: Ruled, height: Height) -> int:
    """How many of its ruled lines are empty and not needed."""
    pitch = height(replace(block, lines=1, paragraphs=(), note=""))
    written = round(height(replace(block, lines=0, note="")) / pitch)
    return max(0, block.lines - max(written, FEWEST_LINES))


def _grown(blocks: list[Block], left: float) -> list[Block]:
    tall = sum(row.height for block in blocks if isinstance(block, Grid) for row in block.rows if _may_grow(block, row))
    if tall:
        factor = min(MOST_GROWTH, 1 + left / tall)
        return [_taller(block, factor) if isinstance(block, Grid) else block for block in blocks]
    lists = [at for at, block in enumerate(blocks) if isinstance(block, Grid) and block.header_rows]
    ruled = [at for at, block in enumerate(blocks) if isinstance(block, Ruled) and block.size < 12]
    grown = list(blocks)
    if lists:
        block = blocks[lists[-1]]
        assert isinstance(block, Grid)
        empty = replace(block.rows[-1], cells=tuple(replace(cell, pieces=()) for cell in block.rows[-1].cells))
        grown[lists[-1]] = replace(block, rows=(*block.rows, *[empty] * int(left // empty.height)))
    elif ruled:
        for turn in range(int(left // PITCH)):
            at = ruled[turn % len(ruled)]
            block = grown[at]
            assert isinstance(block, Ruled)
            grown[at] = replace(block, lines=block.lines + 1)
    return grown


def _may_grow(grid: Grid, row: Row) -> bool:
    return not grid.header_rows and row.height >= TALL


def _taller(grid: Grid, factor: float) -> Grid:
    return replace(
        grid,
        rows=tuple(replace(row, height=row.height * factor) if _may_grow(grid, row) else row for row in grid.rows),
    )
