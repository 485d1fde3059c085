"""The bare window: painted first, in the grounds of the real one, and never in the way."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame
from pytestqt.qtbot import QtBot

from desktop import compose
from desktop.ui import theme
from desktop.ui.first_sight import Edges, FirstSight
from desktop.ui.tokens import DARK, LIGHT, Tokens
from desktop.ui.window import MainWindow, Office


def sight(tokens: Tokens = LIGHT) -> FirstSight:
    made = FirstSight(tokens, "镇安", Edges())
    made.resize(*compose.FIRST_SIZE)
    return made


@pytest.mark.parametrize("tokens", [LIGHT, DARK])
def test_it_has_the_grounds_of_the_window_that_follows(qtbot: QtBot, tokens: Tokens) -> None:
    made = sight(tokens)
    qtbot.addWidget(made)
    picture = made.grab().toImage()
    side, top, bottom = Edges().rail, Edges().top, Edges().bottom
    assert picture.pixelColor(side // 2, 400) == QColor(tokens.window)
    assert picture.pixelColor(side + 100, top // 2) == QColor(tokens.window)
    assert picture.pixelColor(side + 100, top + 100) == QColor(tokens.surface)
    assert picture.pixelColor(side + 100, 768 - bottom // 2) == QColor(tokens.window)


@pytest.mark.parametrize(("width", "is_large"), [(1366, False), (1366, True), (1000, False)])
def test_its_edges_are_those_of_the_window_that_follows(qtbot: QtBot, width: int, is_large: bool) -> None:
    theme.apply(theme.Look(is_large=is_large))
    window = MainWindow(Office("惠萍镇", 2026))
    qtbot.addWidget(window)
    window.resize(width, 768)
    window.show()
    made = FirstSight(LIGHT, "镇安", Edges().scaled(theme.look().scale))
    qtbot.addWidget(made)
    made.resize(width, 768)
    made.show()
    page, ground = made.findChild(QFrame), window.findChild(QFrame, "content")
    assert page is not None
    assert ground is not None
    assert page.geometry().topLeft() == ground.mapTo(window, QPoint(0, 0))
    assert page.size() == ground.size()
    theme.apply(theme.Look())


def test_it_says_once_that_it_was_seen_and_not_before_it_is_painted(qtbot: QtBot) -> None:
    made, seen = sight(), list[int]()
    qtbot.addWidget(made)
    made.was_seen.connect(lambda: seen.append(1))
    assert seen == []
    with qtbot.waitSignal(made.was_seen, timeout=5000):
        made.show()
    made.repaint()
    qtbot.wait(600)
    assert seen == [1]


def test_a_window_that_is_shown_nowhere_holds_nothing_up(qtbot: QtBot) -> None:
    made = sight()
    qtbot.addWidget(made)
    with qtbot.waitSignal(made.was_seen, timeout=5000):
        pass
