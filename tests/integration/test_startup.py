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
from desktop.system.settings import Settings, SettingsFile

HEAVY = {
    "reportlab", "docx", "xlsxwriter", "openpyxl", "alembic", "numpy", "cryptography", "python_calamine",
    "lxml", "PIL", "pypinyin", "chinese_calendar",
}  # fmt: skip

WINDOW = """
import json, sys
from desktop import starting
starting.hasten()
from datetime import date
from pathlib import Path
from desktop import compose
from desktop.system.folders import home

def loaded():
    return sorted({name.partition(".")[0] for name in sys.modules})

wait = []
load_the_rest = compose._load_the_rest
compose._load_the_rest = wait.append
app = compose.application()
program = compose.Program(app, home(), Path(sys.argv[1]), date(2026, 6, 1))
program.begin()
program.sight.grab()
first = loaded()
while program.shell is None:
    app.processEvents()
assert program.window.page.KEY == sys.argv[2]
program.window.grab()
usable = loaded()
while not program.is_complete:
    if wait:
        load_the_rest(wait.pop())
    app.processEvents()
print(json.dumps([first, usable, loaded()]))
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


@pytest.fixture
def office(tmp_path: Path) -> Path:
    services = create_office(tmp_path / "office", person="张所", clock=Clock.on(date(2026, 6, 1)))
    services.offices.establish(OfficeDraft(name="惠萍镇", code="320681102"))
    services.close()
    return tmp_path / "office"


def left_off(tmp_path: Path, office: Path, page: str, moment: str) -> None:
    settings = Settings(last_page=page).with_folder(office).with_opened(office, moment)
    assert SettingsFile(tmp_path / "home" / "settings.json").write(settings)


def test_the_first_window_and_the_roster_load_nothing_heavy(tmp_path: Path, office: Path) -> None:
    left_off(tmp_path, office, "enterprises", "2026-06-01T08:00:00")
    told = json.loads(_child(WINDOW, tmp_path / "home", str(office), "enterprises"))
    first, usable, whole = map(set, told)
    assert {"PySide6", "desktop"} <= first
    assert not first & (HEAVY | {"sqlalchemy", "db"})
    assert not usable & (HEAVY | {"sqlalchemy"})
    assert "sqlalchemy" in whole
    assert not whole & HEAVY


@pytest.mark.parametrize(
    ("page", "moment", "shown"),
    [
        ("cases", "2026-06-01T08:00:00", "cases"),
        ("enterprises", "2026-05-29T17:00:00", "workbench"),  # a new day begins with what is due
        ("a_page_of_a_later_version", "2026-06-01T08:00:00", "workbench"),
    ],
)
def test_the_page_on_which_one_left_off_is_shown_again_the_same_day(
    tmp_path: Path, office: Path, page: str, moment: str, shown: str
) -> None:
    left_off(tmp_path, office, page, moment)
    _, _, whole = json.loads(_child(WINDOW, tmp_path / "home", str(office), shown))
    assert not set(whole) & HEAVY


@pytest.mark.parametrize("words", [("version",), ("deadline", "seed.yearend", "--from", "2026-06-01")])
def test_a_command_without_data_loads_no_window_and_no_database(tmp_path: Path, words: tuple[str, ...]) -> None:
    code, names = json.loads(_child(COMMAND, tmp_path / "home", *words))
    assert code == 0
    assert "desktop" in names
    found = set(names) & (HEAVY | {"PySide6", "sqlalchemy"})
    assert not found
