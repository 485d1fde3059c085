"""Photos dropped on a row of a list: they are added to its record, as the strip of the record would add them."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QDropEvent

from desktop.domain.hazard import HazardStatus
from desktop.domain.photo import PhotoOwner, PhotoRole
from desktop.services.photo_places import PhotoSubject
from desktop.ui.context import Context
from desktop.ui.photos.adding import Adding, are_photos, photos_of
from desktop.ui.widgets.paged_table import Table

Target = tuple[PhotoSubject, PhotoRole]
"""The record that a row stands for, and what new photos of it are there for."""


class RowDrop(QObject):
    """Takes photos dropped on a table; everything else that is dropped goes on to the window.

    The row under the pointer is marked while photos are dragged over it. Beside every row nobody could know which record
    is meant, so a drop there is answered with `beside`.
    """

    def __init__(self, context: Context, table: Table[Any], target: Callable[[int], Target], beside: str) -> None:
        super().__init__(table)
        self._context = context
        self._table = table
        self._target = target
        self._beside = beside
        table.viewport().setAcceptDrops(True)
        table.viewport().installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Enter and move are drops by their class, too: they are welcomed, marked, and followed by the drop itself."""
        if event.type() == QEvent.Type.DragLeave:
            self._table.mark_place(None)
        if not isinstance(event, QDropEvent):
            return False
        if not are_photos(event.mimeData()):
            event.ignore()
            return True
        place = self._table.rowAt(int(event.position().y()))
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if event.type() == QEvent.Type.Drop:
            self._table.mark_place(None)
            self._take(place, event)
        else:
            self._table.mark_place(place if place >= 0 else None)
        return True

    def _take(self, place: int, event: QDropEvent) -> None:
        if place < 0:
            self._context.toast(self._beside, False)
            return
        subject, role = self._target(self._table.table_model().id_at(place))
        files = photos_of(event.mimeData(), self._context.services.clock.now())
        Adding(self._context, self._table.window(), subject, role).start(files)


def drop_on_hazards(context: Context, table: Table[Any]) -> RowDrop:
    """Photos of a hazard: before it was put right, or after."""

    def target(hazard_id: int) -> Target:
        (row,) = context.services.hazards.rows([hazard_id])
        return PhotoSubject(PhotoOwner.HAZARD, hazard_id), usual_role(row.status)

    return RowDrop(context, table, target, "请把照片拖到它所属的那一条隐患上")


def drop_on_inspections(context: Context, table: Table[Any]) -> RowDrop:
    """Photos of a visit."""

    def target(inspection_id: int) -> Target:
        return PhotoSubject(PhotoOwner.INSPECTION, inspection_id), PhotoRole.SCENE

    return RowDrop(context, table, target, "请把照片拖到它所属的那一次检查上")


def usual_role(status: HazardStatus) -> PhotoRole:
    """What a new photo of a hazard is there for, unless somebody chooses otherwise."""
    return PhotoRole.AFTER if status is HazardStatus.CLEARED else PhotoRole.BEFORE
