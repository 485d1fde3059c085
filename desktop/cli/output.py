"""What the command line says: one JSON document or Chinese text, in UTF-8 on every console and in every pipe."""

import json
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from desktop.services.progress import Progress

BAR_WIDTH = 24
LINE_WIDTH = 78


def speak_utf8() -> None:
    """UTF-8 with plain line feeds, whatever code page the console has.

    A character that cannot be written (half of a broken file name) becomes a question mark instead of an error.
    """
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace", newline="\n")


class Output:
    """Says what a command found, and how far it is. With `as_json` the text stays unsaid."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json
        self._has_bar = False

    def say(self, document: object, lines: Iterable[str]) -> None:
        """The answer of the command, in the one form or the other; said once."""
        self.end_bar()
        if self.as_json:
            print(json.dumps(plain(document), ensure_ascii=False, indent=1))
            return
        for line in lines:
            print(line)

    def complain(self, code: str, said: str) -> None:
        """One sentence on standard error; a reader of JSON still gets a document, which says the same."""
        self.end_bar()
        if self.as_json:
            print(json.dumps({"error": {"code": code, "message": said}}, ensure_ascii=False, indent=1))
        if sys.stderr is not None:
            print(" ".join(said.split()), file=sys.stderr)

    def progress(self) -> "Progress":
        """A bar on a terminal; silence in a pipe and beside JSON."""
        from desktop.services.progress import Progress

        on_terminal = not self.as_json and sys.stderr is not None and sys.stderr.isatty()
        return Progress(self._draw if on_terminal else None)

    def _draw(self, done: int, total: int, label: str) -> None:
        full = BAR_WIDTH * min(done, total) // total if total else 0
        counted = f" {done}/{total}" if total else ""
        line = fitted(f"[{'█' * full}{'·' * (BAR_WIDTH - full)}]{counted} {label}", LINE_WIDTH)
        self._write_bar(sys.stderr, f"\r{line}")

    def end_bar(self) -> None:
        """Wipe the bar before anything else is said."""
        if self._has_bar:
            self._write_bar(sys.stderr, f"\r{' ' * LINE_WIDTH}\r")
            self._has_bar = False

    def _write_bar(self, stream: TextIO, text: str) -> None:
        stream.write(text)
        stream.flush()
        self._has_bar = True


# ---- JSON --------------------------------------------------------------------------------------------------


def plain(value: Any) -> Any:
    """A value as JSON has it: dates as ISO text, codes as they are stored, dataclasses by their fields."""
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(each) for key, each in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, set | frozenset):
        return sorted(plain(each) for each in value)
    return _plain_leaf(value)


def _plain_leaf(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal | Path):
        return str(value)
    return round(float(value), 6) if isinstance(value, Fraction) else value


# ---- text --------------------------------------------------------------------------------------------------


def width(text: str) -> int:
    """How many columns a terminal needs: two for a Chinese character."""
    return sum(
        2 if unicodedata.east_asian_width(each) in "WF" else 0 if unicodedata.combining(each) else 1 for each in text
    )


def fitted(text: str, columns: int) -> str:
    """The text cut or filled to exactly so many columns."""
    if width(text) <= columns:
        return text + " " * (columns - width(text))
    kept = ""
    for each in text:
        if width(kept + each) > columns - 1:
            break
        kept += each
    return fitted(kept + "…", columns) if width(kept + "…") <= columns else kept


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Columns that stand under one another, two blanks apart; the last one is left as long as it is."""
    cells = [list(headings), *([_cell(value) for value in row] for row in rows)]
    widths = [max(width(line[column]) for line in cells) for column in range(len(headings))]
    return ["  ".join([*map(fitted, line[:-1], widths), line[-1]]).rstrip() for line in cells]


def _cell(value: object) -> str:
    return "—" if value is None or value == "" else " ".join(str(value).split())
