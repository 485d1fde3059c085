"""A list as it stands on the screen, on paper: its columns, all its rows, the head of the columns on every page."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from desktop.documents import fonts
from desktop.documents.blocks import Made
from desktop.documents.fonts import Role
from desktop.documents.lines import SLACK, lines, width_of
from desktop.documents.page_setup import PageSetup, paged_canvas
from desktop.documents.pdf import Shape, Side

SIZE, LEADING = 9.0, 12.6
PADDING = 3.0
LINE, HEAD_GROUND, GROUP_GROUND = "#8A94A3", "#EEF2F7", "#F7F8FA"
SPARE = 0.8  # points that a line needs beyond its measure


@dataclass(frozen=True, slots=True)
class Listing:
    """A list to print. `numeric` columns stand right; a row of one text is the head of a group."""

    title: str
    note: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int]
    office: str
    on: date


def listing_pdf(listing: Listing, setup: PageSetup) -> Made:
    """The list as a PDF file: the same list and setup give the same bytes."""
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    target = io.BytesIO()
    with fonts.LOCK:
        for name in fonts.font_files():
            fonts.registered(name)
        document = BaseDocTemplate(
            target,
            pagesize=setup.sheet,
            title=listing.title,
            author=listing.office,
            creator="TownSafe",
            invariant=1,
            pageCompression=1,
        )
        document.addPageTemplates(PageTemplate("page", [Frame(*setup.frame, 0, 0, 0, 0)]))
        document.build(
            list(_flow(listing, setup.frame[2])), canvasmaker=paged_canvas(setup, listing.office, listing.on)
        )
    return Made(target.getvalue(), fonts.undrawable(_texts(listing)))


def _texts(listing: Listing) -> Iterator[str]:
    yield from (listing.title, listing.note, *listing.headers)
    for row in listing.rows:
        yield from row


def _flow(listing: Listing, whole: float) -> Iterator[Any]:
    from reportlab.platypus import Table

    yield Shape(Role.TITLE, 16, 22, Side.CENTER, after=4).paragraph(listing.title, whole)
    if listing.note:
        yield Shape(Role.BODY, 9, 13, Side.LEFT, after=6, colour="#5F6672").paragraph(listing.note, whole)
    widths = _widths(listing, whole)
    head = [_cell(words, Role.HEADING, width) for words, width in zip(listing.headers, widths, strict=True)]
    body = [_row(row, widths) for row in listing.rows]
    groups = [place for place, row in enumerate(listing.rows, 1) if len(row) == 1]
    yield Table([head, *body], colWidths=widths, repeatRows=1, style=_style(listing.numeric, groups))


def _widths(listing: Listing, whole: float) -> list[float]:
    """What each column needs for its longest words, or as much as there is: the widest give way first.

    So dates and codes stay in one line, and names and descriptions are broken.
    """
    columns = [[head] for head in listing.headers]
    for row in listing.rows:
        if len(row) > 1:
            for column, words in zip(columns, row, strict=True):
                column.append(words)
    wanted = [max(map(_needed, set(column))) for column in columns]
    if sum(wanted) <= whole:
        return [width * whole / sum(wanted) for width in wanted]
    return [min(width, _highest(wanted, whole)) for width in wanted]


def _needed(words: str) -> float:
    wide = max(sum(width_of(character, Role.BODY) for character in line) for line in words.split("\n"))
    return (wide + SLACK) * SIZE + 2 * PADDING + SPARE


def _highest(wanted: list[float], whole: float) -> float:
    """The width at which columns must be cut off so that all of them fit."""
    rest, left = whole, len(wanted)
    for width in sorted(wanted):
        if width * left > rest:
            break
        rest, left = rest - width, left - 1
    return rest / max(left, 1)


def _row(row: tuple[str, ...], widths: list[float]) -> list[Any]:
    if len(row) == 1:
        return [_cell(row[0], Role.HEADING, sum(widths)), *("" for _ in widths[1:])]
    return [_cell(words, Role.BODY, width) for words, width in zip(row, widths, strict=True)]


def _cell(words: str, role: Role, width: float) -> Any:
    """Lines as plain text, which a table sets fast; what needs a second font becomes a paragraph."""
    room = width - 2 * PADDING
    pieces, _ = fonts.runs(words, role)
    if any(piece.font != fonts.pdf_name(fonts.file_of(role)) for piece in pieces):
        return Shape(role, SIZE, LEADING).paragraph(words, room)
    return "\n".join(lines(words, role, SIZE, room))


def _style(numeric: frozenset[int], groups: list[int]) -> Any:
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import TableStyle

    body, head = (fonts.pdf_name(fonts.file_of(role)) for role in (Role.BODY, Role.HEADING))
    return TableStyle(
        [
            ("FONT", (0, 0), (-1, -1), body, SIZE, LEADING),
            ("FONT", (0, 0), (-1, 0), head, SIZE, LEADING),
            ("ALIGN", (0, 0), (-1, 0), "CENTER"),
            ("GRID", (0, 0), (-1, -1), 0.5, HexColor(LINE)),
            ("BACKGROUND", (0, 0), (-1, 0), HexColor(HEAD_GROUND)),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("TOPPADDING", (0, 0), (-1, -1), 2.0),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
            ("LEFTPADDING", (0, 0), (-1, -1), PADDING),
            ("RIGHTPADDING", (0, 0), (-1, -1), PADDING),
            *(("ALIGN", (column, 1), (column, -1), "RIGHT") for column in sorted(numeric)),
            *(("SPAN", (0, place), (-1, place)) for place in groups),
            *(("ALIGN", (0, place), (-1, place), "LEFT") for place in groups),
            *(("FONT", (0, place), (-1, place), head, SIZE, LEADING) for place in groups),
            *(("BACKGROUND", (0, place), (-1, place), HexColor(GROUP_GROUND)) for place in groups),
        ]
    )
