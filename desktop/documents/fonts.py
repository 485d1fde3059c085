"""Which font draws a role, which one has a character, and reportlab taught to name it right.

Body text is 仿宋 or, until that is bundled, 宋体; titles are bold 宋体; headings are 黑体 and 楷体; the
manual, which is no official paper, is plain 黑体. A character that the font of a role lacks is drawn by another font of
the set; one that none has is drawn as 〓 and told to the caller.

Everything is drawn with the bundled fonts, so that the same words give the same bytes everywhere, unless the caller
says otherwise (`using`): official papers take those of Windows (`machine_fonts`), and keep which they took.
"""

import hashlib
import io
import logging
import struct
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from threading import RLock
from typing import Any

from desktop.domain.errors import Trouble
from resources import resource

log = logging.getLogger(__name__)

LOCK = RLock()
"""A registered font serves one document at a time (reportlab numbers its subsets per document)."""

GETA = "〓"


class Role(StrEnum):
    """What a font is for. The values are kept with papers: they never change."""

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


@dataclass(frozen=True, slots=True, eq=False)
class FontSet:
    """Which font draws each role, and which are asked in turn for a character that it lacks.

    A font goes by a name: that of a bundled file, or `path#index` for one of this machine. What is known of a
    character is kept by the set as an object: equal sets are to be made once.
    """

    roles: Mapping[Role, str]
    chain: tuple[str, ...]


NEEDED = (
    "NotoSansSC-Bold.ttf",
    "NotoSansSC-Regular.ttf",
    "NotoSerifSC-Bold.ttf",
    "NotoSerifSC-Regular.ttf",
    "TownSafeExtra-Regular.ttf",
)
"""What is shipped: without one of them a paper would look otherwise, or lack the rare characters of somebody's name."""


# ---- sets of fonts -----------------------------------------------------------------------------------------


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
def bundled() -> FontSet:
    """The fonts of the program alone."""
    return FontSet({role: _bundled_file(role) for role in Role}, font_files())


def _bundled_file(role: Role) -> str:
    """The font file of a role: the first wish that is bundled."""
    for word, bold in _WISHES[role]:
        for name in font_files():
            low = name.lower()
            if word in low and ("bold" in low) == bold:
                return name
    return font_files()[0]


_active: ContextVar[FontSet | None] = ContextVar("fonts", default=None)


def active() -> FontSet:
    """The fonts that this thread draws with now."""
    return _active.get() or bundled()


@contextmanager
def using(chosen: FontSet | None) -> Iterator[None]:
    """Draw and measure with other fonts than the bundled ones meanwhile, in this thread alone."""
    token = _active.set(chosen)
    try:
        yield
    finally:
        _active.reset(token)


def file_of(role: Role) -> str:
    """The font of a role."""
    return active().roles[role]


# ---- one font ----------------------------------------------------------------------------------------------


def machine_name(path: Path, index: int = 0) -> str:
    """What a font of this machine goes by: its file, and its place in it where that is a collection (.ttc)."""
    return f"{path}#{index}"


def machine_place(name: str) -> tuple[Path, int] | None:
    """The file of a machine's font and its place in it; None for a bundled one."""
    path, mark, index = name.rpartition("#")
    return (Path(path), int(index)) if mark else None


@cache
def font_bytes(name: str) -> bytes:
    """A bundled font file; trouble when it cannot be read."""
    try:
        return resource(f"fonts/{name}").read_bytes()
    except OSError as error:
        raise Trouble("font_missing", file=name) from error


@cache
def registered(name: str) -> Any:
    """The font as reportlab knows it, parsed once a process and registered under its `pdf_name`."""
    from reportlab.pdfbase import pdfmetrics, ttfonts

    ttfonts.makeToUnicodeCMap = to_unicode_map
    place = machine_place(name)
    content, index = (font_bytes(name), 0) if place is None else (_machine_bytes(place[0]), place[1])
    try:
        font = ttfonts.TTFont(pdf_name(name), io.BytesIO(content), subfontIndex=index, shapable=False)
    except (
        ttfonts.TTFError,
        struct.error,
        ValueError,
        LookupError,
        ArithmeticError,
        AssertionError,
        TypeError,
    ) as error:
        raise Trouble("font_damaged", file=name) from error
    if place is not None:
        # Two files may call themselves alike, and reportlab would draw with the first of them: the content decides.
        font.face.name += f"-{sha256_of_content(content)[:8]}-{index}".encode()
        font.face.subfontNameX = b""
    pdfmetrics.registerFont(font)
    return font


def _machine_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Trouble("font_missing", file=str(path)) from error


def sha256_of_content(content: bytes) -> str:
    """The hash that a font is found again by."""
    return hashlib.sha256(content).hexdigest()


def pdf_name(name: str) -> str:
    """The name a font goes by inside reportlab."""
    return name if machine_place(name) else name.rsplit(".", 1)[0]


def is_drawn(name: str, drawn: Collection[str]) -> bool:
    """Whether a font is among those of a finished file (`Made.drawn`). A second copy of a file goes by the first."""
    from reportlab.pdfbase import pdfmetrics

    known = pdf_name(name)
    return known in pdfmetrics.getRegisteredFontNames() and pdfmetrics.getFont(known).fontName in drawn


@cache
def is_usable(name: str) -> bool:
    """Whether a font of this machine can be drawn with and put into a file. Why not is told to the log, once."""
    try:
        flaw = _flaw(registered(name).face)
    except Trouble as error:
        flaw = str(error.__cause__ or error)
    if flaw:
        log.info("the font %s is left out: %s", Path(name).name, flaw)
    return not flaw


NO_EMBEDDING, NO_SUBSETS, BITMAPS_ONLY = 0x0002, 0x0100, 0x0200  # OS/2 fsType of the OpenType specification
KINDS_OF_EMBEDDING = 0x000E


def _flaw(face: Any) -> str:
    """What stands against drawing with a font that could be parsed; empty when nothing does.

    reportlab copies outlines only when a file is written: what is wrong with them must be found before.
    """
    from reportlab.pdfbase.ttfonts import calcChecksum

    size = len(face._ttf_data)
    if "glyf" not in face.table:
        return "no TrueType outlines"
    if any(each["offset"] + each["length"] > size for each in face.tables):
        return "cut off"
    for tag in ("glyf", "loca"):
        part = face.table[tag]
        if calcChecksum(face.get_table(tag)) & 0xFFFFFFFF != part["checksum"]:
            return f"damaged: the sum of {tag} is another"
    kind = face.get_ushort(face.get_table_pos("OS/2")[0] + 8) if "OS/2" in face.table else 0
    if kind & KINDS_OF_EMBEDDING == NO_EMBEDDING or kind & (NO_SUBSETS | BITMAPS_ONLY):
        return f"may not be embedded (fsType {kind:#06x})"
    return ""


@cache
def characters(name: str) -> frozenset[int]:
    """The characters that a font draws. An empty outline draws nothing, and would be a gap in somebody's name."""
    if machine_place(name) and not is_usable(name):
        return frozenset()
    face = registered(name).face
    starts, count = face.glyphPos, face.numGlyphs
    return frozenset(
        code
        for code, glyph in face.charToGlyph.items()
        if 0 < glyph < count and (starts[glyph] < starts[glyph + 1] or _is_space(code))
    )


def _is_space(code: int) -> bool:
    return unicodedata.category(chr(code))[0] in "ZC"


# ---- text --------------------------------------------------------------------------------------------------


def runs(text: str, role: Role) -> tuple[list[Run], frozenset[str]]:
    """The text in stretches of one font each, and the characters that no font has."""
    found: list[Run] = []
    missing = set()
    chosen = active()
    wanted = chosen.roles[role]
    for character in text:
        name = drawn_by(character, wanted, chosen)
        if name is None:
            missing.add(character)
            name, character = drawn_by(GETA, wanted, chosen) or wanted, GETA
        font = pdf_name(name)
        if found and found[-1].font == font:
            found[-1] = Run(font, found[-1].text + character)
        else:
            found.append(Run(font, character))
    return found, frozenset(missing)


@cache
def drawn_by(character: str, wanted: str, chosen: FontSet) -> str | None:
    """The wanted font if it has the character, else the first of the set that has it; None when none has."""
    if ord(character) < 0x20 or ord(character) in characters(wanted):
        return wanted
    return next((name for name in chosen.chain if ord(character) in characters(name)), None)


def undrawable(texts: Iterable[str]) -> frozenset[str]:
    """The characters of these texts that no font has."""
    chosen = active()
    body = chosen.roles[Role.BODY]
    return frozenset(each for each in set().union(*texts) if ord(each) >= 0x20 and drawn_by(each, body, chosen) is None)


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
