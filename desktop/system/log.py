"""The program's one log: a rotating file that a person can send to whoever helps, so it names no person.

Info tells the story of a sitting, a warning means that someone should look. Long numbers (phones, identity and
credit codes) are masked wherever they slipped in, because the text of an error often quotes what was typed.
"""

import logging
import re
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

FILE_NAME = "townsafe.log"
FILE_BYTES = 1_000_000
OLD_FILES = 4
_PERSONAL = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9A-HJ-NPQRTUWXY]{18}|\d{17}[\dXx]|\d{15}|(?:\+?86)?1\d{10})(?![0-9A-Za-z])"
)


_CHINESE = re.compile(r"[\u2e80-\ua4cf\uf900-\ufaff\U00020000-\U0003ffff]+")
_PARAMETERS = re.compile(r"\[parameters: .*?\]$", re.MULTILINE)


class _Masking(logging.Formatter):
    """Formats a record, its trace included, and masks what could name a person."""

    def formatException(self, ei: Any) -> str:
        """A trace without what was typed: errors quote names and addresses, and the database its parameters."""
        return _CHINESE.sub("□", _PARAMETERS.sub("", super().formatException(ei)))

    def format(self, record: logging.LogRecord) -> str:
        return _PERSONAL.sub("***", super().format(record))


class _Rotating(RotatingFileHandler):
    """Goes on in the same file when it cannot be rotated: on Windows another program may hold it open."""

    def doRollover(self) -> None:
        try:
            super().doRollover()
        except OSError:
            self.stream = self._open()


def start_log(folder: Path, level: int = logging.INFO) -> logging.Handler | None:
    """Log everything to `folder`, Python's warnings included; nothing is printed, for there may be no console.

    A folder that cannot be written to leaves the program without a log, not without a start: then the answer is None.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = _Rotating(folder / FILE_NAME, maxBytes=FILE_BYTES, backupCount=OLD_FILES, encoding="utf-8")
    except OSError:
        return None
    handler.setFormatter(_Masking("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level)
    logging.captureWarnings(True)
    return handler


def stop_log(handler: logging.Handler) -> None:
    """Close the file, which Windows does not let anyone delete while it is open."""
    logging.getLogger().removeHandler(handler)
    logging.captureWarnings(False)
    handler.close()
