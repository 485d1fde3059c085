"""Where this machine keeps its fonts. Only Windows is asked: there official papers find 仿宋, 黑体 and 楷体."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

CHOICE_VARIABLE = "TOWNSAFE_FONTS"
BUNDLED = "bundled"


def font_folders(
    environment: Mapping[str, str] = os.environ, *, is_windows: bool = sys.platform == "win32"
) -> tuple[Path, ...]:
    """The machine's folder and the user's own, in this order; none elsewhere, so that papers are the same on every one.

    With TOWNSAFE_FONTS=bundled there are none on Windows either: tests compare what they draw.
    """
    if not is_windows or environment.get(CHOICE_VARIABLE) == BUNDLED:
        return ()
    system = environment.get("WINDIR") or environment.get("SystemRoot")
    own = environment.get("LOCALAPPDATA")
    folders = [Path(system, "Fonts")] if system else []
    return (*folders, Path(own, "Microsoft", "Windows", "Fonts")) if own else tuple(folders)
