"""Makes resources/fonts from the fonts as published. Run by a developer, never shipped.

    npm pack @expo-google-fonts/noto-sans-sc@0.4.3 @expo-google-fonts/noto-serif-sc@0.4.3
    apt-get download fonts-lxgw-wenkai=1.250+repack-1
    python installer/make_fonts.py FOLDER_WITH_THE_THREE_FILES

reportlab embeds TrueType outlines only, and these are the fonts that have them under a free licence. Noto Sans SC
Regular stays whole: it is the face of the program, and rare characters of names must appear. The others are cut to
通用规范汉字表, GB 2312, Latin and signs. What Noto Sans lacks of LXGW WenKai's characters (𠮷 and the like) becomes a
small font of its own; its licence reserves the name LXGW, so the cut bears another.
"""

import hashlib
import io
import subprocess
import sys
import tarfile
from pathlib import Path

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
RARE_FAMILY = "TownSafe Rare Han"
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
    rare = _open(_member(wenkai, "./usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf"))
    han = {code for code in rare.getBestCmap() if 0x3400 <= code <= 0x9FFF or code >= 0x20000}
    _rename(_cut(rare, han - set(_open(regular).getBestCmap())), RARE_FAMILY)
    _save(rare, "TownSafeRareHan-Regular.ttf")
    (TARGET / "OFL-Noto-Sans-SC.txt").write_bytes(_member(sans, "package/LICENSE_FONT"))
    (TARGET / "OFL-Noto-Serif-SC.txt").write_bytes(_member(serif, "package/LICENSE_FONT"))
    (TARGET / "OFL-TownSafe-Rare-Han.txt").write_bytes(_member(wenkai, "./usr/share/doc/fonts-lxgw-wenkai/copyright"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
