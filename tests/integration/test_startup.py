"""What a start may load: the window comes before everything that only reports, imports and exports need."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from desktop.services.clock import Clock
from desktop.services.office import OfficeDraft
from desktop.services.opening import create_office

HEAVY = {
    "reportlab", "docx", "xlsxwriter", "openpyxl", "alembic", "numpy", "pyqtgraph", "cryptography", "python_calamine",
    "lxml", "PIL", "pypinyin", "chinese_calendar",
}  # fmt: skip

WINDOW = """
import json, sys
from datetime import date
from pathlib import Path
from desktop.compose import Program, application
from desktop.system.folders import home

def loaded():
    return sorted({name.partition(".")[0] for name in sys.modules})

app = application()
program = Program(app, home(), Path(sys.argv[1]), date(2026, 6, 1))
program.begin()
program.window.grab()
first = loaded()
for _ in range(20):
    app.processEvents()
assert program.shell is not None
program.window.show_page("enterprises")
program.window.grab()
print(json.dumps([first, loaded()]))
sys.stdout.flush()
program.end()
"""

COMMAND = """
import json, sys
sys.argv = ["townsafe", *sys.argv[1:]]
from desktop.__main__ import main
code = main()
print(json.dumps([code, sorted({name.partition(".")[0] for name in sys.modules})]))
"""


def _child(script: str, home: Path, *words: str) -> str:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "TOWNSAFE_HOME": str(home), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script, *words], capture_output=True, encoding="utf-8", env=environment, timeout=110,
        check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    return done.stdout.strip().splitlines()[-1]


def test_the_first_window_and_the_roster_load_nothing_heavy(tmp_path: Path) -> None:
    services = create_office(tmp_path / "office", person="张所", clock=Clock.on(date(2026, 6, 1)))
    services.offices.establish(OfficeDraft(name="惠萍镇", code="320681102"))
    services.close()
    first, usable = map(set, json.loads(_child(WINDOW, tmp_path / "home", str(tmp_path / "office"))))
    assert {"PySide6", "desktop"} <= first
    assert not first & (HEAVY | {"sqlalchemy", "db"})
    assert "sqlalchemy" in usable
    assert not usable & HEAVY


@pytest.mark.parametrize("words", [("version",), ("deadline", "seed.yearend", "--from", "2026-06-01")])
def test_a_command_without_data_loads_no_window_and_no_database(tmp_path: Path, words: tuple[str, ...]) -> None:
    code, names = json.loads(_child(COMMAND, tmp_path / "home", *words))
    assert code == 0
    assert "desktop" in names
    found = set(names) & (HEAVY | {"PySide6", "sqlalchemy"})
    assert not found
