"""The figure card: one number with its target, its trend, and its definition; a click opens the rows behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QFrame, QMenu, QSizePolicy, QVBoxLayout, QWidget

from desktop.ui import theme
from desktop.ui.theme import Meaning
from desktop.ui.widgets.section import labelled, row


@dataclass(frozen=True, slots=True)
class CardFigure:
    """What a card shows. `value` is what people read (`—` for none, never 100 % of nothing).

    `share` and `target_share` (0…1) draw the bar with its mark; `trend` draws the small line, oldest first.
    """

    title: str
    value: str
    note: str = ""
    definition: str = ""
    meaning: Meaning = Meaning.TEXT
    share: float | None = None
    target_share: float | None = None
    trend: Sequence[float] = ()


class FigureCard(QFrame):
    """Shows a `CardFigure`. Click, Enter or Space opens its rows; the context menu also tells the definition."""

    clicked = Signal()
    definition_requested = Signal()

    def __init__(self, figure: CardFigure, name: str = "figureCard", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.set_role(self, "card")
        self._title = labelled("", "label")
        self._title.setWordWrap(True)
        self._value = labelled("", "figure")
        self._note = labelled("", "quiet")
        self._note.setWordWrap(True)
        self._trend = Sparkline()
        self._bar = TargetBar()
        column = QVBoxLayout(self)
        column.setContentsMargins(*(theme.size(n) for n in (16, 12, 16, 12)))
        column.setSpacing(theme.size(4))
        column.addWidget(self._title)
        column.addLayout(row(self._value, 1, self._trend))
        column.addWidget(self._bar)
        column.addWidget(self._note)
        self.show_figure(figure)

    def show_figure(self, figure: CardFigure) -> None:
        """Show other facts."""
        self.figure = figure
        self._title.setText(figure.title)
        self._value.setText(figure.value)
        self._value.setProperty("meaning", figure.meaning.value)
        theme.set_role(self._value, "figure")
        self._note.setText(figure.note)
        self._note.setVisible(bool(figure.note))
        self._trend.show_values(figure.trend)
        self._bar.show_share(figure.share, figure.target_share, figure.meaning)
        self.setMinimumHeight(self.sizeHint().height())
        self.setToolTip(figure.definition)
        self.setAccessibleName(f"{figure.title} {figure.value} {figure.note}".strip())
        self.setAccessibleDescription(figure.definition)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the rows."""
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space open the rows."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)

    def menu(self) -> QMenu:
        """What can be asked of a figure."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("打开明细").triggered.connect(self.clicked)
        menu.addAction("口径说明").triggered.connect(self.definition_requested)
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The figure can be questioned."""
        self.menu().popup(event.globalPos())


class Sparkline(QWidget):
    """A small line without axes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: tuple[float, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_values(self, values: Sequence[float]) -> None:
        """Show these, oldest first; fewer than two show nothing."""
        self._values = tuple(values)
        self.setVisible(len(self._values) > 1)
        self.update()

    def sizeHint(self) -> QSize:
        """Small."""
        return QSize(theme.size(84), theme.size(28))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The line and its last point."""
        low, high = min(self._values), max(self._values)
        spread = (high - low) or 1
        box = QRectF(self.rect()).adjusted(3, 4, -4, -4)
        step = box.width() / (len(self._values) - 1)
        points = [
            QPointF(box.x() + number * step, box.bottom() - (value - low) / spread * box.height())
            for number, value in enumerate(self._values)
        ]
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colour(Meaning.QUIET), 1.5))
            painter.drawPolyline(QPolygonF(points))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(Meaning.ACCENT))
            painter.drawEllipse(points[-1], 3, 3)


class TargetBar(QWidget):
    """A share as a bar, with a mark where the target stands."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share: float | None = None
        self._target: float | None = None
        self._meaning = Meaning.ACCENT
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_share(self, share: float | None, target: float | None, meaning: Meaning = Meaning.ACCENT) -> None:
        """Show a share (0…1); None with a target shows an empty bar, None without one nothing."""
        self._share, self._target = share, target
        self._meaning = Meaning.ACCENT if meaning is Meaning.TEXT else meaning
        self.setVisible(share is not None or target is not None)
        self.update()

    def sizeHint(self) -> QSize:
        """Thin."""
        return QSize(theme.size(120), theme.size(12))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, bar, mark."""
        height = theme.size(6)
        ground = QRectF(0, (self.height() - height) / 2, self.width(), height)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.token("pressed"))
            painter.drawRoundedRect(ground, height / 2, height / 2)
            if self._share:
                bar = QRectF(ground)
                bar.setWidth(max(height, ground.width() * min(self._share, 1)))
                painter.setBrush(theme.colour(self._meaning))
                painter.drawRoundedRect(bar, height / 2, height / 2)
            if self._target is not None:
                x = round(ground.width() * self._target)
                painter.fillRect(QRectF(QPoint(x - 1, 0), QSize(2, self.height())), theme.colour(Meaning.TEXT))
