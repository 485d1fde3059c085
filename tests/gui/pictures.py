"""Pictures of widgets for people to look at: light and dark, in any size and scale, under `tests/pictures/` (ignored by git).

A scale is drawn by painting at that device pixel ratio, so one run makes all of them.
"""

import re
from pathlib import Path

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from desktop.ui import theme

FOLDER = Path(__file__).parents[1] / "pictures"
SMALL, WIDE = QSize(1366, 768), QSize(1920, 1080)


def grab(
    widget: QWidget, name: str, size: QSize = SMALL, scale: float = 1.0, is_dark: bool = False, is_large: bool = False
) -> Path:
    """Save a picture of `widget` at `size` and answer its path; the look stays as it was asked for.

    At 125 % or 150 % a screen of 1366 × 768 shows fewer points: the widget is laid out in `size / scale`.
    """
    theme.apply(theme.Look(is_dark=is_dark, is_large=is_large))
    widget.resize(QSize(round(size.width() / scale), round(size.height() / scale)))
    widget.show()
    QApplication.processEvents()
    QApplication.sendPostedEvents()
    drawn = QPixmap(size)
    drawn.setDevicePixelRatio(scale)
    drawn.fill(Qt.GlobalColor.transparent)
    widget.render(drawn, QPoint())
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{_safe(name)}-{size.width()}x{size.height()}-{round(scale * 100)}{_suffix(is_dark, is_large)}.png"
    assert drawn.save(str(path))
    return path


def grab_both(widget: QWidget, name: str, size: QSize = SMALL, scale: float = 1.0) -> list[Path]:
    """Light and dark, one after the other; ends in the light look."""
    dark = grab(widget, name, size, scale, is_dark=True)
    return [grab(widget, name, size, scale), dark]


def _suffix(is_dark: bool, is_large: bool) -> str:
    return ("-dark" if is_dark else "-light") + ("-large" if is_large else "")


def _safe(name: str) -> str:
    return re.sub(r"[^\w-]+", "_", name)
