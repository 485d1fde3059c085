"""The libraries of the program as Windows wheels: which of the lock's lines Windows needs, and what a wheel holds.

pip answers the markers of a requirement for the machine it runs on, even when it is asked for another platform's
wheels: on Linux it would silently leave tzdata out. So the markers are answered here, for Windows, and pip is given
plain pins.
"""

import re
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from packaging.markers import Marker

from . import Stop
from .fetch import Pin, download

PART = re.compile(r"^# --- .* ---\n", re.MULTILINE)
PIN = re.compile(
    r"^(?P<pin>[^\s#;]+==[^\s;]+)(?: ; (?P<marker>[^\\]+?))? \\\n(?P<hashes>(?: +--hash=\S+(?: \\)?\n)+)", re.M
)
# Installs the program from its checkout; the shipped program is not installed by pip.
NOT_SHIPPED = frozenset({"setuptools"})
WHEELS = ("--only-binary=:all:", "--platform=win_amd64", "--implementation=cp")


def environment(python: str) -> dict[str, str]:
    """What the markers of requirements see on a 64-bit Windows with this CPython, such as 3.11.9."""
    return {
        "implementation_name": "cpython",
        "implementation_version": python,
        "os_name": "nt",
        "platform_machine": "AMD64",
        "platform_python_implementation": "CPython",
        "platform_release": "10",
        "platform_system": "Windows",
        "platform_version": "10.0.17763",
        "python_full_version": python,
        "python_version": ".".join(python.split(".")[:2]),
        "sys_platform": "win32",
    }


def pins(lock: str, python: str, *, with_tests: bool = False) -> list[Pin]:
    """What the lock asks for on Windows: its first part, which the program needs to run, or all of it."""
    text = lock if with_tests else PART.split(lock)[0]
    here = environment(python)
    found = [
        Pin(line["pin"], frozenset(re.findall("sha256:([0-9a-f]{64})", line["hashes"])))
        for line in PIN.finditer(text)
        if line["marker"] is None or Marker(line["marker"]).evaluate(here)
    ]
    if len(found) != len({pin.name for pin in found}):
        raise Stop("the lock pins a library twice for Windows")
    return [pin for pin in found if with_tests or pin.name not in NOT_SHIPPED]


def fetch(wanted: Iterable[Pin], python: str, cache: Path) -> list[Path]:
    """The Windows wheel of each pin."""
    version = ".".join(python.split(".")[:2])
    return download(wanted, cache, *WHEELS, f"--python-version={version}")


def contents(wheel: Path) -> dict[str, bytes]:
    """What a wheel puts into site-packages, by path; its scripts, headers and the like are for installers."""
    found = {}
    with zipfile.ZipFile(wheel) as archive:
        for one in archive.infolist():
            name = _place(one.filename, wheel.name)
            if name is not None and not one.is_dir():
                found[name] = archive.read(one)
    return found


def _place(name: str, wheel: str) -> str | None:
    """Where in site-packages a file of a wheel belongs, None when it belongs elsewhere."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
        raise Stop(f"{wheel}: holds a file outside of its folder, {name}")
    if not path.parts[0].endswith(".data"):
        return str(path)
    return str(PurePosixPath(*path.parts[2:])) if path.parts[1] in ("purelib", "platlib") else None


def merged(wheels: Iterable[Path]) -> Mapping[str, bytes]:
    """The site-packages of all these wheels; two may not bring the same file."""
    found: dict[str, bytes] = {}
    for wheel in wheels:
        files = contents(wheel)
        if twice := sorted(name for name in files.keys() & found.keys() if files[name] != found[name]):
            raise Stop(f"{wheel.name}: brings {twice[0]}, which another wheel brings differently")
        found.update(files)
    return found
