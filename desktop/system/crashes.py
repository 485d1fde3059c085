"""What is kept of a bug: a report that a clerk can send to anyone, and the trace of a crash that Python cannot catch.

A report names types of errors, places in our own code, the version and the machine's system, and nothing else: the
words of an error quote what was typed, and a full path holds the user's name, so neither is ever written.
"""

import errno
import faulthandler
import logging
import os
import re
import sys
import traceback
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from desktop.domain.errors import Said
from desktop.system import held

log = logging.getLogger(__name__)

REPORTS = "reports"
KEPT_REPORTS = 30
HARD_CRASHES = "crash.txt"
HARD_BYTES = 200_000
_OURS = re.compile(r"(?:^|/)((?:desktop|db)/(?:[\w]+/)*\w+\.py)$")
_HARD_FRAME = re.compile(r'\s*File "(?P<file>[^"]*)", line (?P<line>\d+) in (?P<name>.+)')
_HARD_WORDS = re.compile(r"(Fatal Python error: |Windows fatal exception: |Thread 0x|Current thread 0x).*")
_HEAD = re.compile(r"== (?P<pid>\d+) (?P<began>\S+) (?P<version>\S+)")


# ---- reports ---------------------------------------------------------------------------------------------------


def told_of(error: BaseException) -> list[str]:
    """Lines about an error and what led to it: types and places of ours."""
    lines, seen = [], set[int]()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        lines += [f"起因：{_named(cause)}" if len(seen) > 1 else _named(cause), *_places(cause)]
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return lines


def _named(error: BaseException) -> str:
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    return " ".join(filter(None, (name, _code(error))))


def _code(error: BaseException) -> str:
    """The short code that some errors carry: it says more than the type and quotes nothing."""
    if isinstance(error, Said):
        return error.code
    if isinstance(error, OSError):
        return str(getattr(error, "winerror", None) or errno.errorcode.get(error.errno or 0, ""))
    return str(getattr(error, "sqlite_errorname", ""))


def _places(error: BaseException) -> list[str]:
    lines, others = [], 0
    for frame in traceback.extract_tb(error.__traceback__):
        place = our_place(frame.filename)
        if place:
            lines.append(f"  {place}:{frame.lineno} {frame.name}")
        else:
            others += 1
    return [*lines, f"  （其他程序库 {others} 处）"] if others else lines


def our_place(file: str) -> str:
    """`desktop/ui/form.py` of whatever path; empty for a file that is not ours."""
    found = _OURS.search(file.replace("\\", "/"))
    if found is None:
        return ""
    inner = re.search(r".*/((?:desktop|db)/.*)", found[1])
    return inner[1] if inner else found[1]


def keep_report(logs: Path, report: str, now: datetime) -> Path | None:
    """Keep a report as a file of its own and throw the oldest away; None when the disk does not take it."""
    folder = logs / REPORTS
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{now:%Y%m%d-%H%M%S}-{os.getpid()}.txt"
        with path.open("a", encoding="utf-8") as file:
            file.write(report + "\n")
        for old in sorted(folder.glob("*.txt"))[:-KEPT_REPORTS]:
            held.unlink(old, missing_ok=True)
    except OSError as error:
        log.warning("a report cannot be kept: %s", type(error).__name__)
        return None
    return path


# ---- crashes that Python cannot catch --------------------------------------------------------------------------

_watched: BinaryIO | None = None


def watch(logs: Path, version: str, now: datetime) -> bool:
    """Have the interpreter write where it was when it dies of a fault in some library; whether that is possible.

    All runs write behind one another into one file, each under a line with its process id. It needs no console.
    """
    global _watched
    path = logs / HARD_CRASHES
    try:
        logs.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > HARD_BYTES:
            held.unlink(path)
        file = path.open("ab", buffering=0)
        file.write(f"== {os.getpid()} {now.isoformat(timespec='seconds')} {version}\n".encode())
    except OSError as error:
        log.warning("hard crashes cannot be recorded: %s", type(error).__name__)
        return False
    faulthandler.enable(file)
    if _watched is not None:
        _watched.close()
    _watched = file
    return True


def unwatch() -> None:
    """Close the file, which Windows does not let anyone remove while it is open."""
    global _watched
    faulthandler.disable()
    if _watched is not None:
        _watched.close()
        _watched = None


def hard_crash_of(logs: Path, pid: int) -> str:
    """The report of how process `pid` died, if the interpreter had time to write one; else empty."""
    try:
        lines = (logs / HARD_CRASHES).read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    heads = [place for place, line in enumerate(lines) if (head := _HEAD.match(line)) and int(head["pid"]) == pid]
    if not heads:
        return ""
    head = _HEAD.match(lines[heads[-1]])
    body = lines[heads[-1] + 1 :]
    end = next((place for place, line in enumerate(body) if _HEAD.match(line)), len(body))
    told = [said for line in body[:end] if (said := _hard_line(line))]
    return "\n".join([f"镇安 {head['version']} {sys.platform}", *told]) if head and told else ""


def _hard_line(line: str) -> str:
    frame = _HARD_FRAME.match(line)
    if frame:
        place = our_place(frame["file"])
        return f"  {place}:{frame['line']} {frame['name']}" if place else ""
    return line if _HARD_WORDS.match(line) else ""


# ---- the last resort -------------------------------------------------------------------------------------------


def say_without_window(title: str, words: str) -> None:
    """Tell a person something when the window toolkit itself does not start."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, words, title, 0x10)
    elif sys.stderr is not None:
        sys.stderr.write(f"{title}\n{words}\n")
