"""照片查重: the photos of the whole township that look alike, each group with its pictures and their places."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QSplitter, QVBoxLayout, QWidget

from desktop import text
from desktop.domain.photo import PhotoOwner, TwinKind
from desktop.services.photo_places import PlacedPhoto, TwinGroup
from desktop.ui import theme
from desktop.ui.context import Context
from desktop.ui.photos.picture_view import PicturePane
from desktop.ui.theme import Meaning
from desktop.ui.widgets.columns import Column
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.fields import ChoiceField, Option
from desktop.ui.widgets.paged_table import SimpleTable
from desktop.ui.widgets.pills import Pill
from desktop.ui.widgets.section import button, labelled, row

KINDS = {
    TwinKind.BEFORE_AS_AFTER: Pill("整改前当整改后", Meaning.OVERDUE),
    TwinKind.OTHER_ENTERPRISE: Pill("不同企业", Meaning.OVERDUE),
    TwinKind.OTHER_RECORD: Pill("不同记录", Meaning.ATTENTION),
    TwinKind.SAME_RECORD: Pill("同一记录", Meaning.QUIET),
}
SEARCHING = Emptiness("正在查找…", "逐张比对全镇的照片。")
NONE_FOUND = Emptiness("没有重复的照片", "全镇的照片都比对过了，没有相同或很像的。扫描件只查完全相同的。", icon="check")


class TwinSide(QWidget):
    """One photo of the group, with its place and the way there."""

    def __init__(self, dialog: "TwinsDialog", context: Context, number: int) -> None:
        super().__init__()
        self.setObjectName(f"twin_{number}")
        self._dialog = dialog
        self._photos: dict[int, PlacedPhoto] = {}
        self.pane = PicturePane(context, f"twinPane{number}")
        self.choice = ChoiceField([])
        self.choice.name("这一侧的照片", f"twinChoice{number}")
        self.choice.changed.connect(self._show)
        self.open_record = button("打开记录", self._on_open_clicked, icon="link", name=f"openTwin{number}")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.size(theme.GAP))
        box.addWidget(self.choice)
        box.addWidget(self.pane, 1)
        box.addLayout(row(self.open_record, 1))

    def show_photos(self, photos: Sequence[PlacedPhoto], place: int) -> None:
        """Offer the photos of a group, and show one of them."""
        self._photos = {each.row.id: each for each in photos}
        self.choice.set_options(
            [Option(each.row.id, f"{text.label(each.row.role)}　{each.enterprise or each.row.name}") for each in photos]
        )
        self.choice.set_value(photos[place].row.id)
        self.choice.setVisible(len(photos) > 2)
        self._show()

    @property
    def photo(self) -> PlacedPhoto | None:
        """The one shown."""
        chosen = self.choice.value()
        return self._photos.get(chosen) if isinstance(chosen, int) else None

    @Slot()
    def _show(self) -> None:
        photo = self.photo
        self.open_record.setEnabled(photo is not None)
        self.pane.show_photo(photo.row if photo else None, f"{photo.enterprise}\n{photo.record}" if photo else "")

    @Slot()
    def _on_open_clicked(self) -> None:
        if self.photo is not None:
            self._dialog.open_record(self.photo)


class TwinsDialog(QDialog):
    """Searches when it opens; the gravest groups stand first."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("photoTwins")
        self.setWindowTitle("照片查重")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self._told = labelled("", "quiet")
        self._told.setObjectName("twinsTold")
        self.table: SimpleTable[TwinGroup] = SimpleTable(_columns(), "twinsTable")
        self.table.setAccessibleName("重复的照片")
        self.table.current_id_changed.connect(self._on_chosen)
        self.sides = (TwinSide(self, context, 0), TwinSide(self, context, 1))
        self._build()
        self.search()

    def _build(self) -> None:
        self._both = QWidget()
        both = row(*self.sides, spacing=theme.WIDE_GAP)
        both.setContentsMargins(theme.size(theme.WIDE_GAP), 0, 0, 0)
        both.setStretch(0, 1)
        both.setStretch(1, 1)
        self._both.setLayout(both)
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.table)
        splitter.addWidget(self._both)
        splitter.setSizes([theme.size(420), theme.size(700)])
        again = button("再查一次", self.search, icon="refresh", name="searchTwins")
        close = button("关闭", self.accept, "primary", name="closeTwins")
        close.setDefault(True)
        again.setAutoDefault(False)
        box = QVBoxLayout(self)
        box.setContentsMargins(*[theme.size(theme.WIDE_GAP)] * 4)
        box.setSpacing(theme.size(theme.GAP))
        box.addLayout(row(labelled("照片查重", "section"), self._told, 1, again, close))
        box.addWidget(splitter, 1)
        room = self.screen().availableGeometry().size()
        self.resize(min(theme.size(1200), room.width() - 40), min(theme.size(680), room.height() - 60))

    @Slot()
    def search(self) -> None:
        """Compare all photos of the township."""
        self.table.say_empty(SEARCHING)
        self.table.set_rows([])
        self._both.hide()
        photos = self._context.services.photos
        job = self._context.jobs.start(lambda _progress: photos.twins(), "照片查重")
        job.succeeded.connect(self._on_found)

    @Slot(object)
    def _on_found(self, groups: Sequence[TwinGroup]) -> None:
        self.table.say_empty(NONE_FOUND)
        self.table.set_rows(groups)
        grave = sum(group.kind is not TwinKind.SAME_RECORD for group in groups)
        self._told.setText(f"{len(groups)} 组，其中 {grave} 组在不同的记录或前后照片里" if groups else "")
        self._both.setVisible(bool(groups))
        if groups:
            self.table.setCurrentIndex(self.table.model().index(0, 0))

    @Slot(object)
    def _on_chosen(self, _place: object) -> None:
        group = self.table.current_row
        if group is not None:
            for place, side in enumerate(self.sides):
                side.show_photos(group.photos, place)

    def open_record(self, photo: PlacedPhoto) -> None:
        """Go where the photo stands."""
        page, wanted = place_of(photo)
        self.accept()
        self._context.navigate(page, wanted)


def place_of(photo: PlacedPhoto) -> tuple[str, Mapping[str, Any]]:
    """The page of the record of a photo, and what it is to show."""
    subject = photo.row.subject
    match subject.owner:
        case PhotoOwner.HAZARD:
            return "hazards", {"hazard_id": subject.id}
        case PhotoOwner.INSPECTION:
            return "inspections", {"inspection_id": subject.id}
        case _:
            return "enterprises", {"enterprise_id": photo.row.enterprise_id}


def _columns() -> list[Column[TwinGroup]]:
    return [
        Column("kind", "在哪里重复", lambda group: KINDS[group.kind].word, 150, pill=lambda group: KINDS[group.kind]),
        Column("likeness", "程度", lambda group: "完全相同" if group.is_exact else "很像", 80),
        Column("count", "张数", lambda group: str(len(group.photos)), 50),
        Column("enterprises", "企业", _enterprises, 150, tooltip=_enterprises),
    ]


def _enterprises(group: TwinGroup) -> str:
    return "、".join(dict.fromkeys(each.enterprise for each in group.photos if each.enterprise))


def open_twins(context: Context, parent: QWidget | None = None) -> QDialog:
    """The search over the whole township."""
    return TwinsDialog(context, parent)
