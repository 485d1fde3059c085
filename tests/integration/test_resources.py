"""Fonts and icons as shipped: complete, usable by Qt and by the PDF writer, licensed; and packed into a wheel."""

import importlib.util
import io
import re
import shutil
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from pytestqt.qtbot import QtBot
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont as PdfFont
from reportlab.pdfgen.canvas import Canvas

from resources import resource

ROOT = Path(__file__).parents[2]
FAMILIES = {
    "NotoSansSC-Regular.ttf": "Noto Sans SC",
    "NotoSansSC-Bold.ttf": "Noto Sans SC",
    "NotoSerifSC-Regular.ttf": "Noto Serif SC",
    "NotoSerifSC-Bold.ttf": "Noto Serif SC",
    "TownSafeExtra-Regular.ttf": "TownSafe Extra",
}
LICENCES = ("OFL-Noto-Sans-SC.txt", "OFL-Noto-Serif-SC.txt", "OFL-TownSafe-Extra.txt")
SENTENCE = "启东市惠萍镇：责令限期整改指令书〔2026〕12号，“有限空间”3处≥5㎡ □①"
ICON_NAMES = sorted(each.name for each in resource("icons").iterdir() if each.name.endswith(".svg"))


def _font(name: str) -> TTFont:
    return TTFont(io.BytesIO(resource(f"fonts/{name}").read_bytes()))


def _standard_characters() -> set[int]:
    lines = (ROOT / "installer" / "common_characters.txt").read_text("utf-8").splitlines()
    return {ord(character) for line in lines if not line.startswith("#") for character in line}


def _gb2312() -> set[int]:
    pairs = (bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    return {ord(text) for pair in pairs if (text := pair.decode("gb2312", "ignore"))}


def test_the_font_folder_holds_these_fonts_and_their_licences_alone() -> None:
    assert {each.name for each in resource("fonts").iterdir()} == {*FAMILIES, *LICENCES}
    for name in LICENCES:
        assert "SIL OPEN FONT LICENSE Version 1.1" in resource(f"fonts/{name}").read_text("utf-8")


@pytest.mark.parametrize("name", FAMILIES)
def test_a_font_may_be_embedded_has_true_type_outlines_and_no_reserved_name(name: str) -> None:
    font = _font(name)
    assert "glyf" in font
    assert font["OS/2"].fsType == 0
    names = {each.toUnicode() for each in font["name"].names if each.nameID in (1, 3, 4, 6, 16)}
    assert not any(word in text for text in names for word in ("LXGW", "霞鹜", "Source"))


@pytest.mark.parametrize("name", [each for each in FAMILIES if each.startswith("Noto")])
def test_a_text_font_shows_every_standard_character_and_the_signs_of_documents(name: str) -> None:
    shown = set(_font(name).getBestCmap())
    standard = _standard_characters()
    assert len(standard) == 8105
    missing = (standard | _gb2312() | {ord(each) for each in SENTENCE}) - shown
    assert {chr(each) for each in missing} == set()


def test_rare_characters_of_names_and_ticked_boxes_come_from_the_fallback() -> None:
    sans = set(_font("NotoSansSC-Regular.ttf").getBestCmap())
    extra = set(_font("TownSafeExtra-Regular.ttf").getBestCmap())
    assert {ord(each) for each in "𠮷☐☑☒✓✗"} <= extra
    assert not {each for each in sans & extra if each >= 0x3400}
    assert {ord(each) for each in "㐂䶮囍喆堃"} <= sans


@pytest.mark.parametrize("name", FAMILIES)
def test_qt_loads_the_font_under_its_family(qtbot: QtBot, name: str) -> None:
    loaded = QFontDatabase.addApplicationFontFromData(resource(f"fonts/{name}").read_bytes())
    assert QFontDatabase.applicationFontFamilies(loaded) == [FAMILIES[name]]


def test_qt_finds_a_regular_and_a_bold_of_both_families(qtbot: QtBot) -> None:
    for name in FAMILIES:
        QFontDatabase.addApplicationFontFromData(resource(f"fonts/{name}").read_bytes())
    assert {"Regular", "Bold"} <= set(QFontDatabase.styles("Noto Sans SC"))
    assert {"Regular", "Bold"} <= set(QFontDatabase.styles("Noto Serif SC"))


@pytest.mark.parametrize("name", FAMILIES)
def test_reportlab_embeds_the_font_and_its_text_can_be_read_again(name: str, tmp_path: Path) -> None:
    text = "𠮷" if "Extra" in name else SENTENCE
    path = tmp_path / "line.pdf"
    with resource(f"fonts/{name}").open("rb") as file:
        pdfmetrics.registerFont(PdfFont(name, file))
    canvas = Canvas(str(path), pageCompression=0)
    canvas.setFont(name, 12)
    canvas.drawString(60, 700, text)
    canvas.save()
    assert b"/FontFile2" in path.read_bytes()
    if shutil.which("pdftotext") is None or "Extra" in name:
        return
    read = subprocess.run(["pdftotext", "-enc", "UTF-8", path, "-"], stdout=subprocess.PIPE, check=True).stdout
    assert re.sub(r"\s", "", read.decode()) == re.sub(r"\s", "", text)


def _inked(image: QImage) -> int:
    points = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return sum(image.pixelColor(x, y).alpha() > 40 for x, y in points)


@pytest.mark.parametrize("name", ICON_NAMES)
def test_an_icon_draws_something_within_its_square(qtbot: QtBot, name: str) -> None:
    renderer = QSvgRenderer(resource(f"icons/{name}").read_bytes())
    assert renderer.isValid()
    image = QImage(40, 40, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    assert 30 < _inked(image) < 1300
    edge = [image.pixelColor(i, j).alpha() for i in range(40) for j in (0, 39)]
    assert max(edge) < 40, "it is cut off at the edge"


@pytest.mark.parametrize("name", [each for each in ICON_NAMES if each != "townsafe.svg"])
def test_an_icon_has_one_colour_one_weight_and_the_common_grid(name: str) -> None:
    text = resource(f"icons/{name}").read_text("utf-8")
    assert 'viewBox="0 0 20 20"' in text
    assert 'stroke-width="1.5"' in text
    assert set(re.findall(r'(?:stroke|fill)="([^"]+)"', text)) <= {"none", "currentColor"}


def test_every_icon_differs_from_the_others() -> None:
    texts = [resource(f"icons/{name}").read_text("utf-8") for name in ICON_NAMES]
    assert len(set(texts)) == len(texts) >= 55


def test_the_windows_icon_holds_every_size() -> None:
    content = resource("icons/townsafe.ico").read_bytes()
    kind, count = struct.unpack("<xxHH", content[:6])
    entries = [struct.unpack("<BBBBHHII", content[6 + 16 * i : 22 + 16 * i]) for i in range(count)]
    assert kind == 1
    assert [each[0] or 256 for each in entries] == [16, 20, 24, 32, 40, 48, 64, 128, 256]
    for *_, length, offset in entries:
        assert content[offset : offset + 4] == b"\x89PNG"
        assert offset + length <= len(content)


def test_a_wheel_carries_every_resource_and_migration(tmp_path: Path) -> None:
    """A frozen build reads them as a checkout does."""
    if importlib.util.find_spec("pip") is None:
        pytest.skip("the Python that is shipped for Windows has no pip")
    source = tmp_path / "source"
    for name in ("desktop", "db", "resources"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--no-index",
        "--no-build-isolation",
        "-q",
        "-w",
        str(tmp_path),
        ".",
    ]
    subprocess.run(command, cwd=source, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    wanted = {
        path.relative_to(source).as_posix()
        for folder in ("desktop", "db", "resources")
        for path in (source / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted - packed == set()
