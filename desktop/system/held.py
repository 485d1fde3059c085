"""Files that another program holds for a moment.

On Windows a virus scanner, an indexer or a preview opens a fresh file just when it is to be renamed or removed, and
the system refuses with "access denied" or "sharing violation". Half a second later it lets go. Every rename, replace
and removal of ours passes here, so that no clerk loses work to a scanner; who still holds the file after the last try
is told by name (`is_held`), for that is a program a person can close.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Answer = TypeVar("Answer")

PAUSES_SECONDS = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Between two tries: a second and a half in all, which a person takes for a slow disk and not for a hang."""
SHARING, LOCKED = 32, 33
"""What Windows calls a file that another program has open, and one that it has locked a part of."""


def patiently(act: Callable[[], Answer]) -> Answer:
    """Do `act`, again after each pause as long as the system refuses; the last refusal is raised.

    `act` must do all or nothing, as a rename does. May take 1.6 s; a missing file or a full disk is raised at once.
    """
    for pause in PAUSES_SECONDS:
        try:
            return act()
        except PermissionError:
            time.sleep(pause)
    return act()


def replace(source: Path, target: Path) -> None:
    """Put `source` in the place of `target` in one step; `source` must be closed, or Windows refuses for good."""
    patiently(lambda: os.replace(source, target))  # noqa: PTH105 (the atomic one)


def unlink(path: Path, missing_ok: bool = False) -> None:
    """Remove a file."""
    patiently(lambda: path.unlink(missing_ok=missing_ok))


def unlink_once(path: Path) -> bool:
    """Remove a file that is tried again another day anyway: one try, without patience; whether it is gone."""
    try:
        path.unlink()
    except OSError:
        return False
    return True


def is_held(error: OSError) -> bool:
    """Whether the system said that another program has the file, and not that this user may not touch it."""
    return getattr(error, "winerror", None) in (SHARING, LOCKED)
