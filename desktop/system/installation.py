"""Where this program itself lies, whether it was installed or only unpacked, and how its setup is started."""

import os
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Protocol

PORTABLE_MARK = "portable"
"""The file beside our packages that the portable edition carries and an installed one does not."""


def program_folder() -> Path:
    """The folder that holds our packages: `app` of an installed program, or the checkout."""
    return Path(str(files("desktop"))).parent


def is_portable(folder: Path | None = None) -> bool:
    """Whether this is the edition that is unpacked and run, without a setup."""
    return ((folder or program_folder()) / PORTABLE_MARK).is_file()


class Launcher(Protocol):
    """Starts a setup and returns at once."""

    @property
    def can_start(self) -> bool:
        """Whether a setup can run on this system at all."""

    def start(self, setup: Path) -> None:
        """Start it; OSError when the system refuses."""


class WindowsLauncher:
    """As a double click does, so that Windows asks whatever it asks of a file that came on a stick."""

    @property
    def can_start(self) -> bool:
        """On Windows only."""
        return sys.platform == "win32"

    def start(self, setup: Path) -> None:
        """Start it. It asks before it replaces any file, and by then this program is long gone."""
        if sys.platform == "win32":
            os.startfile(setup)
        else:
            raise OSError("a setup runs on Windows only")


def places_to_look() -> Iterator[Path]:
    """Where a new version may have been put: beside the program, and on drives that can be taken out."""
    here = program_folder()
    yield from (here.parent, here.parent.parent)
    yield from _removable()


if sys.platform == "win32":

    def _removable() -> Iterator[Path]:
        """The sticks and cards; asking for a kind does not wait for a drive without a medium."""
        import ctypes

        removable = 2
        mask = ctypes.windll.kernel32.GetLogicalDrives()
        for number in range(26):
            drive = f"{chr(ord('A') + number)}:\\"
            if number > 1 and mask >> number & 1 and ctypes.windll.kernel32.GetDriveTypeW(drive) == removable:
                yield Path(drive)

else:

    def _removable() -> Iterator[Path]:
        """Where Linux desktops show sticks."""
        user = os.environ.get("USER", "")
        for above in (Path("/media") / user, Path("/run/media") / user):
            if user and above.is_dir():
                yield from (each for each in sorted(above.iterdir()) if each.is_dir())
