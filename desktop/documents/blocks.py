"""A document as plain values: headings, paragraphs, tables, charts. Screen, PDF and Word are made from the same ones.

A span may name the figure it prints, so that a reader on screen can open its rows, and whoever verifies the Word file
can find every number in it again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

FigureKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text; `figure` is the code and part of the figure it prints."""

    text: str
    figure: FigureKey | None = None


class Align(StrEnum):
    """How a paragraph stands: body text is indented by two characters."""

    BODY = "body"
    PLAIN = "plain"
    CENTER = "center"
    RIGHT = "right"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Title:
    """The title of a document."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading 一、 (level 1), （一） (2) or 1. (3). `section` names the part of the report that it opens."""

    level: int
    text: str
    section: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of spans."""

    spans: tuple[Span, ...]
    align: Align = Align.BODY

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. `widths` are relative; a column named in `numeric` stands right."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Span, ...], ...]
    widths: tuple[float, ...] = ()
    numeric: frozenset[int] = frozenset()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """Named values of a chart; None leaves a gap."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars over labels. `target` draws a line across, with its own words. `is_share` fixes the scale at 0 to 100 %."""

    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    target: float | None = None
    target_text: str = ""
    is_share: bool = False
    is_flat: bool = False


@dataclass(frozen=True, slots=True)
class Break:
    """A new page."""


Block = Title | Heading | Paragraph | Grid | Chart | Break


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole document. `mark` is written into the PDF, where whoever verifies it can find it."""

    title: str
    author: str
    on: str
    blocks: tuple[Block, ...] = ()
    mark: str = ""
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """A finished file, and the characters that no font can draw (shown as 〓).

    `drawn` are the fonts in it as reportlab calls them, where somebody has to know; `note` is to be told along with it.
    """

    content: bytes
    missing: frozenset[str] = field(default=frozenset())
    drawn: frozenset[str] = field(default=frozenset())
    note: str = ""


def text_of(blocks: Iterable[Block]) -> Iterator[str]:
    """Every text in the blocks, for those who need to know the characters."""
    for block in blocks:
        match block:
            case Title() | Heading():
                yield block.text
            case Paragraph():
                yield block.text
            case Grid():
                yield from (block.title, block.note, *block.headers)
                yield from (span.text for row in block.rows for span in row)
            case Chart():
                yield from (block.title, block.target_text, *block.labels, *(each.name for each in block.series))
            case Break():
                pass


def said(text: str) -> tuple[Span, ...]:
    """A text as spans."""
    return (Span(text),)


def paragraphs(text: str, align: Align = Align.BODY) -> list[Block]:
    """What a person wrote, a paragraph a line."""
    return [Paragraph(said(line.strip()), align) for line in text.splitlines() if line.strip()]
