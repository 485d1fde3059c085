"""Files that are there whole or not at all: written beside their place, synced, then put there in one step."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from desktop.domain.errors import Trouble
from desktop.system import held


@contextmanager
def writing_to(path: Path) -> Iterator[None]:
    """Turn what the operating system says while `path` is written into `Trouble`."""
    try:
        yield
    except OSError as error:
        code = {errno.ENOSPC: "disk_full", errno.EROFS: "read_only"}.get(error.errno or 0, "cannot_write")
        if held.is_held(error):
            code = "file_held"
        raise Trouble(code, path=str(path), said=error.strerror or str(error)) from error


@contextmanager
def draft_of(path: Path) -> Iterator[BinaryIO]:
    """A file to write to that becomes `path` when all went well, and vanishes when it did not."""
    draft = path.with_name(path.name + ".new")
    with writing_to(path):
        try:
            with draft.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            replace(draft, path)
        finally:
            held.unlink(draft, missing_ok=True)


def replace(source: Path, target: Path) -> None:
    """Put `source` in the place of `target` in one step, and sync the folder so that it stays there."""
    held.replace(source, target)
    sync_folder(target.parent)


def sync_file(path: Path) -> None:
    """Wait until the content of a file is on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk; Windows does that by itself and cannot be asked."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
