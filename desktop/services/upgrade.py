"""A newer version of the program, brought on a stick: found, checked, and handed over to after a backup.

Nothing is taken from a network and nothing is replaced by the program itself: the setup does that, in its own window.
The list of hashes tells that a file came over whole; who made it, only the hand that brought the stick can tell.
"""

import hashlib
import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from db.durable import draft_of, writing_to
from desktop.domain.errors import Refused, Trouble
from desktop.services.backups import BackupReason, BackupRow, Backups
from desktop.services.progress import Progress
from desktop.system import held
from desktop.system.installation import Launcher

log = logging.getLogger(__name__)

SUMS = "SHA256SUMS"
SUBFOLDERS = ("", "镇安", "TownSafe")
BLOCK = 1 << 20
_NAME = re.compile(r"TownSafe-(?P<version>\d{1,4}(?:\.\d{1,4}){0,3})-(?P<kind>setup\.exe|portable\.zip)", re.IGNORECASE)
_LINE = re.compile(r"(?P<hash>[0-9a-fA-F]{64})[ \t]+\*?(?P<name>.+)")
Version = tuple[int, ...]


class Edition(StrEnum):
    """In which form a version comes."""

    SETUP = "setup"
    PORTABLE = "portable"


class Step(StrEnum):
    """How a version that was found stands to this one."""

    NEWER = "newer"
    SAME = "same"
    OLDER = "older"


@dataclass(frozen=True, slots=True)
class Found:
    """A file that holds a version of the program; `step` compares it with the one that runs."""

    path: Path
    version: str
    edition: Edition
    step: Step
    size: int


@dataclass(frozen=True, slots=True)
class Ready:
    """Everything before the hand-over is done: the checked copy on this disk, and the backup that was opened again."""

    setup: Path
    version: str
    sha256: str
    backup: BackupRow


def version_of(words: str) -> Version:
    """`0.10.2` to compare: 0.10 is later than 0.9, and 1.0 is 1."""
    numbers = [int(part) for part in re.findall(r"\d+", words)]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


class Upgrades:
    """`version` is the one that runs; `scratch` a folder of this machine for the copy that is started."""

    def __init__(self, version: str, scratch: Path, launcher: Launcher) -> None:
        self.version = version
        self._scratch = scratch
        self._launcher = launcher

    @property
    def can_start(self) -> bool:
        """Whether a setup can be started on this system."""
        return self._launcher.can_start

    # ---- finding

    def look(self, folders: Iterable[Path], edition: Edition = Edition.SETUP) -> Found | None:
        """The latest version in these folders, or in a folder of our name in them; None where there is none.

        A drive that cannot be read is passed over: it is one of many places to look at.
        """
        found: dict[Path, Found] = {}
        for folder in folders:
            for inner in SUBFOLDERS:
                for each in self._in(folder / inner, edition):
                    found.setdefault(each.path, each)
        return max(found.values(), key=lambda each: version_of(each.version), default=None)

    def _in(self, folder: Path, edition: Edition) -> list[Found]:
        try:
            return [each for path in folder.iterdir() if (each := self.read(path)) and each.edition is edition]
        except OSError:
            return []

    def read(self, path: Path) -> Found | None:
        """What a file is by its name; None for one that is no version of this program, or cannot be read."""
        named = _NAME.fullmatch(path.name)
        try:
            if named is None or not path.is_file():
                return None
            size = path.stat().st_size
        except OSError:
            return None
        edition = Edition.SETUP if named["kind"].lower().startswith("setup") else Edition.PORTABLE
        theirs, ours = version_of(named["version"]), version_of(self.version)
        step = Step.NEWER if theirs > ours else Step.SAME if theirs == ours else Step.OLDER
        return Found(path, named["version"], edition, step, size)

    # ---- checking

    def check(self, found: Found, progress: Progress = Progress()) -> str:  # noqa: B008 (keeps nothing)
        """Read all of the file and compare it with the list beside it; the answer is its SHA-256.

        Raises `Trouble` for a list that is missing or does not name the file, and for a file that is not whole.
        """
        listed = _listed(found.path)
        digest = hashlib.sha256()
        for done, block in _blocks(found.path):
            digest.update(block)
            progress.step(0, 0, f"校验安装程序 {_percent(done, found)}")
        _compare(found.path, digest.hexdigest(), listed)
        return listed

    # ---- doing

    def prepare(self, found: Found, backups: Backups, progress: Progress = Progress()) -> Ready:  # noqa: B008
        """Copy the setup to this disk and check the copy, back up and open the backup again. Nothing is started yet.

        The copy is what will run: a stick may be pulled out, or its file changed, after it was checked.
        """
        if found.step is not Step.NEWER:
            raise Refused("upgrade_not_newer", version=found.version, ours=self.version)
        listed = _listed(found.path)
        copy = self._copied(found, listed, progress)
        made = backups.make(BackupReason.MIGRATION, progress)
        backups.verify(made.row.path, progress)
        log.info("ready for version %s", found.version)
        return Ready(copy, found.version, listed, made.row)

    def _copied(self, found: Found, listed: str, progress: Progress) -> Path:
        copy = self._scratch / found.path.name
        with writing_to(self._scratch):
            self._scratch.mkdir(parents=True, exist_ok=True)
            for old in self._scratch.iterdir():
                if _NAME.fullmatch(old.name):
                    held.unlink(old, missing_ok=True)
        digest = hashlib.sha256()
        with draft_of(copy) as target:
            for done, block in _blocks(found.path):
                digest.update(block)
                target.write(block)
                progress.step(0, 0, f"复制并校验安装程序 {_percent(done, found)}")
            _compare(found.path, digest.hexdigest(), listed)
        return copy

    def hand_over(self, ready: Ready) -> None:
        """Start the setup; whoever called must end the program right after. Checked once more, for it is a program."""
        with _reading(ready.setup):
            found = hashlib.sha256(ready.setup.read_bytes()).hexdigest()
        _compare(ready.setup, found, ready.sha256)
        try:
            self._launcher.start(ready.setup)
        except OSError as error:
            raise Trouble("upgrade_not_started", path=str(ready.setup)) from error
        log.info("handed over to version %s", ready.version)


def _percent(done: int, found: Found) -> str:
    return f"{done * 100 // max(found.size, 1)}%"


def _blocks(path: Path) -> Iterator[tuple[int, bytes]]:
    """The content piece by piece, each with how much was read so far."""
    done = 0
    with _reading(path), path.open("rb") as file:
        while block := file.read(BLOCK):
            done += len(block)
            yield done, block


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Whatever a stick says while it is read becomes a sentence."""
    try:
        yield
    except OSError as error:
        raise Trouble("upgrade_unreadable", path=str(path)) from error


def _listed(path: Path) -> str:
    """The hash that the list beside the file gives for it."""
    sums = path.with_name(SUMS)
    try:
        text = sums.read_text("utf-8-sig", errors="replace")
    except FileNotFoundError as error:
        raise Trouble("upgrade_no_sums", name=path.name, sums=SUMS) from error
    except OSError as error:
        raise Trouble("upgrade_unreadable", path=str(sums)) from error
    for line in text.splitlines():
        if (told := _LINE.fullmatch(line.strip())) and told["name"].lower() == path.name.lower():
            return told["hash"].lower()
    raise Trouble("upgrade_not_listed", name=path.name, sums=SUMS)


def _compare(path: Path, found: str, listed: str) -> None:
    if found != listed:
        raise Trouble("upgrade_not_whole", name=path.name)
