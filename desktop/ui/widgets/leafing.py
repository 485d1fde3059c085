"""One row of a table in full beside it: a click opens it, ↑ and ↓ leaf through, Esc goes back to the list."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Slot

from desktop.ui.widgets.paged_table import Table
from desktop.ui.widgets.section import Beside


class Leafing(QObject):
    """Joins a table and the detail beside it. `show(id)` fills the detail and answers whether there is such a row."""

    def __init__(self, table: Table[Any], beside: Beside, show: Callable[[int], bool]) -> None:
        super().__init__(beside)
        self._table = table
        self._beside = beside
        self._show = show
        self._shown: int | None = None
        table.clicked.connect(self._on_clicked)
        table.current_id_changed.connect(self._on_current_changed)

    def open(self, row_id: int) -> None:
        """Show one; a row that is gone closes the detail."""
        self._shown = row_id
        if self._show(row_id):
            self._beside.open_detail()
        else:
            self._beside.close_detail()

    def choose(self, row_id: int) -> None:
        """Put the focus on a row, as far as it is listed, and show it."""
        self._table.select_ids([row_id], row_id)
        if self._table.current_id == row_id:
            self._table.scrollTo(self._table.currentIndex())
        self.open(row_id)

    def again(self) -> None:
        """Show the same one as it is now, where one is open."""
        if self._shown is not None and self._beside.is_detail_open:
            self.open(self._shown)

    def close(self) -> bool:
        """Back to the list; answers whether anything was open."""
        if not self._beside.is_detail_open:
            return False
        self._beside.close_detail()
        self._table.setFocus()
        return True

    @Slot()
    def _on_clicked(self) -> None:
        """One row is opened; a click that adds to a selection of several is not meant so."""
        if len(self._table.selected_ids()) == 1 and self._table.current_id is not None:
            self.open(self._table.current_id)

    @Slot(object)
    def _on_current_changed(self, row_id: int | None) -> None:
        if row_id is not None and self._beside.is_detail_open:
            self.open(row_id)
