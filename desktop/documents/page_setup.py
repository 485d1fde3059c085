"""The sheet of paper that lists and calendars are printed on, and the foot of its pages: 第 x 页 共 y 页.

Official documents have a layout of their own, in `pdf`; what the office prints for itself takes the paper it has.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from desktop import text
from desktop.documents import fonts
from desktop.documents.fonts import Role

MM = 72 / 25.4
FOOT = 9 * MM  # room for the foot line, inside the lower margin


class PaperSize(StrEnum):
    """The sizes that an office printer or the copier takes."""

    A4 = "A4"
    A3 = "A3"


class Margin(StrEnum):
    """How much is left free around the page."""

    NARROW = "narrow"
    NORMAL = "normal"
    WIDE = "wide"


_SHEETS = {PaperSize.A4: (210 * MM, 297 * MM), PaperSize.A3: (297 * MM, 420 * MM)}
_MARGINS = {Margin.NARROW: 9 * MM, Margin.NORMAL: 15 * MM, Margin.WIDE: 25 * MM}


@dataclass(frozen=True, slots=True)
class PageSetup:
    """What a person chooses before printing."""

    size: PaperSize = PaperSize.A4
    is_landscape: bool = False
    margin: Margin = Margin.NORMAL

    @property
    def sheet(self) -> tuple[float, float]:
        """Width and height of the sheet, in points."""
        wide, tall = _SHEETS[self.size]
        return (tall, wide) if self.is_landscape else (wide, tall)

    @property
    def edge(self) -> float:
        """The margin on all four sides, in points; the foot line stands within the lower one."""
        return _MARGINS[self.margin]

    @property
    def frame(self) -> tuple[float, float, float, float]:
        """Left, bottom, width and height of what is printed on."""
        wide, tall = self.sheet
        return self.edge, self.edge + FOOT, wide - 2 * self.edge, tall - 2 * self.edge - FOOT


def paged_canvas(setup: PageSetup, office: str, on: date) -> Any:
    """A canvas that writes office, date and 第 x 页 共 y 页 under each page, once it knows how many there are."""
    from reportlab.pdfgen.canvas import Canvas

    font = fonts.pdf_name(fonts.file_of(Role.BODY))

    class Paged(Canvas):  # type: ignore[misc]
        def __init__(self, *args: Any, **more: Any) -> None:
            super().__init__(*args, **{**more, "initialFontName": font})
            self._waiting: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self._waiting.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            pages = self._waiting
            for number, page in enumerate(pages, 1):
                self.__dict__.update(page)
                self._draw_foot(number, len(pages))
                super().showPage()
            super().save()

        def _draw_foot(self, number: int, count: int) -> None:
            wide, _ = setup.sheet
            self.saveState()
            self.setFont(font, 9)
            self.setFillGray(0.35)
            self.drawString(setup.edge, setup.edge, f"{office}　{text.long_day(on)}")
            self.drawRightString(wide - setup.edge, setup.edge, f"第 {number} 页 共 {count} 页")
            self.restoreState()

    return Paged
