"""File names made from what people type, and files that are replaced whole."""

import contextlib
import os
import re
import tempfile
import unicodedata
from pathlib import Path

from desktop.domain.errors import Trouble
from desktop.system import held

MAX_NAME = 80
MAX_PATH = 240
"""Characters of a full path. Windows itself goes on to 259; Explorer, WPS and older Office need some room for theirs."""

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
# Windows keeps these names for devices, with any ending and in any case.
_DEVICE = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³])\s*(\..*)?", re.IGNORECASE)
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def safe_file_name(text: str, suffix: str = "", instead: str = "未命名") -> str:
    """`text` as the name of a file that Windows and Linux both accept, with `suffix` (".pdf") behind it.

    Characters that Windows forbids become "_"; invisible ones (among them those that turn the reading direction and
    so disguise an ending) go. The name is cut to 80 characters, ending included; nothing left gives `instead`.
    """
    visible = "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) not in _INVISIBLE)
    name = " ".join(_FORBIDDEN.sub("_", visible).split())
    if _DEVICE.fullmatch(name):
        name = f"_{name}"
    return (name[: MAX_NAME - len(suffix)].strip(" .") or instead) + suffix


def refuse_long(path: Path) -> None:
    """Raise `Trouble("path_too_long")` for a file that Explorer, WPS and Office could not open, before it is made."""
    count = len(str(path.absolute()))
    if count > MAX_PATH:
        raise Trouble("path_too_long", path=str(path.parent), count=count, limit=MAX_PATH)


def write_whole(target: Path, content: bytes) -> None:
    """Write a file that is there with all of `content` or as it was before, whatever happens meanwhile."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        held.replace(draft, target)
    except BaseException:
        with contextlib.suppress(OSError):
            held.unlink(draft)
        raise
