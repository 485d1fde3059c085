"""Makes resources/fonts from the fonts as published. Run by a developer, never shipped.

    npm pack @expo-google-fonts/noto-sans-sc@0.4.3 @expo-google-fonts/noto-serif-sc@0.4.3
    apt-get download fonts-lxgw-wenkai=1.250+repack-1
    python installer/make_fonts.py FOLDER_WITH_THE_THREE_FILES

reportlab embeds TrueType outlines only, and these are the fonts that have them under a free licence. Noto Sans SC
Regular stays whole: it is the face of the program, and rare characters of names must appear. The others are cut to
通用规范汉字表, GB 2312, Latin and signs. What Noto Sans lacks of LXGW WenKai's characters (𠮷 and the like) and signs
becomes a small font of its own; its licence reserves the name LXGW, so the cut bears another. The ticked boxes of
forms, which none of them has, are drawn here.
"""

import hashlib
import io
import subprocess
import sys
import tarfile
from pathlib import Path

from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "resources" / "fonts"
COMMON = Path(__file__).with_name("common_characters.txt")

SANS = "expo-google-fonts-noto-sans-sc-0.4.3.tgz"
SERIF = "expo-google-fonts-noto-serif-sc-0.4.3.tgz"
WENKAI = "fonts-lxgw-wenkai_1.250+repack-1_all.deb"
HASHES = {
    SANS: "0d69d0f4971d2ff574e3d93cbc218dc950bf3f3f8f8e2c008d97687ed53aee59",
    SERIF: "ff6bcf5ba68d92dfecc05544bb150f9e724741a932354a0dd97e7289c40a3f5e",
    WENKAI: "6d1e4c4aac78ad32062aefa2c836ee4d6e58f9dcf8b3f4407c9eefe304615318",
}
SIGNS = (
    (0x20, 0x17F), (0x391, 0x3C9), (0x2000, 0x206F), (0x20A0, 0x20BF), (0x2100, 0x22FF), (0x2300, 0x23FF),
    (0x2460, 0x27BF), (0x2E80, 0x2FDF), (0x3000, 0x303F), (0x3200, 0x33FF), (0xFE30, 0xFE4F), (0xFF00, 0xFFEF),
)  # fmt: skip
EXTRA_FAMILY = "TownSafe Extra"
RESERVED = ("LXGW", "霞鹜", "霞鶩")


def _common() -> set[int]:
    """What a cut font must show: the standard characters, those of GB 2312, Latin letters and signs."""
    wanted = {code for first, last in SIGNS for code in range(first, last + 1)}
    lines = COMMON.read_text("utf-8").splitlines()
    wanted |= {ord(character) for line in lines if not line.startswith("#") for character in line}
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            wanted |= {ord(each) for each in bytes((row, cell)).decode("gb2312", "ignore")}
    return wanted


def _extra(font: TTFont) -> set[int]:
    """The rare characters and the signs of a font."""
    return {
        code for code in font.getBestCmap() if 0x2190 <= code <= 0x27BF or 0x3400 <= code <= 0x9FFF or code >= 0x20000
    }


def _archive(folder: Path, name: str) -> tarfile.TarFile:
    """An input whose hash is the one recorded here."""
    content = (folder / name).read_bytes()
    if hashlib.sha256(content).hexdigest() != HASHES[name]:
        raise SystemExit(f"{name} is not the file these fonts were made from")
    if name.endswith(".deb"):
        content = subprocess.run(
            ["dpkg-deb", "--fsys-tarfile", folder / name], stdout=subprocess.PIPE, check=True
        ).stdout
    return tarfile.open(fileobj=io.BytesIO(content))


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(name)
    assert file is not None
    return file.read()


def _open(content: bytes) -> TTFont:
    return TTFont(io.BytesIO(content), recalcTimestamp=False)


def _cut(font: TTFont, wanted: set[int]) -> TTFont:
    """The font with these characters alone; the same input gives the same bytes."""
    options = Options(hinting=False, notdef_outline=True, name_IDs=["*"], name_languages=["*"], glyph_names=False)
    cutter = Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    return font


def _rename(font: TTFont, family: str) -> None:
    """Give a cut its own name, and take away every other record that carries a reserved one."""
    own = {1: family, 2: "Regular", 3: f"{family} 1.0", 4: family, 6: family.replace(" ", "") + "-Regular"}
    kept = [each for each in font["name"].names if each.nameID in (0, 13, 14)]
    font["name"].names = kept
    for identity, text in own.items():
        font["name"].setName(text, identity, 3, 1, 0x409)
    assert not any(word in text for word in RESERVED for text in own.values())


# The outlines of forms' boxes and marks on a square of a hundred: a polygon each, clockwise, a hole the other way round.
_BOX = [[(12, 2), (12, 78), (88, 78), (88, 2)], [(18, 8), (82, 8), (82, 72), (18, 72)]]
_TICK = [[(26, 42), (31, 48), (44, 32), (70, 66), (76, 61), (44, 19)]]
_CROSS = [
    [
        (28, 22),
        (46, 40),
        (28, 58),
        (33, 63),
        (50, 45),
        (67, 63),
        (72, 58),
        (54, 40),
        (72, 22),
        (67, 17),
        (50, 35),
        (33, 17),
    ]
]
MARKS = {"☐": _BOX, "☑": _BOX + _TICK, "☒": _BOX + _CROSS, "✓": _TICK, "✗": _CROSS}


def _draw_marks(font: TTFont) -> None:
    """Add the boxes and marks to a font, as wide as a Han character."""
    em = font["head"].unitsPerEm
    font.setGlyphOrder([*font.getGlyphOrder(), *(f"mark{ord(mark):x}" for mark in MARKS)])
    for mark, polygons in MARKS.items():
        pen = TTGlyphPen(None)
        for polygon in polygons:
            first, *others = [(x * em // 100, y * em // 100) for x, y in polygon]
            pen.moveTo(first)
            for point in others:
                pen.lineTo(point)
            pen.closePath()
        name = f"mark{ord(mark):x}"
        font["glyf"][name] = pen.glyph()
        font["hmtx"][name] = (em, 12 * em // 100)
        if "vmtx" in font:
            font["vmtx"][name] = (em, 10 * em // 100)
        for table in font["cmap"].tables:
            if table.isUnicode() and table.format in (4, 12):
                table.cmap[ord(mark)] = name


def _save(font: TTFont, name: str) -> None:
    font.save(TARGET / name)
    print(f"{name}: {(TARGET / name).stat().st_size / 1e6:.1f} MB, {len(font.getBestCmap())} characters")


def main(folder: Path) -> None:
    """Write the fonts and their licences."""
    common = _common()
    sans, serif, wenkai = (_archive(folder, name) for name in (SANS, SERIF, WENKAI))
    regular = _member(sans, "package/400Regular/NotoSansSC_400Regular.ttf")
    (TARGET / "NotoSansSC-Regular.ttf").write_bytes(regular)
    _save(_cut(_open(_member(sans, "package/700Bold/NotoSansSC_700Bold.ttf")), common), "NotoSansSC-Bold.ttf")
    for folder_name, weight in (("400Regular", "Regular"), ("700Bold", "Bold")):
        content = _member(serif, f"package/{folder_name}/NotoSerifSC_{folder_name}.ttf")
        _save(_cut(_open(content), common), f"NotoSerifSC-{weight}.ttf")
    extra = _open(_member(wenkai, "./usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf"))
    _rename(_cut(extra, _extra(extra) - set(_open(regular).getBestCmap())), EXTRA_FAMILY)
    _draw_marks(extra)
    _save(extra, "TownSafeExtra-Regular.ttf")
    (TARGET / "OFL-Noto-Sans-SC.txt").write_bytes(_member(sans, "package/LICENSE_FONT"))
    (TARGET / "OFL-Noto-Serif-SC.txt").write_bytes(_member(serif, "package/LICENSE_FONT"))
    (TARGET / "OFL-TownSafe-Extra.txt").write_bytes(_member(wenkai, "./usr/share/doc/fonts-lxgw-wenkai/copyright"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
