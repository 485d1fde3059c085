"""Starting with the machine, on both systems, and the name by which Windows knows the program."""

import shlex
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from desktop.system.autostart import IN_TRAY, NAME, RUN_KEY, DesktopEntry, RunKey, autostart, own_command
from desktop.system.windows_identity import APP_ID, let_another_come_forward, name_process

COMMAND = [
    r"C:\Users\张 三\AppData\Local\Programs\镇安\runtime\pythonw.exe",
    r"C:\Program Files\a b\start.pyw",
    IN_TRAY,
]


class Key:
    """An open key: values by name."""

    def __init__(self, values: dict[str, str]) -> None:
        self.values = values

    def __enter__(self) -> "Key":
        return self

    def __exit__(self, *_error: object) -> None:
        pass


class Registry:
    """What winreg does with one user's Run key, in memory."""

    HKEY_CURRENT_USER, KEY_READ, KEY_SET_VALUE, REG_SZ = 1, 2, 3, 4

    def __init__(self) -> None:
        self.keys: dict[str, dict[str, str]] = {}

    def OpenKey(self, root: int, path: str, reserved: int, access: int) -> Key:
        assert (root, reserved, access) == (self.HKEY_CURRENT_USER, 0, self.KEY_READ)
        if path not in self.keys:
            raise FileNotFoundError(path)
        return Key(self.keys[path])

    def CreateKeyEx(self, root: int, path: str, reserved: int, access: int) -> Key:
        assert (root, reserved, access) == (self.HKEY_CURRENT_USER, 0, self.KEY_SET_VALUE)
        return Key(self.keys.setdefault(path, {}))

    def QueryValueEx(self, key: Key, name: str) -> tuple[str, int]:
        if name not in key.values:
            raise FileNotFoundError(name)
        return key.values[name], self.REG_SZ

    def SetValueEx(self, key: Key, name: str, reserved: int, kind: int, value: str) -> None:
        assert kind == self.REG_SZ
        key.values[name] = value

    def DeleteValue(self, key: Key, name: str) -> None:
        if name not in key.values:
            raise FileNotFoundError(name)
        del key.values[name]


def test_the_run_key_holds_the_command_while_it_is_on() -> None:
    registry = Registry()
    entry = RunKey(COMMAND, registry)
    assert not entry.is_on()
    entry.switch(False)
    assert not entry.is_on()
    entry.switch(True)
    entry.switch(True)
    assert entry.is_on()
    assert registry.keys == {RUN_KEY: {NAME: subprocess.list2cmdline(COMMAND)}}
    assert registry.keys[RUN_KEY][NAME].endswith(f'"C:\\Program Files\\a b\\start.pyw" {IN_TRAY}')
    registry.keys[RUN_KEY]["OneDrive"] = "x"
    entry.switch(False)
    assert registry.keys == {RUN_KEY: {"OneDrive": "x"}}


def test_the_desktop_file_starts_the_very_words(tmp_path: Path) -> None:
    words = ["/opt/镇安 x/python", 'a "quoted" $HOME `id` 100% \\ path', IN_TRAY]
    entry = DesktopEntry(words, tmp_path / "autostart")
    assert not entry.is_on()
    entry.switch(False)
    entry.switch(True)
    assert entry.is_on()
    lines = dict(line.split("=", 1) for line in entry.path.read_text("utf-8").splitlines() if "=" in line)
    # As the specification reads it: first the escapes of a string value, then the quotes, then the field codes.
    exec_line = lines["Exec"].replace("\\\\", "\\")
    read = [word.replace("\\$", "$").replace("\\`", "`").replace("%%", "%") for word in shlex.split(exec_line)]
    assert read == words
    assert lines["Name"] == "镇安"
    entry.switch(False)
    assert not entry.is_on()


def test_this_system_uses_the_folder_of_its_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr("desktop.system.autostart.sys.platform", "linux")
    entry = autostart(["townsafe"])
    entry.switch(True)
    assert (tmp_path / "autostart" / "townsafe.desktop").read_text("utf-8").count(f'"{IN_TRAY}"') == 1


@pytest.mark.parametrize(
    ("program", "module", "platform", "expected"),
    [
        (r"C:\a\app\start.pyw", None, "win32", [r"C:\r\pythonw.exe", r"C:\a\app\start.pyw"]),
        (r"C:\a\desktop\__main__.py", "desktop", "win32", [r"C:\r\pythonw.exe", "-m", "desktop"]),
        (r"C:\a\Scripts\townsafe.EXE", None, "win32", [r"C:\a\Scripts\townsafe.EXE"]),
        ("/opt/bin/townsafe", None, "linux", [r"C:\r\python.exe", "/opt/bin/townsafe"]),
    ],
)
def test_the_command_starts_the_program_again_without_a_console(
    program: str, module: str | None, platform: str, expected: list[str]
) -> None:
    assert own_command(r"C:\r\python.exe", program, module, platform) == expected


def test_windows_is_told_the_name_before_the_first_window() -> None:
    told: list[Any] = []

    def tell(name: str) -> int:
        told.append(name)
        return 0

    assert name_process(SimpleNamespace(SetCurrentProcessExplicitAppUserModelID=tell))
    assert told == [APP_ID]
    assert not name_process(SimpleNamespace(SetCurrentProcessExplicitAppUserModelID=lambda _name: -1))
    assert not name_process(SimpleNamespace())


def test_the_right_to_come_forward_is_handed_on_where_there_is_such_a_right() -> None:
    asked: list[int] = []

    def allow(process: int) -> int:
        asked.append(process)
        return 1

    assert let_another_come_forward(SimpleNamespace(AllowSetForegroundWindow=allow))
    assert asked == [-1]
    assert not let_another_come_forward(SimpleNamespace(AllowSetForegroundWindow=lambda _process: 0))
