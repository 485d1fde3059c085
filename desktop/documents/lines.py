"""Breaks text into lines as Chinese papers do it: no line begins with ，。）》 or ends with （《, numbers stay whole.

reportlab's own CJK breaking lets ， ： ； begin a line and hangs others into the margin, which in a table cell is the
next column; so lines are broken here and handed over finished.
"""

import re
from collections.abc import Iterator
from functools import cache

from desktop.documents import fonts
from desktop.documents.fonts import Role

NOT_FIRST = frozenset("，。、；：？！）》〉」』】〕］｝’”…—·％‰℃,.;:?!)]}%")
NOT_LAST = frozenset("（《〈「『【〔［｛‘“￥$([{")
SLACK = 0.05

_PIECE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.,:/%+-]*[A-Za-z0-9%]|.", re.DOTALL)


@cache
def width_of(character: str, role: Role) -> float:
    """How wide a character is, in parts of the type size."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    runs, _ = fonts.runs(character, role)
    return float(sum(stringWidth(run.text, run.font, 1000) for run in runs)) / 1000


def _wide(text: str, role: Role) -> float:
    return sum(width_of(character, role) for character in text)


def lines(text: str, role: Role, size: float, width: float, indent: float = 0.0) -> list[str]:
    """The lines of a text at a type size in a width; the first has `indent` less room."""
    made: list[str] = []
    for part in text.split("\n"):
        room = (width - (0.0 if made else indent)) / size - SLACK
        made += _filled(part, role, room, width / size - SLACK)
    return made or [""]


def _filled(text: str, role: Role, first: float, rest: float) -> Iterator[str]:
    line: list[str] = []
    room = first
    for piece in _pieces(text, role, rest):
        if line and _wide("".join(line), role) + _wide(piece, role) > room:
            kept, carried = _cut(line, piece)
            yield "".join(kept).rstrip()
            line, room = carried, rest
            if not line and piece == " ":
                continue
        line.append(piece)
    yield "".join(line)


def _pieces(text: str, role: Role, room: float) -> Iterator[str]:
    """What is not torn apart: words and numbers of Latin letters, unless one is longer than a line."""
    for piece in _PIECE.findall(text):
        if _wide(piece, role) > room:
            yield from piece
        else:
            yield piece


def _cut(line: list[str], piece: str) -> tuple[list[str], list[str]]:
    """Where to end a full line before `piece`: what must not begin a line takes its neighbour along."""
    at = len(line)
    while at > 1 and (_first(line, at, piece) in NOT_FIRST or line[at - 1] in NOT_LAST):
        at -= 1
    return (line[:at], line[at:]) if at > 1 or len(line) == 1 else (line, [])


def _first(line: list[str], at: int, piece: str) -> str:
    return line[at] if at < len(line) else piece
