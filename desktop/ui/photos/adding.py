"""Photos on their way in: from files, folders, the clipboard and what is dropped; then what became of each."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import cast

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialog, QFileDialog, QVBoxLayout, QWidget

from desktop import text
from desktop.domain.photo import PhotoRole
from desktop.services.photo_places import PhotoSubject, PlacedPhoto
from desktop.services.photos import AddedLine, NewPhoto, folder_photos, is_photo_name
from desktop.ui import theme
from desktop.ui.acts.lists import wrapped
from desktop.ui.context import Context
from desktop.ui.theme import Meaning
from desktop.ui.widgets.columns import Column
from desktop.ui.widgets.folder import choose_folder
from desktop.ui.widgets.paged_table import SimpleTable
from desktop.ui.widgets.pills import Pill
from desktop.ui.widgets.section import button, labelled, row

FILES = "照片和扫描件 (*.jpg *.jpeg *.png *.webp *.bmp *.gif *.tif *.tiff *.pdf *.heic *.heif);;所有文件 (*)"
HEIC = "photo_heic"


def holds_photos(mime: QMimeData) -> bool:
    """Whether something of this can be taken in."""
    return mime.hasImage() or any(url.isLocalFile() for url in mime.urls())


def are_photos(mime: QMimeData) -> bool:
    """Whether there is a photo, a scan or a folder among it, or the picture itself: a ledger is none of them."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return any(is_photo_name(path) or path.is_dir() for path in paths) if paths else mime.hasImage()


def photos_of(mime: QMimeData, now: datetime) -> list[NewPhoto]:
    """The files and folders that were dropped or copied, else the picture itself; in folders only what looks like photos."""
    found: list[NewPhoto] = []
    for url in mime.urls():
        if url.isLocalFile():
            path = Path(url.toLocalFile())
            found += folder_photos(path) if path.is_dir() else [NewPhoto(path.name, path)]
    if not found and mime.hasImage():
        content = _png(cast(QImage, mime.imageData()))
        found = [NewPhoto(f"粘贴 {now:%Y-%m-%d %H%M%S}.png", content)] if content else []
    return found


def _png(image: QImage) -> bytes:
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs know file names alone
    return bytes(held.data())


def choose_files(parent: QWidget, then: Callable[[list[NewPhoto]], object]) -> None:
    """Ask for files."""
    dialog = QFileDialog(parent, "选择照片或扫描件", filter=FILES)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.filesSelected.connect(lambda names: then([NewPhoto(Path(name).name, Path(name)) for name in names]))
    dialog.open()


def choose_photo_folder(parent: QWidget, then: Callable[[list[NewPhoto]], object]) -> None:
    """Ask for a folder, with all that lies below it."""
    choose_folder(parent, "选择照片所在的文件夹", lambda folder: then(folder_photos(folder)))


class Adding:
    """Takes files in for one record, in the manner of a long job; a dialog tells what needs telling."""

    def __init__(self, context: Context, parent: QWidget, subject: PhotoSubject, role: PhotoRole) -> None:
        self._context = context
        self._parent = parent
        self._subject = subject
        self._role = role

    def start(self, files: Sequence[NewPhoto], keeps_unshown: bool = False) -> None:
        """Take them in; nothing is done where there is none."""
        if not files:
            self._context.toast("没有找到照片：文件夹里没有照片，剪贴板里也没有图片", False)
            return
        work = partial(
            self._context.services.photos.add, tuple(files), self._subject, self._role, keeps_unshown=keeps_unshown
        )
        job = self._context.jobs.start(work, f"添加照片（{len(files)} 张）", writes=True)
        # The slot is a plain function: this object is kept alive by the connection until the job is over.
        job.succeeded.connect(partial(self._on_added, files))

    def _on_added(self, files: Sequence[NewPhoto], lines: Sequence[AddedLine]) -> None:
        count = sum(line.photo_id is not None for line in lines)
        if count:
            self._context.toast(f"已添加 {count} 张{text.label(self._role)}照片", True)
        if all(line.is_good for line in lines):
            return
        heic = [
            file
            for file, line in zip(files, lines, strict=True)
            if line.problem is not None and line.problem.code == HEIC
        ]
        dialog = AddedDialog(lines, bool(heic), self._parent)
        dialog.keep_wanted.connect(lambda: self.start(heic, keeps_unshown=True))
        dialog.open()


PILLS = {
    "added": Pill("已添加", Meaning.DONE),
    "same": Pill("已添加，完全相同", Meaning.OVERDUE),
    "near": Pill("已添加，很像", Meaning.ATTENTION),
    "refused": Pill("没有添加", Meaning.DUE_SOON),
}


class AddedDialog(QDialog):
    """What became of each file of a batch."""

    keep_wanted = Signal()
    """The HEIC files are to be kept as they are."""

    def __init__(self, lines: Sequence[AddedLine], has_heic: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("addedDialog")
        self.setWindowTitle("添加照片的结果")
        self.resize(theme.size(820), theme.size(420))
        count = sum(line.photo_id is not None for line in lines)
        left = len(lines) - count
        head = f"已添加 {count} 张" + (f"，{left} 个文件没有添加" if left else "，有的与别处的照片相同")
        self.table: SimpleTable[AddedLine] = SimpleTable(_columns(), "addedTable")
        self.table.setAccessibleName("每个文件的结果")
        self.table.set_rows(sorted(lines, key=lambda line: line.is_good))
        self._whole = wrapped("", "label")  # a line is too short for a sentence
        self._whole.setObjectName("addedWords")
        self._whole.setMinimumHeight(theme.size(40))
        self.table.current_id_changed.connect(self._on_chosen)
        self.table.setCurrentIndex(self.table.model().index(0, 0))
        keep = button("仍收下 HEIC 原件", self._on_keep_clicked, name="keepHeic")
        keep.setToolTip("原件留在记录里，可以导出；这台电脑上看不到画面")
        keep.setVisible(has_heic)
        close = button("知道了", self.accept, "primary", name="addedClose")
        close.setDefault(True)
        box = QVBoxLayout(self)
        box.setContentsMargins(*[theme.size(theme.MARGIN)] * 4)
        box.setSpacing(theme.size(theme.WIDE_GAP))
        box.addWidget(labelled(head, "section"))
        box.addWidget(self.table, 1)
        box.addWidget(self._whole)
        box.addLayout(row(keep, 1, close))

    @Slot(object)
    def _on_chosen(self, _place: object) -> None:
        line = self.table.current_row
        self._whole.setText(f"{line.name}：{added_words(line) or '已添加'}" if line is not None else "")

    @Slot()
    def _on_keep_clicked(self) -> None:
        self.accept()
        self.keep_wanted.emit()


def _columns() -> list[Column[AddedLine]]:
    return [
        Column("name", "文件", lambda line: line.name, 190, tooltip=lambda line: line.name),
        Column("state", "结果", lambda line: _pill(line).word, 150, pill=_pill),
        Column("words", "说明", added_words, 420, tooltip=added_words),
    ]


def _pill(line: AddedLine) -> Pill:
    if line.problem is not None:
        return PILLS["refused"]
    return PILLS["same" if line.same else "near" if line.near else "added"]


def added_words(line: AddedLine) -> str:
    """Why it was not added, or where the same picture stands."""
    if line.problem is not None:
        return text.sentence(line.problem)
    if line.same is not None:
        return f"与{place_words(line.same)}是同一个文件，请核对"
    return f"与{place_words(line.near)}很像，请核对" if line.near is not None else ""


def place_words(photo: PlacedPhoto) -> str:
    """Where a photo stands, in one line."""
    on = text.moment(photo.row.taken_at or photo.row.added_at)
    return f"“{photo.enterprise}”{photo.record}的{text.label(photo.row.role)}照片（{on}）"
