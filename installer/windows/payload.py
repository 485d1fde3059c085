"""The folder that is installed: runtime, libraries, program, licences, compiled, with a list of all its files.

    runtime\\         the signed Python; pythonw.exe runs the program, no executable is of our own making
    site-packages\\   the libraries
    app\\             the program: desktop, db, resources, and the file that the shortcut starts
    licences\\        on what terms all of it is used
    townsafe.cmd     the command line
    files.sha256     every file of the above; `sha256sum --check files.sha256` verifies a copy

The same inputs give the same bytes: nothing in it knows the time, the machine or the folder it was made in.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from . import Stop
from .runtime import Runtime

ROOT = Path(__file__).resolve().parents[2]
LICENCES = Path(__file__).with_name("licences")
LIST = "files.sha256"
PACKAGES = ("desktop", "db", "resources")
ENTRY = '''"""What the shortcut starts: the program in its window, without a console."""

import sys

from desktop.__main__ import main

sys.exit(main())
'''
# UTF-8 whatever the console's code page is; the Python's ._pth file makes it deaf to variables such as PYTHONUTF8.
COMMAND = '@"%~dp0runtime\\python.exe" -X utf8 -m desktop %*\r\n'
LICENCE_FILE = re.compile(r"^(?P<name>[^/]+?)-[^-/]+\.dist-info/(licenses/)?(?P<file>[^/]*(LICEN[CS]E|COPYING|NOTICE|AUTHORS).*)$", re.I)  # fmt: skip
COMPILER = Path(__file__).with_name("compile_modules.py")
EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first moment a zip can name


def assembled(runtime: Runtime, libraries: Mapping[str, bytes], root: Path = ROOT) -> dict[str, bytes]:
    """Every file of the payload but the compiled modules and the list, by path."""
    version = "".join(runtime.version.split(".")[:2])
    files = {f"runtime/{name}": content for name, content in runtime.files.items()}
    files[f"runtime/python{version}._pth"] = "".join(f"{line}\r\n" for line in runtime.paths).encode()
    files |= {f"site-packages/{name}": content for name, content in libraries.items()}
    files |= {f"app/{name}": content for name, content in program(root).items()}
    files["app/townsafe.pyw"] = ENTRY.encode()
    files["townsafe.cmd"] = COMMAND.encode("ascii")
    return files | licences(runtime, libraries, root)


def program(root: Path) -> dict[str, bytes]:
    """The program's own packages, as they lie in the checkout."""
    found = {}
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc":
                found[path.relative_to(root).as_posix()] = path.read_bytes()
    return found


def licences(runtime: Runtime, libraries: Mapping[str, bytes], root: Path) -> dict[str, bytes]:
    """On what terms everything is used: our own words, and each part's licence as its maker worded it."""
    found = {f"licences/{name}": (root / name).read_bytes() for name in ("LICENSE", "THIRD-PARTY.md")}
    found |= {f"licences/Qt/{path.name}": path.read_bytes() for path in sorted(LICENCES.glob("*.txt"))}
    found |= {f"licences/Python/{name}": text for name, text in runtime.files.items() if name.endswith("LICENSE.txt")}
    for path, content in libraries.items():
        if match := LICENCE_FILE.match(path):
            found[f"licences/{match['name']}/{match['file']}"] = content
    named = {name.split("-")[0] for name in libraries if name.endswith(".dist-info/METADATA")}
    if bare := {name for name in named if not any(one.startswith(f"licences/{name}/") for one in found)}:
        raise Stop(f"no licence found in the wheel of {', '.join(sorted(bare))}")
    return found


def write(files: Mapping[str, bytes], folder: Path) -> None:
    """Put the files into `folder`, which is emptied first."""
    if folder.exists() and not (folder / LIST).exists() and any(folder.iterdir()):
        raise Stop(f"{folder} holds something else: name an empty folder")
    shutil.rmtree(folder, ignore_errors=True)
    for name, content in files.items():
        path = folder / PurePosixPath(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def compile_modules(folder: Path, python: str) -> None:
    """Compile every module, so that no start has to, and an installed program never writes among its own files."""
    wanted = tuple(int(part) for part in python.split(".")[:2])
    if sys.version_info[:2] != wanted:
        raise Stop(f"the build must run on Python {wanted[0]}.{wanted[1]}, whose compiled modules the runtime reads")
    environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": ""}
    if subprocess.run([sys.executable, "-S", str(COMPILER), str(folder)], env=environment, check=False).returncode:
        raise Stop("a module does not compile (see above)")


def pack_library(folder: Path, python: str) -> None:
    """Put the compiled standard library into the one file from which python.org's embeddable Python loads it, too.

    Stored, not deflated: the bytes then depend on no version of zlib, and the setup compresses them better.
    """
    library = folder / "runtime" / "Lib"
    if library.is_dir():
        zip_up(library, paths_in(library), folder / "runtime" / f"python{''.join(python.split('.')[:2])}.zip")
        shutil.rmtree(library)


def zip_up(
    folder: Path,
    names: Iterable[str],
    target: Path,
    *,
    inside: str = "",
    is_packed: bool = False,
    extra: Mapping[str, bytes] | None = None,
) -> None:
    """These files of a folder, and `extra` ones, in one zip without times; `inside` is the folder it unpacks to."""
    method = zipfile.ZIP_DEFLATED if is_packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(_entry(inside + name, method), (folder / name).read_bytes())
        for name, content in (extra or {}).items():
            archive.writestr(_entry(inside + name, method), content)


def _entry(name: str, method: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EARLIEST)
    entry.external_attr = 0o644 << 16
    entry.compress_type = method
    entry.create_system = 3  # the same on every machine that builds
    return entry


def paths_in(folder: Path) -> list[str]:
    """Every file below a folder, in a fixed order."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def write_list(folder: Path) -> str:
    """Write the list of all files with their SHA-256; the answer is its text."""
    lines = []
    for name in paths_in(folder):
        if name != LIST:
            lines.append(f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()} *{name}\n")
    text = "".join(lines)
    (folder / LIST).write_text(text, "utf-8", newline="\n")
    return text


def size_of(folder: Path, names: Iterable[str] | None = None) -> int:
    """Bytes of all files, or of these."""
    return sum((folder / name).stat().st_size for name in (paths_in(folder) if names is None else names))
