"""The sample township in a whole window: filled once a session, copied for each test."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.compose import form_makers, page_makers
from desktop.services import Services
from desktop.services.clock import Clock
from desktop.services.opening import create_office, open_office
from desktop.ui.shell import Shell, office_of
from desktop.ui.window import MainWindow

TODAY = date(2026, 11, 24)
SINCE = "2026-11-20T09:00:00"


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample township, to be copied and never opened for writing."""
    folder = tmp_path_factory.mktemp("sample") / "惠萍镇"
    services = create_office(folder, person="张所", clock=Clock.on(TODAY))
    services.sample.fill(60)
    services.close()
    return folder


@pytest.fixture
def services(sample_folder: Path, tmp_path: Path) -> Iterator[Services]:
    """The services over a copy of the sample."""
    shutil.copytree(sample_folder, tmp_path / "office")
    services = open_office(tmp_path / "office", person="张所", clock=Clock.on(TODAY))
    assert services.store.person == "张所"  # opened, as it is soon after every start
    yield services
    services.close()


@pytest.fixture
def shell(qtbot: QtBot, services: Services) -> Iterator[Shell]:
    """The whole window over the sample, on the workbench."""
    window = MainWindow(office_of(services))
    window.resize(1366, 768)
    qtbot.addWidget(window)
    shell = Shell(window, services, {}, page_makers(SINCE), form_makers(), "test")
    window.show_page("workbench")
    window.show()
    yield shell
    shell.close()


def dialog(name: str) -> QWidget:
    """The open dialog of this name."""
    found = [widget for widget in QApplication.topLevelWidgets() if widget.objectName() == name and widget.isVisible()]
    assert found, f"no {name} among {[widget.objectName() for widget in QApplication.topLevelWidgets()]}"
    return found[-1]


def child(parent: QWidget, name: str) -> QWidget:
    """The widget of this name below `parent`."""
    found = parent.findChild(QWidget, name)
    assert isinstance(found, QWidget), name
    return found
