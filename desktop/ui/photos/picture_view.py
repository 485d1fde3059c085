"""One picture as large as there is room, to zoom into, to turn and to move about; what is turned is the view alone."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsPixmapItem, QGraphicsScene, QGraphicsView, QLabel, QVBoxLayout, QWidget

from desktop import text
from desktop.domain.errors import Said
from desktop.services.photo_places import PhotoRow
from desktop.ui import theme
from desktop.ui.context import Context

LONGEST = 3200
"""Points of the longer side that are loaded: enough to read a type plate, a tenth of the largest originals."""
STEP, MOST = 1.25, 8.0


class PictureView(QGraphicsView):
    """Shows a picture fitted; Ctrl and the wheel, + and - zoom, 0 fits, R turns, the mouse moves."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self._scene = QGraphicsScene(self)
        self._item = QGraphicsPixmapItem()
        self._item.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self._scene.addItem(self._item)
        self.setScene(self._scene)
        self.turned = 0
        self._is_fitted = True
        self._said = QLabel(self, alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        theme.set_role(self._said, "label")

    def show_picture(self, image: QImage) -> None:
        """Show this one, fitted and as it lies."""
        self._said.hide()
        self._item.setPixmap(QPixmap.fromImage(image))
        self._scene.setSceneRect(QRectF(self._item.boundingRect()))
        self.turned = 0
        self.fit()

    def say(self, words: str) -> None:
        """Words instead of a picture."""
        self._item.setPixmap(QPixmap())
        self._said.setText(words)
        self._said.setGeometry(self.rect())
        self._said.show()

    @property
    def has_picture(self) -> bool:
        """Whether there is a picture."""
        return not self._item.pixmap().isNull()

    @property
    def scale_now(self) -> float:
        """Points of the screen a point of the picture."""
        m = self.transform()
        return float((m.m11() ** 2 + m.m12() ** 2) ** 0.5)

    @Slot()
    def fit(self) -> None:
        """As large as there is room, never larger than it is."""
        self._is_fitted = True
        self.resetTransform()
        self.rotate(self.turned)
        if self.has_picture:
            room = self.viewport().rect()
            box = self.transform().mapRect(self._item.boundingRect())
            scale = min(room.width() / box.width(), room.height() / box.height(), 1.0)
            self.scale(scale, scale)
            self.centerOn(self._item)

    def zoom(self, factor: float) -> None:
        """Larger or smaller."""
        if self.has_picture and 0.02 < self.scale_now * factor < MOST:
            self._is_fitted = False
            self.scale(factor, factor)

    @Slot()
    def turn(self) -> None:
        """A quarter to the right."""
        self.turned = (self.turned + 90) % 360
        self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl it zooms."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(STEP if event.angleDelta().y() > 0 else 1 / STEP)
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows belong to whoever leafs through, unless the picture is larger than its place."""
        keys: dict[Qt.Key, Callable[[], object]] = {
            Qt.Key.Key_Plus: partial(self.zoom, STEP),
            Qt.Key.Key_Equal: partial(self.zoom, STEP),
            Qt.Key.Key_Minus: partial(self.zoom, 1 / STEP),
            Qt.Key.Key_0: self.fit,
            Qt.Key.Key_R: self.turn,
        }
        act = keys.get(Qt.Key(event.key()))
        if act is not None:
            act()
        elif self._is_fitted:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is fitted stays so."""
        super().resizeEvent(event)
        self._said.setGeometry(self.rect())
        if self._is_fitted:
            self.fit()


class PicturePane(QWidget):
    """A picture with what is known of it below; loads on the worker thread."""

    def __init__(self, context: Context, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._context = context
        self._row: PhotoRow | None = None
        self.view = PictureView()
        self.view.setObjectName(f"{name}View")
        self.view.setMinimumSize(theme.size(240), theme.size(180))
        self.caption = QLabel(wordWrap=True)
        self.caption.setObjectName(f"{name}Caption")
        self.caption.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.caption.setAlignment(Qt.AlignmentFlag.AlignTop)
        theme.set_role(self.caption, "label")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.size(theme.GAP))
        box.addWidget(self.view, 1)
        box.addWidget(self.caption)

    def show_photo(self, photo: PhotoRow | None, place: str = "") -> None:
        """Show this one; what was asked for before is dropped when it comes."""
        self._row = photo
        if photo is None:
            self.caption.setText("")
            self.view.say("没有照片")
            return
        self.view.setAccessibleName(f"{text.label(photo.role)}照片 {photo.name}")
        self.caption.setMinimumHeight(theme.size(80 if place else 40))  # so that two panes stand at one height
        self.caption.setText("\n".join(filter(None, (place, facts_of(photo)))))
        self.view.say("正在读取…")
        photos = self._context.services.photos
        job = self._context.jobs.start(
            lambda _progress: _read(photos.view, photo.sha256), "读取照片", shows_failure=False
        )
        job.succeeded.connect(partial(self._on_read, photo))
        job.failed.connect(partial(self._on_failed, photo))

    def _on_read(self, photo: PhotoRow, image: QImage) -> None:
        if photo is not self._row:
            return
        if image.isNull():
            self.view.say("这台电脑上看不到这种照片，可以导出后用别的软件打开。")
        else:
            self.view.show_picture(image)

    def _on_failed(self, photo: PhotoRow, error: Exception) -> None:
        if photo is self._row:
            self.view.say(text.sentence(error) if isinstance(error, Said) else "照片读不出来")
        if not isinstance(error, Said):
            self._context.problems.show(error)


def _read(view: Callable[[str, int], bytes], sha256: str) -> QImage:
    content = view(sha256, LONGEST)
    return QImage.fromData(content) if content else QImage()


def facts_of(photo: PhotoRow) -> str:
    """When it was taken, how large it is, what it is called."""
    taken = f"拍摄 {text.moment(photo.taken_at)}" if photo.taken_at else "拍摄时间未记录"
    points = f"{photo.width} × {photo.height}" if photo.width else ""
    pages = "PDF 扫描件，显示第一页" if photo.is_pdf else ""
    return "　".join(filter(None, (text.label(photo.role), taken, points, text.size_of(photo.size), pages, photo.name)))
