"""Carries the word that facts have changed from any thread to the pages, on the GUI thread."""

from PySide6.QtCore import QObject, Qt, Signal, Slot

from desktop.domain.changed import Changed


class Bus(QObject):
    """`tell` is what a store's subscriber calls; `changed` is what pages hear, always on the thread that made the bus.

    Told on the GUI thread it speaks at once, so that a page is already fresh when a save returns; told on another
    thread it waits for the GUI thread's next turn.
    """

    changed = Signal(object)
    """A `Changed`."""

    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.AutoConnection)

    def tell(self, changed: Changed) -> None:
        """Pass the word on. May be called from any thread."""
        self._arrived.emit(changed)

    @Slot(object)
    def _on_arrived(self, changed: Changed) -> None:
        self.changed.emit(changed)
