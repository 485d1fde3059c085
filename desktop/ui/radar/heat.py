"""A map of numbers: what repeats in the rows, villages in the columns, the number in each cell and its weight in the tint."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.ui import theme
from desktop.ui.theme import Meaning

LABEL, CELL, LINE, HEAD = 220, 76, 28, 28
Place = tuple[int, int]
"""Row and column."""
_STEPS: dict[int, Place] = {
    int(Qt.Key.Key_Left): (0, -1), int(Qt.Key.Key_Right): (0, 1),
    int(Qt.Key.Key_Up): (-1, 0), int(Qt.Key.Key_Down): (1, 0),
}  # fmt: skip


class HeatMap(QWidget):
    """`opened` tells the row and column of a cell that was clicked, or chosen with Enter; empty cells open nothing."""

    opened = Signal(int, int)

    def __init__(self, title: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._title = title
        self._rows: tuple[str, ...] = ()
        self._columns: tuple[str, ...] = ()
        self._values: Mapping[Place, int] = {}
        self._at: Place = (0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.show_values((), (), {})

    def show_values(self, rows: Sequence[str], columns: Sequence[str], values: Mapping[Place, int]) -> None:
        """Show other numbers; the current cell goes to the first that has one."""
        self._rows, self._columns, self._values = tuple(rows), tuple(columns), dict(values)
        self._at = min(self._values, default=(0, 0))
        self._say()
        self.updateGeometry()
        self.update()

    def _say(self) -> None:
        self.setAccessibleName(f"{self._title}：{self.words(self._at)}" if self._values else self._title)
        told = (self.words(place) for place in sorted(self._values))
        self.setAccessibleDescription("\n".join(told))

    def words(self, place: Place) -> str:
        """A cell as it is read out."""
        if place not in self._values:
            return "没有"
        return f"{self._rows[place[0]]}，{self._columns[place[1]]}：{self._values[place]} 次"

    def cell_rect(self, place: Place) -> QRectF:
        """Where a cell is drawn."""
        left = theme.size(LABEL) + place[1] * theme.size(CELL)
        top = theme.size(HEAD) + place[0] * theme.size(LINE)
        return QRectF(left, top, theme.size(CELL), theme.size(LINE)).adjusted(1, 1, -1, -1)

    def sizeHint(self) -> QSize:
        """All of it; a scroll area shows a part."""
        wide = theme.size(LABEL) + len(self._columns) * theme.size(CELL)
        return QSize(wide + theme.size(4), theme.size(HEAD) + len(self._rows) * theme.size(LINE) + theme.size(4))

    def changeEvent(self, event: QEvent) -> None:
        """Larger type wants larger cells."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.resize(self.sizeHint())

    # ---- painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Heads, then the cells."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(theme.QUIET_PT))
        painter.setPen(theme.colour(Meaning.QUIET))
        for place, village in enumerate(self._columns):
            box = self.cell_rect((-1, place))
            self._write(painter, box, village, Qt.AlignmentFlag.AlignHCenter)
        for place, same in enumerate(self._rows):
            top = theme.size(HEAD) + place * theme.size(LINE)
            self._write(painter, QRectF(0, top, theme.size(LABEL - 8), theme.size(LINE)), same)
        most = max(self._values.values(), default=1)
        for at in ((row, column) for row in range(len(self._rows)) for column in range(len(self._columns))):
            self._paint_cell(painter, at, most)

    def _paint_cell(self, painter: QPainter, at: Place, most: int) -> None:
        box, value = self.cell_rect(at), self._values.get(at, 0)
        share = 0.15 + 0.5 * value / most if value else 0.0
        ground = theme.mix(theme.token("surface"), theme.colour(Meaning.OVERDUE), share)
        painter.setPen(QPen(theme.token("line"), 1))
        painter.setBrush(ground)
        painter.drawRoundedRect(box, theme.size(3), theme.size(3))
        if value:
            painter.setPen(theme.colour(Meaning.TEXT))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(value))
        if self.hasFocus() and at == self._at:
            painter.setPen(QPen(theme.colour(Meaning.ACCENT), theme.size(2)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, theme.size(3), theme.size(3))

    def _write(
        self, painter: QPainter, box: QRectF, words: str, align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft
    ) -> None:
        short = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(box, align | Qt.AlignmentFlag.AlignVCenter, short)

    # ---- mouse and keys

    def _place_at(self, point: QPoint) -> Place | None:
        return next((at for at in self._values if self.cell_rect(at).contains(point)), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A cell opens its rows."""
        at = self._place_at(event.position().toPoint())
        if at is not None and event.button() is Qt.MouseButton.LeftButton:
            self._go(at)
            self.opened.emit(*at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand over what can be opened."""
        is_cell = self._place_at(event.position().toPoint()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_cell else Qt.CursorShape.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from cell to cell, Enter and Space open."""
        if event.key() in _STEPS:
            down, right = _STEPS[event.key()]
            row = min(max(self._at[0] + down, 0), max(len(self._rows) - 1, 0))
            column = min(max(self._at[1] + right, 0), max(len(self._columns) - 1, 0))
            self._go((row, column))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._at in self._values:
            self.opened.emit(*self._at)
        else:
            super().keyPressEvent(event)

    def _go(self, at: Place) -> None:
        self._at = at
        self._say()
        self.update()

    def event(self, event: QEvent) -> bool:
        """The words of the cell under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = self._place_at(event.pos())
            QToolTip.showText(event.globalPos(), self.words(at) if at is not None else "", self)
            return True
        return super().event(event)
