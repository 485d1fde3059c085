"""A second start on the same folder raises the first window: a local socket that carries one word."""

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

log = logging.getLogger(__name__)

RAISE = b"raise\n"
WAIT_MS = 1500


class Doorbell(QObject):
    """The first window listens under `name`; whoever rings makes it come forward."""

    def __init__(self, name: str, on_ring: Callable[[], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._on_ring = on_ring
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)
        QLocalServer.removeServer(name)
        if not self._server.listen(name):
            log.warning("no second start can raise this window: %s", self._server.errorString())

    def _on_connection(self) -> None:
        while (caller := self._server.nextPendingConnection()) is not None:
            caller.disconnected.connect(caller.deleteLater)
            caller.disconnectFromServer()
            self._on_ring()

    def close(self) -> None:
        """Listen no more."""
        self._server.close()


def ring(name: str) -> bool:
    """Ask the first window to come forward; whether anybody was there."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(WAIT_MS):
        return False
    socket.write(RAISE)
    socket.flush()
    if socket.state() is not QLocalSocket.LocalSocketState.UnconnectedState:  # the first may have hung up already
        socket.waitForDisconnected(WAIT_MS)
    return True
