"""The word that facts have changed reaches the GUI thread from any thread."""

import threading

from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from desktop.domain.changed import Changed
from desktop.ui.bus import Bus

CHANGED = Changed(frozenset({"hazard"}), "登记隐患", 7)


def test_told_on_the_gui_thread_it_is_heard_before_tell_returns(qtbot: QtBot) -> None:
    bus, heard = Bus(), []
    bus.changed.connect(heard.append)
    bus.tell(CHANGED)
    assert heard == [CHANGED]


def test_told_on_another_thread_it_is_heard_on_the_gui_thread(qtbot: QtBot) -> None:
    bus = Bus()
    heard: list[tuple[Changed, bool]] = []
    bus.changed.connect(lambda changed: heard.append((changed, QThread.currentThread() is bus.thread())))
    teller = threading.Thread(target=bus.tell, args=(CHANGED,))
    with qtbot.waitSignal(bus.changed):
        teller.start()
    teller.join()
    assert heard == [(CHANGED, True)]
