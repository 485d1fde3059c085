"""Breaks pieces of text into lines of characters, each with its font, width and rule.

Lines break as Chinese papers break them (`desktop.documents.lines`); a blank is ruled space and breaks anywhere.
"""

import math
import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import accumulate
from typing import Any, NamedTuple

from desktop.documents import fonts
from desktop.documents.fonts import GETA, FontSet, Role
from desktop.documents.forms.page import SPACE, Face, Pieces
from desktop.documents.lines import NOT_FIRST, NOT_LAST

ROLES = {Face.BODY: Role.BODY, Face.TITLE: Role.TITLE, Face.HEADING: Role.HEADING, Face.KAI: Role.KAI}
SLACK = 0.05
DROP = 2.6  # how far a rule lies below the baseline, in points
_LATIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9.,:/%+-]*[A-Za-z0-9%]")
_STOPS = "".join(map(re.escape, sorted(NOT_FIRST)))
_WORD = re.compile(rf"\x00+|[A-Za-z0-9][A-Za-z0-9.,:/%+-]*[A-Za-z0-9%]|[{_STOPS}]+|.", re.DOTALL)


class Glyph(NamedTuple):
    """A character as it is drawn: in which font, how wide in parts of the type size, and whether on a rule."""

    text: str
    font: str
    width: float
    is_filled: bool


Glyphs = list[Glyph]


@cache
def glyph(character: str, role: Role, chosen: FontSet, is_filled: bool = False) -> Glyph:
    """A character in the first font of the set that has it; one that none has is drawn as 〓."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    wanted = chosen.roles[role]
    name = fonts.drawn_by(character, wanted, chosen)
    drawn = character if name else GETA
    name = name or fonts.drawn_by(GETA, wanted, chosen) or wanted
    if character == SPACE:
        return Glyph(SPACE, fonts.pdf_name(name), 1.0, is_filled)
    fonts.registered(name)
    return Glyph(drawn, fonts.pdf_name(name), float(stringWidth(drawn, fonts.pdf_name(name), 1000)) / 1000, is_filled)


def glyphs_of(pieces: Pieces, face: Face = Face.BODY) -> Glyphs:
    """The characters of the pieces in order; a line break is a glyph of no width. They are not to be changed."""
    return _glyphs_of(pieces, face, fonts.active())


@lru_cache(maxsize=1024)
def _glyphs_of(pieces: Pieces, face: Face, chosen: FontSet) -> Glyphs:
    role = ROLES[face]
    return [
        Glyph("\n", "", 0.0, False) if character == "\n" else glyph(character, role, chosen, piece.is_filled)
        for piece in pieces
        for character in piece.text
    ]


def forget() -> None:
    """Forget what was broken into lines, as before a document that was never made: for those who measure."""
    _glyphs_of.cache_clear()
    _lines_of.cache_clear()


def width_of(line: Glyphs, size: float) -> float:
    """How wide a line is, in points."""
    return sum([each.width for each in line]) * size  # a list is quicker here than a generator


def lines_of(pieces: Pieces, size: float, width: float, *, face: Face = Face.BODY, first: float = 0.0) -> list[Glyphs]:
    """The lines of the pieces at a type size in a width; the first has `first` less room. They are not to be changed."""
    return _lines_of(pieces, size, width, face, first, fonts.active())


@lru_cache(maxsize=1024)  # a block is measured, fitted to the page and drawn: it is broken into lines once
def _lines_of(pieces: Pieces, size: float, width: float, face: Face, first: float, chosen: FontSet) -> list[Glyphs]:
    made: list[Glyphs] = []
    for part in _parts(_glyphs_of(pieces, face, chosen)):
        room = (width - (0.0 if made else first)) / size + SLACK
        has_blank = any(each.text == SPACE and each.is_filled for each in part)
        made += (_broken if has_blank else _broken_writing)(part, room, width / size + SLACK)
    return made or [[]]


def _parts(glyphs: Glyphs) -> Iterator[Glyphs]:
    if not any(each.text == "\n" for each in glyphs):
        yield glyphs
        return
    part: Glyphs = []
    for each in glyphs:
        if each.text == "\n":
            yield part
            part = []
        else:
            part.append(each)
    yield part


def _broken(part: Glyphs, first: float, rest: float) -> Iterator[Glyphs]:
    if sum([each.width for each in part]) <= first:
        yield part
        return
    line: Glyphs = []
    used, room = 0.0, first
    words = list(_words(part, rest))
    for at, word in enumerate(words):
        width = word[0].width if len(word) == 1 else sum([each.width for each in word])
        if line and used + width > room:
            after = words[at + 1] if at + 1 < len(words) else []
            stops = sum(each.width for each in after) if after and after[0].text in NOT_FIRST else 0.0
            short = _shortened(word, room - used - stops)
            if short:
                line, used = line + short, used + len(short)
                continue
            given = _room_for(line, word, used + width - room)
            if given:
                line, used = [*line[:-given], *word], used - sum(each.width for each in line[-given:]) + width
                continue
            kept, line = _cut(line, word)
            yield kept
            used, room = sum(each.width for each in line), rest
        line += word
        used += width
    yield line


def _broken_writing(part: Glyphs, first: float, rest: float) -> Iterator[Glyphs]:
    """The same for text without blanks, by looking only where lines end: most of what is printed is such text."""
    ends = list(accumulate([each.width for each in part]))
    whole = ends[-1] if ends else 0.0
    start, done, room = 0, 0.0, first
    words: list[tuple[int, int]] | None = None
    while whole - done > room:
        if words is None:
            found = _LATIN.finditer("".join([each.text for each in part]))
            words = [each.span() for each in found]
        at = max(bisect_right(ends, done + room, start), start + 1)
        at = _before_word(words, at, start, ends, rest)
        at = _where_to_end(part, start, at)
        yield part[start:at]
        start, done, room = at, ends[at - 1], rest
    yield part[start:]


def _before_word(words: list[tuple[int, int]], at: int, start: int, ends: list[float], rest: float) -> int:
    """Where a word or number begins that would be torn, unless it is longer than a line or begins this one."""
    for begin, end in words:
        if begin < at < end and begin > start and ends[end - 1] - ends[begin - 1] <= rest:
            return begin
    return at


def _where_to_end(part: Glyphs, start: int, full: int) -> int:
    """Where a line that is full at `full` ends: what must not begin the next takes its neighbour along."""
    line, at = part[start:full], full - start
    while at > 1 and (_begins_badly(line, at, part[full : full + 1]) or line[at - 1].text in NOT_LAST):
        at -= 1
    return start + at if at > 1 else full


def _shortened(word: Glyphs, room: float) -> Glyphs:
    """A blank may end early at the end of a line, when at least half of it and room for a pen are left."""
    count = int(room)
    is_blank = word[0].is_filled and word[0].text == SPACE
    return word[:count] if is_blank and count >= max(4, len(word) / 2) else []


def _room_for(line: Glyphs, word: Glyphs, lacking: float) -> int:
    """How many spaces a blank at the end of a line gives up, so that a stop behind it need not begin the next."""
    if word[0].text not in NOT_FIRST:
        return 0
    length = 0
    while length < len(line) and line[-length - 1].is_filled and line[-length - 1].text == SPACE:
        length += 1
    count = math.ceil(lacking)
    return count if length - count >= 4 else 0


def _words(part: Glyphs, room: float) -> Iterator[Glyphs]:
    """What is not torn apart: blanks, Latin words, numbers and stops in a row, unless one is longer than a line."""
    text = "".join("\x00" if each.is_filled and each.text == SPACE else each.text for each in part)
    at = 0
    for found in _WORD.findall(text):
        word = part[at : at + len(found)]
        at += len(found)
        if len(word) > 1 and sum(each.width for each in word) > room:
            yield from ([each] for each in word)
        else:
            yield word


def _cut(line: Glyphs, word: Glyphs) -> tuple[Glyphs, Glyphs]:
    """Where to end a full line before `word`: what must not begin a line takes its neighbour along."""
    at = len(line)
    while at > 1 and (_begins_badly(line, at, word) or line[at - 1].text in NOT_LAST):
        at -= 1
    return (line[:at], line[at:]) if at > 1 or len(line) == 1 else (line, [])


def _begins_badly(line: Glyphs, at: int, word: Glyphs) -> bool:
    """Whether a line may not begin here: with a stop, or inside a number or Latin word."""
    if at == len(line):  # only a word that is longer than a line is torn, between any two of its letters
        return word[0].text in NOT_FIRST
    return line[at].text in NOT_FIRST or (_is_latin(line[at].text) and _is_latin(line[at - 1].text))


def _is_latin(text: str) -> bool:
    return text.isascii() and text.isalnum()


def draw(canvas: Any, line: Glyphs, x: float, y: float, size: float) -> None:
    """A line with its baseline at `y`, and the rules below what is filled in."""
    for start, end in _rules(line, x, size):
        canvas.line(start, y - DROP, end, y - DROP)
    for start, font, text in _runs(line, x, size):
        canvas.setFont(font, size)
        canvas.drawString(start, y, text)


def _rules(line: Glyphs, x: float, size: float) -> Iterator[tuple[float, float]]:
    start: float | None = None
    for _, _, width, is_filled in line:
        if is_filled:
            start = x if start is None else start
        elif start is not None:
            yield start, x
            start = None
        x += width * size
    if start is not None:
        yield start, x


def _runs(line: Glyphs, x: float, size: float) -> Iterator[tuple[float, str, str]]:
    """The stretches of one font without wide spaces, and where each begins."""
    text: list[str] = []
    font, start = "", x
    for character, its_font, width, _ in line:
        if text and (its_font != font or character == SPACE):
            yield start, font, "".join(text)
            text = []
        if character != SPACE:
            if not text:
                start, font = x, its_font
            text.append(character)
        x += width * size
    if text:
        yield start, font, "".join(text)
