"""The start: fresh processes until the first window is painted, and until the roster on which one left off can be used."""

import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

from desktop.services.clock import Clock
from desktop.services.opening import create_office
from desktop.system.settings import Settings, SettingsFile
from tests.benchmarks.measure import Line, show

TURNS = 7
ROOT = Path(__file__).parents[2]

BARE = """
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView
app = QApplication([])
window = QMainWindow()
window.setCentralWidget(QTableView())
window.show()
app.processEvents()
window.grab()
"""

FIRST = """
import sys
from desktop import starting
starting.hasten()
from datetime import date
from pathlib import Path
from desktop.compose import Program, application
from desktop.system.folders import home
program = Program(application(), home(), Path(sys.argv[1]), date(2026, 6, 1))
program.begin()
program.sight.grab()
"""

USABLE = (
    FIRST
    + """
while program.shell is None:
    program.app.processEvents()
page = program.window.page
assert page.KEY == "enterprises"
program.app.processEvents()
program.window.grab()
from PySide6.QtWidgets import QAbstractItemView
assert any(view.model() and view.model().rowCount() >= 250 for view in page.findChildren(QAbstractItemView))
"""
)
WHOLE = (
    USABLE
    + """
while not program.is_complete:
    program.app.processEvents()
"""
)
LEAVE = "\nimport os\nos._exit(0)\n"  # what is measured is the start; the way out is the same for all


def test_start(tmp_path: Path) -> None:
    """At most 1.3 times a bare window until something is seen, and four times until the roster is there."""
    services = create_office(tmp_path / "office", person="张所", clock=Clock.on(date(2026, 6, 1)))
    services.sample.fill(300)
    services.close()
    environment = _environment(tmp_path)
    _left_off_at_the_roster(tmp_path)
    scripts = {"bare": BARE, "first": FIRST, "usable": USABLE, "whole": WHOLE}
    for script in scripts.values():  # bytecode is written, files are in memory
        _seconds(script, tmp_path, environment)
    spent: dict[str, list[float]] = {name: [] for name in scripts}
    for _ in range(TURNS):
        for name, script in scripts.items():
            spent[name].append(_seconds(script, tmp_path, environment))
    bare, first, usable, whole = (min(spent[name]) for name in scripts)
    show(
        "start",
        [
            Line("first window painted", first, "a bare Qt window", bare, "≤ 1.3"),
            Line("roster of 300 usable", usable, "a bare Qt window", bare, "≤ 4"),
            Line("everything loaded", whole, "a bare Qt window", bare, ""),
        ],
    )


def _left_off_at_the_roster(tmp_path: Path) -> None:
    """The settings of somebody who closed the program today with the roster in front."""
    office = tmp_path / "office"
    settings = Settings(last_page="enterprises").with_folder(office).with_opened(office, "2026-06-01T08:00:00")
    assert SettingsFile(tmp_path / "home" / "settings.json").write(settings)


def _environment(tmp_path: Path) -> dict[str, str]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "TOWNSAFE_HOME": str(tmp_path / "home")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return {**environment, "PYTHONPYCACHEPREFIX": str(tmp_path / "bytecode")}


def _seconds(script: str, tmp_path: Path, environment: dict[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", script + LEAVE, str(tmp_path / "office")], check=True, env=environment,
        capture_output=True, cwd=ROOT,
    )  # fmt: skip
    return time.perf_counter() - began
