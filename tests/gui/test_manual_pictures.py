"""The manual's pictures are drawn anew from the program as it is, and compared with those that are shipped.

When this fails because a page was changed on purpose: `python installer/make_manual_pictures.py`, and look at them.
"""

import json
from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from installer.make_manual_pictures import FOLDER, SCENES, WORDS, Picture, make, png

ACROSS, DOWN = 48, 27
MOST_DIFFERENT = 9.0
"""Mean difference in grey of 255 between two small pictures: other fonts make 2 to 4, another page far more."""


@pytest.fixture(scope="module")
def drawn(qapp: QApplication) -> dict[str, Picture]:
    return make()


def _small(image: QImage) -> bytes:
    scaled = image.scaled(
        ACROSS, DOWN, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    ).convertToFormat(QImage.Format.Format_Grayscale8)
    return b"".join(bytes(scaled.constScanLine(line)[:ACROSS]) for line in range(DOWN))


def _difference(one: QImage, two: QImage) -> float:
    return sum(abs(a - b) for a, b in zip(_small(one), _small(two), strict=True)) / (ACROSS * DOWN)


def _shipped(name: str) -> QImage:
    image = QImage(str(FOLDER / f"{name}.png"))
    assert not image.isNull(), name
    return image


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", SCENES)
def test_a_picture_shows_what_the_program_shows(drawn: dict[str, Picture], name: str) -> None:
    """Not pixel by pixel: other machines have other fonts. Size, the words on its controls and the look of it agree."""
    told = json.loads((FOLDER / WORDS).read_text("utf-8"))
    assert drawn[name].told == told[name], "python installer/make_manual_pictures.py"
    assert drawn[name].image.size() == _shipped(name).size()
    assert _difference(drawn[name].image, _shipped(name)) < MOST_DIFFERENT


@pytest.mark.slow
def test_every_scene_has_its_picture_and_every_picture_its_scene() -> None:
    assert {path.stem for path in FOLDER.glob("*.png")} == set(SCENES)
    assert list(json.loads((FOLDER / WORDS).read_text("utf-8"))) == list(SCENES)


def test_the_comparison_tells_pages_apart() -> None:
    """Else it would pass whatever is drawn."""
    dialogs = [name for name in SCENES if name not in ("workbench", "people", "rules", "hazards")]
    pairs = combinations(dialogs, 2)
    assert min(_difference(_shipped(one), _shipped(two)) for one, two in pairs) > MOST_DIFFERENT / 4
    assert _difference(_shipped("workbench"), _shipped("reporting")) > MOST_DIFFERENT / 2


def test_a_picture_is_written_with_a_palette_that_keeps_its_colours() -> None:
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    for line in range(64):
        for place in range(64):
            image.setPixel(place, line, 0xFF000000 | (place * 4 << 16) | (line * 4 << 8))
    image.setPixel(3, 3, 0xFFFFFFFF)
    again = QImage.fromData(png(image))
    assert again.format() == QImage.Format.Format_Indexed8
    assert again.colorCount() <= 256
    assert max(abs(again.pixelColor(x, x).red() - image.pixelColor(x, x).red()) for x in range(5, 64)) <= 40


def test_the_folder_is_the_one_that_is_shipped() -> None:
    assert Path(__file__).parents[2] / "resources" / "manual" / "pictures" == FOLDER
