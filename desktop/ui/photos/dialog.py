"""The photos of one record in a window of their own, for forms that have no room for a strip."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from desktop.domain.photo import PhotoOwner, PhotoRole
from desktop.services.photo_places import PhotoSubject
from desktop.ui import theme
from desktop.ui.acts.lists import wrapped
from desktop.ui.context import Context, FormMaker
from desktop.ui.photos.strip import PhotoStrip
from desktop.ui.photos.twins import open_twins
from desktop.ui.widgets.section import button, row


class PhotosDialog(QDialog):
    """A strip with the name of its record above."""

    def __init__(
        self, context: Context, subject: PhotoSubject, role: PhotoRole, words: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("photosDialog")
        self.setWindowTitle("照片")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.strip = PhotoStrip(context, "dialogPhotos")
        self.strip.show_subject(subject, role)
        close = button("关闭", self.accept, "primary", name="closePhotos")
        box = QVBoxLayout(self)
        box.setContentsMargins(*[theme.size(theme.MARGIN)] * 4)
        box.setSpacing(theme.size(theme.WIDE_GAP))
        box.addWidget(wrapped(words, "section"))
        box.addWidget(self.strip)
        box.addStretch(1)
        box.addLayout(row(1, close))
        self.resize(theme.size(620), theme.size(460))
        self.strip.list.setFocus()


def open_photos(
    context: Context,
    parent: QWidget | None = None,
    hazard_id: int | None = None,
    inspection_id: int | None = None,
    role: str = "",
    words: str = "",
) -> QDialog:
    """The photos of a hazard or an inspection."""
    if hazard_id is not None:
        subject, usual = PhotoSubject(PhotoOwner.HAZARD, hazard_id), PhotoRole.BEFORE
    else:
        assert inspection_id is not None
        subject, usual = PhotoSubject(PhotoOwner.INSPECTION, inspection_id), PhotoRole.SCENE
    return PhotosDialog(context, subject, PhotoRole(role) if role else usual, words, parent)


FORMS: dict[str, FormMaker] = {"photos": open_photos, "photo_twins": open_twins}
"""The forms of photos, by the names under which other pages open them."""
