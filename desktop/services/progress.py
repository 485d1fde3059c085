"""How long work tells how far it is, and stops when asked. Knows nothing of threads."""

from collections.abc import Callable


class Cancelled(Exception):
    """The user asked to stop; passes up through the open transaction, which rolls back."""


class Progress:
    """What a long piece of work reports to. The plain one listens to nobody and never cancels."""

    def __init__(self, listener: Callable[[int, int, str], None] | None = None) -> None:
        self._listener = listener
        self._cancelled = False

    def cancel(self) -> None:
        """Ask the work to stop at its next step. May be called from any thread."""
        self._cancelled = True

    def step(self, done: int, total: int, label: str) -> None:
        """Say that `done` of `total` units are done. Raises `Cancelled` once `cancel` was called."""
        if self._cancelled:
            raise Cancelled
        if self._listener is not None:
            self._listener(done, total, label)
