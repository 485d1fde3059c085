"""The bundled TrueType fonts: which one draws a role, which one has a character, and reportlab taught to name it right.

Body text is 仿宋 or, until that is bundled, 宋体; titles are bold 宋体; headings are 黑体 and 楷体; the
manual, which is no official paper, is plain 黑体. A character that the
font of a role lacks is drawn by another bundled font; one that none has is drawn as 〓 and told to the caller. The
machine's own fonts are never used, so that the same words give the same bytes everywhere.
"""

import io
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from threading import RLock
from typing import Any

from desktop.domain.errors import Trouble
from resources import resource

LOCK = RLock()
"""A registered font serves one document at a time (reportlab numbers its subsets per document)."""

GETA = "〓"


class Role(StrEnum):
    """What a font is for."""

    BODY = "body"
    TITLE = "title"
    HEADING = "heading"
    KAI = "kai"
    PLAIN = "plain"


_WISHES: Mapping[Role, tuple[tuple[str, bool], ...]] = {
    Role.BODY: (("fang", False), ("serif", False), ("sans", False)),
    Role.TITLE: (("serif", True), ("serif", False), ("sans", False)),
    Role.HEADING: (("sans", True), ("sans", False), ("serif", True), ("serif", False)),
    Role.PLAIN: (("sans", False), ("serif", False)),
    Role.KAI: (("kai", False), ("serif", True), ("serif", False), ("sans", False)),
}


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that one font draws."""

    font: str
    text: str


NEEDED = (
    "NotoSansSC-Bold.ttf",
    "NotoSansSC-Regular.ttf",
    "NotoSerifSC-Bold.ttf",
    "NotoSerifSC-Regular.ttf",
    "TownSafeExtra-Regular.ttf",
)
"""What is shipped: without one of them a paper would look otherwise, or lack the rare characters of somebody's name."""


@cache
def font_files() -> tuple[str, ...]:
    """The names of the bundled font files, in order; trouble when a needed one is gone."""
    folder = resource("fonts")
    names = (
        sorted(each.name for each in folder.iterdir() if each.name.lower().endswith(".ttf")) if folder.is_dir() else []
    )
    if gone := [name for name in NEEDED if name not in names]:
        raise Trouble("font_missing", file="、".join(gone))
    return tuple(names)


@cache
def file_of(role: Role) -> str:
    """The font file of a role: the first wish that is bundled."""
    for word, bold in _WISHES[role]:
        for name in font_files():
            low = name.lower()
            if word in low and ("bold" in low) == bold:
                return name
    return font_files()[0]


@cache
def font_bytes(name: str) -> bytes:
    """A font file; trouble when it cannot be read."""
    try:
        return resource(f"fonts/{name}").read_bytes()
    except OSError as error:
        raise Trouble("font_missing", file=name) from error


@cache
def registered(name: str) -> Any:
    """The font as reportlab knows it, parsed once a process and registered under its file name."""
    from reportlab.pdfbase import pdfmetrics, ttfonts

    ttfonts.makeToUnicodeCMap = to_unicode_map
    content = font_bytes(name)
    try:
        font = ttfonts.TTFont(pdf_name(name), io.BytesIO(content), shapable=False)
    except (ttfonts.TTFError, struct.error, ValueError, LookupError, ArithmeticError, AssertionError) as error:
        raise Trouble("font_damaged", file=name) from error
    pdfmetrics.registerFont(font)
    return font


def pdf_name(name: str) -> str:
    """The name a font file goes by inside reportlab."""
    return name.rsplit(".", 1)[0]


@cache
def characters(name: str) -> frozenset[int]:
    """The characters that a font file draws."""
    return frozenset(registered(name).face.charToGlyph)


def runs(text: str, role: Role) -> tuple[list[Run], frozenset[str]]:
    """The text in stretches of one font each, and the characters that no bundled font has."""
    found: list[Run] = []
    missing = set()
    for character in text:
        name = font_for(character, file_of(role))
        if name is None:
            missing.add(character)
            name, character = file_of(role), GETA
        font = pdf_name(name)
        if found and found[-1].font == font:
            found[-1] = Run(font, found[-1].text + character)
        else:
            found.append(Run(font, character))
    return found, frozenset(missing)


@cache
def font_for(character: str, wanted: str) -> str | None:
    """The wanted font file if it has the character, else the first bundled one that has it; None when none has."""
    if ord(character) < 0x20 or ord(character) in characters(wanted):
        return wanted
    return next((name for name in font_files() if ord(character) in characters(name)), None)


def undrawable(texts: Iterable[str]) -> frozenset[str]:
    """The characters of these texts that no bundled font has."""
    body = file_of(Role.BODY)
    return frozenset(each for each in set().union(*texts) if ord(each) >= 0x20 and font_for(each, body) is None)


def to_unicode_map(font: str, subset: list[int]) -> str:
    """The map from glyph codes back to text, in UTF-16 and blocks of at most 100.

    reportlab's own writes `<20BB7>` for 𠮷, which readers take for another character: copied and searched text
    would be wrong for names beyond U+FFFF.
    """
    lines = [f"<{code:02X}> <{chr(value).encode('utf-16-be').hex().upper()}>" for code, value in enumerate(subset)]
    blocks = [block for start in range(0, len(lines), 100) for block in _block(lines[start : start + 100])]
    head = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo",
        f"<< /Registry ({font})",
        f"/Ordering ({font})",
        "/Supplement 0",
        ">> def",
        f"/CMapName /{font} def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        f"<00> <{len(subset) - 1:02X}>",
        "endcodespacerange",
    ]
    return "\n".join([*head, *blocks, "endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"])


def _block(lines: list[str]) -> Iterator[str]:
    yield f"{len(lines)} beginbfchar"
    yield from lines
    yield "endbfchar"
