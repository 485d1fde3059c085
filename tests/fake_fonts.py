"""Small fonts under the names of Windows' own, made from the bundled ones: no test may rest on fonts of a machine."""

import io
from functools import cache
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

from desktop.documents.machine_fonts import COMMON
from desktop.services.form_book import form_book
from resources import resource

SIGNS = "".join(map(chr, range(0x20, 0x7F))) + "　“”—…·〓①②③④⑤⑥⑦⑧⑨⑩□×√㎡℃"


@cache
def wording(form: str) -> str:
    """Every character that stands in the layout of a form."""
    return str(form_book().get(form))


@cache
def _cut(source: str, words: str) -> bytes:
    font = TTFont(io.BytesIO(resource(f"fonts/{source}").read_bytes()))
    options = Options()
    options.layout_features, options.name_IDs, options.notdef_outline = [], [1, 2, 4, 6], True
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "STAT", "vhea", "vmtx"]
    cutter = Subsetter(options)
    cutter.populate(unicodes=COMMON | set(map(ord, SIGNS + words)))
    cutter.subset(font)
    target = io.BytesIO()
    font.save(target)
    return target.getvalue()


def a_font(
    path: Path,
    words: str = "",
    *,
    family: str = "FangSong",
    source: str = "NotoSerifSC-Regular.ttf",
    fs_type: int = 0,
    blank: str = "",
    also: str = "",
) -> Path:
    """A font of a few hundred characters and `words`, its Latin ones half as wide as the Chinese, as 仿宋 of Windows has it.

    The characters in `blank` have an outline without anything in it; those in `also` look like 鑫 of `words`, and are in no other font.
    """
    font = TTFont(io.BytesIO(_cut(source, words)))
    _named(font, family)
    if also:
        _map_more(font, also)
    font["OS/2"].fsType = fs_type
    known = font.getBestCmap()
    for code in set(range(0x20, 0x7F)) & set(known):
        _halve(font, known[code])
    for each in blank:
        font["glyf"][known[ord(each)]] = TTGlyphPen(None).glyph()
    font.save(path)
    return path


def _halve(font: TTFont, name: str) -> None:
    """Half an em wide, and no outline beyond it."""
    half, glyph = font["head"].unitsPerEm // 2, font["glyf"][name]
    if glyph.numberOfContours > 0 and glyph.xMax > half:
        glyph.coordinates.scale((half / (glyph.xMax + 20), 1))
        glyph.coordinates.toInt()
        glyph.recalcBounds(font["glyf"])
    font["hmtx"][name] = (half, getattr(glyph, "xMin", 0))


def _map_more(font: TTFont, characters: str) -> None:
    """Characters beyond U+FFFF stand in a map of their own kind, the last of the font's maps."""
    known = font.getBestCmap()
    wide = CmapSubtable.newSubtable(12)
    wide.platformID, wide.platEncID, wide.language = 3, 10, 0
    wide.cmap = known | {ord(each): known[ord("鑫")] for each in characters}
    font["cmap"].tables = [*(each for each in font["cmap"].tables if each.format != 12), wide]


def _named(font: TTFont, family: str) -> None:
    for record in font["name"].names:
        record.string = family.split(" (")[0].replace(" ", "") if record.nameID == 6 else family


def a_collection(path: Path, words: str = "") -> Path:
    """Two fonts in one file, as 宋体 has them: only the second has the `words`."""
    whole = TTCollection()
    for family, its in (("SimSun", ""), ("NSimSun", words)):
        font = TTFont(io.BytesIO(_cut("NotoSerifSC-Regular.ttf", its)))
        _named(font, family)
        whole.fonts.append(font)
    whole.save(path)
    return path


def an_opentype_font(path: Path) -> Path:
    """A font with PostScript outlines, which cannot be embedded."""
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder([".notdef"])
    builder.setupCharacterMap({})
    pen = T2CharStringPen(500, None)
    builder.setupCFF("FangSong", {}, {".notdef": pen.getCharString()}, {})
    builder.setupHorizontalMetrics({".notdef": (500, 0)})
    builder.setupHorizontalHeader()
    builder.setupNameTable({"familyName": "FangSong", "styleName": "Regular", "psName": "FangSong"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)
    return path
