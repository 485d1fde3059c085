"""Small pictures for strips, loaded on the worker thread a few at a time and kept while there is room."""

from collections import OrderedDict
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage, QPixmap

from desktop.domain.errors import Said
from desktop.services.progress import Progress
from desktop.ui.jobs import Jobs

KEPT = 600
"""Pictures kept: at 320 points a side about 150 MB at the very most, and usually a tenth."""
AT_ONCE = 8

Loaded = tuple[str, QImage]


class Thumbnails(QObject):
    """`pixmap` answers at once: a picture, or None, and then `loaded` comes. `load` is called on the worker thread."""

    loaded = Signal(str)
    """The hash of a photo whose picture is there now."""

    def __init__(self, load: Callable[[str], bytes], jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._load = load
        self._jobs = jobs
        self._pictures: OrderedDict[str, QPixmap] = OrderedDict()
        self._wanted: dict[str, None] = {}
        self._is_loading = False

    def pixmap(self, sha256: str) -> QPixmap | None:
        """The small picture; a null one for a file that cannot be shown."""
        found = self._pictures.get(sha256)
        if found is None:
            self._wanted.setdefault(sha256)
            self._go_on()
            return None
        self._pictures.move_to_end(sha256)
        return found

    def _go_on(self) -> None:
        """The newest wishes first: whoever scrolls on does not wait for what has gone by."""
        if self._is_loading or not self._wanted:
            return
        batch = list(self._wanted)[-AT_ONCE:]
        for sha256 in batch:
            del self._wanted[sha256]
        self._is_loading = True
        load = self._load
        job = self._jobs.start(lambda progress: _loaded(load, batch, progress), "读取缩略图", shows_failure=False)
        job.succeeded.connect(self._on_loaded)
        job.finished.connect(self._on_finished)

    @Slot(object)
    def _on_loaded(self, pictures: Sequence[Loaded]) -> None:
        for sha256, image in pictures:
            self._pictures[sha256] = QPixmap.fromImage(image)
            self.loaded.emit(sha256)
        while len(self._pictures) > KEPT:
            self._pictures.popitem(last=False)

    @Slot()
    def _on_finished(self) -> None:
        self._is_loading = False
        self._go_on()


def _loaded(load: Callable[[str], bytes], batch: Sequence[str], progress: Progress) -> list[Loaded]:
    pictures: list[Loaded] = []
    for place, sha256 in enumerate(batch):
        progress.step(place, len(batch), "正在读取缩略图")
        try:
            content = load(sha256)
        except Said:  # missing or spoilt: the place stays, with a sign in it
            content = b""
        pictures.append((sha256, QImage.fromData(content) if content else QImage()))
    return pictures
