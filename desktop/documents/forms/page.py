"""A filled form as plain values, block by block: what both the PDF and the Word file are made from.

Text stands in pieces. A filled piece is printed on a rule, and so is the blank that waits for a pen: it is a filled
piece of wide spaces, which are ruled but never printed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

SPACE = "\u3000"


class Face(StrEnum):
    """The typefaces of the official set."""

    BODY = "body"
    TITLE = "title"
    HEADING = "heading"
    KAI = "kai"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; what is filled in stands on a rule."""

    text: str
    is_filled: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether nothing but the rule is to be seen."""
        return self.is_filled and not self.text.strip(SPACE)


Pieces = tuple[Piece, ...]


def text_of(pieces: Pieces) -> str:
    """The words of the pieces, without the blanks."""
    return "".join(piece.text for piece in pieces if not piece.is_blank)


@dataclass(frozen=True, slots=True)
class Blank:
    """A label and the ruled blank behind it. `is_plain` draws no rule of its own: a date carries its own, or none.

    `least` is the room that a pen needs, in characters; the share of the line counts where everything has that much.
    """

    label: Pieces
    value: Pieces
    share: int = 1
    is_plain: bool = False
    least: float = 0.0


def shared(room: float, shares: Sequence[int], needs: Sequence[float]) -> list[float]:
    """The widths of blanks side by side: by their shares, but who has room to spare gives to who needs more."""
    fair = [room * share / sum(shares) for share in shares]
    lacks = [max(0.0, need - width) for need, width in zip(needs, fair, strict=True)]
    spare = [max(0.0, width - need) for need, width in zip(needs, fair, strict=True)]
    given = min(sum(lacks), sum(spare))
    if given < 0.01:
        return fair
    lack, left = given / sum(lacks), given / sum(spare)
    return [width + gets * lack - gives * left for width, gets, gives in zip(fair, lacks, spare, strict=True)]


@dataclass(frozen=True, slots=True)
class Line:
    """Blanks side by side, over the whole width."""

    blanks: tuple[Blank, ...]
    size: float = 10.5


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph of fixed wording with what is filled in."""

    pieces: Pieces
    face: Face = Face.BODY
    size: float = 10.5
    is_centred: bool = False
    is_note: bool = False
    holds: bool = False


@dataclass(frozen=True, slots=True)
class Ruled:
    """Writing on ruled lines: at least so many, and where `is_filling` as many as the page still holds."""

    label: str
    paragraphs: tuple[str, ...]
    lines: int
    note: str = ""
    is_filling: bool = False
    size: float = 10.5


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table. `below` stands at its foot: signature, number, date. A merged cell continues the one above.

    `halves` is what stands above and below a line through the middle: two people sign there.
    """

    pieces: Pieces
    span: int = 1
    is_label: bool = False
    heading: str = ""
    below: tuple[Line, ...] = ()
    is_merged: bool = False
    is_centred: bool = False
    halves: "tuple[Pieces, Pieces] | None" = None

    @property
    def is_written(self) -> bool:
        """Whether paragraphs stand in it, which begin at its top; anything short stands in the middle."""
        return bool(self.heading or self.below) or text_of(self.pieces).startswith(SPACE)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, at least so many points high."""

    cells: tuple[Cell, ...]
    height: float


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with relative column widths. `header_rows` are printed again on the next page."""

    rows: tuple[Row, ...]
    widths: tuple[float, ...]
    header_rows: int = 0


@dataclass(frozen=True, slots=True)
class Signs:
    """Lines for signatures, kept together; some forms want them at the foot of every page."""

    lines: tuple[Line, ...]
    every_page: bool = False


@dataclass(frozen=True, slots=True)
class Seal:
    """The place of the seal, and the date that it covers. Nothing else is printed there."""

    label: str
    on: Pieces


@dataclass(frozen=True, slots=True)
class Gap:
    """Free space, in points."""

    height: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """The next sheet of the same document, with a title of its own."""

    title: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A place for a picture, at most so many points high; empty until there is one."""

    content: bytes
    height: float


Block = Line | Text | Ruled | Grid | Signs | Seal | Gap | Sheet | Picture


@dataclass(frozen=True, slots=True)
class Document:
    """A whole filled form. `heading` is the line above the title; `mark` says on every page that it is not issued.

    `paper` is A4, A4 landscape, A4 official with the margins of GB/T 9704 for circulars, or A3: the cover of a file,
    folded, of which only the right half is printed.
    """

    title: str
    heading: str
    number: str
    blocks: tuple[Block, ...]
    on: str
    author: str
    foot: str = ""
    has_continuation: bool = False
    has_page_count: bool = False
    has_annex: bool = False
    paper: str = "A4"
    has_title: bool = True
    mark: str = ""

    def texts(self) -> Iterator[str]:
        """Every text on it, for those who need to know the characters."""
        yield from (self.title, self.heading, self.number, self.foot, self.mark)
        for block in self.blocks:
            yield from _texts(block)


def _texts(block: Block) -> Iterator[str]:
    match block:
        case Line():
            for blank in block.blanks:
                yield text_of(blank.label)
                yield text_of(blank.value)
        case Text():
            yield text_of(block.pieces)
        case Ruled():
            yield from (block.label, *block.paragraphs, block.note)
        case Grid():
            for row in block.rows:
                for cell in row.cells:
                    yield cell.heading
                    yield text_of(cell.pieces)
                    yield from map(text_of, cell.halves or ())
                    for line in cell.below:
                        yield from _texts(line)
        case Signs():
            for line in block.lines:
                yield from _texts(line)
        case Seal():
            yield block.label
            yield text_of(block.on)
        case Sheet():
            yield block.title
        case Gap() | Picture():
            pass
