"""Whether a folder may hold an office's data.

SQLite's write-ahead log needs a real local disk: over a network share two machines see different files, and a sync
service uploads the database and its log at different moments, then puts an old half of it back. Either loses a day's
work in silence, so the program asks here before it opens anything.
"""

import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PureWindowsPath

from desktop.domain.errors import Trouble
from desktop.system.file_names import MAX_PATH


class PlaceProblem(StrEnum):
    """Why a folder will not do."""

    NETWORK = "network"
    SYNC = "sync"
    READ_ONLY = "read_only"
    MISSING = "missing"
    NOT_A_FOLDER = "not_a_folder"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a folder, and the name of the service or file system that makes it so."""

    problem: PlaceProblem
    path: Path
    name: str = ""


NETWORK_FILE_SYSTEMS = frozenset({
    "nfs", "nfs4", "cifs", "smb", "smb3", "smbfs", "9p", "afs", "ncpfs", "ceph", "glusterfs", "lustre", "davfs", "vboxsf",
    "fuse.sshfs", "fuse.rclone", "fuse.davfs", "fuse.davfs2", "fuse.gvfsd-fuse", "fuse.glusterfs", "fuse.vmhgfs-fuse",
})  # fmt: skip

REMOTE_DRIVE = 4  # what GetDriveTypeW calls a drive letter that stands for a share
# The longest path that the program makes inside a data folder: an attachment under its hash, while it is written.
LONGEST_INSIDE = len("/attachments/ab/") + 64 + len(".new")

# How each service names its folder, from its own installer; matched as the beginning of one part of the path.
SYNC_FOLDERS: Mapping[str, tuple[str, ...]] = {
    "OneDrive": ("onedrive", "skydrive"),
    "坚果云": ("坚果云", "我的坚果云", "nutstore", "nutstore files", "my nutstore"),
    "WPS云盘": ("wps云盘", "wps云文档", "wps网盘", "wpsdrive", "wps cloud", "wps cloud files"),
    "百度网盘": ("百度网盘", "百度云同步盘", "百度网盘同步空间", "baidusyncdisk", "baidunetdisk", "baiduyun"),
    "腾讯微云": ("微云", "腾讯微云", "微云同步助手", "weiyun", "weiyundisk"),
    "阿里云盘": ("阿里云盘", "aliyundrive", "alidrive"),
    "天翼云盘": ("天翼云盘", "ecloud"),
    "360云盘": ("360云盘", "360安全云盘", "360cloudui"),
    "115网盘": ("115网盘", "115生活"),
    "飞书云盘": ("飞书云盘",),
    "群晖 Drive": ("synologydrive", "cloudstation"),
    "中国移动云盘": ("和彩云", "中国移动云盘", "移动云盘"),
    "Dropbox": ("dropbox",),
    "iCloud": ("icloud", "iclouddrive", "mobile documents", "com~apple~clouddocs"),
    "Google Drive": ("google drive", "googledrive"),
}
# OneDrive tells where its folders are, also when they bear the office's name.
ONEDRIVE_VARIABLES = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")
# A service that leaves a mark in the root of what it syncs.
MARKS: Mapping[str, str] = {".dropbox": "Dropbox", ".nutstore": "坚果云", ".nutstore.db": "坚果云"}

_NAMES = {
    service: re.compile(rf"({'|'.join(map(re.escape, names))})(\W|_|\d|$)", re.IGNORECASE)
    for service, names in SYNC_FOLDERS.items()
}


def problem_of(
    folder: Path,
    may_be_new: bool = True,
    environment: Mapping[str, str] = os.environ,
    longest: int | None = MAX_PATH if sys.platform == "win32" else None,
) -> Finding | None:
    """What forbids keeping an office's data in `folder`; nothing when it will do.

    `longest` is the full path that other programs of this system can still open, if they have a limit.

    The folder need not be there yet, unless `may_be_new` is false: its nearest parent is tried for writing instead.
    Trying writes an empty file and removes it again; nothing else is touched.
    """
    if name := network_name(folder):
        return Finding(PlaceProblem.NETWORK, folder, name)
    if service := sync_service(folder, environment):
        return Finding(PlaceProblem.SYNC, folder, service)
    if longest is not None and len(str(folder.absolute())) + LONGEST_INSIDE > longest:
        return Finding(PlaceProblem.TOO_LONG, folder)
    return _unusable(folder, may_be_new)


def _unusable(folder: Path, may_be_new: bool) -> Finding | None:
    """Missing, not a folder, or not to be written to."""
    there = next((each for each in _upwards(folder.absolute()) if _exists(each)), None)
    if there is None or (there != folder.absolute() and not may_be_new):
        return Finding(PlaceProblem.MISSING, folder)
    if not there.is_dir():
        return Finding(PlaceProblem.NOT_A_FOLDER, folder)
    if not _can_write(there):
        return Finding(PlaceProblem.READ_ONLY, folder)
    return None


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


def _upwards(path: Path) -> Iterator[Path]:
    yield path
    yield from path.parents


def _can_write(folder: Path) -> bool:
    """Try it: on Windows, neither attributes nor access lists tell reliably."""
    try:
        with tempfile.TemporaryFile(dir=folder, prefix=".townsafe-"):
            return True
    except OSError:
        return False


if sys.platform == "win32":

    def network_name(folder: Path) -> str:
        """The share or drive that makes `folder` lie elsewhere than on this machine; empty for a local disk."""
        import ctypes

        share = _windows_share(str(folder)) or _windows_share(str(folder.resolve()))
        return share or _mapped_drive(str(folder.absolute()), ctypes.windll.kernel32.GetDriveTypeW)

else:

    def network_name(folder: Path) -> str:
        """The network file system that makes `folder` lie elsewhere than on this machine; empty for a local disk."""
        return _network_mount(folder.absolute().resolve(), _mounts())


def _mapped_drive(path: str, type_of: Callable[[str], int]) -> str:
    """The letter of a drive that Windows itself calls remote; `type_of` is its GetDriveTypeW."""
    drive = PureWindowsPath(path).drive
    return drive if drive and type_of(drive + "\\") == REMOTE_DRIVE else ""


def _windows_share(path: str) -> str:
    r"""The \\server\share that a path begins with; \\?\C:\… and \\.\… are local."""
    drive = PureWindowsPath(path).drive
    if drive.upper().startswith("\\\\?\\UNC\\"):
        return drive
    return drive if drive.startswith("\\\\") and not drive.startswith(("\\\\?\\", "\\\\.\\")) else ""


def _mounts() -> str:
    """The kernel's table of mounts; without one (not Linux) nothing can be said."""
    try:
        return Path("/proc/self/mounts").read_text("utf-8", errors="surrogateescape")
    except OSError:
        return ""


def _network_mount(path: Path, mounts: str) -> str:
    """The kind of network file system that `path` lies on.

    The root itself counts as local whatever it is: a machine without disks, or a sandbox, has no other place.
    """
    fitting = [(point, kind) for point, kind in _mount_points(mounts) if path.is_relative_to(point)]
    point, kind = max(fitting, key=lambda each: len(each[0].parts), default=(Path("/"), ""))
    return kind if point != Path("/") and kind in NETWORK_FILE_SYSTEMS else ""


def _mount_points(mounts: str) -> Iterator[tuple[Path, str]]:
    r"""Each mount's place and kind; the kernel writes a space in a place as \040."""
    for line in mounts.splitlines():
        words = line.split(" ")
        if len(words) >= 3:
            yield Path(re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), words[1])), words[2]


def sync_service(folder: Path, environment: Mapping[str, str] = os.environ) -> str:
    """The service that keeps `folder` in step with other machines; empty when none is known to."""
    place = folder.absolute()
    for variable in ONEDRIVE_VARIABLES:
        root = environment.get(variable)
        if root and _is_within(place, Path(root)):
            return "OneDrive"
    return _service_by_name(place) or _service_by_mark(place)


def _is_within(place: Path, root: Path) -> bool:
    return any(each == root or _same(each, root) for each in _upwards(place))


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _service_by_name(place: Path) -> str:
    for part in place.parts:
        for service, name in _NAMES.items():
            if name.match(part):
                return service
    return ""


def _service_by_mark(place: Path) -> str:
    for folder in _upwards(place):
        for mark, service in MARKS.items():
            if _exists(folder / mark) and not (folder / mark).is_dir():
                return service
    return ""


def refuse_bad_place(folder: Path) -> None:
    """A network drive or a sync folder would ruin a live database: refused with the reason, before anything is made."""
    found = problem_of(folder)
    if found is not None:
        raise Trouble(f"place_{found.problem.value}", path=str(folder), name=found.name)
