"""Bars, lines and a ring, drawn by the painter: no library at start, colours by meaning, words for those who cannot see them."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.ui import theme
from desktop.ui.theme import Meaning


@dataclass(frozen=True, slots=True)
class Point:
    """One bar, point or slice: its label, its value, the value as people read it, and what it means."""

    label: str
    value: float
    words: str = ""
    meaning: Meaning = Meaning.ACCENT

    @property
    def read(self) -> str:
        """The value as it is read."""
        return self.words or f"{self.value:g}"


class Chart(QWidget):
    """Base of the charts. A click, or Enter on the point chosen by ← and →, opens the rows behind it."""

    point_clicked = Signal(int)
    """The number of the point."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._points: tuple[Point, ...] = ()
        self._chosen = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(title)

    def show_points(self, points: Sequence[Point]) -> None:
        """Show these, in order."""
        self._points = tuple(points)
        self._chosen = -1
        self.setAccessibleDescription("；".join(f"{point.label} {point.read}" for point in self._points) or "没有数据")
        self.update()

    @property
    def points(self) -> tuple[Point, ...]:
        """What it shows."""
        return self._points

    def sizeHint(self) -> QSize:
        """A comfortable size; it takes what it gets."""
        return QSize(theme.size(320), theme.size(180))

    def minimumSizeHint(self) -> QSize:
        """Below this the words would run together."""
        return QSize(theme.size(180), theme.size(120))

    def box_of(self, number: int) -> QRectF:
        """Where a point can be clicked."""
        raise NotImplementedError

    def draw(self, painter: QPainter) -> None:
        """Draw all points."""
        raise NotImplementedError

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The chart, or that there is nothing; a ring around it while it has the focus."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(theme.font(theme.QUIET_PT))
            if self._points:
                self.draw(painter)
            else:
                painter.setPen(theme.colour(Meaning.QUIET))
                painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "没有数据")
            if self.hasFocus():
                painter.setPen(QPen(theme.colour(Meaning.ACCENT), 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def _point_at(self, where: QPointF) -> int:
        return next((number for number in range(len(self._points)) if self.box_of(number).contains(where)), -1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell the value pointed at."""
        number = self._point_at(event.position())
        if number >= 0:
            point = self._points[number]
            QToolTip.showText(event.globalPosition().toPoint(), f"{point.label}：{point.read}", self)
        self.setCursor(Qt.CursorShape.PointingHandCursor if number >= 0 else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the rows."""
        if (number := self._point_at(event.position())) >= 0:
            self.point_clicked.emit(number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """← and → choose, Enter opens."""
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        if step and self._points:
            self._chosen = (self._chosen + step) % len(self._points)
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._chosen >= 0:
            self.point_clicked.emit(self._chosen)
        else:
            super().keyPressEvent(event)

    def _plot(self) -> QRectF:
        """The room above the labels and below the words of the highest point."""
        line = QFontMetricsF(theme.font(theme.QUIET_PT)).height()
        return QRectF(self.rect()).adjusted(theme.size(8), line + theme.size(6), -theme.size(8), -line - theme.size(6))

    def _column(self, number: int) -> QRectF:
        plot = self._plot()
        width = plot.width() / len(self._points)
        return QRectF(plot.x() + number * width, plot.y(), width, plot.height())

    def _height(self, value: float) -> float:
        """How high above the base line a value stands; the base line is zero."""
        highest = max((point.value for point in self._points), default=0) or 1
        return max(0.0, value) / highest * self._plot().height()

    def _draw_labels(self, painter: QPainter) -> None:
        """As many labels as fit, the last one always."""
        metrics = painter.fontMetrics()
        widest = max(metrics.horizontalAdvance(point.label) for point in self._points) + theme.size(8)
        step = max(1, -(-widest // max(1, round(self._column(0).width()))))
        painter.setPen(theme.colour(Meaning.QUIET))
        for number in range(len(self._points) - 1, -1, -step):
            column = self._column(number)
            box = QRectF(column.center().x() - widest / 2, column.bottom() + theme.size(3), widest, metrics.height())
            box.moveLeft(min(max(box.left(), 0), self.width() - widest))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._points[number].label)

    def _draw_base(self, painter: QPainter) -> None:
        plot = self._plot()
        painter.setPen(QPen(theme.token("line"), 1))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())

    def _draw_value(self, painter: QPainter, number: int, top: float) -> None:
        column, metrics = self._column(number), painter.fontMetrics()
        painter.setPen(theme.colour(Meaning.TEXT))
        box = QRectF(column.center().x() - 40, top - metrics.height() - 2, 80, metrics.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._points[number].read)


class BarChart(Chart):
    """Columns from zero, with their values on top where there is room."""

    def box_of(self, number: int) -> QRectF:
        """The whole height of a column."""
        return self._column(number)

    def draw(self, painter: QPainter) -> None:
        """Bars, values, labels."""
        self._draw_base(painter)
        widest = max(painter.fontMetrics().horizontalAdvance(point.read) for point in self._points)
        has_room = widest <= self._column(0).width()
        for number, point in enumerate(self._points):
            column, height = self._column(number), self._height(point.value)
            width = min(column.width() * 0.62, theme.size(36))
            bar = QRectF(column.center().x() - width / 2, column.bottom() - height, width, height)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(Meaning.TEXT if number == self._chosen else point.meaning))
            painter.drawRoundedRect(bar, min(3.0, height / 2), min(3.0, height / 2))
            if has_room or number == self._chosen:
                self._draw_value(painter, number, bar.top())
        self._draw_labels(painter)


class LineChart(Chart):
    """A line from zero, its last value named; `show_target` draws a dashed line."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._target: float | None = None

    def show_target(self, target: float | None) -> None:
        """Draw a line to reach."""
        self._target = target
        self.update()

    def box_of(self, number: int) -> QRectF:
        """The whole height around a point."""
        return self._column(number)

    def _height(self, value: float) -> float:
        highest = max(max((point.value for point in self._points), default=0), self._target or 0) or 1
        return max(0.0, value) / highest * self._plot().height()

    def draw(self, painter: QPainter) -> None:
        """Target, line, the point chosen or the last one, labels."""
        self._draw_base(painter)
        plot = self._plot()
        if self._target is not None:
            y = plot.bottom() - self._height(self._target)
            painter.setPen(QPen(theme.colour(Meaning.QUIET), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        spots = [QPointF(self._column(number).center().x(), plot.bottom() - self._height(point.value))
                 for number, point in enumerate(self._points)]
        painter.setPen(QPen(theme.colour(self._points[-1].meaning), 2))
        painter.drawPolyline(QPolygonF(spots))
        shown = self._chosen if self._chosen >= 0 else len(spots) - 1
        painter.setBrush(theme.colour(self._points[shown].meaning))
        painter.drawEllipse(spots[shown], 3.5, 3.5)
        self._draw_value(painter, shown, spots[shown].y() - 4)
        self._draw_labels(painter)


class RingChart(Chart):
    """Parts of a whole as a ring with its sum in the middle, and a legend with words and numbers at the right."""

    def _ring(self) -> QRectF:
        edge = min(self.height() - theme.size(16), self.width() * 0.42)
        return QRectF(theme.size(12), (self.height() - edge) / 2, edge, edge)

    def box_of(self, number: int) -> QRectF:
        """The line of the legend."""
        line, ring = theme.size(26), self._ring()
        top = self.height() / 2 - len(self._points) * line / 2 + number * line
        return QRectF(ring.right() + theme.size(24), top, self.width() - ring.right() - theme.size(32), line)

    def draw(self, painter: QPainter) -> None:
        """Ring, sum, legend."""
        whole = sum(point.value for point in self._points)
        ring, thick = self._ring(), theme.size(14)
        inner = ring.adjusted(thick / 2, thick / 2, -thick / 2, -thick / 2)
        painter.setPen(QPen(theme.token("pressed"), thick, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawEllipse(inner)
        start = 90 * 16.0
        for point in self._points:
            span = -point.value / whole * 360 * 16 if whole else 0
            painter.setPen(QPen(theme.colour(point.meaning), thick, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            painter.drawArc(inner, round(start), round(span))
            start += span
        self._draw_sum(painter, ring, whole)
        for number, point in enumerate(self._points):
            self._draw_legend(painter, number, point)

    def _draw_sum(self, painter: QPainter, ring: QRectF, whole: float) -> None:
        bold = QFont(theme.font(theme.SECTION_PT, is_bold=True))
        painter.setFont(bold)
        painter.setPen(theme.colour(Meaning.TEXT))
        painter.drawText(ring, Qt.AlignmentFlag.AlignCenter, f"{whole:g}")
        painter.setFont(theme.font(theme.QUIET_PT))

    def _draw_legend(self, painter: QPainter, number: int, point: Point) -> None:
        box = self.box_of(number)
        if number == self._chosen:
            painter.fillRect(box, theme.token("hover"))
        spot = QRectF(box.x(), box.center().y() - theme.size(5), theme.size(10), theme.size(10))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(point.meaning))
        painter.drawRoundedRect(spot, 2, 2)
        painter.setPen(theme.colour(Meaning.TEXT))
        words = box.adjusted(theme.size(18), 0, -theme.size(56), 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, point.label)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, point.read)
