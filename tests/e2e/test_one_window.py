"""One window a folder, with real processes: the second start leaves at once and the first comes forward."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from desktop.services.clock import Clock
from desktop.services.office import OfficeDraft
from desktop.services.opening import create_office

ROOT = Path(__file__).parents[2]
FIRST = """
import sys
from pathlib import Path
from desktop.compose import Program, application
from desktop.system.folders import home

app = application()
program = Program(app, home(), Path(sys.argv[1]), None)
come_forward = program._come_forward

def told():
    come_forward()
    print("raised", program.window.isVisible(), flush=True)

program._come_forward = told
program.begin()
while not program.is_complete:
    app.processEvents()
program.window.showMinimized()
print("ready", flush=True)
sys.exit(program.run())
"""


@pytest.fixture
def office(tmp_path: Path) -> Path:
    services = create_office(tmp_path / "办公 室", person="张所", clock=Clock.on(date(2026, 6, 1)))
    services.offices.establish(OfficeDraft(name="惠萍镇", code="320681102"))
    services.close()
    return tmp_path / "办公 室"


def _environment(home: Path) -> dict[str, str]:
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen", "TOWNSAFE_HOME": str(home), "PYTHONUTF8": "1"}


@contextmanager
def first_window(office: Path, home: Path) -> Iterator["subprocess.Popen[str]"]:
    """The program with the office open; killed afterwards, as the user's other programs would survive it."""
    process = subprocess.Popen(
        [sys.executable, "-c", FIRST, str(office)], env=_environment(home), cwd=ROOT,
        stdout=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
        yield process
    finally:
        process.kill()
        process.communicate()


def second(office: Path, home: Path, *words: str) -> int:
    """Start the program as a shortcut does; the answer is its exit status."""
    command = [sys.executable, "-m", "desktop", "--data", str(office), *words]
    return subprocess.run(command, env=_environment(home), cwd=ROOT, timeout=60, check=False).returncode


def test_the_second_start_raises_the_first_window_and_leaves(office: Path, tmp_path: Path) -> None:
    with first_window(office, tmp_path / "home") as first:
        began = time.monotonic()
        assert second(office, tmp_path / "home") == 0
        assert time.monotonic() - began < 20
        assert first.stdout is not None
        assert first.stdout.readline().strip() == "raised True"
        assert first.poll() is None


def test_after_the_first_was_killed_the_next_start_opens_the_office(office: Path, tmp_path: Path) -> None:
    with first_window(office, tmp_path / "home"):
        pass
    with first_window(office, tmp_path / "home") as again:
        assert again.poll() is None
