"""Pills: how a state is shown — shape, word and tint, so that colour never speaks alone."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.ui import theme
from desktop.ui.theme import Meaning


class Shape(StrEnum):
    """The glyph of a pill; drawn, because no font can be relied on to hold them."""

    TRIANGLE = "triangle"
    CLOCK = "clock"
    DIAMOND = "diamond"
    SQUARE = "square"
    CIRCLE = "circle"
    CHECK = "check"
    DASH = "dash"
    RING = "ring"


SHAPES: dict[Meaning, Shape] = {
    Meaning.OVERDUE: Shape.TRIANGLE,
    Meaning.DUE_SOON: Shape.CLOCK,
    Meaning.ATTENTION: Shape.DIAMOND,
    Meaning.INFORMATION: Shape.RING,
    Meaning.DONE: Shape.CHECK,
    Meaning.RED: Shape.TRIANGLE,
    Meaning.ORANGE: Shape.DIAMOND,
    Meaning.YELLOW: Shape.SQUARE,
    Meaning.BLUE: Shape.CIRCLE,
}


@dataclass(frozen=True, slots=True)
class Pill:
    """A state in one word, what it means, and its shape where the meaning's own does not fit."""

    word: str
    meaning: Meaning = Meaning.QUIET
    shape: Shape | None = None

    @property
    def glyph(self) -> Shape:
        """The shape that is drawn."""
        return self.shape or SHAPES.get(self.meaning, Shape.DASH)


RISK_GRADES: dict[str, Pill] = {
    "red": Pill("红", Meaning.RED),
    "orange": Pill("橙", Meaning.ORANGE),
    "yellow": Pill("黄", Meaning.YELLOW),
    "blue": Pill("蓝", Meaning.BLUE),
}


def draw_shape(painter: QPainter, shape: Shape, box: QRectF, tinted: QColor) -> None:
    """Draw a glyph into a square box."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tinted)
    if shape in _FILLED:
        painter.drawPolygon(_polygon(box, _FILLED[shape]))
    elif shape is Shape.CIRCLE:
        painter.drawEllipse(box.adjusted(0.5, 0.5, -0.5, -0.5))
    else:
        _draw_strokes(painter, shape, box, tinted)
    painter.restore()


_FILLED: dict[Shape, tuple[tuple[float, float], ...]] = {
    Shape.TRIANGLE: ((0.5, 0.04), (1, 0.94), (0, 0.94)),
    Shape.DIAMOND: ((0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5)),
    Shape.SQUARE: ((0.08, 0.08), (0.92, 0.08), (0.92, 0.92), (0.08, 0.92)),
}
_STROKES: dict[Shape, tuple[tuple[float, float], ...]] = {
    Shape.CHECK: ((0.08, 0.55), (0.38, 0.85), (0.95, 0.15)),
    Shape.DASH: ((0.15, 0.5), (0.85, 0.5)),
    Shape.CLOCK: ((0.5, 0.22), (0.5, 0.55), (0.74, 0.68)),
}


def _draw_strokes(painter: QPainter, shape: Shape, box: QRectF, tinted: QColor) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(
        QPen(
            tinted, max(1.5, box.width() / 6), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        )
    )
    if shape in (Shape.CLOCK, Shape.RING):
        painter.drawEllipse(box.adjusted(0.8, 0.8, -0.8, -0.8))
    if shape in _STROKES:
        painter.drawPolyline(_polygon(box, _STROKES[shape]))


def _polygon(box: QRectF, points: tuple[tuple[float, float], ...]) -> QPolygonF:
    return QPolygonF([QPointF(box.x() + x * box.width(), box.y() + y * box.height()) for x, y in points])


def pill_size(pill: Pill, metrics: QFontMetrics) -> QSize:
    """How much room a pill takes."""
    height = theme.size(22)
    return QSize(_glyph_edge() + metrics.horizontalAdvance(pill.word) + theme.size(8 + 5 + 8), height)


def draw_pill(painter: QPainter, pill: Pill, box: QRect) -> int:
    """Draw a pill at the left of `box`, in its vertical middle, cut to its width; answers the width used."""
    wanted = pill_size(pill, painter.fontMetrics())
    width = min(wanted.width(), box.width())
    ground = QRectF(box.x(), box.y() + (box.height() - wanted.height()) / 2, width, wanted.height())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.tint(pill.meaning))
    painter.drawRoundedRect(ground, ground.height() / 2, ground.height() / 2)
    edge = _glyph_edge()
    glyph = QRectF(ground.x() + theme.size(8), ground.center().y() - edge / 2, edge, edge)
    draw_shape(painter, pill.glyph, glyph, theme.colour(pill.meaning))
    painter.setPen(theme.ink(pill.meaning))
    words = QRectF(
        glyph.right() + theme.size(5), ground.y(), ground.right() - glyph.right() - theme.size(9), ground.height()
    )
    painter.drawText(
        words,
        Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
        painter.fontMetrics().elidedText(pill.word, Qt.TextElideMode.ElideRight, round(words.width())),
    )
    painter.restore()
    return width


def _glyph_edge() -> int:
    return theme.size(10)


class PillLabel(QWidget):
    """A pill as a widget of its own."""

    def __init__(self, pill: Pill, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_pill(pill)

    def set_pill(self, pill: Pill) -> None:
        """Show another state."""
        self._pill = pill
        self.setAccessibleName(pill.word)
        self.updateGeometry()
        self.update()

    @property
    def pill(self) -> Pill:
        """The state it shows."""
        return self._pill

    def sizeHint(self) -> QSize:
        """The pill's own size."""
        return pill_size(self._pill, self.fontMetrics())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it in the look in force."""
        with QPainter(self) as painter:
            draw_pill(painter, self._pill, self.rect())
