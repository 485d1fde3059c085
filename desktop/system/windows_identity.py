"""Who this process is to Windows: without a name of its own the taskbar would show Python's icon and group."""

import logging
import sys
from typing import Any

log = logging.getLogger(__name__)

APP_ID = "TownSafe.TownSafe"
"""The AppUserModelID. The shortcut in the Start menu may carry the same one; it never changes between versions."""
ANY_PROCESS = -1


def name_process(shell: Any = None) -> bool:
    """Tell Windows the program's name, before the first window; whether it was told. Elsewhere nothing happens."""
    if sys.platform == "win32" and shell is None:
        import ctypes

        shell = ctypes.WinDLL("shell32")
    if shell is None:
        return False
    try:
        result = shell.SetCurrentProcessExplicitAppUserModelID(APP_ID)
    except (AttributeError, OSError) as error:
        log.info("the taskbar will show Python's icon: %s", error)
        return False
    return int(result) == 0


def let_another_come_forward(user: Any = None) -> bool:
    """Hand the right to come forward, which a click gave to this process, to the one that is about to be rung.

    Without it Windows would only let the first window's button blink in the taskbar. Elsewhere nothing happens.
    """
    if sys.platform == "win32" and user is None:
        import ctypes

        user = ctypes.WinDLL("user32")
    return user is not None and bool(user.AllowSetForegroundWindow(ANY_PROCESS))
