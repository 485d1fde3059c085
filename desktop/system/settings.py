"""What belongs to this machine: window, look, folders. What belongs to the office is in its database."""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import time
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from desktop.system.file_names import write_whole

logger = logging.getLogger(__name__)

RECENT_FOLDERS = 8
MOST_AHEAD = 30


class Theme(StrEnum):
    """The look a person chose; SYSTEM follows the desktop's."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of this machine, with the values of one who never changed any.

    `window` and `layouts` hold what Qt wants back (geometry, column widths by table) as base64 text. `last_opened`
    holds when each data folder was last open, as an ISO moment, for "new since then"; `last_page` is the key of the page
    that was shown last. `remind_at` is the time of day of the daily reminder (`08:30`), `remind_ahead` how many days
    before a date it is spoken of.
    """

    theme: Theme = Theme.SYSTEM
    large_text: bool = False
    window: str = ""
    layouts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    last_folder: str = ""
    last_page: str = ""
    recent_folders: tuple[str, ...] = ()
    last_opened: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    person: str = ""
    starts_with_machine: bool = False
    stays_in_tray: bool = False
    knows_tray: bool = False
    reminds: bool = True
    remind_at: str = "08:30"
    remind_ahead: int = 3

    @property
    def reminder_time(self) -> time:
        """`remind_at` as a time of day."""
        return time.fromisoformat(self.remind_at)

    def with_folder(self, folder: Path) -> "Settings":
        """With this data folder as the last one used, first among the recent."""
        name = str(folder)
        recent = (name, *(each for each in self.recent_folders if each != name))[:RECENT_FOLDERS]
        return replace(self, last_folder=name, recent_folders=recent)

    def with_layout(self, name: str, state: str) -> "Settings":
        """With the layout of one table or splitter remembered."""
        return replace(self, layouts=MappingProxyType({**self.layouts, name: state}))

    def with_opened(self, folder: Path, moment: str) -> "Settings":
        """With the moment at which this data folder was last open."""
        return replace(self, last_opened=MappingProxyType({**self.last_opened, str(folder): moment}))


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("true or false")
    return value


def _time_of_day(value: object) -> str:
    return time.fromisoformat(_text(value)).replace(tzinfo=None).strftime("%H:%M")


def _days(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_AHEAD:
        raise ValueError("a number of days")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("text")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError("a list")
    return tuple(_text(each) for each in value)


def _named_texts(value: object) -> Mapping[str, str]:
    if not isinstance(value, dict):
        raise TypeError("names with texts")
    return MappingProxyType({_text(name): _text(each) for name, each in value.items()})


_READERS: Mapping[str, Callable[[object], object]] = {
    "theme": lambda value: Theme(_text(value)),
    "large_text": _flag,
    "window": _text,
    "layouts": _named_texts,
    "last_folder": _text,
    "last_page": _text,
    "recent_folders": _texts,
    "last_opened": _named_texts,
    "person": _text,
    "starts_with_machine": _flag,
    "stays_in_tray": _flag,
    "knows_tray": _flag,
    "reminds": _flag,
    "remind_at": _time_of_day,
    "remind_ahead": _days,
}


def settings_from(data: object) -> Settings:
    """The settings that decoded JSON holds: a value that does not fit becomes its default and is logged."""
    if not isinstance(data, dict):
        logger.warning("the settings are not an object: all defaults")
        return Settings()
    good = {}
    for each in fields(Settings):
        if each.name in data:
            try:
                good[each.name] = _READERS[each.name](data[each.name])
            except (TypeError, ValueError) as error:
                logger.warning("setting %s does not fit (%s): default", each.name, type(error).__name__)
    return replace(Settings(), **good)  # type: ignore[arg-type]  # each value comes from its field's own reader


def _plain(settings: Settings) -> dict[str, object]:
    return {
        each.name: dict(value) if isinstance(value := getattr(settings, each.name), Mapping) else value
        for each in fields(settings)
    }


class SettingsFile:
    """The file that keeps the settings; losing it costs a person some clicks, so it never stops the program."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Settings:
        """The settings as last written; defaults when there are none or they cannot be read."""
        try:
            return settings_from(json.loads(self.path.read_text("utf-8")))
        except FileNotFoundError:
            return Settings()
        except (OSError, ValueError) as error:
            logger.warning("the settings cannot be read (%s): defaults", type(error).__name__)
            return Settings()

    def write(self, settings: Settings) -> bool:
        """Write all of them at once; whether that succeeded."""
        text = json.dumps(_plain(settings), ensure_ascii=False, indent=1)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self.path, text.encode())
        except OSError as error:
            logger.warning("the settings cannot be written (%s)", type(error).__name__)
            return False
        return True
