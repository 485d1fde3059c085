"""The settings of this machine as pages read and change them; whoever owns the file writes it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.system.settings import Settings


class Machine(QObject):
    """`settings` is always what holds now. Without an owner it lives as long as the window."""

    changed = Signal()

    def __init__(
        self,
        read: Callable[[], Settings] | None = None,
        write: Callable[[Settings], None] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._own = Settings()
        self._read = read or (lambda: self._own)
        self._write = write or self._keep

    def _keep(self, settings: Settings) -> None:
        self._own = settings

    @property
    def settings(self) -> Settings:
        """All of them."""
        return self._read()

    def change(self, **values: Any) -> None:
        """Set some of them by name; told when any became different."""
        before = self.settings
        after = replace(before, **values)
        if after != before:
            self._write(after)
            self.changed.emit()
