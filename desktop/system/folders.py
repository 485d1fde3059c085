"""Where things live on this machine, and what an office's data folder holds."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from platformdirs import user_data_path

HOME_VARIABLE = "TOWNSAFE_HOME"
PORTABLE_MARK = Path("app", "portable")
PORTABLE_DATA = "镇安数据"


@dataclass(frozen=True, slots=True)
class OfficeFolder:
    """One office's data: a file, what is attached to it, and its backups. All of it travels together."""

    path: Path

    @property
    def database(self) -> Path:
        """Every fact of the office."""
        return self.path / "office.db"

    @property
    def attachments(self) -> Path:
        """Photos and scans, which never lie in the database."""
        return self.path / "attachments"

    @property
    def backups(self) -> Path:
        """Automatic backups; a person should keep some elsewhere, too."""
        return self.path / "backups"

    @property
    def cache(self) -> Path:
        """Small pictures of photos, made anew when they are missing; in no backup."""
        return self.path / "cache"

    @property
    def drafts(self) -> Path:
        """What was typed and not saved yet; see `drafts.DraftFolder`."""
        return self.path / "drafts"

    @property
    def is_office(self) -> bool:
        """Whether an office's file is here already."""
        return self.database.is_file()

    def make(self) -> None:
        """Make the folder and its parts where they are missing."""
        for folder in (self.path, self.attachments, self.backups):
            folder.mkdir(parents=True, exist_ok=True)


@dataclass(frozen=True, slots=True)
class Home:
    """What belongs to this user on this machine: settings, logs, and where a new office goes unless told otherwise."""

    path: Path

    @property
    def settings(self) -> Path:
        """The machine's settings; what belongs to the office is in its database."""
        return self.path / "settings.json"

    @property
    def logs(self) -> Path:
        """The program's log files."""
        return self.path / "logs"

    @property
    def office(self) -> OfficeFolder:
        """The data folder of one who never chose another."""
        return OfficeFolder(self.path / "office")

    @property
    def sample(self) -> OfficeFolder:
        """Where the invented township is filled in."""
        return OfficeFolder(self.path / "sample")

    def free_folder(self, name: str) -> Path:
        """Where an office that comes from elsewhere may go without meeting another: this user's own, or one `name`d."""
        turns = (self.path / f"{name}{f'-{turn}' if turn else ''}" for turn in count())
        wanted = chain([self.office.path], turns)
        return next(folder for folder in wanted if not OfficeFolder(folder).is_office)


def home(environment: Mapping[str, str] = os.environ, executable: str = sys.executable) -> Home:
    """The user's local folder of this program, or the one that TOWNSAFE_HOME names, or the portable edition's own.

    On Windows this is the known folder %LOCALAPPDATA%, never Documents, Desktop or %APPDATA%: those are moved by
    OneDrive or copied between machines by a domain, and a live database does not survive that.
    """
    named = environment.get(HOME_VARIABLE)
    if named:
        return Home(Path(named))
    return Home(portable_home(executable) or user_data_path("TownSafe", appauthor=False, roaming=False))


def portable_home(executable: str = sys.executable) -> Path | None:
    r"""Where the portable edition keeps everything: beside the program, so that it travels with its folder.

    The edition is known by a mark that only its zip holds. `executable` is its runtime\pythonw.exe.
    """
    edition = Path(executable).absolute().parent.parent
    return edition / PORTABLE_DATA if (edition / PORTABLE_MARK).is_file() else None
