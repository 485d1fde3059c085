"""What every test gets: a home of its own, no window on the screen, and nothing left behind.

A test fails when it leaves a thread running or when something warned in the log without the test saying
`@pytest.mark.expects_log`: both are how real faults first show.
"""

import logging
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from db import migrate
from desktop.starting import import_qt

# Before anything loads Qt: tests draw into memory, unless the person at the terminal names another platform.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
import_qt()  # as the program does, so that all tests run as it does

ROOT = Path(__file__).parents[1]
if sys.platform == "win32":  # where that platform has no fonts of its own, and warns of it
    os.environ.setdefault("QT_QPA_FONTDIR", str(ROOT / "resources" / "fonts"))
os.environ["TOWNSAFE_FONTS"] = "bundled"  # papers are compared: no machine's own fonts, in what tests start neither
SAMPLES = Path(os.environ.get("TOWNSAFE_SAMPLES", ROOT.parent / "shared" / "samples"))
THREAD_GRACE_SECONDS = 2.0
_homes = count()


@pytest.fixture(scope="session")
def _all_homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(autouse=True)
def home_folder(_all_homes: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This test's own home for settings, logs and the default office; not made until something needs it."""
    folder = _all_homes / str(next(_homes))
    monkeypatch.setenv("TOWNSAFE_HOME", str(folder))
    for variable in ("OneDrive", "OneDriveCommercial", "OneDriveConsumer"):
        monkeypatch.delenv(variable, raising=False)
    return folder


@pytest.fixture(scope="session")
def every_step() -> Callable[[Path], None]:
    """The migrations as they are."""
    return migrate.take_steps


@pytest.fixture(scope="session", autouse=True)
def _new_files_are_copies(
    every_step: Callable[[Path], None], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The migrations make the first empty file of the run, and every other one is its copy: the same bytes, sooner."""
    empty = tmp_path_factory.mktemp("empty") / "office.db"

    def take_steps(path: Path) -> None:
        if path.exists():
            every_step(path)
            return
        if not empty.exists():
            every_step(empty)
        shutil.copyfile(empty, path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrate, "take_steps", take_steps)
        yield


def _running() -> set[threading.Thread]:
    """The threads that Python started; Qt's own pool only shows as dummies, which nobody can end."""
    return {each for each in threading.enumerate() if not isinstance(each, threading._DummyThread)}


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    """Fail when a thread outlives the test that started it."""
    before = _running()
    yield
    deadline = time.monotonic() + THREAD_GRACE_SECONDS
    for thread in _running() - before:
        thread.join(max(0.0, deadline - time.monotonic()))
    if left := _running() - before:
        pytest.fail(f"left running: {', '.join(sorted(each.name for each in left))}")


class _Warnings(logging.Handler):
    """Keeps what was logged as a warning or worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def _no_unexpected_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail on a warning in the log, unless the test says that it expects one."""
    handler = _Warnings()
    root = logging.getLogger()
    root.addHandler(handler)
    yield
    root.removeHandler(handler)
    if handler.said and request.node.get_closest_marker("expects_log") is None:
        pytest.fail("unexpected in the log:\n" + "\n".join(handler.said))


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of sample ledgers beside the checkout (or TOWNSAFE_SAMPLES); without it the test skips."""
    if not SAMPLES.is_dir():
        pytest.skip("the sample folder is not here")
    return SAMPLES
