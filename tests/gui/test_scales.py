"""Every page on small and finely scaled screens: 1366 × 768 at 125 % is 1093 × 614 points, with 大字 or without."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot
from sample_office import TODAY, child, sample_folder, services, shell

from desktop.ui import places, theme
from desktop.ui.settings.page import SettingsPage
from desktop.ui.shell import Shell

__all__ = ["sample_folder", "services", "shell"]

SMALLEST = QSize(1093, 614)  # 1366 × 768 at 125 %
TASKBAR = 40 + 31  # points: the taskbar and the title of the window
ROOT = Path(__file__).parents[2]


@pytest.fixture(params=[False, True], ids=["ordinary", "large"])
def look(request: pytest.FixtureRequest) -> Iterator[theme.Look]:
    """The shell is made after this look, as at a start."""
    theme.apply(theme.Look(is_large=request.param))
    yield theme.look()
    theme.apply(theme.Look())


def cut(parent: QWidget) -> list[str]:
    """The words that have less room than they need."""
    labels = [
        label.text()
        for label in parent.findChildren(QLabel)
        if label.isVisible()
        and label.text()
        and not label.wordWrap()
        and label.width() + 1 < label.fontMetrics().horizontalAdvance(label.text())
    ]
    buttons = [
        push.text()
        for push in parent.findChildren(QAbstractButton)
        if push.isVisible() and push.text() and push.width() + 1 < push.minimumSizeHint().width()
    ]
    return labels + buttons


def test_no_page_needs_more_than_a_small_screen_at_125_percent_and_no_word_is_cut(
    look: theme.Look, shell: Shell
) -> None:
    window = shell.window
    window.resize(SMALLEST)
    for key, page in window.pages.items():
        window.show_page(key)
        QApplication.processEvents()
        needed = window.minimumSizeHint()
        assert needed.width() <= SMALLEST.width(), key
        assert needed.height() <= SMALLEST.height() - TASKBAR, key
        assert window.size() == SMALLEST, key
        assert cut(window) == [], key
        if isinstance(page, SettingsPage):
            for tab in page.tabs:
                page.show_tab(tab)
                QApplication.processEvents()
                assert cut(page) == [], tab
                assert window.minimumSizeHint().width() <= SMALLEST.width(), tab


def test_icons_are_drawn_for_the_screens_there_are(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theme, "screen_ratios", lambda: (1.25, 2.5))
    icon = theme.icon("bell")
    for ratio in (1.25, 2.5):
        picture = icon.pixmap(QSize(20, 20), ratio)
        assert picture.size() == QSize(20, 20) * ratio
        assert picture.devicePixelRatio() == ratio


def test_on_a_screen_of_another_scale_the_icons_are_drawn_again(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    button = child(shell.window, "noticeButton")
    assert isinstance(button, QToolButton)
    assert button.icon().pixmap(QSize(20, 20), 2.0).width() == 20
    monkeypatch.setattr(theme, "screen_ratios", lambda: (1.0, 2.0))
    QApplication.sendEvent(shell.window, QEvent(QEvent.Type.DevicePixelRatioChange))
    assert button.icon().pixmap(QSize(20, 20), 2.0).width() == 40


SCALED = """
import sys
from datetime import date
from pathlib import Path
from desktop.compose import application, form_makers, page_makers
from desktop.services.clock import Clock
from desktop.services.opening import open_office
from desktop.ui import theme
from desktop.ui.shell import Shell, office_of
from desktop.ui.window import MainWindow
app = application()
theme.apply(theme.Look(is_dark=len(sys.argv) > 5))
services = open_office(Path(sys.argv[1]), person="张所", clock=Clock.on(date.fromisoformat(sys.argv[2])))
window = MainWindow(office_of(services))
window.resize(1366, 768)
shell = Shell(window, services, {}, page_makers(None), form_makers(), "test")
window.show()
for key in window.pages:
    window.show_page(key)
    for _ in range(3):
        app.processEvents()
    picture = window.grab()
    print(key, picture.width(), picture.height(), window.width(), flush=True)
    assert picture.save(str(Path(sys.argv[3]) / f"{key}-scale-{sys.argv[4]}.png"))
shell.close()
"""


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("scale", ["1.25", "1.5", "2", "2.5"])
def test_every_page_has_its_picture_at_every_scale(sample_folder: Path, tmp_path: Path, scale: str) -> None:
    """A process for each: Qt takes the scale once. The window keeps its size in points, its pictures grow."""
    folder = tmp_path / "office"
    shutil.copytree(sample_folder, folder)
    pictures = Path(__file__).parents[1] / "pictures"
    pictures.mkdir(exist_ok=True)
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": scale, "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-c", SCALED, str(folder), TODAY.isoformat(), str(pictures), scale],
        capture_output=True, encoding="utf-8", env=environment, cwd=ROOT, timeout=240, check=True,
    )  # fmt: skip
    lines = [line.split() for line in done.stdout.splitlines()]
    assert len(lines) == len(places.ALL)
    for key, wide, tall, points in lines:
        assert int(points) == 1366, key
        assert (int(wide), int(tall)) == (round(1366 * float(scale)), round(768 * float(scale))), key
