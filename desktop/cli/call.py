"""One call of a command: its arguments, its output, and the office it works on."""

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from desktop.cli.output import Output
from desktop.cli.parser import Unusable
from desktop.domain.errors import Invalid, Said, Trouble

if TYPE_CHECKING:
    from desktop.services import Services
    from desktop.services.clock import Clock

Code = TypeVar("Code", bound=StrEnum)

DONE, REFUSED, UNUSABLE, NO_FOLDER = 0, 1, 2, 3
FILE_NAME = "office.db"

# What the open office itself may run into while it works.
_FOLDER_CODES = frozenset(
    {"disk_full", "read_only", "disk_error", "database_locked", "database", "damaged", "cannot_open", "already_open"}
)
# Refusals of what was typed, not of the state of things.
_ARGUMENT_CODES = frozenset(
    {"rule_unknown", "rule_not_in_force", "moment_needed", "sample_size", "cut_off_outside", "cut_off_future"}
)


class FolderTrouble(Exception):
    """The data folder cannot be used; `cause` says why."""

    def __init__(self, cause: Said) -> None:
        super().__init__(str(cause))
        self.cause = cause


def status_of(error: Said) -> int:
    """The exit status of an error that a command did not answer itself."""
    if isinstance(error, Trouble):
        return NO_FOLDER if error.code in _FOLDER_CODES else UNUSABLE
    if isinstance(error, Invalid) or error.code in _ARGUMENT_CODES:
        return UNUSABLE
    return REFUSED


class Call:
    """What a command is given."""

    def __init__(self, arguments: Namespace, out: Output) -> None:
        self.arguments = arguments
        self.out = out

    def __getattr__(self, name: str) -> Any:
        """The arguments by their names."""
        return getattr(self.arguments, name)

    @cached_property
    def today(self) -> date:
        """The business date."""
        return getattr(self.arguments, "on", None) or date.today()

    @cached_property
    def clock(self) -> "Clock":
        """The clock of the services."""
        from desktop.services.clock import Clock

        chosen = getattr(self.arguments, "on", None)
        return Clock() if chosen is None else Clock.on(chosen)

    @cached_property
    def folder(self) -> Path:
        """The office's data folder."""
        named: Path | None = getattr(self.arguments, "data", None)
        if named is not None:
            return named.expanduser().absolute()
        from desktop.system.folders import home

        return home().office.path

    @cached_property
    def person(self) -> str:
        """Who works here, as the window's settings say: the journal names them."""
        from desktop.system.folders import home
        from desktop.system.settings import SettingsFile

        return SettingsFile(home().settings).read().person

    @property
    def has_office(self) -> bool:
        """Whether there is an office in the folder."""
        return (self.folder / FILE_NAME).exists()

    @contextmanager
    def office(self, *, writes: bool = False, is_locked: bool = False) -> "Iterator[Services]":
        """The open office. A command that writes takes the lock that a window holds; one that reads runs beside it.

        `is_locked` says that the caller holds the lock already.
        """
        from desktop.services.opening import open_office

        with _as_folder_trouble():
            self._refuse_missing()
            held = self._lock() if not is_locked and (writes or self._is_old()) else None
            try:
                services = open_office(self.folder, person=self.person, clock=self.clock)
            except BaseException:
                if held is not None:
                    held.release()
                raise
        try:
            yield services
        finally:
            services.close()
            if held is not None:
                held.release()

    def _refuse_missing(self) -> None:
        if not self.has_office:
            raise Trouble("no_file", path=str(self.folder / FILE_NAME))

    def _is_old(self) -> bool:
        """Whether opening the file changes it, because it takes the steps of a migration."""
        from db.head import HEAD, version_of

        return version_of(self.folder / FILE_NAME) != HEAD

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder while something is done to the file as a whole."""
        with _as_folder_trouble():
            held = self._lock()
        try:
            yield
        finally:
            held.release()

    def refuse_missing_file(self, path: Path) -> None:
        """A file that was named on the command line must be there."""
        if not path.is_file():
            raise Unusable(f"没有这个文件：“{path}”，请检查路径是否正确、U 盘是否接好")

    def make_folder(self) -> None:
        """The data folder, made where it is missing and where data may lie."""
        from desktop.system.storage_place import refuse_bad_place

        with _as_folder_trouble():
            refuse_bad_place(self.folder)
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise Trouble("place_read_only", path=str(self.folder)) from error

    def read_file(self, path: Path) -> bytes:
        """The content of a file that was named on the command line."""
        try:
            return path.read_bytes()
        except OSError as error:
            raise Unusable(f"文件“{path}”读不出来（{_why(error)}），请检查路径是否正确、文件是否被占用") from error

    def write_file(self, path: Path, content: bytes) -> None:
        """Write a file whole or not at all; a missing folder is made."""
        from desktop.system.file_names import write_whole

        with self.writing_to(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, content)

    @contextmanager
    def writing_to(self, path: Path) -> Iterator[None]:
        """What a disk says while something is written becomes a sentence."""
        try:
            yield
        except OSError as error:
            raise Unusable(f"“{path}”写不进去（{_why(error)}），请检查磁盘空间和文件夹权限，或换一个位置") from error

    def _lock(self) -> Any:
        from desktop.system.instance import InstanceLock
        from desktop.system.storage_place import refuse_bad_place

        refuse_bad_place(self.folder)
        lock = InstanceLock(self.folder)
        try:
            taken = lock.acquire(self.clock.now())
        except OSError as error:
            raise Trouble("place_read_only", path=str(self.folder)) from error
        if not taken:
            raise Trouble("already_open", path=str(self.folder))
        return lock


def code_of(codes: type[Code], word: str, unknown: str) -> Code:
    """What is meant by a code or by the word that people see; otherwise `unknown` is said, with all there are."""
    from desktop.text import choices

    known = choices(codes)
    for code, label in known:
        if word in (code, label):
            return codes(code)
    raise Unusable(f"{unknown}，可以是：{'、'.join(f'{code}（{label}）' for code, label in known)}")


def _why(error: OSError) -> str:
    """The cause in the clerk's words; the system's own are English, or follow its code page."""
    known = {
        FileNotFoundError: "没有这个文件",
        FileExistsError: "这里已有同名的文件",
        IsADirectoryError: "这是文件夹",
        NotADirectoryError: "上级不是文件夹",
        PermissionError: "没有权限，或正被其他程序占用",
    }
    return known.get(type(error), "磁盘没有响应或空间不足")


@contextmanager
def _as_folder_trouble() -> Iterator[None]:
    """Whatever is wrong while a folder is opened, it is the folder that cannot be used."""
    try:
        yield
    except Said as error:
        raise FolderTrouble(error) from error
