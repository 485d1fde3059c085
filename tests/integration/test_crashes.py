"""Crashes: what is kept of them names no person, and a start without a console or that fails says so."""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from desktop.domain.errors import Refused
from desktop.system import crashes
from desktop.system.crashes import hard_crash_of, keep_report, our_place, told_of, unwatch, watch
from desktop.system.log import FILE_NAME

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 24, 10, 32)
SECRETS = ("张三", "13912345678", "Zhang San", "320681199001011234", "启东市惠萍镇大兴路 8 号")


def _raised(
    error: BaseException, file: str = "C:/Users/张三/AppData/Local/Programs/TownSafe/app/desktop/ui/x.py"
) -> BaseException:
    """The error as it comes out of a module of ours that lies in somebody's profile."""
    code = compile("def _on_clicked(error):\n    raise error\n", file, "exec")
    space: dict[str, object] = {}
    exec(code, space)
    try:
        space["_on_clicked"](error)  # type: ignore[operator]
    except type(error) as caught:
        return caught
    raise AssertionError


@pytest.mark.parametrize(
    "error",
    [
        KeyError("张三 13912345678"),
        ValueError("invalid literal for int(): 'Zhang San'"),
        FileNotFoundError(2, "No such file", "C:/Users/张三/启东市惠萍镇大兴路 8 号.xlsx"),
        Refused("hazard_closed", name="张三", number="320681199001011234"),
        AssertionError("Zhang San 320681199001011234"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_report_says_types_and_places_of_ours_and_nothing_typed(error: BaseException) -> None:
    raised = _raised(error)
    raised.__cause__ = _raised(RuntimeError("Zhang San 13912345678"))
    text = "\n".join(told_of(raised))
    assert not [secret for secret in SECRETS if secret in text]
    assert type(error).__name__ in text
    assert "  desktop/ui/x.py:2 _on_clicked" in text
    assert "起因：RuntimeError" in text
    assert "Users" not in text
    assert "test_crashes" not in text


def test_codes_that_quote_nothing_are_told() -> None:
    assert told_of(FileNotFoundError(2, "x"))[0] == "FileNotFoundError ENOENT"
    assert told_of(Refused("hazard_closed"))[0].endswith("Refused hazard_closed")


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (r"C:\Users\李四\app\desktop\ui\form.py", "desktop/ui/form.py"),
        ("/home/li/desktop/desktop/services/opening.py", "desktop/services/opening.py"),
        ("/opt/desktop/db/backup.py", "db/backup.py"),
        ("/usr/lib/python3.11/json/decoder.py", ""),
        ("/home/li/desktop/张三/note.txt", ""),
    ],
)
def test_a_place_of_ours_is_told_without_the_folders_above_it(path: str, place: str) -> None:
    assert our_place(path) == place


def test_reports_are_kept_and_the_oldest_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crashes, "KEPT_REPORTS", 3)
    made = [keep_report(tmp_path, f"报告 {second}", NOW.replace(second=second)) for second in range(5)]
    assert None not in made
    left = sorted((tmp_path / "reports").iterdir())
    assert [path.read_text("utf-8").strip() for path in left] == ["报告 2", "报告 3", "报告 4"]


@pytest.mark.expects_log
def test_a_disk_that_keeps_no_report_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "logs").write_bytes(b"")
    assert keep_report(tmp_path / "logs", "x", NOW) is None
    assert not watch(tmp_path / "logs", "1", NOW)


def _run(code: str, home: Path, closed: bool = False) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "TOWNSAFE_HOME": str(home), "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    close = (
        "import sys; sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = None; " if closed else "import sys; "
    )
    return subprocess.run(
        [sys.executable, "-c", close + code], env=environment, capture_output=True, timeout=60, check=False
    )


def test_a_hard_crash_leaves_its_trace_which_the_next_start_can_read(tmp_path: Path) -> None:
    code = (
        "import os; from datetime import datetime; from pathlib import Path; from desktop.system.crashes import watch;"
        f"watch(Path({str(tmp_path)!r}), '0.9', datetime.now()); open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()));"
        "import faulthandler; faulthandler._sigsegv()"
    )
    assert _run(code, tmp_path, closed=True).returncode != 0
    pid = int((tmp_path / "pid").read_text("utf-8"))
    told = hard_crash_of(tmp_path, pid)
    assert told.splitlines()[0].startswith("镇安 0.9")
    assert "egmentation fault" in told or "access violation" in told
    assert str(tmp_path) not in told
    assert hard_crash_of(tmp_path, pid + 1) == ""


def test_only_our_places_of_a_hard_crash_are_told(tmp_path: Path) -> None:
    trace = (
        "== 77 2026-11-24T10:32:00 0.9\n"
        "Windows fatal exception: access violation\n\n"
        "Current thread 0x00001f4c (most recent call first):\n"
        '  File "C:\\Users\\张三\\TownSafe\\app\\desktop\\ui\\form.py", line 12 in keyPressEvent\n'
        '  File "C:\\Users\\张三\\TownSafe\\runtime\\Lib\\runpy.py", line 3 in run\n'
        "== 78 2026-11-24T11:00:00 0.9\n"
    )
    (tmp_path / "crash.txt").write_text(trace, "utf-8")
    told = hard_crash_of(tmp_path, 77)
    assert "张三" not in told
    assert "  desktop/ui/form.py:12 keyPressEvent" in told
    assert "runpy" not in told
    assert hard_crash_of(tmp_path, 78) == ""


def test_watching_needs_no_console_and_lets_its_file_go(tmp_path: Path) -> None:
    assert watch(tmp_path, "1", NOW)
    assert watch(tmp_path, "1", NOW)
    unwatch()
    (tmp_path / "crash.txt").unlink()


START = (
    "sys.argv = ['townsafe', '--data', {folder!r}]; from PySide6.QtCore import QTimer;"
    "from desktop.compose import application; app = application();"
    "QTimer.singleShot(1500, app.quit);"
    "from desktop.__main__ import main; sys.exit(main())"
)


def test_the_window_starts_without_a_console(tmp_path: Path) -> None:
    """`pythonw` has no standard streams: whatever prints, logs or complains must not die of it."""
    done = _run(START.format(folder=str(tmp_path / "office")), tmp_path / "home", closed=True)
    assert done.returncode == 0, (tmp_path / "home" / "logs" / FILE_NAME).read_text("utf-8")
    assert (tmp_path / "home" / "logs" / "crash.txt").exists()


@pytest.mark.parametrize(
    "words", [["--version"], ["days", "--help"], ["no-such-command"], ["due", "--data", "/nowhere"]]
)
def test_a_command_without_a_console_ends_with_its_status(tmp_path: Path, words: list[str]) -> None:
    code = f"sys.argv = ['townsafe', *{words!r}]; from desktop.cli import run; code = run(sys.argv[1:]); sys.exit(code)"
    with_console, without = (_run(code, tmp_path, closed=closed) for closed in (False, True))
    assert without.returncode == with_console.returncode


def test_a_start_that_fails_says_so_and_keeps_a_report(tmp_path: Path) -> None:
    """Without a window toolkit, or with a broken part, a double click must not simply do nothing."""
    code = (
        "sys.argv = ['townsafe']; import desktop.compose as c;\n"
        "def broken(words): raise RuntimeError('张三 13912345678')\n"
        "c.start_window = broken\n"
        "sys.modules['desktop.ui.problems'] = None\n"
        "from desktop.__main__ import main; sys.exit(main())"
    )
    done = _run(code, tmp_path)
    assert done.returncode == 1
    assert "程序没有能启动" in done.stderr.decode("utf-8", "replace") or sys.platform == "win32"
    reports = list((tmp_path / "logs" / "reports").iterdir())
    assert len(reports) == 1
    assert "RuntimeError" in reports[0].read_text("utf-8")
    assert "张三" not in reports[0].read_text("utf-8")


def test_the_log_keeps_a_trace_without_what_was_typed(tmp_path: Path) -> None:
    code = (
        "import logging; from pathlib import Path; from desktop.system.log import start_log\n"
        f"start_log(Path({str(tmp_path)!r}))\n"
        "try: raise ValueError('张三 13912345678')\n"
        "except ValueError: logging.getLogger('x').exception('failed')\n"
    )
    assert _run(code, tmp_path, closed=True).returncode == 0
    text = (tmp_path / FILE_NAME).read_text("utf-8")
    assert "ValueError" in text
    assert "张三" not in text
    assert "13912345678" not in text
