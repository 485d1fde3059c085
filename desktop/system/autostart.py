"""Starting with the machine: one entry of this user's own, switched on and off by the settings and never otherwise.

Windows keeps it as a value of the user's Run key, Linux as an XDG autostart file. Neither needs an administrator.
"""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path, PureWindowsPath
from typing import Any, Protocol

from desktop.system import held

RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
NAME = "TownSafe"
IN_TRAY = "--in-tray"
"""The argument of a start that nobody asked for with a click: no window, only the tray and what is due."""


class Autostart(Protocol):
    """Whether the program starts with the machine. Both may raise `OSError`, as where a policy locks the registry."""

    def is_on(self) -> bool:
        """Whether the entry is there, whatever program it starts."""

    def switch(self, is_on: bool) -> None:
        """Write the entry, or take it away; without effect when it is so already."""


class RunKey:
    """HKEY_CURRENT_USER\\…\\Run. `registry` is the module winreg, or what behaves like it."""

    def __init__(self, command: Sequence[str], registry: Any) -> None:
        from subprocess import list2cmdline  # a start reads this module for one word, and needs none of that

        self._command = list2cmdline(command)
        self._registry = registry

    def is_on(self) -> bool:
        """Whether the value is there."""
        registry = self._registry
        try:
            with registry.OpenKey(registry.HKEY_CURRENT_USER, RUN_KEY, 0, registry.KEY_READ) as key:
                registry.QueryValueEx(key, NAME)
        except FileNotFoundError:
            return False
        return True

    def switch(self, is_on: bool) -> None:
        """Set or delete the value; the key itself belongs to Windows and stays."""
        registry = self._registry
        with registry.CreateKeyEx(registry.HKEY_CURRENT_USER, RUN_KEY, 0, registry.KEY_SET_VALUE) as key:
            if is_on:
                registry.SetValueEx(key, NAME, 0, registry.REG_SZ, self._command)
            else:
                with suppress(FileNotFoundError):
                    registry.DeleteValue(key, NAME)


class DesktopEntry:
    """A .desktop file in the XDG autostart folder."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self._command = command
        self.path = folder / "townsafe.desktop"

    def is_on(self) -> bool:
        """Whether the file is there."""
        return self.path.is_file()

    def switch(self, is_on: bool) -> None:
        """Write or remove the file."""
        if is_on:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            words = " ".join(map(_quoted, self._command))
            lines = ["[Desktop Entry]", "Type=Application", "Name=镇安", f"Exec={words}", "Terminal=false", ""]
            self.path.write_text("\n".join(lines), "utf-8")
        else:
            held.unlink(self.path, missing_ok=True)


def _quoted(word: str) -> str:
    """An argument of an Exec line: in quotes, with what the specification names escaped, and % doubled."""
    escaped = word.replace("\\", "\\\\\\\\").replace('"', '\\\\"').replace("`", "\\\\`").replace("$", "\\\\$")
    return '"' + escaped.replace("%", "%%") + '"'


def autostart(command: Sequence[str] | None = None) -> Autostart:
    """This system's way, for this program as it was started."""
    words = [*(own_command() if command is None else command), IN_TRAY]
    if sys.platform == "win32":
        import winreg

        return RunKey(words, winreg)
    configured = os.environ.get("XDG_CONFIG_HOME")
    return DesktopEntry(words, (Path(configured) if configured else Path.home() / ".config") / "autostart")


def own_command(
    executable: str = sys.executable,
    program: str | None = None,
    module: str | None = None,
    platform: str = sys.platform,
) -> list[str]:
    """The command that starts this program again without a console.

    `program` is the file that Python was given; `module` the one it was told to run with -m, which is then not a
    file that could be run by itself. Both are looked up in this process unless given.
    """
    if program is None:
        spec = getattr(sys.modules["__main__"], "__spec__", None)
        module = spec.name.removesuffix(".__main__") if spec is not None else None
        program = str(Path(sys.argv[0]).absolute())
    python = _without_console(executable) if platform == "win32" else executable
    if getattr(sys, "frozen", False):
        return [executable]
    if module is not None:
        return [python, "-m", module]
    return [program] if PureWindowsPath(program).suffix.lower() == ".exe" else [python, program]


def _without_console(executable: str) -> str:
    path = PureWindowsPath(executable)
    return str(path.with_name("pythonw.exe")) if path.name.lower() == "python.exe" else executable
