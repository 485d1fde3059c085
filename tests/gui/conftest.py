"""What every test of the window stands on: one application without a screen, in the light look, nothing left behind."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from desktop.ui import theme


@pytest.fixture(autouse=True)
def _light_look(qapp: QApplication) -> Iterator[None]:
    """Every test begins light and with ordinary type, and leaves no window open."""
    if theme.look() != theme.Look() or not qapp.styleSheet():
        theme.apply(theme.Look())
    yield
    for window in qapp.topLevelWidgets():
        window.close()
