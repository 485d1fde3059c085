"""File names made from what people type, and files that are replaced whole."""

import contextlib
import os
import re
import tempfile
import time
import unicodedata
from pathlib import Path

MAX_NAME = 80
REPLACE_TRIES = 5
REPLACE_PAUSE_SECONDS = 0.1

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
# Windows keeps these names for devices, with any ending and in any case.
_DEVICE = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³])(\..*)?", re.IGNORECASE)
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def safe_file_name(text: str, suffix: str = "", instead: str = "未命名") -> str:
    """`text` as the name of a file that Windows and Linux both accept, with `suffix` (".pdf") behind it.

    Characters that Windows forbids become "_"; invisible ones (among them those that turn the reading direction and
    so disguise an ending) go. The name is cut to 80 characters, ending included; nothing left gives `instead`.
    """
    visible = "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) not in _INVISIBLE)
    name = " ".join(_FORBIDDEN.sub("_", visible).split())
    name = name[: MAX_NAME - len(suffix)].strip(" .") or instead
    return f"_{name}{suffix}" if _DEVICE.fullmatch(name) else name + suffix


def replace_file(source: Path, target: Path) -> None:
    """Put `source` in the place of `target` in one step.

    A virus scanner or an indexer holds a fresh file for a moment on Windows, so a refusal is tried again; the last
    one is raised.
    """
    for tried in range(1, REPLACE_TRIES + 1):
        try:
            source.replace(target)
        except PermissionError:
            if tried == REPLACE_TRIES:
                raise
            time.sleep(REPLACE_PAUSE_SECONDS * tried)
        else:
            return


def write_whole(target: Path, content: bytes) -> None:
    """Write a file that is there with all of `content` or as it was before, whatever happens meanwhile."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        replace_file(draft, target)
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise
