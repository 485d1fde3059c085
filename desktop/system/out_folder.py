"""Copies for other programs: Word files and scans that were opened from here, in the user's own temporary folder.

They hold names, telephone numbers and what was found, so they must not lie there for good, and the system may never
clear them away. At each start what nobody has changed for a day goes. A file that is still open in Word is held by
Windows and stays until a later start. None of them is the only one: the document is in the office's data.
"""

import logging
import stat
import tempfile
import time
from pathlib import Path

from desktop.system import held

log = logging.getLogger(__name__)

NAME = "TownSafe-out"
KEPT_SECONDS = 24 * 60 * 60


def out_folder() -> Path:
    """Where they are written; made by whoever writes the first."""
    return Path(tempfile.gettempdir()) / NAME


def clear_out_folder(folder: Path | None = None, now: float | None = None) -> int:
    """Take away what was last changed more than a day ago; answers how many files went. Never fails.

    Only files directly in the folder are ours. A link of that name was put there by somebody else: it is left alone.
    """
    folder, now = folder or out_folder(), time.time() if now is None else now
    try:
        found = [] if folder.is_symlink() else list(folder.iterdir())
    except OSError:  # mostly: it was never made
        return 0
    gone = sum(_goes(path, now - KEPT_SECONDS) for path in found)
    if gone:
        log.info("cleared %d copies for other programs, %d are left", gone, len(found) - gone)
    return gone


def _goes(path: Path, before: float) -> bool:
    try:
        facts = path.lstat()
    except OSError:
        return False
    is_old = stat.S_ISREG(facts.st_mode) and facts.st_mtime < before
    return is_old and held.unlink_once(path)  # one that is open in another program stays
