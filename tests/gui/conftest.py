"""What every test of the window stands on: one application without a screen, in the light look, nothing left behind."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from desktop.ui import theme


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The platform without a screen says that it cannot raise or grab; every other message of Qt fails the test."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support"))


@pytest.fixture(autouse=True)
def _light_look(qapp: QApplication) -> Iterator[None]:
    """Every test begins light and with ordinary type, and leaves no window of its own."""
    if theme.look() != theme.Look() or not qapp.styleSheet():
        theme.apply(theme.Look())
    before = set(qapp.topLevelWidgets())
    yield
    for window in qapp.topLevelWidgets():
        window.close()
        if window not in before:
            window.deleteLater()
    # Without an event loop nothing that was asked to go would go, and every later style change would reach it.
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
