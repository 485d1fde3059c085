"""One instance a data folder: the operating system's own lock, which no crash can leave behind.

The name of the local socket by which a second start asks the first window to come forward is made here as well;
the socket itself belongs to the window.
"""

import contextlib
import json
import os
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

LOCK_NAME = ".townsafe.lock"
# Windows keeps others from even reading a locked byte, so the lock is far behind the text that names the holder.
_LOCKED_BYTE = 1 << 30


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a data folder open: the process, and since when."""

    pid: int
    since: datetime


if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: int) -> None:
        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

    def _unlock(handle: int) -> None:
        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)


class InstanceLock:
    """The lock of one data folder; the folder must be there. Held until `release` or the end of the process."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / LOCK_NAME
        self.left_by: Holder | None = None
        """Who had the folder before and never gave it up: killed, crashed, or the power failed. Known once acquired."""
        self._handle: int | None = None

    @property
    def is_held(self) -> bool:
        """Whether this very object holds the folder."""
        return self._handle is not None

    def acquire(self, now: datetime | None = None) -> bool:
        """Take the folder; False when another holds it, here or in another process.

        The file stays when the lock is given up: whoever removed it could lock a file that another no longer sees.
        """
        if self._handle is not None:
            return True
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        try:
            _try_lock(handle)
        except OSError:
            os.close(handle)
            return False
        self._handle = handle
        self.left_by = self.holder()
        self._tell({"pid": os.getpid(), "since": (now or datetime.now()).isoformat(timespec="seconds")})
        return True

    def release(self) -> None:
        """Give the folder up; without effect when it is not held."""
        if self._handle is None:
            return
        self._tell(None)
        _unlock(self._handle)
        os.close(self._handle)
        self._handle = None

    def holder(self) -> Holder | None:
        """Who holds the folder by their own word; None when nobody does or it cannot be told."""
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            told = json.loads(self.path.read_text("utf-8"))
            return Holder(int(told["pid"]), datetime.fromisoformat(told["since"]))
        return None

    def _tell(self, holder: dict[str, object] | None) -> None:
        assert self._handle is not None
        os.ftruncate(self._handle, 0)
        os.lseek(self._handle, 0, os.SEEK_SET)
        os.write(self._handle, json.dumps(holder).encode())

    def __enter__(self) -> "InstanceLock":
        return self

    def __exit__(self, *_error: object) -> None:
        self.release()


def socket_name(folder: Path) -> str:
    """The name of the local socket of the instance that has `folder` open: one for each user and folder."""
    import hashlib  # only a second start and the doorbell ask for it

    place = os.path.normcase(folder.absolute().resolve())
    user = os.environ.get("USERNAME") or os.environ.get("USER") or ""
    return "townsafe-" + hashlib.sha256(f"{user}\n{place}".encode()).hexdigest()[:16]
