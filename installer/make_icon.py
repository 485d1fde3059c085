"""Makes resources/icons/townsafe.ico, which Windows shows for the program and its files, from townsafe.svg.

python installer/make_icon.py
"""

import struct
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ICONS = Path(__file__).resolve().parent.parent / "resources" / "icons"
SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)  # Explorer and the taskbar from 100 % to 250 %


def _png(renderer: QSvgRenderer, size: int) -> bytes:
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs know bytes alone, Qt takes text
    return bytes(buffer.data().data())


def icon_file(pictures: dict[int, bytes]) -> bytes:
    """An .ico of PNG pictures by size: a header, an entry of sixteen bytes for each, then the pictures (256 reads as 0)."""
    head = struct.pack("<HHH", 0, 1, len(pictures))
    offset = len(head) + 16 * len(pictures)
    entries = b""
    for size, content in pictures.items():
        entries += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(content), offset)
        offset += len(content)
    return head + entries + b"".join(pictures.values())


def main() -> None:
    """Write the file."""
    application = QGuiApplication([])
    renderer = QSvgRenderer(str(ICONS / "townsafe.svg"))
    (ICONS / "townsafe.ico").write_bytes(icon_file({size: _png(renderer, size) for size in SIZES}))
    application.quit()


if __name__ == "__main__":
    main()
