"""Pages of a PDF file one under another, as a reader shows them; only those in sight are drawn."""

from collections import OrderedDict

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from desktop.documents.pages import Pages
from desktop.ui import theme
from desktop.ui.printing.printer import image_of

GAP = 16
KEPT = 6
STEPS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
POINT = 96 / 72  # pixels a point at 100 %


class PageView(QAbstractScrollArea):
    """`page_changed` tells which page is in the middle, from 1. Zoom 0 fits the width."""

    page_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pageView")
        self.setAccessibleName("打印预览")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._pages: Pages | None = None
        self._zoom = 0.0
        self._drawn: OrderedDict[tuple[int, float], QImage] = OrderedDict()
        self._rects: list[QRect] = []
        self._current = 1
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    # ---- what it shows -------------------------------------------------------------------------------------

    def set_pages(self, pages: Pages | None) -> None:
        """Show other pages, from the first."""
        self._pages = pages
        self._drawn.clear()
        self._arrange()
        self.verticalScrollBar().setValue(0)
        self._on_scrolled()
        self.viewport().update()

    @property
    def count(self) -> int:
        """How many pages there are."""
        return 0 if self._pages is None else len(self._pages)

    @property
    def current(self) -> int:
        """The page in the middle, from 1."""
        return self._current

    @property
    def scale(self) -> float:
        """Pixels a point."""
        if self._zoom:
            return self._zoom * POINT
        widest = max((self._pages.size(n)[0] for n in range(self.count)), default=1.0) if self._pages else 1.0
        return max((self.viewport().width() - 2 * theme.size(GAP)) / widest, 0.1)

    @property
    def zoom(self) -> float:
        """1.0 is 100 %, whatever fits the width included."""
        return self.scale / POINT

    def set_zoom(self, zoom: float) -> None:
        """Show larger or smaller; the page in the middle stays there."""
        page = self._current
        self._zoom = zoom
        self._arrange()
        self.go_to(page)
        self.viewport().update()

    def step_zoom(self, direction: int) -> None:
        """The next step up or down."""
        now = self.zoom
        larger = [step for step in STEPS if step > now + 0.01]
        smaller = [step for step in STEPS if step < now - 0.01]
        if direction > 0 and larger:
            self.set_zoom(larger[0])
        elif direction < 0 and smaller:
            self.set_zoom(smaller[-1])

    def go_to(self, page: int) -> None:
        """Bring a page, counted from 1, to the top."""
        if self.count:
            top = self._rects[max(1, min(page, self.count)) - 1].top()
            self.verticalScrollBar().setValue(top - theme.size(GAP))

    # ---- places --------------------------------------------------------------------------------------------

    def _laid_out(self) -> list[QRect]:
        """Where each page lies on the whole strip."""
        rects, top, scale = [], theme.size(GAP), self.scale
        for number in range(self.count):
            assert self._pages is not None
            wide, tall = self._pages.size(number)
            size = QSize(round(wide * scale), round(tall * scale))
            left = max((self.viewport().width() - size.width()) // 2, theme.size(GAP))
            rects.append(QRect(QPoint(left, top), size))
            top += size.height() + theme.size(GAP)
        return rects

    def _arrange(self) -> None:
        self._rects = self._laid_out()
        tall = self._rects[-1].bottom() + theme.size(GAP) if self._rects else 0
        wide = max((rect.width() for rect in self._rects), default=0) + 2 * theme.size(GAP)
        room = self.viewport().size()
        self.verticalScrollBar().setPageStep(room.height())
        self.verticalScrollBar().setSingleStep(theme.size(48))
        self.verticalScrollBar().setRange(0, max(tall - room.height(), 0))
        self.horizontalScrollBar().setPageStep(room.width())
        self.horizontalScrollBar().setRange(0, max(wide - room.width(), 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What fits the width fits the new one."""
        super().resizeEvent(event)
        page = self._current
        self._arrange()
        if page > 1:
            self.go_to(page)

    def _on_scrolled(self) -> None:
        middle = self.verticalScrollBar().value() + self.viewport().height() // 3
        found = next((n + 1 for n in range(self.count) if self._rects[n].bottom() >= middle), max(self.count, 1))
        self.viewport().update()
        self._current = found
        self.page_changed.emit(found)

    # ---- painting and keys ---------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """White sheets with a thin rim: paper is white in any look."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme.token("window"))
        moved = QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())
        for number, place in enumerate(self._rects):
            rect = place.translated(-moved)
            if rect.intersects(event.rect()):
                painter.drawImage(QRectF(rect), self._image(number))
                painter.setPen(theme.token("line"))
                painter.drawRect(rect.adjusted(-1, -1, 0, 0))
            elif rect.top() > event.rect().bottom():
                break

    def _image(self, number: int) -> QImage:
        assert self._pages is not None
        scale = self.scale * self.devicePixelRatioF()
        key = (number, round(scale, 4))
        image = self._drawn.get(key)
        if image is None:
            image = self._drawn[key] = image_of(self._pages.picture(number, scale))
            if len(self._drawn) > KEPT:
                self._drawn.popitem(last=False)
        return image

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """PageUp, PageDown, Home and End go by pages; + and - zoom."""
        jumps = {
            Qt.Key.Key_PageDown: self._current + 1,
            Qt.Key.Key_PageUp: self._current - 1,
            Qt.Key.Key_Home: 1,
            Qt.Key.Key_End: self.count,
        }
        key = Qt.Key(event.key())
        if key in jumps:
            self.go_to(jumps[key])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.step_zoom(-1 if key is Qt.Key.Key_Minus else 1)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel zoom."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.step_zoom(1 if event.angleDelta().y() > 0 else -1)
        else:
            super().wheelEvent(event)
