"""Several lines over the same weeks, drawn with the theme's colours. What it shows can also be read as words."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.ui import theme
from desktop.ui.theme import Meaning

LEFT, RIGHT, TOP, BOTTOM = 30, 10, 26, 22
STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Series:
    """One line or one colour of bars: its name, a value for each place, and what its colour means."""

    name: str
    values: Sequence[float]
    meaning: Meaning = Meaning.ACCENT


def nice_top(highest: float) -> float:
    """The end of the axis: 1, 2 or 5 times a power of ten, at or above the highest value."""
    if highest <= 0:
        return 1
    power = 1.0
    while power * 10 < highest:
        power *= 10
    return next((step * power for step in (*STEPS, 10) if step * power >= highest), power * 10)


class TrendChart(QWidget):
    """Several lines over the same places: axis, names below, legend above."""

    def __init__(self, title: str, name: str = "trend", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._title = title
        self._names: tuple[str, ...] = ()
        self._series: tuple[Series, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.show_series((), ())

    def show_series(self, names: Sequence[str], series: Sequence[Series]) -> None:
        """Show other values; a screen reader is told all of them."""
        self._names, self._series = tuple(names), tuple(series)
        self.setAccessibleName(self._title)
        self.setAccessibleDescription(self.words())
        self.setToolTip(self.words())
        self.update()

    def words(self) -> str:
        """The chart in words."""
        lines = [f"{each.name}：{'、'.join(f'{value:g}' for value in each.values)}" for each in self._series]
        return (
            "\n".join([f"{self._title}（{self._names[0]} 至 {self._names[-1]}）", *lines])
            if self._names
            else self._title
        )

    def sizeHint(self) -> QSize:
        """Wide and low."""
        return QSize(theme.size(320), theme.size(170))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Axis, legend, values."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(theme.QUIET_PT))
        area = QRectF(self.rect()).adjusted(theme.size(LEFT), theme.size(TOP), -theme.size(RIGHT), -theme.size(BOTTOM))
        highest = max((value for each in self._series for value in each.values), default=0)
        top = nice_top(highest)
        self._paint_axis(painter, area, top)
        self._paint_legend(painter)
        if self._names:
            self._paint_names(painter, area)
            self._paint_values(painter, area, top)

    def _paint_values(self, painter: QPainter, area: QRectF, top: float) -> None:
        """Draw one line after another; the first named lies on top."""
        for each in reversed(self._series):
            points = [
                QPointF(self._middle(area, place), area.bottom() - area.height() * value / top)
                for place, value in enumerate(each.values)
            ]
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour(each.meaning), theme.size(2)))
            painter.drawPolyline(QPolygonF(points))
            painter.setBrush(theme.colour(each.meaning))
            for point in points[-1:]:
                painter.drawEllipse(point, theme.size(3), theme.size(3))

    def _paint_axis(self, painter: QPainter, area: QRectF, top: float) -> None:
        for share in (0.0, 0.5, 1.0):
            y = area.bottom() - area.height() * share
            painter.setPen(QPen(theme.token("line"), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            if share == 0.5 and top < 2:
                continue
            painter.setPen(theme.colour(Meaning.QUIET))
            box = QRectF(0, y - theme.size(8), area.left() - theme.size(6), theme.size(16))
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{top * share:g}")

    def _paint_legend(self, painter: QPainter) -> None:
        x, height = theme.size(LEFT), theme.size(18)
        for each in self._series:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(each.meaning))
            painter.drawRoundedRect(QRectF(x, height / 2 - theme.size(2), theme.size(12), theme.size(4)), 2, 2)
            painter.setPen(theme.colour(Meaning.QUIET))
            width = painter.fontMetrics().horizontalAdvance(each.name)
            painter.drawText(QRectF(x + theme.size(16), 0, width + 2, height), Qt.AlignmentFlag.AlignVCenter, each.name)
            x += width + theme.size(34)

    def _paint_names(self, painter: QPainter, area: QRectF) -> None:
        painter.setPen(theme.colour(Meaning.QUIET))
        widest = max(painter.fontMetrics().horizontalAdvance(name) for name in self._names) + theme.size(8)
        step = max(1, round(widest * len(self._names) / max(area.width(), 1) + 0.5))
        for place in range(0, len(self._names), step):
            middle = self._middle(area, place)
            box = QRectF(middle - widest / 2, area.bottom() + theme.size(2), widest, theme.size(18))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._names[place])

    def _middle(self, area: QRectF, place: int) -> float:
        """Where a place lies on the axis below."""
        return area.left() + area.width() * (place + 0.5) / len(self._names)
